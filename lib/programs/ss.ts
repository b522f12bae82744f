// ss of iproute2 6: the sockets of the network namespace, columns laid out as misc/ss.c does.
import type { Process, Program } from '../machine/process';
import { Cidr, canonical } from '../network/address';
import { getopt, type Options } from './getopt';
import { maySee, portText, type Socket, socketsOf } from './network/sockets';

const LONG = {
  help: 'h',
  version: 'V',
  'no-header': 'H',
  numeric: 'n',
  resolve: 'r',
  all: 'a',
  listening: 'l',
  processes: 'p',
  summary: 's',
  tcp: 't',
  udp: 'u',
  sctp: 'S',
  ipv4: '4',
  ipv6: '6',
  options: 'o',
  extended: 'e',
  memory: 'm',
  info: 'i',
  oneline: 'O',
};
const BACKLOG = 128;
const NETID_ORDER: readonly Socket['protocol'][] = ['udp', 'tcp', 'sctp'];
const USAGE = 'Usage: ss [ OPTIONS ]\n       ss [ OPTIONS ] [ FILTER ]\n';
const STATES: Record<string, readonly Socket['state'][]> = {
  established: ['ESTAB'],
  'syn-sent': ['SYN-SENT'],
  'fin-wait-2': ['FIN-WAIT-2'],
  'time-wait': ['TIME-WAIT'],
  'close-wait': ['CLOSE-WAIT'],
  listening: ['LISTEN', 'UNCONN'],
  listen: ['LISTEN', 'UNCONN'],
  all: ['LISTEN', 'UNCONN', 'ESTAB', 'SYN-SENT', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSE-WAIT'],
  connected: ['ESTAB', 'SYN-SENT', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSE-WAIT'],
  synchronized: ['ESTAB', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSE-WAIT'],
};

export const ss: Program = async (proc) => {
  const options = getopt(proc.argv, 'hVHnralpstuS46oemiOwxdKZzNbEfB', LONG);
  if (options.error) return complain(proc, `${options.error}\n${USAGE}`, 255);
  if (options.has('h')) return print(proc, USAGE);
  if (options.has('V')) return print(proc, 'ss utility, iproute2-6.2.0\n');
  const sockets = socketsOf(proc);
  if (options.has('s')) return print(proc, summary(sockets));
  const filter = parseFilter(options.rest);
  if (typeof filter === 'string') return complain(proc, filter, 255);
  const kinds = [options.has('t') && 'tcp', options.has('u') && 'udp', options.has('S') && 'sctp'].filter(Boolean);
  const shown = sockets
    .filter(({ protocol }) => kinds.length === 0 || kinds.includes(protocol))
    .filter((socket) => isOfFamily(socket, options))
    .filter(({ state }) => (filter.states ?? wantedStates(options)).includes(state))
    .filter(filter.matches)
    .sort((a, b) => NETID_ORDER.indexOf(a.protocol) - NETID_ORDER.indexOf(b.protocol));
  const withNetid = kinds.length !== 1;
  return print(proc, layOut(proc, rows(proc, shown, options), withNetid, filter.states?.length === 1));
};

async function print(proc: Process, text: string): Promise<number> {
  await proc.print(text);
  return 0;
}

async function complain(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

function wantedStates(options: Options): readonly Socket['state'][] {
  if (options.has('l')) return ['LISTEN', 'UNCONN'];
  return (options.has('a') ? STATES['all'] : ['ESTAB', 'FIN-WAIT-2', 'CLOSE-WAIT', 'SYN-SENT']) ?? [];
}

function isOfFamily({ local }: Socket, options: Options): boolean {
  if (options.has('4') && !options.has('6')) return !local.includes(':');
  if (options.has('6') && !options.has('4')) return local.includes(':');
  return true;
}

type Test = (socket: Socket) => boolean;

/** `state established '( dport = :80 or sport = :443 )' dst 10.0.0.0/8`. */
function parseFilter(words: readonly string[]): { states?: readonly Socket['state'][]; matches: Test } | string {
  const tokens = words.flatMap((word) => word.replace(/([()!]|[<>=]=?)/g, ' $1 ').split(/\s+/)).filter(Boolean);
  let states: readonly Socket['state'][] | undefined;
  while (tokens[0] === 'state') {
    const name = (tokens[1] ?? '').toLowerCase();
    const named = STATES[name];
    if (!named) return `ss: wrong state name: ${name}\n`;
    states = [...(states ?? []), ...named];
    tokens.splice(0, 2);
  }
  const matches = tokens.length === 0 ? () => true : disjunction(tokens);
  if (typeof matches === 'string' || tokens.length > 0)
    return `ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n${USAGE}`;
  return { ...(states ? { states } : {}), matches };
}

function disjunction(tokens: string[]): Test | string {
  let left = conjunction(tokens);
  while (tokens[0] === 'or' || tokens[0] === '||') {
    tokens.shift();
    const [a, b] = [left, conjunction(tokens)];
    if (typeof a === 'string' || typeof b === 'string') return 'syntax error';
    left = (socket) => a(socket) || b(socket);
  }
  return left;
}

function conjunction(tokens: string[]): Test | string {
  let left = primary(tokens);
  while (tokens.length > 0 && tokens[0] !== 'or' && tokens[0] !== '||' && tokens[0] !== ')') {
    if (tokens[0] === 'and' || tokens[0] === '&&') tokens.shift();
    const [a, b] = [left, primary(tokens)];
    if (typeof a === 'string' || typeof b === 'string') return 'syntax error';
    left = (socket) => a(socket) && b(socket);
  }
  return left;
}

function primary(tokens: string[]): Test | string {
  const word = tokens.shift();
  if (word === '(') {
    const inner = disjunction(tokens);
    return tokens.shift() === ')' ? inner : 'syntax error';
  }
  if (word === 'not' || word === '!') {
    const inner = primary(tokens);
    return typeof inner === 'string' ? inner : (socket) => !inner(socket);
  }
  if (word === 'sport' || word === 'dport') return portTest(word, tokens);
  if (word === 'src' || word === 'dst') return addressTest(word, tokens);
  return 'syntax error';
}

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  eq: (a, b) => a === b,
  '>': (a, b) => a > b,
  gt: (a, b) => a > b,
  '<': (a, b) => a < b,
  lt: (a, b) => a < b,
  '>=': (a, b) => a >= b,
  ge: (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  le: (a, b) => a <= b,
};
const NAMED: Record<string, number> = { ssh: 22, domain: 53, http: 80, https: 443, mysql: 3306 };

function portTest(which: 'sport' | 'dport', tokens: string[]): Test | string {
  const operator = tokens[0] === '!' ? 'ne' : COMPARE[tokens[0] ?? ''] ? (tokens.shift() as string) : '=';
  if (operator === 'ne') tokens.splice(0, 2);
  const text = (tokens.shift() ?? '').replace(/^.*:/, '');
  const port = NAMED[text] ?? Number(text);
  if (!Number.isInteger(port)) return 'syntax error';
  const compare = operator === 'ne' ? (a: number, b: number) => a !== b : COMPARE[operator];
  return (socket) => compare?.((which === 'sport' ? socket.localPort : socket.peerPort) ?? 0, port) ?? false;
}

function addressTest(which: 'src' | 'dst', tokens: string[]): Test | string {
  if (tokens[0] === '=') tokens.shift();
  const word = tokens.shift() ?? '';
  const [, address = word, port] = /^(\[?[^\]]*?\]?)(?::(\d+))?$/.exec(word) ?? [];
  const text = address.replace(/[[\]]/g, '');
  const block = text.includes('/') ? Cidr.find(text) : undefined;
  return (socket) => {
    const [own, ownPort] = which === 'src' ? [socket.local, socket.localPort] : [socket.peer ?? '', socket.peerPort];
    const same = text === '' || (block ? block.contains(own) : own === canonical(text));
    return same && (port === undefined || Number(port) === ownPort);
  };
}

/** The cells of one line: network, state, queues, local address and port, peer's, process. */
type Row = [string, string, string, string, string, string, string, string, string];

function rows(proc: Process, sockets: readonly Socket[], options: Options): Row[] {
  const numeric = options.has('n');
  return sockets.map((socket) => {
    const { protocol, state, local, localPort, peer, peerPort, owner } = socket;
    const process =
      options.has('p') && maySee(proc, socket)
        ? `users:(("${owner?.name}",pid=${owner?.pid},fd=${FIRST_SOCKET_FD}))`
        : '';
    const any = local.includes(':') ? (local === '::' ? '*' : '[::]') : '0.0.0.0';
    return [
      protocol,
      state,
      '0',
      state === 'LISTEN' ? String(BACKLOG) : '0',
      `${bracketed(local)}:`,
      portText(proc, localPort, protocol, numeric),
      `${peer === undefined ? any : bracketed(peer)}:`,
      portText(proc, peerPort, protocol, numeric),
      process,
    ];
  });
}

const FIRST_SOCKET_FD = 3; // a server's first descriptor after its standard streams
const bracketed = (address: string): string =>
  address === '::' ? '*' : address.includes(':') ? `[${address}]` : address;

const COLUMNS: readonly { title: string; right?: boolean; delimiter: string }[] = [
  { title: 'Netid', delimiter: '' },
  { title: 'State', delimiter: ' ' },
  { title: 'Recv-Q', delimiter: ' ' },
  { title: 'Send-Q', delimiter: ' ' },
  { title: 'Local Address:', right: true, delimiter: ' ' },
  { title: 'Port', delimiter: '' },
  { title: 'Peer Address:', right: true, delimiter: ' ' },
  { title: 'Port', delimiter: '' },
  { title: 'Process', delimiter: '' },
];

/** Columns as wide as their longest cell; on a terminal the room that is left is shared out among them. */
function layOut(proc: Process, lines: Row[], withNetid: boolean, withoutState: boolean): string {
  const kept = COLUMNS.map((_, i) => (i > 0 || withNetid) && (i !== 1 || !withoutState));
  const table = proc.argv.some((word) => /^-\w*H|^--no-header$/.test(word))
    ? lines
    : [COLUMNS.map((c) => c.title), ...lines];
  const widths = COLUMNS.map(({ delimiter }, i) => {
    if (!kept[i]) return 0;
    const longest = Math.max(0, ...table.map((cells) => cells[i]?.length ?? 0));
    const first = kept.findIndex(Boolean) === i;
    return longest > 0 ? longest + (first ? 0 : delimiter.length) : 0;
  });
  const terminal = proc.stdout.terminal;
  if (terminal) spread(widths, terminal.size.columns);
  return table
    .map((cells) => {
      const text = COLUMNS.map(({ right }, i) => {
        const cell = cells[i] ?? '';
        const width = widths[i] ?? 0;
        if (!kept[i] || width === 0) return '';
        const gap = kept.findIndex(Boolean) === i ? '' : (COLUMNS[i]?.delimiter ?? '');
        return right ? cell.padStart(width) : gap + cell.padEnd(width - gap.length);
      });
      return `${text.join('')}\n`;
    })
    .join('');
}

function spread(widths: number[], columns: number): void {
  const used = widths.flatMap((width, i) => (width > 0 ? [i] : []));
  const room = columns - used.reduce((sum, i) => sum + (widths[i] ?? 0), 0);
  if (room <= 0) return;
  const [each, rest] = [Math.floor(room / used.length), room % used.length];
  for (const [n, i] of [...used].reverse().entries()) widths[i] = (widths[i] ?? 0) + each + (n < rest ? 1 : 0);
}

function summary(sockets: readonly Socket[]): string {
  const count = (test: Test) => sockets.filter(test).length;
  const tcp = sockets.filter(({ protocol }) => protocol === 'tcp');
  const six = ({ local }: Socket) => local.includes(':');
  const [udp4, udp6] = [count((s) => s.protocol === 'udp' && !six(s)), count((s) => s.protocol === 'udp' && six(s))];
  const [tcp4, tcp6] = [tcp.filter((s) => !six(s)).length, tcp.filter(six).length];
  const estab = count(({ state }) => state === 'ESTAB');
  const timeWait = count(({ state }) => state === 'TIME-WAIT');
  const row = (title: string, v4: number, v6: number) =>
    `${title.padEnd(10)}${String(v4 + v6).padEnd(10)}${String(v4).padEnd(10)}${String(v6).padEnd(10)}\n`;
  return `Total: ${sockets.length}
TCP:   ${tcp.length} (estab ${estab}, closed ${timeWait}, orphaned 0, timewait ${timeWait})

Transport Total     IP        IPv6
${row('RAW', 0, 0)}${row('UDP', udp4, udp6)}${row('TCP', tcp4, tcp6)}${row('INET', udp4 + tcp4, udp6 + tcp6)}${row('FRAG', 0, 0)}
`;
}
