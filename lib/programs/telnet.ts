// telnet: a connection by hand. netkit's words, and BusyBox' own.
import { Errno, strerror, strerrorOf } from '../machine/errno';
import type { Connection } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';

const DEFAULT_PORT = 23;

export const telnet: Program = async (proc) => {
  const [host, portText = String(DEFAULT_PORT)] = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (!host) {
    await proc.print('telnet> ');
    return 0;
  }
  const port = portOf(proc, portText);
  if (port === undefined)
    return complain(proc, `telnet: could not resolve ${host}/${portText}: Servname not supported for ai_socktype\n`);
  let addresses: string[];
  try {
    addresses = await proc.resolve(host);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return complain(proc, `telnet: ${host}: ${error.message}\n${host}: Host name lookup failure\n`);
  }
  for (const address of addresses) {
    await proc.print(`Trying ${address}...\n`);
    try {
      const connection = await proc.connect(address, port);
      await proc.print(`Connected to ${host}.\nEscape character is '^]'.\n`);
      return await relay(proc, connection, 'Connection closed by foreign host.\n');
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await proc.complain(`telnet: connect to address ${address}: ${strerror(error)}\n`);
    }
  }
  return 1;
};

export const busyboxTelnet: Program = async (proc) => {
  const [host, portText = String(DEFAULT_PORT)] = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (!host)
    return complain(
      proc,
      'BusyBox v1.36.1 () multi-call binary.\n\nUsage: telnet [-a] [-l USER] HOST [PORT]\n\nConnect to telnet server\n',
    );
  const port = portOf(proc, portText);
  if (port === undefined) return complain(proc, `telnet: bad port '${portText}'\n`);
  let address: string;
  try {
    address = (await proc.resolve(host))[0] ?? host;
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return complain(proc, `telnet: bad address '${host}'\n`);
  }
  try {
    const connection = await proc.connect(address, port);
    await proc.print(`Connected to ${host}\n`);
    return await relay(proc, connection, 'Connection closed by foreign host\n');
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return complain(
      proc,
      `telnet: can't connect to remote host (${address}): ${strerrorOf(proc.machine.libc, error)}\n`,
    );
  }
};

async function complain(proc: Process, text: string): Promise<number> {
  await proc.complain(text);
  return 1;
}

const NAMED: Record<string, number> = { ssh: 22, telnet: 23, smtp: 25, domain: 53, http: 80, https: 443, mysql: 3306 };

function portOf(proc: Process, text: string): number | undefined {
  const port = NAMED[text] ?? Number(text);
  void proc;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

const ESCAPE = 0x1d; // Ctrl-]

/** Both ways until the peer ends; Ctrl-] or the end of input leaves. */
async function relay(proc: Process, connection: Connection, goodbye: string): Promise<number> {
  const done = new AbortController();
  let left = false;
  const sending = async () => {
    for (let chunk = await proc.read(0, 65_536, done.signal); chunk; chunk = await proc.read(0, 65_536, done.signal)) {
      if (chunk.includes(ESCAPE)) break;
      await connection.write(chunk, proc.killed);
    }
    left = true;
    connection.close();
  };
  void sending().catch(() => {});
  try {
    for (let chunk = await connection.read(); chunk; chunk = await connection.read()) await proc.print(chunk);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
  done.abort(new Errno('EINTR'));
  connection.close();
  await proc.complain(left ? 'Connection closed.\n' : goodbye);
  return left ? 0 : 1;
}
