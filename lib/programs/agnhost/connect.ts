// `agnhost connect`: tries a connection and names what went wrong in one word.
import { Errno, strerror } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import type { Flags } from './flags';
import { duration, lookupError, overAssociation } from './go-net';

const encoder = new TextEncoder();

interface Target {
  text: string;
  name: string;
  port: number;
}

export async function connect(proc: Process, flags: Flags): Promise<number> {
  const operands = flags.operands();
  const fail = async (text: string) => {
    await proc.complain(text);
    return 1;
  };
  if (operands.length !== 1) return fail(`Error: accepts 1 arg(s), received ${operands.length}\n`);
  const [text = ''] = operands;
  const ms = duration(flags.get('timeout') ?? '0');
  if (ms === undefined)
    return fail(
      `Error: invalid argument "${flags.get('timeout')}" for "--timeout" flag: time: invalid duration "${flags.get('timeout')}"\n`,
    );
  const protocol = flags.get('protocol') ?? 'tcp';
  const attempt = { '': tcp, tcp, udp, sctp }[protocol];
  if (!attempt) return fail(`Unsupported protocol\n${protocol}`);
  const at = text.lastIndexOf(':');
  if (at < 0) return fail(`${protocol === 'tcp' ? 'UNKNOWN' : 'DNS'}: address ${text}: missing port in address\n`);
  const target = { text, name: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
  if (!Number.isInteger(target.port)) return fail(`DNS: lookup tcp/${text.slice(at + 1)}: unknown port\n`);
  try {
    const [address = ''] = await proc.resolve(target.name);
    const problem = await attempt(proc, { ...target, name: address }, ms, flags);
    return problem === undefined ? 0 : await fail(`${problem}\n`);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return fail(`DNS: ${lookupError(proc, target.name, error)}\n`);
  }
}

async function tcp(proc: Process, { name, port }: Target, ms: number): Promise<string | undefined> {
  try {
    (await proc.connect(name, port, ms > 0 ? { timeoutMs: ms } : {})).close();
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === 'ECONNREFUSED') return 'REFUSED';
    if (error.code === 'ETIMEDOUT') return 'TIMEOUT';
    return `OTHER: dial tcp ${name}:${port}: connect: ${strerror(error).toLowerCase()}`;
  }
}

async function udp(proc: Process, { name, port }: Target, ms: number, flags: Flags): Promise<string | undefined> {
  const socket = proc.udp();
  const limit = new AbortController();
  const cancel = ms > 0 ? proc.machine.clock.after(ms, () => limit.abort(new Errno('ETIMEDOUT'))) : () => {};
  try {
    socket.send(encoder.encode(`${flags.get('udp-data') ?? 'hostname'}\n`), name, port);
    const answer = await socket.receive(AbortSignal.any([limit.signal, proc.killed]));
    if (answer && answer.bytes.length > 0) return undefined;
    return 'OTHER: No data received from the server. Cannot guarantee the server received the request.';
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const [own = ''] = proc.machine.net.addresses();
    const read = `read udp ${own}:${socket.port}->${name}:${port}`;
    if (error.code === 'ETIMEDOUT') return `TIMEOUT: ${read}: i/o timeout`;
    return `REFUSED: ${read}: read: ${strerror(error).toLowerCase()}`;
  } finally {
    cancel();
    socket.close();
  }
}

/** Asks, too: an association alone is not enough. Without a time-out it gives up at once, as the original does. */
async function sctp(proc: Process, { name, port }: Target, ms: number, flags: Flags): Promise<string | undefined> {
  if (ms <= 0) return 'TIMEOUT';
  try {
    await overAssociation(proc, name, port, `${flags.get('sctp-data') ?? 'hostname'}\n`, ms);
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error.code === 'ETIMEDOUT' ? 'TIMEOUT' : `OTHER: ${strerror(error).toLowerCase()}`;
  }
}
