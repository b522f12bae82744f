// The sockets of a machine's network namespace, as `ss` and `netstat` list them.
import type { Owner } from '../../machine/net';
import type { Process } from '../../machine/process';
import { serviceName } from './own-network';

export interface Socket {
  protocol: 'tcp' | 'udp' | 'sctp';
  state: 'LISTEN' | 'UNCONN' | 'ESTAB' | 'CLOSE-WAIT' | 'FIN-WAIT-2' | 'TIME-WAIT' | 'SYN-SENT';
  local: string;
  localPort: number;
  /** Undefined: any. */
  peer?: string;
  peerPort?: number;
  owner?: Owner;
}

export function socketsOf(proc: Process): Socket[] {
  const { net } = proc.machine;
  const listening = net.listeners().map(({ protocol, address, port, owner }): Socket => {
    const udp = protocol === 'UDP';
    return {
      protocol: protocol.toLowerCase() as Socket['protocol'],
      state: udp ? 'UNCONN' : 'LISTEN',
      local: address,
      localPort: port,
      ...(owner ? { owner } : {}),
    };
  });
  const connected = net.connections().map(
    ({ protocol, state, owner, localAddress, localPort, remoteAddress, remotePort }): Socket => ({
      protocol: protocol === 'SCTP' ? 'sctp' : 'tcp',
      state,
      local: localAddress,
      localPort,
      peer: remoteAddress,
      peerPort: remotePort,
      ...(owner ? { owner } : {}),
    }),
  );
  return [...listening, ...connected, ...passing(proc)];
}

/** Connections that connection tracking knows and no process holds: asked for without an answer, or over. */
function passing(proc: Process): Socket[] {
  const { fabric, host } = proc.machine.net;
  return fabric.flows
    .of(host)
    .filter(({ protocol, from, near }) => protocol === 'TCP' && from.id === host && !near.source.startsWith('127.'))
    .flatMap(({ state, near, answered }): Socket[] => {
      const shown = state === 'TIME_WAIT' ? 'TIME-WAIT' : state === 'SYN_SENT' && !answered ? 'SYN-SENT' : undefined;
      if (!shown) return [];
      const { source: local, sourcePort: localPort, destination: peer, destinationPort: peerPort } = near;
      return [{ protocol: 'tcp', state: shown, local, localPort, peer, peerPort }];
    });
}

/** A port by name, where /etc/services has one and numbers are not asked for. */
export const portText = (proc: Process, port: number | undefined, protocol: string, numeric: boolean): string =>
  port === undefined ? '*' : ((numeric ? undefined : serviceName(proc, port, protocol)) ?? String(port));

/** Whether a process may see whose a socket is: its own, or all for root. */
export const maySee = (proc: Process, { owner }: Socket): boolean =>
  owner !== undefined && (proc.uid === 0 || owner.uid === proc.uid);
