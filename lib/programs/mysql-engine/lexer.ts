// Splits MySQL's SQL into tokens: quoting, numbers, comments (also the executable ones), variables, operators.
import { errors } from '../mysql-protocol/errors';

export interface Token {
  type: 'word' | 'quoted' | 'string' | 'number' | 'hex' | 'bits' | 'param' | 'uservar' | 'sysvar' | 'op' | 'end';
  /** Words in upper case, operators as they are. */
  text: string;
  /** Of names, strings and numbers: what they say. */
  value: string;
  at: number;
  end: number;
}

const OPERATORS = ['<=>', '->>', '<<', '>>', '<=', '>=', '<>', '!=', '||', '&&', ':=', '->'];
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', Z: '\x1a' };
const WORD_START = /[A-Za-z_$\u0080-\uffff]/;
const WORD = /[A-Za-z0-9_$\u0080-\uffff]/;
const DIGIT = /[0-9]/;

export function lex(sql: string): Token[] {
  return new Lexer(sql).all();
}

/** The error that MySQL gives for a token: the rest of the text from there, and its line. */
export function syntaxError(sql: string, at: number): Error {
  return errors.parse(sql.slice(at), sql.slice(0, at).split('\n').length);
}

class Lexer {
  private at = 0;
  private inVersionComment = false;

  constructor(private readonly sql: string) {}

  all(): Token[] {
    const tokens: Token[] = [];
    while (true) {
      this.skip();
      const token = this.next();
      tokens.push(token);
      if (token.type === 'end') return tokens;
    }
  }

  private skip(): void {
    const { sql } = this;
    while (this.at < sql.length) {
      const c = sql[this.at] as string;
      if (/\s/.test(c)) this.at++;
      else if (c === '#' || (sql.startsWith('--', this.at) && /\s|^$/.test(sql[this.at + 2] ?? ''))) this.skipLine();
      else if (sql.startsWith('/*', this.at)) this.comment();
      else if (this.inVersionComment && sql.startsWith('*/', this.at)) {
        this.inVersionComment = false;
        this.at += 2;
      } else return;
    }
  }

  private skipLine(): void {
    const end = this.sql.indexOf('\n', this.at);
    this.at = end < 0 ? this.sql.length : end + 1;
  }

  // A comment that begins with an exclamation mark holds SQL for MySQL.
  private comment(): void {
    const version = /^\/\*!(\d{5,6})?/.exec(this.sql.slice(this.at, this.at + 10));
    if (version && Number(version[1] ?? 0) < 80100) {
      this.inVersionComment = true;
      this.at += version[0].length;
      return;
    }
    const end = this.sql.indexOf('*/', this.at + 2);
    this.at = end < 0 ? this.sql.length : end + 2;
  }

  private token(type: Token['type'], at: number, text: string, value = text): Token {
    return { type, at, text, value, end: this.at };
  }

  private next(): Token {
    const { sql, at } = this;
    const c = sql[at];
    if (c === undefined) return this.token('end', at, '');
    if (c === "'" || c === '"') return this.string(at, c);
    if (c === '`') return this.quoted(at);
    if (c === '?') return this.one('param', at, c);
    if (c === '@') return this.variable(at);
    if (/[xX]/.test(c) && sql[at + 1] === "'") return this.radix('hex', at, 2, "'");
    if (/[bB]/.test(c) && sql[at + 1] === "'") return this.radix('bits', at, 2, "'");
    if (/[nN_]/.test(c) && /^(n|_utf8mb4|_utf8|_latin1|_binary)\s*'/i.test(sql.slice(at, at + 12))) {
      this.at = sql.indexOf("'", at);
      return this.string(at, "'");
    }
    if (DIGIT.test(c) || (c === '.' && DIGIT.test(sql[at + 1] ?? ''))) return this.number(at);
    if (WORD_START.test(c)) return this.word(at);
    const op = OPERATORS.find((o) => sql.startsWith(o, at)) ?? c;
    this.at += op.length;
    return this.token('op', at, op);
  }

  private one(type: Token['type'], at: number, text: string): Token {
    this.at = at + text.length;
    return this.token(type, at, text);
  }

  private word(at: number): Token {
    while (WORD.test(this.sql[this.at] ?? '')) this.at++;
    const value = this.sql.slice(at, this.at);
    return this.token('word', at, value.toUpperCase(), value);
  }

  private number(at: number): Token {
    const rest = this.sql.slice(at);
    const hex = /^0x([0-9a-fA-F]+)(?![\w$])/.exec(rest);
    const bits = /^0b([01]+)(?![\w$])/.exec(rest);
    const prefixed = hex ?? bits;
    if (prefixed) {
      this.at += prefixed[0].length;
      return this.token(hex ? 'hex' : 'bits', at, prefixed[0], prefixed[1]);
    }
    // a name may begin with digits: 2fa_codes
    const name = /^\d+[A-Za-z_$][\w$]*/.exec(rest)?.[0];
    if (name && !/^\d+[eE][+-]?\d/.test(rest)) {
      this.at += name.length;
      return this.token('word', at, name.toUpperCase(), name);
    }
    const text = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(rest)?.[0] ?? '0';
    this.at += text.length;
    return this.token('number', at, text);
  }

  private radix(type: 'hex' | 'bits', at: number, skip: number, close: string): Token {
    const end = this.sql.indexOf(close, at + skip);
    const value = this.sql.slice(at + skip, end < 0 ? undefined : end);
    if (end < 0 || !(type === 'hex' ? /^([0-9a-fA-F]{2})*$/ : /^[01]*$/).test(value)) throw syntaxError(this.sql, at);
    this.at = end + 1;
    return this.token(type, at, this.sql.slice(at, this.at), value);
  }

  private quoted(at: number): Token {
    let value = '';
    for (this.at = at + 1; ; this.at++) {
      const c = this.sql[this.at];
      if (c === undefined) throw syntaxError(this.sql, at);
      if (c !== '`') value += c;
      else if (this.sql[this.at + 1] === '`') {
        value += '`';
        this.at++;
      } else break;
    }
    this.at++;
    return this.token('quoted', at, '', value);
  }

  private string(at: number, quote: string): Token {
    let value = '';
    for (this.at++; ; this.at++) {
      const c = this.sql[this.at];
      if (c === undefined) throw syntaxError(this.sql, at);
      if (c === '\\') value += this.escape();
      else if (c !== quote) value += c;
      else if (this.sql[this.at + 1] === quote) {
        value += quote;
        this.at++;
      } else break;
    }
    this.at++;
    return this.token('string', at, '', value);
  }

  private escape(): string {
    const c = this.sql[++this.at] ?? '';
    if (c === '%' || c === '_') return `\\${c}`;
    return ESCAPES[c] ?? c;
  }

  private variable(at: number): Token {
    if (this.sql[at + 1] === '@') {
      const name = /^@@((?:global|session|local|persist)\.)?[\w$.]+/i.exec(this.sql.slice(at))?.[0];
      if (!name) throw syntaxError(this.sql, at);
      this.at += name.length;
      return this.token('sysvar', at, name, name.slice(2));
    }
    this.at++;
    const c = this.sql[this.at] ?? '';
    if (c === "'" || c === '"' || c === '`') {
      const inner = c === '`' ? this.quoted(this.at) : this.string(this.at, c);
      return this.token('uservar', at, '@', inner.value);
    }
    const name = /^[\w$.]*/.exec(this.sql.slice(this.at))?.[0] ?? '';
    this.at += name.length;
    return this.token('uservar', at, '@', name);
  }
}
