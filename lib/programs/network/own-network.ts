// What the commands of a machine see of its network: devices, routes, neighbours, all from the state that decides connections.
import type { Traffic } from '../../machine/flow';
import type { Process } from '../../machine/process';
import type { Link, Route } from '../../network/cni/contract';
import { linksOf, routesOf } from '../../network/interfaces';
import type { Network } from '../../network/network';
import { type Device, devicesOf } from '../../network/views/devices';
import { type Neighbour, neighboursOf } from '../../network/views/neighbours';

export const networkOf = (proc: Process): Network => proc.machine.net.fabric.network;

/** The devices of the machine's network namespace, with the pod's own fallback while it has no address yet. */
export const ownLinks = (proc: Process): Link[] => linksOf(networkOf(proc), proc.machine.net.host);

export const ownDevices = (proc: Process): Device[] => devicesOf(ownLinks(proc));

export const ownRoutes = (proc: Process): Route[] => routesOf(networkOf(proc), proc.machine.net.host);

export function ownNeighbours(proc: Process): Neighbour[] {
  const { fabric, host } = proc.machine.net;
  const talked = fabric.recent
    .filter(({ from }) => from === host)
    .map(({ to, path }) => ({ address: to, answered: path.verdict !== 'no-route' }));
  return neighboursOf(fabric.network, host, talked);
}

/** The node whose kernel rules a machine sees: itself, or none for a pod's own namespace. */
export function ownNode(proc: Process): string | undefined {
  const { host } = proc.machine.net;
  return host.startsWith('node/') ? host.slice('node/'.length) : undefined;
}

/** What passed a device. */
export function trafficOf(proc: Process, device: string): Readonly<Traffic> {
  const { fabric, host } = proc.machine.net;
  const main = ownLinks(proc).find(({ name, addresses }) => name !== 'lo' && addresses.length > 0)?.name;
  if (device === 'lo') return fabric.flows.traffic(host, true);
  return device === main ? fabric.flows.traffic(host) : { sentPackets: 0, sentBytes: 0, gotPackets: 0, gotBytes: 0 };
}

/** The name of a port in /etc/services, if it has one there. */
export function serviceName(proc: Process, port: number, protocol: string): string | undefined {
  const lines = (proc.machine.text('/etc/services') ?? '').split('\n');
  const wanted = `${port}/${protocol.toLowerCase()}`;
  return lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/)).find(([, number]) => number === wanted)?.[0];
}
