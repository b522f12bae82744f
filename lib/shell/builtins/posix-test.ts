// `test` and `[` of dash and BusyBox' shell: one grammar for any number of arguments, and faults that name what stands in the way.
import type { Shell } from '../shell';
import { TestError } from './test-error';

const UNARY = /^-[bcdefghknprstuwxzGLOS]$/;
const BINARY = /^(=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/;

export type Compare = (left: string, operator: string, right: string) => Promise<boolean>;

export class PosixTest {
  private at = 0;

  constructor(
    private readonly shell: Shell,
    private readonly args: readonly string[],
    private readonly compare: Compare,
  ) {}

  private get isDash(): boolean {
    return this.shell.dialect === 'dash';
  }

  async whole(): Promise<boolean> {
    const { args } = this;
    if (args.length === 0) return false;
    if (args.length === 1) return args[0] !== '';
    const value = await this.or();
    if (this.at >= args.length) return value;
    if (this.isDash) throw new TestError(`${args[this.at - 1]}: unexpected operator`);
    throw new TestError(`${args[this.at]}: unknown operand`);
  }

  private async or(): Promise<boolean> {
    let value = await this.and();
    while (this.accept('-o')) value = (await this.and()) || value;
    return value;
  }

  private async and(): Promise<boolean> {
    let value = await this.not();
    while (this.accept('-a')) value = (await this.not()) && value;
    return value;
  }

  private async not(): Promise<boolean> {
    const before = this.args[this.at + 1];
    const isOperand = before !== undefined && this.isBinary(before) && this.args.length > this.at + 2;
    if (this.args[this.at] !== '!' || isOperand) return this.primary();
    this.at++;
    return !(await this.not());
  }

  private async primary(): Promise<boolean> {
    const [a, b, c] = this.args.slice(this.at, this.at + 3);
    if (a === undefined) {
      if (this.isDash) return false;
      throw new TestError('argument expected');
    }
    if (b !== undefined && this.isBinary(b)) {
      if (c === undefined) throw new TestError(`${b}: argument expected`);
      this.at += 3;
      return this.compare(a, b, c);
    }
    this.at++;
    if (a === '(') return this.group();
    if (!UNARY.test(a) || b === undefined) return a !== '';
    this.at++;
    return this.shell.executor.unaryTest(this.shell, a, b);
  }

  private async group(): Promise<boolean> {
    const value = await this.or();
    if (!this.accept(')')) throw new TestError('closing paren expected');
    return value;
  }

  private isBinary(word: string): boolean {
    return BINARY.test(word) && !(this.isDash && word === '==');
  }

  private accept(word: string): boolean {
    if (this.args[this.at] !== word) return false;
    this.at++;
    return true;
  }
}
