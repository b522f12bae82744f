import { expect, test } from 'vitest';
import { State } from '../sim/state';
import type { Errno } from './errno';
import { FileSystem, imageFiles, toBytes, toText } from './fs';
import type { Program } from './process';
import { host, smallNetwork } from './testing/host';

const cat: Program = async (proc) => {
  for (let chunk = await proc.read(); chunk; chunk = await proc.read()) await proc.print(chunk);
  return 0;
};
const forever: Program = async (proc) => {
  await proc.sleep(1e9);
  return 0;
};

function world(programs: Record<string, Program> = { cat, forever }) {
  const net = smallNetwork();
  return { ...net, machine: host(net, 'box', '192.168.50.20', programs) };
}

/** Runs a body as a process and gives its status and output. */
async function run(w: ReturnType<typeof world>, body: Program, uid = 0) {
  let out = '';
  const write = async (bytes: Uint8Array) => void (out += toText(bytes));
  const stream = { name: 'out', read: async () => null, write, close: () => {} };
  const proc = w.machine.start(['body'], { program: body, stdout: stream, stderr: stream, uid, gid: uid });
  const status = await w.clock.drive(proc.exited, 3_600_000);
  return { ...status, out };
}

test('files: overlay, links, rights, errors', async () => {
  const w = world();
  const result = await run(
    w,
    async (proc) => {
      proc.files.mkdir('/home/student/a');
      proc.files.write('/home/student/a/f', 'one\n');
      proc.files.symlink('../a/f', '/home/student/a/link');
      proc.files.rename('/home/student/a', '/home/student/b');
      await proc.print(proc.files.readText('/home/student/b/f'));
      await proc.print(proc.files.list('/home/student/b').join(' '));
      for (const attempt of [
        () => proc.files.write('/etc/passwd', 'x'),
        () => proc.files.readText('/nowhere'),
        () => proc.files.readText('/root/x'),
        () => proc.files.list('/etc/passwd'),
        () => proc.files.rmdir('/home/student/b'),
        () => proc.files.mkdir('/tmp'),
      ]) {
        try {
          attempt();
        } catch (error) {
          await proc.print(`|${(error as Errno).code}`);
        }
      }
      return 3;
    },
    1000,
  );
  expect(result).toEqual({ code: 3, out: 'one\nf link|EACCES|ENOENT|ENOENT|ENOTDIR|ENOTEMPTY|EEXIST' });
});

test('a file system is restored from its table, with deletions', () => {
  const image = imageFiles({ '/etc/a': 'a', '/etc/b': 'b' });
  const state = new State();
  const fs = new FileSystem(image, state.table('fs'), () => 0);
  fs.remove('/etc/a');
  fs.change('/etc/b', { data: toBytes('changed') });
  fs.flush();
  const again = new FileSystem(image, new State(state.snapshot()).table('fs'), () => 0);
  expect(again.list('/etc')).toEqual(['b']);
  expect(toText(again.lookup('/etc/b')?.data ?? new Uint8Array())).toBe('changed');
});

test('appending many times keeps what readers saw', async () => {
  const w = world();
  const result = await run(w, async (proc) => {
    const file = proc.files.open('/tmp/log', { append: true, create: true });
    const fd = proc.attach(file);
    await proc.write(fd, 'a');
    const before = proc.files.readBytes('/tmp/log');
    for (let i = 0; i < 100; i++) await proc.write(fd, 'b');
    await proc.print(`${before.length} ${proc.files.stat('/tmp/log').size}`);
    return 0;
  });
  expect(result.out).toBe('1 101');
});

test('processes: programs by PATH, status, not found', async () => {
  const w = world({ seven: () => 7, cat });
  const result = await run(w, async (proc) => {
    const status = await proc.run(['seven']);
    try {
      proc.spawn(['nope']);
    } catch (error) {
      await proc.print((error as Errno).code);
    }
    return status.code;
  });
  expect(result).toEqual({ code: 7, out: 'ENOENT' });
});

test('a killed program stops at once, one that handles the signal goes on', async () => {
  const w = world();
  const result = await run(w, async (proc) => {
    const child = proc.spawn(['forever']);
    await proc.sleep(10);
    child.signal('SIGTERM');
    const status = await child.exited;
    let handled = 0;
    const stubborn = proc.spawn(['x'], {
      program: async (p) => {
        p.on('SIGTERM', () => handled++);
        await p.sleep(1000);
        return handled;
      },
    });
    await proc.sleep(10);
    stubborn.signal('SIGTERM');
    return status.code + (await stubborn.exited).code;
  });
  expect(result.code).toBe(144);
});

test('a terminal edits lines, echoes, and interrupts the foreground', async () => {
  const w = world();
  const terminal = w.machine.terminal({ columns: 80, rows: 24 });
  const proc = w.machine.start(['cat'], { program: cat, terminal });
  terminal.input(toBytes('helo\x7flo\r'));
  await w.clock.settle();
  expect(toText(terminal.output.take() ?? new Uint8Array())).toContain('helo\b \blo\r\n');
  terminal.input(toBytes('x\x03'));
  const status = await w.clock.drive(proc.exited, 1000);
  expect(status).toEqual({ code: 130, signal: 'SIGINT' });
});

test('connections carry bytes, refuse on closed ports, reset when a host dies', async () => {
  const net = smallNetwork();
  const a = host(net, 'a', '192.168.50.20', {});
  const b = host(net, 'b', '192.168.50.21', {});
  b.start(['server'], {
    program: async (proc) => {
      const listener = proc.listen(80);
      for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed)) {
        await c.write(toBytes(`hello ${c.remoteAddress}`));
      }
      return 0;
    },
  });
  const seen: string[] = [];
  const client = a.start(['client'], {
    program: async (proc) => {
      await proc.sleep(1);
      const c = await proc.connect('192.168.50.21', 80);
      seen.push(toText((await c.read()) ?? new Uint8Array()));
      await proc.connect('192.168.50.21', 81).catch((error: Errno) => seen.push(error.code));
      await proc.connect('192.168.50.99', 80).catch((error: Errno) => seen.push(error.code));
      b.net.shutdown();
      await c.read().catch((error: Errno) => seen.push(error.code));
      return 0;
    },
  });
  await net.clock.drive(client.exited, 600_000);
  expect(seen).toEqual(['hello 192.168.50.20', 'ECONNREFUSED', 'EHOSTUNREACH', 'ECONNRESET']);
});
