// A UDP socket. Where its datagrams arrive is decided in net.ts.

import { waiting } from '../sim/wait-queue';
import { Errno } from './errno';
import type { Flow } from './flow';
import type { NetStack } from './net';
import type { Owner } from './stream-socket';

interface Datagram {
  bytes: Uint8Array;
  address: string;
  port: number;
}

export interface UdpSocket {
  readonly port: number;
  send(bytes: Uint8Array, address: string, port: number): void;
  /** The next datagram; null when closed. Rejects with ECONNREFUSED when a port was found closed. */
  receive(signal?: AbortSignal): Promise<Datagram | null>;
  close(): void;
}

interface UdpFlow {
  flow: Flow | undefined;
  client: UdpEnd;
  /** What the client sent to, before translation. */
  address: string;
  port: number;
}

export class UdpEnd implements UdpSocket {
  owner: Owner | undefined;
  readonly flows = new Map<string, UdpFlow>();
  private readonly queue: Datagram[] = [];
  private waiting: (() => void)[] = [];
  private closed = false;
  private refused = false;

  constructor(
    private readonly stack: NetStack,
    readonly port: number,
    readonly address: string,
    readonly bound: boolean,
  ) {}

  send(bytes: Uint8Array, address: string, port: number): void {
    if (this.closed) throw new Errno('EBADF');
    void this.stack.sendUdp(this, bytes, address, port);
  }

  async receive(signal?: AbortSignal): Promise<Datagram | null> {
    while (this.queue.length === 0 && !this.closed && !this.refused) await waiting(this.waiting, signal);
    if (this.refused) {
      this.refused = false;
      throw new Errno('ECONNREFUSED');
    }
    return this.queue.shift() ?? null;
  }

  arrive(datagram: Datagram): void {
    if (this.closed || this.queue.length >= UDP_QUEUE) return;
    this.queue.push(datagram);
    this.wakeAll();
  }

  /** An ICMP port unreachable came back. */
  refuse(): void {
    this.refused = true;
    this.wakeAll();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.stack.forgetUdp(this);
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

const UDP_QUEUE = 256; // datagrams; a fuller socket drops, as a full receive buffer does
