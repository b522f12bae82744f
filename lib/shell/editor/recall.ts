// Going through the history with the arrows: what was changed in a line on the way stays in it until a line is accepted.
import type { History } from './history';
import type { Line } from './line';

export class Recall {
  /** Which line of the history is edited; their number means a new line. */
  at = 0;
  private readonly edits = new Map<number, string>();

  constructor(
    private readonly history: History,
    private readonly line: Line,
  ) {}

  begin(at = this.history.lines.length): void {
    this.edits.clear();
    this.at = Math.min(at, this.history.lines.length);
    this.line.set(this.history.lines[this.at] ?? '');
    this.line.forgetUndo();
  }

  /** The text of a line, with what was changed in it. */
  text(at: number): string {
    return this.edits.get(at) ?? this.history.lines[at] ?? '';
  }

  has(at: number): boolean {
    return at >= 0 && at < this.history.lines.length;
  }

  /** Leaves the line as it is now and goes to another; false when there is none. */
  go(at: number): boolean {
    if (at < 0 || at > this.history.lines.length) return false;
    if (at === this.at) return true;
    this.keep();
    this.at = at;
    this.line.set(this.text(at));
    this.line.forgetUndo();
    return true;
  }

  /** The next line on the way that begins with what stands before the cursor; the cursor stays. */
  search(by: 1 | -1): boolean {
    const { cursor } = this.line;
    const prefix = this.line.characters.slice(0, cursor).join('');
    const now = this.line.text;
    for (let at = this.at + by; at >= 0 && at < this.history.lines.length; at += by) {
      if (!this.text(at).startsWith(prefix) || this.text(at) === now) continue;
      this.go(at);
      if (prefix !== '') this.line.cursor = cursor;
      return true;
    }
    return false;
  }

  /** A line was accepted: changes of the others stay in the history, its own do not. */
  accepted(): void {
    this.edits.delete(this.at);
    this.history.restore(this.at);
    for (const [at, text] of this.edits) if (this.has(at)) this.history.change(at, text);
    this.edits.clear();
  }

  private keep(): void {
    const { text } = this.line;
    if (text === this.history.lines[this.at]) this.edits.delete(this.at);
    else this.edits.set(this.at, text);
  }
}
