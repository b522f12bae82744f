// A terminal: the line discipline between a console (the master side) and the processes that run on it, as Linux' n_tty.
// `kubectl exec -it` puts the caller's own terminal in raw mode, so echo, line editing and Ctrl-C live here.
import { Pipe } from '../sim/pipe';
import type { Description } from './descriptor';
import { LIMITS } from './limits';
import type { Signal } from './signals';

/** The settings that programs here change. */
export interface Termios {
  /** Lines, with erase and kill; off: bytes as they come. */
  icanon: boolean;
  echo: boolean;
  /** Ctrl-C, Ctrl-\ and Ctrl-Z make signals. */
  isig: boolean;
  /** Carriage return reads as newline. */
  icrnl: boolean;
  /** Newline prints as carriage return and newline. */
  opost: boolean;
}

const COOKED: Termios = { icanon: true, echo: true, isig: true, icrnl: true, opost: true };
const RAW: Termios = { icanon: false, echo: false, isig: false, icrnl: false, opost: true };

const CTRL_C = 3;
const CTRL_D = 4;
const BACKSPACE = 8;
const NEWLINE = 10;
const RETURN = 13;
const CTRL_U = 21;
const CTRL_W = 23;
const CTRL_Z = 26;
const CTRL_BACKSLASH = 28;
const DELETE = 127;

const SIGNALS: Record<number, Signal> = { [CTRL_C]: 'SIGINT', [CTRL_BACKSLASH]: 'SIGQUIT', [CTRL_Z]: 'SIGTSTP' };
const encoder = new TextEncoder();

/**
 * A terminal. The console calls `input` with what was typed and reads `output`; processes read and write through `open`.
 * @example
 * const terminal = new Terminal({ columns: 80, rows: 24 });
 * terminal.input(new TextEncoder().encode('ls\r'));
 */
export class Terminal {
  /** What the console shows. Bounded: a flood waits for the console, so that Ctrl-C is heard. */
  readonly output = new Pipe(64 * 1024);
  size: { columns: number; rows: number };
  /** The process group that signals go to and that may read. */
  foreground = 0;
  /** Set by the machine: delivers a signal to a process group. */
  onSignal: (group: number, signal: Signal) => void = () => {};

  private settings: Termios = { ...COOKED };
  /** The line being typed. */
  private line: number[] = [];
  /** Lines to read, each by a read of its own; an empty one is an end of input. */
  private lines: Uint8Array[] = [];
  /** Bytes to read while there are no lines. Those nobody read before there are lines again become lines when one is wanted. */
  private readonly bytes = new Pipe(Number.POSITIVE_INFINITY);
  /** Among the bytes may be one that makes a signal of lines. */
  private signalAhead = false;
  private kept = 0;
  private echoed: number[] = [];
  private waiting: (() => void)[] = [];
  private hungUp = false;

  constructor(
    size: { columns: number; rows: number },
    readonly name = '/dev/pts/0',
  ) {
    this.size = size;
  }

  get termios(): Termios {
    return this.settings;
  }

  /** What is typed already stays, in its order, also when lines become bytes or bytes lines. */
  set termios(termios: Termios) {
    const before = this.settings;
    this.settings = termios;
    if (before.icanon && !termios.icanon) this.toBytes();
    else if (!before.icanon && termios.icanon) this.toLines();
  }

  /** Bytes typed at the console. */
  input(bytes: Uint8Array): void {
    if (this.hungUp) return;
    const { icanon, isig, icrnl, echo } = this.termios;
    if (!icanon && !isig && !icrnl && !echo) {
      this.deliver(bytes);
      return;
    }
    if (icanon) this.takeAhead();
    for (const byte of bytes) this.key(byte, LIMITS.terminalLineBytes);
    this.flushEcho();
  }

  resize(size: { columns: number; rows: number }): void {
    if (size.columns === this.size.columns && size.rows === this.size.rows) return;
    this.size = size;
    this.onSignal(this.foreground, 'SIGWINCH');
  }

  /** The console has gone: readers get the end of input, the foreground a hang-up. */
  hangUp(): void {
    if (this.hungUp) return;
    this.hungUp = true;
    this.output.close();
    this.wake();
    this.onSignal(this.foreground, 'SIGHUP');
  }

  get gone(): boolean {
    return this.hungUp;
  }

  /** Bytes as they come, no echo; what was typed of a line already is to be read. */
  raw(): void {
    this.termios = { ...RAW };
  }

  /** Takes back what a program read beyond what it wanted: the next read gets it first. */
  unread(bytes: Uint8Array): void {
    if (this.termios.icanon && bytes.length > 0) this.lines.unshift(bytes.slice());
    else this.bytes.unread(bytes.slice());
    this.signalAhead ||= bytes.some((byte) => SIGNALS[byte]);
    this.kept += bytes.length;
    this.wake();
  }

  cooked(): void {
    this.termios = { ...COOKED };
  }

  open(): Description {
    return {
      name: this.name,
      terminal: this,
      read: (max, signal) => this.read(max, signal),
      write: (bytes, signal) => this.write(bytes, signal),
      close: () => {},
    };
  }

  async read(max: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    while (true) {
      const chunk = this.termios.icanon ? this.takeLine(max) : this.bytes.take(max);
      if (chunk) {
        this.kept -= chunk.length;
        return chunk.length > 0 ? chunk : null;
      }
      if (this.hungUp) return null;
      await this.arrival(signal);
    }
  }

  async write(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (this.hungUp) return;
    await this.output.write(this.termios.opost ? crlf(bytes) : bytes, signal);
  }

  private takeLine(max: number): Uint8Array | undefined {
    if (this.lines.length === 0) this.takeAhead(true);
    const line = this.lines[0];
    if (!line || line.length <= max) return this.lines.shift();
    this.lines[0] = line.subarray(max);
    return line.subarray(0, max);
  }

  private toBytes(): void {
    const typed = [...this.lines, Uint8Array.from(this.line)];
    this.kept += this.line.length;
    this.lines = [];
    this.line = [];
    for (const line of typed.reverse()) this.bytes.unread(line);
    this.wake();
  }

  private toLines(): void {
    if (this.termios.isig && this.signalAhead) this.takeAhead();
    else this.wake();
  }

  /** Makes lines, or one line, of what was typed ahead. It is not echoed again, and no line of it is too long. */
  private takeAhead(one = false): void {
    if (!one) this.signalAhead = false;
    if (this.bytes.buffered === 0) return;
    const { echo } = this.settings;
    this.settings = { ...this.settings, echo: false };
    for (let chunk = this.bytes.take(); chunk; chunk = one && this.lines.length > 0 ? undefined : this.bytes.take()) {
      let at = 0;
      while (at < chunk.length && !(one && this.lines.length > 0)) {
        this.kept--;
        this.key(chunk[at++] as number, Number.POSITIVE_INFINITY);
      }
      this.bytes.unread(chunk.subarray(at));
    }
    this.settings = { ...this.settings, echo };
  }

  private arrival(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        reject(signal?.reason);
      };
      const go = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      this.waiting.push(go);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  private wake(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  private deliver(bytes: Uint8Array): void {
    if (this.kept > LIMITS.terminalInputBytes) return; // nobody reads: as a real terminal, drop
    this.kept += bytes.length;
    if (this.termios.icanon) this.lines.push(bytes.slice());
    else this.bytes.push(bytes.slice());
    if (!this.termios.icanon) this.signalAhead ||= bytes.some((byte) => SIGNALS[byte]);
    this.wake();
  }

  private key(typed: number, longest: number): void {
    const { icanon, echo, isig, icrnl } = this.termios;
    const byte = icrnl && typed === RETURN ? NEWLINE : typed;
    const signal = isig ? SIGNALS[byte] : undefined;
    if (signal) return this.interrupt(byte, signal);
    if (!icanon) {
      if (echo) this.echo(byte);
      return this.deliver(Uint8Array.of(byte));
    }
    if (byte === DELETE || byte === BACKSPACE) return this.erase(1);
    if (byte === CTRL_U) return this.erase(this.line.length);
    if (byte === CTRL_W) return this.eraseWord();
    if (byte === CTRL_D) return this.finishLine();
    if (this.line.length >= longest - 1 && byte !== NEWLINE) return;
    this.line.push(byte);
    if (echo) this.echo(byte);
    if (byte === NEWLINE) this.finishLine();
  }

  /** A signal takes away what was typed before it, as n_tty without `noflsh`. */
  private interrupt(byte: number, signal: Signal): void {
    if (this.termios.echo) this.echo(byte);
    this.flushEcho();
    this.line = [];
    this.lines = [];
    while (this.bytes.take());
    this.kept = 0;
    this.onSignal(this.foreground, signal);
  }

  /** Hands the line to readers; an empty one is the end of input. */
  private finishLine(): void {
    const bytes = Uint8Array.from(this.line);
    this.line = [];
    this.deliver(bytes);
  }

  /** Takes back the last n characters (not bytes) of the line. */
  private erase(n: number): void {
    for (let i = 0; i < n && this.line.length > 0; i++) {
      let byte = this.line.pop() as number;
      while ((byte & 0xc0) === 0x80 && this.line.length > 0) byte = this.line.pop() as number; // UTF-8 continuation
      if (this.termios.echo) this.put(byte < 32 ? '\b \b\b \b' : '\b \b');
    }
  }

  private eraseWord(): void {
    const space = (byte: number | undefined) => byte === 32 || byte === 9;
    let n = 0;
    const at = () => this.line[this.line.length - 1 - n];
    while (n < this.line.length && space(at())) n++;
    while (n < this.line.length && !space(at())) n++;
    this.erase(n);
  }

  private echo(byte: number): void {
    if (byte === NEWLINE) this.put('\r\n');
    else if (byte < 32 && byte !== 9) this.put(`^${String.fromCharCode(byte + 64)}`);
    else this.echoed.push(byte);
  }

  private put(text: string): void {
    this.echoed.push(...encoder.encode(text));
  }

  private flushEcho(): void {
    const bytes = Uint8Array.from(this.echoed);
    this.echoed = [];
    if (!this.output.closed) this.output.push(bytes);
  }
}

function crlf(bytes: Uint8Array): Uint8Array {
  let newlines = 0;
  for (const byte of bytes) if (byte === NEWLINE) newlines++;
  if (newlines === 0) return bytes;
  const out = new Uint8Array(bytes.length + newlines);
  let at = 0;
  for (const byte of bytes) {
    if (byte === NEWLINE) out[at++] = RETURN;
    out[at++] = byte;
  }
  return out;
}
