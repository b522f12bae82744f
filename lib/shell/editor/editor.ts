// The line editor: readline's emacs keys, history with search, completion, pasted text.
import type { Terminal } from '../../machine/terminal';
import { type Completions, commonPrefix, listing, QUESTION_FROM } from './candidates';
import type { History } from './history';
import { type Key, literal, nextKey, PASTE_END, textRun } from './keys';
import { Line } from './line';
import { KILLS, LINE_COMMANDS, seek } from './line-commands';
import { Recall } from './recall';
import { Screen } from './screen';
import { Search } from './search';
import { tokenize } from './words';

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
const BELL = '\x07';

/** What the next key is for, when it is no command of its own. */
type Waiting = { for: 'literal' } | { for: 'seek'; by: 1 | -1 } | { for: 'C-x' } | { for: 'answer'; names: string[] };

export class Editor {
  readonly line = new Line();
  private readonly screen: Screen;
  private readonly recall: Recall;
  private out = '';
  private prompt = '';
  private pending = new Uint8Array();
  private pasting = false;
  private waiting: Waiting | undefined;
  private search: Search | undefined;
  private sought = '';
  private lastKey = '';
  private lastArgument = { at: 0, size: 0 };
  /** The numeric argument as it is typed: `-`, `12`. */
  private argument = '';
  private completed = false;
  /** Where the next line begins in the history, after C-o. */
  private resumeAt: number | undefined;

  constructor(private readonly options: EditorOptions) {
    this.recall = new Recall(options.history, this.line);
    this.screen = new Screen({
      write: (text) => {
        this.out += text;
      },
      columns: () => options.terminal.size.columns || 80,
    });
  }

  /** Reads one line with its prompt. */
  async readLine(prompt: string): Promise<Result> {
    const { terminal } = this.options;
    terminal.raw();
    this.recall.begin(this.resumeAt);
    this.resumeAt = undefined;
    this.search = undefined;
    this.waiting = undefined;
    this.argument = '';
    this.prompt = prompt;
    this.out = PASTE_ON;
    this.screen.begin(prompt);
    try {
      return await this.keys();
    } finally {
      await this.flush();
      terminal.unread(this.pending);
      terminal.cooked();
      this.pending = new Uint8Array();
    }
  }

  /** Draws the line anew, after the terminal changed its size. */
  async refresh(): Promise<void> {
    this.screen.redraw(this.line.characters, this.line.cursor);
    await this.flush();
  }

  private async keys(): Promise<Result> {
    while (true) {
      for (let key = this.take(); key; key = this.take()) {
        const result = await this.key(key);
        if (result) {
          this.out += PASTE_OFF;
          return result;
        }
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

  /** The next key of what was typed; pasted text is one key. */
  private take(): Key | undefined {
    const key = this.pasting ? this.pasted() : this.waiting?.for === 'literal' ? literal(this.pending) : this.nextKey();
    if (key) this.pending = this.pending.subarray(key.size);
    return key;
  }

  private nextKey(): Key | undefined {
    // a lone escape ends a search; elsewhere it is the beginning of a key
    if (this.search && this.pending.length === 1 && this.pending[0] === 27)
      return { name: 'escape', text: '', size: 1 };
    const plain = !this.waiting && !this.search && this.argument === '';
    return (plain ? textRun(this.pending) : undefined) ?? nextKey(this.pending);
  }

  /** What was pasted is text, whatever characters it has; undefined while its end has not come. */
  private pasted(): Key | undefined {
    const bytes = Buffer.from(this.pending);
    const end = bytes.indexOf(PASTE_END);
    if (end < 0) return undefined;
    this.pasting = false;
    const text = bytes.subarray(0, end).toString('utf8').replace(/\r\n?/g, '\n');
    return { name: 'text', text, size: end + PASTE_END.length };
  }

  private show(): void {
    if (this.waiting?.for === 'answer') return;
    this.screen.draw(this.line.characters, this.line.cursor);
  }

  private async flush(): Promise<void> {
    const { out } = this;
    this.out = '';
    if (out) await this.options.write(out);
  }

  private async key(key: Key): Promise<Result | undefined> {
    if (key.name === 'paste-start') {
      this.pasting = true;
      return undefined;
    }
    if (this.waiting) return this.awaited(this.waiting, key);
    if (this.search && this.searched(this.search, key)) return undefined;
    if (this.numeric(key)) return undefined;
    const count = this.argument === '' || this.argument === '-' ? Number(`${this.argument}1`) : Number(this.argument);
    const given = this.argument !== '';
    this.endArgument();
    const result = await this.command(key, count, given);
    this.line.continues = KILLS.has(key.name);
    this.completed = key.name === 'tab' && this.completed;
    this.lastKey = key.name;
    return result;
  }

  /** The key that C-v, C-], C-x or a question waits for. */
  private async awaited(waiting: Waiting, key: Key): Promise<Result | undefined> {
    this.waiting = undefined;
    switch (waiting.for) {
      case 'literal':
        this.line.insert(key.text);
        return undefined;
      case 'seek':
        if (key.name !== 'text' || !seek(this.line, key.text, waiting.by)) this.out += BELL;
        return undefined;
      case 'C-x':
        return this.key({ ...key, name: `C-x ${key.name}` });
      case 'answer':
        if (key.name === 'text' && /[ yY]/.test(key.text)) this.list(waiting.names, true);
        else if (key.name === 'text' && !/[nN]/.test(key.text)) {
          this.waiting = waiting;
          this.out += BELL;
        } else this.below();
        return undefined;
    }
  }

  /** True when the key is a digit of a numeric argument. */
  private numeric(key: Key): boolean {
    const digit = /^M-([\d-])$/.exec(key.name)?.[1] ?? (this.argument && key.name === 'text' ? key.text : '');
    if (!/^[\d-]$/.test(digit) || (digit === '-' && this.argument !== '')) return false;
    this.argument = (this.argument + digit).slice(0, DIGITS);
    this.relabel(`(arg: ${this.argument === '-' ? '-1' : this.argument}) `);
    return true;
  }

  private endArgument(): void {
    if (this.argument === '') return;
    this.argument = '';
    this.relabel(this.prompt);
  }

  private relabel(label: string): void {
    this.screen.relabel(label, this.line.characters, this.line.cursor);
  }

  private accept(): Result {
    const { text } = this.line;
    this.recall.accepted();
    this.screen.draw(this.line.characters, this.line.characters.length);
    this.screen.leave(this.line.characters);
    return { kind: 'line', text };
  }

  private async command(key: Key, count: number, given: boolean): Promise<Result | undefined> {
    const { line } = this;
    const own = LINE_COMMANDS[key.name];
    if (own) return void own(line, count);
    switch (key.name) {
      case 'text':
        return void line.insert(key.text.repeat(Math.max(0, Math.min(count, MOST_REPEATED))));
      case 'enter':
        return this.accept();
      case 'C-c':
        return this.interrupt();
      case 'C-d':
        if (line.characters.length === 0) return this.endOfInput();
        return void LINE_COMMANDS['delete']?.(line, count);
      case 'C-o':
        this.resumeAt = this.recall.at + 1;
        return this.accept();
      case 'tab':
        return void (await this.complete());
      case 'M-?':
      case 'M-=':
        return void (await this.listAll());
      case 'M-*':
        return void (await this.insertAll());
      default:
        return this.historyCommand(key, count, given);
    }
  }

  private historyCommand(key: Key, count: number, given: boolean): undefined {
    const { line, recall } = this;
    switch (key.name) {
      case 'C-p':
      case 'up':
        return this.ring(recall.go(recall.at - count));
      case 'C-n':
      case 'down':
        return this.ring(recall.go(recall.at + count));
      case 'page-up':
        return this.ring(recall.search(-1));
      case 'page-down':
        return this.ring(recall.search(1));
      case 'M-<':
        return this.ring(recall.go(0));
      case 'M->':
        return this.ring(recall.go(this.options.history.lines.length));
      case 'M-.':
      case 'M-_':
        return this.insertLastArgument(given ? count : undefined);
      case 'M-#':
        this.pending = Buffer.concat([Buffer.from('\r'), this.pending]) as Uint8Array as Uint8Array<ArrayBuffer>;
        return void line.replace(line.text.startsWith('#') ? line.text.slice(1) : `#${line.text}`);
      case 'C-l':
        return void this.screen.clear(line.characters, line.cursor);
      case 'C-r':
        return this.startSearch(-1);
      case 'C-s':
        return this.startSearch(1);
      case 'C-v':
      case 'C-q':
        this.waiting = { for: 'literal' };
        return undefined;
      case 'C-x':
        this.waiting = { for: 'C-x' };
        return undefined;
      case 'C-]':
      case 'M-C-]':
        this.waiting = { for: 'seek', by: key.name === 'C-]' ? 1 : -1 };
        return undefined;
      case 'M-y':
        if (!/^(C-y|M-y)$/.test(this.lastKey)) return this.ring(false);
        return void line.yankPop();
      default:
        return this.ring(key.name === 'unknown');
    }
  }

  private ring(worked: boolean): undefined {
    if (!worked) this.out += BELL;
    return undefined;
  }

  private endOfInput(): Result {
    this.out += '\r\n';
    return { kind: 'end' };
  }

  private interrupt(): Result {
    const { line } = this;
    this.recall.accepted();
    this.screen.draw(line.characters, line.cursor);
    this.out += '^C';
    this.screen.leave(line.characters, line.characters.at(-1) === '\n');
    return { kind: 'interrupt' };
  }

  /** M-. again goes one command further back; a number says which word, from the first on. */
  private insertLastArgument(nth: number | undefined): undefined {
    const { lines } = this.options.history;
    const again = this.lastKey === 'M-.' || this.lastKey === 'M-_';
    const at = again ? this.lastArgument.at - 1 : lines.length - 1;
    const words = tokenize(lines[at] ?? '');
    const text = nth === undefined ? words.at(-1) : words.at(nth < 0 ? nth - 1 : nth);
    if (again) this.line.cut(this.line.cursor - this.lastArgument.size, this.line.cursor);
    if (text === undefined) this.ring(false);
    else this.line.insert(text);
    this.lastArgument = { at, size: [...(text ?? '')].length };
    return undefined;
  }

  private startSearch(by: 1 | -1): undefined {
    this.search = new Search(this.recall, this.line, this.sought, by);
    this.relabel(this.search.label);
    return undefined;
  }

  /** True when the key belongs to the search. */
  private searched(search: Search, key: Key): boolean {
    if (key.name === 'C-c') {
      this.search = undefined;
      return false; // the label stays on the screen
    }
    const what = search.key(key);
    if (what === 'taken') {
      this.relabel(search.label);
      return true;
    }
    this.search = undefined;
    this.sought = search.sought;
    this.relabel(this.prompt);
    return what === 'ended';
  }

  private candidates(): Promise<Completions> {
    return this.options.complete(this.line.text, this.line.cursor);
  }

  private async complete(): Promise<void> {
    const { line } = this;
    const { start, candidates } = await this.candidates();
    if (candidates.length === 0) return this.ring(false);
    const common = commonPrefix(candidates.map(({ text }) => text));
    const typed = line.characters.slice(start, line.cursor).join('');
    const [only] = candidates;
    if (candidates.length === 1 && only) {
      const blank = only.final && !(line.characters[line.cursor] === ' ') ? ' ' : '';
      return this.replace(start, only.text + blank);
    }
    if (common.length > typed.length) return this.replace(start, common);
    if (this.lastKey !== 'tab' || this.completed) {
      this.completed = false;
      return this.ring(false);
    }
    this.ask(candidates.map(({ shown }) => shown));
  }

  private replace(start: number, text: string): void {
    this.completed = true;
    this.line.cut(start, this.line.cursor);
    this.line.insert(text);
  }

  private async listAll(): Promise<void> {
    const { candidates } = await this.candidates();
    if (candidates.length === 0) this.ring(false);
    else this.ask(candidates.map(({ shown }) => shown));
  }

  private async insertAll(): Promise<void> {
    const { start, candidates } = await this.candidates();
    if (candidates.length === 0) return this.ring(false);
    this.replace(start, candidates.map(({ text }) => `${text} `).join(''));
  }

  /** Lists, after a question when there is much. */
  private ask(names: string[]): void {
    if (names.length < QUESTION_FROM) return this.list(names, false);
    this.screen.draw(this.line.characters, this.line.cursor);
    this.screen.leave(this.line.characters);
    this.out += `Display all ${names.length} possibilities? (y or n)`;
    this.waiting = { for: 'answer', names };
  }

  private list(names: string[], asked: boolean): void {
    if (!asked) {
      this.screen.draw(this.line.characters, this.line.cursor);
      this.screen.leave(this.line.characters);
    } else this.out += '\r\n';
    this.out += listing(names, this.options.terminal.size.columns || 80)
      .map((row) => `${row}\r\n`)
      .join('');
    this.screen.begin(this.prompt);
    this.screen.redraw(this.line.characters, this.line.cursor);
  }

  /** The prompt again on the next row. */
  private below(): void {
    this.out += '\r\n';
    this.screen.begin(this.prompt);
    this.screen.redraw(this.line.characters, this.line.cursor);
  }
}

const DIGITS = 6; // of a numeric argument
const MOST_REPEATED = 10_000; // characters that one key may insert
