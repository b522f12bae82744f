// Runs an awk program over its records. Expressions are generators that stop only where something has to be waited for.
import type { Process } from '../../machine/process';
import { Random } from '../../sim/random';
import { builtins } from './functions';
import { MainInput } from './main-input';
import { keysOf } from './order';
import { CurrentRecord } from './record';
import { Streams } from './streams';
import type { AwkProgram, Expr, Name, Routine, Rule, Statement } from './tree';
import {
  AwkError,
  compare,
  Input,
  MOST_ELEMENTS,
  MOST_TEXT,
  regexOf,
  sprintf,
  toNumber,
  toText,
  truth,
  type Value,
} from './values';
import { Cell, Variables } from './variables';

class Jump extends Error {
  constructor(
    readonly kind: 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | 'return',
    readonly value?: Value,
  ) {
    super(kind);
  }
}

export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

const MOST_DEPTH = 1000; // of calls in calls
const NO_MEMORY = 'cannot allocate memory for more input data or values';
const FLUSH_CHARACTERS = 8192;
const RECORDS_PER_TURN = 64;
const TURNS_PER_TICK = 1024; // of a loop; a turn costs a quarter of a shell's command or less

/** Waits for a promise inside a generator. */
function* wait<T>(promise: Promise<T>): Steps<T> {
  return (yield promise) as T;
}

export class Awk {
  readonly variables = new Variables();
  readonly record = new CurrentRecord(this.variables);
  readonly streams: Streams;
  private readonly main: MainInput;
  private frames: Cell[][] = [];
  private output = '';
  private readonly ranges = new Set<Rule>();
  status = 0;
  seed = 0;
  /** The same numbers in every run, until srand. */
  random = new Random(0);

  constructor(
    readonly proc: Process,
    private readonly program: AwkProgram,
    operands: readonly string[],
  ) {
    this.streams = new Streams(proc);
    this.main = new MainInput(proc, this.variables, (name, text) => this.assignVariable(name, text));
    const start: Record<string, Value> = {
      NR: 0,
      FNR: 0,
      NF: 0,
      FS: ' ',
      OFS: ' ',
      ORS: '\n',
      RS: '\n',
      RT: '',
      SUBSEP: '\x1c',
      ERRNO: '',
      FIELDWIDTHS: '',
      FPAT: '',
      CONVFMT: '%.6g',
      OFMT: '%.6g',
      RSTART: 0,
      RLENGTH: -1,
      FILENAME: '',
      IGNORECASE: 0,
      ARGC: operands.length + 1,
    };
    for (const [name, value] of Object.entries(start)) this.variables.set(name, value);
    this.fill('ARGV', [proc.name, ...operands].entries());
    this.fill('ENVIRON', Object.entries(proc.env));
  }

  private fill(name: string, entries: Iterable<[string | number, string]>): void {
    const { table } = this.variables.cell(name);
    for (const [key, value] of entries) table.set(String(key), new Input(value));
  }

  /** Runs everything; gives the exit status. */
  async all(): Promise<number> {
    const { rules } = this.program;
    const of = (kind: Rule['kind']) => rules.filter((rule) => rule.kind === kind);
    try {
      for (const { body = [] } of of('begin')) await this.drive(this.block(body));
      if (of('rule').length + of('end').length > 0) await this.records(of('rule'));
    } catch (error) {
      if (!(error instanceof Jump)) throw error;
      this.exited(error);
    }
    try {
      for (const { body = [] } of of('end')) await this.drive(this.block(body));
    } catch (error) {
      if (!(error instanceof Jump)) throw error;
      this.exited(error);
    }
    await this.flush();
    await this.streams.closeAll();
    return this.status;
  }

  /** Takes note of an exit; a `next` that a function has brought to where there is no record is an error. */
  private exited({ kind, value }: Jump): void {
    if (kind !== 'exit') throw new AwkError(`\`${kind}' cannot be called from a \`BEGIN' rule`);
    if (value !== undefined) this.status = toNumber(value) & 255;
  }

  private async records(rules: readonly Rule[]): Promise<void> {
    for (let count = 0; await this.advance(); count++) {
      if (count % RECORDS_PER_TURN === 0) await this.proc.tick(RECORDS_PER_TURN);
      try {
        for (const rule of rules) await this.drive(this.rule(rule));
      } catch (error) {
        if (!(error instanceof Jump)) throw error;
        if (error.kind === 'nextfile') this.main.skip();
        else if (error.kind !== 'next') throw error;
      }
      if (this.main.isWaiting || this.output.length > FLUSH_CHARACTERS) await this.flush();
    }
  }

  private *rule(rule: Rule): Steps<void> {
    const { pattern, until, body } = rule;
    if (until && pattern) {
      if (!this.ranges.has(rule)) {
        if (!truth(yield* this.value(pattern))) return;
        this.ranges.add(rule);
      }
      if (truth(yield* this.value(until))) this.ranges.delete(rule);
    } else if (pattern && !truth(yield* this.value(pattern))) return;
    if (body) yield* this.block(body);
    else yield* this.put(this.record.whole + this.variables.setting('ORS'));
  }

  /** Runs a generator, waiting where it does. */
  private async drive(steps: Steps<void>): Promise<void> {
    let next = steps.next();
    while (!next.done) {
      const sent = await next.value.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      next = 'error' in sent ? steps.throw(sent.error) : steps.next(sent.value);
    }
  }

  async flush(): Promise<void> {
    const text = this.output;
    this.output = '';
    if (text !== '') await this.proc.print(text);
  }

  private *put(text: string): Steps<void> {
    this.output += text;
    if (this.output.length > FLUSH_CHARACTERS) yield* wait(this.flush());
  }

  /** The next record of the main input; false at the end. */
  private async advance(): Promise<boolean> {
    const record = await this.main.read();
    if (record === undefined) return false;
    this.record.set(record);
    return true;
  }

  /** Where a message says that it happened, once records were read. */
  get place(): string {
    const count = toNumber(this.variables.get('FNR'));
    return count > 0 ? `(FILENAME=${this.variables.setting('FILENAME') || '-'} FNR=${count}) ` : '';
  }

  /** `-v name=value` and operands of that form. */
  assignVariable(name: string, text: string): void {
    this.assignName(this.variables.cell(name), name, new Input(text));
  }

  // Statements

  *block(body: readonly Statement[]): Steps<void> {
    for (const statement of body) yield* this.statement(statement);
  }

  private turns = 0;

  *statement(statement: Statement): Steps<void> {
    switch (statement.t) {
      case 'block':
        return yield* this.block(statement.body);
      case 'expression':
        yield* this.value(statement.body);
        return;
      case 'print':
      case 'printf':
        return yield* this.print(statement);
      case 'if': {
        const branch = truth(yield* this.value(statement.condition)) ? statement.yes : statement.no;
        if (branch) yield* this.statement(branch);
        return;
      }
      case 'while':
        while (truth(yield* this.value(statement.condition))) if (!(yield* this.turn(statement.body))) return;
        return;
      case 'do':
        do if (!(yield* this.turn(statement.body))) return;
        while (truth(yield* this.value(statement.condition)));
        return;
      case 'for':
        if (statement.start) yield* this.statement(statement.start);
        while (!statement.condition || truth(yield* this.value(statement.condition))) {
          if (!(yield* this.turn(statement.body))) return;
          if (statement.step) yield* this.statement(statement.step);
        }
        return;
      case 'each': {
        const sortedIn = toText(this.variables.cell('PROCINFO').table.get('sorted_in'));
        const keys = keysOf(this.lookUp(statement.array).table, sortedIn);
        const target = this.lookUp(statement.variable);
        for (const key of keys) {
          target.value = new Input(key);
          if (!(yield* this.turn(statement.body))) return;
        }
        return;
      }
      case 'switch':
        return yield* this.choose(statement);
      case 'delete': {
        const { table } = this.lookUp(statement.array);
        if (!statement.index) table.clear();
        else table.delete(yield* this.key(statement.index));
        return;
      }
      case 'exit':
      case 'return':
        throw new Jump(statement.t, statement.value && (yield* this.value(statement.value)));
      default:
        throw new Jump(statement.t);
    }
  }

  /** One turn of a loop; false after `break`. */
  private *turn(body: Statement): Steps<boolean> {
    if (++this.turns % TURNS_PER_TICK === 0) yield* wait(this.proc.tick(TURNS_PER_TICK / 4));
    try {
      yield* this.statement(body);
    } catch (error) {
      if (error instanceof Jump && error.kind === 'break') return false;
      if (!(error instanceof Jump && error.kind === 'continue')) throw error;
    }
    return true;
  }

  private *choose({ value, cases }: Statement & { t: 'switch' }): Steps<void> {
    const wanted = yield* this.value(value);
    let from = -1;
    for (const [i, { match }] of cases.entries()) {
      if (!match) continue;
      const hit =
        match.t === 'regex'
          ? this.variables.regex(match.source).test(this.variables.text(wanted))
          : compare(wanted, yield* this.value(match), toText(this.variables.get('CONVFMT'))) === 0;
      if (hit) {
        from = i;
        break;
      }
    }
    if (from < 0) from = cases.findIndex(({ match }) => !match);
    if (from < 0) return;
    try {
      for (const { body } of cases.slice(from)) yield* this.block(body);
    } catch (error) {
      if (!(error instanceof Jump) || error.kind !== 'break') throw error;
    }
  }

  private *print(statement: Statement & { t: 'print' | 'printf' }): Steps<void> {
    const values: Value[] = [];
    for (const arg of statement.args) values.push(yield* this.value(arg));
    const format = toText(this.variables.get('OFMT'));
    const shown = (value: Value) => (typeof value === 'number' ? toText(value, format) : toText(value));
    const text =
      statement.t === 'printf'
        ? sprintf(this.variables.text(values[0]), values.slice(1))
        : (values.length > 0 ? values.map(shown).join(this.variables.setting('OFS')) : this.record.whole) +
          this.variables.setting('ORS');
    const { redirect } = statement;
    if (!redirect) return yield* this.put(text);
    const name = this.variables.text(yield* this.value(redirect.target));
    yield* wait(this.flush());
    yield* wait(this.streams.sink(redirect.to, name).write(text));
  }

  // Expressions

  lookUp({ name, local }: Name): Cell {
    const cell = local === undefined ? this.variables.cell(name) : (this.frames.at(-1)?.[local] as Cell);
    cell.name = name;
    return cell;
  }

  *key(index: readonly Expr[]): Steps<string> {
    const parts: string[] = [];
    for (const each of index) parts.push(this.variables.text(yield* this.value(each)));
    return parts.join(this.variables.setting('SUBSEP'));
  }

  *value(expr: Expr): Steps<Value> {
    switch (expr.t) {
      case 'number':
      case 'string':
        return expr.value;
      case 'regex':
        return this.variables.regex(expr.source).test(this.record.whole) ? 1 : 0;
      case 'group':
        return yield* this.value(expr.body);
      case 'grouping':
        throw new AwkError('syntax error');
      case 'name': {
        if (expr.name === 'NF' && expr.local === undefined) void this.record.cut;
        const cell = this.lookUp(expr);
        if (cell.array) throw new AwkError(`attempt to use array \`${expr.name}' in a scalar context`);
        return cell.value;
      }
      case 'element': {
        const { table } = this.lookUp(expr.array);
        const key = yield* this.key(expr.index);
        if (!table.has(key)) this.keep(table, key, undefined);
        return table.get(key);
      }
      case 'field':
        return this.record.field(Math.trunc(toNumber(yield* this.value(expr.index))));
      case 'assign':
        return yield* this.assignment(expr);
      case 'step': {
        const old = toNumber(yield* this.value(expr.target));
        yield* this.assign(expr.target, old + expr.by);
        return expr.isPrefix ? old + expr.by : old;
      }
      case 'unary': {
        const value = yield* this.value(expr.body);
        if (expr.op === '!') return truth(value) ? 0 : 1;
        return expr.op === '-' ? -toNumber(value) : toNumber(value);
      }
      case 'binary':
        return this.binary(expr.op, yield* this.value(expr.left), yield* this.value(expr.right));
      case 'concat': {
        const left = this.variables.text(yield* this.value(expr.left));
        const right = this.variables.text(yield* this.value(expr.right));
        if (left.length + right.length > MOST_TEXT) throw new AwkError(NO_MEMORY);
        return left + right;
      }
      case 'and':
        return truth(yield* this.value(expr.left)) && truth(yield* this.value(expr.right)) ? 1 : 0;
      case 'or':
        return truth(yield* this.value(expr.left)) || truth(yield* this.value(expr.right)) ? 1 : 0;
      case 'choice':
        return yield* this.value(truth(yield* this.value(expr.condition)) ? expr.yes : expr.no);
      case 'match': {
        const text = this.variables.text(yield* this.value(expr.left));
        return (yield* this.pattern(expr.right)).test(text) !== expr.isNot ? 1 : 0;
      }
      case 'in':
        return this.lookUp(expr.array).table.has(yield* this.key(expr.index)) ? 1 : 0;
      case 'call':
        return yield* this.call(this.program.functions.get(expr.name) as Routine, expr.args);
      case 'builtin':
        return yield* builtins(this, expr.name, expr.args);
      case 'getline':
        return yield* this.getline(expr);
    }
  }

  /** An expression as a regular expression. */
  *pattern(expr: Expr, flags = ''): Steps<RegExp> {
    const source = expr.t === 'regex' ? expr.source : this.variables.text(yield* this.value(expr));
    return regexOf(source, flags + this.variables.flags);
  }

  private binary(op: string, left: Value, right: Value): Value {
    const [a, b] = [toNumber(left), toNumber(right)];
    const order = () => compare(left, right, toText(this.variables.get('CONVFMT')));
    switch (op) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        if (b === 0) throw new AwkError('division by zero attempted');
        return a / b;
      case '%':
        if (b === 0) throw new AwkError("division by zero attempted in `%'");
        return a % b;
      case '^':
        return a ** b;
      case '<':
        return order() < 0 ? 1 : 0;
      case '<=':
        return order() <= 0 ? 1 : 0;
      case '>':
        return order() > 0 ? 1 : 0;
      case '>=':
        return order() >= 0 ? 1 : 0;
      case '==':
        return order() === 0 ? 1 : 0;
      default:
        return order() !== 0 ? 1 : 0;
    }
  }

  private *assignment(expr: Expr & { t: 'assign' }): Steps<Value> {
    const value = yield* this.value(expr.value);
    const made = expr.op === '=' ? value : this.binary(expr.op[0] as string, yield* this.value(expr.target), value);
    yield* this.assign(expr.target, made);
    return made;
  }

  *assign(target: Expr, value: Value): Steps<void> {
    if (target.t === 'field') this.record.setField(Math.trunc(toNumber(yield* this.value(target.index))), value);
    else if (target.t === 'element') this.keep(this.lookUp(target.array).table, yield* this.key(target.index), value);
    else if (target.t === 'name')
      this.assignName(this.lookUp(target), target.local === undefined ? target.name : '', value);
    else if (target.t === 'group') yield* this.assign(target.body, value);
  }

  /** Arrays are not let grow until nothing is left for others. */
  private keep(table: Map<string, Value>, key: string, value: Value): void {
    if (table.size >= MOST_ELEMENTS && !table.has(key)) throw new AwkError(NO_MEMORY);
    table.set(key, value);
  }

  private assignName(cell: Cell, name: string, value: Value): void {
    if (cell.array) throw new AwkError(`attempt to use array \`${name}' in a scalar context`);
    if (name === 'NF') return this.record.setCount(Math.trunc(toNumber(value)));
    if (name === 'FS') void this.record.cut; // the record was read before
    cell.value = value;
  }

  private *call({ parameters, body }: Routine, args: readonly Expr[]): Steps<Value> {
    if (this.frames.length >= MOST_DEPTH) throw new AwkError('function call nesting too deep');
    const frame: Cell[] = [];
    for (const [i] of parameters.entries()) {
      const arg = args[i];
      if (arg?.t === 'name') {
        if (arg.name === 'NF') void this.record.cut;
        frame.push(new Cell(this.lookUp(arg)));
      } else {
        const cell = new Cell();
        if (arg) cell.value = yield* this.value(arg);
        frame.push(cell);
      }
    }
    this.frames.push(frame);
    try {
      yield* this.block(body);
      return undefined;
    } catch (error) {
      if (error instanceof Jump && error.kind === 'return') return error.value;
      throw error;
    } finally {
      this.frames.pop();
    }
  }

  private *getline({ from, source, target }: Expr & { t: 'getline' }): Steps<Value> {
    let record: string | undefined;
    if (from === 'main') record = yield* wait(this.main.read());
    else {
      const name = this.variables.text(yield* this.value(source as Expr));
      yield* wait(this.flush());
      const records = from === 'file' ? this.streams.file(name) : this.streams.command(name);
      if (!records) {
        this.variables.set('ERRNO', 'No such file or directory');
        return -1;
      }
      record = yield* wait(records.next(this.variables.setting('RS'), this.variables.regex));
      if (record !== undefined && from === 'command') this.variables.count('NR');
    }
    if (record === undefined) return 0;
    if (target) yield* this.assign(target, new Input(record));
    else this.record.set(record);
    return 1;
  }
}
