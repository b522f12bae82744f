// dig: BIND 9.16's, as Red Hat ships it in bind-utils.
import { Buffer } from 'node:buffer';
import type { Answer, DecodedPacket, OptAnswer } from 'dns-packet';
import type { Process, Program } from '../machine/process';
import { parseResolvConf } from '../network/resolver';
import { type Answered, askDns, BIND, COOKIE, dataOf, isIPv4, type Outcome, rcodeOf, reverseName } from './dns-query';

const BANNER = `DiG ${BIND}`;
const TYPES = new Set(
  'A AAAA SRV PTR CNAME NS MX TXT SOA ANY CAA DS DNSKEY NAPTR HINFO RP SSHFP TLSA DNAME NSEC RRSIG AFSDB LOC'.split(
    ' ',
  ),
);
const CLASSES = new Set(['IN', 'CH', 'HS']);
const EDNS_BYTES = 1232; // what it offers by default

interface Query {
  name: string;
  type: string;
  klass: string;
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
  /** The size offered with EDNS; undefined: no EDNS. */
  edns: number | undefined;
  cookie: boolean;
  ignoreTruncation: boolean;
}

export const dig: Program = async (proc) => {
  if (proc.argv[1] === '-v') return proc.complain(`${BANNER}\n`).then(() => 0);
  const queries = parse(proc.argv.slice(1));
  if (typeof queries === 'string') {
    await proc.complain(queries);
    return 1;
  }
  let status = 0;
  for (const [i, query] of queries.entries())
    status = Math.max(status, await lookUp(proc, query, i === 0 ? banner(proc, query) : ''));
  return status;
};

const banner = (proc: Process, { short, show }: Query): string =>
  short || !show.cmd ? '' : `\n; <<>> ${BANNER} <<>> ${proc.argv.slice(1).join(' ')}\n;; global options: +cmd\n`;

async function lookUp(proc: Process, query: Query, head: string): Promise<number> {
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
  const { outcome, name } = await search(proc, query, server, query.search ? conf.search : []);
  if ('failed' in outcome) {
    const why =
      outcome.failed === 'timed out'
        ? ';; connection timed out; no servers could be reached\n'
        : `;; connection refused to ${server}#${query.port}\n`;
    await proc.print(head + why);
    return 9;
  }
  if (query.short) {
    await proc.print(short(outcome.reply));
    return 0;
  }
  const retried = outcome.cut && query.show.comments ? ';; Truncated, retrying in TCP mode.\n' : '';
  await proc.print(retried + head + full(proc, query, name, server, named, outcome));
  return 0;
}

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
  const { port, tcp, timeoutMs, recursive, type, klass, edns, ignoreTruncation } = query;
  const cookie = edns && query.cookie ? { cookie: cookieOf(proc) } : {};
  let outcome: Outcome = { failed: 'timed out' };
  for (let attempt = 0; attempt < query.tries && 'failed' in outcome; attempt++) {
    outcome = await askDns(proc, {
      ...{ server, name, type, klass, port, tcp, timeoutMs, recursive, ignoreTruncation },
      ...(edns ? { edns } : {}),
      ...cookie,
    });
  }
  return outcome;
}

const cookieOf = ({ machine }: Process): Uint8Array =>
  Uint8Array.from({ length: COOKIE_BYTES }, () => machine.random.int(256));
const COOKIE_BYTES = 8; // of a client

/** One query a name; options before the first name are for all, later ones for the name before them. */
function parse(words: string[]): Query[] | string {
  const show = {
    comments: true,
    question: true,
    answer: true,
    authority: true,
    additional: true,
    stats: true,
    cmd: true,
  };
  const common: Query = {
    name: '',
    type: 'A',
    klass: 'IN',
    port: 53,
    short: false,
    tcp: false,
    search: false,
    show,
    tries: 3,
    timeoutMs: 5000,
    recursive: true,
    edns: EDNS_BYTES,
    cookie: true,
    ignoreTruncation: false,
  };
  const queries: Query[] = [];
  let query = common;
  const begin = (name: string) => {
    // What stood before the first name in place of a name is that name's.
    query = { ...common, show: { ...common.show }, ...(queries.length > 0 ? {} : { type: common.type }), name };
    queries.push(query);
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word.startsWith('@')) query.server = word.slice(1);
    else if (word.startsWith('+')) {
      if (!option(query, word.slice(1))) return invalid(word);
    } else if (word === '-t') query.type = (words[++i] ?? 'A').toUpperCase();
    else if (word === '-c') query.klass = (words[++i] ?? 'IN').toUpperCase();
    else if (word === '-b') i++;
    else if (word === '-p') query.port = Number(words[++i]);
    else if (word === '-q') begin(words[++i] ?? '');
    else if (word === '-x') {
      const address = words[++i];
      if (address === undefined) return invalid(word);
      begin(reverseName(address));
      query.type = 'PTR';
    } else if (word === '-4' || word === '-6') continue;
    else if (CLASSES.has(word.toUpperCase())) query.klass = word.toUpperCase();
    else if (isType(word) && (query !== common || words.length > i + 1)) query.type = word.toUpperCase();
    else begin(word);
  }
  if (queries.length === 0) {
    const hasType = query.type !== 'A' || words.some((word) => word.toUpperCase() === 'A');
    begin('.');
    if (!hasType) query.type = 'NS';
  }
  return queries.map((each) => (each.server || !common.server ? each : { ...each, server: common.server }));
}

const isType = (word: string): boolean => TYPES.has(word.toUpperCase()) || /^TYPE\d{1,5}$/i.test(word);

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
  else if (name === 'ignore') query.ignoreTruncation = on;
  else if (name === 'cookie') query.cookie = on;
  else if (name === 'edns') query.edns = on ? EDNS_BYTES : undefined;
  else if (name === 'bufsize') query.edns = on ? (value === undefined ? EDNS_BYTES : Number(value)) : EDNS_BYTES;
  else
    return [
      'dnssec',
      'multiline',
      'ndots',
      'defname',
      'sit',
      'nsid',
      'keepopen',
      'adflag',
      'cdflag',
      'fail',
      'ttlid',
      'crypto',
    ].includes(name);
  return true;
}

const short = (reply: DecodedPacket): string => (reply.answers ?? []).map((answer) => `${dataOf(answer)}\n`).join('');

/** EDNS as the server answered it; a cookie of the client's own length came back as it was sent. */
function optText({ additionals = [] }: DecodedPacket): string {
  const opt = additionals.find(({ type }) => type === 'OPT') as OptAnswer | undefined;
  if (!opt) return '';
  const options = opt.options as unknown as { code: number; data?: Uint8Array }[];
  const cookie = options.find(({ code }) => code === COOKIE)?.data;
  const shown = cookie ? `; COOKIE: ${Buffer.from(cookie).toString('hex')} (echoed)\n` : '';
  const flags = opt.flag_do ? ' do' : '';
  return `;; OPT PSEUDOSECTION:\n; EDNS: version: ${opt.ednsVersion}, flags:${flags}; udp: ${opt.udpPayloadSize}\n${shown}`;
}

function full(proc: Process, query: Query, name: string, server: string, named: string, outcome: Answered): string {
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
    text += optText(reply);
  }
  if (show.question)
    text += `${show.comments ? ';; QUESTION SECTION:\n' : ''};${columns(`${name.replace(/\.$/, '')}.`, '', query.klass, query.type)}\n\n`;
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
  return `${text};; Query time: ${outcome.ms} msec\n;; SERVER: ${server}#${query.port}(${named})\n;; WHEN: ${when}\n;; MSG SIZE  rcvd: ${outcome.bytes}\n\n`;
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

const invalid = (word: string): string =>
  `Invalid option: ${word}\nUsage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n            {global-d-opt} host [@local-server] {local-d-opt}\n            [ host [@local-server] {local-d-opt} [...]]\n\nUse "dig -h" (or "dig -h | more") for complete list of options\n`;
