// fold, expand, unexpand, rev: text by its columns.
import type { Process, Program } from '../../machine/process';
import { getopt, type Options } from '../getopt';
import { chunks, eachFile, fail, fullLines, Output, quote, refused, textOf } from '../tool';

const TAB = 8; // columns from one tab stop to the next

export const fold: Program = async (proc) => {
  const argv = proc.argv.map((arg) => (/^-\d+$/.test(arg) ? `-w${arg.slice(1)}` : arg));
  const options = getopt(argv, 'bsw:', { bytes: 'b', spaces: 's', 'width=': 'w' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const given = options.get('w') ?? '80';
  if (!/^\d+$/.test(given)) return fail(proc, `invalid number of columns: ${quote(proc, given)}`);
  const width = Number(given);
  if (width === 0) return fail(proc, `invalid number of columns: ${quote(proc, given)}: Numerical result out of range`);
  return eachFile(proc, options.rest, async (path) => {
    let line = '';
    let column = 0;
    for await (const chunk of chunks(proc, path)) {
      let out = '';
      // A byte is a column, as in coreutils, which fold letters of several bytes apart.
      for (const byte of Buffer.from(chunk).toString('latin1')) {
        if (byte === '\n') {
          out += `${line}\n`;
          line = '';
          column = 0;
          continue;
        }
        column = after(column, byte, options);
        if (column > width && line !== '') {
          const space = options.has('s') ? Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t')) + 1 : 0;
          const kept = space > 0 ? line.slice(space) : '';
          out += `${space > 0 ? line.slice(0, space) : line}\n`;
          line = kept;
          column = after(
            [...kept].reduce((at, each) => after(at, each, options), 0),
            byte,
            options,
          );
        }
        line += byte;
      }
      if (out) await proc.print(Uint8Array.from(Buffer.from(out, 'latin1')));
    }
    if (line) await proc.print(Uint8Array.from(Buffer.from(line, 'latin1')));
  });
};

function after(column: number, byte: string, options: Options): number {
  if (options.has('b')) return column + 1;
  if (byte === '\b') return Math.max(0, column - 1);
  if (byte === '\r') return 0;
  return byte === '\t' ? column + TAB - (column % TAB) : column + 1;
}

/** Where tab stops are: at these columns, then every `every`; after the last nothing stands for a tab but one space. */
interface Stops {
  at: number[];
  every?: number;
}

/** `-t` of expand and unexpand; the message when it is wrong. */
function stopsOf(proc: Process, options: Options): Stops | string {
  const words = options
    .all('t')
    .flatMap((list) => list.split(/[, \t]+/))
    .filter(Boolean);
  const at: number[] = [];
  let every: number | undefined;
  for (const word of words) {
    const found = /^([+/]?)(\d+)$/.exec(word);
    if (!found) return `tab size contains invalid character(s): ${quote(proc, word.replace(/^\d+/, ''))}`;
    const size = Number(found[2]);
    if (size === 0) return 'tab size cannot be 0';
    if (found[1]) every = size;
    else if (size <= (at.at(-1) ?? 0)) return 'tab sizes must be ascending';
    else at.push(size);
  }
  if (every === undefined && at.length === 1) return { at: [], every: at[0] as number };
  return at.length === 0 ? { at, every: every ?? TAB } : { at, ...(every === undefined ? {} : { every }) };
}

/** The stop behind a column. */
function nextStop({ at, every }: Stops, column: number): number | undefined {
  const listed = at.find((stop) => stop > column);
  if (listed !== undefined) return listed;
  if (every === undefined) return undefined;
  return column + every - (column % every);
}

/** `-4` is `-t 4`. */
const withTabs = (argv: readonly string[]): string[] =>
  argv.map((arg) => (/^-\d[\d,]*$/.test(arg) ? `-t${arg.slice(1)}` : arg));

export const expand: Program = async (proc) => {
  const options = getopt(withTabs(proc.argv), 'it:', { initial: 'i', 'tabs=': 't' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const stops = stopsOf(proc, options);
  if (typeof stops === 'string') return fail(proc, stops);
  return filter(proc, options.rest, (line) => {
    let out = '';
    let initial = true;
    let column = 0;
    for (const letter of line) {
      if (letter !== '\t' || (options.has('i') && !initial)) {
        if (letter !== ' ') initial = false;
        out += letter;
        column += letter === '\b' ? -1 : 1;
        continue;
      }
      const width = (nextStop(stops, column) ?? column + 1) - column;
      out += ' '.repeat(width);
      column += width;
    }
    return out;
  });
};

export const unexpand: Program = async (proc) => {
  const options = getopt(withTabs(proc.argv), 'at:', { all: 'a', 'tabs=': 't', 'first-only': 'first' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const stops = stopsOf(proc, options);
  if (typeof stops === 'string') return fail(proc, stops);
  const all = (options.has('a') || options.has('t')) && !options.has('first');
  return filter(proc, options.rest, (line) => unexpanded(line, stops, all));
};

function unexpanded(line: string, stops: Stops, all: boolean): string {
  let out = '';
  let column = 0;
  for (let at = 0; at < line.length; ) {
    const blank = /^[ \t]+/.exec(line.slice(at))?.[0];
    if (blank === undefined || (!all && at > 0)) {
      out += line[at++];
      column++;
      continue;
    }
    at += blank.length;
    out += blanks(blank, column, stops);
    for (const each of blank) column = each === '\t' ? (nextStop(stops, column) ?? column + 1) : column + 1;
  }
  return out;
}

/** A run of blanks with tabs where they reach a stop; a single space before one stays. */
function blanks(run: string, from: number, stops: Stops): string {
  let column = from;
  let held = '';
  let out = '';
  for (const each of run) {
    const stop = nextStop(stops, column);
    if (each === '\t') {
      out += '\t';
      held = '';
      column = stop ?? column + 1;
      continue;
    }
    held += ' ';
    column++;
    if (stop !== undefined && column === stop && (held.length > 1 || out.endsWith('\t'))) {
      out += '\t';
      held = '';
    }
  }
  return out + held;
}

export const rev: Program = async (proc) => {
  const options = getopt(proc.argv, '0', { zero: '0' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  return eachFile(
    proc,
    options.rest,
    async (path) => {
      const out = new Output(proc);
      for await (const line of fullLines(chunks(proc, path))) {
        const letters = [...line.replace(/\n$/, '')];
        await out.add(letters.reverse().join('') + (line.endsWith('\n') ? '\n' : ''));
      }
      await out.flush();
    },
    (path, reason) => `cannot open ${path}: ${reason}`,
  );
};

/** Prints each line of each file changed; the last keeps its want of a newline. */
function filter(proc: Process, files: readonly string[], change: (line: string) => string): Promise<number> {
  return eachFile(proc, files, async (path) => {
    const out = new Output(proc);
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of chunks(proc, path)) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) await out.add(`${change(line)}\n`);
    }
    await out.add(change(rest));
    await out.flush();
  });
}

export const tac: Program = async (proc) => {
  const options = getopt(proc.argv, 'brs:', { before: 'b', regex: 'r', 'separator=': 's' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const separator = options.get('s') ?? '\n';
  if (separator === '') return fail(proc, 'separator cannot be empty');
  let pattern: RegExp;
  try {
    pattern = new RegExp(options.has('r') ? separator : separator.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g');
  } catch {
    return fail(proc, `Invalid regular expression`);
  }
  return eachFile(
    proc,
    options.rest,
    async (path) => {
      const text = await textOf(proc, path);
      const records: string[] = [];
      let from = 0;
      for (const found of text.matchAll(pattern)) {
        const cut = options.has('b') ? found.index : found.index + found[0].length;
        if (cut > from) records.push(text.slice(from, cut));
        from = cut;
      }
      if (from < text.length) records.push(text.slice(from));
      await proc.print(records.reverse().join(''));
    },
    (path, reason) => `failed to open ${quote(proc, path)} for reading: ${reason}`,
  );
};
