// sed's language: addresses and commands.
import { compilePattern, PatternError, translate } from './regex';

export type Address =
  | { kind: 'line'; line: number }
  | { kind: 'last' }
  | { kind: 'step'; line: number; step: number }
  | { kind: 'plus'; line: number }
  | { kind: 'regex'; pattern: RegExp };

export interface Command {
  name: string;
  from?: Address;
  to?: Address;
  negated: boolean;
  /** Of a, i, c, r, w; labels. */
  text?: string;
  status?: number;
  /** Where `b`, `t` and a `{` that does not hold go on. */
  jump?: number;
  pattern?: RegExp;
  replacement?: (groups: string[]) => string;
  nth?: number;
  global?: boolean;
  prints?: boolean;
  file?: string;
  map?: Map<string, string>;
}

/** A script that is none; the message is sed's. */
export class SedError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

const NO_LABEL = 4; // its status

export function parseSed(script: string, extended: boolean): Command[] {
  return new Parser(script, extended).parse();
}

const CODES: Record<string, string> = { n: '\n', t: '\t', f: '\f', v: '\v', a: '\x07', r: '\r' };

class Parser {
  private at = 0;
  private readonly commands: Command[] = [];
  private readonly blocks: number[] = [];
  private readonly labels = new Map<string, number>();
  private lastPattern: RegExp | undefined;

  constructor(
    private readonly script: string,
    private readonly extended: boolean,
  ) {}

  parse(): Command[] {
    while (this.at < this.script.length) {
      if (/[\s;]/.test(this.peek())) this.at++;
      else if (this.peek() === '#') this.skipLine();
      else this.command();
    }
    if (this.blocks.length > 0) this.fail("unmatched `{'", 0);
    for (const command of this.commands) {
      if (!/^[btT]$/.test(command.name)) continue;
      const jump = command.text ? this.labels.get(command.text) : this.commands.length;
      if (jump === undefined) throw new SedError(`can't find label for jump to \`${command.text}'`, NO_LABEL);
      command.jump = jump;
    }
    return this.commands;
  }

  private peek(): string {
    return this.script.charAt(this.at);
  }

  private fail(message: string, at = this.at): never {
    throw new SedError(`-e expression #1, char ${at}: ${message}`);
  }

  private skipLine(): void {
    const end = this.script.indexOf('\n', this.at);
    this.at = end < 0 ? this.script.length : end + 1;
  }

  private blanks(): void {
    while (/[ \t]/.test(this.peek())) this.at++;
  }

  private command(): void {
    const from = this.address();
    let to: Address | undefined;
    this.blanks();
    if (from && this.peek() === ',') {
      this.at++;
      this.blanks();
      to = this.address(true);
      if (!to) this.fail("unexpected `,'", this.at);
      this.blanks();
    }
    let negated = false;
    while (this.peek() === '!') {
      if (negated) this.fail("multiple `!'s", this.at + 1);
      negated = true;
      this.at++;
      this.blanks();
    }
    const name = this.peek();
    this.at++;
    if (name === '') this.fail('missing command', this.script.length);
    if (!from && /[+~]/.test(name)) this.fail('invalid usage of +N or ~N as first address', this.at + 1);
    if (from?.kind === 'line' && from.line === 0 && to?.kind !== 'regex') this.fail('invalid usage of line address 0');
    const command: Command = { name, negated, ...(from ? { from } : {}), ...(to ? { to } : {}) };
    if (name === '}') return this.closeBlock();
    if (name === ':') {
      const label = this.word();
      if (label === '') this.fail('":" lacks a label');
      this.labels.set(label, this.commands.length);
      return;
    }
    this.commands.push(command);
    this.finish(command);
  }

  private closeBlock(): void {
    const start = this.blocks.pop();
    if (start === undefined) this.fail("unexpected `}'");
    const open = this.commands[start];
    if (open) open.jump = this.commands.length - 1;
  }

  private finish(command: Command): void {
    switch (command.name) {
      case '{':
        this.blocks.push(this.commands.length - 1);
        return;
      case 's':
        return this.substitution(command);
      case 'y':
        return this.transliteration(command);
      case 'a':
      case 'i':
      case 'c':
        return this.addText(command);
      case 'b':
      case 't':
      case 'T':
        command.text = this.word();
        return;
      case 'r':
      case 'R':
      case 'w':
        this.blanks();
        command.text = this.restOfLine();
        return;
      case 'q':
      case 'Q':
        this.blanks();
        command.status = Number(/^\d+/.exec(this.script.slice(this.at))?.[0] ?? 0);
        while (/\d/.test(this.peek())) this.at++;
        return;
      case 'l':
        this.blanks();
        if (/\d/.test(this.peek())) command.status = this.digits();
        return this.endOfCommand();
      case 'v':
        command.text = this.word();
        return;
      default:
        if (!/[dDpPnNhHgGxFz=]/.test(command.name)) this.fail(`unknown command: \`${command.name}'`);
        this.endOfCommand();
    }
  }

  private addText(command: Command): void {
    const text = this.textBlock();
    if (text !== undefined) command.text = text;
  }

  private endOfCommand(): void {
    this.blanks();
    if (!/^$|[;\n}#]/.test(this.peek())) this.fail('extra characters after command', this.at + 1);
  }

  private word(): string {
    this.blanks();
    const text = /^[^;\n}]*/.exec(this.script.slice(this.at))?.[0] ?? '';
    this.at += text.length;
    return text.trim();
  }

  private restOfLine(): string {
    const text = /^[^\n]*/.exec(this.script.slice(this.at))?.[0] ?? '';
    this.at += text.length;
    return text;
  }

  /** The text of `a`, `i`, `c`: on the same line, or after a backslash on the next ones. */
  private textBlock(): string | undefined {
    this.blanks();
    if (this.peek() === '\\') {
      this.at++;
      const blank = /^[ \t]*\n/.exec(this.script.slice(this.at))?.[0] ?? '';
      this.at += blank.length;
      if (this.at >= this.script.length) return undefined;
    }
    if (this.at >= this.script.length) this.fail("expected \\ after `a', `c' or `i'", this.script.length);
    let text = '';
    while (this.at < this.script.length) {
      const c = this.peek();
      this.at++;
      if (c === '\n') break;
      if (c === '\\' && this.at < this.script.length) {
        text += this.peek() === 't' ? '\t' : this.peek();
        this.at++;
      } else text += c;
    }
    return text;
  }

  private address(second = false): Address | undefined {
    const c = this.peek();
    if (c === '$') {
      this.at++;
      return { kind: 'last' };
    }
    if (second && (c === '+' || c === '~')) {
      this.at++;
      return { kind: 'plus', line: this.digits() };
    }
    if (/\d/.test(c)) {
      const line = this.digits();
      if (this.peek() !== '~') return { kind: 'line', line };
      this.at++;
      return { kind: 'step', line, step: this.digits() };
    }
    if (c !== '/' && c !== '\\') return undefined;
    this.at += c === '\\' ? 1 : 0;
    const delimiter = this.peek();
    this.at++;
    const source = this.until(delimiter, 'unterminated address regex');
    let flags = '';
    while (/[IM]/.test(this.peek())) {
      flags += this.peek() === 'I' ? 'i' : 'm';
      this.at++;
    }
    return { kind: 'regex', pattern: this.compile(source, flags) };
  }

  private digits(): number {
    const text = /^\d+/.exec(this.script.slice(this.at))?.[0] ?? '0';
    this.at += /^\d/.test(this.script.slice(this.at)) ? text.length : 0;
    return Number(text);
  }

  /** Text up to the delimiter, which a backslash makes plain. */
  private until(delimiter: string, message: string): string {
    let text = '';
    let inBracket = false;
    while (this.at < this.script.length) {
      const c = this.peek();
      if (c === '\\') {
        const next = this.script.charAt(this.at + 1);
        const coded = /^\\x([0-9A-Fa-f]{2})/.exec(this.script.slice(this.at, this.at + 4));
        const code = coded ? String.fromCharCode(Number.parseInt(coded[1] as string, 16)) : undefined;
        text += next === delimiter ? delimiter : (code?.replace(/[.*[\]^$\\/]/, '\\$&') ?? CODES[next] ?? c + next);
        this.at += code === undefined ? 2 : 4;
        continue;
      }
      if (c === delimiter && !inBracket) {
        this.at++;
        return text;
      }
      if (c === '[' && !inBracket) inBracket = true;
      else if (c === ']' && inBracket && !/\[\^?$/.test(text)) inBracket = false;
      text += c;
      this.at++;
    }
    return this.fail(message, this.script.length);
  }

  private replacementText(delimiter: string): string {
    let text = '';
    while (this.at < this.script.length) {
      const c = this.peek();
      if (c === '\\') {
        const next = this.script.charAt(this.at + 1);
        const code = /^\\x([0-9A-Fa-f]{2})/.exec(this.script.slice(this.at, this.at + 4));
        if (code) {
          text += String.fromCharCode(Number.parseInt(code[1] as string, 16)).replace(/[&\\]/, '\\$&');
          this.at += 4;
          continue;
        }
        text += next === delimiter && !/[&\d]/.test(next) ? next : c + next;
        this.at += 2;
        continue;
      }
      if (c === delimiter) {
        this.at++;
        return text;
      }
      text += c;
      this.at++;
    }
    return this.fail("unterminated `s' command", this.script.length);
  }

  private compile(source: string, flags: string): RegExp {
    if (source === '') {
      if (!this.lastPattern) this.fail('no previous regular expression');
      return this.lastPattern;
    }
    try {
      this.lastPattern = compilePattern(translate(source, this.extended), `g${flags}`);
      return this.lastPattern;
    } catch (error) {
      if (error instanceof PatternError) this.fail(error.message);
      throw error;
    }
  }

  private substitution(command: Command): void {
    const delimiter = this.peek();
    this.at++;
    const source = this.until(delimiter, "unterminated `s' command");
    const replacement = this.replacementText(delimiter);
    let flags = '';
    for (; !/^$|[;\n}# \t]/.test(this.peek()); this.at++) {
      const c = this.peek();
      if ((c === 'g' && command.global) || (c === 'p' && command.prints))
        this.fail(`multiple \`${c}' options to \`s' command`, this.at + 1);
      if (c === 'g') command.global = true;
      else if (c === 'p') command.prints = true;
      else if (c === 'e') throw new SedError('not supported: the e flag of the s command');
      else if (c === 'i' || c === 'I') flags += 'i';
      else if (c === 'm' || c === 'M') flags += 'm';
      else if (/\d/.test(c)) {
        command.nth = this.digits();
        this.at--;
      } else if (c === 'w') {
        this.at++;
        this.blanks();
        command.file = this.restOfLine();
        this.at--;
      } else this.fail("unknown option to `s'", this.at + 1);
    }
    command.pattern = this.compile(source, flags);
    const wanted = Math.max(0, ...(replacement.match(/\\[\s\S]/g) ?? []).map((each) => Number(each.charAt(1)) || 0));
    const groups = (new RegExp(`${command.pattern.source}|`).exec('')?.length ?? 1) - 1;
    if (wanted > groups && source !== '') this.fail(`invalid reference \\${wanted} on \`s' command's RHS`);
    command.replacement = replacer(replacement);
    this.endOfCommand();
  }

  private transliteration(command: Command): void {
    const delimiter = this.peek();
    this.at++;
    const from = [...this.until(delimiter, "unterminated `y' command").replaceAll('\\\\', '\\')];
    const to = [...this.until(delimiter, "unterminated `y' command").replaceAll('\\\\', '\\')];
    if (from.length !== to.length) this.fail("strings for `y' command are different lengths");
    command.map = new Map(from.map((c, i) => [c, to[i] as string]));
  }
}

const CONTROLS: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\n': '\n' };

/** A replacement with `&`, `\1` and the case changes `\U`, `\L`, `\u`, `\l`, `\E`. */
function replacer(text: string): (groups: string[]) => string {
  const tokens = text.match(/\\[\s\S]|&|[^\\&]+/g) ?? [];
  return (groups) => {
    let out = '';
    let mode = '';
    let once = '';
    const add = (piece: string) => {
      let shaped = mode === 'U' ? piece.toUpperCase() : mode === 'L' ? piece.toLowerCase() : piece;
      if (once && shaped) {
        shaped = (once === 'u' ? shaped.charAt(0).toUpperCase() : shaped.charAt(0).toLowerCase()) + shaped.slice(1);
        once = '';
      }
      out += shaped;
    };
    for (const token of tokens) {
      if (token === '&') add(groups[0] ?? '');
      else if (!token.startsWith('\\')) add(token);
      else if (/\d/.test(token.charAt(1))) add(groups[Number(token.charAt(1))] ?? '');
      else if (/[ULE]/.test(token.charAt(1))) mode = token.charAt(1);
      else if (/[ul]/.test(token.charAt(1))) once = token.charAt(1);
      else add(CONTROLS[token.charAt(1)] ?? token.charAt(1));
    }
    return out;
  };
}
