// dig: BIND 9.16's, as Red Hat ships it in bind-utils.
import type { Answer, DecodedPacket } from 'dns-packet';
import type { Process, Program } from '../machine/process';
import { parseResolvConf } from '../network/resolver';
import { type Answered, askDns, dataOf, isIPv4, type Outcome, rcodeOf, reverseName } from './dns-query';

const BANNER = 'DiG 9.16.23-RH';
const TYPES = new Set(['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'NS', 'MX', 'TXT', 'SOA', 'ANY']);
const EDNS_BYTES = 1232; // what it offers by default

interface Query {
  name: string;
  type: string;
  server?: string;
  port: number;
  short: boolean;
  tcp: boolean;
  search: boolean;
  show: {
    comments: boolean;
    question: boolean;
    answer: boolean;
    authority: boolean;
    additional: boolean;
    stats: boolean;
    cmd: boolean;
  };
  tries: number;
  timeoutMs: number;
  recursive: boolean;
}

export const dig: Program = async (proc) => {
  const query = parse(proc.argv.slice(1));
  if (typeof query === 'string') {
    await proc.complain(query);
    return 1;
  }
  const conf = parseResolvConf(proc.machine.text('/etc/resolv.conf') ?? '');
  const named = query.server ?? conf.nameservers[0] ?? '127.0.0.1';
  let server = named;
  if (!isIPv4(named)) {
    const found = await proc.resolve(named, 4).catch(() => [] as string[]);
    if (!found[0]) {
      await proc.complain(`dig: couldn't get address for '${named}': not found\n`);
      return 10;
    }
    server = found[0];
  }
  if (!query.short && query.show.cmd) {
    await proc.print(`\n; <<>> ${BANNER} <<>> ${proc.argv.slice(1).join(' ')}\n;; global options: +cmd\n`);
  }
  const { outcome, name } = await search(proc, query, server, query.search ? conf.search : []);
  if ('failed' in outcome) {
    const why =
      outcome.failed === 'timed out'
        ? ';; connection timed out; no servers could be reached\n'
        : `;; connection refused to ${server}#${query.port}\n`;
    await proc.print(why);
    return 9;
  }
  await proc.print(query.short ? short(outcome.reply) : full(proc, query, name, server, outcome));
  return 0;
};

/** With +search the resolver's list is tried until something is found. */
async function search(
  proc: Process,
  query: Query,
  server: string,
  suffixes: string[],
): Promise<{ outcome: Outcome; name: string }> {
  const names =
    query.search && !query.name.endsWith('.')
      ? [...suffixes.map((suffix) => `${query.name}.${suffix}`), query.name]
      : [query.name];
  let last: { outcome: Outcome; name: string } = { outcome: { failed: 'timed out' }, name: query.name };
  for (const name of names) {
    last = { outcome: await retry(proc, query, server, name), name };
    if ('reply' in last.outcome && (last.outcome.reply.answers?.length ?? 0) > 0) break;
  }
  return last;
}

async function retry(proc: Process, query: Query, server: string, name: string): Promise<Outcome> {
  const { port, tcp, timeoutMs, recursive, type } = query;
  let outcome: Outcome = { failed: 'timed out' };
  for (let attempt = 0; attempt < query.tries && 'failed' in outcome; attempt++) {
    outcome = await askDns(proc, { server, name, type, port, tcp, timeoutMs, recursive, edns: EDNS_BYTES });
  }
  return outcome;
}

function parse(words: string[]): Query | string {
  const show = {
    comments: true,
    question: true,
    answer: true,
    authority: true,
    additional: true,
    stats: true,
    cmd: true,
  };
  const query: Query = {
    name: '',
    type: 'A',
    port: 53,
    short: false,
    tcp: false,
    search: false,
    show,
    tries: 3,
    timeoutMs: 5000,
    recursive: true,
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word.startsWith('@')) query.server = word.slice(1);
    else if (word.startsWith('+')) {
      if (!option(query, word.slice(1)))
        return `Invalid option: ${word}\nUsage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n`;
    } else if (word === '-t') query.type = (words[++i] ?? 'A').toUpperCase();
    else if (word === '-p') query.port = Number(words[++i]);
    else if (word === '-q') query.name = words[++i] ?? '';
    else if (word === '-x') Object.assign(query, { name: reverseName(words[++i] ?? ''), type: 'PTR' });
    else if (word === '-4' || word === '-6' || word.toUpperCase() === 'IN') continue;
    else if (TYPES.has(word.toUpperCase()) && query.name) query.type = word.toUpperCase();
    else if (TYPES.has(word.toUpperCase()) && words.length > i + 1) query.type = word.toUpperCase();
    else query.name = word;
  }
  if (query.name === '') Object.assign(query, { name: '.', type: 'NS' });
  return query;
}

function option(query: Query, text: string): boolean {
  const [key = '', value] = text.split('=');
  const on = !key.startsWith('no');
  const name = on ? key : key.slice(2);
  const { show } = query;
  if (name === 'short') query.short = on;
  else if (name === 'tcp' || name === 'vc') query.tcp = on;
  else if (name === 'search') query.search = on;
  else if (name === 'recurse') query.recursive = on;
  else if (name === 'all') for (const part of Object.keys(show) as (keyof typeof show)[]) show[part] = on;
  else if (name in show) show[name as keyof typeof show] = on;
  else if (name === 'time' || name === 'timeout') query.timeoutMs = Number(value) * 1000;
  else if (name === 'tries') query.tries = Number(value);
  else if (name === 'retry') query.tries = Number(value) + 1;
  else return ['edns', 'dnssec', 'cookie', 'multiline', 'ndots', 'bufsize'].includes(name);
  return true;
}

const short = (reply: DecodedPacket): string => (reply.answers ?? []).map((answer) => `${dataOf(answer)}\n`).join('');

function full(proc: Process, query: Query, name: string, server: string, outcome: Answered): string {
  const { reply } = outcome;
  const sections = [
    reply.answers ?? [],
    reply.authorities ?? [],
    (reply.additionals ?? []).filter(({ type }) => type !== 'OPT'),
  ] as Answer[][];
  const opt = (reply.additionals ?? []).length - (sections[2]?.length ?? 0);
  const { show } = query;
  let text = '';
  if (show.comments) {
    const flags = flagsOf(reply);
    text += `;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${rcodeOf(reply)}, id: ${reply.id}\n`;
    text += `;; flags: ${flags}; QUERY: ${reply.questions?.length ?? 0}, ANSWER: ${sections[0]?.length}, AUTHORITY: ${sections[1]?.length}, ADDITIONAL: ${(sections[2]?.length ?? 0) + opt}\n`;
    if (query.recursive && !flags.split(' ').includes('ra'))
      text += ';; WARNING: recursion requested but not available\n';
    text += '\n';
    if (opt > 0) text += `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${EDNS_BYTES}\n`;
  }
  if (show.question)
    text += `${show.comments ? ';; QUESTION SECTION:\n' : ''};${columns(`${name.replace(/\.$/, '')}.`, '', 'IN', query.type)}\n\n`;
  for (const [i, title] of ['ANSWER', 'AUTHORITY', 'ADDITIONAL'].entries()) {
    const records = sections[i] ?? [];
    if (records.length === 0 || !show[title.toLowerCase() as 'answer']) continue;
    if (show.comments) text += `;; ${title} SECTION:\n`;
    text += `${records.map((record) => columns(`${record.name}.`, String((record as { ttl?: number }).ttl ?? 0), 'IN', record.type, dataOf(record))).join('\n')}\n\n`;
  }
  if (!show.stats) return text;
  const when = new Date(proc.machine.clock.now())
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+) (.*) GMT$/, '$1 $3 $2 $5 UTC $4');
  return `${text};; Query time: ${outcome.ms} msec\n;; SERVER: ${server}#${query.port}(${server})${outcome.tcp ? ' (TCP)' : ''}\n;; WHEN: ${when}\n;; MSG SIZE  rcvd: ${outcome.bytes}\n\n`;
}

function flagsOf(reply: DecodedPacket): string {
  const bits = reply.flags ?? 0;
  const names: [number, string][] = [
    [0x8000, 'qr'],
    [0x0400, 'aa'],
    [0x0200, 'tc'],
    [0x0100, 'rd'],
    [0x0080, 'ra'],
    [0x0020, 'ad'],
    [0x0010, 'cd'],
  ];
  return names
    .filter(([bit]) => ((bits | 0x8000) & bit) !== 0)
    .map(([, name]) => name)
    .join(' ');
}

/** dig pads with tabs to its columns: name 24, ttl 8, class 8, type 8. */
function columns(name: string, ttl: string, ...rest: string[]): string {
  const tabs = (text: string, width: number) => text + '\t'.repeat(Math.max(1, Math.ceil((width - text.length) / 8)));
  return `${tabs(name, ttl === '' ? 23 : 24)}${ttl === '' ? '\t' : `${ttl}\t`}${rest.join('\t')}`;
}
