// jq's language: words, and the tree of a program. jq 1.6, src/lexer.l and parser.y.
import { Cursor } from '../cursor';
import { type Json, kindOf, toText } from './json';

export type Node =
  | { t: 'identity' }
  | { t: 'recurse' }
  | { t: 'index'; target: Node; key: Node; at: number }
  | { t: 'slice'; target: Node; from: Node | undefined; to: Node | undefined }
  | { t: 'iterate'; target: Node }
  | { t: 'try'; body: Node; handler: Node | undefined }
  | { t: 'literal'; value: Json }
  | { t: 'string'; format: string; parts: (string | Node)[] }
  | { t: 'format'; name: string }
  | { t: 'array'; body: Node | undefined }
  | { t: 'object'; entries: [key: Node, value: Node][] }
  | { t: 'negate'; body: Node }
  | { t: 'pipe' | 'comma' | 'and' | 'or' | 'alternative'; left: Node; right: Node }
  | { t: 'binary'; op: string; left: Node; right: Node }
  | { t: 'assign'; op: string; left: Node; right: Node }
  | { t: 'if'; condition: Node; yes: Node; no: Node | undefined }
  | { t: 'reduce'; source: Node; pattern: Pattern; start: Node; update: Node }
  | { t: 'foreach'; source: Node; pattern: Pattern; start: Node; update: Node; extract: Node | undefined }
  | { t: 'define'; definition: Definition; body: Node }
  | { t: 'call'; name: string; args: Node[]; at: number }
  | { t: 'variable'; name: string; at: number }
  | { t: 'bind'; source: Node; patterns: Pattern[]; body: Node }
  | { t: 'label'; name: string; body: Node }
  | { t: 'break'; name: string; at: number };

export type Pattern =
  | { t: 'variable'; name: string }
  | { t: 'array'; items: Pattern[] }
  | { t: 'object'; entries: { key: Node; variable?: string; value: Pattern | undefined }[] };

export interface Definition {
  name: string;
  /** `$x` is written with its dollar. */
  parameters: string[];
  body: Node;
}

/** Says where in the program something is wrong. */
export class CompileError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

interface Token {
  kind: 'field' | 'ident' | 'keyword' | 'number' | 'format' | 'string' | 'op' | 'end' | 'bad';
  text: string;
  at: number;
  parts?: (string | Node)[];
}

const KEYWORDS = new Set(
  'def if then elif else end as reduce foreach try catch label import include and or __loc__'.split(' '),
);
const LEXEMES: [Token['kind'], RegExp][] = [
  ['field', /\.[a-zA-Z_]\w*/y],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['ident', /(?:[a-zA-Z_]\w*::)*[a-zA-Z_]\w*/y],
  ['format', /@[a-zA-Z0-9_]+/y],
  ['op', /\?\/\/|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[.?=;,:|+\-*/%$<>()[\]{}]/y],
];
const SPACE = /(?:\s|#[^\n]*)*/y;
const SIMPLE: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** How bison names a token in its messages. */
function nameOf({ kind, text }: Token): string {
  if (kind === 'end') return '$end';
  if (kind === 'bad') return 'INVALID_CHARACTER';
  if (kind === 'op') return text.length === 1 ? `'${text}'` : text;
  if (kind === 'keyword') return text;
  return { field: 'FIELD', ident: 'IDENT', number: 'LITERAL', format: 'FORMAT', string: 'QQSTRING_START' }[kind];
}

const syntaxError = (token: Token, expecting = ''): CompileError =>
  new CompileError(
    `syntax error, unexpected ${nameOf(token)}${expecting && `, expecting ${expecting}`} (Unix shell quoting issues?)`,
    token.at,
  );

class Lexer {
  at = 0;

  constructor(readonly text: string) {}

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  next(): Token {
    this.match(SPACE);
    const { at } = this;
    if (at >= this.text.length) return { kind: 'end', text: '', at: Math.max(0, this.text.length - 1) };
    if (this.text[at] === '"') {
      this.at++;
      return { kind: 'string', text: '"', at, parts: this.string() };
    }
    for (const [kind, pattern] of LEXEMES) {
      const text = this.match(pattern);
      if (text === undefined) continue;
      if (this.unmatched(text)) return { kind: 'bad', text, at };
      return { kind: kind === 'ident' && KEYWORDS.has(text) ? 'keyword' : kind, text, at };
    }
    this.at++;
    return { kind: 'bad', text: this.text[at] ?? '', at };
  }

  private readonly open: string[] = [];

  /** jq's lexer keeps count of brackets: a closing one without its opening is no token. */
  private unmatched(text: string): boolean {
    const closes = { ')': '(', ']': '[', '}': '{' }[text];
    if (/^[([{]$/.test(text)) this.open.push(text);
    else if (closes) return this.open.pop() !== closes;
    return false;
  }

  /** The rest of a string, with what is interpolated in it. */
  private string(): (string | Node)[] {
    const parts: (string | Node)[] = [];
    let text = '';
    for (;;) {
      const character = this.text[this.at++];
      if (character === undefined)
        throw new CompileError(
          'syntax error, unexpected $end, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END (Unix shell quoting issues?)',
          this.text.length - 1,
        );
      if (character === '"') break;
      if (character !== '\\') {
        text += character;
        continue;
      }
      const letter = this.text[this.at++] ?? '';
      if (letter === '(') {
        this.open.push('(');
        parts.push(text, new Parser(this).interpolation());
        text = '';
      } else if (letter === 'u') {
        text += String.fromCharCode(Number.parseInt(this.text.slice(this.at, this.at + 4), 16) || 0);
        this.at += 4;
      } else text += SIMPLE[letter] ?? letter;
    }
    return [...parts, text];
  }
}

const LEVELS: Record<string, number> = {
  '//': 3,
  '=': 4,
  '|=': 4,
  '+=': 4,
  '-=': 4,
  '*=': 4,
  '/=': 4,
  '%=': 4,
  '//=': 4,
  or: 5,
  and: 6,
  '==': 7,
  '!=': 7,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '+': 8,
  '-': 8,
  '*': 9,
  '/': 9,
  '%': 9,
};
const LOWEST = 3;
const ADDITIVE = 8;
const RIGHT = new Set(['//']);

class Parser extends Cursor<Token> {
  program(): Node {
    const definitions: Definition[] = [];
    while (this.is('def')) definitions.push(this.definition());
    const body: Node = this.token.kind === 'end' ? { t: 'identity' } : this.pipe();
    if (this.token.kind !== 'end') throw syntaxError(this.token, '$end');
    return definitions.reduceRight<Node>((inner, definition) => ({ t: 'define', definition, body: inner }), body);
  }

  /** Definitions alone. */
  library(): Definition[] {
    const definitions: Definition[] = [];
    while (this.token.kind !== 'end') definitions.push(this.definition());
    return definitions;
  }

  /** What stands between `\(` and `)`; leaves the lexer behind that. */
  interpolation(): Node {
    const body = this.pipe();
    if (!this.is(')')) throw syntaxError(this.token);
    this.lexer.at = this.token.at + 1;
    return body;
  }

  private expect(text: string, shown = text.length === 1 ? `'${text}'` : text): void {
    if (!this.accept(text))
      throw syntaxError(this.token, this.token.kind === 'end' && !/^['(]/.test(shown) ? '' : shown);
  }

  private definition(): Definition {
    this.expect('def');
    const name = this.take();
    if (name.kind !== 'ident' && name.kind !== 'keyword') throw syntaxError(name, 'IDENT');
    const parameters: string[] = [];
    if (this.accept('(')) {
      do {
        const dollar = this.accept('$') ? '$' : '';
        parameters.push(dollar + this.take().text);
      } while (this.accept(';'));
      this.expect(')');
    }
    this.expect(':');
    const body = this.pipe();
    this.expect(';');
    return { name: name.text, parameters, body };
  }

  pipe(): Node {
    if (this.is('def')) {
      const definition = this.definition();
      return { t: 'define', definition, body: this.pipe() };
    }
    if (this.is('label')) {
      this.take();
      this.expect('$');
      const name = this.take().text;
      this.expect('|');
      return { t: 'label', name, body: this.pipe() };
    }
    const left = this.comma();
    return this.accept('|') ? { t: 'pipe', left, right: this.pipe() } : left;
  }

  private comma(): Node {
    let left = this.operation(LOWEST);
    while (this.accept(',')) left = { t: 'comma', left, right: this.operation(LOWEST) };
    return left;
  }

  private operation(lowest: number): Node {
    let left: Node;
    if (this.is('-')) {
      this.take();
      left = { t: 'negate', body: this.operation(ADDITIVE + 1) };
    } else left = this.postfix();
    for (;;) {
      const op = this.token.text;
      const level = this.token.kind === 'op' || this.token.kind === 'keyword' ? LEVELS[op] : undefined;
      if (level === undefined || level < lowest) return left;
      this.take();
      const right = this.operation(RIGHT.has(op) ? level : level + 1);
      left = combined(op, left, right);
    }
  }

  /** A term with what follows it, and with what it is bound to. */
  private postfix(): Node {
    const term = this.term();
    if (!this.accept('as')) return term;
    const patterns = [this.pattern()];
    while (this.accept('?//')) patterns.push(this.pattern());
    this.expect('|');
    return { t: 'bind', source: term, patterns, body: this.pipe() };
  }

  private term(): Node {
    let term = this.primary();
    for (;;) {
      const { token } = this;
      if (token.kind === 'field') {
        this.take();
        term = { t: 'index', target: term, key: { t: 'literal', value: token.text.slice(1) }, at: token.at };
      } else if (this.is('.')) {
        this.take();
        if (this.token.kind === 'string') term = { t: 'index', target: term, key: this.text(''), at: token.at };
        else throw syntaxError(this.token, 'FORMAT or QQSTRING_START');
      } else if (this.is('[')) term = this.subscript(term);
      else if (this.accept('?')) term = { t: 'try', body: term, handler: undefined };
      else return term;
    }
  }

  private subscript(target: Node): Node {
    const { at } = this.take();
    if (this.accept(']')) return { t: 'iterate', target };
    if (this.accept(':')) {
      const to = this.pipe();
      this.expect(']');
      return { t: 'slice', target, from: undefined, to };
    }
    const key = this.pipe();
    if (this.accept(':')) {
      const to = this.is(']') ? undefined : this.pipe();
      this.expect(']');
      return { t: 'slice', target, from: key, to };
    }
    this.expect(']');
    return { t: 'index', target, key, at };
  }

  private primary(): Node {
    const { token } = this;
    if (token.kind === 'keyword') return token.text === 'def' ? this.pipe() : this.phrase(token);
    if (token.kind === 'string') return this.text('text');
    if (token.kind === 'end' || token.kind === 'bad')
      throw syntaxError(token, token.kind === 'bad' && token.at === 0 ? '$end' : '');
    this.take();
    switch (token.kind) {
      case 'number':
        return { t: 'literal', value: Number(token.text) };
      case 'field':
        return {
          t: 'index',
          target: { t: 'identity' },
          key: { t: 'literal', value: token.text.slice(1) },
          at: token.at,
        };
      case 'format':
        return this.token.kind === 'string'
          ? this.text(token.text.slice(1))
          : { t: 'format', name: token.text.slice(1) };
      case 'ident':
        return this.call(token);
    }
    switch (token.text) {
      case '.':
        if (this.token.kind === 'string')
          return { t: 'index', target: { t: 'identity' }, key: this.text(''), at: token.at };
        return { t: 'identity' };
      case '..':
        return { t: 'recurse' };
      case '$': {
        const name = this.take();
        if (name.text === '__loc__') {
          const line = this.lexer.text.slice(0, token.at).split('\n').length;
          const where = new Map<string, Json>([['file', '<top-level>']]).set('line', line);
          return { t: 'literal', value: where };
        }
        if (name.kind !== 'ident' && name.kind !== 'keyword') throw syntaxError(name, 'IDENT or __loc__');
        return { t: 'variable', name: name.text, at: token.at };
      }
      case '(': {
        const body = this.pipe();
        this.expect(')');
        return body;
      }
      case '[': {
        if (this.accept(']')) return { t: 'array', body: undefined };
        const body = this.pipe();
        this.expect(']');
        return { t: 'array', body };
      }
      case '{':
        return this.object();
      default:
        throw syntaxError(token, token.at === 0 ? '$end' : '');
    }
  }

  private call(token: Token): Node {
    const args: Node[] = [];
    if (token.text === 'break' && this.is('$')) {
      this.take();
      return { t: 'break', name: this.take().text, at: token.at };
    }
    if (this.accept('(')) {
      do args.push(this.pipe());
      while (this.accept(';'));
      this.expect(')');
    }
    return { t: 'call', name: token.text, args, at: token.at };
  }

  private phrase(token: Token): Node {
    this.take();
    switch (token.text) {
      case 'if':
        return this.conditional(token);
      case 'try': {
        const body = this.term();
        return {
          t: 'try',
          body,
          handler: this.accept('catch') ? this.term() : { t: 'call', name: 'empty', args: [], at: token.at },
        };
      }
      case 'reduce': {
        const { source, pattern } = this.loopHead();
        const start = this.pipe();
        this.expect(';');
        const update = this.pipe();
        this.expect(')');
        return { t: 'reduce', source, pattern, start, update };
      }
      case 'foreach': {
        const { source, pattern } = this.loopHead();
        const start = this.pipe();
        this.expect(';');
        const update = this.pipe();
        const extract = this.accept(';') ? this.pipe() : undefined;
        this.expect(')');
        return { t: 'foreach', source, pattern, start, update, extract };
      }
      default:
        throw syntaxError(token, token.at === 0 ? '$end' : '');
    }
  }

  private conditional(token: Token): Node {
    const condition = this.pipe();
    this.expect('then', 'then');
    const yes = this.pipe();
    if (this.is('elif')) {
      const next = this.take();
      return { t: 'if', condition, yes, no: this.conditional(next) };
    }
    const no = this.accept('else') ? this.pipe() : undefined;
    if (!this.accept('end')) throw this.token.kind === 'end' ? unfinished(this.token, token) : syntaxError(this.token);
    return { t: 'if', condition, yes, no };
  }

  private loopHead(): { source: Node; pattern: Pattern } {
    const source = this.term();
    this.expect('as');
    const pattern = this.pattern();
    this.expect('(');
    return { source, pattern };
  }

  private pattern(): Pattern {
    if (this.accept('$')) return { t: 'variable', name: this.take().text };
    if (this.accept('[')) {
      const items = [this.pattern()];
      while (this.accept(',')) items.push(this.pattern());
      this.expect(']');
      return { t: 'array', items };
    }
    if (!this.accept('{')) throw syntaxError(this.token, "'$' or '[' or '{'");
    const entries: (Pattern & { t: 'object' })['entries'] = [];
    do {
      if (this.accept('$')) {
        const name = this.take().text;
        entries.push({
          key: { t: 'literal', value: name },
          variable: name,
          value: this.accept(':') ? this.pattern() : undefined,
        });
        continue;
      }
      const key = this.patternKey();
      this.expect(':');
      entries.push({ key, value: this.pattern() });
    } while (this.accept(','));
    this.expect('}');
    return { t: 'object', entries };
  }

  private patternKey(): Node {
    if (this.token.kind === 'string') return this.text('text');
    if (this.accept('(')) {
      const key = this.pipe();
      this.expect(')');
      return key;
    }
    return { t: 'literal', value: this.take().text };
  }

  private object(): Node {
    const entries: [Node, Node][] = [];
    while (!this.is('}')) {
      if (entries.length > 0) this.expect(',', "'}'");
      entries.push(this.entry());
    }
    this.take();
    return { t: 'object', entries };
  }

  private entry(): [Node, Node] {
    const { token } = this;
    const same = (key: Node): Node => ({ t: 'index', target: { t: 'identity' }, key, at: token.at });
    if (this.accept('$')) {
      const name = this.take();
      if (name.text === '__loc__') {
        const line = this.lexer.text.slice(0, token.at).split('\n').length;
        return [
          { t: 'literal', value: '__loc__' },
          { t: 'literal', value: new Map<string, Json>([['file', '<top-level>']]).set('line', line) },
        ];
      }
      return [
        { t: 'literal', value: name.text },
        { t: 'variable', name: name.text, at: token.at },
      ];
    }
    let key: Node;
    if (token.kind === 'ident' || token.kind === 'keyword' || token.kind === 'number')
      key = { t: 'literal', value: this.take().text };
    else if (token.kind === 'string') key = this.text('text');
    else if (token.kind === 'format') {
      this.take();
      key = this.text(token.text.slice(1));
    } else if (this.accept('(')) {
      key = this.pipe();
      this.expect(')');
      if (key.t === 'literal' && typeof key.value !== 'string')
        throw new CompileError(`Cannot use ${kindOf(key.value)} (${toText(key.value)}) as object key`, token.at);
      this.expect(':');
      return [key, this.entryValue()];
    } else throw syntaxError(token, token.kind === 'end' ? '' : "'}'");
    if (this.accept(':')) return [key, this.entryValue()];
    if (!this.is(',') && !this.is('}')) throw syntaxError(this.token, "'}'");
    return [key, same(key)];
  }

  /** Terms with pipes between; other operations need parentheses. */
  private entryValue(): Node {
    const left: Node = this.accept('-') ? { t: 'negate', body: this.term() } : this.term();
    return this.accept('|') ? { t: 'pipe', left, right: this.entryValue() } : left;
  }

  private text(format: string): Node {
    const { parts = [] } = this.take();
    const [only] = parts;
    if (parts.length === 1 && typeof only === 'string') return { t: 'literal', value: only };
    return { t: 'string', format: format || 'text', parts };
  }
}

function combined(op: string, left: Node, right: Node): Node {
  if (op === '//') return { t: 'alternative', left, right };
  if (op === 'and' || op === 'or') return { t: op, left, right };
  if (LEVELS[op] === LEVELS['=']) return { t: 'assign', op, left, right };
  return { t: 'binary', op, left, right };
}

/** Two errors at once, as bison's recovery tells them. */
export class UnfinishedError extends CompileError {
  constructor(
    error: CompileError,
    readonly second: string,
    readonly secondAt: number,
  ) {
    super(error.message, error.at);
  }
}

const unfinished = (end: Token, start: Token): CompileError =>
  new UnfinishedError(syntaxError(end), "Possibly unterminated 'if' statement", start.at);

export const parseProgram = (text: string): Node => new Parser(new Lexer(text)).program();
export const parseLibrary = (text: string): Definition[] => new Parser(new Lexer(text)).library();
