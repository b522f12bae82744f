// The fields that one word becomes: text with what was quoted remembered, cut at IFS where an expansion was not quoted.
import { quotePattern } from '../pattern';

/** One field: what it says, and the same as a pattern in which everything quoted is plain. */
export interface Field {
  text: string;
  pattern: string;
}

export class Fields {
  readonly done: Field[] = [];
  private text = '';
  private pattern = '';
  /** There is a field even if it is empty: something was quoted. */
  private present = false;

  constructor(private readonly ifs: string) {}

  /** Text of the word itself: never cut, special characters active. */
  literal(text: string): void {
    this.text += text;
    this.pattern += text.includes('\\') ? text.replaceAll('\\', '\\\\') : text;
    this.present = true;
  }

  /** Pattern characters of the word itself; backslashes in it are already escapes. */
  glob(pattern: string): void {
    this.text += pattern.replace(/\\([\s\S])/g, '$1');
    this.pattern += pattern;
    this.present = true;
  }

  quoted(text: string): void {
    this.text += text;
    this.pattern += quotePattern(text);
    this.present = true;
  }

  /** The value of an unquoted expansion: cut at IFS, pattern characters active. */
  value(text: string): void {
    if (text === '') return;
    if (this.ifs === '') {
      this.text += text;
      this.pattern += text.replaceAll('\\', '\\\\');
      this.present = true;
      return;
    }
    const white = this.ifs.replace(/[^ \t\n]/g, '');
    const isIfs = (c: string) => this.ifs.includes(c);
    const isWhite = (c: string) => white.includes(c);
    let i = 0;
    while (i < text.length) {
      const start = i;
      while (i < text.length && !isIfs(text.charAt(i))) i++;
      if (i > start) this.literal(text.slice(start, i));
      if (i >= text.length) return;
      const from = i;
      while (i < text.length && isWhite(text.charAt(i))) i++;
      if (i < text.length && isIfs(text.charAt(i)) && !isWhite(text.charAt(i))) {
        i++;
        while (i < text.length && isWhite(text.charAt(i))) i++;
        this.cut(true);
      } else if (i > from) this.cut(false);
    }
  }

  /** Begins the next field: between the elements of "$@". */
  cut(evenEmpty = true): void {
    if (this.present || evenEmpty) this.done.push({ text: this.text, pattern: this.pattern });
    this.text = '';
    this.pattern = '';
    this.present = false;
  }

  /** An empty "$@" leaves no field, though it is quoted. */
  get isEmpty(): boolean {
    return !this.present;
  }

  finish(): Field[] {
    if (this.present) this.done.push({ text: this.text, pattern: this.pattern });
    return this.done;
  }
}
