// The neighbour table (ARP, NDP) of a host: its next hops, and those on its links that it talked to.
import type { Route } from '../cni/contract';
import { macOfAddress, macOfName } from '../cni/interfaces';
import { linksOf, routesOf } from '../interfaces';
import type { Network } from '../network';
import type { HostId } from '../types';
import { findRoute } from './ip';

export interface Neighbour {
  address: string;
  device: string;
  /** Undefined when nobody answered. */
  mac?: string;
  state: 'REACHABLE' | 'STALE' | 'FAILED' | 'PERMANENT';
}

/** `talked`: the addresses that it sent to, the newest last, and whether somebody was there. */
export function neighboursOf(
  network: Network,
  id: HostId,
  talked: readonly { address: string; answered: boolean }[],
): Neighbour[] {
  const routes = routesOf(network, id);
  const found = new Map<string, Neighbour>();
  const gateway = routes.find(({ to }) => to === 'default');
  if (gateway?.via) found.set(gateway.via, reached(network, gateway.via, gateway.device, 'REACHABLE'));
  for (const route of routes.filter(isPermanent)) {
    const address = route.via ?? '';
    found.set(address, reached(network, address, route.device, 'PERMANENT'));
  }
  for (const { address, answered } of talked) {
    const route = findRoute(routes, address);
    if (!route?.device || isOwn(network, id, address)) continue;
    const hop = route.via ?? address;
    if (found.get(hop)?.state === 'PERMANENT') continue;
    found.set(
      hop,
      answered || route.via
        ? reached(network, hop, route.device, 'REACHABLE')
        : { address: hop, device: route.device, state: 'FAILED' },
    );
  }
  return [...found.values()].filter(({ device }) => device !== '');
}

/** A tunnel's far ends are written into the table by its daemon. */
const isPermanent = ({ rest, device, via }: Route): boolean => rest === 'onlink' && device === 'flannel.1' && !!via;

const isOwn = (network: Network, id: HostId, address: string): boolean =>
  linksOf(network, id).some(({ addresses }) => addresses.some((text) => text.split('/')[0] === address));

const reached = (network: Network, address: string, device: string, state: Neighbour['state']): Neighbour => ({
  address,
  device,
  mac: macAt(network, address, device),
  state,
});

/** The hardware address of whoever holds an address on a link. */
function macAt(network: Network, address: string, device: string): string {
  if (address === '169.254.1.1') return 'ee:ee:ee:ee:ee:ee';
  const host = network.hostByAddress(address);
  const links = host ? linksOf(network, host) : [];
  const link = links.find(({ addresses }) => addresses.some((a) => a.split('/')[0] === address));
  if (link?.mac) return link.mac;
  return network.inClusterNetwork(address) ? macOfAddress(address) : macOfName(`${address} ${device}`);
}
