// The files that the kubelet puts into every container: /etc/hosts, /etc/hostname, /etc/resolv.conf.
import type { Pod } from '../kinds';
import type { PodSettings } from './context';

const HOSTS = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;
const MAX_NAME = 63;
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;

/** The name that a pod's containers have. */
export const podHostname = (pod: Pod): string =>
  pod.spec.hostNetwork
    ? (pod.spec.nodeName ?? '')
    : (pod.spec.hostname ?? pod.metadata.name).slice(0, MAX_NAME).replace(/[-.]+$/, '');

export function hostsFile(pod: Pod, addresses: readonly string[], { clusterDomain }: PodSettings): string {
  const hostname = podHostname(pod);
  const domain = pod.spec.subdomain && `${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`;
  const own = addresses.map((address) => `${address}\t${domain ? `${domain}\t` : ''}${hostname}\n`).join('');
  const aliases = (pod.spec.hostAliases ?? []).map(({ ip, hostnames }) => `${ip}\t${hostnames.join('\t')}\n`);
  const head = `# Kubernetes-managed hosts file${pod.spec.hostNetwork ? ' (host network)' : ''}.\n`;
  return `${head}${HOSTS}${own}${aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : ''}`;
}

export function resolvConf(pod: Pod, { clusterDomain, dnsAddress, nodeDns }: PodSettings): string {
  const policy = effectivePolicy(pod);
  const cluster = policy === 'ClusterFirst';
  const suffixes = [`${pod.metadata.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  const base = {
    nameservers: cluster ? [dnsAddress] : policy === 'Default' ? nodeDns.nameservers : [],
    searches: cluster ? [...suffixes, ...nodeDns.searches] : policy === 'Default' ? nodeDns.searches : [],
    options: cluster ? [{ name: 'ndots', value: '5' }] : [],
  };
  const { nameservers = [], searches = [], options = [] } = pod.spec.dnsConfig ?? {};
  const merged: { name: string; value?: string }[] = [
    ...base.options.filter(({ name }) => !options.some((option) => option.name === name)),
    ...options,
  ];
  const search = unique([...base.searches, ...searches]).slice(0, MAX_SEARCHES);
  const servers = unique([...base.nameservers, ...nameservers]).slice(0, MAX_NAMESERVERS);
  return [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(merged.length > 0 ? [`options ${merged.map(({ name, value }) => (value ? `${name}:${value}` : name)).join(' ')}`] : []),
    '',
  ].join('\n');
}

/** On its node's network a pod that asks for ClusterFirst gets Default, as the documentation warns. */
function effectivePolicy({ spec }: Pod): 'ClusterFirst' | 'Default' | 'None' {
  const { dnsPolicy = 'ClusterFirst', hostNetwork } = spec;
  if (dnsPolicy === 'ClusterFirstWithHostNet') return 'ClusterFirst';
  if (dnsPolicy === 'Default' || dnsPolicy === 'None') return dnsPolicy;
  return hostNetwork ? 'Default' : 'ClusterFirst';
}

const unique = (texts: string[]): string[] => [...new Set(texts)];
