// `expr`: GNU coreutils' grammar and messages.
import type { Process, Program } from '../machine/process';
import { compilePattern, translate } from './regex';
import { fail, quote, usage } from './tool';

class Failure extends Error {}

const COMPARISONS = new Set(['<', '<=', '=', '==', '!=', '>=', '>']);

export const expr: Program = async (proc) => {
  const args = proc.argv[1] === '--' ? proc.argv.slice(2) : proc.argv.slice(1);
  if (args.length === 0) return usage(proc, 'expr: missing operand', 2);
  try {
    const value = new Evaluator(args, (text) => quote(proc, text)).all();
    await proc.print(`${value}\n`);
    return value === '' || /^-?0+$/.test(value) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return complain(proc, error.message);
  }
};

const complain = (proc: Process, message: string): Promise<number> =>
  fail(proc, message, message.startsWith('syntax error') || /non-integer|zero/.test(message) ? 2 : 3);

class Evaluator {
  private at = 0;

  constructor(
    private readonly words: string[],
    private readonly quoted: (text: string) => string,
  ) {}

  all(): string {
    const value = this.or();
    if (this.at < this.words.length)
      this.fail(`syntax error: unexpected argument ${this.quoted(this.words[this.at] ?? '')}`);
    return value;
  }

  private fail(message: string): never {
    throw new Failure(message);
  }

  private next(...words: string[]): string | undefined {
    const word = this.words[this.at];
    if (word === undefined || !words.includes(word)) return undefined;
    this.at++;
    return word;
  }

  private operand(): string {
    const word = this.words[this.at++];
    if (word !== undefined) return word;
    return this.fail(`syntax error: missing argument after ${this.quoted(this.words.at(-1) ?? '')}`);
  }

  private or(): string {
    let left = this.and();
    while (this.next('|')) {
      const right = this.and();
      left = isNull(left) ? (isNull(right) ? '0' : right) : left;
    }
    return left;
  }

  private and(): string {
    let left = this.comparison();
    while (this.next('&')) {
      const right = this.comparison();
      left = isNull(left) || isNull(right) ? '0' : left;
    }
    return left;
  }

  private comparison(): string {
    let left = this.sum();
    for (let op = this.next(...COMPARISONS); op; op = this.next(...COMPARISONS)) {
      const right = this.sum();
      left = compare(left, op, right) ? '1' : '0';
    }
    return left;
  }

  private sum(): string {
    let left = this.product();
    for (let op = this.next('+', '-'); op; op = this.next('+', '-')) {
      const right = this.product();
      const [a, b] = [this.integer(left), this.integer(right)];
      left = String(op === '+' ? a + b : a - b);
    }
    return left;
  }

  private product(): string {
    let left = this.match();
    for (let op = this.next('*', '/', '%'); op; op = this.next('*', '/', '%')) {
      const right = this.match();
      const [a, b] = [this.integer(left), this.integer(right)];
      if (op !== '*' && b === 0n) this.fail('division by zero');
      left = String(op === '*' ? a * b : op === '/' ? a / b : a % b);
    }
    return left;
  }

  private integer(text: string): bigint {
    return /^-?\d+$/.test(text) ? BigInt(text) : this.fail('non-integer argument');
  }

  private match(): string {
    let left = this.keyword();
    while (this.next(':')) left = this.matched(left, this.keyword());
    return left;
  }

  /** What the first group matched, or how many characters the pattern matched at the start. */
  private matched(text: string, pattern: string): string {
    const regex = compilePattern(`^(?:${translate(pattern.replace(/^\^/, ''), false)})`, 's');
    const found = regex.exec(text);
    const grouped = /(^|[^\\])(\\\\)*\\\(/.test(pattern);
    if (!found) return grouped ? '' : '0';
    return grouped ? (found[1] ?? '') : String([...found[0]].length);
  }

  private keyword(): string {
    if (this.next('+')) return this.operand();
    if (this.next('length')) return String([...this.keyword()].length);
    if (this.next('match')) {
      const text = this.keyword();
      return this.matched(text, this.keyword());
    }
    if (this.next('index')) {
      const text = [...this.keyword()];
      const wanted = new Set(this.keyword());
      return String(text.findIndex((c) => wanted.has(c)) + 1);
    }
    if (this.next('substr')) return this.substr();
    return this.primary();
  }

  private substr(): string {
    const text = [...this.keyword()];
    const [from, size] = [Number(this.keyword()), Number(this.keyword())];
    return from >= 1 && size > 0 ? text.slice(from - 1, from - 1 + size).join('') : '';
  }

  private primary(): string {
    if (!this.next('(')) {
      const word = this.operand();
      return word === ')' ? this.fail(`syntax error: unexpected ')'`) : word;
    }
    const value = this.or();
    if (this.next(')')) return value;
    const after = this.words[this.at - 1] ?? '';
    return this.fail(
      this.at < this.words.length
        ? `syntax error: expecting ')' instead of ${this.quoted(this.words[this.at] ?? '')}`
        : `syntax error: expecting ')' after ${this.quoted(after)}`,
    );
  }
}

const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text);

function compare(a: string, operator: string, b: string): boolean {
  const numbers = /^-?\d+$/.test(a) && /^-?\d+$/.test(b);
  const order = numbers ? Number(BigInt(a) - BigInt(b)) : a < b ? -1 : a > b ? 1 : 0;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '!=':
      return order !== 0;
    default:
      return order === 0;
  }
}
