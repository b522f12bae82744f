import { expect, test } from 'vitest';
import recorded from './testing/recorded.json';
import { run, world } from './testing/world';

/** Help pages are our own, shorter words; only their status counts. */
const isHelp = (text: string): boolean => text.includes('Use "kubectl options" for a list of global');

/** Lines whose answer differs, with the reason. */
const DIFFERENT: Record<string, string> = {
  'create deployment web --image=quay.io/x/nginx:1.25 --dry-run=client -o json -- sh -c date':
    "a dry run of the client prints Go's order of fields in JSON; ours are sorted, as everything from the server is",
};

// Recorded from kubectl 1.31 on a machine without a cluster, in this order, in one home directory.
test('answers of kubectl that need no cluster', async () => {
  const w = world();
  const differing: unknown[] = [];
  for (const { line, ...real } of recorded) {
    const ours = await run(w, ['kubectl', ...line.split(' ')]);
    const comparable = isHelp(real.out) ? { ...real, out: ours.out } : real;
    if (DIFFERENT[line]) continue;
    if (
      JSON.stringify([ours.code, ours.out, withoutLog(ours.err)]) !==
      JSON.stringify([comparable.code, comparable.out, comparable.err])
    )
      differing.push({ line, real: comparable, ours });
  }
  expect(differing).toEqual([]);
});

const withoutLog = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^E\d{4} /.test(line))
    .join('\n');
