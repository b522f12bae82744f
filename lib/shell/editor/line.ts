// The line being edited: text, cursor, what was cut. Knows nothing of the screen.

const WORD = /[\p{L}\p{N}_]/u;

export class Line {
  characters: string[] = [];
  cursor = 0;
  /** The last text cut, for C-y. */
  killed = '';
  private undos: { characters: string[]; cursor: number }[] = [];

  get text(): string {
    return this.characters.join('');
  }

  set(text: string): void {
    this.characters = [...text];
    this.cursor = this.characters.length;
  }

  insert(text: string): void {
    this.remember();
    const added = [...text];
    this.characters.splice(this.cursor, 0, ...added);
    this.cursor += added.length;
  }

  /** Cuts from one place to another; what goes is kept for C-y when asked. */
  cut(from: number, to: number, keep = true): void {
    if (from === to) return;
    this.remember();
    const [start, end] = from < to ? [from, to] : [to, from];
    const gone = this.characters.splice(start, end - start).join('');
    if (keep) this.killed = gone;
    this.cursor = start;
  }

  undo(): void {
    const last = this.undos.pop();
    if (last) Object.assign(this, last);
  }

  forgetUndo(): void {
    this.undos = [];
  }

  /** Where the word before the cursor begins; with `blanks` words end only at blanks, as C-w counts. */
  wordStart(blanks = false): number {
    const inWord = (c: string) => (blanks ? !/\s/.test(c) : WORD.test(c));
    let at = this.cursor;
    while (at > 0 && !inWord(this.characters[at - 1] as string)) at--;
    while (at > 0 && inWord(this.characters[at - 1] as string)) at--;
    return at;
  }

  wordEnd(): number {
    let at = this.cursor;
    while (at < this.characters.length && !WORD.test(this.characters[at] as string)) at++;
    while (at < this.characters.length && WORD.test(this.characters[at] as string)) at++;
    return at;
  }

  /** Swaps the two characters before the cursor, as C-t. */
  transpose(): void {
    const { length } = this.characters;
    if (length < 2 || this.cursor === 0) return;
    this.remember();
    const at = Math.min(this.cursor, length - 1);
    const [a, b] = [this.characters[at - 1] as string, this.characters[at] as string];
    this.characters.splice(at - 1, 2, b, a);
    this.cursor = at + 1;
  }

  /** Upper, lower or capital letters up to the end of the word. */
  changeWord(change: (word: string) => string): void {
    this.remember();
    const end = this.wordEnd();
    const changed = [...change(this.characters.slice(this.cursor, end).join(''))];
    this.characters.splice(this.cursor, end - this.cursor, ...changed);
    this.cursor = end;
  }

  private remember(): void {
    this.undos.push({ characters: [...this.characters], cursor: this.cursor });
    if (this.undos.length > MAX_UNDOS) this.undos.shift();
  }
}

const MAX_UNDOS = 200;
