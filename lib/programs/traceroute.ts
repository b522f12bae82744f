// traceroute of Dmitry Butskoy and BusyBox' applet, tracepath of iputils: the routers on the way, found by counting TTLs down.
import type { PingAnswer, PingRequest } from '../machine/ping';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { getopt, type Options } from './getopt';
import { ownDevices } from './network/own-network';
import { reverseName } from './network/reverse-name';

const FIRST_PORT = 33_434;
const MAX_HOPS = 30;
const WAIT_MS = 5000;
const AT_ONCE = 5; // hops that are probed side by side: 16 probes, three a hop
const LONG = {
  'max-hops=': 'm',
  'queries=': 'q',
  'wait=': 'w',
  'port=': 'p',
  icmp: 'I',
  tcp: 'T',
  'first=': 'f',
  help: 'help',
  version: 'V',
};

export const traceroute: Program = (proc) => run(proc, { bytes: 60, isBusybox: false });
export const busyboxTraceroute: Program = (proc) => run(proc, { bytes: 46, isBusybox: true });

interface Flavour {
  bytes: number;
  isBusybox: boolean;
}

async function complain(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

async function run(proc: Process, { bytes, isBusybox }: Flavour): Promise<number> {
  const options = getopt(proc.argv, '46dFIlnrTUvVf:g:i:m:N:p:q:s:t:w:z:', LONG);
  if (options.error) return complain(proc, `${options.error}\n`, 2);
  const [target, size] = options.rest;
  if (!target)
    return complain(
      proc,
      'Usage:\n  traceroute [ -46dFITnreAUDV ] [ -f first_ttl ] [ -m max_ttl ] host [ packetlen ]\n',
      2,
    );
  const address = await resolved(proc, options, target, isBusybox);
  if (address === undefined) return isBusybox ? 1 : 2;
  const most = Number(options.get('m') ?? MAX_HOPS);
  const bytesSent = Number(size ?? bytes);
  await proc.print(`traceroute to ${target} (${address}), ${most} hops max, ${bytesSent} byte packets\n`);
  const waitMs = Number(options.get('w') ?? WAIT_MS / 1000) * 1000;
  let silent = 0;
  for (let ttl = Number(options.get('f') ?? 1); ttl <= most; ttl++) {
    const answers = await probe(proc, options, address, ttl);
    if (answers.every(({ kind }) => kind === 'lost') && silent++ % (isBusybox ? 1 : AT_ONCE) === 0)
      await proc.sleep(waitMs);
    await proc.print(`${String(ttl).padStart(2)}  ${await hopText(proc, options, answers)}\n`);
    if (answers.some(({ kind }) => kind !== 'exceeded' && kind !== 'lost')) break;
  }
  return 0;
}

async function resolved(
  proc: Process,
  options: Options,
  target: string,
  isBusybox: boolean,
): Promise<string | undefined> {
  try {
    const [address] = await proc.resolve(
      target,
      options.has('6') || proc.name.endsWith('6') ? 6 : options.has('4') ? 4 : 0,
    );
    return address;
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    await proc.complain(
      isBusybox
        ? `traceroute: bad address '${target}'\n`
        : `${target}: ${error.message}\nCannot handle "host" cmdline arg \`${target}' on position 1 (argc ${options.rest.length})\n`,
    );
    return undefined;
  }
}

async function probe(proc: Process, options: Options, address: string, ttl: number): Promise<PingAnswer[]> {
  const count = Number(options.get('q') ?? 3);
  const answers: PingAnswer[] = [];
  for (let i = 0; i < count; i++) answers.push(await proc.machine.net.ping(request(options, address, ttl, i)));
  return answers;
}

function request(options: Options, address: string, ttl: number, i: number): PingRequest {
  const id = 40_000 + ttl * 16 + i;
  if (options.has('I')) return { address, ttl, id, seq: ttl };
  if (options.has('T')) return { address, ttl, id, protocol: 'TCP', port: Number(options.get('p') ?? 80) };
  return { address, ttl, id, protocol: 'UDP', port: Number(options.get('p') ?? FIRST_PORT) + (ttl - 1) * 3 + i };
}

async function hopText(proc: Process, options: Options, answers: readonly PingAnswer[]): Promise<string> {
  let said = '';
  const words: string[] = [];
  for (const answer of answers) {
    if (answer.kind === 'lost' || answer.kind === 'no-network') {
      words.push('*');
      continue;
    }
    if (answer.from !== said) {
      said = answer.from;
      const name = options.has('n') ? undefined : await reverseName(proc, said);
      words.push(options.has('n') ? said : `${name ?? said} (${said})`);
    }
    words.push('ms' in answer ? ` ${answer.ms.toFixed(3)} ms` : ' 3056.512 ms !H');
  }
  return words.join(words.includes('*') && said === '' ? ' ' : ' ');
}

export const tracepath: Program = async (proc) => {
  const options = getopt(proc.argv, '46nbl:m:p:V', {});
  const [target] = options.rest;
  if (options.error || !target)
    return complain(
      proc,
      `${options.error ? `${options.error}\n` : ''}\nUsage\n  tracepath [options] <destination>\n`,
      255,
    );
  const address = await pathAddress(proc, target);
  if (address === undefined) return 1;
  const device = ownDevices(proc).find(({ name, addresses }) => name !== 'lo' && addresses.length > 0);
  const mtu = device?.mtu ?? 1500;
  const most = Number(options.get('m') ?? MAX_HOPS);
  await proc.print(` 1?: [LOCALHOST]                      pmtu ${mtu}\n`);
  for (let ttl = 1; ttl <= most; ttl++) {
    const answer = await proc.machine.net.ping({ address, ttl, id: 50_000 + ttl, protocol: 'UDP', port: 44_444 + ttl });
    if (answer.kind === 'lost') await proc.sleep(1000);
    await proc.print(`${pathLine(ttl, answer)}\n`);
    if (answer.kind === 'reply' || answer.kind === 'closed') {
      await proc.print(`     Resume: pmtu ${mtu} hops ${ttl} back ${ttl} \n`);
      return 0;
    }
    if (answer.kind === 'unreachable' || answer.kind === 'no-network') break;
  }
  await proc.print(`     Too many hops: pmtu ${mtu}\n     Resume: pmtu ${mtu} \n`);
  return 1;
};

async function pathAddress(proc: Process, target: string): Promise<string | undefined> {
  try {
    return (await proc.resolve(target))[0];
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    await proc.complain(`tracepath: ${target}: ${error.message}\n`);
    return undefined;
  }
}

function pathLine(ttl: number, answer: PingAnswer): string {
  const number = `${String(ttl).padStart(2)}: `;
  if (answer.kind === 'lost' || answer.kind === 'no-network') return `${number} no reply`;
  const time = 'ms' in answer ? `${answer.ms.toFixed(3)}ms ` : '3056.512ms !H';
  return `${number} ${answer.from.padEnd(52)} ${time}${answer.kind === 'reply' || answer.kind === 'closed' ? 'reached' : ''}`;
}

/** mtr's report: ten rounds of echo requests to every hop. */
export const mtr: Program = async (proc) => {
  const options = getopt(proc.argv, '46nrwc:i:ubTP:', {
    report: 'r',
    'report-wide': 'w',
    'report-cycles=': 'c',
    'no-dns': 'n',
  });
  const [target] = options.rest;
  if (options.error || !target)
    return complain(proc, `${options.error ? `${options.error}\n` : ''}mtr: No hostname given\n`, 1);
  if (!options.has('r') && !options.has('w'))
    return complain(proc, 'mtr: not supported: the interactive screen; use --report\n', 1);
  const address = await pathAddress(proc, target);
  if (address === undefined) return 1;
  const rounds = Number(options.get('c') ?? 10);
  const started = new Date(proc.machine.clock.now()).toISOString().replace(/\.\d+Z$/, '+0000');
  await proc.print(`Start: ${started}\n`);
  const lines: string[] = [];
  for (let ttl = 1; ttl <= MAX_HOPS; ttl++) {
    const answers: PingAnswer[] = [];
    for (let seq = 1; seq <= rounds; seq++)
      answers.push(await proc.machine.net.ping({ address, ttl, id: 7000 + ttl, seq }));
    lines.push(reportLine(ttl, answers));
    if (answers.some(({ kind }) => kind !== 'exceeded')) break;
  }
  await proc.sleep(rounds * 1000);
  await proc.print(
    `HOST: ${proc.machine.hostname.padEnd(26)} Loss%   Snt   Last   Avg  Best  Wrst StDev\n${lines.join('')}`,
  );
  return 0;
};

function reportLine(ttl: number, answers: readonly PingAnswer[]): string {
  const times = answers.flatMap((answer) => ('ms' in answer ? [answer.ms] : []));
  const heard = answers.find((answer) => 'ms' in answer);
  const from = heard && 'from' in heard ? heard.from : '???';
  const mean = times.reduce((sum, ms) => sum + ms, 0) / Math.max(1, times.length);
  const deviation = Math.sqrt(times.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / Math.max(1, times.length));
  const cells =
    times.length > 0 ? [times.at(-1) ?? 0, mean, Math.min(...times), Math.max(...times), deviation] : [0, 0, 0, 0, 0];
  const lost = (100 * (answers.length - times.length)) / answers.length;
  return `${String(ttl).padStart(3)}.|-- ${from.padEnd(24)} ${lost.toFixed(1).padStart(5)}% ${String(answers.length).padStart(5)} ${cells.map((ms) => ms.toFixed(1).padStart(6)).join('')}\n`;
}
