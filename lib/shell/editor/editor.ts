// The line editor: readline's emacs keys, history with search, completion, pasted text.
import type { Terminal } from '../../machine/terminal';
import type { History } from './history';
import { type Key, nextKey } from './keys';
import { Line } from './line';
import { Screen } from './screen';

/** What Tab may put in place of the word before the cursor. */
export interface Completions {
  /** Where the word begins, counted in characters of the line. */
  start: number;
  candidates: { text: string; shown: string; final: boolean }[];
}

export interface EditorOptions {
  terminal: Terminal;
  history: History;
  /** The next bytes; null at the end of input. */
  read: () => Promise<Uint8Array | null>;
  write: (text: string) => Promise<void>;
  complete: (line: string, cursor: number) => Promise<Completions>;
}

/** How a line ended. */
export type Result = { kind: 'line'; text: string } | { kind: 'end' } | { kind: 'interrupt' };

const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l';

export class Editor {
  readonly line = new Line();
  private readonly screen: Screen;
  private out = '';
  private pending = new Uint8Array();
  private pasting = false;
  /** Where in the history the line comes from; its length means a new line. */
  private at = 0;
  private draft = '';
  private search: { query: string; at: number; original: string } | undefined;
  private lastKey = '';
  private lastArgument = { at: 0, size: 0 };

  constructor(private readonly options: EditorOptions) {
    this.screen = new Screen({
      write: (text) => {
        this.out += text;
      },
      columns: () => options.terminal.size.columns || 80,
    });
  }

  /** Reads one line with its prompt. */
  async readLine(prompt: string): Promise<Result> {
    const { terminal, history } = this.options;
    terminal.raw();
    this.line.set('');
    this.line.forgetUndo();
    this.at = history.lines.length;
    this.prompt = prompt;
    this.out = PASTE_ON;
    this.screen.begin(prompt);
    try {
      return await this.keys();
    } finally {
      await this.flush();
      terminal.cooked();
      terminal.retype(this.pending);
      this.pending = new Uint8Array();
    }
  }

  private prompt = '';

  /** Draws the line anew, after the terminal changed its size. */
  async refresh(): Promise<void> {
    this.screen.redraw(this.line.characters, this.line.cursor);
    await this.flush();
  }

  private async keys(): Promise<Result> {
    while (true) {
      for (let key = nextKey(this.pending); key; key = nextKey(this.pending)) {
        this.pending = this.pending.subarray(key.size);
        const result = await this.key(key);
        if (result) {
          this.out += PASTE_OFF;
          return result;
        }
        this.lastKey = key.name;
      }
      this.show();
      await this.flush();
      const chunk = await this.options.read();
      if (!chunk) return { kind: 'end' };
      const joined = new Uint8Array(this.pending.length + chunk.length);
      joined.set(this.pending);
      joined.set(chunk, this.pending.length);
      this.pending = joined;
    }
  }

  private show(): void {
    if (this.search) return;
    this.screen.draw(this.line.characters, this.line.cursor);
  }

  private async flush(): Promise<void> {
    const { out } = this;
    this.out = '';
    if (out) await this.options.write(out);
  }

  private async key(key: Key): Promise<Result | undefined> {
    if (key.name === 'paste-start' || key.name === 'paste-end') {
      this.pasting = key.name === 'paste-start';
      return undefined;
    }
    if (key.name === 'enter') return this.accept();
    if (this.pasting && (key.name === 'tab' || key.name === 'text')) {
      this.line.insert(key.text);
      return undefined;
    }
    if (this.search && this.searchKey(key)) return undefined;
    if (key.name === 'text') {
      this.line.insert(key.text);
      return undefined;
    }
    return this.command(key);
  }

  private accept(): Result {
    this.endSearch();
    this.screen.draw(this.line.characters, this.line.characters.length);
    this.screen.leave(this.line.characters);
    return { kind: 'line', text: this.line.text };
  }

  private async command(key: Key): Promise<Result | undefined> {
    const { line } = this;
    const end = line.characters.length;
    switch (key.name) {
      case 'C-c':
        this.screen.redraw(line.characters, end);
        this.out += '^C';
        this.screen.leave(line.characters);
        return { kind: 'interrupt' };
      case 'C-d':
        if (end === 0) return { kind: 'end' };
        line.cut(line.cursor, Math.min(line.cursor + 1, end), false);
        return undefined;
      case 'C-a':
      case 'home':
        line.cursor = 0;
        return undefined;
      case 'C-e':
      case 'end':
        line.cursor = end;
        return undefined;
      case 'C-b':
      case 'left':
        line.cursor = Math.max(0, line.cursor - 1);
        return undefined;
      case 'C-f':
      case 'right':
        line.cursor = Math.min(end, line.cursor + 1);
        return undefined;
      case 'M-b':
        line.cursor = line.wordStart();
        return undefined;
      case 'M-f':
        line.cursor = line.wordEnd();
        return undefined;
      case 'backspace':
        if (line.cursor > 0) line.cut(line.cursor - 1, line.cursor, false);
        return undefined;
      case 'delete':
        line.cut(line.cursor, Math.min(line.cursor + 1, end), false);
        return undefined;
      case 'tab':
        await this.complete();
        return undefined;
      default:
        return this.editing(key);
    }
  }

  private editing(key: Key): undefined {
    const { line } = this;
    const end = line.characters.length;
    switch (key.name) {
      case 'C-k':
        return void line.cut(line.cursor, end);
      case 'C-u':
        return void line.cut(0, line.cursor);
      case 'C-w':
        return void line.cut(line.wordStart(true), line.cursor);
      case 'M-backspace':
        return void line.cut(line.wordStart(), line.cursor);
      case 'M-d':
        return void line.cut(line.cursor, line.wordEnd());
      case 'C-y':
        return void line.insert(line.killed);
      case 'C-t':
        return void line.transpose();
      case 'M-u':
        return void line.changeWord((word) => word.toUpperCase());
      case 'M-l':
        return void line.changeWord((word) => word.toLowerCase());
      case 'M-c':
        return void line.changeWord((word) => word.replace(/\p{L}/u, (c) => c.toUpperCase()));
      case 'C-_':
        return void line.undo();
      case 'C-l':
        return void this.screen.clear(line.characters, line.cursor);
      case 'C-p':
      case 'up':
        return void this.recall(this.at - 1);
      case 'C-n':
      case 'down':
        return void this.recall(this.at + 1);
      case 'M-<':
        return void this.recall(0);
      case 'M->':
        return void this.recall(this.options.history.lines.length);
      case 'M-.':
      case 'M-_':
        return void this.insertLastArgument();
      case 'M-#':
        return void line.set(`#${line.text}`);
      case 'C-r':
        return void this.startSearch();
      default:
        return undefined;
    }
  }

  private recall(at: number): void {
    const { lines } = this.options.history;
    if (at < 0 || at > lines.length) return;
    if (this.at === lines.length) this.draft = this.line.text;
    this.at = at;
    this.line.set(at === lines.length ? this.draft : (lines[at] as string));
  }

  /** M-. again goes one command further back. */
  private insertLastArgument(): void {
    const { lines } = this.options.history;
    const again = this.lastKey === 'M-.' || this.lastKey === 'M-_';
    const at = again ? this.lastArgument.at - 1 : lines.length - 1;
    const text = lines[at]?.trim().split(/\s+/).at(-1);
    if (text === undefined) return;
    if (again) this.line.cut(this.line.cursor - this.lastArgument.size, this.line.cursor, false);
    this.line.insert(text);
    this.lastArgument = { at, size: [...text].length };
  }

  private startSearch(): void {
    this.search = { query: '', at: this.options.history.lines.length, original: this.line.text };
    this.showSearch(true);
  }

  /** True when the key belongs to the search. */
  private searchKey(key: Key): boolean {
    const search = this.search;
    if (!search) return false;
    if (key.name === 'text') {
      search.query += key.text;
      this.showSearch(this.find(Math.min(search.at, this.options.history.lines.length - 1)));
      return true;
    }
    if (key.name === 'backspace') {
      search.query = [...search.query].slice(0, -1).join('');
      search.at = this.options.history.lines.length;
      this.showSearch(search.query === '' || this.find(search.at - 1));
      return true;
    }
    if (key.name === 'C-r') {
      this.showSearch(this.find(search.at - 1));
      return true;
    }
    if (key.name === 'C-g') this.line.set(search.original);
    this.endSearch();
    return key.name === 'C-g';
  }

  private find(from: number): boolean {
    const search = this.search;
    if (!search) return false;
    for (let i = from; i >= 0; i--) {
      const text = this.options.history.lines[i] as string;
      const column = text.indexOf(search.query);
      if (column < 0) continue;
      search.at = i;
      this.at = i;
      this.line.set(text);
      this.line.cursor = [...text.slice(0, column)].length;
      return true;
    }
    return false;
  }

  private showSearch(found: boolean): void {
    const label = `(${found ? '' : 'failed '}reverse-i-search)\`${this.search?.query ?? ''}': `;
    this.out += '\r\x1b[J';
    this.screen.begin(label);
    this.screen.redraw(this.line.characters, this.line.cursor);
  }

  private endSearch(): void {
    if (!this.search) return;
    this.search = undefined;
    this.out += '\r\x1b[J';
    this.screen.begin(this.prompt);
    this.screen.redraw(this.line.characters, this.line.cursor);
  }

  private async complete(): Promise<void> {
    const { line } = this;
    const { start, candidates } = await this.options.complete(line.text, line.cursor);
    if (candidates.length === 0) {
      this.out += '\x07';
      return;
    }
    const common = commonPrefix(candidates.map(({ text }) => text));
    const typed = line.characters.slice(start, line.cursor).join('');
    const [only] = candidates;
    if (candidates.length === 1 && only) return this.replace(start, only.text + (only.final ? ' ' : ''));
    if (common.length > typed.length) return this.replace(start, common);
    if (this.lastKey !== 'tab') {
      this.out += '\x07';
      return;
    }
    this.list(candidates.map(({ shown }) => shown));
  }

  private replace(start: number, text: string): void {
    this.line.cut(start, this.line.cursor, false);
    this.line.insert(text);
  }

  private list(names: string[]): void {
    const columns = this.options.terminal.size.columns || 80;
    const width = Math.max(...names.map((name) => name.length)) + 2;
    const perRow = Math.max(1, Math.floor(columns / width));
    const rows = Math.ceil(names.length / perRow);
    this.screen.redraw(this.line.characters, this.line.characters.length);
    this.screen.leave(this.line.characters);
    for (let row = 0; row < rows; row++) {
      const cells: string[] = [];
      for (let i = row; i < names.length; i += rows) cells.push((names[i] as string).padEnd(width));
      this.out += `${cells.join('').trimEnd()}\r\n`;
    }
    this.screen.begin(this.prompt);
    this.screen.redraw(this.line.characters, this.line.cursor);
  }
}

function commonPrefix(texts: string[]): string {
  const [first = ''] = texts;
  let size = first.length;
  for (const text of texts) {
    let i = 0;
    while (i < size && text.charAt(i) === first.charAt(i)) i++;
    size = i;
  }
  return first.slice(0, size);
}
