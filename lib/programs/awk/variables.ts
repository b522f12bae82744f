// The variables of an awk program.
import { AwkError, regexOf, toNumber, toText, truth, type Value } from './values';

/** A variable, which is a value or an array. */
export class Cell {
  value: Value;
  array: Map<string, Value> | undefined;
  /** What it is called where it is used, for messages. */
  name = '';

  /** `origin`: where an argument came from, which becomes an array with it. */
  constructor(private readonly origin?: Cell) {
    this.value = origin?.value;
    this.array = origin?.array;
  }

  /** The array, made of what was nothing yet. */
  get table(): Map<string, Value> {
    if (this.array) return this.array;
    if (this.value !== undefined) throw new AwkError(`attempt to use scalar \`${this.name}' as an array`);
    this.array = this.origin ? this.origin.table : new Map();
    return this.array;
  }
}

/** The global variables, which stand in for all settings too. */
export class Variables {
  private readonly globals = new Map<string, Cell>();

  cell(name: string): Cell {
    let cell = this.globals.get(name);
    if (!cell) this.globals.set(name, (cell = new Cell()));
    return cell;
  }

  get(name: string): Value {
    return this.globals.get(name)?.value;
  }

  set(name: string, value: Value): void {
    this.cell(name).value = value;
  }

  /** Counts a variable up: NR, FNR. */
  count(name: string): void {
    this.set(name, toNumber(this.get(name)) + 1);
  }

  /** A variable as text: FS, RS, OFS. */
  setting(name: string): string {
    return this.text(this.get(name));
  }

  /** A value as text, numbers as CONVFMT says. */
  text(value: Value): string {
    return typeof value === 'number' ? toText(value, toText(this.get('CONVFMT'))) : toText(value);
  }

  /** Of regular expressions. */
  get flags(): string {
    return truth(this.get('IGNORECASE')) ? 'i' : '';
  }

  readonly regex = (source: string): RegExp => regexOf(source, this.flags);
}
