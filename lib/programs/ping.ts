// ping of iputils 20210202, and BusyBox' applet: echo requests through the simulated network, one a second.
import { Errno } from '../machine/errno';
import type { Heard, PingAnswer } from '../machine/ping';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { parseAddress } from '../network/address';
import { getopt, type Options } from './getopt';
import { reverseName } from './network/reverse-name';

const SECOND_MS = 1000;
const DEFAULT_WAIT_S = 10; // for the last answer
const ARP_WAIT_MS = 3000; // until a host that nobody holds is reported
const ICMP_HEADER_BYTES = 8;
const IP_HEADER_BYTES = { 4: 20, 6: 40 };
const USAGE = `
Usage
  ping [options] <destination>

Options:
  <destination>      dns name or ip address
  -4                 use IPv4
  -6                 use IPv6
  -c <count>         stop after <count> replies
  -D                 print timestamps
  -i <interval>      seconds between sending each packet
  -I <interface>     either interface name or address
  -n                 no dns name resolution
  -q                 quiet output
  -s <size>          use <size> as number of data bytes to be sent
  -t <ttl>           define time to live
  -w <deadline>      reply wait <deadline> in seconds
  -W <timeout>       time to wait for response

For more details see ping(8).
`;
const BUSYBOX_USAGE = `BusyBox v1.36.1 () multi-call binary.

Usage: ping [OPTIONS] HOST

Send ICMP ECHO_REQUESTs to HOST

	-4,-6		Force IP or IPv6 name resolution
	-c CNT		Send only CNT pings
	-s SIZE		Send SIZE data bytes in packets (default 56)
	-i SECS		Interval
	-A		Ping as soon as reply is recevied
	-t TTL		Set TTL
	-I IFACE/IP	Source interface or IP address
	-W SEC		Seconds to wait for the first response (default 10)
			(after all -c CNT packets are sent)
	-w SEC		Seconds until ping exits (default:infinite)
			(can exit earlier with -c CNT)
	-q		Quiet, only display output at start/finish
	-p HEXBYTE	Payload pattern
`;

/** How one of the two programs speaks. */
interface Style {
  start(run: Run): string;
  reply(run: Run, seq: number, answer: Heard<'reply'>): string;
  /** Empty: says nothing of it. */
  failure(run: Run, seq: number, answer: PingAnswer): string;
  end(run: Run): string;
}

interface Run {
  target: string;
  address: string;
  /** What replies are said to come from. */
  from: string;
  bytes: number;
  quiet: boolean;
  startedAt: number;
  endedAt: number;
  sent: number;
  errors: number;
  times: number[];
}

export const ping: Program = async (proc) => {
  const options = getopt(proc.argv, '46abABc:dDe:fhi:I:l:Lm:M:nN:OqQ:p:rRs:S:t:T:UvVw:W:', {});
  if (options.has('V')) return print(proc, 'ping from iputils 20210202\n', 0);
  if (options.error || options.has('h'))
    return complain(proc, `${options.error ? `${options.error}\n` : ''}${USAGE}`, 2);
  const target = options.rest.at(-1);
  if (!target) return complain(proc, 'ping: usage error: Destination address required\n', 1);
  const bad = badNumber(options);
  if (bad) return complain(proc, bad, 1);
  let addresses: string[];
  try {
    addresses = await proc.resolve(target, familyOf(proc, options));
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return complain(proc, `ping: ${target}: ${error.message}\n`, 2);
  }
  const address = addresses[0] ?? target;
  const isName = !parseAddress(target);
  const name = isName && !options.has('n') ? await reverseName(proc, address) : undefined;
  const from = name ? `${name} (${address})` : isName && !options.has('n') ? `${address} (${address})` : address;
  return run(proc, options, { target, address, from }, iputils);
};

export const busyboxPing: Program = async (proc) => {
  const options = getopt(proc.argv, '46c:s:i:At:I:W:w:qp:', {});
  const target = options.rest[0];
  if (options.error || !target)
    return complain(proc, `${options.error ? `${options.error}\n` : ''}${BUSYBOX_USAGE}`, 1);
  let addresses: string[];
  try {
    addresses = await proc.resolve(target, familyOf(proc, options));
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return complain(proc, `ping: bad address '${target}'\n`, 1);
  }
  const address = addresses[0] ?? target;
  return run(proc, options, { target, address, from: address }, busybox);
};

const familyOf = (proc: Process, options: Options): 4 | 6 | 0 =>
  options.has('6') || proc.name === 'ping6' ? 6 : options.has('4') ? 4 : 0;

async function print(proc: Process, text: string, code: number): Promise<number> {
  await proc.print(text);
  return code;
}

async function complain(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

function badNumber(options: Options): string | undefined {
  for (const [letter, least, most] of [
    ['c', 1, Number.MAX_SAFE_INTEGER],
    ['s', 0, 65_507],
    ['t', 1, 255],
  ] as const) {
    const text = options.get(letter);
    if (text === undefined) continue;
    if (!/^\d+$/.test(text)) return `ping: invalid argument: '${text}'\n`;
    const value = Number(text);
    if (value < least || value > most)
      return `ping: invalid argument: '${text}': out of range: ${least} <= value <= ${most === Number.MAX_SAFE_INTEGER ? '9223372036854775807' : most}\n`;
  }
  return undefined;
}

async function run(
  proc: Process,
  options: Options,
  to: Pick<Run, 'target' | 'address' | 'from'>,
  style: Style,
): Promise<number> {
  const { clock, net, random } = proc.machine;
  const number = (letter: string, otherwise: number) => Number(options.get(letter) ?? otherwise);
  const state: Run = {
    ...to,
    bytes: number('s', 56),
    quiet: options.has('q'),
    startedAt: clock.now(),
    endedAt: clock.now(),
    sent: 0,
    errors: 0,
    times: [],
  };
  const count = number('c', Number.POSITIVE_INFINITY);
  const everyMs = number('i', options.has('f') ? 0.01 : 1) * SECOND_MS;
  const deadline = options.has('w') ? clock.now() + number('w', 0) * SECOND_MS : Number.POSITIVE_INFINITY;
  const waitMs = number('W', DEFAULT_WAIT_S) * SECOND_MS;
  const stop = new AbortController();
  proc.on('SIGINT', () => stop.abort(new Errno('EINTR')));
  const id = 1 + random.int(65_534);
  const payload = Uint8Array.from({ length: state.bytes }, (_, i) => i & 255);
  let last: PingAnswer | undefined;
  const first = await net.ping({ address: to.address, ttl: number('t', 64), id, seq: 0, probe: true });
  if (first.kind === 'no-network') return unreachableNetwork(proc, style, state);
  await proc.print(style.start(state));
  try {
    for (let seq = 1; seq <= count && clock.now() < deadline && !stop.signal.aborted; seq++) {
      state.sent = seq;
      last = await net.ping({ address: to.address, ttl: number('t', 64), id, seq, payload });
      await hear(proc, state, seq, last, style);
      const isLast = seq >= count;
      const late = last.kind === 'lost' ? waitMs : last.kind === 'unreachable' ? ARP_WAIT_MS : 0;
      await proc.sleep(Math.min(isLast ? late : everyMs, Math.max(0, deadline - clock.now())), stop.signal);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  state.endedAt = clock.now();
  await proc.print(style.end(state));
  return state.times.length > 0 ? 0 : 1;
}

async function hear(proc: Process, state: Run, seq: number, answer: PingAnswer, style: Style): Promise<void> {
  if (answer.kind === 'reply') {
    state.times.push(answer.ms);
    if (!state.quiet) await proc.print(style.reply(state, seq, answer));
    return;
  }
  const text = style.failure(state, seq, answer);
  if (text) state.errors++;
  if (text && !state.quiet) await proc.print(text);
}

/** iputils connects its socket first, BusyBox finds out when it sends. */
async function unreachableNetwork(proc: Process, style: Style, state: Run): Promise<number> {
  if (style === iputils) return complain(proc, 'ping: connect: Network is unreachable\n', 2);
  await proc.print(style.start(state));
  return complain(proc, 'ping: sendto: Network is unreachable\n', 1);
}

const fixed = (ms: number): string => ms.toFixed(3);

/** Three digits that count, as iputils prints a time. */
const shortTime = (ms: number): string =>
  ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms >= 1 ? ms.toFixed(2) : fixed(ms);

const loss = ({ sent, times }: Run): string =>
  String(Number(((100 * (sent - times.length)) / Math.max(1, sent)).toPrecision(6)));

const iputils: Style = {
  start: ({ target, address, bytes }) => {
    const family = address.includes(':') ? 6 : 4;
    const whole = bytes + ICMP_HEADER_BYTES + IP_HEADER_BYTES[family];
    return family === 6
      ? `PING ${target}(${address}) ${bytes} data bytes\n`
      : `PING ${target} (${address}) ${bytes}(${whole}) bytes of data.\n`;
  },
  reply: ({ bytes, from }, seq, { ttl, ms }) =>
    `${bytes + ICMP_HEADER_BYTES} bytes from ${from}: icmp_seq=${seq} ttl=${ttl} time=${shortTime(ms)} ms\n`,
  failure: (_, seq, answer) => {
    if (answer.kind === 'unreachable') return `From ${answer.from} icmp_seq=${seq} Destination Host Unreachable\n`;
    if (answer.kind === 'closed') return `From ${answer.from} icmp_seq=${seq} Destination Port Unreachable\n`;
    return answer.kind === 'exceeded' ? `From ${answer.from} icmp_seq=${seq} Time to live exceeded\n` : '';
  },
  end: (run) => {
    const { target, sent, times, errors, startedAt, endedAt } = run;
    const head = `\n--- ${target} ping statistics ---\n${sent} packets transmitted, ${times.length} received, ${errors > 0 ? `+${errors} errors, ` : ''}${loss(run)}% packet loss, time ${Math.round(endedAt - startedAt)}ms\n`;
    if (times.length === 0) return `${head}${errors > 0 ? `pipe ${Math.min(errors, 4)}\n` : '\n'}`;
    const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    const deviation = Math.sqrt(times.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / times.length);
    return `${head}rtt min/avg/max/mdev = ${[Math.min(...times), mean, Math.max(...times), deviation].map(fixed).join('/')} ms\n`;
  },
};

const busybox: Style = {
  start: ({ target, address, bytes }) => `PING ${target} (${address}): ${bytes} data bytes\n`,
  reply: ({ bytes, from }, seq, { ttl, ms }) =>
    `${bytes + ICMP_HEADER_BYTES} bytes from ${from}: seq=${seq - 1} ttl=${ttl} time=${fixed(ms)} ms\n`,
  failure: () => '', // without -v it tells of replies only
  end: (run) => {
    const { target, sent, times } = run;
    const head = `\n--- ${target} ping statistics ---\n${sent} packets transmitted, ${times.length} packets received, ${Math.floor(Number(loss(run)))}% packet loss\n`;
    if (times.length === 0) return head;
    const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    return `${head}round-trip min/avg/max = ${[Math.min(...times), mean, Math.max(...times)].map(fixed).join('/')} ms\n`;
  },
};
