// The two ends that socat copies between.
import { OpenFile, pipeReader, pipeWriter } from '../../machine/descriptor';
import { Errno, strerror } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { Pipe } from '../../sim/pipe';
import { type Address, AddressError } from './address';

/** An end that can be read and written; `finish` says that nothing more will be written. */
export interface Channel {
  read(signal: AbortSignal): Promise<Uint8Array | null>;
  write(bytes: Uint8Array): Promise<void>;
  finish(): void;
  close(): void;
}

const stdio = (proc: Process): Channel => ({
  read: (signal) => proc.read(0, 65536, signal),
  write: (bytes) => proc.print(bytes),
  finish: () => {},
  close: () => {},
});

export const ofConnection = (proc: Process, connection: Connection): Channel => ({
  read: (signal) => connection.read(65536, AbortSignal.any([signal, proc.killed])),
  write: (bytes) => connection.write(bytes, proc.killed),
  finish: () => connection.end(),
  close: () => connection.close(),
});

/** Opens an address that waits for nobody. Throws AddressError. */
export async function open(proc: Process, address: Address): Promise<Channel> {
  switch (address.kind) {
    case 'stdio':
      return stdio(proc);
    case 'connect':
      return connect(proc, address);
    case 'datagrams':
      return datagrams(proc, address);
    case 'command':
      return command(proc, address.words);
    case 'file':
      return file(proc, address);
    default:
      throw new AddressError(`not supported: an address that listens in second place`);
  }
}

export function portOf({ port }: Address): number {
  const number = Number(SERVICES[port] ?? port);
  if (Number.isInteger(number) && number >= 0 && number <= 65535) return number;
  throw new AddressError(`xioparsenetwork(): service "${port}" unknown`);
}

const SERVICES: Record<string, number> = { http: 80, https: 443, domain: 53, ssh: 22, mysql: 3306, postgresql: 5432 };

async function addressOf(proc: Process, { host, port, version }: Address): Promise<string> {
  try {
    return (await proc.resolve(host, version))[0] ?? host;
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    throw new AddressError(
      `getaddrinfo("${host}", "${port}", {0x0020,${version === 6 ? 10 : version === 4 ? 2 : 0},1,6}, {}): ${error.message}`,
    );
  }
}

async function connect(proc: Process, address: Address): Promise<Channel> {
  const [ip, port] = [await addressOf(proc, address), portOf(address)];
  const shown = ip.includes(':') ? `AF=10 [${ip}]:${port}, 28` : `AF=2 ${ip}:${port}, 16`;
  try {
    const seconds = Number(address.options.get('connect-timeout') ?? 0);
    return ofConnection(proc, await proc.connect(ip, port, seconds > 0 ? { timeoutMs: seconds * 1000 } : {}));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new AddressError(`connect(5, ${shown}): ${strerror(error)}`);
  }
}

async function datagrams(proc: Process, address: Address): Promise<Channel> {
  const [ip, port] = [await addressOf(proc, address), portOf(address)];
  const socket = proc.udp();
  return {
    read: async (signal) => (await socket.receive(AbortSignal.any([signal, proc.killed])))?.bytes ?? null,
    write: async (bytes) => socket.send(bytes, ip, port),
    finish: () => {},
    close: () => socket.close(),
  };
}

function command(proc: Process, words: string[]): Channel {
  const [input, output] = [new Pipe(), new Pipe()];
  const fds = new Map([[0, new OpenFile(pipeReader(input))]]);
  fds.set(1, new OpenFile(pipeWriter(output)));
  const errors = proc.fds.get(2)?.share();
  if (errors) fds.set(2, errors);
  try {
    const child = proc.spawn(words, { fds });
    return {
      read: (signal) => output.read(65536, AbortSignal.any([signal, proc.killed])),
      write: (bytes) => input.write(bytes, proc.killed),
      finish: () => input.end(),
      close: () => child.signal('SIGTERM'),
    };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new AddressError(`execvp("${words[0]}", "${words[0]}"): ${strerror(error)}`);
  }
}

function file(proc: Process, { words: [path = ''], options }: Address): Channel {
  const reads = !options.has('wronly') && !options.has('append') && !options.has('trunc');
  const writes = !options.has('rdonly') && (!reads || options.has('rdwr'));
  const creates = ['creat', 'create', 'append', 'trunc'].some((name) => options.has(name));
  try {
    const flags = { read: reads, write: writes, create: creates, truncate: options.has('trunc') };
    const opened = proc.files.open(path, options.has('append') ? { ...flags, append: true } : flags);
    return {
      read: (signal) => opened.description.read(65536, AbortSignal.any([signal, proc.killed])),
      write: (bytes) => opened.description.write(bytes, proc.killed),
      finish: () => {},
      close: () => opened.release(),
    };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new AddressError(`open("${path}", 02, 0666): ${strerror(error)}`);
  }
}
