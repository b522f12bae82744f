// The present record of an awk program and its fields, each made of the other when somebody asks.
import { AwkError, Input, pieces, regexOf, type Value } from './values';
import type { Variables } from './variables';

export class CurrentRecord {
  private joined = '';
  private fields: Value[] | undefined = [];
  private isStale = false; // the record has to be put together from its fields

  constructor(private readonly variables: Variables) {}

  set(text: string): void {
    this.joined = text;
    this.fields = undefined;
    this.isStale = false;
  }

  /** `$0`. */
  get whole(): string {
    if (this.isStale) {
      this.joined = (this.fields ?? []).map((field) => this.variables.text(field)).join(this.variables.setting('OFS'));
      this.isStale = false;
    }
    return this.joined;
  }

  /** The fields; NF is right once they were asked for. */
  get cut(): Value[] {
    if (!this.fields) {
      this.fields = this.parts().map((text) => new Input(text));
      this.variables.set('NF', this.fields.length);
    }
    return this.fields;
  }

  /** The record cut by FIELDWIDTHS or FPAT where there is one, by FS otherwise. DIFFERS: the one set last does not win. */
  private parts(): string[] {
    const [widths, pattern] = [this.variables.setting('FIELDWIDTHS'), this.variables.setting('FPAT')];
    if (widths !== '') return byWidths(this.joined, widths);
    if (pattern !== '') return byPattern(this.joined, regexOf(pattern, `g${this.variables.flags}`));
    return this.split(this.joined, this.variables.setting('FS'));
  }

  /** Cuts a text as FS says. */
  split(text: string, separator: string): string[] {
    const isParagraph = this.variables.setting('RS') === '';
    if (separator === ' ') {
      const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
      return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
    }
    if (text === '') return [];
    if (separator === '') return [...text];
    if (separator.length === 1 && separator !== '\\') {
      if (isParagraph) return text.split(new RegExp(`\n|${separator.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
      return text.split(separator);
    }
    const source = isParagraph ? `(${separator})|\n` : separator;
    return pieces(text, regexOf(source, `g${this.variables.flags}`));
  }

  /** `$index`. */
  field(index: number): Value {
    if (index < 0) throw new AwkError(`attempt to access field ${index}`);
    if (index === 0) return new Input(this.whole);
    return this.cut[index - 1];
  }

  setField(index: number, value: Value): void {
    if (index < 0) throw new AwkError(`attempt to access field ${index}`);
    if (index === 0) return this.set(this.variables.text(value));
    const { cut } = this;
    while (cut.length < index) cut.push('');
    cut[index - 1] = value;
    this.variables.set('NF', cut.length);
    this.isStale = true;
  }

  setCount(count: number): void {
    const { cut } = this;
    if (count < 0) throw new AwkError('NF set to negative value');
    while (cut.length < count) cut.push('');
    cut.length = count;
    this.variables.set('NF', count);
    this.isStale = true;
  }
}

/** Fields of so many characters, `SKIP:WIDTH` after others that are left out; `*` takes the rest. */
function byWidths(text: string, widths: string): string[] {
  const letters = [...text];
  const fields: string[] = [];
  let at = 0;
  for (const each of widths.trim().split(/\s+/)) {
    const [, skip = '', width = ''] = /^(?:(\d+):)?(\d+|\*)$/.exec(each) ?? [];
    at += Number(skip);
    if (at >= letters.length) break;
    const end = width === '*' ? letters.length : at + Number(width);
    fields.push(letters.slice(at, end).join(''));
    at = end;
  }
  return fields;
}

/** The matches, with at least one character between them. */
function byPattern(text: string, pattern: RegExp): string[] {
  const fields: string[] = [];
  for (let at = 0; at <= text.length; ) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) break;
    fields.push(found[0]);
    at = found.index + found[0].length + 1;
  }
  return text === '' ? [] : fields;
}
