// nslookup of BusyBox. Since 1.29 it speaks DNS itself: all questions at once, a name without a dot in every domain of the
// search list, one with a dot as it is. Before, it asked the C library and looked up what the addresses are called.
// Source of behaviour and texts: busybox networking/nslookup.c.
import type { Answer, DecodedPacket, SoaAnswer } from 'dns-packet';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { parseAddress } from '../network/address';
import { parseResolvConf } from '../network/resolver';
import { askDns, dataOf, type Outcome, rcodeOf } from './dns-query';
import { reverseName, reverseZone } from './network/reverse-name';

const USAGE = `BusyBox v1.36.1 (2024-06-17 20:27:37 UTC) multi-call binary.

Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`;
/** In the order in which several are asked for. */
const TYPES = ['SOA', 'NS', 'A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV', 'PTR', 'ANY'];
const OPTIONS = ['type', 'querytype', 'port', 'retry', 'debug', 't', 'timeout'];
const TIMEOUT_MS = 5000;

interface Call {
  types: string[];
  port: number;
  timeoutMs: number;
  name: string;
  server: string | undefined;
}

export const busyboxNslookup: Program = async (proc) => {
  const call = parse(proc.argv.slice(1));
  if (typeof call === 'string') {
    await proc.complain(call);
    return 1;
  }
  const conf = parseResolvConf(proc.machine.text('/etc/resolv.conf') ?? '');
  const servers = call.server ? [call.server] : conf.nameservers.length > 0 ? conf.nameservers : ['127.0.0.1'];
  const questions = questionsOf(call, call.server ? [] : conf.search);
  for (const server of servers) {
    const at = await addressOf(proc, server, call.port);
    if (typeof at === 'string') {
      await proc.complain(at);
      return 1;
    }
    const code = await ask(proc, server, at, questions, call.timeoutMs);
    if (code !== undefined) return code;
  }
  await proc.print(';; connection timed out; no servers could be reached\n\n');
  return 1;
};

function parse(words: string[]): Call | string {
  const call: Call = { types: [], port: 53, timeoutMs: TIMEOUT_MS, name: '', server: undefined };
  let i = 0;
  for (; words[i]?.startsWith('-'); i++) {
    const [, asked = '', value = ''] = /^-([^=]*)=?(.*)$/.exec(words[i] ?? '') ?? [];
    const option = OPTIONS.find((each) => each.startsWith(asked));
    if (option === undefined) return USAGE;
    if (option === 'type' || option === 'querytype') {
      if (!TYPES.includes(value.toUpperCase())) return `nslookup: invalid query type "${value}"\n`;
      call.types.push(value.toUpperCase());
    } else if (option !== 'debug' && !/^\d+$/.test(value)) return `nslookup: invalid number '${value}'\n`;
    if (option === 'port') call.port = Number(value);
    if (option === 't' || option === 'timeout') call.timeoutMs = Number(value) * 1000;
  }
  const [name, server, more] = words.slice(i);
  if (name === undefined || more !== undefined) return USAGE;
  return { ...call, name, server };
}

interface Question {
  name: string;
  type: string;
}

function questionsOf({ types, name }: Call, search: readonly string[]): Question[] {
  if (types.length === 0 && parseAddress(name)) return [{ name: reverseZone(name), type: 'PTR' }];
  const wanted = types.length === 0 ? ['A', 'AAAA'] : TYPES.filter((type) => types.includes(type));
  const alone = name.includes('.') || search.length === 0;
  return wanted.flatMap((type) =>
    alone || type === 'PTR' ? [{ name, type }] : search.map((domain) => ({ name: `${name}.${domain}`, type })),
  );
}

/** `address` or `address:port` of a server, which may have a name; a complaint when it has none. */
async function addressOf(
  proc: Process,
  server: string,
  usual: number,
): Promise<{ address: string; port: number } | string> {
  const [, host = server, port] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(server) ?? [];
  const bare = parseAddress(server) ? server : host;
  try {
    const [address = ''] = await proc.resolve(bare);
    return { address, port: Number(parseAddress(server) ? usual : (port ?? usual)) };
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return `nslookup: bad address '${server}'\n`;
  }
}

/** The exit code; undefined when the server says nothing at all. */
async function ask(
  proc: Process,
  server: string,
  { address, port }: { address: string; port: number },
  questions: readonly Question[],
  timeoutMs: number,
): Promise<number | undefined> {
  const outcomes = await Promise.all(
    questions.map(({ name, type }) =>
      askDns(proc, { server: address, port, name, type, timeoutMs, ignoreTruncation: true }),
    ),
  );
  if (outcomes.some((outcome) => 'failed' in outcome && outcome.failed === 'refused')) {
    await proc.complain(`nslookup: write to '${server}': Connection refused\n`);
    return undefined;
  }
  if (outcomes.every((outcome) => 'failed' in outcome)) return undefined;
  const shown = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  await proc.print(`Server:\t\t${server}\nAddress:\t${shown}\n\n`);
  let code = 0;
  for (const [i, { name }] of questions.entries()) {
    const { text, failed } = report(name, outcomes[i] as Outcome);
    if (failed) code = 1;
    await proc.print(text);
  }
  const silent = questions.filter((_, i) => 'failed' in (outcomes[i] as Outcome));
  if (silent.length > 0)
    await proc.print(`${silent.map(({ name }) => `*** Can't find ${name}: No answer\n`).join('')}\n`);
  return code;
}

function report(name: string, outcome: Outcome): { text: string; failed: boolean } {
  if ('failed' in outcome) return { text: '', failed: false };
  const code = rcodeOf(outcome.reply);
  if (code !== 'NOERROR') return { text: `** server can't find ${name}: ${code}\n\n`, failed: true };
  const lines = (outcome.reply.answers ?? []).map(describe).join('');
  return { text: `${isAuthoritative(outcome.reply) ? '' : 'Non-authoritative answer:\n'}${lines}\n`, failed: false };
}

const isAuthoritative = ({ flags = 0 }: DecodedPacket): boolean => (flags & 0x0400) !== 0;
const bare = (name: string): string => name.replace(/\.$/, '');

function describe(answer: Answer): string {
  const data = dataOf(answer);
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return `Name:\t${answer.name}\nAddress: ${data}\n`;
    case 'NS':
      return `${answer.name}\tnameserver = ${bare(data)}\n`;
    case 'CNAME':
      return `${answer.name}\tcanonical name = ${bare(data)}\n`;
    case 'PTR':
      return `${answer.name}\tname = ${bare(data)}\n`;
    case 'MX':
      return `${answer.name}\tmail exchanger = ${bare(data)}\n`;
    case 'TXT':
      return `${answer.name}\ttext = ${data}\n`;
    case 'SRV':
      return `${answer.name}\tservice = ${bare(data)}\n`;
    case 'SOA':
      return authority(answer);
    default:
      return '';
  }
}

function authority({ name, data }: SoaAnswer): string {
  const { mname, rname, serial, refresh, retry, expire, minimum } = data;
  return `${name}\n\torigin = ${bare(mname)}\n\tmail addr = ${bare(rname)}\n\tserial = ${serial}\n\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}\n`;
}

/** As it was up to 1.28. DIFFERS: a second word, another server, is asked with the C library's search list as well. */
export const oldBusyboxNslookup: Program = async (proc) => {
  const [name, server, ...more] = proc.argv.slice(1);
  if (name === undefined || name.startsWith('-') || more.length > 0) {
    await proc.complain(
      'BusyBox v1.28.4 (2018-05-22 17:00:17 UTC) multi-call binary.\n\nUsage: nslookup [HOST] [SERVER]\n\nQuery the nameserver for the IP address of the given HOST\noptionally using a specified DNS server\n',
    );
    return 1;
  }
  const conf = parseResolvConf(proc.machine.text('/etc/resolv.conf') ?? '');
  const asked = server ?? conf.nameservers[0] ?? '127.0.0.1';
  await proc.print(`${await hostLines(proc, 'Server:', asked, [asked])}\n`);
  try {
    await proc.print(await hostLines(proc, 'Name:', name, await proc.resolve(name)));
    return 0;
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    await proc.complain(`nslookup: can't resolve '${name}'\n`);
    return 1;
  }
};

async function hostLines(proc: Process, title: string, name: string, addresses: readonly string[]): Promise<string> {
  let text = `${title.padEnd(10)} ${name}\n`;
  for (const [i, address] of addresses.entries()) {
    const known = await reverseName(proc, address);
    text += `Address ${i + 1}: ${address}${known ? ` ${known}` : ''}\n`;
  }
  return text;
}
