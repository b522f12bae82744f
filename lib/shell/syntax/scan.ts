// Reads one complete command from the front of a text, and says whether more lines are needed. Along the way it expands
// aliases and rewrites what the parsing library does not know (`select`, odd names of functions) into what it does.
// Longer than other files: it is one pass over the text, and every part of it moves the same state.
import { singleQuote } from '../quote';
import { ConditionScanner } from './conditional';
import { coprocessMarker, hiddenArithmetic, hiddenName, SELECT_PREFIX } from './markers';
import { BAD_FOR, ConditionProblem, SyntaxProblem } from './problem';
import { BLANK, Incomplete, META, type ScanOptions } from './words';

/** What stands at the front of a text. */
export type Scan =
  /** With `problem`, what stands there is not bash, and `end` is the end of the line that shows it. */
  | { kind: 'complete'; text: string; end: number; problem?: SyntaxProblem }
  /** More lines are needed; `open` is the quote or bracket that is not closed, if it is one. */
  | { kind: 'incomplete'; open?: string; line: number; heredoc?: string; expected?: string };

/** Compound commands, `if`, `while` and `for` before their bodies, then `then` and `loop`; `for{`: a body in braces. */
type Frame = '(' | '{' | 'if' | 'then' | 'while' | 'for' | 'loop' | 'for{' | 'case';

/** The word that ends a part of a command. */
const EXPECTED = new Map<Frame, string>([
  ['(', ')'],
  ['{', '}'],
  ['for{', '}'],
  ['if', 'then'],
  ['then', 'fi'],
  ['while', 'do'],
  ['for', 'do'],
  ['loop', 'done'],
]);
type CaseState = 'word' | 'in' | 'pattern' | 'body';

interface Heredoc {
  delimiter: string;
  quoted: boolean;
  strip: boolean;
}

/** An operator where a command should begin. */
class Unexpected extends Error {
  constructor(
    readonly token: string,
    readonly at: number,
  ) {
    super(token);
  }
}

/** Behind these words a command has to begin. */
const OPENING = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '{']);
const ASSIGNMENT = /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=$/;
/** Words that end or open a list of commands. */
const RESERVED = new Set(['if', 'then', 'elif', 'else', 'fi', 'while', 'until', 'do', 'done', '{', '}', '!', 'time']);
const BASH_WORDS = new Set(['[[', 'function', 'select', 'time']);
const COPROCESS = /^[ \t]+([A-Za-z_]\w*)[ \t\n]+(?=[({]|\[\[|(?:if|while|until|for|case|select)[ \t\n])/;
const MAX_ALIAS_EXPANSIONS = 1000; // a bound on what aliases of aliases may add to one command

/** Scans the first complete command of a text (a line, or as many as its quotes, here-documents and compound commands need). */
export function scan(text: string, options: ScanOptions = {}): Scan {
  const scanner = new Scanner(text, options);
  try {
    scanner.commands(undefined);
    return { kind: 'complete', text: scanner.out, end: text.length - scanner.remaining };
  } catch (error) {
    if (error instanceof Unexpected) {
      const newline = text.indexOf('\n', error.at);
      const line = text.slice(0, error.at).split('\n').length;
      const problem = new SyntaxProblem(error.token, line);
      return { kind: 'complete', text: '', end: newline < 0 ? text.length : newline + 1, problem };
    }
    if (error instanceof ConditionProblem) {
      const newline = text.indexOf('\n', error.at - 1);
      return { kind: 'complete', text: '', end: newline < 0 ? text.length : newline + 1, problem: error };
    }
    if (!(error instanceof Incomplete)) throw error;
    const line = text.slice(0, error.at).split('\n').length;
    return {
      kind: 'incomplete',
      line: error.isSubstitution ? text.trimEnd().split('\n').length + 1 : line,
      ...(error.expected ? { expected: error.expected } : {}),
      ...(error.open ? { open: error.open } : {}),
      ...(error.heredoc === undefined ? {} : { heredoc: error.heredoc }),
    };
  }
}

class Scanner extends ConditionScanner {
  private frames: Frame[] = [];
  private cases: CaseState[] = [];
  private heredocs: Heredoc[] = [];
  private command = true;
  private joined = false;
  /** True where no word of a command has been read yet. */
  private fresh = true;
  /** True behind a word that opens a list of commands, until one begins. */
  private empty = false;
  private forState: '' | 'name' | 'in' = '';
  private active: { name: string; rest: number }[] = [];
  /** How much is left where a word may be an alias though it is no command name. */
  private aliasAt = -1;
  private expansions = 0;

  /** Reads commands up to a newline at the outermost level, or up to the `)` that ends a substitution. */
  commands(end: ')' | undefined): void {
    const outer = {
      frames: this.frames,
      cases: this.cases,
      command: this.command,
      joined: this.joined,
      fresh: this.fresh,
      empty: this.empty,
    };
    this.frames = [];
    this.cases = [];
    this.command = true;
    this.joined = false;
    this.fresh = true;
    this.empty = false;
    while (true) {
      this.blanks();
      const c = this.peek();
      if (c === '') {
        if (end) throw new Incomplete(end, this.text.length, undefined, true);
        if (this.open()) throw new Incomplete(undefined, this.text.length, undefined, false, this.expected());
        if (this.heredocs.length > 0) this.readHeredocs();
        break;
      }
      if (c === '\n') {
        this.copy(1);
        this.readHeredocs();
        if (!end && !this.open()) break;
        if (!this.joined) this.newCommand();
        this.fresh = true;
        continue;
      }
      if (end && c === ')' && this.frames.length === 0) break;
      const { fresh } = this;
      this.fresh = false;
      this.token(c, fresh);
    }
    Object.assign(this, outer);
  }

  /** The word that the innermost open command waits for, as dash tells it. */
  private expected(): string | undefined {
    const { frame } = this;
    if (frame === undefined) return undefined;
    if (frame === 'case') return this.caseState === 'body' ? ';;' : ')';
    return EXPECTED.get(frame);
  }

  private open(): boolean {
    return this.frames.length > 0 || this.joined;
  }

  private newCommand(): void {
    if (this.frame !== 'case' || this.caseState === 'body') this.command = true;
    if (this.forState === 'in') this.forState = '';
  }

  private get frame(): Frame | undefined {
    return this.frames.at(-1);
  }

  private get caseState(): CaseState | undefined {
    return this.cases.at(-1);
  }

  private set caseState(state: CaseState) {
    this.cases[this.cases.length - 1] = state;
  }

  private token(c: string, fresh: boolean): void {
    if (c === '(') return this.openParen();
    if (c === ')') return this.closeParen();
    if (c === ';' || c === '&' || c === '|') return this.operator(c, fresh);
    if ((c === '<' || c === '>') && (this.peek(1) !== '(' || this.options.dialect === 'dash'))
      return this.redirection();
    this.word();
  }

  private operator(c: string, fresh: boolean): void {
    const found = [';;&', ';;', ';&', '&&', '||', '|&', '&>>', '&>'].find((op) => this.looksAt(op)) ?? c;
    if (found === '&>' || found === '&>>') {
      this.copy(found.length);
      return this.target();
    }
    const isClause = this.frame === 'case' && found.startsWith(';') && found !== ';';
    const isPattern = this.frame === 'case' && this.caseState !== 'body';
    if (fresh && this.command && this.active.length === 0 && !isClause && !isPattern && this.forState === '')
      throw new Unexpected(found, this.at);
    this.fresh = true;
    this.copy(found.length);
    this.joined = found === '&&' || found === '||' || found === '|' || found === '|&';
    if (this.frame === 'case' && (found === ';;' || found === ';&' || found === ';;&')) {
      this.caseState = 'pattern';
      this.command = false;
      return;
    }
    if (this.frame === 'case' && this.caseState === 'pattern') {
      this.joined = false;
      return;
    }
    this.newCommand();
  }

  private openParen(): void {
    this.joined = false;
    if (this.frame === 'case' && this.caseState === 'pattern') return this.copy(1);
    if (this.forState === 'name' && this.looksAt('((') && (this.options.dialect ?? 'bash') !== 'bash')
      throw new Unexpected(BAD_FOR, this.at);
    if (this.forState === 'name' && this.looksAt('((')) {
      this.forState = '';
      this.arithmetic();
      this.command = true;
      return;
    }
    if (this.command && this.looksAt('((') && (this.options.dialect ?? 'bash') !== 'bash') {
      this.copy(1);
      this.out += ' '; // a subshell in a subshell; the library would take it for arithmetic
      this.frames.push('(');
      this.fresh = true;
      this.empty = true;
      return;
    }
    if (this.command && this.looksAt('((')) {
      const { out } = this;
      if (this.tryArithmetic()) {
        this.command = true;
        this.empty = false;
        this.out = out + hiddenArithmetic(this.out.slice(out.length));
        return;
      }
    }
    if (!this.command && /^\(\s*\)/.test(this.text.slice(this.at, this.at + 8))) {
      this.copy(this.text.indexOf(')', this.at) + 1 - this.at); // name (): a function's body follows, maybe on the next line
      this.functionBody();
      return;
    }
    this.copy(1);
    this.frames.push('(');
    this.command = true;
    this.fresh = true;
    this.empty = true;
  }

  /** Where a function's body begins. One that is `[[ … ]]` or `((…))` is put into a group, as bash shows it too. */
  private functionBody(): void {
    this.command = true;
    this.joined = true;
    if ((this.options.dialect ?? 'bash') !== 'bash') return;
    const body = /^[ \t\n]*(\[\[(?=[ \t\n])|\(\()/.exec(this.text.slice(this.at, this.at + 200));
    if (!body) return;
    const { out, at } = this;
    this.out += '{ ';
    this.copy(body[0].length - 2);
    if (body[1] === '((') {
      const start = this.out.length;
      if (!this.tryArithmetic()) {
        Object.assign(this, { out, at });
        return;
      }
      this.out = this.out.slice(0, start) + hiddenArithmetic(this.out.slice(start));
    } else {
      this.copy(2);
      this.conditional();
    }
    this.out += '; }';
    this.command = false;
    this.joined = false;
  }

  private closeParen(): void {
    this.copy(1);
    this.joined = false;
    if (this.frame === 'case' && this.caseState === 'pattern') {
      this.caseState = 'body';
      this.command = true;
      return;
    }
    if (this.frame === '(') {
      this.mustNotBeEmpty(')');
      this.frames.pop();
    }
    this.command = true;
  }

  /** Bash has no empty lists. */
  private mustNotBeEmpty(word: string): void {
    if (this.empty && this.active.length === 0) throw new Unexpected(word, this.at - word.length);
    this.empty = false;
  }

  private redirection(): void {
    this.empty = false;
    if (this.looksAt('<<<') && (this.options.dialect ?? 'bash') !== 'bash')
      throw new Unexpected('redirection', this.at);
    const op = ['<<<', '<<-', '<<', '<&', '<>', '>>', '>&', '>|', '<', '>'].find((o) => this.looksAt(o)) ?? '<';
    this.copy(op.length);
    if (op === '<<' || op === '<<-') this.hereDelimiter(op === '<<-');
    else this.target();
  }

  /** The word after a redirection: does not end the command position. */
  private target(): void {
    while (BLANK.test(this.peek()) && this.peek() !== '') this.copy(1);
    if (this.peek() === '(' && this.options.dialect === 'dash') throw new Unexpected('(', this.at);
    if (this.peek() !== '' && (!META.test(this.peek()) || this.looksAt('<(') || this.looksAt('>('))) this.rawWord();
  }

  private hereDelimiter(strip: boolean): void {
    while (BLANK.test(this.peek()) && this.peek() !== '') this.copy(1);
    const start = this.at;
    const outer = this.out;
    this.rawWord();
    const raw = this.text.slice(start, this.at);
    const delimiter = raw.replace(/\\(.)|'([^']*)'|"([^"]*)"/g, (_, e, s, d) => e ?? s ?? d ?? '');
    const quoted = delimiter !== raw;
    this.out = outer + (quoted ? singleQuote(delimiter) : raw);
    this.heredocs.push({ delimiter, quoted, strip });
  }

  private readHeredocs(): void {
    for (let doc = this.heredocs.shift(); doc; doc = this.heredocs.shift()) this.readHeredoc(doc);
  }

  private readHeredoc(doc: Heredoc): void {
    if (this.out !== '' && !this.out.endsWith('\n')) this.out += '\n';
    while (this.at < this.text.length) {
      const newline = this.text.indexOf('\n', this.at);
      const end = newline < 0 ? this.text.length : newline;
      const line = this.text.slice(this.at, end);
      this.at = Math.min(end + 1, this.text.length);
      const text = doc.strip ? line.replace(/^\t+/, '') : line;
      this.out += `${text}\n`;
      if (text === doc.delimiter) return;
    }
    throw new Incomplete(undefined, this.at, doc.delimiter);
  }

  /** One word: a reserved word, an alias, an assignment or plain. */
  private word(): void {
    const start = this.at;
    const outStart = this.out.length;
    const canAlias = this.command || this.remaining === this.aliasAt;
    this.rawWord();
    const raw = this.text.slice(start, this.at);
    if (this.patternWord(raw) || this.forWord(raw)) return;
    if (canAlias && this.expandAlias(raw, start, outStart)) return;
    const wasCommand = this.command;
    this.joined = false;
    if (!wasCommand || !RESERVED.has(raw)) this.empty = false;
    if (!wasCommand) {
      if (raw === '[[') this.out = `${this.out.slice(0, outStart)}'[['`; // the library takes it for a condition wherever it stands
      return;
    }
    if (/^[ \t]*\([ \t]*\)/.test(this.text.slice(this.at, this.at + 16)) && !/[=]/.test(raw)) this.hideName(outStart);
    if (ASSIGNMENT.test(raw) && this.peek() === '(') return this.hasArrays() ? this.arrayValue() : this.noArray();
    if (/^[A-Za-z_]\w*(\[[^\]]*\])?\+?=/.test(raw)) return;
    if (/^\d+$/.test(raw) && (this.peek() === '<' || this.peek() === '>')) return;
    if (/^\{\w+\}$/.test(raw) && (this.peek() === '<' || this.peek() === '>')) return;
    this.fresh = OPENING.has(raw);
    this.reserved(raw, outStart);
  }

  private hasArrays(): boolean {
    return (this.options.dialect ?? 'bash') === 'bash';
  }

  /** The parenthesis is a token of its own, which the parser refuses. */
  private noArray(): void {
    this.command = false;
    this.out += ' ';
  }

  private arrayValue(): void {
    this.copy(1);
    while (this.peek() !== ')') {
      this.blanks();
      const c = this.peek();
      if (c === '') throw new Incomplete(')', this.at);
      if (c === ')') break;
      if (c === '\n') {
        this.out += ' ';
        this.at++;
      } else if (META.test(c) && !this.looksAt('<(') && !this.looksAt('>(')) throw new Unexpected(c, this.at);
      else this.arrayElement();
    }
    this.copy(1);
  }

  /** A key may hold blanks, which the library would take for the end of the word. */
  private arrayElement(): void {
    const key = /^\[([^\]'"`$\\\n]*[ \t][^\]'"`$\\\n]*)\](?=\+?=)/.exec(this.text.slice(this.at, this.at + 300));
    if (key) {
      this.out += `["${key[1]}"]`;
      this.at += key[0].length;
    }
    this.rawWord();
  }

  private patternWord(raw: string): boolean {
    if (this.frame !== 'case' || this.caseState === 'body') return false;
    if (this.caseState === 'word') this.caseState = 'in';
    else if (this.caseState === 'in' && raw === 'in') this.caseState = 'pattern';
    else if (this.caseState === 'pattern' && raw === 'esac') this.closeFrame('case', raw);
    return true;
  }

  private forWord(raw: string): boolean {
    if (this.forState === 'name') {
      if (raw === 'in') {
        this.forState = 'in';
        return true;
      }
      if (raw !== 'do' && raw !== '{') return true;
      this.forState = '';
      this.command = true;
      if (raw === '{') this.loopInBraces(this.out.length - 1);
      else this.beginBody('loop');
      return true;
    }
    return this.forState === 'in';
  }

  private reserved(raw: string, outStart: number): void {
    this.command = false;
    if (this.options.dialect === 'dash' && BASH_WORDS.has(raw)) {
      this.out = `${this.out.slice(0, outStart)}'${raw}'`; // a word as any other
      return;
    }
    switch (raw) {
      case 'if':
        return this.openFrame('if');
      case 'while':
      case 'until':
        return this.openFrame('while');
      case '{':
        if (this.frame === 'for') return this.loopInBraces(outStart);
        return this.openFrame('{');
      case 'for':
        return this.openFor();
      case 'select':
        if (this.options.dialect === 'ash') return;
        this.out = `${this.out.slice(0, outStart)}for ${SELECT_PREFIX}`;
        while (BLANK.test(this.peek()) && this.peek() !== '') this.at++;
        return this.openFor();
      case 'case':
        this.frames.push('case');
        this.cases.push('word');
        return;
      case '[[':
        if (this.options.dialect === 'ash') return; // there it is a command
        this.conditional();
        this.command = true;
        return;
      case 'function':
        return this.functionName();
      case 'coproc':
        return this.coprocess(outStart);
      case 'then':
      case 'elif':
      case 'else':
      case 'do':
      case '!':
        if (raw !== '!') this.mustNotBeEmpty(raw);
        this.nextPart(raw);
        if (raw !== '!') this.empty = true;
        if (/^[ \t]*([;\n&]|$)/.test(this.text.slice(this.at, this.at + 80))) this.out += ' :'; // it may stand alone
        this.command = true;
        return;
      case 'time':
        if (/^[ \t]*([;\n&)]|$)/.test(this.text.slice(this.at, this.at + 80))) this.out += ' :'; // the time of nothing
        this.command = true;
        return;
      case 'fi':
        return this.closeFrame(this.frame === 'if' ? 'if' : 'then', raw);
      case 'done':
        return this.closeFrame(this.frame === 'for' || this.frame === 'while' ? this.frame : 'loop', raw);
      case '}':
        if (this.frame === 'for{') {
          this.out = `${this.out.slice(0, outStart)}done`;
          return this.closeFrame('for{', raw);
        }
        return this.closeFrame('{', raw);
      case 'esac':
        return this.closeFrame('case', raw);
    }
  }

  private openFrame(frame: Frame): void {
    this.empty = true;
    this.frames.push(frame);
    this.command = true;
  }

  private nextPart(word: string): void {
    const opener: Partial<Record<string, Frame[]>> = { else: ['then'], elif: ['then'], do: ['for', 'while'] };
    const wanted = word === 'then' ? ['if'] : opener[word];
    if (wanted && !wanted.some((frame) => frame === this.frame) && this.active.length === 0)
      throw new Unexpected(word, this.at - word.length);
    if (word === 'then' && this.frame === 'if') this.beginBody('then');
    if (word === 'elif' && this.frame === 'then') this.beginBody('if');
    if (word === 'do' && (this.frame === 'for' || this.frame === 'while')) this.beginBody('loop');
  }

  private beginBody(frame: Frame): void {
    this.frames[this.frames.length - 1] = frame;
  }

  /** The library knows `do` and `done` only. */
  private loopInBraces(outStart: number): void {
    this.out = `${this.out.slice(0, outStart)}do`;
    this.beginBody('for{');
    this.command = true;
    this.empty = true;
  }

  private openFor(): void {
    this.frames.push('for');
    this.forState = 'name';
    this.blanks();
    if (!this.looksAt('((')) this.rawWord();
  }

  /** A name may stand before a compound command only. */
  private coprocess(outStart: number): void {
    if ((this.options.dialect ?? 'bash') !== 'bash') return;
    const named = COPROCESS.exec(this.text.slice(this.at, this.at + 200));
    if (named) this.at += named[0].length;
    this.out = `${this.out.slice(0, outStart)}${coprocessMarker(named?.[1] ?? 'COPROC')} | `;
    this.command = true;
  }

  private functionName(): void {
    this.blanks();
    const start = this.out.length;
    this.rawWord();
    this.hideName(start);
    const parens = /^\s*\(\s*\)/.exec(this.text.slice(this.at, this.at + 16));
    if (parens) this.copy(parens[0].length);
    this.functionBody();
  }

  /** A function's name of other letters than the library takes. */
  private hideName(start: number): void {
    const name = this.out.slice(start);
    if (name !== '' && !/^[A-Za-z_][\w.:-]*$/.test(name) && !/[`\\{}]/.test(name))
      this.out = this.out.slice(0, start) + hiddenName(name);
  }

  private closeFrame(frame: Frame, word: string): void {
    if (frame !== 'case') this.mustNotBeEmpty(word);
    if (this.frame !== undefined && this.frame !== frame && this.active.length === 0)
      throw new Unexpected(word, this.at - word.length);
    if (this.frame === frame) {
      this.frames.pop();
      if (frame === 'case') this.cases.pop();
    }
    this.command = true;
  }

  private expandAlias(raw: string, start: number, outStart: number): boolean {
    const value = this.options.aliases?.get(raw);
    // an alias is not expanded again in its own text, which lasts until only `rest` is left
    this.active = this.active.filter(({ rest }) => this.remaining >= rest);
    if (value === undefined || this.active.some(({ name }) => name === raw)) return false;
    if (++this.expansions > MAX_ALIAS_EXPANSIONS) return false;
    const rest = this.text.slice(this.at);
    this.active.push({ name: raw, rest: rest.length });
    this.text = `${this.text.slice(0, start)}${value}${rest}`;
    this.at = start;
    this.out = this.out.slice(0, outStart);
    // an alias that ends in a blank lets the word after it be an alias too
    if (/[ \t]$/.test(value)) this.aliasAt = rest.replace(/^[ \t]+/, '').length;
    return true;
  }

  protected substitution(opening: number): void {
    this.copy(opening);
    const heredocs = this.heredocs;
    const forState = this.forState;
    this.heredocs = [];
    this.forState = '';
    this.commands(')');
    this.heredocs = heredocs;
    this.forState = forState;
    this.copy(1);
  }
}
