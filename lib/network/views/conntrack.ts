// `conntrack -L`: a connection as it was sent and as its reply comes back, so that translation can be read off it.
import type { Path, PathQuery, Protocol } from '../types';

/** A delivered connection that connection tracking remembers. */
export interface Tracked {
  query: PathQuery;
  path: Path;
  /** The sender's own address, before any translation. */
  sender: string;
  state: 'ESTABLISHED' | 'TIME_WAIT' | 'SYN_SENT';
}

const NUMBERS = { ICMP: 1, TCP: 6, UDP: 17, SCTP: 132 } as const;
const LIFETIME_S = { ESTABLISHED: 431_999, TIME_WAIT: 119, SYN_SENT: 119, UDP: 29 } as const; // nf_conntrack's defaults, a second in

/** One line of a connection at a given moment of its life. */
export function conntrackLine({ query, path, sender, state }: Tracked): string {
  const { protocol, to, port } = query;
  const { destination, source } = path;
  const server = destination ?? { address: to, port };
  return conntrackEntry({
    protocol,
    seconds: protocol === 'UDP' ? LIFETIME_S.UDP : LIFETIME_S[state],
    state,
    answered: state !== 'SYN_SENT',
    sent: { source: sender, destination: to, sourcePort: source.port, destinationPort: port },
    received: {
      source: source.address,
      destination: server.address,
      sourcePort: source.port,
      destinationPort: server.port,
    },
  });
}

interface Tuple {
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
}

/** An entry of the table: as the sender sees it, and as the receiver does. */
export interface Entry {
  protocol: Protocol;
  /** Until it is forgotten. */
  seconds: number;
  state: string;
  answered: boolean;
  sent: Tuple;
  received: Tuple;
}

export function conntrackEntry({ protocol, seconds, state, answered, sent, received }: Entry): string {
  const way = tuple(protocol, sent, 8);
  const { source, destination, sourcePort, destinationPort } = received;
  const back = { source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort };
  const reply = tuple(protocol, protocol === 'ICMP' ? { ...back, sourcePort } : back, 0);
  const title = `${protocol.toLowerCase().padEnd(8)} ${NUMBERS[protocol]} ${seconds}${protocol === 'TCP' || protocol === 'SCTP' ? ` ${state}` : ''}`;
  const assured = protocol === 'ICMP' || (state.startsWith('CLOSE') && state !== 'CLOSE_WAIT') ? [] : ['[ASSURED]'];
  const parts = answered ? [title, way, reply, ...assured] : [title, way, '[UNREPLIED]', reply];
  return `${[...parts, 'mark=0', 'use=1'].join(' ')}\n`;
}

/** `type`: of the ICMP message, which has an id in place of ports. */
const tuple = (
  protocol: Protocol,
  { source, destination, sourcePort, destinationPort }: Tuple,
  type: number,
): string =>
  protocol === 'ICMP'
    ? `src=${source} dst=${destination} type=${type} code=0 id=${sourcePort}`
    : `src=${source} dst=${destination} sport=${sourcePort} dport=${destinationPort}`;
