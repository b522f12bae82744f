// Which ports each host listens on, in the world's state: so that a restored world, whose programs still sleep, refuses and
// accepts connections as before.
import type { Fabric } from '../../machine/net';
import type { Protocol } from '../../network/types';
import type { Table } from '../../sim/state';

export interface DeclaredListener {
  protocol: Protocol;
  port: number;
  address: string;
}

export class DeclaredListeners {
  private muted = false;

  constructor(
    private readonly table: Table,
    private readonly fabric: Fabric,
  ) {
    fabric.onBound = (host, protocol, port, address, open) => this.note(host, { protocol, port, address }, open);
  }

  of(host: string): readonly DeclaredListener[] {
    return this.table.get<DeclaredListener[]>(host) ?? [];
  }

  /** Says for a host that sleeps where it listens. */
  declare(host: string, listeners: readonly DeclaredListener[]): void {
    for (const { protocol, port, address } of listeners) this.fabric.bound(host, protocol, port, address, true);
  }

  /** Tells the network of a restored world what was listened on. */
  restore(hosts: Iterable<string>): void {
    for (const host of hosts)
      for (const { protocol, port, address } of this.of(host))
        this.fabric.network.setListener(host, protocol, port, address, true);
  }

  /** From now on sockets close only because the world stops. */
  mute(): void {
    this.muted = true;
  }

  private note(host: string, listener: DeclaredListener, open: boolean): void {
    if (this.muted || !host.startsWith('pod/')) return;
    const others = this.of(host).filter(
      ({ protocol, port, address }) =>
        protocol !== listener.protocol || port !== listener.port || address !== listener.address,
    );
    const now = open ? [...others, listener] : others;
    if (now.length > 0) this.table.set(host, now);
    else this.table.delete(host);
  }
}
