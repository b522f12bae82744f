// nmap 7.9, the scans of tutorials: which ports of which hosts are open, closed or filtered.
import type { PingAnswer } from '../machine/ping';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { Cidr, parseAddress } from '../network/address';
import { getopt, type Options } from './getopt';
import { reverseName } from './network/reverse-name';

const VERSION = '7.95';
/** The names of nmap-services that turn up in clusters. */
const NAMES: Record<number, string> = {
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  53: 'domain',
  80: 'http',
  110: 'pop3',
  111: 'rpcbind',
  143: 'imap',
  443: 'https',
  445: 'microsoft-ds',
  993: 'imaps',
  1433: 'ms-sql-s',
  3000: 'ppp',
  3306: 'mysql',
  5000: 'upnp',
  5353: 'mdns',
  5432: 'postgresql',
  5601: 'esmagent',
  6379: 'redis',
  6443: 'sun-sr-https',
  8000: 'http-alt',
  8080: 'http-proxy',
  8443: 'https-alt',
  8888: 'sun-answerbook',
  9090: 'zeus-admin',
  9200: 'wap-wsp',
  10250: 'unknown',
  27017: 'mongod',
};
const WELL_KNOWN = 1000; // ports of a plain scan
const MAX_TARGETS = 4096; // addresses of one scan
const LONG = {
  open: 'open',
  help: 'h',
  version: 'V',
  'top-ports=': 'top',
  reason: 'reason',
  'max-retries=': 'x',
  'host-timeout=': 'x',
  'min-rate=': 'x',
  'script=': 'script',
  privileged: 'x',
  unprivileged: 'x',
};

export const nmap: Program = async (proc) => {
  const argv = [
    'nmap',
    ...proc.argv
      .slice(1)
      .map((word) =>
        word.replace(/^-(Pn|PE|PS\d*|PA\d*|s[SUTnVP]|T[0-5]|oN|oG|oX)$/, (whole) => `--scan=${whole.slice(1)}`),
      ),
  ];
  const options = getopt(argv, 'p:nRvdFAO6e:hVrg:', { ...LONG, 'scan=': 'scan' });
  const scans = options.all('scan');
  if (options.error)
    return complain(proc, `${options.error}\nSee the output of nmap -h for a summary of options.\n`, 255);
  if (options.has('V')) {
    await proc.print(`Nmap version ${VERSION} ( https://nmap.org )\n`);
    return 0;
  }
  const started = proc.machine.clock.now();
  const stamp = new Date(started).toISOString();
  await proc.print(
    `Starting Nmap ${VERSION} ( https://nmap.org ) at ${stamp.slice(0, 10)} ${stamp.slice(11, 16)} UTC\n`,
  );
  if (options.rest.length === 0) return complain(proc, 'WARNING: No targets were specified, so 0 hosts scanned.\n', 0);
  const ports = portsOf(options);
  if (typeof ports === 'string') return complain(proc, ports, 1);
  const targets: Target[] = [];
  for (const word of options.rest) targets.push(...(await targetsOf(proc, word)));
  let up = 0;
  for (const target of targets) {
    const report = await scan(proc, target, { options, scans, ports });
    if (report) up++;
    else if (targets.length === 1)
      await proc.print('Note: Host seems down. If it is really up, but blocking our ping probes, try -Pn\n');
    if (report) await proc.print(report);
  }
  const seconds = Math.max(0.05, (proc.machine.clock.now() - started) / 1000).toFixed(2);
  const many = targets.length === 1 ? 'address' : 'addresses';
  await proc.print(
    `Nmap done: ${targets.length} IP ${many} (${up} host${up === 1 ? '' : 's'} up) scanned in ${seconds} seconds\n`,
  );
  return 0;
};

interface Target {
  address: string;
  name?: string;
}

interface Scan {
  options: Options;
  scans: readonly string[];
  ports: readonly number[];
}

async function complain(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

function portsOf(options: Options): number[] | string {
  const text = options.get('p');
  const known = Object.keys(NAMES).map(Number);
  if (text === undefined) {
    const count = options.has('F') ? 100 : Number(options.get('top') ?? WELL_KNOWN);
    return [...new Set([...known, ...Array.from({ length: count }, (_, i) => i + 1)])].slice(0, count);
  }
  const ports = new Set<number>();
  for (const part of text.replace(/[TU]:/g, '').split(',')) {
    const [low = '', high] = part === '-' ? ['1', '65535'] : part.split('-');
    const named = Object.entries(NAMES).find(([, name]) => name === low)?.[0];
    const [first, last] = [Number(named ?? (low || 1)), Number(high === '' ? 65_535 : (high ?? named ?? low))];
    if (!Number.isInteger(first) || !Number.isInteger(last) || first < 0 || last > 65_535 || first > last)
      return `Ports specified must be between 0 and 65535 inclusive\nQUITTING!\n`;
    for (let port = first; port <= last; port++) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}

async function targetsOf(proc: Process, word: string): Promise<Target[]> {
  const block = word.includes('/') ? Cidr.find(word) : undefined;
  if (block && block.size <= BigInt(MAX_TARGETS))
    return Array.from({ length: Number(block.size) }, (_, i) => ({ address: block.at(i) }));
  const range = /^(\d+\.\d+\.\d+)\.(\d+)-(\d+)$/.exec(word);
  if (range) {
    const [first, last] = [Number(range[2]), Number(range[3])];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({ address: `${range[1]}.${first + i}` }));
  }
  if (parseAddress(word)) return [{ address: word }];
  try {
    return (await proc.resolve(word)).slice(0, 1).map((address) => ({ address, name: word }));
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    await proc.complain(`Failed to resolve "${word}".\n`);
    return [];
  }
}

/** A host's report, or undefined when it seems down. */
async function scan(
  proc: Process,
  { address, name }: Target,
  { options, scans, ports }: Scan,
): Promise<string | undefined> {
  const { net } = proc.machine;
  const isUdp = scans.includes('sU');
  const heard = await net.ping({ address, id: 1 });
  const tried = [
    heard,
    await net.ping({ address, protocol: 'TCP', port: 443, id: 2 }),
    await net.ping({ address, protocol: 'TCP', port: 80, id: 3 }),
  ];
  const alive = tried.some(({ kind }) => kind === 'reply' || kind === 'closed');
  if (!alive && !scans.includes('Pn')) {
    await proc.sleep(2000);
    return undefined;
  }
  const found = options.has('n') ? undefined : await reverseName(proc, address);
  const title = name ? `${name} (${address})` : found ? `${found} (${address})` : address;
  const ms = tried.flatMap((answer) => ('ms' in answer ? [answer.ms] : []))[0];
  const reverse = name && found && found !== name ? `rDNS record for ${address}: ${found}\n` : '';
  const head = `Nmap scan report for ${title}\nHost is up${ms === undefined ? '' : ` (${latency(ms)}s latency)`}.\n${reverse}`;
  if (scans.includes('sn') || scans.includes('sP')) return head;
  const states: [number, string][] = [];
  for (const port of ports) {
    states.push([
      port,
      stateOf(await net.ping({ address, port, protocol: isUdp ? 'UDP' : 'TCP', id: 1024 + (port % 60_000) }), isUdp),
    ]);
    await proc.tick();
  }
  if (states.some(([, state]) => state.includes('filtered')))
    await proc.sleep(1000 + Math.min(20_000, states.length * 20));
  return `${head + table(states, isUdp ? 'udp' : 'tcp', options.has('open'))}\n`;
}

/** Of a thousandth: nmap prints two figures that count. */
const latency = (ms: number): string => (ms / 1000).toPrecision(2).replace(/e.*/, '');

function stateOf({ kind }: PingAnswer, isUdp: boolean): string {
  if (kind === 'reply') return isUdp ? 'open|filtered' : 'open';
  return kind === 'closed' ? 'closed' : isUdp ? 'open|filtered' : 'filtered';
}

function table(states: readonly [number, string][], protocol: string, onlyOpen: boolean): string {
  const shown = [...states];
  let note = '';
  for (const state of ['closed', 'filtered']) {
    const of = shown.filter(([, own]) => own === state);
    if (of.length <= 25 && !(onlyOpen && of.length > 0)) continue;
    const why = state === 'closed' ? 'reset' : 'no-response';
    note += `${note ? ', ' : ''}${of.length} ${state} ${protocol} ports (${why})`;
    for (const one of of) shown.splice(shown.indexOf(one), 1);
  }
  if (shown.length === 0)
    return `All ${states.length} scanned ports on this host are in ignored states.\n${note ? `Not shown: ${note}\n` : ''}`;
  const rows = shown.map(([port, state]) => [`${port}/${protocol}`, state, NAMES[port] ?? 'unknown'] as const);
  const [a, b] = [
    Math.max(4, ...rows.map(([port]) => port.length)),
    Math.max(5, ...rows.map(([, state]) => state.length)),
  ];
  const line = (cells: readonly [string, string, string]) =>
    `${cells[0].padEnd(a)} ${cells[1].padEnd(b)} ${cells[2]}\n`;
  return `${note ? `Not shown: ${note}\n` : ''}\n${line(['PORT', 'STATE', 'SERVICE'])}${rows.map(line).join('')}`.replace(
    /^\n/,
    note ? '\n' : '\n',
  );
}
