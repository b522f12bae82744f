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
  ["trap 'echo $LINENO: $BASH_COMMAND: $?' ERR\ntrue\n[ 1 = 2 ]\nx=$(false)", '3: [ 1 = 2 ]: 1\n4: x=$(false): 1\n', 1],
  ["trap 'true; echo $BASH_COMMAND' EXIT\necho a", 'a\necho a\n'],
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

// as dash 0.5.12 and BusyBox' ash 1.35 answer
test.each<[shell: 'dash' | 'ash', script: string, output: string, code: number]>([
  ['dash', 'nope', 'x.sh: 1: nope: not found\n', 127],
  ['ash', 'nope', 'x.sh: line 1: nope: not found\n', 127],
  ['dash', 'a=(1 2)', 'x.sh: 1: Syntax error: "(" unexpected\n', 2],
  ['ash', 'a=(1 2)', 'x.sh: line 1: syntax error: unexpected "("\n', 2],
  ['dash', '[[ a == a ]]; echo $?', 'x.sh: 1: [[: not found\n127\n', 0],
  ['ash', '[[ a == a ]]; echo $?', '0\n', 0],
  ['dash', "echo -e 'a\\tb' {1..2}", '-e a\tb {1..2}\n', 0],
  ['ash', "echo -e 'a\\tb' {1,2}", 'a\tb {1,2}\n', 0],
  ['dash', "echo $'a'", '$a\n', 0],
  ['dash', 'local x=1; echo no', 'x.sh: 1: local: not in a function\n', 2],
  ['ash', 'local x=1; echo no', 'x.sh: local: line 1: not in a function\n', 2],
  ['dash', 'echo $((1/0))', 'x.sh: 1: arithmetic expression: division by zero: "1/0"\n', 2],
  ['ash', 'echo $((1/0))', 'x.sh: line 1: divide by zero\n', 2],
  ['dash', 'x=abc; echo ${x/b/B}', 'x.sh: 1: Bad substitution\n', 2],
  ['ash', 'x=abc; echo ${x/b/B} ${x:1:1}', 'aBc b\n', 0],
  ['dash', 'echo ${x:?}', 'x.sh: 1: x: parameter not set or null\n', 2],
  ['dash', 'source /nope; echo $?', 'x.sh: 1: source: not found\n127\n', 0],
  ['dash', '. /nope', 'x.sh: 1: .: cannot open /nope: No such file\n', 2],
  ['dash', 'function g { echo hi; }', 'x.sh: 1: Syntax error: "}" unexpected\n', 2],
  ['dash', 'readonly r=1; r=2; echo no', 'x.sh: 1: r: is read only\n', 2],
  ['dash', 'set -u; echo $nope', 'x.sh: 1: nope: parameter not set\n', 2],
])('%s: %s', async (shell, script, output, code) => {
  const files = { '/work/x.sh': { data: new TextEncoder().encode(script), mode: 0o644 } };
  const { stdout } = await runBash(`${shell} x.sh 2>&1; echo "=$?"`, { programs, files });
  expect(stdout).toBe(`${output}=${code}\n`);
});

test('set +B', async () => {
  expect((await runBash('set +B; echo {a,b} x{1..3}; { echo c; }', { programs })).stdout).toBe('{a,b} x{1..3}\nc\n');
});
