// Copies the words of a text: quotes, expansions and what they nest. Along the way it rewrites what the parsing library does
// not know (extended globs, $'…', odd parameters) into what it does.
import { ansiEscapes, singleQuote } from '../quote';
import { badParameter, EXTGLOB_BAR, EXTGLOB_CLOSE, EXTGLOB_OPEN, TOGGLE_CASE } from './markers';

export interface ScanOptions {
  aliases?: ReadonlyMap<string, string>;
  extglob?: boolean;
  /** False: braces are plain characters, `set +B` and the other shells. */
  braces?: boolean;
  /** dash and BusyBox' ash have no arrays; dash has none of bash' words and expansions either. */
  dialect?: 'bash' | 'dash' | 'ash';
}

/** The text ends before what it began. */
export class Incomplete extends Error {
  constructor(
    /** The quote or bracket that is not closed, if it is one. */
    readonly open: string | undefined,
    readonly at: number,
    readonly heredoc?: string,
    /** The end of the text was met between the commands of a substitution. */
    readonly isSubstitution = false,
    /** The word that the innermost command waits for. */
    readonly expected?: string,
  ) {
    super('incomplete');
  }
}

/** `((` that no `))` ends: a subshell in a subshell, where that may stand. */
class NotArithmetic extends Incomplete {
  constructor(at: number) {
    super(')', at);
  }
}

const ASSIGNED = /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=/;
export const BLANK = /[ \t]/;
export const META = /[ \t\n;&|<>()]/;
/** How a parameter expansion begins: a name or a special parameter, and what may follow it. */
const PARAMETER =
  /^\$\{([!#]?([A-Za-z_]\w*|\d+|[@*])(\[[\s\S]*\])?([-:=+?#%/^,~@*][\s\S]*)?|[!#]?[@*#?$!-]([-:=+?#%/^,~@][\s\S]*)?)\}$/;
/** As PARAMETER for dash, and for ash, which knows parts and replacements but no arrays and no `!`. */
const DASH_PARAMETER = /^\$\{(#?([A-Za-z_]\w*|\d+|[@*#?$!-])|([A-Za-z_]\w*|\d+|[@*#?$!-])(:?[-=+?]|%|#)[\s\S]*)\}$/;
const ASH_PARAMETER = /^\$\{(#?([A-Za-z_]\w*|\d+|[@*#?$!-])|([A-Za-z_]\w*|\d+|[@*#?$!-])[-:=+?%#/][\s\S]*)\}$/;
const PARAMETERS = { bash: PARAMETER, dash: DASH_PARAMETER, ash: ASH_PARAMETER };

export abstract class WordScanner {
  out = '';
  protected at = 0;
  /** How many `${` are open: patterns in them are extended ones. */
  private braces = 0;

  constructor(
    protected text: string,
    protected readonly options: ScanOptions,
  ) {}

  get remaining(): number {
    return this.text.length - this.at;
  }

  /** Within `[[ … ]]`. */
  protected abstract get inCondition(): boolean;

  protected blanks(): void {
    while (true) {
      const c = this.peek();
      if (c === '\\' && this.peek(1) === '\n') {
        if (this.at + 2 >= this.text.length) throw new Incomplete(undefined, this.at);
        this.at += 2;
      } else if (c !== '' && BLANK.test(c)) this.copy(1);
      else if (c === '#') this.comment();
      else return;
    }
  }

  private comment(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 ? this.text.length : end;
  }

  /** Copies `$(…)`, `<(…)`, of which the opening has so many characters. */
  protected abstract substitution(opening: number): void;

  protected peek(n = 0): string {
    return this.text.charAt(this.at + n);
  }

  protected looksAt(what: string): boolean {
    return this.text.startsWith(what, this.at);
  }

  protected copy(n: number): void {
    this.out += this.text.slice(this.at, this.at + n);
    this.at += n;
  }

  /** `(( … ))`, unless it turns out to be a subshell in a subshell. */
  protected tryArithmetic(): boolean {
    const saved = { at: this.at, out: this.out };
    try {
      this.arithmetic();
      return true;
    } catch (error) {
      if (!(error instanceof NotArithmetic)) throw error;
      Object.assign(this, saved);
      return false;
    }
  }

  /** Copies `(( … ))` with what it nests. */
  protected arithmetic(): void {
    this.copy(2);
    for (let depth = 0; ; ) {
      const c = this.peek();
      if (c === '') throw new Incomplete(')', this.at);
      if (c === ')' && depth === 0) {
        if (this.peek(1) !== ')') throw new NotArithmetic(this.at);
        return this.copy(2);
      }
      if (c === '(') depth++;
      if (c === ')') depth--;
      this.element(c);
    }
  }

  protected rawWord(): void {
    if (/^~\+(?=[/ \t\n;&|<>()]|$)/.test(this.text.slice(this.at, this.at + 3)) && this.options.dialect !== 'dash') {
      this.out += '"$PWD"'; // which the library does not know
      this.at += 2;
    }
    const start = this.at;
    while (true) {
      const c = this.peek();
      if (c === '') return;
      if (c === '~' && this.isPlainTilde(start)) this.out += '\\';
      if (META.test(c) && !((c === '<' || c === '>') && this.peek(1) === '(')) return;
      this.element(c);
    }
  }

  /** A `~` behind a `=` that assigns nothing; the library expands it there, too. */
  private isPlainTilde(start: number): boolean {
    if (this.text.charAt(this.at - 1) !== '=' || this.inCondition) return false;
    const isOperator = this.options.dialect === 'ash' && /\[\[ [^;&|\n]*$/.test(this.text.slice(0, start));
    return !isOperator && !ASSIGNED.test(this.text.slice(start, this.at));
  }

  /** One character of a word, or one quoted or nested piece. */
  protected element(c: string): void {
    if (c === '\\') return this.escape();
    if (c === '{' && this.options.braces === false && /\S/.test(this.peek(1))) return this.plainBrace();
    if (c === "'") return this.quoted();
    if (c === '"') return this.doubleQuoted();
    if (c === '`') return this.backquoted();
    if (c === '$') return this.dollar(false);
    if ((c === '<' || c === '>') && this.peek(1) === '(') return this.substitution(2);
    if (this.extglob() && /[?*+@!]/.test(c) && this.peek(1) === '(') return this.extended();
    this.copy(1);
  }

  protected plainBrace(): void {
    this.out += '\\';
    this.copy(1);
  }

  protected extglob(): boolean {
    return this.options.extglob === true || this.inCondition || this.braces > 0;
  }

  protected escape(): void {
    if (this.at + 1 >= this.text.length) return this.copy(1);
    if (this.peek(1) === '\n') {
      if (this.at + 2 >= this.text.length) throw new Incomplete(undefined, this.at);
      this.at += 2;
    } else this.copy(2);
  }

  protected quoted(): void {
    const end = this.text.indexOf("'", this.at + 1);
    if (end < 0) throw new Incomplete("'", this.at);
    this.copy(end + 1 - this.at);
  }

  protected doubleQuoted(): void {
    const start = this.at;
    this.copy(1);
    while (this.peek() !== '"') {
      const c = this.peek();
      if (c === '') throw new Incomplete('"', start);
      if (c === '\\') this.copy(Math.min(2, this.text.length - this.at));
      else if (c === '`') this.backquoted();
      else if (c === '$') this.dollar(true);
      else this.copy(1);
    }
    this.copy(1);
  }

  protected backquoted(): void {
    const start = this.at;
    this.copy(1);
    while (this.peek() !== '`') {
      if (this.peek() === '') throw new Incomplete('`', start);
      this.copy(this.peek() === '\\' ? 2 : 1);
    }
    this.copy(1);
  }

  protected dollar(inQuotes: boolean): void {
    if (this.looksAt('$((')) {
      this.copy(1);
      if (this.tryArithmetic()) return;
      this.at--;
      this.out = this.out.slice(0, -1);
    }
    if (this.looksAt('$(')) return this.substitution(2);
    if (this.looksAt('${')) return this.braced();
    if (!inQuotes && this.looksAt("$'") && this.options.dialect === 'dash') {
      this.out += '\\$';
      this.at++;
      return;
    }
    if (!inQuotes && this.looksAt("$'")) return this.ansi();
    if (!inQuotes && this.looksAt('$"') && (this.options.dialect ?? 'bash') !== 'bash') {
      this.out += '\\$';
      this.at++;
      return;
    }
    if (!inQuotes && this.looksAt('$"')) {
      this.at++;
      return this.doubleQuoted();
    }
    this.copy(1);
  }

  protected ansi(): void {
    let end = this.at + 2;
    while (end < this.text.length && this.text.charAt(end) !== "'") end += this.text.charAt(end) === '\\' ? 2 : 1;
    if (end >= this.text.length) throw new Incomplete("'", this.at);
    this.out += singleQuote(ansiEscapes(this.text.slice(this.at + 2, end)));
    this.at = end + 1;
  }

  protected braced(): void {
    const start = this.at;
    const outStart = this.out.length;
    this.copy(2);
    this.braces++;
    while (this.peek() !== '}') {
      const c = this.peek();
      if (c === '') throw new Incomplete('}', start);
      if (c === "'" && this.text.indexOf("'", this.at + 1) < 0) this.copy(1);
      else this.element(c);
    }
    this.braces--;
    this.copy(1);
    const raw = this.text.slice(start, this.at);
    const toggled = /^(\$\{(?:[A-Za-z_]\w*|\d+|[@*])(?:\[[^\]]*\])?)(~~?)(?=[^~])/.exec(raw);
    if (toggled && (this.options.dialect ?? 'bash') === 'bash') {
      const [head, parameter = '', sign = ''] = toggled;
      const tail = this.out.slice(outStart + head.length);
      const pattern = tail === '}' ? '?}' : tail;
      this.out = `${this.out.slice(0, outStart)}${parameter}${sign === '~~' ? '^^' : '^'}${TOGGLE_CASE}${pattern}`;
      return;
    }
    const strange = /^\$\{(?:[A-Za-z_]\w*|\d+|[@*])(?:\[[^\]]*\])?@(?![QEPAKakULu]\})/.test(raw); // no such transformation
    if (!PARAMETERS[this.options.dialect ?? 'bash'].test(raw) || strange)
      this.out = this.out.slice(0, outStart) + badParameter(raw);
  }

  protected extended(): void {
    this.copy(1);
    this.out += EXTGLOB_OPEN;
    this.at++;
    while (this.peek() !== ')') {
      const c = this.peek();
      if (c === '') throw new Incomplete(')', this.at);
      if (c === '|') {
        this.out += EXTGLOB_BAR;
        this.at++;
      } else this.element(c);
    }
    this.out += EXTGLOB_CLOSE;
    this.at++;
  }
}
