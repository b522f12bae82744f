// Two ends of a connection inside the process, for callers that are not on the simulated network.
import type { Duplex } from 'node:stream';
import { toDuplex } from '../machine/duplex';
import type { Connection } from '../machine/net';
import { Pipe } from '../sim/pipe';

/** A pair of streams: what is written to one is read from the other. */
export function streamPair(): [Duplex, Duplex] {
  const there = new Pipe();
  const back = new Pipe();
  return [toDuplex(end(back, there)), toDuplex(end(there, back))];
}

const end = (incoming: Pipe, outgoing: Pipe): Connection => ({
  read: (max, signal) => incoming.read(max, signal),
  write: (bytes, signal) => outgoing.write(bytes, signal),
  end: () => outgoing.end(),
  close: () => {
    outgoing.end();
    incoming.close();
  },
  localAddress: '127.0.0.1',
  localPort: 0,
  remoteAddress: '127.0.0.1',
  remotePort: 0,
});
