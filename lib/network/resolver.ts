// The stub resolver's logic: which names are asked for, in which order, and when it stops (glibc's res_search, musl's
// name_from_dns_search); and the resolv.conf that the kubelet writes into a pod.

export type Libc = 'glibc' | 'musl';

/** How one lookup (of all record types wanted) ended. */
export type LookupResult = 'NOERROR' | 'NODATA' | 'NXDOMAIN' | 'SERVFAIL' | 'TIMEOUT';

export interface ResolvConf {
  nameservers: string[];
  search: string[];
  options: { ndots: number; timeout: number; attempts: number };
}

const MAX_NAMESERVERS = 3; // MAXNS of both libraries
const MAX_NDOTS = 15;

/** Reads /etc/resolv.conf as the libraries do: the last `search` or `domain` wins, unknown lines are skipped. */
export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = { nameservers: [], search: [], options: { ndots: 1, timeout: 5, attempts: 2 } };
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver' && words[0]) conf.nameservers.push(words[0]);
    if (keyword === 'search' || keyword === 'domain') conf.search = words.filter((word) => word !== '');
    if (keyword === 'options') for (const word of words) readOption(conf.options, word);
  }
  conf.nameservers = conf.nameservers.slice(0, MAX_NAMESERVERS);
  return conf;
}

function readOption(options: ResolvConf['options'], word: string): void {
  const match = /^(ndots|timeout|attempts):(\d+)$/.exec(word);
  if (!match) return;
  const value = Number(match[2]);
  if (match[1] === 'ndots') options.ndots = Math.min(value, MAX_NDOTS);
  if (match[1] === 'timeout') options.timeout = Math.max(1, value);
  if (match[1] === 'attempts') options.attempts = Math.max(1, value);
}

/**
 * The names to look up, one after the other, absolute and with a final dot. Send each result back in; the generator returns
 * how the whole search ended.
 * @example
 * const names = lookups('db', conf, 'glibc');
 * for (let step = names.next(); !step.done; step = names.next(await ask(step.value))) {}
 */
export function* lookups(name: string, conf: ResolvConf, libc: Libc): Generator<string, LookupResult, LookupResult> {
  return yield* (libc === 'glibc' ? glibcLookups : muslLookups)(name, conf);
}

const absolute = (name: string): string => (name.endsWith('.') ? name : `${name}.`);
const dots = (name: string): number => name.split('.').length - 1;

/** Every failure lets the search go on; the most telling one is reported. */
function* glibcLookups(name: string, conf: ResolvConf): Generator<string, LookupResult, LookupResult> {
  if (name.endsWith('.')) return yield name;
  const first = dots(name) >= conf.options.ndots;
  const suffixed = conf.search.map((suffix) => absolute(`${name}.${suffix}`));
  const order = first ? [absolute(name), ...suffixed] : [...suffixed, absolute(name)];
  const seen = new Set<LookupResult>();
  for (const candidate of order) {
    const result = yield candidate;
    if (result === 'NOERROR') return result;
    // A server that cannot be reached ends the search at once (res_search: TRY_AGAIN after ECONNREFUSED or a timeout).
    if (result === 'TIMEOUT') return result;
    seen.add(result);
  }
  return seen.has('SERVFAIL') ? 'SERVFAIL' : seen.has('NODATA') ? 'NODATA' : 'NXDOMAIN';
}

/** Only NXDOMAIN goes on; enough dots, and the search list is not used at all. */
function* muslLookups(name: string, conf: ResolvConf): Generator<string, LookupResult, LookupResult> {
  const searching = !name.endsWith('.') && dots(name) < conf.options.ndots;
  for (const suffix of searching ? conf.search : []) {
    const result = yield absolute(`${name}.${suffix}`);
    if (result !== 'NXDOMAIN') return result;
  }
  return yield absolute(name);
}

/** What a pod's resolv.conf is made from. */
export interface PodResolver {
  dnsPolicy?: string;
  hostNetwork?: boolean;
  namespace: string;
  dnsConfig?: { nameservers?: string[]; searches?: string[]; options?: { name: string; value?: string }[] };
  node: { search: string[]; nameservers: string[] };
  clusterDNS: string;
  clusterDomain?: string;
}

// pkg/kubelet/network/dns: what is above is cut off, with an event
const LIMITS = { nameservers: 3, searches: 32, searchChars: 2048 };

/** The text that the kubelet and CRI-O write. */
export function podResolvConf(pod: PodResolver): string {
  const { nameservers, search, options } = podResolver(pod);
  const lines = [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function podResolver(pod: PodResolver): { nameservers: string[]; search: string[]; options: string[] } {
  const { namespace, node, clusterDNS, clusterDomain = 'cluster.local', dnsConfig = {} } = pod;
  const svc = `svc.${clusterDomain}`;
  const base = {
    None: { nameservers: [], search: [], options: [] },
    Default: { ...node, options: [] },
    ClusterFirst: {
      nameservers: [clusterDNS],
      search: [`${namespace}.${svc}`, svc, clusterDomain, ...node.search],
      options: ['ndots:5'],
    },
  }[effectivePolicy(pod)];
  const search = unique([...base.search, ...(dnsConfig.searches ?? [])]).slice(0, LIMITS.searches);
  while (search.join(' ').length > LIMITS.searchChars) search.pop();
  return {
    nameservers: unique([...base.nameservers, ...(dnsConfig.nameservers ?? [])]).slice(0, LIMITS.nameservers),
    search,
    options: mergeOptions(base.options, dnsConfig.options ?? []),
  };
}

/** A pod on its node's network gets the node's resolver unless it asks for more. */
function effectivePolicy({
  dnsPolicy = 'ClusterFirst',
  hostNetwork,
}: PodResolver): 'None' | 'Default' | 'ClusterFirst' {
  if (dnsPolicy === 'None' || dnsPolicy === 'Default') return dnsPolicy;
  return dnsPolicy === 'ClusterFirst' && hostNetwork ? 'Default' : 'ClusterFirst';
}

function mergeOptions(base: string[], added: { name: string; value?: string }[]): string[] {
  const options = new Map(base.map((option) => [option.split(':')[0] ?? option, option]));
  for (const { name, value } of added) options.set(name, value ? `${name}:${value}` : name);
  return [...options.values()];
}

const unique = (items: string[]): string[] => [...new Set(items)];
