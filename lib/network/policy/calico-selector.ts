// Calico's selector language: `app == 'db' && (has(tier) || role in {'a', 'b'})` (libcalico-go/lib/selector).
import type { Matches } from '../selector';

const TOKEN = /\s*(&&|\|\||==|!=|!|\(|\)|\{|\}|,|'[^']*'|"[^"]*"|[\w./-]+)/y;

/** Compiles an expression; an empty one matches everything. Throws on a syntax error. */
export function compileCalicoSelector(text: string): Matches {
  if (text.trim() === '') return () => true;
  const parser = new Parser(tokenize(text), text);
  return parser.whole();
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new SyntaxError(`invalid selector: ${text}`);
    tokens.push(token);
  }
  return tokens;
}

class Parser {
  private at = 0;

  constructor(
    private readonly tokens: string[],
    private readonly text: string,
  ) {}

  whole(): Matches {
    const matches = this.either();
    if (this.at < this.tokens.length) throw this.error();
    return matches;
  }

  private either(): Matches {
    const parts = [this.both()];
    while (this.accept('||')) parts.push(this.both());
    return (labels) => parts.some((part) => part(labels));
  }

  private both(): Matches {
    const parts = [this.single()];
    while (this.accept('&&')) parts.push(this.single());
    return (labels) => parts.every((part) => part(labels));
  }

  private single(): Matches {
    if (this.accept('!')) {
      const inner = this.single();
      return (labels) => !inner(labels);
    }
    if (this.accept('(')) {
      const inner = this.either();
      this.expect(')');
      return inner;
    }
    return this.call() ?? this.comparison();
  }

  /** `all()`, `global()`, `has(key)`. */
  private call(): Matches | undefined {
    const name = this.tokens[this.at];
    if (this.tokens[this.at + 1] !== '(' || (name !== 'all' && name !== 'has' && name !== 'global')) return undefined;
    this.at += 2;
    const key = name === 'has' ? this.next() : '';
    this.expect(')');
    if (name === 'all') return () => true;
    return name === 'has' ? (labels) => labels[key] !== undefined : () => false;
  }

  private comparison(): Matches {
    const key = this.next();
    const operator = this.next();
    if (operator === '==' || operator === '!=') {
      const value = this.value();
      return operator === '==' ? (labels) => labels[key] === value : (labels) => labels[key] !== value;
    }
    if (operator === 'not') {
      this.expect('in');
      const values = this.set();
      return (labels) => labels[key] === undefined || !values.has(labels[key]);
    }
    if (operator === 'in') {
      const values = this.set();
      return (labels) => labels[key] !== undefined && values.has(labels[key]);
    }
    return this.textual(key, operator);
  }

  private textual(key: string, operator: string): Matches {
    if (operator === 'starts') {
      this.expect('with');
      const value = this.value();
      return (labels) => labels[key]?.startsWith(value) ?? false;
    }
    if (operator === 'ends') {
      this.expect('with');
      const value = this.value();
      return (labels) => labels[key]?.endsWith(value) ?? false;
    }
    if (operator !== 'contains') throw this.error();
    const value = this.value();
    return (labels) => labels[key]?.includes(value) ?? false;
  }

  private set(): Set<string> {
    const values = new Set<string>();
    this.expect('{');
    while (!this.accept('}')) {
      values.add(this.value());
      this.accept(',');
    }
    return values;
  }

  private value(): string {
    const token = this.next();
    if (!/^['"]/.test(token)) throw this.error();
    return token.slice(1, -1);
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw this.error();
    return token;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw this.error();
  }

  private error(): SyntaxError {
    return new SyntaxError(`invalid selector: ${this.text}`);
  }
}
