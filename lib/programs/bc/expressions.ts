// bc's expressions, from words to steps.
import { REGISTERS, type Step } from './code';
import type { Lexer, Token } from './lexer';

/** A line that cannot be understood; the message begins with its number. */
export class SyntaxProblem extends Error {}

/** What an expression is: an assignment is not printed. */
type Kind = 'plain' | 'assignment';

const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=']);
/** How strongly operators bind, from the weakest; `^` leans to the right. */
const BINDING: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '==': 4,
  '!=': 4,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  '^': 8,
};
const [NOT, ASSIGN, MINUS] = [3, 5, 9];
const PREFIXES = new Set(['(', '-', '!', '++', '--']);
const FUNCTIONS = new Set(['length', 'sqrt', 'scale', 'read']);

export class Expressions {
  protected steps: Step[] = [];
  protected token: Token;

  constructor(private readonly lexer: Lexer) {
    this.token = lexer.next();
  }

  protected wrong(message = 'syntax error', line = this.token.line): never {
    throw new SyntaxProblem(`${line}: ${message}`);
  }

  protected advance(): Token {
    const { token } = this;
    this.token = this.lexer.next();
    return token;
  }

  protected isKind(kind: Token['kind']): boolean {
    return this.token.kind === kind;
  }

  protected isOp(text: string): boolean {
    return this.isKind('op') && this.token.text === text;
  }

  protected isWord(text: string): boolean {
    return this.isKind('word') && this.token.text === text;
  }

  protected expect(text: string): void {
    if (!this.isOp(text)) this.wrong();
    this.advance();
  }

  protected emit(op: string, text = '', bytes = 1): Step {
    const step = { op, text, target: 0, bytes };
    this.steps.push(step);
    return step;
  }

  /** A jump whose end is not known yet. */
  protected jump(op: string): Step {
    return this.emit(op, '', 3);
  }

  /** The jumps end here. */
  protected land(...jumps: Step[]): void {
    for (const each of jumps) each.target = this.steps.length;
  }

  protected expression(least = 0): Kind {
    let kind = this.operand();
    while (this.isKind('op')) {
      const { text } = this.token;
      const binding = BINDING[text];
      if (binding === undefined || binding < least) break;
      this.advance();
      if (text === '&&' || text === '||') this.shortcut(text, binding);
      else {
        this.expression(text === '^' ? binding : binding + 1);
        this.emit('binary', text);
      }
      kind = 'plain';
    }
    return kind;
  }

  /** The right side is looked at only when the left has not decided. */
  private shortcut(text: string, binding: number): void {
    const decided = this.jump(text === '&&' ? 'jump-if-not' : 'jump-if');
    this.expression(binding + 1);
    const decidedToo = this.jump(text === '&&' ? 'jump-if-not' : 'jump-if');
    this.emit('number', text === '&&' ? '1' : '0');
    const end = this.jump('jump');
    this.land(decided, decidedToo);
    this.emit('number', text === '&&' ? '0' : '1');
    this.land(end);
  }

  private operand(): Kind {
    const { kind, text } = this.token;
    if (kind === 'number' && text !== '.') {
      this.advance();
      this.emit('number', text, /^[01]$/.test(text) ? 1 : text.length + 2);
      return 'plain';
    }
    if (kind === 'name' || kind === 'word' || text === '.') return this.named();
    if (kind !== 'op' || !PREFIXES.has(text)) this.wrong();
    this.advance();
    if (text === '(') {
      this.expression();
      this.expect(')');
      return 'plain';
    }
    if (text === '-') {
      this.expression(MINUS);
      this.emit('negate');
    } else if (text === '!') {
      this.expression(NOT);
      this.emit('not');
    } else this.stepped(text);
    return 'plain';
  }

  /** `++NAME` and `--NAME`. */
  private stepped(text: string): void {
    const place = this.place();
    if (!place) this.wrong();
    this.emit('step', `${text}${place}`, 2);
    this.emit('load', place, 2);
  }

  /** A variable or an element, whose index is left on the stack; undefined for anything else. */
  private place(): string | undefined {
    const { kind, text } = this.token;
    const isRegister = (kind === 'word' && REGISTERS.has(text)) || text === '.';
    if (kind !== 'name' && !isRegister) return undefined;
    this.advance();
    if (isRegister) return text === '.' ? 'last' : text;
    if (!this.isOp('[')) return text;
    this.advance();
    this.expression();
    this.expect(']');
    return `${text}[]`;
  }

  private named(): Kind {
    const { kind, text } = this.token;
    if (kind === 'word' && FUNCTIONS.has(text) && this.called(text)) return 'plain';
    const place = this.place();
    if (!place) this.wrong();
    if (this.isOp('(') && kind === 'name' && !place.endsWith(']')) {
      this.advance();
      this.call(place);
      return 'plain';
    }
    if (this.isKind('op') && ASSIGNMENTS.has(this.token.text)) return this.assignment(place);
    if (this.isOp('++') || this.isOp('--')) {
      if (place.endsWith(']')) this.emit('keep-index');
      this.emit('load', place, 2);
      if (place.endsWith(']')) this.emit('swap', '', 0);
      this.emit('step', `${this.advance().text}${place}`, 2);
      return 'plain';
    }
    this.emit('load', place, 2);
    return 'plain';
  }

  /** `length(…)`, `sqrt(…)`, `scale(…)`, `read()`; `scale` alone is a variable. */
  private called(name: string): boolean {
    if (!/^\s*\(/.test(this.lexer.ahead())) return false;
    this.advance();
    this.advance();
    if (name !== 'read') this.expression();
    this.expect(')');
    this.emit('builtin', name, 2);
    return true;
  }

  private assignment(place: string): Kind {
    const { text } = this.advance();
    const isElement = place.endsWith(']');
    if (text !== '=') {
      if (isElement) this.emit('keep-index');
      this.emit('load', place, 2);
    }
    this.expression(ASSIGN);
    if (text !== '=') this.emit('binary', text.slice(0, -1));
    this.emit('store', place, 2);
    return 'assignment';
  }

  private call(name: string): void {
    const arrays: (string | undefined)[] = [];
    while (!this.isOp(')')) {
      if (arrays.length > 0) this.expect(',');
      arrays.push(this.argument());
    }
    this.advance();
    Object.assign(this.emit('call', name, 3 + arrays.length), { arrays });
  }

  /** The name of an array, for `NAME[]`. */
  private argument(): string | undefined {
    const { kind, text } = this.token;
    if (kind === 'name' && /^\[\s*\]/.test(this.lexer.ahead())) {
      this.advance();
      this.advance();
      this.advance();
      this.emit('number', '0', 3);
      return text;
    }
    this.expression();
    return undefined;
  }
}
