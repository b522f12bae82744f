// The filter language of pcap: hosts, networks, ports, protocols, lengths and TCP flags, joined by and, or, not.
import type { Packet } from '../../machine/flow';
import { Cidr, canonical } from '../../network/address';

export type PacketTest = (packet: Packet) => boolean;

export class FilterError extends Error {}

/** What a bare value after `or` goes on with: `port 80 or 443`. */
interface Qualifier {
  kind: 'host' | 'net' | 'port' | 'portrange' | undefined;
  direction: 'src' | 'dst' | 'either' | 'both';
  protocol: string | undefined;
}

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmp6', 'sctp', 'ip', 'ip6', 'arp', 'ether'];
const NAMED_PORTS: Record<string, number> = {
  ssh: 22,
  domain: 53,
  http: 80,
  https: 443,
  mysql: 3306,
  postgresql: 5432,
};
const FLAG_BITS: Record<string, number> = {
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
};
const FLAG_OFFSET = 13; // of the TCP header

/** Reads an expression; an empty one takes everything. `resolve` looks names of hosts up. Throws FilterError. */
export async function compileFilter(
  words: readonly string[],
  resolve: (name: string) => Promise<string[]>,
): Promise<PacketTest> {
  const text = words.join(' ').replace(/(&&|\|\||!=|==|<=|>=|[()!&|=<>[\]])/g, ' $1 ');
  const tokens = text.split(/\s+/).filter(Boolean);
  if (tokens.length === 0) return () => true;
  const names = new Map<string, string[]>();
  for (const [i, token] of tokens.entries())
    if (/^(host|src|dst)$/.test(token)) {
      const name = tokens[i + 1] ?? '';
      if (/[a-z]/i.test(name) && !/^(host|net|port|portrange|and|or)$/.test(name) && !name.includes(':'))
        names.set(name, await resolve(name));
    }
  const parser = new Parser(tokens, names);
  return parser.whole();
}

class Parser {
  private last: Qualifier = { kind: undefined, direction: 'either', protocol: undefined };

  constructor(
    private readonly tokens: string[],
    private readonly names: ReadonlyMap<string, string[]>,
  ) {}

  whole(): PacketTest {
    const test = this.disjunction();
    if (this.tokens.length > 0) throw new FilterError('syntax error');
    return test;
  }

  private disjunction(): PacketTest {
    let left = this.negation();
    for (;;) {
      const [token] = this.tokens;
      if (token === undefined || token === ')') return left;
      const isOr = token === 'or' || token === '||';
      if (isOr || token === 'and' || token === '&&') this.tokens.shift();
      const [a, b] = [left, this.negation()];
      // `and` and `or` bind alike, from the left, as pcap-filter(7) says.
      left = isOr ? (packet) => a(packet) || b(packet) : (packet) => a(packet) && b(packet);
    }
  }

  private negation(): PacketTest {
    const [token] = this.tokens;
    if (token !== 'not' && token !== '!') return this.primary();
    this.tokens.shift();
    const inner = this.negation();
    return (packet) => !inner(packet);
  }

  private primary(): PacketTest {
    const token = this.take();
    if (token === '(') {
      const inner = this.disjunction();
      if (this.take() !== ')') throw new FilterError('syntax error');
      return inner;
    }
    if (token === 'less' || token === 'greater') return this.length(token);
    if (this.tokens[0] === '[') return this.bytes(token);
    return this.qualified(token);
  }

  private take(): string {
    const token = this.tokens.shift();
    if (token === undefined) throw new FilterError('syntax error');
    return token;
  }

  private length(which: string): PacketTest {
    const size = Number(this.take());
    return (packet) => (which === 'less' ? packet.payload.length + 54 <= size : packet.payload.length + 54 >= size);
  }

  private qualified(first: string): PacketTest {
    const qualifier: Qualifier = { kind: undefined, direction: 'either', protocol: undefined };
    let token: string | undefined = first;
    let named = false;
    for (; token !== undefined; token = this.tokens.shift()) {
      if (PROTOCOLS.includes(token)) qualifier.protocol = token;
      else if (token === 'src' || token === 'dst') qualifier.direction = this.direction(token);
      else if (token === 'host' || token === 'net' || token === 'port' || token === 'portrange') qualifier.kind = token;
      else break;
      named = true;
      if (this.endsHere(qualifier)) return protocolTest(qualifier.protocol ?? '');
    }
    if (token === undefined) throw new FilterError('syntax error');
    const whole = named ? qualifier : this.last;
    this.last = whole;
    return this.value({ ...whole, kind: whole.kind ?? 'host' }, token);
  }

  /** A protocol alone: `tcp and …`. */
  private endsHere({ kind, direction, protocol }: Qualifier): boolean {
    const [next] = this.tokens;
    const over = next === undefined || ['and', 'or', '&&', '||', ')', 'not', '!'].includes(next);
    return over && protocol !== undefined && kind === undefined && direction === 'either';
  }

  private direction(token: 'src' | 'dst'): Qualifier['direction'] {
    const [join, other] = this.tokens;
    if (join === 'or' && (other === 'src' || other === 'dst')) {
      this.tokens.splice(0, 2);
      return 'either';
    }
    if (join === 'and' && (other === 'src' || other === 'dst')) {
      this.tokens.splice(0, 2);
      return 'both';
    }
    return token;
  }

  private value({ kind, direction, protocol }: Qualifier, text: string): PacketTest {
    const own = protocol ? protocolTest(protocol) : () => true;
    if (kind === 'port' || kind === 'portrange') {
      const [low, high] = portRange(text, kind);
      const within = (port: number) => port >= low && port <= high;
      const ends = endsTest<number>(direction, within);
      return (packet) => own(packet) && !packet.icmp && ends(packet.sourcePort, packet.destinationPort);
    }
    const block = kind === 'net' || text.includes('/') ? netOf(text) : undefined;
    const addresses = this.names.get(text) ?? [canonical(text)];
    if (!block && addresses.length === 0) throw new FilterError(`unknown host '${text}'`);
    if (!block && !/^[0-9a-f.:]+$/i.test(text) && !this.names.has(text)) throw new FilterError('syntax error');
    const ends = endsTest<string>(direction, (address) =>
      block ? block.contains(address) : addresses.includes(canonical(address)),
    );
    return (packet) => own(packet) && ends(packet.source, packet.destination);
  }

  /** `tcp[tcpflags] & (tcp-syn|tcp-fin) != 0`, `tcp[13] == 2`. */
  private bytes(protocol: string): PacketTest {
    this.take();
    const offset = this.take();
    while (this.take() !== ']');
    if (protocol !== 'tcp' || (offset !== 'tcpflags' && Number(offset) !== FLAG_OFFSET))
      throw new FilterError(`not supported: ${protocol}[${offset}]`);
    let mask = 0xff;
    if (this.tokens[0] === '&') {
      this.take();
      mask = this.flags();
    }
    const operator = this.take();
    const wanted = this.flags();
    return ({ tcp }) => {
      if (!tcp) return false;
      const value = flagByte(tcp.flags) & mask;
      return operator === '!=' ? value !== wanted : operator === '=' || operator === '==' ? value === wanted : false;
    };
  }

  private flags(): number {
    const open = this.tokens[0] === '(';
    if (open) this.take();
    let bits = flagNumber(this.take());
    while (this.tokens[0] === '|') {
      this.take();
      bits |= flagNumber(this.take());
    }
    if (open && this.take() !== ')') throw new FilterError('syntax error');
    return bits;
  }
}

function flagNumber(text: string): number {
  const bits = FLAG_BITS[text] ?? Number(text);
  if (Number.isNaN(bits)) throw new FilterError('syntax error');
  return bits;
}

/** The flags byte of a TCP header. */
export const flagByte = (flags: string): number =>
  (flags.includes('F') ? 1 : 0) |
  (flags.includes('S') ? 2 : 0) |
  (flags.includes('R') ? 4 : 0) |
  (flags.includes('P') ? 8 : 0) |
  (flags.includes('.') ? 16 : 0);

function endsTest<T>(direction: Qualifier['direction'], matches: (end: T) => boolean) {
  return (source: T, destination: T): boolean => {
    if (direction === 'src') return matches(source);
    if (direction === 'dst') return matches(destination);
    return direction === 'both' ? matches(source) && matches(destination) : matches(source) || matches(destination);
  };
}

function portRange(text: string, kind: string): [number, number] {
  const [low = '', high = low] = kind === 'portrange' ? text.split('-') : [text];
  const ports = [low, high].map((word) => NAMED_PORTS[word] ?? Number(word)) as [number, number];
  if (ports.some((port) => !Number.isInteger(port) || port < 0)) throw new FilterError(`unknown port '${text}'`);
  if (ports.some((port) => port > 65_535)) throw new FilterError(`illegal port number ${text} > 65535`);
  return ports;
}

/** `10.0.0.0/8`, `10.128`, `192.168.50`. */
function netOf(text: string): Cidr {
  const parts = text.split('.');
  const short = !text.includes('/') && !text.includes(':') && parts.length < 4;
  const whole = short ? `${[...parts, '0', '0', '0'].slice(0, 4).join('.')}/${parts.length * 8}` : text;
  const block = Cidr.find(whole.includes('/') ? whole : `${whole}/32`);
  if (!block) throw new FilterError('syntax error');
  return block;
}

function protocolTest(protocol: string): PacketTest {
  const six = ({ source }: Packet) => source.includes(':');
  if (protocol === 'ip') return (packet) => !six(packet);
  if (protocol === 'ip6') return six;
  if (protocol === 'icmp') return (packet) => packet.protocol === 'ICMP' && !six(packet);
  if (protocol === 'icmp6') return (packet) => packet.protocol === 'ICMP' && six(packet);
  if (protocol === 'arp') return () => false; // DIFFERS: address resolution makes no packets here
  if (protocol === 'ether') return () => true;
  return (packet) => packet.protocol === protocol.toUpperCase();
}
