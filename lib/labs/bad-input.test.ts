// Bad labs are refused by file and line, and say what was expected and the nearest valid name.
import { expect, test } from 'vitest';
import { LabError, parseLab } from './lab';

const check = '  - { id: one, title: One, points: 1, grader: endpoints, with: { namespace: a, service: b, port: 80 } }';
const good = `title: T\nminutes: 5\nobjectives: [o]\nchecks:\n${check}\n`;

const rows: [name: string, files: Record<string, string>, message: RegExp][] = [
  ['broken YAML', { 'lab.yaml': `${good}  - {` }, /lab\.yaml:\d+:\d+/],
  ['a key twice', { 'lab.yaml': `${good}title: U\n` }, /lab\.yaml:6:1: .*unique/],
  [
    'an unknown grader',
    { 'lab.yaml': good.replace('endpoints', 'endpoinst') },
    /lab\.yaml:5:\d+: checks\.0\.grader: there is no grader endpoinst \(did you mean endpoints\?\)/,
  ],
  [
    'an unknown parameter',
    { 'lab.yaml': good.replace('port: 80', 'prot: 80') },
    /checks\.0\.with: unknown key prot \(did you mean port\?\)/,
  ],
  ['a port out of range', { 'lab.yaml': good.replace('80', '80000') }, /checks\.0\.with\.port/],
  [
    'a regular expression that is none',
    {
      'lab.yaml': good.replace(
        'endpoints, with: { namespace: a, service: b, port: 80 }',
        'logs, with: { namespace: a, matches: "(" }',
      ),
    },
    /lab\.yaml:5:\d+: checks\.0\.with\.matches: this is no regular expression, found "\("/,
  ],
  [
    'a pattern with more than classes',
    { 'lab.yaml': `${good}variables: { x: { pattern: "web-[a-z" } }\n` },
    /lab\.yaml:6:\d+: variables\.x: the pattern web-\[a-z has more than classes and counts/,
  ],
  [
    'a script outside the folder',
    { 'lab.yaml': `${good}prepare: ../../etc/passwd\n` },
    /lab\.yaml:6:10: \.\.\/\.\.\/etc\/passwd: a file of the lab folder is named from there/,
  ],
  ['an empty definition', { 'lab.yaml': '' }, /lab\.yaml:1:1: the file is empty/],
  ['an unknown key', { 'lab.yaml': `${good}titel: x\n` }, /lab\.yaml:6:1: unknown key titel \(did you mean title\?\)/],
  [
    'a plug-in that is none',
    { 'lab.yaml': `${good}cluster: { network: Calicoo }\n` },
    /lab\.yaml:6:\d+: cluster\.network/,
  ],
  [
    'a check that needs itself',
    { 'lab.yaml': good.replace('points: 1', 'points: 1, needs: [one]') },
    /circle: one needs one/,
  ],
  [
    'checks in a circle',
    {
      'lab.yaml': `${good.replace('points: 1', 'points: 1, needs: [two]')}${check.replace('one', 'two').replace('points: 1', 'points: 1, needs: [one]')}\n`,
    },
    /lab\.yaml:5:\d+: .*one needs two needs one/,
  ],
  [
    'a check that is not there',
    { 'lab.yaml': good.replace('points: 1', 'points: 1, needs: [on]') },
    /there is no check on \(did you mean one\?\)/,
  ],
  ['two checks of one name', { 'lab.yaml': `${good}${check}\n` }, /lab\.yaml:6:\d+: .*already one named one/],
  [
    'a variable that hides the path',
    { 'lab.yaml': `${good}variables: { path: { pick: [a, b] } }\n` },
    /lab\.yaml:6:\d+: variables\.path: \$PATH has a meaning/,
  ],
  ['a value twice', { 'lab.yaml': `${good}variables: { x: { pick: [a, a] } }\n` }, /variables\.x: the same value/],
  [
    'an unknown variable in the instructions',
    { 'lab.yaml': good, 'README.md': 'a\n{{b}}\n' },
    /README\.md:2:1: unknown variable \{\{b\}\}/,
  ],
  [
    'a hidden variable in the instructions',
    { 'lab.yaml': `${good}variables: { x: { pick: [a, b], hidden: true } }\n`, 'README.md': '{{x}}' },
    /README\.md:1:1: variable \{\{x\}\} is hidden/,
  ],
  [
    'a script that is not there',
    { 'lab.yaml': `${good}prepare: setup/prepare.sh\n`, 'setup/prepar.sh': '' },
    /lab\.yaml:6:10: setup\/prepare\.sh: missing \(did you mean setup\/prepar\.sh\?\)/,
  ],
  [
    'ten megabytes of Markdown',
    { 'lab.yaml': good, 'README.md': 'word '.repeat(2_000_000) },
    /README\.md:1:\d+: the instructions are larger than/,
  ],
  [
    'a fence that is not closed',
    { 'lab.yaml': good, 'README.md': '# T\n\n```\noc get pods\n' },
    /README\.md:3:1: this fence is not closed/,
  ],
  [
    'a step for a check that is not there',
    { 'lab.yaml': good, 'README.md': '## S\n[check]: # (on)\n' },
    /README\.md:2:1: there is no check on \(did you mean one\?\)/,
  ],
  [
    'a question without a text',
    { 'lab.yaml': `${good}questions: [{ id: q, text: Why? }]\n`, 'README.md': '# T\n\n```question q\n```\n' },
    /README\.md:3:1: the fence of question q is empty/,
  ],
  ['aliases without end', { 'lab.yaml': `${good}summary: &a [*a]\n` }, /lab\.yaml/],
];

test.each(rows)('%s', (_, files, message) => {
  const parse = () => parseLab({ id: 'x', files: { 'README.md': '', ...files } });
  expect(parse).toThrow(LabError);
  expect(parse).toThrow(message);
});
