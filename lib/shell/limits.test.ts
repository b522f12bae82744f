// What a student's program may not do to its machine: each is stopped by a named limit (lib/machine/limits.ts) with the
// message that Linux or bash gives, and the machine goes on.
import { expect, test } from 'vitest';
import { LIMITS } from '../machine/limits';
import { programs } from '../programs/index';
import { runBash } from './testing/run';

const run = (script: string) => runBash(script, { programs });

test.each([
  [':(){ :|:& };:', /fork: retry: Resource temporarily unavailable/],
  ['echo {1..999999999}', /brace expansion: failed to allocate memory for 999999999 elements/],
  ['x=a; while :; do x=$x$x; done', /xrealloc: cannot allocate \d+ bytes/],
  ['x=aaaaaaaaaaaaaaaa; while :; do x+=$x; done', /xrealloc: cannot allocate \d+ bytes/],
  ['f() { f; }; f', /f: maximum function nesting level exceeded/],
  ['head -c 300M /dev/zero > /tmp/big', /No space left on device/],
  ['yes > /tmp/f', /yes: .*No space left on device/],
  ['cat /dev/zero > /tmp/f', /cat: .*No space left on device/],
  ['touch {1..300000}', /^bash: line 1: touch: Argument list too long\n$/],
  ['ls $(seq 1 500000)', /ls: Argument list too long/],
  ['ls $(head -c 200000 /dev/zero | tr "\\0" a)', /ls: Argument list too long/],
  ['sort /dev/zero', /^sort: .*Cannot allocate memory/],
  ['yes | sort', /^sort: .*Cannot allocate memory/],
  ['tail /dev/zero', /^tail: .*Cannot allocate memory/],
  ['grep x /dev/zero', /^grep: .*Cannot allocate memory/],
  ['a() { (a); }; a', /fork: retry: Resource temporarily unavailable/],
  [`cat ${'a'.repeat(5000)}`, /File name too long/],
])('%s', async (script, message) => {
  const { stderr } = await run(script);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/internal error/);
});

test('a loop without end is ended by a signal, and others of the machine go on', async () => {
  const { stdout } = await run('while :; do :; done & p=$!; echo alive; kill $p; wait $p; echo $?');
  expect(stdout).toBe('alive\n143\n');
});

test.each([
  'timeout 2 bash -c "while :; do :; done"',
  'timeout 2 bash -c "while :; do ls; done" >/dev/null',
  'timeout 2 yes >/dev/null',
  'yes | timeout 2 grep x',
  "timeout 2 awk 'BEGIN { while (1) print }' >/dev/null",
  'timeout 2 sed -n ":a; ba" /etc/passwd',
])('%s ends, whatever the clock does', async (script) => {
  const { stdout } = await run(`${script}; echo \${PIPESTATUS[-1]} $SECONDS`);
  expect(stdout).toBe('124 2\n');
});

test('a substitution that is too much ends its writers, too', async () => {
  const { stdout } = await run("bash -c 'x=$(yes | head -c 1G); echo ${#x}' 2>&1 | cat; echo alive");
  expect(stdout).toBe('bash: line 1: xrealloc: cannot allocate memory\nalive\n');
});

test('a million files end at the disk, and the machine goes on', async () => {
  const { stdout, stderr } = await run(
    'cd /tmp; for i in {1..1000000}; do : > $i || break; done; echo alive; df -i / | tail -1',
  );
  expect(stderr).toMatch(/^bash: line 1: \d+: No space left on device\n$/);
  expect(stdout).toMatch(/^alive\n\S+ +100000 100000 +0 +100% \/\n$/);
});

test('control characters in names are shown and found again', async () => {
  const { stdout } = await run(
    "cd /tmp; touch $'a\\nb' $'c\\e[31m'; ls | wc -l; for f in *; do [ -e \"$f\" ] && echo found; done",
  );
  expect(stdout).toBe('3\nfound\nfound\n');
});

test('the limits are these', () => {
  expect(LIMITS.variableCharacters).toBeLessThan(2 ** 29); // the longest text of V8
});
