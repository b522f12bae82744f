// socat 1.8: two addresses, and bytes between them both ways.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { strftime } from '../../shell/strftime';
import { BrokenPipe } from '../../sim/pipe';
import { getopt } from '../getopt';
import { inBackground } from '../in-background';
import { type Address, AddressError, parseAddress } from './address';
import { type Channel, ofConnection, open, portOf } from './channel';

const LINGER_MS = 500; // how long the other direction may go on when one has ended; -t
const VERSION = 'socat by Gerhard Rieger and contributors - see www.dest-unreach.org\nsocat version 1.8.0.0\n';
const USAGE = `${VERSION.split('\n')[0]}
Usage:
socat [options] <bi-address> <bi-address>
   options (general command line options):
      -V     print version and feature information to stdout, and exit
      -h|-?  print a help text describing command line options and addresses
      -d     increase verbosity (use up to 4 times; 2 are recommended)
      -t<timeout>  wait seconds before closing second channel
      -u     unidirectional mode (left to right)
      -U     unidirectional mode (right to left)
`;

interface Job {
  lingerMs: number;
  /** Which way bytes go. */
  ways: readonly ('there' | 'back')[];
}

export const socat: Program = async (proc) => {
  const options = getopt(proc.argv, 'Vh?duUt:T:vxD46b:slL:');
  const fatal = async (message: string) => {
    await proc.complain(line(proc, 'E', message));
    return 1;
  };
  if (options.error !== undefined) return fatal(`unknown option "${proc.argv[1]}"; use option "-h" for help`);
  if (options.has('V')) return proc.print(VERSION).then(() => 0);
  if (options.has('h') || options.has('?')) return proc.print(USAGE).then(() => 0);
  if (options.has('v') || options.has('x')) return fatal('not supported: the options -v and -x');
  const [left, right, ...more] = options.rest;
  if (left === undefined || right === undefined || more.length > 0)
    return fatal(`exactly 2 addresses required (there are ${options.rest.length}); use option "-h" for help`);
  const job: Job = {
    lingerMs: options.has('t') ? Number(options.get('t')) * 1000 : LINGER_MS,
    ways: options.has('u') ? ['there'] : options.has('U') ? ['back'] : ['there', 'back'],
  };
  try {
    await run(proc, job, parseAddress(left), parseAddress(right));
    return 0;
  } catch (error) {
    if (error instanceof AddressError) return fatal(error.message);
    if (error instanceof Errno) return fatal(strerror(error));
    throw error;
  }
};

const line = (proc: Process, level: 'E' | 'W', message: string): string =>
  `${strftime('%Y/%m/%d %H:%M:%S', proc.machine.clock.now())} socat[${proc.pid}] ${level} ${message}\n`;

function run(proc: Process, job: Job, left: Address, right: Address): Promise<void> {
  if (left.kind === 'listen') return listen(proc, job, left, right);
  if (left.kind === 'datagram-listen') return listenForDatagrams(proc, job, left, right);
  if (right.kind === 'listen') return listen(proc, { ...job, ways: turned(job.ways) }, right, left);
  if (right.kind === 'datagram-listen')
    return listenForDatagrams(proc, { ...job, ways: turned(job.ways) }, right, left);
  return between(proc, job, left, right);
}

const turned = (ways: Job['ways']): Job['ways'] => ways.map((way) => (way === 'there' ? 'back' : 'there'));

async function between(proc: Process, job: Job, left: Address, right: Address): Promise<void> {
  const first = await open(proc, left);
  await relay(proc, job, first, await open(proc, right));
}

async function listen(proc: Process, job: Job, own: Address, other: Address): Promise<void> {
  const port = portOf(own);
  const address = own.host || (own.version === 6 ? '::' : '0.0.0.0');
  let listener: ReturnType<Process['listen']>;
  try {
    listener = proc.listen(port, address);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new AddressError(`bind(5, {AF=2 ${address}:${port}}, 16): ${strerror(error)}`);
  }
  for (;;) {
    const connection = await listener.accept(proc.killed);
    if (!connection) return;
    const served = serve(proc, job, ofConnection(proc, connection), other);
    if (!own.options.has('fork')) {
      listener.close();
      return served;
    }
    // a child of its own there: its end is nobody else's
    const told = served.catch((error) => {
      if (!(error instanceof AddressError)) throw error;
      return proc.complain(line(proc, 'E', error.message));
    });
    inBackground(proc, told);
  }
}

async function serve(proc: Process, job: Job, own: Channel, other: Address): Promise<void> {
  try {
    await relay(proc, job, own, await open(proc, other));
  } finally {
    own.close();
  }
}

/** The first datagram says who the peer is; with `fork` everybody who writes is a peer of his own. */
async function listenForDatagrams(proc: Process, job: Job, own: Address, other: Address): Promise<void> {
  const socket = proc.udp(portOf(own), own.host || '0.0.0.0');
  const peers = new Map<string, Channel>();
  for (let got = await socket.receive(proc.killed); got; got = await socket.receive(proc.killed)) {
    const { address, port, bytes } = got;
    const key = `${address} ${port}`;
    const known = peers.get(key);
    if (!known && peers.size > 0 && !own.options.has('fork')) continue;
    const channel = known ?? (await open(proc, other));
    if (!known) {
      peers.set(key, channel);
      const answers = backTo((reply) => socket.send(reply, address, port), channel, proc);
      inBackground(
        proc,
        answers.finally(() => peers.delete(key)),
      );
    }
    if (job.ways.includes('there')) await channel.write(bytes);
  }
}

async function backTo(send: (bytes: Uint8Array) => void, channel: Channel, proc: Process): Promise<void> {
  for (let chunk = await channel.read(proc.killed); chunk; chunk = await channel.read(proc.killed)) send(chunk);
}

/** Copies until both ways have ended, or one has and the other stays silent for the time that is left to it. */
async function relay(proc: Process, { ways, lingerMs }: Job, left: Channel, right: Channel): Promise<void> {
  const done = new AbortController();
  const copies = ways.map((way) => (way === 'there' ? copy(left, right, done.signal) : copy(right, left, done.signal)));
  await Promise.race(copies);
  await Promise.race([Promise.all(copies), proc.sleep(lingerMs, done.signal)]);
  done.abort(new Errno('EINTR'));
  left.close();
  right.close();
}

async function copy(from: Channel, to: Channel, signal: AbortSignal): Promise<void> {
  try {
    for (let chunk = await from.read(signal); chunk; chunk = await from.read(signal)) await to.write(chunk);
  } catch (error) {
    if (!(error instanceof Errno || error instanceof BrokenPipe)) throw error;
  }
  to.finish();
}
