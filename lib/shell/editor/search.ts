// Incremental search in the history: C-r backwards, C-s forwards.
import type { Key } from './keys';
import type { Line } from './line';
import type { Recall } from './recall';

/** What a key did: it belongs to the search, it ended it, or it ended it and is to be done as well. */
export type Searched = 'taken' | 'ended' | 'passed';

export class Search {
  private query = '';
  private failed = false;
  private by: 1 | -1;
  private readonly start: { at: number; text: string; cursor: number };

  constructor(
    private readonly recall: Recall,
    private readonly line: Line,
    /** What was searched for the last time: a second C-r at once searches for it again. */
    private readonly last: string,
    by: 1 | -1,
  ) {
    this.by = by;
    this.start = { at: recall.at, text: line.text, cursor: line.cursor };
  }

  get label(): string {
    return `(${this.failed ? 'failed ' : ''}${this.by < 0 ? 'reverse-' : ''}i-search)\`${this.query}': `;
  }

  get sought(): string {
    return this.query || this.last;
  }

  key(key: Key): Searched {
    switch (key.name) {
      case 'text':
        return this.extend(key.text);
      case 'backspace':
        this.query = [...this.query].slice(0, -1).join('');
        return this.extend('');
      case 'C-r':
      case 'C-s':
        return this.again(key.name === 'C-r' ? -1 : 1);
      case 'C-w':
        return this.extend(this.wordHere());
      case 'C-y':
        return this.extend(this.line.characters.slice(this.line.cursor + [...this.query].length).join(''));
      case 'C-g':
        this.recall.go(this.start.at);
        this.line.set(this.start.text);
        this.line.cursor = this.start.cursor;
        return 'ended';
      case 'escape':
      case 'C-j':
        return 'ended';
      default:
        return 'passed';
    }
  }

  private extend(text: string): Searched {
    this.query += text;
    if (this.query !== '') this.failed = !this.find(this.recall.at, this.line.cursor);
    return 'taken';
  }

  private again(by: 1 | -1): Searched {
    this.by = by;
    if (this.query === '') {
      this.query = this.last;
      this.failed = this.query !== '' && !this.find(this.recall.at, this.line.cursor);
    } else this.failed = !this.find(this.recall.at, this.line.cursor + by);
    return 'taken';
  }

  /** The rest of the word after what was found. */
  private wordHere(): string {
    const rest = this.line.characters.slice(this.line.cursor + [...this.query].length).join('');
    return /^\W*\w*/.exec(rest)?.[0] ?? '';
  }

  /** Goes to the nearest line that has what is sought, from a place of the present line on. */
  private find(from: number, cursor: number): boolean {
    for (let at = from; at === from || this.recall.has(at); at += this.by) {
      const text = at === this.recall.at ? this.line.text : this.recall.text(at);
      const column = this.column(text, at === from ? cursor : this.by < 0 ? text.length : 0);
      if (column < 0 || (at !== from && text === this.line.text)) continue;
      this.recall.go(at);
      this.line.cursor = [...text.slice(0, column)].length;
      return true;
    }
    return false;
  }

  /** Where what is sought begins, from a character of the text on; -1 when it is not there. */
  private column(text: string, from: number): number {
    if (from < 0) return -1;
    const units = [...text].slice(0, from).join('').length;
    return this.by < 0 ? text.lastIndexOf(this.query, units) : text.indexOf(this.query, units);
  }
}
