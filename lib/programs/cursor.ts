// The words of a program one after another, for parsers that look one ahead: awk's and jq's.

export interface Word {
  kind: string;
  text: string;
  /** Where it begins in the text. */
  at: number;
}

export interface Lexer<W extends Word> {
  /** Where the next word is looked for. */
  at: number;
  readonly text: string;
  next(): W;
}

export abstract class Cursor<W extends Word> {
  protected token: W;

  constructor(protected readonly lexer: Lexer<W>) {
    this.token = lexer.next();
  }

  /** Whether this operator or keyword stands here. */
  protected is(text: string): boolean {
    return this.token.text === text && (this.token.kind === 'op' || this.token.kind === 'keyword');
  }

  protected take(): W {
    const { token } = this;
    this.token = this.lexer.next();
    return token;
  }

  protected accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }
}
