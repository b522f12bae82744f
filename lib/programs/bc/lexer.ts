// The words of bc.

export interface Token {
  kind: 'number' | 'name' | 'string' | 'word' | 'op' | 'newline' | 'end';
  text: string;
  /** Of the line on which the next word is looked for. */
  line: number;
}

/** The text ends where more is wanted. */
export class NeedMore extends Error {}

/** `quit` is obeyed as soon as it is read. */
export class Quit extends Error {}

const WORDS = new Set(
  'auto break continue define else for halt ibase if last length limits obase print read return scale sqrt void while'.split(
    ' ',
  ),
);
const OPERATORS = ['&&', '||', '==', '!=', '<=', '>=', '++', '--', '+=', '-=', '*=', '/=', '%=', '^='];

/** Without continued lines, and without noughts that say nothing. */
const plain = (number: string): string =>
  number
    .replaceAll('\\\n', '')
    .replace(/^0+(?=[0-9A-Z.])/, '')
    .replace(/(.)\.$/, '$1');

export class Lexer {
  private at = 0;
  readonly complaints: string[] = [];

  constructor(
    private readonly text: string,
    private line: number,
    /** Whether nothing comes after this text. */
    private readonly isLast: boolean,
  ) {}

  get position(): number {
    return this.at;
  }

  /** Whether what was read last ends a line. */
  get endsLine(): boolean {
    return this.text.charAt(this.at - 1) === '\n';
  }

  get lineNumber(): number {
    return this.line;
  }

  /** What comes next, as it is written. */
  ahead(): string {
    return this.text.slice(this.at);
  }

  next(): Token {
    this.skipBlanks();
    const rest = this.text.slice(this.at, this.at + 2);
    if (rest === '') return this.end();
    const first = rest.charAt(0);
    if (first === '\n') {
      this.line++;
      return this.token('newline', '\n');
    }
    const number = this.matched(/(?:[0-9A-Z]|\\\n)+(?:\.(?:[0-9A-Z]|\\\n)*)?|\.(?:[0-9A-Z]|\\\n)+/y);
    if (number !== undefined) return this.token('number', number);
    const name = this.matched(/[a-z][a-z0-9_]*/y);
    if (name === 'quit') throw new Quit();
    if (name !== undefined) return this.token(WORDS.has(name) ? 'word' : 'name', name);
    if (first === '"') return this.string();
    const operator = OPERATORS.find((each) => each === rest) ?? (/[-+*/%^=<>!()[\]{};,.&|]/.test(first) ? first : '');
    if (operator !== '' && !/^[&|]$/.test(operator)) return this.token('op', operator);
    this.at++;
    this.complaints.push(`${this.line}: illegal character: ${first}`);
    return this.next();
  }

  private end(): Token {
    if (!this.isLast) throw new NeedMore();
    return { kind: 'end', text: '', line: this.line };
  }

  /** Moves on by the text of a token. */
  private token(kind: Token['kind'], text: string): Token {
    this.at += text.length;
    this.line += kind === 'newline' ? 0 : text.split('\n').length - 1;
    return { kind, text: kind === 'number' ? plain(text) : text, line: this.line };
  }

  private matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private string(): Token {
    const end = this.text.indexOf('"', this.at + 1);
    if (end < 0 && !this.isLast) throw new NeedMore();
    if (end < 0) {
      this.at++;
      this.complaints.push(`${this.line}: illegal character: "`);
      return this.next();
    }
    const token = this.token('string', this.text.slice(this.at, end + 1));
    return { ...token, text: token.text.slice(1, -1) };
  }

  private skipBlanks(): void {
    for (;;) {
      const skipped = this.matched(/(?:[ \t\r\f\v]|\\\n|#[^\n]*|\/\*[\s\S]*?\*\/)+/y);
      if (skipped === undefined) {
        if (this.text.startsWith('/*', this.at) && !this.isLast) throw new NeedMore();
        return;
      }
      this.at += skipped.length;
      this.line += skipped.split('\n').length - 1;
    }
  }
}
