// The words of awk's language.

/** The place of an error that is told without one: a statement that stands where it must not. */
export const MISPLACED = -2;

export class AwkSyntaxError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

export interface Token {
  kind: 'number' | 'string' | 'regex' | 'name' | 'function' | 'builtin' | 'keyword' | 'op' | 'newline' | 'end';
  text: string;
  at: number;
}

const KEYWORDS = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf switch case default'.split(
    ' ',
  ),
);
const BUILTINS = new Set(
  'length substr index split sub gsub gensub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush strftime systime mktime asort asorti strtonum and or xor lshift rshift compl typeof isarray'.split(
    ' ',
  ),
);
const OPS = [
  '**=',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '**',
  '==',
  '<=',
  '>=',
  '!=',
  '!~',
  '>>',
  '|&',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
];
const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

export function unescaped(text: string): string {
  return text.replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|\n|([\s\S]))/g,
    (whole, octal?: string, hex?: string, letter?: string) => {
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
      if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
      if (letter === undefined) return '';
      return ESCAPES[letter] ?? whole;
    },
  );
}

export class Lexer {
  at = 0;
  /** Whether a slash divides here. */
  private afterValue = false;

  constructor(readonly text: string) {}

  next(): Token {
    for (;;) {
      const rest = this.text.slice(this.at, this.at + 2);
      if (rest[0] === ' ' || rest[0] === '\t' || rest[0] === '\r') this.at++;
      else if (rest === '\\\n') this.at += 2;
      else if (rest[0] === '#') while (this.at < this.text.length && this.text[this.at] !== '\n') this.at++;
      else break;
    }
    const token = this.read();
    this.afterValue =
      ['number', 'string', 'regex', 'name', 'builtin'].includes(token.kind) || /^(\)|\]|\$|\+\+|--)$/.test(token.text);
    return token;
  }

  private read(): Token {
    const { at, text } = this;
    const rest = text.slice(at);
    if (rest === '') return { kind: 'end', text: '', at };
    const make = (kind: Token['kind'], raw: string, shown = raw): Token => {
      this.at += raw.length;
      return { kind, text: shown, at };
    };
    if (rest[0] === '\n') return make('newline', '\n');
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(rest)?.[0];
    if (number) return make('number', number);
    if (rest[0] === '"') {
      const found = /^"((?:[^"\\\n]|\\[\s\S])*)"/.exec(rest);
      if (!found) throw new AwkSyntaxError('unterminated string', at);
      return make('string', found[0], unescaped(found[1] ?? ''));
    }
    if (rest[0] === '/' && !this.afterValue) {
      const found = /^\/((?:[^\\/\n[]|\\.|\[(?:\\.|[^\\\]\n])(?:\\.|[^\\\]\n])*\]|\[)*)\//.exec(rest);
      if (!found) throw new AwkSyntaxError('unterminated regexp', at);
      return make('regex', found[0], found[1] ?? '');
    }
    const word = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (word) {
      if (KEYWORDS.has(word)) return make('keyword', word);
      if (BUILTINS.has(word)) return make('builtin', word);
      return make(rest[word.length] === '(' ? 'function' : 'name', word);
    }
    const op = OPS.find((each) => rest.startsWith(each));
    if (op) return make('op', op);
    throw new AwkSyntaxError('syntax error', at);
  }
}
