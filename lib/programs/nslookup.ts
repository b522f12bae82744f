// nslookup and host of bind-utils: what they print for names and addresses.
import type { Answer } from 'dns-packet';
import type { Process, Program } from '../machine/process';
import { parseResolvConf } from '../network/resolver';
import { askDns, BIND, dataOf, isIPv4, type Outcome, rcodeOf, reverseName } from './dns-query';
import { chunks, lines } from './tool';

interface Found {
  name: string;
  outcomes: Outcome[];
}

/** Asks for a name, along the search list as the resolver would, until a server says yes. */
async function search(proc: Process, server: string, name: string, types: string[]): Promise<Found> {
  const conf = parseResolvConf(proc.machine.text('/etc/resolv.conf') ?? '');
  const dots = name.split('.').length - 1;
  const searched = conf.search.map((suffix) => `${name}.${suffix}`);
  const names = name.endsWith('.') ? [name] : dots >= conf.options.ndots ? [name, ...searched] : [...searched, name];
  let last: Found = { name, outcomes: [] };
  for (const candidate of names) {
    const outcomes: Outcome[] = [];
    for (const type of types) outcomes.push(await askDns(proc, { server, name: candidate, type }));
    last = { name: candidate, outcomes };
    if (outcomes.some((outcome) => 'failed' in outcome || (outcome.reply.answers?.length ?? 0) > 0)) break;
  }
  return last;
}

const answersOf = (outcomes: Outcome[]): Answer[] =>
  outcomes.flatMap((outcome) => ('reply' in outcome ? (outcome.reply.answers ?? []) : []));

const failureOf = (outcomes: Outcome[]): string | undefined =>
  outcomes.map((outcome) => ('failed' in outcome ? outcome.failed : undefined)).find(Boolean);

const codeOf = (outcomes: Outcome[]): string => {
  const first = outcomes[0];
  return first && 'reply' in first ? rcodeOf(first.reply) : 'SERVFAIL';
};

async function serverOf(proc: Process, named: string | undefined): Promise<string | undefined> {
  if (named === undefined)
    return parseResolvConf(proc.machine.text('/etc/resolv.conf') ?? '').nameservers[0] ?? '127.0.0.1';
  return isIPv4(named) ? named : (await proc.resolve(named, 4).catch(() => [] as string[]))[0];
}

const typeIn = (word: string): string | undefined =>
  /^-?(?:type|querytype|query|q|t|ty)=(\w+)$/i.exec(word)?.[1]?.toUpperCase();

export const nslookup: Program = async (proc) => {
  const words = proc.argv.slice(1);
  if (words.some((word) => /^-v(ersion)?$/i.test(word))) return proc.print(`nslookup ${BIND}\n`).then(() => 0);
  const settings = words.filter((word) => word.startsWith('-') && word !== '-');
  const [name, named] = words.filter((word) => !word.startsWith('-') || word === '-');
  const server = await serverOf(proc, named);
  if (!server) {
    await proc.complain(`nslookup: couldn't get address for '${named}': not found\n`);
    return 1;
  }
  const type = settings.map(typeIn).find(Boolean);
  return name && name !== '-' ? lookUp(proc, name, server, type) : converse(proc, { server, type });
};

interface Settings {
  server: string;
  type: string | undefined;
}

/** The interactive mode: a line a question, or a setting for those that follow. */
async function converse(proc: Process, settings: Settings): Promise<number> {
  const prompt = async () => (proc.stdin.terminal ? proc.print('> ') : undefined);
  await prompt();
  for await (const line of lines(chunks(proc, '-'))) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === 'exit' || word === 'quit') return 0;
    if (word) await obey(proc, settings, word, rest);
    await prompt();
  }
  if (proc.stdin.terminal) await proc.print('\n');
  return 0;
}

async function obey(proc: Process, settings: Settings, word: string, rest: string[]): Promise<void> {
  if (word === 'server' || word === 'lserver') {
    const server = await serverOf(proc, rest[0]);
    if (!server) return proc.print(`nslookup: couldn't get address for '${rest[0]}': not found\n`);
    settings.server = server;
    return proc.print(`Default server: ${rest[0] ?? server}\nAddress: ${server}#53\n`);
  }
  if (word === 'set') {
    const type = typeIn(rest[0] ?? '');
    if (type) settings.type = type;
    else await proc.print(`not supported: set ${rest.join(' ')}\n`);
    return;
  }
  const server = rest[0] ? await serverOf(proc, rest[0]) : settings.server;
  if (!server) return proc.print(`nslookup: couldn't get address for '${rest[0]}': not found\n`);
  await lookUp(proc, word, server, settings.type);
}

async function lookUp(proc: Process, name: string, server: string, asked: string | undefined): Promise<number> {
  const reverse = isIPv4(name);
  const types = asked ? [asked] : reverse ? ['PTR'] : ['A', 'AAAA'];
  const found = reverse
    ? { name: reverseName(name), outcomes: [await askDns(proc, { server, name: reverseName(name), type: 'PTR' })] }
    : await search(proc, server, name, types);
  if (failureOf(found.outcomes)) {
    await proc.print(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  const answers = answersOf(found.outcomes);
  const header = reverse ? '' : `Server:\t\t${server}\nAddress:\t${server}#53\n\n`;
  if (answers.length === 0) {
    const code = codeOf(found.outcomes);
    const why =
      code === 'NOERROR'
        ? `*** Can't find ${name}: No answer\n`
        : `** server can't find ${reverse ? found.name : name}: ${code}\n`;
    await proc.print(`${header}${why}\n`);
    return 1;
  }
  await proc.print(`${header}${answers.map(describe).join('')}\n`);
  return 0;
}

function describe(answer: Answer): string {
  const data = dataOf(answer);
  if (answer.type === 'A' || answer.type === 'AAAA') return `Name:\t${answer.name}\nAddress: ${data}\n`;
  if (answer.type === 'PTR') return `${answer.name}\tname = ${data}\n`;
  if (answer.type === 'CNAME') return `${answer.name}\tcanonical name = ${data}\n`;
  if (answer.type === 'SRV') return `${answer.name}\tservice = ${data}\n`;
  return `${answer.name}\t${answer.type.toLowerCase()} = ${data}\n`;
}

export const hostCommand: Program = async (proc) => {
  const words = proc.argv.slice(1);
  if (words.includes('-V')) return proc.complain(`host ${BIND}\n`).then(() => 0);
  let type: string | undefined;
  const at = words.indexOf('-t');
  if (at >= 0) type = words.splice(at, 2)[1]?.toUpperCase();
  const [name, named] = words.filter((word) => !word.startsWith('-'));
  if (!name) {
    await proc.complain(
      'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n',
    );
    return 1;
  }
  const server = await serverOf(proc, named);
  if (!server) {
    await proc.complain(`host: couldn't get address for '${named}': not found\n`);
    return 1;
  }
  if (named) await proc.print(`Using domain server:\nName: ${named}\nAddress: ${server}#53\nAliases: \n\n`);
  const found = isIPv4(name)
    ? { name: reverseName(name), outcomes: [await askDns(proc, { server, name: reverseName(name), type: 'PTR' })] }
    : await search(proc, server, name, type ? [type] : ['A', 'AAAA']);
  if (failureOf(found.outcomes)) {
    await proc.print(';; connection timed out; no servers could be reached\n');
    return 1;
  }
  const answers = answersOf(found.outcomes);
  if (answers.length === 0) {
    const code = codeOf(found.outcomes);
    const missing =
      code === 'NOERROR'
        ? `${name} has no ${type ?? 'A'} record\n`
        : `Host ${isIPv4(name) ? `${found.name}.` : name} not found: ${code === 'NXDOMAIN' ? '3(NXDOMAIN)' : '2(SERVFAIL)'}\n`;
    await proc.print(missing);
    return 1;
  }
  await proc.print(answers.map(sentence).join(''));
  return 0;
};

function sentence(answer: Answer): string {
  const data = dataOf(answer);
  switch (answer.type) {
    case 'A':
      return `${answer.name} has address ${data}\n`;
    case 'AAAA':
      return `${answer.name} has IPv6 address ${data}\n`;
    case 'CNAME':
      return `${answer.name} is an alias for ${data}\n`;
    case 'PTR':
      return `${answer.name} domain name pointer ${data}\n`;
    case 'SRV':
      return `${answer.name} has SRV record ${data}\n`;
    default:
      return `${answer.name} has ${answer.type} record ${data}\n`;
  }
}
