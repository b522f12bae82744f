import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { proposalsAt, type Schema } from './proposals';

const schema = JSON.parse(readFileSync('labs/lab.schema.json', 'utf8')) as Schema;
const FILES = ['lab.yaml', 'setup/start.sh'];

/** The labels where `|` stands. */
function at(marked: string): string[] {
  const offset = marked.indexOf('|');
  const found = proposalsAt(marked.replace('|', ''), offset, schema, FILES);
  return found?.options.map(({ label }) => label) ?? [];
}

const CHECKS = 'checks:\n  - id: a\n    grader: endpoints\n';

describe('what the editor proposes', () => {
  it.each<[string, string, string[], string[]]>([
    ['keys at the top', 'title: A\nmin|', ['minutes', 'checks', 'variables'], ['title']],
    ['keys of a map', 'cluster:\n  |\n', ['network', 'profile', 'workers'], ['title']],
    ['keys in braces', 'cluster: { profile: openshift, ne|', ['network'], ['profile', 'title']],
    ['values of an enumeration', 'cluster:\n  network: |\n', ['OVNKubernetes', 'Calico'], ['title']],
    ['values in braces', 'cluster: { network: |', ['OVNKubernetes'], ['profile']],
    ['names of graders', 'checks:\n  - id: a\n    grader: |', ['reachability', 'endpoints', 'after'], ['id']],
    ['keys of a check', `${CHECKS}    po|`, ['points', 'needs', 'with'], ['id', 'grader', 'minutes']],
    ['keys of a list at the indentation of its key', 'checks:\n- id: a\n  |', ['grader', 'points'], ['id']],
    ['the first key of an entry', 'checks:\n  - |', ['id', 'grader'], ['minutes']],
    ['parameters of the grader beside', `${CHECKS}    with:\n      |`, ['namespace', 'service', 'port'], ['rows']],
    ['parameters in braces', `${CHECKS}    with: { namespace: x, |`, ['service', 'port'], ['namespace', 'rows']],
    [
      'a grader named below',
      'checks:\n  - id: a\n    with:\n      |\n    grader: sql\n',
      ['query', 'rows'],
      ['service'],
    ],
    ['true and false', `${CHECKS}    bonus: |`, ['true', 'false'], []],
    ['files', 'start: |', ['setup/start.sh'], []],
    ['keys of any variable', 'variables:\n  app:\n    |', ['pick', 'pattern', 'number'], []],
    ['nothing in a comment', 'title: A # |', [], ['minutes']],
    ['nothing in free text', 'title: A se|', [], ['minutes']],
  ])('%s', (_, marked, some, none) => {
    const labels = at(marked);
    expect(labels).toEqual(expect.arrayContaining(some));
    for (const label of none) expect(labels).not.toContain(label);
    if (some.length === 0) expect(labels).toEqual([]);
  });

  it('replaces what is typed, and says what a key is for', () => {
    const text = 'title: A\nmin';
    const found = proposalsAt(text, text.length, schema, FILES);
    expect(found?.from).toBe(text.length - 3);
    expect(found?.options.find(({ label }) => label === 'minutes')).toEqual({
      label: 'minutes',
      apply: 'minutes: ',
      detail: 'number',
      info: 'How long it takes, in minutes.',
      required: true,
    });
  });
});
