// `ipvsadm -Ln` on a node whose kube-proxy runs in IPVS mode.
import { parseAddress } from '../address';
import type { Network } from '../network';
import { clusterIPs } from '../services';

const HEAD = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;

/** Virtual servers and their real ones; none where kube-proxy runs otherwise. */
export function ipvsadm(network: Network): string {
  if (network.proxyMode !== 'ipvs') return HEAD;
  const servers = [...network.services.all()].flatMap((service) =>
    clusterIPs(service).flatMap((address) => {
      const family = parseAddress(address)?.family ?? 4;
      const seconds = service.spec?.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
      const sticky = service.spec?.sessionAffinity === 'ClientIP' ? ` persistent ${seconds}` : '';
      return (service.spec?.ports ?? []).map((port) => {
        const real = network.services
          .backends(service, port, family)
          .map((backend) => realServer(join(backend.address, backend.port)));
        return `${(port.protocol ?? 'TCP').padEnd(4)} ${join(address, port.port)} rr${sticky}\n${real.join('')}`;
      });
    }),
  );
  return HEAD + servers.sort().join('');
}

const join = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const realServer = (to: string): string => `  -> ${to.padEnd(28)} Masq    1      0          0         \n`;
