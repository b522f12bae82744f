// From a keystroke to its echo, over the same WebSocket that the page uses, with 50 terminals open.
import type { WebSocket } from 'ws';
import { begin, openBench, openTerminal, prompt, quantile } from './product';

const TERMINALS = 50;
const EACH = 8; // terminals of one student at the most
const KEYS = 40; // a terminal

export async function echo(): Promise<object> {
  const benches = await openBench(2, Math.ceil(TERMINALS / EACH));
  try {
    const terminals: Typing[] = [];
    for (const bench of benches) {
      const attempt = await begin(bench);
      for (let number = 1; number <= EACH && terminals.length < TERMINALS; number++) {
        (await prompt(bench, attempt, number)).terminate();
        terminals.push(await Typing.open((onData) => openTerminal(bench, attempt, number, onData)));
      }
    }
    const samples: number[] = [];
    for (let key = 0; key < KEYS; key++) for (const terminal of terminals) samples.push(await terminal.key('x'));
    return {
      students: benches.length,
      terminals: terminals.length,
      samples: samples.length,
      medianMs: quantile(samples, 0.5),
      p99Ms: quantile(samples, 0.99),
    };
  } finally {
    await benches[0]?.close();
  }
}

class Typing {
  private heard: (() => void) | undefined;

  private constructor(private socket: WebSocket | undefined) {}

  static async open(connect: (onData: (text: string) => void) => WebSocket): Promise<Typing> {
    const typing = new Typing(undefined);
    const socket = connect((text) => text.includes('x') && typing.heard?.());
    typing.socket = socket;
    await new Promise<void>((resolve) => socket.once('message', () => resolve()));
    return typing;
  }

  async key(character: string): Promise<number> {
    const before = performance.now();
    const echoed = new Promise<void>((resolve) => (this.heard = resolve));
    this.socket?.send(Buffer.from(character));
    await echoed;
    return performance.now() - before;
  }
}
