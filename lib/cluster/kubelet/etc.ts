// The files that the kubelet puts into every container: /etc/hosts, /etc/hostname, /etc/resolv.conf.
import { podResolvConf } from '../../network/resolver';
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

/** The name that a pod's containers have. */
export const podHostname = (pod: Pod): string =>
  pod.spec.hostNetwork
    ? (pod.spec.nodeName ?? '')
    : (pod.spec.hostname ?? pod.metadata.name).slice(0, MAX_NAME).replace(/[-.]+$/, '');

export function hostsFile(pod: Pod, addresses: readonly string[], { clusterDomain }: PodSettings): string {
  const hostname = podHostname(pod);
  const domain =
    pod.spec.subdomain && `${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`;
  const own = addresses.map((address) => `${address}\t${domain ? `${domain}\t` : ''}${hostname}\n`).join('');
  const aliases = (pod.spec.hostAliases ?? []).map(({ ip, hostnames }) => `${ip}\t${hostnames.join('\t')}\n`);
  const head = `# Kubernetes-managed hosts file${pod.spec.hostNetwork ? ' (host network)' : ''}.\n`;
  return `${head}${HOSTS}${own}${aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : ''}`;
}

export const resolvConf = (pod: Pod, { clusterDomain, dnsAddress, nodeDns }: PodSettings): string =>
  podResolvConf({
    ...pod.spec,
    namespace: pod.metadata.namespace ?? '',
    node: { nameservers: nodeDns.nameservers, search: nodeDns.searches },
    clusterDNS: dnsAddress,
    clusterDomain,
  });
