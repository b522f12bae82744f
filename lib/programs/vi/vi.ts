// vi: a small real editor. Moves, insert, delete, change, yank and put with counts, undo, search, `:w :q :wq :x :e! :s :N :set nu`.
import { Errno, strerror } from '../../machine/errno';
import { concat, type Process, type Program } from '../../machine/process';
import type { Terminal } from '../../machine/terminal';
import { type Key, nextKey } from '../../shell/editor/keys';
import { Buffer } from './buffer';
import { runEx } from './ex';
import { normalKey } from './normal';

type Mode = 'normal' | 'insert' | 'replace' | 'command';

export class Vi {
  buffer: Buffer;
  mode: Mode = 'normal';
  message = '';
  /** What was cut or yanked; ends in a newline when it is whole lines. */
  register = '';
  pattern: RegExp | undefined;
  numbers = false;
  done: number | undefined;
  /** Keys of a command that is not whole yet. */
  pending = '';
  prompt = '';
  private top = 0;

  constructor(
    readonly proc: Process,
    private readonly terminal: Terminal,
    public path: string | undefined,
  ) {
    this.buffer = this.load();
  }

  load(): Buffer {
    const { path } = this;
    if (path === undefined) return new Buffer('');
    try {
      const text = this.proc.files.readText(path);
      const buffer = new Buffer(text);
      this.message = `"${path}" ${text === '' ? 0 : buffer.lines.length}L, ${new TextEncoder().encode(text).length}B`;
      return buffer;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.message = error.code === 'ENOENT' ? `"${path}" [New]` : `"${path}" [${strerror(error)}]`;
      return new Buffer('');
    }
  }

  get rows(): number {
    return this.terminal.size.rows - 1;
  }

  async run(): Promise<number> {
    const { proc, terminal } = this;
    terminal.raw();
    proc.onExit(() => terminal.cooked());
    await proc.print('\x1b[?1049h');
    let bytes = new Uint8Array();
    while (this.done === undefined) {
      await this.draw();
      const chunk = await proc.read();
      if (!chunk) return 1;
      bytes = concat([bytes, chunk]);
      // a lone escape is the key itself: what a terminal sends for others comes in one piece
      if (bytes.length === 1 && bytes[0] === 27) {
        this.key({ name: 'escape', text: '', size: 1 });
        bytes = new Uint8Array();
      }
      for (let key = nextKey(bytes); key && this.done === undefined; key = nextKey(bytes)) {
        if (key.name.startsWith('M-')) key = { name: 'escape', text: '', size: 1 };
        bytes = bytes.subarray(key.size);
        this.key(key);
      }
    }
    await proc.print('\x1b[?1049l');
    terminal.unread(bytes); // what was typed after the end is for the shell
    terminal.cooked();
    return this.done;
  }

  private key(key: Key): void {
    if (this.mode === 'command') return this.commandKey(key);
    this.message = '';
    if (this.mode === 'normal') return normalKey(this, key);
    this.insertKey(key);
  }

  private insertKey(key: Key): void {
    const { buffer } = this;
    if (key.name === 'escape' || key.name === 'C-c') {
      this.mode = 'normal';
      buffer.column--;
      return buffer.clamp();
    }
    if (key.name === 'enter') buffer.insert('\n');
    else if (key.name === 'backspace') buffer.eraseBack();
    else if (key.name === 'text' || key.name === 'tab') {
      if (this.mode === 'replace')
        buffer.line = buffer.line.slice(0, buffer.column) + buffer.line.slice(buffer.column + 1);
      buffer.insert(key.text);
    } else this.arrow(key.name);
    buffer.clamp(true);
  }

  arrow(name: string): void {
    const { buffer } = this;
    if (name === 'left') buffer.column--;
    else if (name === 'right') buffer.column++;
    else if (name === 'up') buffer.row--;
    else if (name === 'down') buffer.row++;
    else if (name === 'home') buffer.column = 0;
    else if (name === 'end') buffer.column = buffer.line.length;
    else if (name === 'delete')
      buffer.line = buffer.line.slice(0, buffer.column) + buffer.line.slice(buffer.column + 1);
    buffer.clamp(true);
  }

  /** Opens the bottom line for `:`, `/` or `?`. */
  ask(prompt: string): void {
    this.mode = 'command';
    this.prompt = prompt;
  }

  private commandKey(key: Key): void {
    if (key.name === 'text') {
      this.prompt += key.text;
      return;
    }
    if (key.name === 'backspace' && this.prompt.length > 1) {
      this.prompt = this.prompt.slice(0, -1);
      return;
    }
    this.mode = 'normal';
    if (key.name !== 'enter') return;
    this.message = '';
    if (this.prompt.startsWith(':')) return runEx(this, this.prompt.slice(1));
    if (this.prompt.length > 1) this.setPattern(this.prompt.slice(1));
    this.find(this.prompt.startsWith('/') ? 1 : -1);
  }

  private setPattern(text: string): void {
    try {
      this.pattern = new RegExp(text, 'g');
    } catch {
      this.pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g');
    }
  }

  find(step: 1 | -1): void {
    const place = this.pattern ? this.buffer.search(this.pattern, step) : undefined;
    if (place) Object.assign(this.buffer, place);
    else
      this.message = this.pattern
        ? `E486: Pattern not found: ${this.pattern.source}`
        : 'E35: No previous regular expression';
  }

  private async draw(): Promise<void> {
    const { buffer, rows } = this;
    const columns = this.terminal.size.columns;
    if (buffer.row < this.top) this.top = buffer.row;
    if (buffer.row >= this.top + rows) this.top = buffer.row - rows + 1;
    const gutter = this.numbers ? 4 : 0;
    const shown: string[] = [];
    for (let row = this.top; row < this.top + rows; row++) {
      const line = buffer.lines[row];
      const number = this.numbers ? `${String(row + 1).padStart(3)} ` : '';
      shown.push(line === undefined ? '~' : (number + line.replaceAll('\t', '        ')).slice(0, columns));
    }
    const mode = { normal: '', insert: '-- INSERT --', replace: '-- REPLACE --', command: '' }[this.mode];
    const bottom = this.mode === 'command' ? this.prompt : this.message || mode;
    const column = buffer.line.slice(0, buffer.column).replaceAll('\t', '        ').length + gutter;
    const cursor =
      this.mode === 'command'
        ? `\x1b[${rows + 1};${this.prompt.length + 1}H`
        : `\x1b[${buffer.row - this.top + 1};${Math.min(column, columns - 1) + 1}H`;
    await this.proc.print(`\x1b[H${shown.map((line) => `${line}\x1b[K\r\n`).join('')}${bottom}\x1b[K${cursor}`);
  }
}

export const vi: Program = async (proc) => {
  const { terminal } = proc.stdin;
  if (!terminal) {
    await proc.complain('Vim: Warning: Input is not from a terminal\n');
    return 1;
  }
  const [path] = proc.argv.slice(1).filter((arg) => !/^[-+]/.test(arg));
  return new Vi(proc, terminal, path).run();
};
