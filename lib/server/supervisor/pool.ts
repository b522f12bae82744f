// Sandbox processes that are loaded and wait for a world, so that a lab starts without waiting for Node.
import { SandboxChild } from './child';

/** The one just taken is starting its world; loading the next at the same time would slow it. */
const REFILL_DELAY_MS = 400;

export class Pool {
  private warm: Promise<SandboxChild>[] = [];
  private refill: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly program: string,
    private readonly size: number,
  ) {
    this.fill();
  }

  /** A loaded process, the caller's alone from now on. */
  async take(): Promise<SandboxChild> {
    const child = this.warm.shift() ?? this.load();
    clearTimeout(this.refill);
    this.refill = setTimeout(() => this.fill(), REFILL_DELAY_MS);
    this.refill.unref();
    return child;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.refill);
    for (const child of this.warm) void child.then((it) => it.kill()).catch(() => {});
    this.warm = [];
  }

  private fill(): void {
    while (!this.closed && this.warm.length < this.size) {
      const child = this.load();
      this.warm.push(child);
      const forget = () => (this.warm = this.warm.filter((other) => other !== child));
      // One that ends while it waits is replaced at the next take; filling at once could spin on a broken bundle.
      child.then((it) => it.exited.then(forget)).catch(forget);
    }
  }

  private load(): Promise<SandboxChild> {
    return new SandboxChild(this.program).loaded();
  }
}
