// Runs commands in a shell on a machine of its own, for tests of the shell and of programs.
import { pipeReader } from '../../machine/descriptor';
import { type imageFiles, toBytes, toText } from '../../machine/fs';
import type { Program } from '../../machine/process';
import { host, smallNetwork } from '../../machine/testing/host';
import { Pipe } from '../../sim/pipe';
import { bash } from '../bash';

export interface Answer {
  stdout: string;
  stderr: string;
  code: number;
}

export interface RunOptions {
  programs?: ReadonlyMap<string, Program>;
  files?: Parameters<typeof imageFiles>[0];
  stdin?: string;
  argv?: string[];
  uid?: number;
  env?: Record<string, string>;
}

const LIMIT_MS = 3_600_000; // of simulated time

/** A machine with bash and the programs. */
export function machineWith({ programs, files }: RunOptions = {}) {
  const world = smallNetwork();
  const all = { bash, sh: bash, ...Object.fromEntries(programs ?? []) };
  return {
    ...world,
    machine: host(world, 'box', '192.168.50.20', all, {
      '/work': { type: 'dir', uid: 1000, gid: 1000, mode: 0o755 },
      ...files,
    }),
  };
}

/** Runs `bash -c TEXT` (or argv) in /work and collects what it writes. */
export async function runBash(text: string, options: RunOptions = {}): Promise<Answer> {
  const { machine, clock } = machineWith(options);
  const out = { stdout: '', stderr: '' };
  const chunks: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };
  const sink = (name: 'stdout' | 'stderr') => ({
    name,
    read: async () => null,
    write: async (bytes: Uint8Array) => void chunks[name].push(bytes.slice()),
    close: () => {},
  });
  const stdin = new Pipe();
  stdin.push(toBytes(options.stdin ?? ''));
  stdin.end();
  const uid = options.uid ?? 1000;
  const proc = machine.start(options.argv ?? ['bash', '-c', text], {
    stdin: pipeReader(stdin),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    uid,
    gid: uid,
    cwd: '/work',
    env: { PATH: '/usr/bin', HOME: '/home/student', ...options.env },
  });
  const { code } = await clock.drive(proc.exited, LIMIT_MS);
  out.stdout = toText(Buffer.concat(chunks.stdout));
  out.stderr = toText(Buffer.concat(chunks.stderr));
  return { ...out, code };
}
