import { expect, test } from 'vitest';
import type { Program } from './process';
import { host, smallNetwork } from './testing/host';

const world = () => {
  const net = smallNetwork();
  return { ...net, machine: host(net, 'box', '192.168.50.20', {}) };
};

/** What a process reads at paths. */
async function look(body: Program, uid = 0) {
  const w = world();
  const proc = w.machine.start(['/usr/bin/body', 'an argument'], { program: body, uid, gid: uid });
  await w.clock.drive(proc.exited, 60_000);
}

test('a process finds itself, its own words and where it is', () =>
  look((proc) => {
    expect(proc.files.stat('/proc/self', false).target).toBe(String(proc.pid));
    expect(proc.files.readText('/proc/self/cmdline')).toBe('/usr/bin/body\0an argument\0');
    expect(proc.files.stat('/proc/self/exe', false).target).toBe('/usr/bin/body');
    expect(proc.files.list('/proc/self/')).toContain('status');
    expect(proc.files.list('/proc')).toEqual(expect.arrayContaining([String(proc.pid), 'meminfo', 'mounts', 'sys']));
    return 0;
  }));

test.each([
  [0, '000001ffffffffff'],
  [1000, '0000000000000000'],
])('what user %d may do', (uid, mask) =>
  look((proc) => {
    const status = proc.files.readText('/proc/self/status');
    expect(status).toContain(`CapEff:\t${mask}\n`);
    expect(status).toContain('CapBnd:\t000001ffffffffff\n');
    expect(status).toContain(`Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
    return 0;
  }, uid),
);

test('the sockets of the network namespace, as the kernel writes addresses', () =>
  look((proc) => {
    proc.listen(8080);
    const [head, row] = proc.files.readText('/proc/net/tcp').split('\n');
    expect(head).toMatch(/^ {2}sl {2}local_address/);
    expect(row).toMatch(/^ {3}0: 00000000:1F90 00000000:0000 0A /);
    return 0;
  }));

test.each([
  ['/proc/sys/net/ipv4/ip_default_ttl', /^64\n$/],
  ['/proc/mounts', /^\/dev\/vda4 \/ xfs rw,.*\n(.*\n)*proc \/proc proc /],
  ['/proc/uptime', /^0\.00 0\.00\n$/],
  ['/sys/fs/cgroup/memory.max', /^max\n$/],
  ['/sys/fs/cgroup/cpu.max', /^max 100000\n$/],
])('%s', (path, shows) =>
  look((proc) => {
    expect(proc.files.readText(path)).toMatch(shows);
    expect(() => proc.files.write(path, 'x')).toThrow();
    return 0;
  }),
);
