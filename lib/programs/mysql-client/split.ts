// Cuts a script into statements as the client does: by delimiter, \g and \G, heedful of quotes and comments.

export interface Piece {
  text: string;
  vertical: boolean;
  /** The line that it begins on. */
  line: number;
}

/** Keeps what is unfinished between lines. */
export class Splitter {
  delimiter = ';';
  private buffer = '';
  private quote = '';
  private inComment = false;
  private line = 0;
  private startLine = 1;

  /** What the prompt shows: `'`, `"`, a backquote, `/*`, `-` for an unfinished statement, nothing between statements. */
  get state(): string {
    return this.inComment ? '/*' : this.quote || (this.buffer.trim() ? '-' : '');
  }

  get idle(): boolean {
    return this.state === '';
  }

  clear(): void {
    this.buffer = '';
    this.quote = '';
    this.inComment = false;
  }

  /** Takes a line; gives the statements and backslash commands that it finishes. */
  feed(line: string): (Piece | { command: string })[] {
    this.line++;
    const out: (Piece | { command: string })[] = [];
    for (let i = 0; i < line.length; i++) {
      const c = line[i] as string;
      const two = line.slice(i, i + 2);
      if (this.inComment) {
        this.buffer += c;
        if (two === '*/') {
          this.buffer += '/';
          this.inComment = false;
          i++;
        }
      } else if (this.quote) {
        this.buffer += c;
        if (c === '\\' && this.quote !== '`') this.buffer += line[++i] ?? '';
        else if (c === this.quote) this.quote = '';
      } else if (c === '#' || (two === '--' && /\s|^$/.test(line[i + 2] ?? ''))) break;
      else if (two === '/*') {
        this.add('/*');
        this.inComment = true;
        i++;
      } else if (c === "'" || c === '"' || c === '`') {
        this.add(c);
        this.quote = c;
      } else if (line.startsWith(this.delimiter, i)) {
        this.finish(out, false);
        i += this.delimiter.length - 1;
      } else if (c === '\\' && i + 1 < line.length) i = this.backslash(line, i, out);
      else this.add(c);
    }
    if (this.buffer !== '') this.buffer += '\n';
    return out;
  }

  /** What is left at the end of a script: the client runs it without a delimiter too. */
  rest(): Piece[] {
    const out: Piece[] = [];
    this.finish(out, false);
    return out;
  }

  private add(text: string): void {
    if (this.buffer.trim() === '') {
      if (text.trim() === '') return;
      this.startLine = this.line;
      this.buffer = '';
    }
    this.buffer += text;
  }

  private finish(out: (Piece | { command: string })[], vertical: boolean): void {
    const text = this.buffer.trim();
    this.clear();
    if (text) out.push({ text, vertical, line: this.startLine });
    else if (out) this.buffer = '';
  }

  private backslash(line: string, at: number, out: (Piece | { command: string })[]): number {
    const letter = line[at + 1] as string;
    if (letter === 'g' || letter === 'G') {
      this.finish(out, letter === 'G');
      return at + 1;
    }
    if (letter === 'c') {
      this.clear();
      return at + 1;
    }
    const rest = line
      .slice(at + 2)
      .replace(/;\s*$/, '')
      .trim();
    out.push({ command: `\\${letter}${rest ? ` ${rest}` : ''}` });
    return /[ur.!PTdR#]/.test(letter) ? line.length : at + 1;
  }
}
