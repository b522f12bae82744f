// less and more: a pager on the terminal; without one, cat.

import { OpenFile } from '../machine/descriptor';
import { Errno, strerror } from '../machine/errno';
import { toText } from '../machine/fs';
import { concat, type Process, type Program } from '../machine/process';
import type { Terminal } from '../machine/terminal';
import { nextKey } from '../shell/editor/keys';
import { textWidth } from '../shell/editor/width';
import { version } from './about';

export const less: Program = async (proc) => {
  if (proc.argv[1] === '--version') return version(proc);
  const files = proc.argv.slice(1).filter((arg) => !/^[-+]./.test(arg));
  const name = proc.name;
  if (files.length === 0 && proc.stdin.terminal) {
    await proc.complain(`Missing filename ("${name} --help" for help)\n`);
    return 1;
  }
  const texts: string[] = [];
  for (const path of files.length > 0 ? files : ['-']) {
    try {
      texts.push(path === '-' ? toText(await proc.readAll()) : proc.files.readText(path));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code === 'EISDIR') await proc.complain(`${path} is a directory\n`);
      else await proc.complain(`${path}: ${strerror(error)}\n`);
    }
  }
  if (texts.length === 0) return 1;
  const { terminal } = proc.stdout;
  if (!terminal || !proc.terminal) {
    await proc.print(texts.join(''));
    return 0;
  }
  const keyboard = proc.attach(new OpenFile(proc.terminal.open()));
  const pager = new Pager(proc, terminal, keyboard, texts.join('').replace(/\n$/, ''), files[0]);
  return pager.run();
};

class Pager {
  private top = 0;
  private readonly rows: string[];
  private pattern: RegExp | undefined;
  private message = '';

  constructor(
    private readonly proc: Process,
    private readonly terminal: Terminal,
    private readonly keyboard: number,
    text: string,
    private readonly name: string | undefined,
  ) {
    this.rows = text.split('\n').flatMap((line) => folded(line.replaceAll('\t', '        '), terminal.size.columns));
  }

  private get height(): number {
    return this.terminal.size.rows - 1;
  }

  private get lastTop(): number {
    return Math.max(0, this.rows.length - this.height);
  }

  async run(): Promise<number> {
    const { terminal, proc } = this;
    terminal.raw();
    terminal.termios = { ...terminal.termios, opost: true };
    proc.onExit(() => terminal.cooked());
    await proc.print('\x1b[?1049h');
    let pending = new Uint8Array();
    try {
      await this.draw();
      while (true) {
        const chunk = await proc.read(this.keyboard);
        if (!chunk) return 0;
        pending = concat([pending, chunk]);
        for (let key = nextKey(pending); key; key = nextKey(pending)) {
          pending = pending.subarray(key.size);
          const quit = await this.key(key.name === 'text' ? key.text : key.name);
          if (quit) return 0;
        }
        await this.draw();
      }
    } finally {
      if (!proc.killed.aborted) await proc.print('\r\x1b[K\x1b[?1049l');
      terminal.unread(pending); // what was typed after the end is for the shell
      terminal.cooked();
    }
  }

  private async draw(): Promise<void> {
    const shown = this.rows.slice(this.top, this.top + this.height);
    const blank = Array.from({ length: this.height - shown.length }, () => '~');
    const end = this.top >= this.lastTop;
    const status =
      this.message ||
      (end ? '\x1b[7m(END)\x1b[27m' : this.top === 0 && this.name ? `\x1b[7m${this.name}\x1b[27m` : ':');
    const paint = (row: string) =>
      this.pattern ? row.replace(this.pattern, (found) => (found ? `\x1b[7m${found}\x1b[27m` : '')) : row;
    await this.proc.print(
      `\x1b[H${[...shown.map(paint), ...blank].map((row) => `${row}\x1b[K\n`).join('')}${status}\x1b[K`,
    );
    this.message = '';
  }

  private async key(key: string): Promise<boolean> {
    const go = (to: number) => {
      this.top = Math.max(0, Math.min(this.lastTop, to));
    };
    switch (key) {
      case 'q':
      case 'Q':
      case 'C-c':
        return true;
      case ' ':
      case 'f':
      case 'C-f':
      case 'page-down':
        go(this.top + this.height);
        return false;
      case 'b':
      case 'C-b':
      case 'page-up':
        go(this.top - this.height);
        return false;
      case 'd':
      case 'C-d':
        go(this.top + Math.floor(this.height / 2));
        return false;
      case 'u':
      case 'C-u':
        go(this.top - Math.floor(this.height / 2));
        return false;
      case 'enter':
      case 'j':
      case 'down':
      case 'e':
        go(this.top + 1);
        return false;
      case 'k':
      case 'y':
      case 'up':
        go(this.top - 1);
        return false;
      case 'g':
      case '<':
      case 'home':
        go(0);
        return false;
      case 'G':
      case '>':
      case 'end':
        go(this.lastTop);
        return false;
      case '/':
      case '?':
        await this.ask(key);
        return false;
      case 'n':
        this.search(1);
        return false;
      case 'N':
        this.search(-1);
        return false;
      default:
        return false;
    }
  }

  private async ask(prompt: string): Promise<void> {
    let text = '';
    while (true) {
      await this.proc.print(`\r${prompt}${text}\x1b[K`);
      const chunk = await this.proc.read(this.keyboard, 64);
      const key = chunk ? nextKey(chunk) : undefined;
      if (!chunk || key?.name === 'C-c' || key?.name === 'C-g') return;
      if (chunk.includes(13) || chunk.includes(10)) {
        text += toText(chunk).replace(/[\r\n][\s\S]*/, '');
        break;
      }
      text = key?.name === 'backspace' ? text.slice(0, -1) : text + toText(chunk);
    }
    if (text) {
      try {
        this.pattern = new RegExp(text, 'g');
      } catch {
        this.message = 'Invalid pattern';
        return;
      }
    }
    this.search(prompt === '/' ? 1 : -1);
  }

  private search(step: number): void {
    const { pattern } = this;
    if (!pattern) {
      this.message = 'No previous regular expression';
      return;
    }
    for (let row = this.top + step; row >= 0 && row < this.rows.length; row += step) {
      pattern.lastIndex = 0;
      if (!pattern.test(this.rows[row] as string)) continue;
      this.top = Math.min(row, this.lastTop);
      return;
    }
    this.message = 'Pattern not found  (press RETURN)';
  }
}

/** A long line over several rows. */
function folded(line: string, columns: number): string[] {
  if (textWidth(line.replace(/\x1b\[[0-9;]*m/g, '')) <= columns) return [line];
  const rows: string[] = [];
  let row = '';
  for (const c of line) {
    if (textWidth(row + c) > columns) {
      rows.push(row);
      row = '';
    }
    row += c;
  }
  return [...rows, row];
}
