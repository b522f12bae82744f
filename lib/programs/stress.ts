// stress: claims processors and memory, to show limits at work. Nothing is really burnt: the process says what it holds.
// Also vish/stress, the variant of Kubernetes' documentation, whose flags have one dash.
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, parseDuration, parseSize, refused } from './tool';

const DEFAULT_VM_BYTES = 256 * 1024 * 1024;

async function untilEnded(proc: Process, ms: number): Promise<void> {
  await Promise.race([proc.sleep(ms), new Promise<void>((resolve) => proc.on('SIGTERM', () => resolve()))]);
}

const HELP = `\`stress' imposes certain types of compute stress on your system

Usage: stress [OPTION [ARG]] ...
 -?, --help         show this help statement
     --version      show version statement
 -v, --verbose      be verbose
 -q, --quiet        be quiet
 -t, --timeout N    timeout after N seconds
 -c, --cpu N        spawn N workers spinning on sqrt()
 -i, --io N         spawn N workers spinning on sync()
 -m, --vm N         spawn N workers spinning on malloc()/free()
     --vm-bytes B   malloc B bytes per vm worker (default is 256MB)
     --vm-hang N    sleep N secs before free (default none, 0 is inf)
     --vm-keep      redirty memory instead of freeing and reallocating
 -d, --hdd N        spawn N workers spinning on write()/unlink()

Example: stress --cpu 8 --io 4 --vm 2 --vm-bytes 128M --timeout 10s
`;

export const stress: Program = async (proc) => {
  const options = getopt(proc.argv, 'c:i:m:d:t:vq', {
    'cpu=': 'c',
    'io=': 'i',
    'vm=': 'm',
    'vm-bytes=': 'vm-bytes',
    'vm-hang=': 'vm-hang',
    'vm-keep': 'vm-keep',
    'hdd=': 'd',
    'timeout=': 't',
    verbose: 'v',
    quiet: 'q',
    help: 'help',
    version: 'version',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.has('version')) return proc.print('stress 1.0.4\n').then(() => 0);
  if (options.has('help')) return proc.print(HELP).then(() => 0);
  const count = (name: string) => Number(options.get(name) ?? 0);
  const [cpu, io, vm, hdd] = ['c', 'i', 'm', 'd'].map(count) as [number, number, number, number];
  if (cpu + io + vm + hdd === 0) return fail(proc, 'no hogs were asked for');
  await proc.print(`stress: info: [${proc.pid}] dispatching hogs: ${cpu} cpu, ${io} io, ${vm} vm, ${hdd} hdd\n`);
  proc.cpuCores = cpu + vm;
  const bytes = options.get('vm-bytes');
  if (vm > 0) proc.holdMemory(vm * (bytes === undefined ? DEFAULT_VM_BYTES : (parseSize(bytes) ?? DEFAULT_VM_BYTES)));
  const limit = options.get('t');
  const ms = limit === undefined ? Number.MAX_SAFE_INTEGER : (parseDuration(limit) ?? 0);
  await untilEnded(proc, ms);
  await proc.print(`stress: info: [${proc.pid}] successful run completed in ${Math.round(ms / 1000)}s\n`);
  return 0;
};

const quantity = (text: string): number => {
  const [, number = '0', unit = ''] = /^(\d+)([KMGT]?)i?$/.exec(text) ?? [];
  return Number(number) * 1024 ** (unit ? 'KMGT'.indexOf(unit) + 1 : 0);
};

/** Grows by steps, as `-mem-alloc-size` and `-mem-alloc-sleep` say, to `-mem-total`. */
export const vishStress: Program = async (proc) => {
  const flag = (name: string, none: string) => {
    const at = proc.argv.indexOf(`-${name}`);
    return (at < 0 ? undefined : proc.argv[at + 1]) ?? none;
  };
  const [cpus, total, step] = [Number(flag('cpus', '0')), flag('mem-total', '0'), flag('mem-alloc-size', '4Ki')];
  const pause = parseDuration(flag('mem-alloc-sleep', '1ms').replace(/ms$/, '')) ?? 1;
  await proc.complain(
    `main.go:26] Allocating "${total}" memory, in "${step}" chunks, with a ${flag('mem-alloc-sleep', '1ms')} sleep between allocations\n`,
  );
  const most = quantity(total);
  const each = Math.max(quantity(step), most / 1000); // a thousand steps tell the same as a million
  proc.cpuCores = cpus;
  for (let held = 0; held < most; held += each) {
    proc.holdMemory(Math.min(held + each, most));
    await proc.sleep(pause);
  }
  if (cpus > 0) await proc.complain(`main.go:29] Spawning a thread to consume CPU\n`.repeat(Math.ceil(cpus)));
  await untilEnded(proc, Number.MAX_SAFE_INTEGER);
  return 0;
};
