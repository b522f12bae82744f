// Expressions to trees. All operators bind to the right, as the real one's do.
import { invalid, type Token, tokenize } from './lexer';
import { YqError } from './problem';

export type Expression =
  | { kind: 'self' }
  | { kind: 'value'; text: string; type: 'string' | 'number' | 'word' }
  | { kind: 'empty' }
  | { kind: 'variable'; name: string }
  | { kind: 'key'; name: string; quoted: boolean; optional: boolean }
  /** `[…]` behind something: `.[]` has no index. */
  | { kind: 'index'; of: Expression; index: Expression | undefined; optional: boolean }
  | { kind: 'slice'; of: Expression; from: Expression | undefined; to: Expression | undefined }
  | { kind: 'descend'; keys: boolean }
  | { kind: 'collect'; body: Expression | undefined }
  | { kind: 'object'; body: Expression | undefined }
  | { kind: 'call'; name: string; args: Expression | undefined; at: number }
  | { kind: 'bind'; from: Expression; name: string; reference: boolean; body: Expression }
  | { kind: 'reduce'; from: Expression; name: string; block: Expression }
  | { kind: 'attribute'; name: string; update: boolean; left: Expression; right: Expression }
  | { kind: 'binary'; op: string; left: Expression; right: Expression };

const PRECEDENCE: Record<string, number> = {
  ';': 10,
  ',': 10,
  ':': 15,
  or: 20,
  and: 20,
  '|': 30,
  '=': 40,
  '=c': 40,
  '|=': 40,
  '+=': 40,
  '-=': 40,
  '/=': 40,
  '%=': 40,
  '==': 40,
  '!=': 40,
  '<': 40,
  '>': 40,
  '<=': 40,
  '>=': 40,
  '//=': 40,
  '*=': 42,
  '*': 42,
  '/': 42,
  '%': 42,
  '+': 42,
  '-': 42,
  '//': 42,
};
const NAMING = new Set(['env', 'strenv', 'envsubst']);
const AS = 40;
const REDUCE = 35;

/** Attributes that can be read and written: `.a style = "double"`. */
const ATTRIBUTES = /^(style|tag|anchor|alias|(?:line|head|foot)_?[cC]omment|comments)$/;

const attributeName = (name: string): string => name.replace(/_?[cC]omment$/, '_comment').replace(/^_/, '');

/** Words without arguments, and with: what the evaluation knows. */
export interface Vocabulary {
  plain: ReadonlySet<string>;
  calls: ReadonlySet<string>;
}

export function parse(source: string, words: Vocabulary): Expression {
  const tokens = tokenize(source);
  if (tokens[0]?.kind === 'end') return { kind: 'self' };
  return new Parser(source, tokens, words).whole();
}

class Parser {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
    private readonly words: Vocabulary,
  ) {}

  private get token(): Token {
    return this.tokens[this.at] as Token;
  }

  private is(text: string): boolean {
    return this.token.kind === 'op' && this.token.text === text;
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  whole(): Expression {
    const expression = this.expression(0);
    if (this.token.kind !== 'end')
      throw new YqError(
        this.is(')')
          ? 'bad expression, got close brackets without matching opening bracket'
          : this.is(']') || this.is('}')
            ? 'bad expression, got close collect brackets without matching opening bracket'
            : 'bad expression, please check expression syntax',
      );
    return expression;
  }

  private expression(least: number): Expression {
    let left = this.postfix();
    for (;;) {
      const { token } = this;
      const op = token.kind === 'op' ? token.text.replace(/^(\*=?)[+?dnc]+$/, '$1') : token.text;
      if (token.kind === 'word' && (op === 'as' || op === 'ref')) {
        if (AS < least) return left;
        left = this.binding(left, op === 'ref');
        continue;
      }
      if (token.kind === 'word' && ATTRIBUTES.test(op) && this.assignsNext()) {
        if (AS < least) return left;
        this.at++;
        const update = this.token.text === '|=';
        this.at++;
        left = { kind: 'attribute', name: attributeName(op), update, left, right: this.right('=', AS) };
        continue;
      }
      const precedence = token.kind === 'op' || op === 'and' || op === 'or' ? PRECEDENCE[op] : undefined;
      if (precedence === undefined || precedence < least) return left;
      this.at++;
      left = { kind: 'binary', op: token.text, left, right: this.right(token.text, precedence) };
    }
  }

  private right(op: string, precedence: number): Expression {
    if (this.token.kind === 'end' || (this.token.kind === 'op' && /^[)\]}]$/.test(this.token.text)))
      throw new YqError(`'${op}' expects 2 args but there is 1`);
    return this.expression(precedence);
  }

  private assignsNext(): boolean {
    const next = this.tokens[this.at + 1];
    return next?.kind === 'op' && (next.text === '=' || next.text === '|=');
  }

  /** `X as $x | BODY`, `X as $x ireduce (START; STEP)`. */
  private binding(from: Expression, reference: boolean): Expression {
    this.at++;
    const { token } = this;
    if (token.kind !== 'variable') throw new YqError('bad expression, please check expression syntax');
    this.at++;
    if (this.token.kind === 'word' && this.token.text === 'ireduce') {
      this.at++;
      return { kind: 'reduce', from, name: token.text, block: this.expression(REDUCE) };
    }
    if (!this.accept('|')) throw new YqError('must use variable with a pipe, e.g. `exp as $x | ...`');
    return { kind: 'bind', from, name: token.text, reference, body: this.expression(PRECEDENCE['|'] as number) };
  }

  private postfix(): Expression {
    let left = this.primary();
    for (;;) {
      const { token } = this;
      if (token.kind === 'key') {
        this.at++;
        left = pipe(left, this.key(token));
      } else if (this.is('[') && token.glued && left.kind !== 'value') left = this.bracket(left);
      else if (this.is('.') && this.tokens[this.at + 1]?.text === '[') {
        this.at++;
        left = this.bracket(left);
      } else if (this.is('..') && token.glued && left.kind === 'self') return left;
      else return left;
    }
  }

  private key(token: Token): Expression {
    return { kind: 'key', name: token.text, quoted: token.quoted === true, optional: this.accept('?') };
  }

  private bracket(of: Expression): Expression {
    this.at++;
    if (this.accept(']')) return { kind: 'index', of, index: undefined, optional: this.accept('?') };
    if (this.accept(':')) {
      const to = this.expression((PRECEDENCE[':'] as number) + 1);
      this.close(']');
      return { kind: 'slice', of, from: undefined, to };
    }
    const index = this.expression((PRECEDENCE[':'] as number) + 1);
    if (this.accept(':')) {
      const to = this.is(']') ? undefined : this.expression((PRECEDENCE[':'] as number) + 1);
      this.close(']');
      return { kind: 'slice', of, from: index, to };
    }
    let all = index;
    while (this.accept(','))
      all = { kind: 'binary', op: ',', left: all, right: this.expression((PRECEDENCE[':'] as number) + 1) };
    this.close(']');
    return { kind: 'index', of, index: all, optional: this.accept('?') };
  }

  private close(bracket: ')' | ']' | '}'): void {
    if (this.accept(bracket)) return;
    if (this.token.kind === 'end')
      throw new YqError(
        bracket === ')'
          ? 'bad expression - probably missing close bracket on ('
          : `bad expression, could not find matching \`${bracket}\``,
      );
    throw new YqError('bad expression, please check expression syntax');
  }

  private primary(): Expression {
    const { token } = this;
    this.at++;
    switch (token.kind) {
      case 'key':
        return this.key(token);
      case 'string':
        return { kind: 'value', text: token.text, type: 'string' };
      case 'number':
        return { kind: 'value', text: token.text, type: 'number' };
      case 'variable':
        return { kind: 'variable', name: token.text };
      case 'word':
        return this.word(token);
      case 'op':
        return this.operator(token);
      default:
        throw new YqError('bad expression, please check expression syntax');
    }
  }

  private operator(token: Token): Expression {
    switch (token.text) {
      case '.':
        return { kind: 'self' };
      case '..':
      case '...':
        return { kind: 'descend', keys: token.text === '...' };
      case '(': {
        if (this.accept(')')) return { kind: 'empty' };
        const inside = this.expression(0);
        this.close(')');
        return pipe(inside, { kind: 'self' });
      }
      case '[': {
        if (this.accept(']')) return { kind: 'collect', body: undefined };
        if (this.token.kind === 'end') this.close(']');
        const body = this.expression(0);
        this.close(']');
        return { kind: 'collect', body };
      }
      case '{': {
        if (this.accept('}')) return { kind: 'object', body: undefined };
        if (this.token.kind === 'end') this.close('}');
        const body = this.expression(0);
        this.close('}');
        return { kind: 'object', body };
      }
      default:
        this.at--;
        throw new YqError(
          PRECEDENCE[token.text] === undefined
            ? 'bad expression, please check expression syntax'
            : `'${token.text}' expects 2 args but there is ${this.at === 0 ? 0 : 1}`,
        );
    }
  }

  /** `env(NAME)`, `envsubst(nu, ff)`: the words are names, not expressions. */
  private naming(name: string, at: number): Expression {
    this.at++;
    let names = '';
    for (; this.token.kind !== 'end' && !this.is(')'); this.at++) names += this.token.text;
    this.close(')');
    return { kind: 'call', name, args: { kind: 'value', text: names, type: 'string' }, at };
  }

  private word(token: Token): Expression {
    const { text, at } = token;
    if (/^(true|false|null|~|True|False|TRUE|FALSE|Null|NULL)$/.test(text))
      return { kind: 'value', text, type: 'word' };
    if (NAMING.has(text) && this.is('(')) return this.naming(text, at);
    if (this.words.calls.has(text) && this.is('(')) {
      this.at++;
      if (this.accept(')')) return { kind: 'call', name: text, args: undefined, at };
      const args = this.expression(0);
      this.close(')');
      return { kind: 'call', name: text, args, at };
    }
    if (this.is('(') && this.token.glued && this.words.plain.has(text))
      throw new YqError('bad expression, please check expression syntax');
    if (this.words.plain.has(text)) return { kind: 'call', name: text, args: undefined, at };
    if (ATTRIBUTES.test(text)) return { kind: 'call', name: attributeName(text), args: undefined, at };
    throw this.words.calls.has(text)
      ? new YqError('bad expression, please check expression syntax')
      : invalid(this.source, at);
  }
}

const pipe = (left: Expression, right: Expression): Expression =>
  left.kind === 'self' ? right : right.kind === 'self' ? left : { kind: 'binary', op: '|', left, right };

/** The arguments of a call: what `,` or `;` parts. */
export function argumentsOf(args: Expression | undefined, separator: ',' | ';'): Expression[] {
  if (!args) return [];
  if (args.kind === 'binary' && args.op === separator)
    return [...argumentsOf(args.left, separator), ...argumentsOf(args.right, separator)];
  return [args];
}
