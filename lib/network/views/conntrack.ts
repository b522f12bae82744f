// `conntrack -L`: a connection as it was sent and as its reply comes back, so that translation can be read off it.
import type { Path, PathQuery } from '../types';

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

/** One line; nothing for a connection that never left its host. */
export function conntrackLine({ query, path, sender, state }: Tracked): string {
  const { protocol, to, port } = query;
  const { destination, source } = path;
  const sent = tuple(sender, to, source.port, port);
  const server = destination ?? { address: to, port };
  const reply = tuple(server.address, source.address, server.port, source.port);
  const life = protocol === 'UDP' ? LIFETIME_S.UDP : LIFETIME_S[state];
  const title = `${protocol.toLowerCase().padEnd(8)} ${NUMBERS[protocol]} ${life}${protocol === 'TCP' ? ` ${state}` : ''}`;
  const answered = state === 'SYN_SENT' ? [title, sent, '[UNREPLIED]', reply] : [title, sent, reply, '[ASSURED]'];
  return `${[...answered, 'mark=0', 'use=1'].join(' ')}\n`;
}

const tuple = (source: string, destination: string, sport: number, dport: number): string =>
  `src=${source} dst=${destination} sport=${sport} dport=${dport}`;
