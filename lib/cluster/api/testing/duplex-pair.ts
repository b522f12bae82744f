// Two ends of a connection inside the process.
import { Duplex } from 'node:stream';

class End extends Duplex {
  other: End | undefined;
  private waiting: (() => void) | undefined;

  override _read(): void {
    this.waiting?.();
    this.waiting = undefined;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const other = this.other as End;
    if (other.push(chunk)) done();
    else other.waiting = done;
  }

  override _final(done: () => void): void {
    this.other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const other = this.other;
    if (other && !other.destroyed && !other.readableEnded) other.push(null);
    done(error);
  }
}

export function duplexPair(): [Duplex, Duplex] {
  const [a, b] = [new End(), new End()];
  a.other = b;
  b.other = a;
  return [a, b];
}
