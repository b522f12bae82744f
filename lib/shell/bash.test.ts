import { expect, test } from 'vitest';
import { runBash } from './testing/run';

const rows: [script: string, stdout: string, code?: number, stderr?: string][] = [
  ['echo hi $((1+2)) "${x:-d e}"', 'hi 3 d e\n'],
  ['for i in 1 2 3; do echo $i; done | while read x; do echo "got $x"; done', 'got 1\ngot 2\ngot 3\n'],
  ['foo', '', 127, 'bash: line 1: foo: command not found\n'],
  ['a=(1 2 3); echo ${a[@]} ${#a[@]}', '1 2 3 3\n'],
  ['echo {a,b}{1..3}', 'a1 a2 a3 b1 b2 b3\n'],
  ['f() { local x=1; echo $x $1; return 3; }; f z; echo $?', '1 z\n3\n'],
  ['if', '', 2, 'bash: -c: line 2: syntax error: unexpected end of file\n'],
  ['set -e; false; echo no', '', 1],
];

test.each(rows)('%s', async (script, stdout, code = 0, stderr = '') => {
  expect(await runBash(script)).toEqual({ stdout, code, stderr });
});
