// Command history, kept in ~/.bash_history.
import { Errno } from '../../machine/errno';
import type { Shell } from '../shell';

const DEFAULT_SIZE = 1000; // RHEL's HISTSIZE

export class History {
  lines: string[] = [];
  /** What lines were, that were changed while they were gone through, by index. */
  private originals = new Map<number, string>();
  private saved = 0;

  constructor(private readonly path: string) {}

  load(shell: Shell): void {
    try {
      this.lines = shell.proc.files.readText(this.path).split('\n').filter(Boolean);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    this.saved = this.lines.length;
  }

  /** Adds a command, as HISTCONTROL says; false when it is not kept. */
  add(line: string, control = ''): boolean {
    const ignoresSpace = /ignorespace|ignoreboth/.test(control);
    const ignoresDuplicates = /ignoredups|ignoreboth/.test(control);
    if (line.trim() === '' || (ignoresSpace && /^\s/.test(line))) return false;
    if (ignoresDuplicates && this.lines.at(-1) === line) return false;
    this.lines.push(line);
    if (this.lines.length > DEFAULT_SIZE) {
      this.lines.shift();
      this.originals = new Map([...this.originals].map(([at, text]) => [at - 1, text]));
      this.saved = Math.max(0, this.saved - 1);
    }
    return true;
  }

  /** Makes the last command a longer one. */
  join(longer: (text: string) => string): void {
    const last = this.lines.pop();
    if (last !== undefined) this.lines.push(longer(last));
  }

  change(at: number, text: string): void {
    if (!this.originals.has(at)) this.originals.set(at, this.lines[at] ?? '');
    this.lines[at] = text;
  }

  /** Takes back what was changed in a line. */
  restore(at: number): void {
    const original = this.originals.get(at);
    if (original !== undefined) this.lines[at] = original;
    this.originals.delete(at);
  }

  isChanged(at: number): boolean {
    return this.originals.has(at);
  }

  clear(): void {
    this.lines = [];
    this.originals.clear();
    this.saved = 0;
  }

  remove(number: number): boolean {
    if (number < 1 || number > this.lines.length) return false;
    this.lines.splice(number - 1, 1);
    return true;
  }

  /** Appends what is new to the file. */
  save(shell: Shell): void {
    const fresh = this.lines.slice(this.saved);
    if (fresh.length === 0) return;
    let old = '';
    try {
      old = shell.proc.files.readText(this.path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    try {
      shell.proc.files.write(this.path, `${old}${fresh.join('\n')}\n`, 0o600);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    this.saved = this.lines.length;
  }
}
