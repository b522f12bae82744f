// tcpdump 4.99: the packets that pass a machine's devices, as they pass.
import { Errno, strerror } from '../../machine/errno';
import type { Packet, Sighting } from '../../machine/flow';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { getopt, type Options } from '../getopt';
import { ownDevices, serviceName } from '../network/own-network';
import { asciiText, ethernet, hexLines, packetBytes } from './bytes';
import { CaptureFileError, fileHeader, readFile, record } from './capture-file';
import { compileFilter, FilterError, type PacketTest } from './filter';
import { Lines } from './format';

const SHORT = 'AbBc:C:dDeE:fF:G:hHi:IjKlLm:M:nNOpqQ:r:s:StT:uUvVw:W:xXy:zZ:#';
const LONG = {
  'list-interfaces': 'D',
  'immediate-mode': 'immediate',
  'interface=': 'i',
  count: 'count',
  version: 'version',
  number: '#',
  'direction=': 'Q',
};
const VERSION = 'tcpdump version 4.99.3\nlibpcap version 1.10.3 (with TPACKET_V3)\nOpenSSL 3.0.7 1 Nov 2022\n';

export const tcpdump: Program = async (proc) => {
  const options = getopt(proc.argv, SHORT, LONG);
  if (options.error || options.has('h'))
    return complain(
      proc,
      `${options.error ? `${options.error}\n` : ''}${VERSION}Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]\n\t\t[ -i interface ] [ -r file ] [ -w file ] [ expression ]\n`,
      1,
    );
  if (options.has('version')) return complain(proc, VERSION, 0);
  if (options.has('D')) return listDevices(proc);
  try {
    const test = await compileFilter(options.rest, (name) => proc.resolve(name));
    const file = options.get('r');
    return file === undefined ? await live(proc, options, test) : await replay(proc, options, test, file);
  } catch (error) {
    if (error instanceof FilterError)
      return complain(proc, `tcpdump: can't parse filter expression: ${error.message}\n`, 1);
    if (error instanceof NameError) return complain(proc, `tcpdump: unknown host\n`, 1);
    throw error;
  }
};

async function complain(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

async function listDevices(proc: Process): Promise<number> {
  const devices = ownDevices(proc)
    .filter(({ flags }) => flags.includes('UP'))
    .map(({ name }) => `${name} [${name === 'lo' ? 'Up, Running, Loopback' : 'Up, Running, Connected'}]`);
  const others = devices.filter((text) => !text.startsWith('lo '));
  const list = [
    ...others,
    'any (Pseudo-device that captures on all interfaces) [Up, Running]',
    ...devices.filter((text) => text.startsWith('lo ')),
  ];
  await proc.print(list.map((text, i) => `${i + 1}.${text}\n`).join(''));
  return 0;
}

async function live(proc: Process, options: Options, test: PacketTest): Promise<number> {
  const devices = ownDevices(proc);
  const device = options.get('i') ?? devices.find(({ name, state }) => name !== 'lo' && state === 'UP')?.name ?? 'lo';
  if (proc.uid !== 0)
    return complain(
      proc,
      `tcpdump: ${device}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n`,
      1,
    );
  if (device !== 'any' && !devices.some(({ name }) => name === device))
    return complain(proc, `tcpdump: ${device}: No such device exists\n(No such device exists)\n`, 1);
  const link = device === 'any' ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)';
  const verbose = options.has('v') || options.has('w');
  await proc.complain(
    `${device === 'any' ? 'tcpdump: data link type LINUX_SLL2\n' : ''}${verbose ? 'tcpdump: ' : 'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n'}listening on ${device}, link-type ${link}, snapshot length ${options.get('s') && options.get('s') !== '0' ? options.get('s') : 262144} bytes\n`,
  );
  return capture(proc, options, test, device);
}

async function capture(proc: Process, options: Options, test: PacketTest, device: string): Promise<number> {
  const { net } = proc.machine;
  const queue: Sighting[] = [];
  const limit = Number(options.get('c') ?? Number.POSITIVE_INFINITY);
  const direction = options.get('Q');
  let wake: () => void = () => {};
  const stop = new AbortController();
  const unwatch = net.fabric.flows.watch(net.host, (sighting) => {
    const onLoopback = sighting.device === 'lo' && sighting.direction === 'Out'; // libpcap shows it once
    if ((device !== 'any' && sighting.device !== device) || onLoopback) return;
    if (direction && direction !== 'inout' && !sighting.direction.toLowerCase().startsWith(direction)) return;
    if (!test(visible(sighting.packet)) || queue.length >= QUEUE_LIMIT) return;
    queue.push(sighting);
    wake();
  });
  proc.onExit(unwatch);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) proc.on(signal, () => stop.abort(new Errno('EINTR')));
  stop.signal.addEventListener('abort', () => wake());
  proc.killed.addEventListener('abort', () => wake());
  const printer = new Printer(proc, options, device === 'any');
  let captured = 0;
  await printer.begin();
  while (captured < limit && !stop.signal.aborted && !proc.killed.aborted) {
    const next = queue.shift();
    if (next) {
      captured++;
      await printer.show(next);
    } else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
  unwatch();
  await printer.end();
  await proc.complain(
    `${captured} packet${captured === 1 ? '' : 's'} captured\n${captured + queue.length} packet${captured + queue.length === 1 ? '' : 's'} received by filter\n0 packets dropped by kernel\n`,
  );
  return 0;
}

const QUEUE_LIMIT = 10_000; // packets waiting to be printed; the kernel drops what a slow reader leaves

/** What a filter sees: the outer addresses of a packet in an envelope. */
function visible(packet: Packet): Packet {
  const { envelope, tcp: _, icmp: __, ...rest } = packet;
  if (!envelope) return packet;
  return {
    ...rest,
    source: envelope.source,
    destination: envelope.destination,
    protocol: 'UDP',
    sourcePort: 0,
    destinationPort: envelope.port,
  };
}

async function replay(proc: Process, options: Options, test: PacketTest, file: string): Promise<number> {
  let packets: { packet: Packet; at: number }[];
  try {
    packets = readFile(file === '-' ? await proc.readAll() : proc.files.readBytes(file));
  } catch (error) {
    if (error instanceof CaptureFileError) return complain(proc, `tcpdump: ${error.message}\n`, 1);
    if (error instanceof Errno) return complain(proc, `tcpdump: ${file}: ${strerror(error)}\n`, 1);
    throw error;
  }
  await proc.complain(`reading from file ${file}, link-type EN10MB (Ethernet), snapshot length 262144\n`);
  const printer = new Printer(proc, options, false);
  const limit = Number(options.get('c') ?? Number.POSITIVE_INFINITY);
  await printer.begin();
  for (const { packet, at } of packets.filter(({ packet }) => test(visible(packet))).slice(0, limit))
    await printer.show({ packet, at, host: '', device: '', direction: 'In' });
  await printer.end();
  return 0;
}

/** Writes packets as lines, or into a file. */
class Printer {
  private readonly lines: Lines;
  private readonly chunks: Uint8Array[] = [];
  private number = 0;
  private before: number | undefined;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
    private readonly cooked: boolean,
  ) {
    const numericPorts = options.has('n');
    const hosts = options.has('n') ? new Map<string, string>() : hostsOf(proc);
    this.lines = new Lines({
      verbose: options.has('v'),
      quiet: options.has('q'),
      absolute: options.has('S'),
      portName: (port, protocol) => (numericPorts ? String(port) : (serviceName(proc, port, protocol) ?? String(port))),
      hostName: (address) => hosts.get(address) ?? address,
    });
  }

  private get file(): string | undefined {
    return this.options.get('w');
  }

  async begin(): Promise<void> {
    if (this.file !== undefined) await this.put(fileHeader());
  }

  async show({ packet, at, device, direction }: Sighting): Promise<void> {
    this.number++;
    if (this.file !== undefined) return this.put(record(packet, at));
    const where = this.cooked ? `${device.padEnd(5)} ${direction.padEnd(3)} ` : '';
    const text = `${this.options.has('#') ? `${String(this.number).padStart(5)}  ` : ''}${this.time(at)}${where}${this.link(packet)}${this.lines.line(packet)}\n`;
    await this.proc.print(text + this.dump(packet));
  }

  async end(): Promise<void> {
    if (this.file !== undefined && this.file !== '-') this.proc.files.write(this.file, joined(this.chunks));
  }

  private async put(bytes: Uint8Array): Promise<void> {
    if (this.file === '-') return this.proc.print(bytes);
    this.chunks.push(bytes);
  }

  private link(packet: Packet): string {
    if (!this.options.has('e')) return '';
    const frame = ethernet(packet, packetBytes(packet));
    const mac = (from: number) =>
      [...frame.subarray(from, from + 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
    const kind = packet.source.includes(':') ? 'IPv6 (0x86dd)' : 'IPv4 (0x0800)';
    return `${mac(6)} > ${mac(0)}, ethertype ${kind}, length ${frame.length}: `;
  }

  private dump(packet: Packet): string {
    const { options } = this;
    if (!options.has('A') && !options.has('x') && !options.has('X')) return '';
    const bytes = packetBytes(packet);
    return options.has('A') ? asciiText(bytes) : hexLines(bytes, options.has('X'));
  }

  /** `-t` none, `-tt` seconds, `-ttt` since the last, `-tttt` with the date. */
  private time(at: number): string {
    const level = this.options.all('t').length;
    if (level === 1) return '';
    const fraction = String(Math.floor(at % 1e6)).padStart(6, '0');
    if (level === 2) return `${Math.floor(at / 1e6)}.${fraction} `;
    const since = this.before === undefined ? 0 : at - this.before;
    this.before = at;
    const clock = (us: number) => new Date(Math.floor(us / 1000)).toISOString();
    if (level === 3) return ` ${clock(since).slice(11, 19)}.${String(Math.floor(since % 1e6)).padStart(6, '0')} `;
    const text = `${clock(at).slice(11, 19)}.${fraction}`;
    return level >= 4 ? `${clock(at).slice(0, 10)} ${text} ` : `${text} `;
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Names of addresses in /etc/hosts. DIFFERS: the real one asks DNS too, which would fill its own capture. */
const hostsOf = (proc: Process): Map<string, string> =>
  new Map(
    (proc.machine.text('/etc/hosts') ?? '')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
      .flatMap(([address, name]): [string, string][] => (address && name ? [[address, name]] : [])),
  );
