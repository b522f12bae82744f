// `[[ … ]]`, read by its grammar: bash's parser has sentences of its own for what is wrong in it.
import { ConditionProblem } from './problem';
import { Incomplete, META, WordScanner } from './words';

interface Token {
  kind: 'word' | 'operator' | 'end' | 'newline';
  text: string;
}

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const BINARY = new Set([...'= == != =~ < > -eq -ne -lt -le -gt -ge -nt -ot -ef'.split(' ')]);
const OPERATORS = ['&&', '||', '<<', '>>', ';;', '<', '>', '(', ')', ';', '&', '|'];

export abstract class ConditionScanner extends WordScanner {
  private inside = false;
  private current: Token = { kind: 'newline', text: '' };

  protected get inCondition(): boolean {
    return this.inside;
  }

  /** Copies a condition, from behind its `[[` to its `]]`. */
  protected conditional(): void {
    const outer = { inside: this.inside, current: this.current };
    this.inside = true;
    this.either();
    const { kind, text } = this.current;
    if (kind === 'word') this.refuse('syntax error in conditional expression');
    if (kind !== 'end') this.refuse(`syntax error in conditional expression: unexpected token \`${text}'`);
    Object.assign(this, outer);
  }

  private either(): void {
    do this.both();
    while (this.current.text === '||' && this.current.kind === 'operator');
  }

  private both(): void {
    do this.term();
    while (this.current.text === '&&' && this.current.kind === 'operator');
  }

  /** One test; the token behind it is read, too. */
  private term(): void {
    this.nextOnAnyLine();
    const { kind, text } = this.current;
    if (kind === 'end') this.refuse('');
    if (kind === 'operator' && text === '(') return this.group();
    if (kind !== 'word') this.refuse(`unexpected token \`${text}' in conditional command`);
    if (text === '!') return this.term();
    if (UNARY.test(text)) this.argument('unary');
    else if (this.binary()) this.argument('binary', this.current.text === '=~');
    else return;
    this.nextOnAnyLine(']]');
  }

  private group(): void {
    try {
      this.either();
    } catch (error) {
      if (error instanceof ConditionProblem) this.refuse(`${error.message}\nexpected \`)'`.trim());
      throw error;
    }
    if (this.current.text !== ')') this.refuse(`unexpected token \`${this.current.text}', expected \`)'`);
    this.nextOnAnyLine(']]');
  }

  /** Whether an operator follows a word; a word by itself is a test for a text. */
  private binary(): boolean {
    this.next();
    const { kind, text } = this.current;
    if (BINARY.has(text)) return true;
    if (kind === 'end' || (kind === 'operator' && ['&&', '||', ')'].includes(text))) return false;
    if (kind === 'word') this.refuse('conditional binary operator expected');
    this.refuse(`unexpected token \`${text}', conditional binary operator expected`);
  }

  private argument(to: string, isPattern = false): void {
    this.next(isPattern);
    if (this.current.kind === 'word') return;
    this.refuse(`unexpected argument \`${this.current.text}' to conditional ${to} operator`);
  }

  private refuse(message: string): never {
    throw new ConditionProblem(message, this.text.slice(0, this.at).trimEnd().split('\n').length, this.at);
  }

  /** The next token that is no newline: where a condition may go on in the next line. */
  private nextOnAnyLine(open?: string): void {
    do {
      this.blanks();
      if (this.peek() === '') throw new Incomplete(open, this.at);
      this.next();
    } while (this.current.kind === 'newline');
  }

  /** Copies a token; in a regular expression brackets and bars are letters. */
  private next(isPattern = false): void {
    this.blanks();
    const c = this.peek();
    if (c === '\n') this.copy(1);
    if (c === '' || c === '\n') {
      this.current = { kind: 'newline', text: 'newline' };
      return;
    }
    if (META.test(c) && !isPattern && !((c === '<' || c === '>') && this.peek(1) === '(')) {
      const text = OPERATORS.find((operator) => this.looksAt(operator)) ?? c;
      this.copy(text.length);
      this.current = { kind: 'operator', text };
      return;
    }
    const { at } = this;
    if (isPattern) this.regularExpression();
    else this.rawWord();
    const text = this.text.slice(at, this.at);
    this.current = { kind: text === ']]' ? 'end' : 'word', text };
  }

  private regularExpression(): void {
    for (let depth = 0; ; ) {
      const c = this.peek();
      if (c === '' || (depth === 0 && /[ \t\n;&)]/.test(c))) return;
      if (c === '(') depth++;
      if (c === ')') depth--;
      if (META.test(c)) this.copy(1);
      else this.element(c);
    }
  }
}
