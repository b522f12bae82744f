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
  for (const command of ['sleep 100', 'while :; do :; done', 'yes']) {
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
  expect(plain(await s.type('\x1b[200~echo a\necho b\n\x1b[201~'))).toBe('echo a\na\n$ echo b\nb\n$ ');
  expect(plain(await s.type('cat\rhello\r\x04'))).toBe('cat\nhello\n$ ');
});

test('completion and history', async () => {
  const s = await session({ programs });
  expect(plain(await s.type('ls /et\t'))).toBe('ls /etc/');
  expect(plain(await s.type('pas\t\r'))).toBe('passwd \n/etc/passwd\n$ ');
  expect(plain(await s.type('\x1b[A'))).toBe('ls /etc/passwd ');
  await s.type('\x15');
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
