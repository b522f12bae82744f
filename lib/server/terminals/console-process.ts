// The processes behind terminals: lib/cli/console.ts on a pseudo-terminal. One is kept warm, so that a prompt comes at once.
import { type IPty, spawn } from 'node-pty';

const ACK = 0x06;
/** A console is a wire; this is many times what it needs. */
const HEAP_MB = 24;

/** Node's own raw mode would still turn each newline into two characters; this tty must be a wire. */
const RAW = 'stty raw -echo && exec "$@"';

/** A console whose tty is raw and which waits to be told its sandbox. */
export interface ConsoleProcess {
  readonly pid: number;
  /** Says which sandbox; output comes from then on. */
  connect(socket: string): void;
  write(data: Buffer): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(): void;
  onData: (data: Buffer) => void;
  onExit: (code: number) => void;
}

export class ConsolePool {
  private warm: Promise<ConsoleProcess>[] = [];
  private closed = false;

  /** @param program the bundle of lib/cli/console.ts */
  constructor(
    private readonly program: string,
    private readonly size: number,
  ) {
    this.fill();
  }

  take(): Promise<ConsoleProcess> {
    const next = this.warm.shift() ?? start(this.program);
    setTimeout(() => this.fill(), 300).unref();
    return next;
  }

  close(): void {
    this.closed = true;
    for (const process of this.warm) void process.then((it) => it.kill()).catch(() => {});
    this.warm = [];
  }

  private fill(): void {
    while (!this.closed && this.warm.length < this.size) {
      const process = start(this.program);
      this.warm.push(process);
      const forget = () => (this.warm = this.warm.filter((other) => other !== process));
      process.then((it) => (it.onExit = forget)).catch(forget);
    }
  }
}

function start(program: string): Promise<ConsoleProcess> {
  const flags = [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=1', '--no-warnings', program];
  const pty = spawn('/bin/sh', ['-c', RAW, 'console', process.execPath, ...flags], {
    env: {},
    cwd: '/',
    encoding: null,
  });
  return new Promise((resolve, reject) => {
    const console = wire(pty);
    console.onData = (data) => {
      if (data.includes(ACK)) resolve(console);
    };
    console.onExit = (code) => reject(new Error(`The console process ended with ${code}.`));
  });
}

function wire(pty: IPty): ConsoleProcess {
  const console: ConsoleProcess = {
    pid: pty.pid,
    connect: (socket) => pty.write(`${socket}\n`),
    // The declared type knows strings only; bytes go through as they are.
    write: (data) => pty.write(data as unknown as string),
    resize(columns, rows) {
      try {
        pty.resize(columns, rows);
      } catch {
        // it has just ended
      }
    },
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    kill() {
      try {
        pty.kill('SIGKILL');
      } catch {
        // it has just ended
      }
    },
    onData: () => {},
    onExit: () => {},
  };
  pty.onData((data) => console.onData(data as unknown as Buffer));
  pty.onExit(({ exitCode }) => console.onExit(exitCode));
  return console;
}
