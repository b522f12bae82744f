// The line being edited: text, cursor, mark, what was cut, what can be undone. Knows nothing of the screen.

const WORD = /[\p{L}\p{N}]/u;

interface Moment {
  characters: string[];
  cursor: number;
  /** Characters typed since, which are undone together. */
  typed: number;
}

export class Line {
  characters: string[] = [];
  cursor = 0;
  mark = 0;
  /** The last key cut something too: what is cut now joins it. */
  continues = false;
  private killed: string[] = [];
  private turn = 0;
  private undos: Moment[] = [];
  /** Characters of all that can be undone. */
  private remembered = 0;

  get text(): string {
    return this.characters.join('');
  }

  set(text: string): void {
    this.characters = [...text];
    this.cursor = this.characters.length;
  }

  /** Replaces all of the text, so that it can be undone. */
  replace(text: string): void {
    this.remember();
    this.set(text);
  }

  insert(text: string): void {
    const added = [...text];
    this.rememberTyping(added.length);
    const { characters, cursor } = this;
    if (cursor === characters.length) for (const c of added) characters.push(c);
    else this.characters = [...characters.slice(0, cursor), ...added, ...characters.slice(cursor)];
    this.cursor += added.length;
  }

  /** Cuts from one place to another. */
  cut(from: number, to: number): string {
    if (from === to) return '';
    const [start, end] = from < to ? [from, to] : [to, from];
    this.remember(end); // undone, the text is put in again, and the cursor stands after it
    const gone = this.characters.splice(start, end - start).join('');
    this.cursor = start;
    return gone;
  }

  /** Cuts and keeps what goes for C-y; cuts in a row are kept as one. */
  kill(from: number, to: number): void {
    const gone = this.cut(from, to);
    if (gone === '') return;
    const last = this.continues ? this.killed.pop() : undefined;
    const text = to < from ? gone + (last ?? '') : (last ?? '') + gone;
    if (text !== this.killed.at(-1)) this.killed.push(text);
    if (this.killed.length > KILLS_KEPT) this.killed.shift();
    this.turn = 0;
  }

  yank(): void {
    this.mark = this.cursor;
    const text = this.killed.at(-1 - this.turn);
    if (text) this.insert(text);
  }

  /** After a yank: the text cut before that one in its place. */
  yankPop(): void {
    if (this.killed.length === 0) return;
    this.cut(this.mark, this.cursor);
    this.turn = (this.turn + 1) % this.killed.length;
    this.yank();
  }

  undo(): void {
    const last = this.undos.pop();
    this.remembered -= last?.characters.length ?? 0;
    if (last) Object.assign(this, { characters: last.characters, cursor: last.cursor });
  }

  undoAll(): void {
    const [first] = this.undos;
    this.forgetUndo();
    if (first) Object.assign(this, { characters: first.characters, cursor: first.cursor });
  }

  forgetUndo(): void {
    this.undos = [];
    this.remembered = 0;
  }

  /** Where the word before `from` begins; with `blanks` words end only at blanks, as C-w counts. */
  wordStart(from = this.cursor, blanks = false): number {
    const inWord = (c: string) => (blanks ? !/\s/.test(c) : WORD.test(c));
    let at = from;
    while (at > 0 && !inWord(this.characters[at - 1] as string)) at--;
    while (at > 0 && inWord(this.characters[at - 1] as string)) at--;
    return at;
  }

  wordEnd(from = this.cursor): number {
    let at = from;
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

  /** Swaps the word before the cursor with the one at it or after it. */
  transposeWords(): void {
    const secondEnd = this.wordEnd();
    const secondStart = this.wordStart(secondEnd);
    const firstStart = this.wordStart(secondStart);
    const firstEnd = this.wordEnd(firstStart);
    if (firstStart === secondStart || firstEnd > secondStart) return;
    this.remember();
    const part = (from: number, to: number) => this.characters.slice(from, to);
    const swapped = [...part(secondStart, secondEnd), ...part(firstEnd, secondStart), ...part(firstStart, firstEnd)];
    this.characters.splice(firstStart, secondEnd - firstStart, ...swapped);
    this.cursor = secondEnd;
  }

  /** Upper, lower or capital letters up to the end of the word. */
  changeWord(change: (word: string) => string): void {
    this.remember();
    const end = this.wordEnd();
    const changed = [...change(this.characters.slice(this.cursor, end).join(''))];
    this.characters.splice(this.cursor, end - this.cursor, ...changed);
    this.cursor = end;
  }

  private remember(cursor = this.cursor): void {
    this.undos.push({ characters: [...this.characters], cursor, typed: 0 });
    this.remembered += this.characters.length;
    while (this.undos.length > MAX_UNDOS || (this.undos.length > 1 && this.remembered > UNDO_CHARACTERS))
      this.remembered -= this.undos.shift()?.characters.length ?? 0;
  }

  /** Characters typed one after the other are undone together, some at a time. */
  private rememberTyping(count: number): void {
    const last = this.undos.at(-1);
    const follows = count === 1 && last && last.typed > 0 && last.typed < TYPED_TOGETHER;
    if (follows && this.cursor === last.cursor + last.typed) {
      last.typed++;
      return;
    }
    this.remember();
    const now = this.undos.at(-1);
    if (now && count === 1) now.typed = 1;
  }
}

const MAX_UNDOS = 200;
const UNDO_CHARACTERS = 4 * 1024 * 1024; // of all of them: a large paste is remembered a few times only
const KILLS_KEPT = 10; // readline's kill ring
const TYPED_TOGETHER = 20; // as rl_insert_text joins them
