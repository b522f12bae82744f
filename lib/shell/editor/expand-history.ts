// History expansion: `!!`, `!$`, `!-2`, `!12`, `!text`, `!?text?`, `^old^new`, words `:1-3`, modifiers `:h :s/a/b/ :p`.
import { tokenize } from './words';

/** `print` means that the line is shown and kept, but not run (`:p`). */
export type Expanded = { text: string; print?: boolean } | { problem: string };

class Problem extends Error {}

/** Expands what is not in single quotes, `quote` being open since a line before. A problem is what bash says of it. */
export function expandHistory(text: string, lines: string[], quote?: string): Expanded {
  try {
    return expand(text, lines, quote);
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}

function expand(typed: string, lines: string[], quote: string | undefined): Expanded {
  const text = typed.startsWith('^') ? `!!:s${typed}` : typed;
  let out = '';
  let single = quote === "'";
  let double = quote === '"';
  let print = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\' && !single) {
      out += text.slice(i, i + 2);
      i++;
    } else if (c === "'" && !double) {
      single = !single;
      out += c;
    } else if (c === '"' && !single) {
      double = !double;
      out += c;
    } else if (c === '!' && !single && !(double && text.charAt(i + 1) === '"')) {
      const found = new Reference(text.slice(i), lines, out, typed.startsWith('^') ? typed : undefined).read();
      out += found?.text ?? c;
      print ||= found?.print ?? false;
      i += found ? found.size - 1 : 0;
    } else out += c;
  }
  return print ? { text: out, print } : { text: out };
}

/** One `!…` at the front of a text. */
class Reference {
  private at = 1;
  private print = false;
  /** Where the piece begins that a message names. */
  private from = 0;

  constructor(
    private readonly rest: string,
    private readonly lines: string[],
    private readonly before: string,
    /** The `^old^new` that stands behind it, for messages. */
    private readonly quick: string | undefined,
  ) {}

  read(): { text: string; size: number; print: boolean } | undefined {
    if (/^!([\s=(]|$)/.test(this.rest)) return undefined;
    const line = this.event();
    const text = this.modified(this.words(line));
    return { text, size: this.at, print: this.print };
  }

  private take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.rest.slice(this.at))?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private fail(what: string): never {
    throw new Problem(`${this.quick ? `:s${this.quick}` : this.rest.slice(this.from, this.at)}: ${what}`);
  }

  private event(): string {
    if (/^[$^*:]/.test(this.rest.slice(1))) return this.found(this.lines.at(-1));
    if (this.take(/^!/)) return this.found(this.lines.at(-1));
    if (this.take(/^#/)) return this.before;
    const number = this.take(/^-?\d+/);
    if (number)
      return this.found(this.lines[Number(number) < 0 ? this.lines.length + Number(number) : Number(number) - 1]);
    const inside = this.take(/^\?[^?\n]*\??/);
    if (inside) {
      const sought = inside.replace(/^\?|\?$/g, '');
      return this.found(this.lines.filter((line) => line.includes(sought)).at(-1));
    }
    const start = this.take(/^[^\s:;&()|<>"'$^*]+/) ?? '';
    return this.found(start === '' ? undefined : this.lines.filter((line) => line.startsWith(start)).at(-1));
  }

  private found(line: string | undefined): string {
    return line ?? this.fail('event not found');
  }

  private words(line: string): string {
    const given = this.take(/^(?::(?=[\d^$*%-])|(?=[\^$*]))(?:[\d^$%]+\*|(?:\d+|[\^$%])?-(?:\d+|[\^$%])?|\d+|[\^$*%])/);
    if (given === undefined) return line;
    const all = tokenize(line);
    const last = all.length - 1;
    const index = (text: string) => (text === '^' ? 1 : text === '$' ? last : Number(text));
    const range = /^:?(.*?)([*-]?)(\d*|[\^$]?)$/.exec(given);
    const [, from = '', how = '', to = ''] = range ?? [];
    if (given.replace(':', '') === '*') return all.slice(1).join(' ');
    const start = how || to === '' ? index(from || '0') : index(to);
    const end = how === '*' ? last : how === '-' ? (to === '' ? last - 1 : index(to)) : start;
    if (start > last || end > last || start < 0 || (end < start && how === '-' && to !== ''))
      this.fail('bad word specifier');
    return all.slice(start, end + 1).join(' ');
  }

  private modified(words: string): string {
    let text = words;
    while (true) {
      this.from = this.at;
      const modifier = this.take(/^:[gaG]?[htrepqxs&]/);
      if (!modifier) return text;
      text = this.modify(text, modifier.slice(1));
    }
  }

  private modify(text: string, modifier: string): string {
    switch (modifier.at(-1)) {
      case 'h':
        return text.includes('/') ? text.replace(/\/[^/]*$/, '') : text;
      case 't':
        return text.replace(/^.*\//, '');
      case 'r':
        return text.replace(/\.[^.]*$/, '');
      case 'e':
        return /\.[^.]*$/.exec(text)?.[0] ?? text;
      case 'q':
        return `'${text.replaceAll("'", "'\\''")}'`;
      case 'x':
        return text
          .split(/[ \t\n]/)
          .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
          .join(' ');
      case 's':
        return this.substitute(text, modifier.length > 1);
      case 'p':
        this.print = true;
        return text;
      default:
        return this.fail('unrecognized history modifier');
    }
  }

  private substitute(text: string, all: boolean): string {
    const delimiter = this.rest.charAt(this.at);
    const [old = '', fresh = ''] = this.rest.slice(this.at + 1).split(delimiter);
    const end = this.at + 1 + old.length + 1 + fresh.length;
    this.at = Math.min(this.rest.length, end + (this.rest.charAt(end) === delimiter ? 1 : 0));
    if (old === '') this.fail('no previous substitution');
    if (!text.includes(old)) this.fail('substitution failed');
    const becomes = fresh.replace(/(\\?)&/g, (_, escaped: string) => (escaped ? '&' : old));
    return all ? text.replaceAll(old, () => becomes) : text.replace(old, () => becomes);
  }
}
