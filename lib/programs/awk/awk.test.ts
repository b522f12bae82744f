import { expect, test } from 'vitest';
import { runBash } from '../../shell/testing/run';
import { programs } from '../index';
import recorded from '../testing/awk-answers.json';

const FILES = `cat >d.txt <<'END'\n${recorded.file}END\ncat >prog.awk <<'END'\n${recorded.program}END\n`;

/** Answers of the real awk, standard error within. */
test.each(recorded.cases as [string, string, number][])('%s', async (command, output, status) => {
  const { stdout, code } = await runBash(`${FILES}{ ${command}\n} 2>&1 </dev/null`, { programs });
  expect({ stdout, code }).toEqual({ stdout: output, code: status });
});

const rows: [script: string, stdout: string, code?: number, stderr?: string][] = [
  [
    'awk \'BEGIN {while (1) s = s s "x"}\' 2>&1 | cut -c1-53',
    'awk: cmd. line:1: fatal: cannot allocate memory for m\n',
  ],
  ["awk 'BEGIN {while (1) a[i++] = 1}' 2>&1 | cut -c1-53", 'awk: cmd. line:1: fatal: cannot allocate memory for m\n'],
  ["yes a b | awk '{print $2}' | head -2", 'b\nb\n'],
  ['printf \'b\\na\\n\' | awk \'{print | "sort"} END {close("sort"); print "end"}\'', 'a\nb\nend\n'],
  ['echo x | awk \'{s = system("exit 3"); print s}\'', '3\n'],
  [
    'echo a | awk \'{print > "/nope/x"}\'',
    '',
    2,
    "awk: cmd. line:1: (FILENAME=- FNR=1) fatal: cannot redirect to `/nope/x': No such file or directory\n",
  ],
  ["awk 'BEGIN {f(1)}'", '', 1, "awk: cmd. line:1: fatal: function `f' not defined\n"],
  ["awk 'BEGIN {print 1/0}'", '', 2, 'awk: cmd. line:1: fatal: division by zero attempted\n'],
  [
    "awk 'function f(n) {return f(n + 1)} BEGIN {f(1)}'",
    '',
    2,
    'awk: cmd. line:1: fatal: function call nesting too deep\n',
  ],
  ['(echo 1; sleep 2; echo 2) | awk \'{print "got", $1; fflush()}\'', 'got 1\ngot 2\n'],
  ["echo 'a:b' | awk -F: -v x='1\\t2' '{print $2, x}'", 'b 1\t2\n'],
  ['printf \'a b\\n\' >x; awk \'{$0 = "c d e"; print NF; NF = 2; print; $5 = "f"; print}\' x', '3\nc d\nc d   f\n'],
];

test.each(rows)('%s', async (script, stdout, code = 0, stderr = '') => {
  expect(await runBash(script, { programs })).toEqual({ stdout, code, stderr });
});
