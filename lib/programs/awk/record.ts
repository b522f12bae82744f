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
      this.fields = this.split(this.joined, this.variables.setting('FS')).map((text) => new Input(text));
      this.variables.set('NF', this.fields.length);
    }
    return this.fields;
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
