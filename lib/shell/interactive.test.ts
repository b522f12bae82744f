import { expect, test } from 'vitest';
import { programs } from '../programs/index';
import { session } from './testing/session';

/** Output without the editor's control sequences. */
const plain = (text: string) => text.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll('\r', '');

test('a line, its answer, the next prompt', async () => {
  const s = await session({ programs });
  expect(plain(await s.type('echo hi\r'))).toBe('echo hi\nhi\n$ ');
  expect(plain(await s.type('nope\r'))).toBe('nope\n-bash: nope: command not found\n$ ');
});

test('Ctrl-C ends a program, a busy loop and a flood', async () => {
  const s = await session({ programs });
  await s.type('mkfifo /tmp/pipe\r');
  for (const command of ['sleep 100', 'while :; do :; done', 'yes', 'cat < /tmp/pipe', 'echo > /tmp/pipe']) {
    await s.type(`${command}\r`);
    expect(plain(await s.type('\x03'))).toMatch(/\^C\n\$ $/);
    expect(plain(await s.type('echo $?\r'))).toContain('\n130\n');
  }
});

test('Ctrl-Z, jobs, bg and fg', async () => {
  const s = await session({ programs });
  await s.type('sleep 100\r');
  expect(plain(await s.type('\x1a'))).toBe('^Z\n[1]+  Stopped                 sleep 100\n$ ');
  expect(plain(await s.type('bg\r'))).toBe('bg\n[1]+ sleep 100 &\n$ ');
  expect(plain(await s.type('jobs\r'))).toBe('jobs\n[1]+  Running                 sleep 100 &\n$ ');
  await s.type('fg\r');
  expect(plain(await s.type('\x03'))).toBe('^C\n$ ');
  await s.type('sleep 3 &\r');
  expect(plain((await s.type('\r', 4000)) + (await s.type('\r')))).toContain('[1]+  Done                    sleep 3');
});

test('several lines, typed ahead, pasted, read by a program', async () => {
  const s = await session({ programs });
  expect(plain(await s.type('for i in 1 2\rdo echo $i\rdone\r'))).toBe('for i in 1 2\n> do echo $i\n> done\n1\n2\n$ ');
  expect(plain(await s.type('sleep 1\recho typed\r', 2000))).toContain('echo typed\ntyped\n$ ');
  expect(plain(await s.type('\x1b[200~echo a\necho b\x1b[201~'))).toContain('echo a\necho b');
  expect(plain(await s.type('\r'))).toBe('\na\nb\n$ ');
  expect(plain(await s.type('cat\rhello\r\x04'))).toBe('cat\nhello\n$ ');
});

test('completion and history', async () => {
  const s = await session({ programs });
  expect(plain(await s.type('ls /et\t'))).toBe('ls /etc/');
  expect(plain(await s.type('pas\t\r'))).toBe('passwd \n/etc/passwd\n$ ');
  expect(plain(await s.type('\x1b[A'))).toBe('ls /etc/passwd ');
  await s.type('\x03');
  expect(plain(await s.type('\x12etc\r'))).toContain('/etc/passwd\n$ ');
  expect(plain(await s.type('echo !$\r'))).toContain('echo /etc/passwd\n/etc/passwd\n');
});

test('exit keeps the history', async () => {
  const s = await session({ programs });
  await s.type('echo one\r');
  expect(plain(await s.type('exit 3\r'))).toContain('logout');
  expect((await s.proc.exited).code).toBe(3);
  expect(s.machine.text('/home/student/.bash_history')).toBe('echo one\nexit 3\n');
});

const UP = '\x1b[A';
const DOWN = '\x1b[B';

// what readline makes of keys, as bash 5.2 on a terminal of 80 columns does
test.each<[string, string, string]>([
  ['C-a, C-e', 'b c\x01echo a \x05 d', 'a b c d'],
  ['C-k, C-y', 'echo one two\x01\x0b\x19', 'one two'],
  ['C-u, C-y twice', 'echo a \x15\x19\x19', 'a echo a'],
  ['C-w twice is one cut', 'echo one two three\x17\x17x \x19', 'one x two three'],
  ['M-y', 'echo one\x17\x19 two\x17\x19\x1by', 'one one'],
  ['M-b, M-d', 'echo one-two three\x1bb\x1bb\x1bd', 'one- three'],
  ['M-f and M-backspace', 'echo one two\x01\x1bf\x1bf\x1b\x7f1', '1 two'],
  ['C-t', 'ehco\x02\x02\x14\x05 ab\x14', 'ba'],
  ['M-t', 'echo one two\x1bt', 'two one'],
  ['M-u, M-l, M-c', 'echo ab CD eF\x01\x1bf\x1bu\x1bl\x1bc', 'AB cd Ef'],
  ['C-d and Delete', 'echo abc\x1bb\x04\x1b[3~', 'c'],
  ['Home and End', 'b\x1b[Hecho \x1b[Fc', 'bc'],
  ['control and arrow', 'echo one two\x1b[1;5D\x1b[1;5Dx', 'xone two'],
  ['undo', 'echo a b\x17\x17\x1f\x1f', 'a b'],
  ['a count', 'echo a\x1b3x', 'axxx'],
  ['C-v', "echo '\x16\tx\x16\x01'", '\tx\x01'],
  ['C-] and mark', 'echo abcabc\x01\x1dbX\x18\x18', 'aXbcabc'],
  ['M-#', 'echo no\x1b#echo yes', 'yes'],
])('keys: %s', async (_, keys, output) => {
  const s = await session({ programs });
  expect(plain(await s.type(`${keys}\r`))).toMatch(new RegExp(`(^|\n)${output}\n\\$ $`));
});

test.each<[string, string, string]>([
  ['up and down', `${UP}${UP}${UP}${DOWN}`, 'two three'],
  ['a line that was changed and left', `${UP}X${UP}${DOWN}`, '3X'],
  ['what was typed comes back', `echo new${UP}${DOWN}`, 'new'],
  ['M-.', 'echo \x1b. \x1b.\x1b.', '3 three'],
  ['M-. with a number', 'echo \x1b1\x1b.', '3'],
  ['M-<', '\x1b<', 'one'],
  ['C-r', '\x12ec\x12', 'two three'],
  ['C-r, right', '\x12one\x1b[CX', 'oXne'],
  ['C-r, C-g', 'echo kept\x12one\x07', 'kept'],
  ['C-r twice seeks the last again', '\x12two\x07\x12\x12', 'two three'],
  ['a failed search keeps what it had', '\x12onezz', 'one'],
  ['page up', 'echo t\x1b[5~', 'two three'],
  ['!!', '!!', '3'],
  ['!$', 'echo [!$]', '\\[3\\]'],
  ['!n', '!1', 'one'],
  ['!-n', '!-2', 'two three'],
  ['!text', '!echo', '3'],
  ['!?text?', '!?two?', 'two three'],
  ['^a^b', 'echo cat\r^cat^dog', 'dog'],
  ['words and modifiers', 'echo /a/b.txt\recho !$:h !!:1:t:r', '/a b'],
  [':s', '!-2:s/two/2/:p', 'echo 2 three'],
  ['nothing to find', '!nope', '-bash: !nope: event not found'],
  ['nothing to replace', '^nope^x', '-bash: :s\\^nope\\^x: substitution failed'],
])('history: %s', async (_, keys, output) => {
  const s = await session({ programs });
  await s.type('echo one\r');
  await s.type('echo two three\r');
  await s.type('echo 3\r');
  expect(plain(await s.type(`${keys}\r`))).toMatch(new RegExp(`(^|\n)${output}\n\\$ $`));
});

test.each([
  ['in single quotes since a line before', "echo 'a\rb !zz'\r", /\na\nb !zz\n\$ $/],
  ['in a here-document', 'cat <<E\r!zz\rE\r', /\n!zz\n\$ $/],
  ['in double quotes the line is lost, no more', 'echo "a\r!zz"\rb"\r', /event not found\n> b"\na\nb\n\$ $/],
])('history in a command of several lines: %s', async (_, keys, output) => {
  const s = await session({ programs });
  expect(plain(await s.type(keys))).toMatch(output);
});

test('C-o goes on with the line after', async () => {
  const s = await session({ programs });
  for (const n of [1, 2, 3]) await s.type(`echo ${n}\r`);
  expect(plain(await s.type(`${UP}${UP}${UP}\x0f`))).toMatch(/1\n\$ echo 2$/);
});

test('the search shows what it seeks', async () => {
  const s = await session({ programs });
  await s.type('echo one\r');
  expect(plain(await s.type('\x12on'))).toContain("(reverse-i-search)`on': echo one");
  expect(plain(await s.type('z'))).toContain("(failed reverse-i-search)`onz': echo one");
  expect(plain(await s.type('\x03'))).toBe('^C\n$ ');
  await s.type('\x12one');
  await s.type('\x1b');
  expect(plain(await s.type('X\r'))).toContain('echo Xone\nXone\n');
});

test('several lines are one of the history', async () => {
  const s = await session({ programs });
  for (const line of ['for i in 1', 'do echo $i', 'done', 'echo "a', 'b"', 'cat <<E', 'x', 'E', 'echo a \\', 'b'])
    await s.type(`${line}\r`);
  expect(plain(await s.type('history\r'))).toContain(
    '    1  for i in 1; do echo $i; done\n    2  echo "a\nb"\n    3  cat <<E\nx\nE\n\n    4  echo a b\n    5  history\n',
  );
});

test('pasted control characters do nothing', async () => {
  const s = await session({ programs });
  await s.type('\x1b[200~echo "a\x03b\x04c\x1b[Ad\te"\x1b[201~');
  expect(await s.type('\r')).toContain('a\x03b\x04c\x1b[Ad\te\r\n');
});

test('a line longer than the terminal is wide, and another width', async () => {
  const s = await session({ programs });
  const long = 'x'.repeat(73); // with the prompt and `echo ` exactly a row
  expect(await s.type(`echo ${long}`)).toContain(`${long} \r`);
  s.terminal.resize({ columns: 40, rows: 24 });
  await s.type('\x05y');
  expect(plain(await s.type('\r'))).toContain(`\n${long}y\n$ `);
});

test('Ctrl-C ends a subshell with what runs in it', async () => {
  const s = await session({ programs });
  await s.type('(sleep 100; echo no)\r');
  expect(plain(await s.type('\x03'))).toBe('^C\n$ ');
});

test('completion lists, asks when there is much, closes what is open', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 120 }, (_, i) => [`/work/many/file${i}`, '']).concat([
      ['/work/sp ace', ''],
      ['/work/span', ''],
    ]),
  );
  const s = await session({ programs, files });
  expect(plain(await s.type('ls sp\t\t'))).toContain('ls sp\nsp ace  span    \n$ $ ls sp');
  expect(plain(await s.type('\\ \t'))).toBe('\\ ace ');
  expect(plain(await s.type('\x15ls many/\t\t\t'))).toContain('Display all 120 possibilities? (y or n)');
  expect(plain(await s.type('n'))).toContain('$ ls many/file');
  expect(plain(await s.type('\x15echo $HOM\t'))).toContain('$HOME/');
  expect(plain(await s.type('\x15cd ma\t'))).toContain('cd many/');
});
