// `agnhost connect`: tries a connection and names what went wrong in one word.
import { Errno, strerror } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { parseDuration } from '../tool';
import type { Flags } from './flags';

const UDP_WAIT_MS = 1000;

export async function connect(proc: Process, flags: Flags): Promise<number> {
  const target = flags.operands()[0];
  if (target === undefined) {
    await proc.complain('Error: accepts 1 arg(s), received 0\n');
    return 1;
  }
  const at = target.lastIndexOf(':');
  const timeout = flags.get('timeout') ?? '0';
  const ms = timeout.endsWith('ms') ? Number.parseFloat(timeout) : (parseDuration(timeout) ?? 0);
  try {
    const [address = ''] = await proc.resolve(target.slice(0, at));
    const port = Number(target.slice(at + 1));
    if (flags.get('protocol') === 'udp') await overUdp(proc, address, port, ms || UDP_WAIT_MS);
    else (await proc.connect(address, port, ms > 0 ? { timeoutMs: ms } : {})).close();
    return 0;
  } catch (error) {
    if (proc.killed.aborted) throw error;
    await proc.complain(`${inAWord(error, target)}\n`);
    return 1;
  }
}

function inAWord(error: unknown, target: string): string {
  if (error instanceof NameError) return `DNS: lookup ${target.replace(/:\d+$/, '')}: no such host`;
  if (!(error instanceof Errno)) throw error;
  if (error.code === 'ECONNREFUSED') return 'REFUSED';
  if (error.code === 'ETIMEDOUT') return 'TIMEOUT';
  return `OTHER: dial tcp ${target}: connect: ${strerror(error).toLowerCase()}`;
}

async function overUdp(proc: Process, address: string, port: number, ms: number): Promise<void> {
  const socket = proc.udp();
  socket.send(new TextEncoder().encode('hostname\n'), address, port);
  const limit = new AbortController();
  const cancel = proc.machine.clock.after(ms, () => limit.abort(new Errno('ETIMEDOUT')));
  try {
    await socket.receive(AbortSignal.any([limit.signal, proc.killed]));
  } finally {
    cancel();
    socket.close();
  }
}
