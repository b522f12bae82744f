// kubectl's JSONPath: the grammar (k8s.io/client-go/util/jsonpath parser.go).

export type Node =
  | { type: 'text'; text: string }
  | { type: 'field'; name: string }
  | { type: 'identifier'; name: string }
  | { type: 'value'; value: number | boolean }
  | { type: 'wildcard' }
  | { type: 'recursive' }
  | { type: 'array'; params: [Param, Param, Param] }
  | { type: 'union'; nodes: Node[][] }
  | { type: 'filter'; left: Node[]; right: Node[]; operator: string }
  | { type: 'list'; nodes: Node[] };

/** One number of a slice; `derived` marks the end that a single index implies. */
interface Param {
  value?: number;
  derived?: boolean;
}

export class JsonPathError extends Error {}

/** Parses a template such as `{.items[*].metadata.name}`. Throws JsonPathError. */
export function parseJsonPath(text: string): Node[] {
  return new Parser(text).parse();
}

const TERMINATORS = new Set([' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}']);
const isTerminator = (c: string | undefined): boolean => c === undefined || TERMINATORS.has(c);
const isWord = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{Nd}_]/u.test(c);
const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  parse(): Node[] {
    const root: Node[] = [];
    while (this.at < this.text.length) {
      const open = this.text.indexOf('{', this.at);
      const end = open < 0 ? this.text.length : open;
      if (end > this.at) root.push({ type: 'text', text: this.text.slice(this.at, end) });
      this.at = end;
      if (open < 0) break;
      this.at++;
      const nodes: Node[] = [];
      this.action(nodes);
      root.push({ type: 'list', nodes });
    }
    return root;
  }

  private action(nodes: Node[]): void {
    for (;;) {
      if (this.starts('}')) {
        this.at++;
        return;
      }
      if (this.starts('[?(')) this.filter(nodes);
      else if (this.starts('..')) this.recursive(nodes);
      else this.one(nodes);
    }
  }

  private one(nodes: Node[]): void {
    const c = this.text[this.at];
    if (c === undefined || c === '\n' || c === '\r') throw new JsonPathError('unclosed action');
    if (c === ' ' || c === '@' || c === '$') this.at++;
    else if (c === '[') this.array(nodes);
    else if (c === '"' || c === "'") this.quoted(nodes, c);
    else if (c === '.') {
      this.at++;
      this.field(nodes);
    } else if (c === '+' || c === '-' || isDigit(c)) this.number(nodes);
    else if (isWord(c)) this.identifier(nodes);
    else throw new JsonPathError(`unrecognized character in action: ${rune(c)}`);
  }

  private starts(prefix: string): boolean {
    return this.text.startsWith(prefix, this.at);
  }

  private identifier(nodes: Node[]): void {
    const start = this.at;
    while (!isTerminator(this.text[this.at])) this.at++;
    const name = this.text.slice(start, this.at);
    if (name === 'true' || name === 'false') nodes.push({ type: 'value', value: name === 'true' });
    else nodes.push({ type: 'identifier', name });
  }

  private recursive(nodes: Node[]): void {
    if (nodes.at(-1)?.type === 'recursive') throw new JsonPathError('invalid multiple recursive descent');
    this.at += 2;
    nodes.push({ type: 'recursive' });
    if (isWord(this.text[this.at])) this.field(nodes);
  }

  private number(nodes: Node[]): void {
    const start = this.at;
    if (this.starts('+') || this.starts('-')) this.at++;
    while (isDigit(this.text[this.at]) || this.text[this.at] === '.') this.at++;
    const text = this.text.slice(start, this.at);
    const value = Number(text);
    if (Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${text}`);
    nodes.push({ type: 'value', value });
  }

  private field(nodes: Node[]): void {
    const start = this.at;
    while (!isTerminator(this.text[this.at])) this.at += this.text[this.at] === '\\' ? 2 : 1;
    const name = this.text.slice(start, this.at);
    nodes.push(name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') });
  }

  private array(nodes: Node[]): void {
    const start = this.at + 1;
    while (this.text[this.at] !== ']') {
      if (this.text[this.at] === undefined || this.text[this.at] === '\n')
        throw new JsonPathError('unterminated array');
      this.at++;
    }
    const text = this.text.slice(start, this.at);
    this.at++;
    nodes.push(...arrayNodes(text));
  }

  private quoted(nodes: Node[], quote: string): void {
    const start = this.at++;
    while (this.text[this.at] !== quote || this.text[this.at - 1] === '\\') {
      if (this.text[this.at] === undefined || this.text[this.at] === '\n')
        throw new JsonPathError('unterminated quoted string');
      this.at++;
    }
    this.at++;
    nodes.push({ type: 'text', text: unquote(this.text.slice(start, this.at)) });
  }

  private filter(nodes: Node[]): void {
    this.at += 3;
    const start = this.at;
    let [begin, end, pair] = [false, false, ''];
    for (; ; this.at++) {
      const c = this.text[this.at];
      if (c === undefined || c === '\n') throw new JsonPathError('unterminated filter');
      if (c === '"' || c === "'") {
        if (!begin) [begin, pair] = [true, c];
        else if (c === pair && this.text[this.at - 1] !== '\\') end = true;
      } else if (c === ')' && begin === end) break;
    }
    const text = this.text.slice(start, this.at++);
    if (this.text[this.at++] !== ']') throw new JsonPathError('unclosed array expect ]');
    const match = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text);
    const [, left = text, operator = 'exists', right] = match ?? [];
    nodes.push({ type: 'filter', left: inner(left), right: right === undefined ? [] : inner(right), operator });
  }
}

function inner(text: string): Node[] {
  const [first] = parseJsonPath(`{${text}}`);
  return first?.type === 'list' ? first.nodes : [];
}

function arrayNodes(raw: string): Node[] {
  const text = raw === '*' ? ':' : raw;
  const parts = text.split(',');
  if (parts.length > 1)
    return [{ type: 'union', nodes: parts.map((part) => inner(`[${part.replace(/^ +| +$/g, '')}]`)) }];
  const key = /^'([^']*)'$/.exec(text);
  if (key) return inner(`.${key[1]}`);
  const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (!slice) throw new JsonPathError(`invalid array index ${text}`);
  const [first, second, third] = slice.slice(1);
  const number = (part: string | undefined): Param => {
    const digits = (part ?? '').replace(':', '');
    if (digits === '') return {};
    if (digits === '-') throw new JsonPathError(`array index ${digits} is not a number`);
    return { value: Number(digits) };
  };
  const start = number(first);
  const end = second === undefined ? { value: (start.value ?? 0) + 1, derived: true } : number(second);
  return [{ type: 'array', params: [start, end, number(third)] }];
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\' };

function unquote(text: string): string {
  const quote = text[0] as string;
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs, (_, x, u, U, octal, c) => {
      const hex = x ?? u ?? U;
      if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal) return String.fromCodePoint(Number.parseInt(octal, 8));
      if (c === quote) return quote;
      const plain = ESCAPES[c];
      if (plain === undefined) throw new JsonPathError(`unquote string ${text} error invalid syntax`);
      return plain;
    });
}

const rune = (c: string): string => {
  const code = c.codePointAt(0) as number;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} '${String.fromCodePoint(code)}'`;
};
