// One terminal of an attempt: a console process, the screen as it stands, the pages that look at it, and the recorder.
import serialize from '@xterm/addon-serialize';
import headless from '@xterm/headless';
import type { Sandbox } from '../supervisor/sandbox';
import type { ConsolePool, ConsoleProcess } from './console-process';
import type { Recorder } from './recorder';

/** Lines kept above the screen for a page that comes back. */
const SCROLLBACK = 1_000;
/** Output that pages and screen have not digested; past it the console waits, as with any slow terminal. */
const MOST_OUTSTANDING = 512 * 1024;

export interface Size {
  columns: number;
  rows: number;
}

/** A page that looks on. */
export interface Viewport {
  /** `done` when it has gone out. */
  send(data: Buffer, done: () => void): void;
}

export interface TerminalDependencies {
  sandbox: Sandbox;
  consoles: ConsolePool;
  recorder: Recorder;
  report(message: string): void;
  /** What was on the screen in an earlier life. */
  past: string;
}

const notice = (text: string) => Buffer.from(`\r\n\x1b[33m[${text}]\x1b[0m\r\n`);

export class Terminal {
  private readonly screen: headless.Terminal;
  private readonly serializer = new serialize.SerializeAddon();
  private readonly viewports = new Map<Viewport, Buffer[] | undefined>();
  private console: ConsoleProcess | undefined;
  private state: 'idle' | 'starting' | 'running' | 'ended' = 'idle';
  private typedEarly: Buffer[] = [];
  private outstanding = 0;
  private paused = false;
  private release: (() => void) | undefined;
  private generation = 0;

  constructor(
    private size: Size,
    private readonly deps: TerminalDependencies,
  ) {
    const { columns: cols, rows } = size;
    this.screen = new headless.Terminal({ cols, rows, scrollback: SCROLLBACK, allowProposedApi: true });
    this.screen.loadAddon(this.serializer as unknown as headless.ITerminalAddon);
    if (deps.past)
      this.screen.write(
        `${deps.past}\x1b[0m\r\n\x1b[33m[Connected again. What ran in the foreground has ended.]\x1b[0m\r\n`,
      );
  }

  /** Shows the screen as it stands, then what comes. */
  attach(viewport: Viewport): void {
    this.release ??= this.deps.sandbox.hold();
    const behind: Buffer[] = [];
    this.viewports.set(viewport, behind);
    // Everything before this moment is on the screen when the callback runs; everything after it waits in `behind`.
    this.screen.write('', () => {
      if (!this.viewports.has(viewport)) return;
      this.viewports.set(viewport, undefined);
      this.show(
        viewport,
        Buffer.concat([Buffer.from(this.serializer.serialize({ scrollback: SCROLLBACK })), ...behind]),
      );
    });
    if (this.state === 'idle') void this.start();
  }

  detach(viewport: Viewport): void {
    this.viewports.delete(viewport);
    if (this.viewports.size > 0) return;
    this.release?.();
    this.release = undefined;
  }

  input(data: Buffer): void {
    this.deps.recorder.input(data);
    if (this.state === 'running') this.console?.write(data);
    else if (this.state === 'starting') this.typedEarly.push(data);
    else if (data.includes(0x0d)) void this.start();
  }

  resize(size: Size): void {
    if (size.columns === this.size.columns && size.rows === this.size.rows) return;
    this.size = size;
    this.screen.resize(size.columns, size.rows);
    this.console?.resize(size.columns, size.rows);
    this.deps.recorder.resize(size.columns, size.rows);
  }

  /** Ends the console and keeps the screen; the next page to attach starts another. */
  suspend(): void {
    this.generation++;
    this.console?.kill();
    this.console = undefined;
    this.state = 'idle';
    this.typedEarly = [];
  }

  flush(): Promise<void> {
    return this.deps.recorder.flush();
  }

  async close(): Promise<void> {
    this.suspend();
    this.release?.();
    this.viewports.clear();
    await this.flush();
    this.screen.dispose();
  }

  private async start(): Promise<void> {
    const generation = ++this.generation;
    this.state = 'starting';
    try {
      const [console] = await Promise.all([this.deps.consoles.take(), this.deps.sandbox.ready()]);
      if (generation !== this.generation) return console.kill();
      this.run(console);
    } catch (error) {
      if (generation !== this.generation) return;
      this.state = 'ended';
      const isUsers = error instanceof Error && error.name === 'UserError';
      if (!isUsers) this.deps.report(`a terminal could not start: ${error}`);
      this.output(notice(`${isUsers ? error.message : 'The workstation did not start.'} Press Enter to try again.`));
    }
  }

  private run(console: ConsoleProcess): void {
    this.console = console;
    this.state = 'running';
    this.paused = false;
    console.onData = (data) => this.output(data);
    console.onExit = () => this.ended(console);
    console.resize(this.size.columns, this.size.rows);
    this.deps.recorder.resize(this.size.columns, this.size.rows);
    console.connect(this.deps.sandbox.socket);
    for (const data of this.typedEarly.splice(0)) console.write(data);
  }

  private ended(console: ConsoleProcess): void {
    if (this.console !== console) return;
    this.console = undefined;
    this.state = 'ended';
    this.output(notice('The session has ended. Press Enter to begin a new one.'));
  }

  private output(data: Buffer): void {
    for (const [viewport, behind] of this.viewports) {
      if (behind) behind.push(data);
      else this.show(viewport, data);
    }
    this.deps.recorder.output(data);
    this.owe(data.length);
    this.screen.write(data, () => this.owe(-data.length));
  }

  private show(viewport: Viewport, data: Buffer): void {
    this.owe(data.length);
    viewport.send(data, () => this.owe(-data.length));
  }

  private owe(bytes: number): void {
    this.outstanding += bytes;
    const pause = this.outstanding > MOST_OUTSTANDING;
    if (pause === this.paused) return;
    this.paused = pause;
    if (pause) this.console?.pause();
    else this.console?.resume();
  }
}
