// nano 5.6, as RHEL has it: what its two rows of shortcuts promise. Screens and messages were compared with the real one.
// Longer than other files: keys, questions and screen all change the one state of the editor.
// DIFFERS: no justifying, no commands to execute, no file browser, no formats of DOS and Mac: it says so.
import { Errno, strerror } from '../../machine/errno';
import { concat, type Process, type Program } from '../../machine/process';
import type { Terminal } from '../../machine/terminal';
import { type Key, nextKey } from '../../shell/editor/keys';
import { getopt } from '../getopt';
import {
  type Bar,
  drawn,
  GO_TO,
  HELP,
  MAIN,
  READ,
  REPLACE,
  REPLACE_WITH,
  SEARCH,
  WRITE,
  YES_NO,
  YES_NO_ALL,
} from './bars';
import { HELP_TEXT } from './help';
import { type Place, Text } from './text';

const VERSION = '5.6.1';
const TAB = 8;
const STATUS_KEYS = 20; // after so many keys a message goes away

/** What is asked at the bottom: a line of text, or a letter. */
interface Question {
  label: string;
  bar: Bar;
  text: string;
  cursor: number;
  /** A question that one of these letters answers. */
  letters?: string;
  answer: (text: string) => void;
}

interface Options {
  numbers: boolean;
  indents: boolean;
  viewOnly: boolean;
  spaces: boolean;
  constant: boolean;
}

class Nano {
  private text = new Text('');
  private top = 0;
  private status = '';
  private statusAge = 0;
  private question: Question | undefined;
  private help: number | undefined;
  private done = false;
  private sought = '';
  private sensitive = false;
  private regular = false;
  private replacement = '';
  private lastKey = '';

  constructor(
    private readonly proc: Process,
    private readonly terminal: Terminal,
    private path: string,
    private readonly options: Options,
  ) {
    this.load();
  }

  private say(message: string): void {
    this.status = message ? `[ ${message} ]` : '';
    this.statusAge = 0;
  }

  private load(): void {
    const { proc, path } = this;
    if (path === '') return this.say('Welcome to nano.  For basic help, type Ctrl+G.');
    const stat = proc.files.find(path);
    if (stat?.type === 'dir') {
      this.path = '';
      return this.say(`"${path}" is a directory`);
    }
    const folder = path.replace(/\/?[^/]*$/, '') || (path.startsWith('/') ? '/' : '.');
    if (!stat) return this.say(proc.files.exists(folder) ? 'New File' : `Directory '${folder}' does not exist`);
    try {
      this.text = new Text(proc.files.readText(path));
      const lines = `Read ${this.text.count} line${this.text.count === 1 ? '' : 's'}`;
      this.say(proc.files.may(stat, 'write') ? lines : `File '${path}' is unwritable`);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.path = '';
      this.say(`Error reading ${path}: ${strerror(error)}`);
    }
  }

  goTo(line: number, column: number): void {
    const { text } = this;
    text.to({ row: line < 0 ? text.lines.length + line : line - 1, column: Math.max(0, column - 1) });
    this.center();
  }

  private get rows(): number {
    return Math.max(1, this.terminal.size.rows - 4);
  }

  async run(): Promise<number> {
    const { proc, terminal } = this;
    terminal.raw();
    proc.onExit(() => terminal.cooked());
    let redrawn = Promise.resolve();
    proc.on('SIGWINCH', () => {
      redrawn = this.draw();
    });
    await proc.print('\x1b[?1049h\x1b[?2004h');
    let bytes = new Uint8Array();
    while (!this.done) {
      await redrawn;
      await this.draw();
      const chunk = await proc.read();
      if (!chunk) return 1;
      bytes = concat([bytes, chunk]);
      for (let key = nextKey(bytes); key && !this.done; key = nextKey(bytes)) {
        bytes = bytes.subarray(key.size);
        this.key(key);
      }
    }
    await proc.print('\x1b[?2004l\x1b[?1049l');
    terminal.unread(bytes); // what was typed after the end is for the shell
    terminal.cooked();
    return 0;
  }

  private key(key: Key): void {
    if (++this.statusAge > STATUS_KEYS) this.status = '';
    if (this.help !== undefined) return this.helpKey(key);
    if (this.question) return this.questionKey(this.question, key);
    if (this.options.viewOnly && CHANGES.has(key.name)) {
      this.say('Key is invalid in view mode');
      return;
    }
    this.mainKey(key);
    if (this.options.constant && !this.question) this.location();
    this.lastKey = key.name;
  }

  private mainKey(key: Key): void {
    const { text } = this;
    if (this.move(key.name)) return;
    switch (key.name) {
      case 'text':
        return text.insert(key.text);
      case 'tab':
        return text.insert(this.options.spaces ? ' '.repeat(TAB - (this.visual(text.row, text.column) % TAB)) : '\t');
      case 'enter':
      case 'C-m':
        return text.insert(
          `\n${this.options.indents ? (/^[ \t]*/.exec(text.line.slice(0, text.column))?.[0] ?? '') : ''}`,
        );
      case 'backspace':
        return this.erase(text.before());
      case 'delete':
      case 'C-d':
        return this.erase(text.after());
      case 'C-k':
      case 'M-6':
        return this.cut(key.name === 'C-k');
      case 'C-u':
        return text.cutText === '' ? this.say('Cutbuffer is empty') : text.insert(text.cutText, 'paste');
      case 'M-a':
      case 'C-^':
        text.mark = text.mark ? undefined : { row: text.row, column: text.column };
        return this.say(text.mark ? 'Mark Set' : 'Mark Unset');
      case 'M-u':
        return this.again(text.undo(), 'Undid', 'Nothing to undo');
      case 'M-e':
        return this.again(text.redo(), 'Redid', 'Nothing to redo');
      default:
        return this.commandKey(key);
    }
  }

  private commandKey(key: Key): void {
    switch (key.name) {
      case 'C-c':
        return this.location();
      case 'C-g':
        this.help = 0;
        return;
      case 'C-l':
        return;
      case 'C-o':
        return this.askName(false);
      case 'C-s':
        return this.path ? void this.write(this.path) : this.askName(false);
      case 'C-x':
        return this.leave();
      case 'C-r':
        return this.ask('File to insert [from ./]: ', READ, (name) => this.insertFile(name));
      case 'C-w':
      case 'C-q':
        return this.askSearch(key.name === 'C-w' ? 1 : -1);
      case 'M-w':
        return this.sought === '' ? this.say('No current search pattern') : this.search(this.sought, 1);
      case 'M-q':
        return this.sought === '' ? this.say('No current search pattern') : this.search(this.sought, -1);
      case 'C-\\':
        return this.askReplace();
      case 'C-_':
      case 'M-g':
        return this.ask('Enter line number, column number: ', GO_TO, (where) => this.jump(where));
      case 'M-n':
      case 'M-#':
        this.options.numbers = !this.options.numbers;
        return this.say(`Line numbering ${this.options.numbers ? 'enabled' : 'disabled'}`);
      case 'M-i':
        this.options.indents = !this.options.indents;
        return this.say(`Auto indent ${this.options.indents ? 'enabled' : 'disabled'}`);
      case 'C-z':
        return this.say('Suspension is not enabled');
      case 'C-t':
      case 'C-j':
        return this.say(`not supported: ${key.name === 'C-t' ? 'Execute' : 'Justify'}`);
      case 'paste-start':
      case 'unknown':
        return;
      default:
        return this.say(`Unbound key: ${key.name.replace(/^C-(.)/, (_, c: string) => `^${c.toUpperCase()}`)}`);
    }
  }

  /** True when the key moved the cursor. */
  private move(name: string): boolean {
    const { text } = this;
    const { row, column } = text;
    const wish = (): Place | undefined => {
      switch (name) {
        case 'left':
        case 'C-b':
          return text.before() ?? { row, column };
        case 'right':
        case 'C-f':
          return text.after() ?? { row, column };
        case 'up':
        case 'C-p':
          return { row: row - 1, column };
        case 'down':
        case 'C-n':
          return { row: row + 1, column };
        case 'home':
        case 'C-a':
          return { row, column: 0 };
        case 'end':
        case 'C-e':
          return { row, column: text.line.length };
        case 'M-b':
          return text.word(-1);
        case 'M-f':
          return text.word(1);
        case 'page-up':
        case 'C-y':
          return { row: row - this.rows + 2, column: 0 };
        case 'page-down':
        case 'C-v':
          return { row: row + this.rows - 2, column: 0 };
        case 'M-\\':
          return { row: 0, column: 0 };
        case 'M-/':
          return { row: text.lines.length - 1, column: 0 };
        default:
          return undefined;
      }
    };
    const to = wish();
    if (!to) return false;
    text.to(to);
    if (/^(page|C-[yv])/.test(name)) this.top = Math.max(0, Math.min(this.top + text.row - row, text.lines.length - 1));
    return true;
  }

  private erase(to: Place | undefined): void {
    if (to) this.text.remove({ row: this.text.row, column: this.text.column }, to);
  }

  private cut(takes: boolean): void {
    const { text } = this;
    const { from, to } = text.region();
    const part = text.between(from, to);
    const joins = !text.mark && this.lastKey === (takes ? 'C-k' : 'M-6');
    if (part === '' && !text.mark) return this.say(takes ? 'Nothing was cut' : '');
    text.cutText = joins ? text.cutText + part : part;
    if (takes) text.remove(from, to, 'cut');
    else if (!text.mark) text.to({ row: text.row + 1, column: 0 });
    text.mark = undefined;
  }

  private again(what: string | undefined, did: string, nothing: string): void {
    this.say(what === undefined ? nothing : `${did} ${what}`);
  }

  private location(): void {
    const { text } = this;
    const percent = (n: number, of: number) => Math.floor((100 * n) / Math.max(1, of));
    const size = text.whole.length;
    const at = text.between({ row: 0, column: 0 }, { row: text.row, column: text.column }).length;
    const [line, lines] = [text.row + 1, text.lines.length];
    const column = this.visual(text.row, text.column) + 1;
    const columns = this.visual(text.row, text.line.length) + 1;
    const pad = (n: number, of: number) => String(n).padStart(String(of).length);
    this.say(
      `line ${pad(line, lines)}/${lines} (${percent(line, lines)}%), col ${String(column).padStart(2)}/${String(columns).padStart(2)} (${String(percent(column, columns)).padStart(3)}%), char ${pad(at, size)}/${size} (${String(percent(at, size)).padStart(2)}%)`,
    );
  }

  // Questions

  private ask(label: string, bar: Bar, answer: (text: string) => void, text = ''): void {
    this.question = { label, bar, text, cursor: text.length, answer };
  }

  private confirm(label: string, bar: Bar, letters: string, answer: (letter: string) => void): void {
    this.question = { label, bar, text: '', cursor: 0, letters, answer };
  }

  private questionKey(question: Question, key: Key): void {
    if (key.name === 'C-c') {
      this.question = undefined;
      return this.say('Cancelled');
    }
    if (question.letters !== undefined) {
      const letter = key.text.toLowerCase();
      if (key.name !== 'text' || !question.letters.includes(letter)) return;
      this.question = undefined;
      return question.answer(letter);
    }
    if (key.name === 'enter') {
      this.question = undefined;
      this.say('');
      return question.answer(question.text);
    }
    if (!this.editAnswer(question, key)) this.switchAnswer(question, key);
  }

  private editAnswer(question: Question, key: Key): boolean {
    const { text, cursor } = question;
    const put = (start: string, end: string) => Object.assign(question, { text: start + end, cursor: start.length });
    switch (key.name) {
      case 'text':
        put(text.slice(0, cursor) + key.text, text.slice(cursor));
        return true;
      case 'backspace':
        put(text.slice(0, Math.max(0, cursor - 1)), text.slice(cursor));
        return true;
      case 'delete':
      case 'C-d':
        put(text.slice(0, cursor), text.slice(cursor + 1));
        return true;
      case 'C-k':
        put(text.slice(0, cursor), '');
        return true;
      case 'C-u':
        put('', text.slice(cursor));
        return true;
      case 'left':
        question.cursor = Math.max(0, cursor - 1);
        return true;
      case 'right':
        question.cursor = Math.min(text.length, cursor + 1);
        return true;
      case 'home':
      case 'C-a':
        question.cursor = 0;
        return true;
      case 'end':
      case 'C-e':
        question.cursor = text.length;
        return true;
      default:
        return false;
    }
  }

  /** Keys of a question that change what is asked. */
  private switchAnswer(question: Question, key: Key): void {
    const searching = question.bar === SEARCH || question.bar === REPLACE;
    if (searching && key.name === 'M-c') this.sensitive = !this.sensitive;
    else if (searching && key.name === 'M-r') this.regular = !this.regular;
    else if (question.bar === SEARCH && key.name === 'C-r') return this.askReplace();
    else if (question.bar === REPLACE && key.name === 'C-r') return this.askSearch(1);
    else if (searching && key.name === 'C-t')
      return this.ask('Enter line number, column number: ', GO_TO, (where) => this.jump(where));
    else if (searching && (key.name === 'C-p' || key.name === 'up')) {
      question.text = this.sought;
      question.cursor = question.text.length;
    } else if (question.bar === GO_TO && key.name === 'C-y') return this.endAt(0);
    else if (question.bar === GO_TO && key.name === 'C-v') return this.endAt(this.text.lines.length - 1);
    else return;
    if (searching) question.label = question.bar === SEARCH ? this.searchLabel(1) : this.replaceLabel();
  }

  private endAt(row: number): void {
    this.question = undefined;
    this.text.to({ row, column: 0 });
  }

  private jump(where: string): void {
    const [, line = '', column = ''] = /^\s*(-?\d*)\s*(?:[,.]\s*(\d+))?\s*$/.exec(where) ?? [];
    if (line === '' && column === '')
      return this.say(where.trim() === '' ? 'Cancelled' : 'Invalid line or column number');
    this.goTo(line === '' ? this.text.row + 1 : Number(line), Number(column || 1));
  }

  // Files

  private askName(leaves: boolean): void {
    this.ask('File Name to Write: ', WRITE, (name) => this.writeAs(name, leaves), this.path);
  }

  private writeAs(name: string, leaves: boolean): void {
    if (name === '') return this.say('Cancelled');
    const write = () => {
      if (this.write(name) && leaves) this.done = true;
    };
    if (name === this.path) return write();
    const sure = (label: string) =>
      this.confirm(label, YES_NO, 'yn', (letter) => (letter === 'y' ? write() : this.askName(leaves)));
    if (this.path !== '' && !this.proc.files.exists(name)) return sure('Save file under DIFFERENT NAME? ');
    if (this.proc.files.exists(name)) return sure(`File "${name}" exists; OVERWRITE? `);
    write();
  }

  private write(name: string): boolean {
    const { text, proc } = this;
    try {
      proc.files.write(name, text.whole);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.say(`Error writing ${name}: ${strerror(error)}`);
      return false;
    }
    this.path = name;
    text.changed = false;
    this.say(`Wrote ${text.count} line${text.count === 1 ? '' : 's'}`);
    return true;
  }

  private leave(): void {
    if (!this.text.changed || this.options.viewOnly) {
      this.done = true;
      return;
    }
    this.confirm('Save modified buffer? ', YES_NO, 'yn', (letter) => {
      if (letter === 'n') this.done = true;
      else this.askName(true);
    });
  }

  private insertFile(name: string): void {
    if (name === '') return this.say('Cancelled');
    try {
      const found = this.proc.files.readText(name);
      this.text.insert(found, 'insertion');
      const lines = found.split('\n').length - 1;
      this.say(`Read ${lines} line${lines === 1 ? '' : 's'}`);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.say(error.code === 'ENOENT' ? `File "${name}" not found` : `Error reading ${name}: ${strerror(error)}`);
    }
  }

  // Searching

  private flags(): string {
    return `${this.sensitive ? ' [Case Sensitive]' : ''}${this.regular ? ' [Reg.exp.]' : ''}`;
  }

  private searchLabel(by: 1 | -1): string {
    const last = this.sought === '' ? '' : ` [${this.sought}]`;
    return `Search${this.flags()}${by < 0 ? ' [Backwards]' : ''}${last}: `;
  }

  private replaceLabel(): string {
    const last = this.sought === '' ? '' : ` [${this.sought}]`;
    return `Search${this.flags()} (to replace)${last}: `;
  }

  private askSearch(by: 1 | -1): void {
    this.ask(this.searchLabel(by), SEARCH, (what) => {
      if (what === '' && this.sought === '') return this.say('Cancelled');
      this.search(what || this.sought, by);
    });
  }

  private pattern(): RegExp | undefined {
    const source = this.regular ? this.sought : this.sought.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    try {
      return new RegExp(source, this.sensitive ? 'gu' : 'giu');
    } catch {
      this.say(`Bad regex "${this.sought}": Invalid regular expression`);
      return undefined;
    }
  }

  private search(what: string, by: 1 | -1): void {
    this.sought = what;
    const pattern = this.pattern();
    if (!pattern) return;
    const { text } = this;
    const found = text.find(pattern);
    if (found.length === 0) return this.say(`"${what}" not found`);
    const after = ({ row, column }: Place) => row > text.row || (row === text.row && column > text.column);
    const before = ({ row, column }: Place) => row < text.row || (row === text.row && column < text.column);
    const next = by > 0 ? found.find(after) : found.findLast(before);
    const [only] = found;
    if (!next && found.length === 1 && only?.row === text.row && only.column === text.column)
      return this.say('This is the only occurrence');
    const place = next ?? (by > 0 ? found[0] : found.at(-1));
    this.say(next ? '' : 'Search Wrapped');
    if (place) text.to(place);
    this.center();
  }

  private askReplace(): void {
    this.ask(this.replaceLabel(), REPLACE, (what) => {
      if (what === '' && this.sought === '') return this.say('Cancelled');
      this.sought = what || this.sought;
      const pattern = this.pattern();
      if (!pattern) return;
      this.ask('Replace with: ', REPLACE_WITH, (with_) => this.replace(pattern, with_));
    });
  }

  private replace(pattern: RegExp, replacement: string): void {
    this.replacement = replacement;
    const { text } = this;
    const places = text.find(pattern);
    const start = places.findIndex(({ row, column }) => row > text.row || (row === text.row && column >= text.column));
    if (places.length === 0) return this.say(`"${this.sought}" not found`);
    const order = start < 0 ? places : [...places.slice(start), ...places.slice(0, start)];
    this.replaceNext(order, 0, false);
  }

  /** Asks for one place after the other; those in the same line move as it becomes longer or shorter. */
  private replaceNext(places: (Place & { size: number })[], count: number, all: boolean): void {
    let replaced = count;
    let goOn = all;
    for (let place = places.shift(); place; place = places.shift()) {
      this.text.to(place);
      this.center();
      if (!goOn) {
        const here = place;
        return this.confirm('Replace this instance?', YES_NO_ALL, 'yna', (letter) => {
          if (letter === 'n') return this.replaceNext(places, replaced, false);
          this.substitute(here, places);
          replaced++;
          goOn = letter === 'a';
          this.replaceNext(places, replaced, goOn);
        });
      }
      this.substitute(place, places);
      replaced++;
    }
    this.say(`Replaced ${replaced} occurrence${replaced === 1 ? '' : 's'}`);
  }

  private substitute(place: Place & { size: number }, others: Place[]): void {
    this.text.to(place);
    this.text.remove(place, { row: place.row, column: place.column + place.size }, 'replacement');
    if (this.replacement !== '') this.text.insert(this.replacement, 'replacement');
    const longer = this.replacement.length - place.size;
    for (const other of others) if (other.row === place.row && other.column > place.column) other.column += longer;
  }

  // The screen

  private helpKey(key: Key): void {
    const last = Math.max(0, HELP_TEXT.length - this.rows);
    const at = this.help ?? 0;
    if (key.name === 'C-x' || key.name === 'C-g' || key.name === 'C-c' || key.text === 'q') this.help = undefined;
    else if (key.name === 'down' || key.name === 'C-n') this.help = Math.min(last, at + 1);
    else if (key.name === 'up' || key.name === 'C-p') this.help = Math.max(0, at - 1);
    else if (key.name === 'page-down' || key.name === 'C-v') this.help = Math.min(last, at + this.rows - 2);
    else if (key.name === 'page-up' || key.name === 'C-y') this.help = Math.max(0, at - this.rows + 2);
  }

  private center(): void {
    const { row } = this.text;
    if (row >= this.top && row < this.top + this.rows) return;
    this.top = Math.max(0, row - Math.floor(this.rows / 2));
  }

  /** The column on the screen of a place in a line. */
  private visual(row: number, column: number): number {
    let at = 0;
    for (const c of (this.text.lines[row] ?? '').slice(0, column)) at += c === '\t' ? TAB - (at % TAB) : 1;
    return at;
  }

  private title(columns: number): string {
    const brand = `GNU nano ${VERSION}`;
    const before = brand.length + 3;
    const state = this.text.changed ? 'Modified' : this.options.viewOnly ? 'View' : '';
    const room = 'Modified'.length + 2;
    const name = this.path || 'New Buffer';
    const at = before + Math.max(0, Math.floor((columns - before - name.length - room) / 2));
    const left = `  ${brand}`.padEnd(at) + name;
    return (state ? left.padEnd(columns - room) + state : left).slice(0, columns).padEnd(columns);
  }

  /** One row of the text; long lines are cut, and the one with the cursor is moved so that it can be seen. */
  private row(row: number, columns: number): string {
    const line = this.text.lines[row];
    if (line === undefined) return '';
    let shown = '';
    for (const c of line) shown += c === '\t' ? ' '.repeat(TAB - (shown.length % TAB)) : c < ' ' ? '^' : c;
    const start = row === this.text.row ? pageStart(this.visual(row, this.text.column), columns) : 0;
    const cut = shown.slice(start, start + columns);
    const head = start > 0 ? `<${cut.slice(1)}` : cut;
    return shown.length > start + columns ? `${head.slice(0, columns - 1)}>` : head;
  }

  private gutter(): number {
    return this.options.numbers ? String(this.text.lines.length).length + 1 : 0;
  }

  private async draw(): Promise<void> {
    const { columns } = this.terminal.size;
    if (this.help !== undefined) return this.drawHelp(columns, this.help);
    const { text, rows } = this;
    if (text.row < this.top) this.top = text.row;
    if (text.row >= this.top + rows) this.top = text.row - rows + 1;
    const gutter = this.gutter();
    const body = Array.from({ length: rows }, (_, i) => {
      const row = this.top + i;
      const number =
        gutter > 0 && row < text.lines.length ? `\x1b[7m${String(row + 1).padStart(gutter - 1)} \x1b[27m` : '';
      return number + this.marked(row, this.row(row, columns - gutter));
    });
    const { question } = this;
    const bottom = question ? this.asked(question, columns) : this.message(columns);
    const column = this.visual(text.row, text.column);
    const cursor = question
      ? `\x1b[${rows + 2};${Math.min(columns, question.label.length + question.cursor + 1)}H`
      : `\x1b[${text.row - this.top + 2};${column - pageStart(column, columns - gutter) + gutter + 1}H`;
    await this.paint(this.title(columns), body, bottom, question?.bar ?? MAIN, cursor);
  }

  private drawHelp(columns: number, at: number): Promise<void> {
    const name = 'Main nano help text';
    const title = (' '.repeat(Math.floor((columns - name.length) / 2) + 1) + name).padEnd(columns);
    const body = Array.from({ length: this.rows }, (_, i) => (HELP_TEXT[at + i] ?? '').slice(0, columns));
    return this.paint(title, body, '', HELP, '\x1b[2;1H');
  }

  private async paint(title: string, body: string[], bottom: string, bar: Bar, cursor: string): Promise<void> {
    const { columns } = this.terminal.size;
    const rows = [...body, bottom, ...drawn(bar, columns)];
    await this.proc.print(
      `\x1b[?25l\x1b[H\x1b[7m${title}\x1b[27m${rows.map((row) => `\r\n\x1b[K${row}`).join('')}${cursor}\x1b[?25h`,
    );
  }

  private message(columns: number): string {
    if (this.status === '') return '';
    const text = this.status.slice(0, columns);
    return `${' '.repeat(Math.floor((columns - text.length) / 2))}\x1b[7m${text}\x1b[27m`;
  }

  private asked(question: Question, columns: number): string {
    return `\x1b[7m${(question.label + question.text).slice(0, columns).padEnd(columns)}\x1b[27m`;
  }

  /** The part of a row between mark and cursor in reverse. */
  private marked(row: number, shown: string): string {
    const { text } = this;
    if (!text.mark) return shown;
    const { from, to } = text.region();
    if (row < from.row || row > to.row) return shown;
    const start = row === from.row ? this.visual(row, from.column) : 0;
    const end = row === to.row ? this.visual(row, to.column) : shown.length;
    return `${shown.slice(0, start)}\x1b[7m${shown.slice(start, end)}\x1b[27m${shown.slice(end)}`;
  }
}

const CHANGES = new Set('text tab enter backspace delete C-d C-k C-u C-\\ C-r M-u M-e C-o C-s'.split(' '));

/** Where a long line begins on the screen, as get_page_start has it. */
const pageStart = (column: number, columns: number): number =>
  column + 2 < columns || columns <= 8 ? 0 : column - 6 - ((column - 6) % (columns - 8));

export const nano: Program = async (proc) => {
  const options = getopt(proc.argv, 'AaBcDEeFGHIiLlMmNnOPpqRr:ST:tUuVvWwxZzh', {
    version: 'V',
    help: 'h',
    linenumbers: 'l',
    view: 'v',
    autoindent: 'i',
    tabstospaces: 'E',
    constantshow: 'c',
    nowrap: 'w',
    mouse: 'm',
    softwrap: 'S',
    ignorercfiles: 'I',
  });
  if (options.error !== undefined) {
    await proc.complain(`${options.error}\nType '${proc.name} -h' for a list of available options.\n`);
    return 1;
  }
  if (options.has('V')) return proc.print(` GNU nano, version ${VERSION}\n`).then(() => 0);
  if (options.has('h')) return proc.print(USAGE).then(() => 0);
  const { terminal } = proc.stdin;
  if (!terminal || !proc.stdout.terminal) {
    await proc.complain(terminal ? 'Could not reopen stdin\n' : 'Standard input is not a terminal\n');
    return 1;
  }
  const start = options.rest.find((word) => /^\+-?\d/.test(word));
  const [path = ''] = options.rest.filter((word) => word !== start);
  const editor = new Nano(proc, terminal, path, {
    numbers: options.has('l'),
    indents: options.has('i'),
    viewOnly: options.has('v'),
    spaces: options.has('E'),
    constant: options.has('c'),
  });
  const [line, column = '1'] = (start ?? '').slice(1).split(/[,:]/);
  if (line) editor.goTo(Number(line), Number(column));
  return editor.run();
};

const USAGE = `Usage: nano [OPTIONS] [[+LINE[,COLUMN]] FILE]...

 -E             --tabstospaces          Convert typed tabs to spaces
 -V             --version               Print version information and exit
 -c             --constantshow          Constantly show cursor position
 -h             --help                  Show this help text and exit
 -i             --autoindent            Automatically indent new lines
 -l             --linenumbers           Show line numbers in front of the text
 -v             --view                  View mode (read-only)
`;
