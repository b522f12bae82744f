// JSON as jq reads and writes it: values one after another, its own words for what is wrong, numbers as it prints them. jq 1.6,
// src/jv_parse.c and jv_print.c.

/** Objects keep the order in which keys came. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

export const isObject = (value: Json): value is JsonObject => value instanceof Map;

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function kindOf(value: Json): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : (typeof value as 'boolean' | 'number' | 'string');
}

const RANK = (value: Json): number => {
  const order: Kind[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];
  return value === true ? 1.5 : order.indexOf(kindOf(value));
};

export const sortedKeys = (object: JsonObject): string[] => [...object.keys()].sort(byCodePoint);

/** Strings in the order of their bytes in UTF-8, which is that of their code points. */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** jq's order of all values: null, false, true, numbers, strings, arrays, objects. */
export function compare(a: Json, b: Json): number {
  const rank = RANK(a) - RANK(b);
  if (rank !== 0) return rank;
  if (typeof a === 'number') return Number.isNaN(a) || a < (b as number) ? -1 : a === b ? 0 : 1;
  if (typeof a === 'string') return byCodePoint(a, b as string);
  if (Array.isArray(a)) {
    const other = b as Json[];
    for (const [i, value] of a.entries()) {
      if (i >= other.length) return 1;
      const order = compare(value, other[i] as Json);
      if (order !== 0) return order;
    }
    return a.length - other.length;
  }
  if (!a || typeof a !== 'object') return 0;
  const other = b as JsonObject;
  const keys = sortedKeys(a);
  const order = compare(keys, sortedKeys(other));
  if (order !== 0) return order;
  for (const key of keys) {
    const order = compare(a.get(key) as Json, other.get(key) as Json);
    if (order !== 0) return order;
  }
  return 0;
}

// Writing

const MOST_PRECISE = 17; // digits of a double
const PLAIN_ZEROES = 15; // more of them behind the digits, and a number is written with an exponent

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (!Number.isFinite(value)) return value > 0 ? '1.7976931348623157e+308' : '-1.7976931348623157e+308';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const sign = value < 0 ? '-' : '';
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '').slice(0, MOST_PRECISE);
  const point = Number(power) + 1;
  if (point <= -4 || point > digits.length + PLAIN_ZEROES) {
    const exponent = point - 1;
    const shown = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
    return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${shown}`;
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const ESCAPES: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
};
const unit = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

function stringText(value: string, ascii = false): string {
  const escaped = value.replace(/["\\\u0000-\u001f\u007f]/g, (character) => ESCAPES[character] ?? unit(character));
  return `"${ascii ? escaped.replace(/[^\u0000-\u007e]/g, unit) : escaped}"`;
}

export interface Style {
  /** What one level is indented by; undefined: all on one line. */
  indent?: string | undefined;
  sorted?: boolean;
  ascii?: boolean;
  colors?: boolean;
}

const COLORS = { null: '1;30', boolean: '0;39', number: '0;39', string: '0;32', array: '1;39', object: '1;39' };
const KEY_COLOR = '34;1';
const colored = (color: string, text: string): string => `\u001b[${color}m${text}\u001b[0m`;

export function toText(value: Json, style: Style = {}, level = 0): string {
  return style.colors ? inColors(value, style, level) : plain(value, style, level);
}

function scalarText(value: Json, style: Style): string {
  if (typeof value === 'string') return stringText(value, style.ascii);
  return typeof value === 'number' ? numberText(value) : String(value);
}

const entriesOf = (value: JsonObject, { sorted }: Style): [string, Json][] =>
  sorted ? sortedKeys(value).map((key) => [key, value.get(key) as Json]) : [...value];

function plain(value: Json, style: Style, level: number): string {
  if (!value || typeof value !== 'object') return scalarText(value, style);
  const { indent } = style;
  const line = (depth: number) => (indent === undefined ? '' : `\n${indent.repeat(depth)}`);
  const items = Array.isArray(value)
    ? value.map((item) => plain(item, style, level + 1))
    : entriesOf(value, style).map(
        ([key, item]) =>
          `${stringText(key, style.ascii)}:${indent === undefined ? '' : ' '}${plain(item, style, level + 1)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  return `${open}${line(level + 1)}${items.join(`,${line(level + 1)}`)}${line(level)}${close}`;
}

/** The same with colours, where jq 1.6 switches them. */
function inColors(value: Json, style: Style, level: number): string {
  const color = COLORS[kindOf(value)];
  if (!value || typeof value !== 'object') return colored(color, scalarText(value, style));
  const { indent } = style;
  const line = (depth: number) => (indent === undefined ? '' : `\n${indent.repeat(depth)}`);
  const start = `\u001b[${color}m`;
  if (Array.isArray(value)) {
    if (value.length === 0) return `${start}[]\u001b[0m`;
    const items = value.map(
      (item, i) => `${i > 0 ? `${start},${line(level + 1)}` : line(level + 1)}${inColors(item, style, level + 1)}`,
    );
    return `${start}[${items.join('')}${start}${line(level)}${start}]\u001b[0m`;
  }
  if (value.size === 0) return `${start}{}\u001b[0m`;
  const items = entriesOf(value, style).map(
    ([key, item], i) =>
      `${i > 0 ? `${start},${line(level + 1)}` : line(level + 1)}\u001b[0m${colored(KEY_COLOR, stringText(key, style.ascii))}${start}:${indent === undefined ? '' : ' '}\u001b[0m${inColors(item, style, level + 1)}`,
  );
  return `${start}{${items.join('')}${start}${line(level)}${start}}\u001b[0m`;
}

const SHOWN = 11; // characters of a value in an error message

/** A value as error messages show it. */
export function brief(value: Json): string {
  const text = toText(value);
  return text.length > SHOWN + 3 ? `${text.slice(0, SHOWN)}...` : text;
}

// Reading

export class JsonError extends Error {}

const DEPTH = 256;
const MOST_TEXT = 32 * 1024 * 1024; // characters of a string that is read
const MOST_WORD = 1024 * 1024;
const WORDS = new Map<string, Json>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['nan', Number.NaN],
]);
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const BACKSLASHED: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** A key that waits for its value, on the parser's stack between an object and what is to come. */
class Key {
  constructor(readonly name: string) {}
}

/** Reads values out of text that comes in pieces. */
export class JsonReader {
  private readonly stack: (Json[] | JsonObject | Key)[] = [];
  private next: { value: Json } | undefined;
  private token = '';
  private inString = false;
  private escaped = false;
  private line = 1;
  private column = 0;
  private readonly out: Json[] = [];

  /** The values that are complete by now. Throws JsonError. */
  *feed(text: string): Generator<Json> {
    for (const character of text) {
      this.scan(character);
      while (this.out.length > 0) yield this.out.shift() as Json;
    }
  }

  /** What the end of the text completes. */
  *end(): Generator<Json> {
    const where = () => `at EOF at line ${this.line}, column ${this.column}`;
    if (this.inString) throw new JsonError(`Unfinished string ${where()}`);
    const wrong = this.literal();
    if (wrong) throw new JsonError(`${wrong} ${where()}`);
    if (this.stack.length > 0) throw new JsonError(`Unfinished JSON term ${where()}`);
    this.finish();
    yield* this.out.splice(0);
  }

  private scan(character: string): void {
    this.column++;
    if (character === '\n') {
      this.line++;
      this.column = 0;
    }
    const wrong = this.inString ? this.inside(character) : this.outside(character);
    if (wrong) throw new JsonError(`${wrong} at line ${this.line}, column ${this.column}`);
  }

  private inside(character: string): string | undefined {
    if (character === '"' && !this.escaped) {
      this.inString = false;
      const text = unescaped(this.token);
      this.token = '';
      return text === undefined ? 'Invalid escape' : this.put(text);
    }
    this.escaped = character === '\\' && !this.escaped;
    this.token += character;
    return this.token.length > MOST_TEXT ? 'Exceeds size limit of a string' : undefined;
  }

  private outside(character: string): string | undefined {
    if (!/[ \t\r\n[\]{}:,"]/.test(character)) {
      this.token += character;
      return this.token.length > MOST_WORD ? 'Invalid literal' : undefined;
    }
    const wrong = this.literal();
    if (wrong) return wrong;
    if (character === '"') {
      if (this.stack.length === 0) this.finish();
      this.inString = true;
      return undefined;
    }
    const failed = /\s/.test(character) ? undefined : this.structure(character);
    if (!failed && this.stack.length === 0) this.finish();
    return failed;
  }

  private finish(): void {
    if (!this.next) return;
    this.out.push(this.next.value);
    this.next = undefined;
  }

  private literal(): string | undefined {
    const { token } = this;
    if (token === '') return undefined;
    this.token = '';
    if (/^[tfn]/.test(token)) return WORDS.has(token) ? this.put(WORDS.get(token) as Json) : 'Invalid literal';
    return NUMBER.test(token) ? this.put(Number(token)) : 'Invalid numeric literal';
  }

  private put(value: Json): string | undefined {
    if (this.next) return 'Expected separator between values';
    this.next = { value };
    return undefined;
  }

  private structure(character: string): string | undefined {
    const top = this.stack.at(-1);
    const { next } = this;
    switch (character) {
      case '[':
      case '{':
        if (next) return 'Expected separator between values';
        if (this.stack.length >= DEPTH) return 'Exceeds depth limit for parsing';
        this.stack.push(character === '[' ? [] : new Map());
        return undefined;
      case ':':
        if (!top || !(top instanceof Map))
          return top instanceof Key ? "':' should follow a key" : "':' not as part of an object";
        if (!next) return "Expected string key before ':'";
        if (typeof next.value !== 'string') return 'Object keys must be strings';
        this.stack.push(new Key(next.value));
        this.next = undefined;
        return undefined;
      case ',':
        if (!next) return "Expected value before ','";
        if (!top) return "',' should not appear here";
        if (top instanceof Map) return 'Objects must consist of key:value pairs';
        this.settle(next.value);
        return undefined;
      default:
        return this.close(character);
    }
  }

  private close(character: string): string | undefined {
    const top = this.stack.at(-1);
    const { next } = this;
    if (character === ']') {
      if (!Array.isArray(top)) return "Unmatched ']'";
      if (next) this.settle(next.value);
      else if (top.length > 0) return 'Expected another array element';
    } else {
      if (!top || Array.isArray(top)) return "Unmatched '}'";
      if (next) {
        if (!(top instanceof Key)) return 'Objects must consist of key:value pairs';
        this.settle(next.value);
      } else if (top instanceof Key) return 'Objects must consist of key:value pairs';
      else if (top.size > 0) return 'Expected another key-value pair';
    }
    this.next = { value: this.stack.pop() as Json[] | JsonObject };
    return undefined;
  }

  /** Puts a value where it belongs. */
  private settle(value: Json): void {
    this.next = undefined;
    const top = this.stack.at(-1);
    if (Array.isArray(top)) top.push(value);
    if (!(top instanceof Key)) return;
    this.stack.pop();
    (this.stack.at(-1) as JsonObject).set(top.name, value);
  }
}

/** Half a surrogate pair is no character: U+FFFD stands for it. */
export const wellFormed = (text: string): string => Buffer.from(text).toString();

function unescaped(text: string): string | undefined {
  if (!text.includes('\\')) return text;
  let bad = false;
  const plain = text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code: string | undefined, letter: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    bad ||= BACKSLASHED[letter] === undefined;
    return BACKSLASHED[letter] ?? '';
  });
  return bad ? undefined : wellFormed(plain);
}

/** All values of a text. */
export function parseAll(text: string): Json[] {
  const reader = new JsonReader();
  return [...reader.feed(text), ...reader.end()];
}
