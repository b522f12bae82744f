import { expect, test } from 'vitest';
import { runBash } from '../../shell/testing/run';
import { programs } from '../index';
import recorded from '../testing/jq-answers.json';

const DOCUMENT = "cat >d.json <<'END'\n";

/** Answers of the real jq 1.6, standard error within. */
test.each(recorded.cases as [string, string, number][])('%s', async (command, output, status) => {
  const { stdout, code } = await runBash(`${DOCUMENT}${recorded.file}END\n{ ${command}\n} 2>&1`, { programs });
  expect({ stdout, code }).toEqual({ stdout: output, code: status });
});

test('prints what is complete while more is to come', async () => {
  expect(await runBash(`yes '{"a":[1]}' | jq -c .a | head -2`, { programs })).toEqual({
    stdout: '[1]\n[1]\n',
    code: 0,
    stderr: '',
  });
});

test.each(['def f: 1 + f; f', 'last(repeat(1))', '[range(1e9)] | length'])('%s is stopped', async (program) => {
  const { stdout, code } = await runBash(`jq -n '${program}'`, { programs });
  expect({ stdout, code }).toEqual({ stdout: '', code: 137 });
});

test('a loop around it keeps its own input', async () => {
  const { stdout } = await runBash(`echo '{"n":1}' >f; printf 'a\\nb\\n' | while read x; do echo $x $(jq .n f); done`, {
    programs,
  });
  expect(stdout).toBe('a 1\nb 1\n');
});
