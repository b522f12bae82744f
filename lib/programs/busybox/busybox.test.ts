// What BusyBox' applets say, as BusyBox 1.35 and 1.36 were seen to; nc as nc_bloaty.c words it.
import { expect, test } from 'vitest';
import { sink } from '../../machine/descriptor';
import { host, smallNetwork } from '../../machine/testing/host';
import { ash } from '../../shell/bash';
import { programs } from '../index';

const NAMES = ['cat', 'ls', 'rm', 'mkdir', 'touch', 'cp', 'mv', 'head', 'sed', 'sleep', 'chmod', 'nc', 'ps', 'echo'];
const APPLETS = Object.fromEntries(
  NAMES.map((name) => [name, (programs.get(`busybox-${name}`) ?? programs.get(name))!]),
);

const CASES: [line: string, prints: string, status: number][] = [
  ['cat /none', "cat: can't open '/none': No such file or directory\n", 1],
  ['cat /tmp', 'cat: read error: Is a directory\n', 1],
  ['ls /none', 'ls: /none: No such file or directory\n', 1],
  ['rm /none', "rm: can't remove '/none': No such file or directory\n", 1],
  ['rm /tmp', "rm: '/tmp' is a directory\n", 1],
  ['mkdir /tmp', "mkdir: can't create directory '/tmp': File exists\n", 1],
  ['touch /none/x', 'touch: /none/x: No such file or directory\n', 1],
  ['cp /none /tmp/x', "cp: can't stat '/none': No such file or directory\n", 1],
  ['mv /none /tmp/x', "mv: can't rename '/none': No such file or directory\n", 1],
  ['head /none', 'head: /none: No such file or directory\n', 1],
  ['sed s/a/b/ /none', 'sed: /none: No such file or directory\n', 1],
  ['sleep x', "sleep: invalid number 'x'\n", 1],
  ['chmod 999 /tmp', "chmod: invalid mode '999'\n", 1],
  [
    'cat -Q',
    "cat: invalid option -- 'Q'\nBusyBox v1.36.1 (2024-06-10 07:11:47 UTC) multi-call binary.\n\nUsage: cat [-nbvteA] [FILE]...\n",
    1,
  ],
  ['nosuch', 'sh: nosuch: not found\n', 127],
  ['echo x > /none/y', "sh: can't create /none/y: nonexistent directory\n", 1],
  ['cd /none', "sh: cd: line 0: can't cd to /none: No such file or directory\n", 2],
  ['kill 9999', "sh: can't kill pid 9999: No such process\n", 1],
  ['nc -z 127.0.0.1 9', '', 1],
  ['nc -vz 127.0.0.1 9', '', 1],
  ['nc -vv 127.0.0.1 9', 'nc: 127.0.0.1 (127.0.0.1:9): Connection refused\nsent 0, rcvd 0\n', 1],
  ['nc nosuch 80', "nc: bad address 'nosuch'\n", 1],
  ['(echo hi | nc -l -p 8080 &); sleep 1; nc -v 127.0.0.1 8080', '127.0.0.1 (127.0.0.1:8080) open\nhi\n', 0],
  ['(nc -lk -p 8080 -e echo hi &); sleep 1; nc 127.0.0.1 8080; nc 127.0.0.1 8080', 'hi\nhi\n', 0],
  ['ps', 'PID   USER     TIME  COMMAND\n    1 root      0:00 ps\n', 0], // the shell becomes its last command
];

test.each(CASES)('%s', async (line, prints, status) => {
  const world = smallNetwork();
  const machine = host(world, 'box', '192.168.50.30', { ...APPLETS, sh: ash }, { '/tmp': null });
  let text = '';
  const out = sink((bytes) => {
    text += new TextDecoder().decode(bytes);
  });
  const proc = machine.start(['sh', '-c', line], { stdout: out, stderr: out });
  const ended = await world.clock.drive(proc.exited, 60_000);
  expect([text, ended]).toEqual([prints, { code: status }]);
});
