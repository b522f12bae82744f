// What a CoreDNS server runs with: read from a Corefile, and the Corefile that OpenShift's DNS operator writes.
import type { Network } from '../network';
import type { KubernetesPlugin } from './zone';

export interface ForwardPlugin {
  /** Addresses, `address:port` or `/etc/resolv.conf`. */
  to: string[];
  policy: 'random' | 'round_robin' | 'sequential';
}

export interface ServerBlock {
  /** Lower case, without a final dot; the root is the empty name. */
  zones: string[];
  kubernetes?: KubernetesPlugin;
  /** The zones it forwards, and to whom; the first that fits counts. */
  forwards: { zone: string; forward: ForwardPlugin }[];
  /** Longest time an answer is kept, and a denial; seconds. */
  cache?: { success: number; denial: number };
  /** Largest UDP answer, bytes. */
  bufsize: number;
  /** The `loadbalance` plugin: addresses in turn. */
  shuffle: boolean;
  /** The `log` plugin's classes: `all`, `success`, `denial`, `error`. */
  logs: readonly string[];
}

export interface DnsConfig {
  servers: ServerBlock[];
}

const DEFAULT_BUFSIZE = 1232; // DNS flag day 2020
const DEFAULT_TTL_S = 5;
const CACHE_DEFAULT_S = { success: 3600, denial: 1800 };
/** Plugins that change nothing that a question can show. */
const SILENT = new Set([
  'errors',
  'health',
  'ready',
  'prometheus',
  'reload',
  'loop',
  'chaos',
  'bind',
  'debug',
  'dns64',
]);
const POLICIES = { random: 'random', round_robin: 'round_robin', sequential: 'sequential' } as const;

/** A Corefile that the server refuses to start with; the message is CoreDNS'. */
export class CorefileError extends Error {
  constructor(line: number, message: string) {
    super(`/etc/coredns/Corefile:${line} - Error during parsing: ${message}`);
  }
}

interface Transport {
  transport?: string;
  tls?: { serverName?: string };
}

/** The `spec` of `dns.operator/default`. */
export interface DnsOperatorSpec {
  servers?: {
    name?: string;
    zones: string[];
    forwardPlugin?: {
      upstreams: string[];
      policy?: string;
      protocolStrategy?: string;
      transportConfig?: Transport;
    };
  }[];
  upstreamResolvers?: {
    upstreams?: { type: string; address?: string; port?: number }[];
    policy?: string;
    protocolStrategy?: string;
    transportConfig?: Transport;
  };
  cache?: { positiveTTL?: string; negativeTTL?: string };
  logLevel?: string;
}

const LOG_CLASSES: Readonly<Record<string, string>> = { Debug: 'denial error', Trace: 'all' };
const CACHE_S = { positive: 900, negative: 30 };

/** Why the operator does not make a Corefile of a specification; undefined when it does. */
export function dnsSpecError({ servers = [], upstreamResolvers = {} }: DnsOperatorSpec): string | undefined {
  const { upstreams = [] } = upstreamResolvers;
  if (upstreams.some(({ type, address }) => type === 'Network' && !address))
    return 'The address field is mandatory for upstream of type Network, but was not provided';
  const transports = [
    upstreamResolvers.transportConfig,
    ...servers.map(({ forwardPlugin }) => forwardPlugin?.transportConfig),
  ];
  return transports.some((each) => each?.transport === 'TLS' && !each.tls?.serverName)
    ? 'The ServerName field is mandatory when configuring TLS as the DNS Transport'
    : undefined;
}

/** The Corefile in config map openshift-dns/dns-default (cluster-dns-operator, controller_dns_configmap.go). */
export function openShiftCorefile(clusterDomain = 'cluster.local', spec: DnsOperatorSpec = {}): string {
  const log = `    log . {\n        class ${LOG_CLASSES[spec.logLevel ?? ''] ?? 'error'}\n    }`;
  const positive = seconds(spec.cache?.positiveTTL) ?? CACHE_S.positive;
  const negative = seconds(spec.cache?.negativeTTL) ?? CACHE_S.negative;
  const cache = `    cache ${positive} {\n        denial 9984 ${negative}\n    }`;
  const blocks = (spec.servers ?? []).map(({ name, zones, forwardPlugin }) => {
    const { upstreams = [], policy = 'Random' } = forwardPlugin ?? {};
    const plugin = forwardLines(upstreams, policy, forwardPlugin);
    const keys = zones.map((zone) => `${zone}:5353`).join(' ');
    return `# ${name ?? ''}\n${keys} {\n    prometheus 127.0.0.1:9153\n${plugin}\n    errors\n${log}\n    bufsize 1232\n${cache}\n}\n`;
  });
  const resolvers = spec.upstreamResolvers ?? {};
  const upstreams = resolvers.upstreams?.length ? resolvers.upstreams : [{ type: 'SystemResolvConf' }];
  const to = [...new Set(upstreams.map(upstreamText))];
  return `${blocks.join('')}.:5353 {
    bufsize 1232
    errors
${log}
    health {
        lameduck 20s
    }
    ready
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus 127.0.0.1:9153
${forwardLines(to, resolvers.policy ?? 'Sequential', resolvers)}
${cache}
    reload
}
hostname.bind:5353 {
    chaos
}
`;
}

const upstreamText = ({ type, address = '', port = 53 }: { type: string; address?: string; port?: number }): string =>
  type === 'Network' ? `${address.includes(':') ? `[${address}]` : address}:${port}` : '/etc/resolv.conf';

function forwardLines(
  to: readonly string[],
  policy: string,
  options: { protocolStrategy?: string; transportConfig?: Transport } | undefined,
): string {
  const isTls = options?.transportConfig?.transport === 'TLS';
  const lines = [
    ...(isTls ? [`tls_servername ${options.transportConfig?.tls?.serverName ?? ''}`, 'tls'] : []),
    `policy ${policy === 'RoundRobin' ? 'round_robin' : policy.toLowerCase()}`,
    ...(options?.protocolStrategy === 'TCP' ? ['force_tcp'] : []),
  ];
  const targets = to.map((each) => (isTls ? `tls://${each}` : each)).join(' ');
  return `    forward . ${targets} {\n${lines.map((line) => `        ${line}\n`).join('')}    }`;
}

const UNIT_S: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** A duration as Go writes it, `1h30m`, in whole seconds; undefined when there is none. */
function seconds(text: string | undefined): number | undefined {
  const parts = [...(text ?? '').matchAll(/([\d.]+)(h|ms|m|s)/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_S[unit ?? ''] ?? 0), 0);
  return total > 0 ? Math.round(total) : undefined;
}

/** What an untouched OpenShift cluster's DNS server runs with. `addresses`: the server's own. */
export const openShiftDns = (network: Network, addresses: string[] = []): DnsConfig =>
  parseCorefile(openShiftCorefile(network.clusterDomain), addresses);

/** Reads a Corefile. Throws a CorefileError, as the server would end with it. */
export function parseCorefile(text: string, addresses: string[] = []): DnsConfig {
  const lines = tokenize(text);
  const servers: ServerBlock[] = [];
  while (lines.length > 0) {
    const { line, words } = lines.shift() as Line;
    if (words.pop() !== '{') throw new CorefileError(line, `Unknown directive '${words[0] ?? '{'}'`);
    const zones = words.flatMap((key) => key.split(',')).filter((key) => key !== '');
    servers.push(readBlock(zones.map(zoneName), lines, line, addresses));
  }
  return { servers };
}

interface Line {
  line: number;
  words: string[];
}

const tokenize = (text: string): Line[] =>
  text
    .split('\n')
    .map((content, i) => ({ line: i + 1, words: content.replace(/#.*$/, '').trim().split(/\s+/) }))
    .filter(({ words }) => words[0] !== '');

/** `example.com:5353` is `example.com`, `.` is the root. */
const zoneName = (key: string): string =>
  key
    .replace(/^dns:\/\//, '')
    .replace(/:\d+$/, '')
    .replace(/\.$/, '')
    .toLowerCase();

/** The lines up to the closing brace, each with the lines of its own braces. */
function* directives(lines: Line[], opened: number): Iterable<Line & { inner: Line[] }> {
  for (let next = lines.shift(); next; next = lines.shift()) {
    if (next.words[0] === '}') return;
    const { line, words } = next;
    if (words.at(-1) !== '{') yield { line, words, inner: [] };
    else yield { line, words: words.slice(0, -1), inner: [...directives(lines, line)] };
  }
  throw new CorefileError(opened, 'Unexpected EOF');
}

function readBlock(zones: string[], lines: Line[], opened: number, addresses: string[]): ServerBlock {
  const block: ServerBlock = { zones, forwards: [], bufsize: DEFAULT_BUFSIZE, shuffle: false, logs: [] };
  for (const { line, words, inner } of directives(lines, opened)) {
    const [name = '', ...args] = words;
    if (name === 'kubernetes') block.kubernetes = readKubernetes(args.length > 0 ? args : zones, inner, addresses);
    else if (name === 'forward') block.forwards.push(readForward(args, inner, line));
    else if (name === 'cache') block.cache = readCache(args, inner);
    else if (name === 'bufsize') block.bufsize = Number(args[0] ?? DEFAULT_BUFSIZE);
    else if (name === 'loadbalance') block.shuffle = true;
    else if (name === 'log') block.logs = inner.find(({ words }) => words[0] === 'class')?.words.slice(1) ?? ['all'];
    else if (!SILENT.has(name)) throw new CorefileError(line, `Unknown directive '${name}'`);
  }
  return block;
}

function readKubernetes(zones: string[], inner: Line[], addresses: string[]): KubernetesPlugin {
  const option = (name: string) => inner.find(({ words }) => words[0] === name)?.words.slice(1);
  const mode = option('pods')?.[0];
  const fallthrough = option('fallthrough')?.map(zoneName);
  return {
    zones: zones.map(zoneName),
    pods: mode === 'insecure' || mode === 'verified' ? mode : 'disabled',
    namespaces: option('namespaces') ?? [],
    fallthrough: fallthrough?.length === 0 ? [''] : (fallthrough ?? []),
    ttl: Number(option('ttl')?.[0] ?? DEFAULT_TTL_S),
    ignoreEmptyService: option('ignore')?.[0] === 'empty_service',
    synced: true,
    addresses,
  };
}

function readForward([from, ...to]: string[], inner: Line[], line: number): ServerBlock['forwards'][number] {
  if (from === undefined || to.length === 0)
    throw new CorefileError(line, 'Wrong argument count or unexpected line ending');
  const policy = inner.find(({ words }) => words[0] === 'policy')?.words[1] ?? 'random';
  if (!Object.hasOwn(POLICIES, policy)) throw new CorefileError(line, `unknown policy '${policy}'`);
  return { zone: zoneName(from), forward: { to, policy: policy as ForwardPlugin['policy'] } };
}

function readCache([ttl]: string[], inner: Line[]): { success: number; denial: number } {
  const own = (name: string, otherwise: number) =>
    Number(inner.find(({ words }) => words[0] === name)?.words[2] ?? ttl ?? otherwise);
  return { success: own('success', CACHE_DEFAULT_S.success), denial: own('denial', CACHE_DEFAULT_S.denial) };
}
