// The parser's hands: looks at tokens, takes them, complains where MySQL would.
import { lex, syntaxError, type Token } from '../lexer';
import { RESERVED } from '../reserved';

export class Tokens {
  protected readonly tokens: Token[];
  protected at = 0;

  constructor(protected readonly sql: string) {
    this.tokens = lex(sql);
  }

  protected get token(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)] as Token;
  }

  protected peek(ahead = 1): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }

  protected fail(token = this.token): never {
    throw syntaxError(this.sql, token.at);
  }

  /** True when the next words are these. */
  protected sees(...words: string[]): boolean {
    return words.every((word, i) => {
      const token = this.peek(i);
      return token.type === 'word' && token.text === word;
    });
  }

  protected accept(...words: string[]): boolean {
    if (!this.sees(...words)) return false;
    this.at += words.length;
    return true;
  }

  protected acceptOneOf(...words: string[]): string | undefined {
    const { token } = this;
    if (token.type !== 'word' || !words.includes(token.text)) return undefined;
    this.at++;
    return token.text;
  }

  protected expect(...words: string[]): void {
    for (const word of words) if (!this.accept(word)) this.fail();
  }

  protected seesOp(op: string): boolean {
    return this.token.type === 'op' && this.token.text === op;
  }

  protected acceptOp(op: string): boolean {
    if (!this.seesOp(op)) return false;
    this.at++;
    return true;
  }

  protected expectOp(op: string): void {
    if (!this.acceptOp(op)) this.fail();
  }

  protected seesEnd(): boolean {
    return this.token.type === 'end' || this.seesOp(';');
  }

  /** A name that is allowed here: quoted, or a word that is not reserved. */
  protected name(): string {
    const name = this.findName();
    return name ?? this.fail();
  }

  protected findName(): string | undefined {
    const { token } = this;
    if (token.type !== 'quoted' && !(token.type === 'word' && !RESERVED.has(token.text))) return undefined;
    this.at++;
    return token.value;
  }

  /** After a dot every word is a name. */
  protected nameAfterDot(): string {
    const { token } = this;
    if (token.type !== 'quoted' && token.type !== 'word') this.fail();
    this.at++;
    return token.value;
  }

  protected string(): string {
    const { token } = this;
    if (token.type !== 'string') this.fail();
    this.at++;
    let { value } = token;
    while (this.token.type === 'string') value += this.tokens[this.at++]?.value ?? ''; // adjacent strings are one
    return value;
  }

  protected integer(): number {
    const { token } = this;
    if (token.type !== 'number' || !/^\d+$/.test(token.text)) this.fail();
    this.at++;
    return Number(token.text);
  }

  /** A name or a string, as aliases and options may be. */
  protected nameOrString(): string {
    return this.token.type === 'string' ? this.string() : this.name();
  }

  protected list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptOp(',')) items.push(item());
    return items;
  }

  protected parenthesised<T>(item: () => T): T {
    this.expectOp('(');
    const value = item();
    this.expectOp(')');
    return value;
  }

  /** What is read after something that has no value of its own: arguments are read from left to right. */
  protected after<T>(_before: unknown, value: T): T {
    return value;
  }

  /** The text from a token to the last one taken. */
  protected textFrom(start: number): string {
    const first = this.tokens[start] as Token;
    const last = this.tokens[this.at - 1] as Token;
    return this.sql.slice(first.at, last.end);
  }
}
