// Runs the steps of bc.
import type { Process } from '../../machine/process';
import type { Func, Step } from './code';
import { arctangent, bessel, cosine, exponential, logarithm, sine } from './mathlib';
import {
  add,
  compare,
  type Decimal,
  divide,
  multiply,
  negated,
  ONE,
  parseNumber,
  power,
  printed,
  remainder,
  squareRoot,
  subtract,
  tens,
  whole,
  ZERO,
} from './number';

/** What stops a line: `Runtime error (func=…, adr=…): message`. */
class RuntimeProblem extends Error {}

/** `halt`. */
export class Halt extends Error {}

const MOST_DIGITS = 300_000; // of one number: what is computed and printed in a moment
const LARGEST = 10n ** BigInt(MOST_DIGITS);
const NO_MEMORY = 'Out of memory for malloc';
const MOST_CALLS = 5000;
const MOST_ELEMENTS = 16_777_215; // BC_DIM_MAX
const STEPS_A_TICK = 500;
const LIMITS_TEXT = `BC_BASE_MAX     = 2147483647
BC_DIM_MAX      = 16777215
BC_SCALE_MAX    = 2147483647
BC_STRING_MAX   = 2147483647
MAX Exponent    = 9223372036854775807
Number of vars  = 32767
`;
const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  q: '"',
  r: '\r',
  t: '\t',
  '\\': '\\',
};

interface Frame {
  name: string;
  steps: Step[];
  at: number;
  /** Puts back what parameters and autos have hidden. */
  restore: () => void;
  isVoid: boolean;
}

type Elements = Map<number, Decimal>;

export class Machine {
  readonly functions = new Map<string, Func>();
  private readonly variables = new Map<string, Decimal>();
  private readonly arrays = new Map<string, Elements>();
  private readonly registers = { ibase: 10, obase: 10, scale: 0 };
  private stack: Decimal[] = [];
  private frames: Frame[] = [];
  private column = 0;
  private pieces: string[] = [];

  constructor(
    private readonly proc: Process,
    private readonly lineLength: number,
    private readonly readLine: () => Promise<string>,
    private readonly hasLibrary: boolean,
  ) {
    if (hasLibrary) this.registers.scale = 20;
  }

  /** Runs a line; an error ends it and is told. */
  async run(steps: Step[]): Promise<void> {
    this.stack = [];
    this.frames = [{ name: '(main)', steps, at: 0, restore: () => {}, isVoid: false }];
    try {
      for (let count = 1; this.frames.length > 0; count++) {
        const frame = this.frames.at(-1) as Frame;
        const step = frame.steps[frame.at++];
        if (!step) this.frames.pop();
        else await this.step(step, frame);
        if (count % STEPS_A_TICK === 0) await this.proc.tick();
      }
    } catch (error) {
      while (this.frames.length > 0) this.frames.pop()?.restore();
      if (!(error instanceof RuntimeProblem)) {
        await this.flush();
        throw error;
      }
      await this.flush();
      await this.proc.complain(`${error.message}\n`);
    }
    await this.flush();
  }

  private fail(message: string, bytes?: number): never {
    throw new RuntimeProblem(this.described('error', message, bytes));
  }

  private async warn(message: string): Promise<void> {
    await this.flush();
    await this.proc.complain(`${this.described('warning', message)}\n`);
  }

  /** @param bytes how many of this step have been read, where it is not all */
  private described(kind: string, message: string, bytes?: number): string {
    const { name, steps, at } = this.frames.at(-1) as Frame;
    const before = steps.slice(0, at - 1).reduce((sum, step) => sum + step.bytes, 0);
    const address = before + (bytes ?? steps[at - 1]?.bytes ?? 0);
    return `Runtime ${kind} (func=${name}, adr=${address}): ${message}`;
  }

  private pop(): Decimal {
    return this.stack.pop() ?? ZERO;
  }

  private push(value: Decimal): void {
    const isHuge = value.value > LARGEST || value.value < -LARGEST;
    if (value.scale > MOST_DIGITS || isHuge) this.fail(NO_MEMORY);
    this.stack.push(value);
  }

  private async step(step: Step, frame: Frame): Promise<void> {
    switch (step.op) {
      case 'number':
        return this.push(parseNumber(step.text, this.registers.ibase));
      case 'load':
        return this.push(this.load(step.text));
      case 'store':
        return this.store(step.text);
      case 'step':
        return this.stepVariable(step.text);
      case 'keep-index':
        return void this.stack.push(this.stack.at(-1) ?? ZERO);
      case 'swap':
        return void this.stack.push(this.pop(), this.pop());
      case 'binary':
        return this.binary(step.text);
      case 'negate':
        return this.push(negated(this.pop()));
      case 'not':
        return this.push(this.pop().value === 0n ? ONE : ZERO);
      case 'jump':
        frame.at = step.target;
        return;
      case 'jump-if':
      case 'jump-if-not':
        if ((this.pop().value === 0n) === (step.op === 'jump-if-not')) frame.at = step.target;
        return;
      case 'call':
        return this.call(step);
      case 'return':
        return this.giveBack();
      case 'builtin':
        return this.builtin(step.text);
      default:
        return this.output(step);
    }
  }

  private async output({ op, text }: Step): Promise<void> {
    if (op === 'halt') throw new Halt();
    if (op === 'limits') this.write(LIMITS_TEXT);
    else if (op === 'text') this.write(text);
    else if (op === 'print-text')
      this.write(text.replace(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole));
    else {
      const value = this.stack.pop();
      if (op === 'drop' || !value) return; // what a void function leaves
      this.variables.set('last', value);
      this.write(printed(value, this.registers.obase) + (op === 'show' ? '\n' : ''));
    }
    if (this.pieces.length > 200) await this.flush();
  }

  /** Breaks lines that are too long with a backslash. */
  private write(text: string): void {
    const room = this.lineLength;
    if (room === 0 || (this.column + text.length < room - 1 && !text.slice(0, -1).includes('\n'))) {
      this.pieces.push(text);
      this.column = text.endsWith('\n') ? 0 : this.column + text.length;
      return;
    }
    for (const letter of text) {
      this.column = letter === '\n' ? 0 : this.column + 1;
      if (letter !== '\n' && this.column === room - 1) {
        this.pieces.push('\\\n');
        this.column = 1;
      }
      this.pieces.push(letter);
    }
  }

  async flush(): Promise<void> {
    const text = this.pieces.join('');
    this.pieces = [];
    if (text) await this.proc.print(text);
  }

  private element(place: string): [Elements, number] {
    const name = place.slice(0, -2);
    const { value, scale } = this.pop();
    const index = Number(value / tens(scale));
    if (index < 0 || index > MOST_ELEMENTS) this.fail(`Array ${name} subscript out of bounds.`);
    return [this.elements(name), index];
  }

  private elements(name: string): Elements {
    const elements = this.arrays.get(name) ?? new Map<number, Decimal>();
    this.arrays.set(name, elements);
    return elements;
  }

  private load(place: string): Decimal {
    if (place.endsWith(']')) {
      const [elements, index] = this.element(place);
      return elements.get(index) ?? ZERO;
    }
    if (place === 'ibase' || place === 'obase' || place === 'scale') return whole(this.registers[place]);
    return this.variables.get(place) ?? ZERO;
  }

  /** The value stays on the stack; an index below it goes. */
  private async store(place: string): Promise<void> {
    const value = this.pop();
    if (place.endsWith(']')) {
      const [elements, index] = this.element(place);
      elements.set(index, value);
    } else if (place === 'ibase' || place === 'obase' || place === 'scale') await this.setRegister(place, value);
    else this.variables.set(place, value);
    this.stack.push(value);
  }

  private async setRegister(place: 'ibase' | 'obase' | 'scale', { value, scale }: Decimal): Promise<void> {
    const number = value / tens(scale);
    const [least, most] = { ibase: [2n, 36n], obase: [2n, 2147483647n], scale: [0n, 2147483647n] }[place] as [
      bigint,
      bigint,
    ];
    this.registers[place] = Number(number < least ? least : number > most ? most : number);
    const small = place === 'scale' ? 'negative scale, set to 0' : `${place} too small, set to ${least}`;
    if (number < least) await this.warn(small);
    else if (number > most) await this.warn(`${place} too large, set to ${most}`);
  }

  private async stepVariable(text: string): Promise<void> {
    const place = text.slice(2);
    const by = text.startsWith('+') ? ONE : whole(-1);
    const isElement = place.endsWith(']');
    const index = isElement ? this.pop() : ZERO;
    if (isElement) this.stack.push(index, index);
    this.stack.push(add(this.load(place), by));
    await this.store(place);
    this.pop();
    // a prefix operator reads the element again
    if (isElement && this.isPrefix()) this.stack.push(index);
  }

  private isPrefix(): boolean {
    const { steps, at } = this.frames.at(-1) as Frame;
    return steps[at - 2]?.op !== 'swap';
  }

  /** The scale for what is cut to it. */
  private places(): number {
    const { scale } = this.registers;
    if (scale > MOST_DIGITS) this.fail(NO_MEMORY);
    return scale;
  }

  private async binary(text: string): Promise<void> {
    const [right, left] = [this.pop(), this.pop()];
    const scale = this.places();
    const truth = (yes: boolean) => this.push(yes ? ONE : ZERO);
    switch (text) {
      case '+':
        return this.push(add(left, right));
      case '-':
        return this.push(subtract(left, right));
      case '*':
        return this.push(multiply(left, right, scale));
      case '/':
        if (right.value === 0n) this.fail('Divide by zero');
        return this.push(divide(left, right, scale));
      case '%':
        if (right.value === 0n) this.fail('Modulo by zero');
        return this.push(remainder(left, right, scale));
      case '^':
        return this.push(await this.raised(left, right));
      case '<':
        return truth(compare(left, right) < 0);
      case '<=':
        return truth(compare(left, right) <= 0);
      case '>':
        return truth(compare(left, right) > 0);
      case '>=':
        return truth(compare(left, right) >= 0);
      default:
        return truth((compare(left, right) === 0) === (text === '=='));
    }
  }

  private async raised(base: Decimal, exponent: Decimal): Promise<Decimal> {
    if (exponent.value % tens(exponent.scale) !== 0n) await this.warn('non-zero scale in exponent');
    const times = exponent.value / tens(exponent.scale);
    if (times < 0n && base.value === 0n) this.fail('divide by zero');
    const digits = String(base.value).length * Math.abs(Number(times));
    if (digits > MOST_DIGITS && String(base.value).replace('-', '') !== '1') this.fail('exponent too large in raise');
    return power(base, times, this.places());
  }

  private async builtin(name: string): Promise<void> {
    if (name === 'read') return this.push(parseNumber((await this.readLine()).trim() || '0', this.registers.ibase));
    const value = this.pop();
    if (name === 'scale') return this.push(whole(value.scale));
    if (name === 'length') return this.push(whole(Math.max(String(value.value).replace('-', '').length, value.scale)));
    if (value.value < 0n) this.fail('Square root of a negative number');
    return this.push(squareRoot(value, this.places()));
  }

  private call({ text, arrays = [] }: Step): void {
    const func = this.functions.get(text);
    if (!func && this.hasLibrary && this.fromLibrary(text, arrays.length)) return;
    if (!func) this.fail(`Function ${text} not defined.`, 2);
    const { parameters } = func;
    const matched = parameters.findIndex((parameter, i) => parameter.isArray !== (arrays[i] !== undefined));
    if (arrays.length < parameters.length) this.fail('Parameter number mismatch', 3 + arrays.length);
    if (arrays.length > parameters.length) this.fail('Parameter number mismatch', 3 + parameters.length);
    if (matched >= 0) this.fail(`Parameter type mismatch parameter ${parameters[matched]?.name}.`, 3 + matched);
    if (this.frames.length > MOST_CALLS) this.fail('Function call nesting too deep');
    const values = this.stack.splice(this.stack.length - arrays.length, arrays.length);
    const undo = [...parameters, ...func.autos].map((parameter, i) => {
      const from = arrays[i];
      if (!parameter.isArray) return hide(this.variables, parameter.name, i < values.length ? values[i] : undefined);
      const given = from === undefined ? undefined : this.elements(from);
      return hide(this.arrays, parameter.name, given && !parameter.isShared ? new Map(given) : given);
    });
    const restore = () => {
      for (const each of undo.toReversed()) each();
    };
    this.frames.push({ name: text, steps: func.steps, at: 0, restore, isVoid: func.isVoid });
  }

  private giveBack(): void {
    const frame = this.frames.pop();
    frame?.restore();
    if (frame?.isVoid) this.pop();
  }

  private fromLibrary(name: string, count: number): boolean {
    if (!(name in LIBRARY) && name !== 'j') return false;
    if (count !== (name === 'j' ? 2 : 1)) this.fail('Parameter number mismatch', 3);
    const scale = this.places();
    const x = this.pop();
    const value = name === 'j' ? bessel(this.pop(), x, scale) : LIBRARY[name]?.(x, scale);
    if (!value) this.fail('exponent too large in raise');
    this.push(value);
    return true;
  }
}

const LIBRARY: Record<string, (x: Decimal, scale: number) => Decimal | undefined> = {
  a: arctangent,
  c: cosine,
  e: exponential,
  l: logarithm,
  s: sine,
};

/** Gives a name another value, or none; what is returned takes that back. */
function hide<V>(map: Map<string, V>, name: string, value: V | undefined): () => void {
  const old = map.get(name);
  const put = (given: V | undefined) => (given === undefined ? map.delete(name) : map.set(name, given));
  put(value);
  return () => void put(old);
}
