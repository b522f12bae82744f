// bc's statements and definitions, from words to steps.
import type { Func, Parameter, Step } from './code';
import { Expressions } from './expressions';

interface Loop {
  ends: Step[];
  agains: Step[];
}

export class Parser extends Expressions {
  private loops: Loop[] = [];
  private func: Func | undefined;

  /** One line, or one definition of a function; undefined where the text ends. */
  item(): Func | Step[] | undefined {
    if (this.isKind('end')) return undefined;
    if (this.isWord('define')) return this.definition();
    this.statements('newline');
    return this.steps;
  }

  /** Statements with `;` between them, and newlines too within braces, up to what ends them; that is not passed. */
  private statements(end: 'newline' | '}'): void {
    const isEnd = () => (end === '}' ? this.isOp('}') : this.isKind('newline'));
    const isBetween = () => this.isOp(';') || this.isKind('newline');
    while (!isEnd()) {
      if (isBetween()) {
        this.advance();
        continue;
      }
      this.statement();
      if (!isEnd() && !isBetween()) this.wrong();
    }
  }

  private skipNewline(): void {
    if (this.isKind('newline')) this.advance();
  }

  private definition(): Func {
    this.advance();
    const isVoid = this.isWord('void');
    if (isVoid) this.advance();
    if (!this.isKind('name')) this.wrong();
    const name = this.advance().text;
    this.expect('(');
    const parameters = this.isOp(')') ? [] : this.parameters();
    this.expect(')');
    this.skipNewline();
    this.expect('{');
    while (this.isKind('newline')) this.advance();
    this.func = { name, parameters, autos: [], isVoid, steps: this.steps };
    if (this.isWord('auto')) {
      this.advance();
      this.func.autos = this.parameters();
      if (!this.isOp(';') && !this.isKind('newline')) this.wrong();
      this.advance();
    }
    this.statements('}');
    this.emit('number', '0');
    this.emit('return');
    return this.func;
  }

  private parameters(): Parameter[] {
    const found: Parameter[] = [];
    for (;;) {
      const isShared = this.isOp('*');
      if (isShared) this.advance();
      if (!this.isKind('name')) this.wrong();
      const name = this.advance().text;
      const isArray = this.isOp('[');
      if (isArray) {
        this.advance();
        this.expect(']');
      }
      found.push({ name, isArray, isShared });
      if (!this.isOp(',')) return found;
      this.advance();
    }
  }

  private statement(): void {
    const { kind, text, line } = this.token;
    const words: Record<string, () => void> = {
      break: () => this.leave('Break', 'ends', line),
      continue: () => this.leave('Continue', 'agains', line),
      for: () => this.forLoop(),
      halt: () => void this.emit('halt'),
      if: () => this.branch(),
      limits: () => void this.emit('limits'),
      print: () => this.print(),
      return: () => this.giveBack(),
      while: () => this.whileLoop(),
    };
    if (this.isOp('{')) {
      this.advance();
      this.statements('}');
      this.advance();
    } else if (kind === 'string') {
      this.advance();
      this.emit('text', text, text.length + 2);
    } else if (kind === 'word' && words[text]) {
      this.advance();
      words[text]?.();
    } else this.emit(this.expression() === 'assignment' ? 'drop' : 'show');
  }

  private leave(what: string, where: keyof Loop, line: number): void {
    const loop = this.loops.at(-1);
    if (!loop) this.wrong(`${what} outside a for${what === 'Break' ? '/while' : ''}`, line);
    loop[where].push(this.jump('jump'));
  }

  private giveBack(): void {
    const isBare = this.isKind('newline') || this.isOp(';') || this.isOp('}');
    if (!isBare) this.expression();
    if (!this.func) this.wrong('Return outside of a function.');
    if (isBare) this.emit('number', '0');
    this.emit('return');
  }

  private print(): void {
    for (;;) {
      if (this.isKind('string')) this.emit('print-text', this.advance().text);
      else {
        this.expression();
        this.emit('print');
      }
      if (!this.isOp(',')) return;
      this.advance();
    }
  }

  private branch(): void {
    this.expect('(');
    this.expression();
    this.expect(')');
    const otherwise = this.jump('jump-if-not');
    this.skipNewline();
    this.statement();
    if (!this.isWord('else')) return this.land(otherwise);
    this.advance();
    this.skipNewline();
    const end = this.jump('jump');
    this.land(otherwise);
    this.statement();
    this.land(end);
  }

  private whileLoop(): void {
    this.expect('(');
    const start = this.steps.length;
    this.expression();
    this.expect(')');
    const end = this.jump('jump-if-not');
    this.body(start, [end]);
  }

  private forLoop(): void {
    this.expect('(');
    if (!this.isOp(';')) {
      this.expression();
      this.emit('drop');
    }
    this.expect(';');
    const start = this.steps.length;
    if (this.isOp(';')) this.emit('number', '1');
    else this.expression();
    this.expect(';');
    const end = this.jump('jump-if-not');
    const toBody = this.jump('jump');
    const update = this.steps.length;
    if (!this.isOp(')')) {
      this.expression();
      this.emit('drop');
    }
    this.expect(')');
    this.jump('jump').target = start;
    this.land(toBody);
    this.body(update, [end]);
  }

  /** What a loop does; then back to where it goes on. */
  private body(again: number, ends: Step[]): void {
    this.skipNewline();
    const loop: Loop = { ends, agains: [] };
    this.loops.push(loop);
    this.statement();
    this.loops.pop();
    this.jump('jump').target = again;
    for (const each of loop.agains) each.target = again;
    this.land(...loop.ends);
  }
}
