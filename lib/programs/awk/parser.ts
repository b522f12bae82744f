// The parser of awk's language: POSIX awk, with what gawk adds that courses use.
import { Cursor } from '../cursor';
import { AwkSyntaxError, Lexer, MISPLACED, type Token } from './lexer';
import type { AwkProgram, Expr, Name, Routine, Rule, Statement } from './tree';

const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=', '**=']);
const COMPARISONS = new Set(['<', '<=', '==', '!=', '>', '>=']);
const ENDS_PRINT = /^(?:[;}|>\n]|>>|)$/;

interface Allowed {
  /** Not in the head of a `for`. */
  in: boolean;
  /** Not in what print writes: there it redirects. */
  greater: boolean;
}
const ALL: Allowed = { in: true, greater: true };

export class Parser extends Cursor<Token> {
  private locals: string[] = [];
  private within: 'BEGIN' | 'END' | 'rule' | 'function' = 'rule';
  private loops = 0;
  private readonly called: { name: string; at: number }[] = [];

  constructor(text: string) {
    super(new Lexer(text));
  }

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, Routine>();
    this.blank();
    while (this.token.kind !== 'end') {
      if (this.is('function') || this.is('func')) {
        const routine = this.routine();
        functions.set(routine.name, routine);
      } else rules.push(this.rule());
      this.blank();
    }
    const missing = this.called.find(({ name }) => !functions.has(name));
    if (missing) throw new AwkSyntaxError(`function \`${missing.name}' not defined`, -1);
    return { rules, functions };
  }

  private wrong(): AwkSyntaxError {
    const { kind, at } = this.token;
    return new AwkSyntaxError(
      kind === 'end' || kind === 'newline' ? 'unexpected newline or end of string' : 'syntax error',
      at,
    );
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw this.wrong();
  }

  private newlines(): void {
    while (this.token.kind === 'newline') this.take();
  }

  private blank(): void {
    while (this.token.kind === 'newline' || this.is(';')) this.take();
  }

  private routine(): Routine {
    this.take();
    const name = this.take().text;
    this.expect('(');
    const parameters: string[] = [];
    while (!this.is(')')) {
      if (parameters.length > 0) {
        this.expect(',');
        this.newlines();
      }
      parameters.push(this.take().text);
    }
    this.take();
    this.newlines();
    this.locals = parameters;
    this.within = 'function';
    const body = this.braces();
    this.within = 'rule';
    this.locals = [];
    return { name, parameters, body };
  }

  private rule(): Rule {
    if (this.is('BEGIN') || this.is('END')) {
      const kind = this.take().text === 'BEGIN' ? 'begin' : 'end';
      if (!this.is('{')) throw this.wrong();
      this.within = kind === 'begin' ? 'BEGIN' : 'END';
      const body = this.braces();
      this.within = 'rule';
      return { kind, pattern: undefined, until: undefined, body };
    }
    if (this.is('{')) return { kind: 'rule', pattern: undefined, until: undefined, body: this.braces() };
    const pattern = this.expr();
    let until: Expr | undefined;
    if (this.accept(',')) {
      this.newlines();
      until = this.expr();
    }
    const body = this.is('{') ? this.braces() : undefined;
    if (!body && this.token.kind !== 'newline' && this.token.kind !== 'end' && !this.is(';')) throw this.wrong();
    return { kind: 'rule', pattern, until, body };
  }

  private braces(): Statement[] {
    this.expect('{');
    const body: Statement[] = [];
    this.blank();
    while (!this.is('}')) {
      if (this.token.kind === 'end') throw this.wrong();
      body.push(this.statement());
      this.blank();
    }
    this.take();
    return body;
  }

  private ended(): void {
    if (this.is('}') || this.token.kind === 'end') return;
    if (this.token.kind !== 'newline' && !this.is(';')) throw this.wrong();
    this.take();
  }

  /** What follows `if (…)` and its kin. */
  private inner(): Statement {
    this.newlines();
    if (this.accept(';')) return { t: 'block', body: [] };
    return this.statement();
  }

  /** What a loop does. */
  private repeated(): Statement {
    this.loops++;
    const body = this.inner();
    this.loops--;
    return body;
  }

  /** Refuses a statement where it has no meaning. */
  private placed(text: string): void {
    const isLeaving = text === 'break' || text === 'continue';
    if (isLeaving && this.loops === 0)
      throw new AwkSyntaxError(
        `\`${text}' is not allowed outside a loop${text === 'break' ? ' or switch' : ''}`,
        MISPLACED,
      );
    if (!isLeaving && (this.within === 'BEGIN' || this.within === 'END'))
      throw new AwkSyntaxError(`\`${text}' used in ${this.within} action`, MISPLACED);
  }

  private statement(): Statement {
    if (this.is('{')) return { t: 'block', body: this.braces() };
    if (this.token.kind === 'keyword') {
      const made = this.compound();
      if (made) return made;
    }
    const simple = this.simple();
    this.ended();
    return simple;
  }

  private condition(): Expr {
    this.expect('(');
    const condition = this.expr();
    this.expect(')');
    return condition;
  }

  private compound(): Statement | undefined {
    switch (this.token.text) {
      case 'if': {
        this.take();
        const condition = this.condition();
        const yes = this.inner();
        const [token, at] = [this.token, this.lexer.at];
        this.blank();
        if (this.accept('else')) return { t: 'if', condition, yes, no: this.inner() };
        [this.token, this.lexer.at] = [token, at];
        return { t: 'if', condition, yes, no: undefined };
      }
      case 'while': {
        this.take();
        const condition = this.condition();
        return { t: 'while', condition, body: this.repeated() };
      }
      case 'do': {
        this.take();
        const body = this.repeated();
        this.blank();
        this.expect('while');
        const condition = this.condition();
        this.ended();
        return { t: 'do', condition, body };
      }
      case 'for':
        return this.loop();
      case 'switch':
        return this.choices();
      default:
        return undefined;
    }
  }

  private loop(): Statement {
    this.take();
    this.expect('(');
    if (this.token.kind === 'name') {
      const [token, at] = [this.token, this.lexer.at];
      const variable = this.name();
      if (this.accept('in') && this.token.kind === 'name') {
        const array = this.name();
        if (this.accept(')')) return { t: 'each', variable, array, body: this.repeated() };
      }
      [this.token, this.lexer.at] = [token, at];
    }
    const start = this.is(';') ? undefined : this.simple();
    this.expect(';');
    this.newlines();
    const condition = this.is(';') ? undefined : this.expr();
    this.expect(';');
    this.newlines();
    const step = this.is(')') ? undefined : this.simple();
    this.expect(')');
    return { t: 'for', start, condition, step, body: this.repeated() };
  }

  private choices(): Statement {
    this.take();
    const value = this.condition();
    this.newlines();
    this.expect('{');
    this.blank();
    const cases: (Statement & { t: 'switch' })['cases'] = [];
    while (!this.accept('}')) {
      const isDefault = this.accept('default');
      if (!isDefault) this.expect('case');
      const match = isDefault ? undefined : this.ternary(ALL);
      this.expect(':');
      this.blank();
      const body: Statement[] = [];
      this.loops++;
      while (!this.is('case') && !this.is('default') && !this.is('}')) {
        body.push(this.statement());
        this.blank();
      }
      this.loops--;
      cases.push({ match, body });
    }
    return { t: 'switch', value, cases };
  }

  private simple(): Statement {
    const { token } = this;
    if (token.kind === 'keyword') {
      switch (token.text) {
        case 'print':
        case 'printf':
          this.take();
          return this.output(token.text);
        case 'break':
        case 'continue':
        case 'next':
        case 'nextfile':
          this.placed(token.text);
          this.take();
          return { t: token.text };
        case 'exit':
        case 'return':
          if (token.text === 'return' && this.within !== 'function')
            throw new AwkSyntaxError("`return' used outside function context", token.at);
          this.take();
          return { t: token.text, value: this.isEnd() ? undefined : this.expr() };
        case 'delete': {
          this.take();
          const array = this.name();
          return { t: 'delete', array, index: this.accept('[') ? this.indexes() : undefined };
        }
      }
    }
    return { t: 'expression', body: this.expr() };
  }

  private isEnd(): boolean {
    return this.token.kind === 'newline' || this.token.kind === 'end' || this.is(';') || this.is('}');
  }

  private output(t: 'print' | 'printf'): Statement {
    const args = this.written();
    const { text, kind } = this.token;
    if (kind !== 'op' || !/^(>|>>|\|)$/.test(text)) return { t, args, redirect: undefined };
    this.take();
    return { t, args, redirect: { to: text as '>', target: this.concatenation({ in: true, greater: false }) } };
  }

  private written(): Expr[] {
    if (this.isEnd() || this.is('>') || this.is('>>') || this.is('|')) return [];
    if (this.is('(')) {
      const [token, at] = [this.token, this.lexer.at];
      this.take();
      const list = this.list(ALL, ')');
      if (this.accept(')') && ENDS_PRINT.test(this.token.text) && this.token.kind !== 'string') return list;
      [this.token, this.lexer.at] = [token, at];
    }
    return this.list({ in: true, greater: false }, '');
  }

  private list(allowed: Allowed, end: string): Expr[] {
    const list: Expr[] = [];
    if (end && this.is(end)) return list;
    do {
      this.newlines();
      list.push(this.expr(allowed));
    } while (this.accept(','));
    return list;
  }

  private indexes(): Expr[] {
    const index = this.list(ALL, ']');
    this.expect(']');
    return index;
  }

  private name(): Name {
    const { kind, text } = this.token;
    if (kind !== 'name') throw this.wrong();
    this.take();
    const local = this.locals.indexOf(text);
    return { t: 'name', name: text, local: local < 0 ? undefined : local };
  }

  expr(allowed: Allowed = ALL): Expr {
    const left = this.ternary(allowed);
    const op = this.token.text;
    if (this.token.kind !== 'op' || !ASSIGNMENTS.has(op) || !isTarget(left)) return left;
    this.take();
    this.newlines();
    return { t: 'assign', op: op === '**=' ? '^=' : op, target: left, value: this.expr(allowed) };
  }

  private ternary(allowed: Allowed): Expr {
    const condition = this.or(allowed);
    if (!this.accept('?')) return condition;
    this.newlines();
    const yes = this.expr(allowed);
    this.newlines();
    this.expect(':');
    this.newlines();
    return { t: 'choice', condition, yes, no: this.expr(allowed) };
  }

  private or(allowed: Allowed): Expr {
    let left = this.and(allowed);
    while (this.accept('||')) {
      this.newlines();
      left = { t: 'or', left, right: this.and(allowed) };
    }
    return left;
  }

  private and(allowed: Allowed): Expr {
    let left = this.membership(allowed);
    while (this.accept('&&')) {
      this.newlines();
      left = { t: 'and', left, right: this.membership(allowed) };
    }
    return left;
  }

  private membership(allowed: Allowed): Expr {
    let left = this.matching(allowed);
    while (allowed.in && this.accept('in'))
      left = { t: 'in', index: left.t === 'grouping' ? left.list : [left], array: this.name() };
    return left;
  }

  private matching(allowed: Allowed): Expr {
    let left = this.comparison(allowed);
    while (this.is('~') || this.is('!~')) {
      const isNot = this.take().text === '!~';
      left = { t: 'match', isNot, left, right: this.comparison(allowed) };
    }
    return left;
  }

  private comparison(allowed: Allowed): Expr {
    const left = this.piped(allowed);
    const op = this.token.text;
    if (this.token.kind !== 'op' || !COMPARISONS.has(op) || (op === '>' && !allowed.greater)) return left;
    this.take();
    return { t: 'binary', op, left, right: this.piped(allowed) };
  }

  /** `command | getline`. */
  private piped(allowed: Allowed): Expr {
    let left = this.concatenation(allowed);
    while (this.is('|') && /^\s*getline\b/.test(this.lexer.text.slice(this.lexer.at))) {
      this.take();
      this.take();
      left = { t: 'getline', from: 'command', source: left, target: this.optionalTarget() };
    }
    return left;
  }

  private concatenation(allowed: Allowed): Expr {
    let left = this.additive(allowed);
    while (this.beginsOperand()) left = { t: 'concat', left, right: this.additive(allowed) };
    return left;
  }

  private beginsOperand(): boolean {
    const { kind, text } = this.token;
    if (['number', 'string', 'name', 'function', 'builtin'].includes(kind)) return true;
    return kind === 'op' && /^(\$|!|\(|\+\+|--)$/.test(text);
  }

  private additive(allowed: Allowed): Expr {
    let left = this.multiplicative(allowed);
    while (this.is('+') || this.is('-')) {
      const op = this.take().text;
      left = { t: 'binary', op, left, right: this.multiplicative(allowed) };
    }
    return left;
  }

  private multiplicative(allowed: Allowed): Expr {
    let left = this.unary(allowed);
    while (this.is('*') || this.is('/') || this.is('%')) {
      const op = this.take().text;
      left = { t: 'binary', op, left, right: this.unary(allowed) };
    }
    return left;
  }

  private unary(allowed: Allowed): Expr {
    const op = this.token.text;
    if (this.token.kind === 'op' && (op === '!' || op === '-' || op === '+')) {
      this.take();
      return { t: 'unary', op, body: this.unary(allowed) };
    }
    return this.power(allowed);
  }

  private power(allowed: Allowed): Expr {
    const left = this.postfix();
    if (!this.is('^') && !this.is('**')) return left;
    this.take();
    const sign = this.is('-') || this.is('+') || this.is('!') ? this.unary(allowed) : this.power(allowed);
    return { t: 'binary', op: '^', left, right: sign };
  }

  private postfix(): Expr {
    const target = this.primary();
    if (!isTarget(target) || (!this.is('++') && !this.is('--'))) return target;
    return { t: 'step', by: this.take().text === '++' ? 1 : -1, isPrefix: false, target };
  }

  private optionalTarget(): Expr | undefined {
    return this.is('$') || this.token.kind === 'name' ? this.primary() : undefined;
  }

  private primary(): Expr {
    const { token } = this;
    switch (token.kind) {
      case 'number':
        this.take();
        return { t: 'number', value: Number(token.text) };
      case 'string':
        this.take();
        return { t: 'string', value: token.text };
      case 'regex':
        this.take();
        return { t: 'regex', source: token.text };
      case 'builtin':
        return this.builtin();
      case 'function': {
        this.take();
        this.called.push({ name: token.text, at: token.at });
        this.expect('(');
        const args = this.list(ALL, ')');
        this.newlines();
        this.expect(')');
        return { t: 'call', name: token.text, args, at: token.at };
      }
      case 'name': {
        const name = this.name();
        return this.accept('[') ? { t: 'element', array: name, index: this.indexes() } : name;
      }
    }
    if (this.accept('$')) {
      const by = this.is('++') ? 1 : this.is('--') ? -1 : undefined;
      if (by) {
        this.take();
        return { t: 'field', index: { t: 'step', by, isPrefix: true, target: this.primary() } };
      }
      return { t: 'field', index: this.is('-') ? this.unary(ALL) : this.primary() };
    }
    if (this.is('++') || this.is('--')) {
      const by = this.take().text === '++' ? 1 : -1;
      const target = this.primary();
      if (!isTarget(target)) throw this.wrong();
      return { t: 'step', by, isPrefix: true, target };
    }
    if (this.accept('(')) {
      const list = this.list(ALL, ')');
      this.newlines();
      this.expect(')');
      if (list.length > 1) {
        if (!this.is('in')) throw this.wrong();
        return { t: 'grouping', list };
      }
      if (!list[0]) throw this.wrong();
      return { t: 'group', body: list[0] };
    }
    if (this.accept('getline')) {
      const target = this.optionalTarget();
      if (!this.accept('<')) return { t: 'getline', from: 'main', source: undefined, target };
      return { t: 'getline', from: 'file', source: this.primary(), target };
    }
    if (this.is('-') || this.is('+') || this.is('!')) return this.unary(ALL);
    throw this.wrong();
  }

  private builtin(): Expr {
    const name = this.take().text;
    if (!this.is('(')) {
      if (name !== 'length') throw this.wrong();
      return { t: 'builtin', name, args: [] };
    }
    this.take();
    const args = this.list(ALL, ')');
    this.newlines();
    this.expect(')');
    return { t: 'builtin', name, args };
  }
}

const isTarget = (expr: Expr): boolean => expr.t === 'name' || expr.t === 'element' || expr.t === 'field';
