import { expect, test } from 'vitest';
import { programs } from '../programs';
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
  // a failed expansion ends its line, not the script
  ['echo $((1/0)); echo no\necho $?', '1\n', 0, 'bash: line 1: 1/0: division by 0 (error token is "0")\n'],
  ['echo ${x!}\necho $?', '1\n', 0, 'bash: line 1: ${x!}: bad substitution\n'],
  ['readonly x=1\nx=2; echo no\necho $?', '1\n', 0, 'bash: line 2: x: readonly variable\n'],
  ['echo ${x:?}\necho no', '', 127, 'bash: line 1: x: parameter null or not set\n'],
  ['[[ 1 -eq a/0 ]]; echo $?', '1\n', 0, 'bash: line 1: [[: a/0: division by 0 (error token is "0")\n'],
  ["eval 'if'; echo $?", '2\n', 0, 'bash: eval: line 2: syntax error: unexpected end of file\n'],
  ['sleep 5 & jobs | grep -c Running; kill $!', '1\n'],
];

test.each(rows)('%s', async (script, stdout, code = 0, stderr = '') => {
  expect(await runBash(script, { programs })).toEqual({ stdout, code, stderr });
});

// as bash 5.2 traces them
test.each<[string, string[]]>([
  ['[[ a == a* ]]', ['[[ a == a* ]]']],
  ['[[ -n x && ! -z "a b" ]]', ['[[ -n x ]]', '[[ ! -z a b ]]']],
  ['[[ a == "b" ]]', ['[[ a == \\b ]]']],
  ['(( 2 > 1 ))', ['((  2 > 1  ))']],
  ['for i in 1 "2 3"; do :; done', ['for i in 1 "2 3"', ':', 'for i in 1 "2 3"', ':']],
  ['for ((i=0;i<1;i++)); do :; done', ['(( i=0 ))', '(( i<1 ))', ':', '(( i++ ))', '(( i<1 ))']],
  ['case a in a) :;; esac', ['case a in', ':']],
  ['y=$(true); z="a b"; ar=(1 "2 3"); ar+=(x)', ['+ true', 'y=', "z='a b'", 'ar=(1 "2 3")', 'ar+=(x)']],
  ['v=1 w=2 true', ['v=1', 'w=2', 'true']],
  ['export E=1', ['export E=1', 'E=1']],
  ["eval ': x'", ["eval ': x'", '+ : x']],
  [": '' 'a*' \"it's\" ~x", [": '' 'a*' 'it'\\''s' '~x'"]],
])('set -x: %s', async (script, traced) => {
  const { stderr } = await runBash(`set -x; ${script}`, { programs });
  expect(stderr).toBe(traced.map((line) => `+${line.startsWith('+') ? line : ` ${line}`}\n`).join(''));
});
