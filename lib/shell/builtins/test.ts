// `test` and `[`.
import { ArithmeticError } from '../arithmetic';
import type { Shell } from '../shell';
import { complain } from './builtin';
import { PosixTest } from './posix-test';
import { TestError } from './test-error';

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const BINARY = /^(=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/;

export const test = (shell: Shell, argv: string[]): Promise<number> => run(shell, 'test', argv.slice(1));

export async function bracket(shell: Shell, argv: string[]): Promise<number> {
  if (argv.at(-1) !== ']') return refuse(shell, '[', shell.posixLike ? 'missing ]' : "missing `]'");
  return run(shell, '[', argv.slice(1, -1));
}

async function run(shell: Shell, name: string, args: string[]): Promise<number> {
  try {
    const whole = shell.posixLike
      ? new PosixTest(shell, args, (a, operator, b) => binary(shell, a, operator, b)).whole()
      : byCount(shell, args);
    return (await whole) ? 0 : 1;
  } catch (error) {
    if (error instanceof TestError || error instanceof ArithmeticError) return refuse(shell, name, error.message);
    throw error;
  }
}

/** Busybox' test does not say its name. */
async function refuse(shell: Shell, name: string, message: string): Promise<number> {
  if (shell.dialect !== 'ash') return complain(shell, name, message, 2);
  await shell.complain(message);
  return 2;
}

/** POSIX decides by the number of arguments. */
async function byCount(shell: Shell, args: string[]): Promise<boolean> {
  const [a = '', b = '', c = ''] = args;
  switch (args.length) {
    case 0:
      return false;
    case 1:
      return a !== '';
    case 2:
      if (a === '!') return b === '';
      if (UNARY.test(a)) return shell.executor.unaryTest(shell, a, b);
      throw new TestError(`${a}: unary operator expected`);
    case 3:
      if (BINARY.test(b)) return binary(shell, a, b, c);
      if (b === '-a') return a !== '' && c !== '';
      if (b === '-o') return a !== '' || c !== '';
      if (a === '!') return !(await byCount(shell, args.slice(1)));
      if (a === '(' && c === ')') return b !== '';
      throw new TestError(`${b}: binary operator expected`);
    default:
      if (a === '!' && args.length === 4) return !(await byCount(shell, args.slice(1)));
      if (a === '(' && args.length === 4 && args[3] === ')') return byCount(shell, args.slice(1, 3));
      return new Parser(shell, args).whole();
  }
}

async function binary(shell: Shell, a: string, operator: string, b: string): Promise<boolean> {
  switch (operator) {
    case '=':
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '-nt':
    case '-ot':
    case '-ef':
      return shell.executor.compareFiles(shell, a, operator, b);
    default:
      return compare(integer(shell, a), operator, integer(shell, b));
  }
}

function integer(shell: Shell, text: string): bigint {
  const trimmed = text.trim();
  if (!/^[-+]?\d+$/.test(trimmed)) throw new TestError(notANumber(shell, text));
  const value = BigInt(trimmed.replace(/^\+/, ''));
  if (BigInt.asIntN(64, value) === value || !shell.posixLike) return value;
  throw new TestError(shell.dialect === 'dash' ? notANumber(shell, text) : `${text}: out of range`);
}

function notANumber({ dialect }: Shell, text: string): string {
  if (dialect === 'dash') return `Illegal number: ${text}`;
  return dialect === 'ash' ? `${text && `${text}: `}bad number` : `${text}: integer expression expected`;
}

function compare(a: bigint, operator: string, b: bigint): boolean {
  if (operator === '-eq') return a === b;
  if (operator === '-ne') return a !== b;
  if (operator === '-lt') return a < b;
  if (operator === '-le') return a <= b;
  return operator === '-gt' ? a > b : a >= b;
}

class Parser {
  private at = 0;

  constructor(
    private readonly shell: Shell,
    private readonly args: string[],
  ) {}

  async whole(): Promise<boolean> {
    const value = await this.or();
    if (this.at < this.args.length) throw new TestError('too many arguments');
    return value;
  }

  private async or(): Promise<boolean> {
    let value = await this.and();
    while (this.args[this.at] === '-o') {
      this.at++;
      value = (await this.and()) || value;
    }
    return value;
  }

  private async and(): Promise<boolean> {
    let value = await this.not();
    while (this.args[this.at] === '-a') {
      this.at++;
      value = (await this.not()) && value;
    }
    return value;
  }

  private async not(): Promise<boolean> {
    if (this.args[this.at] !== '!') return this.primary();
    this.at++;
    return !(await this.not());
  }

  private async primary(): Promise<boolean> {
    const [a, b, c] = this.args.slice(this.at, this.at + 3);
    if (a === undefined) throw new TestError('argument expected');
    if (a === '(' && !(b !== undefined && BINARY.test(b))) {
      this.at++;
      const value = await this.or();
      if (this.args[this.at++] !== ')') throw new TestError("`)' expected");
      return value;
    }
    if (b !== undefined && c !== undefined && BINARY.test(b)) {
      this.at += 3;
      return binary(this.shell, a, b, c);
    }
    if (UNARY.test(a) && b !== undefined) {
      this.at += 2;
      return this.shell.executor.unaryTest(this.shell, a, b);
    }
    this.at++;
    return a !== '';
  }
}
