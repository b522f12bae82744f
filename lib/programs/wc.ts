// wc.
import { toText } from '../machine/fs';
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { chunks, eachFile, refused } from './tool';

interface Counts {
  l: number;
  w: number;
  m: number;
  c: number;
  L: number;
}

type Column = keyof Counts;
const COLUMNS: Column[] = ['l', 'w', 'm', 'c', 'L'];

export const wc: Program = async (proc) => {
  const options = getopt(proc.argv, 'clLmw', {
    bytes: 'c',
    chars: 'm',
    lines: 'l',
    'max-line-length': 'L',
    words: 'w',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const columns = COLUMNS.filter((column) => options.has(column));
  const shown = columns.length > 0 ? columns : (['l', 'w', 'c'] satisfies Column[]);
  const rows: { counts: Counts; name: string }[] = [];
  const total: Counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
  const status = await eachFile(proc, options.rest, async (path) => {
    const counts = await count(
      proc,
      path,
      shown.some((column) => column !== 'l' && column !== 'c'),
    );
    for (const column of COLUMNS)
      total[column] = column === 'L' ? Math.max(total.L, counts.L) : total[column] + counts[column];
    rows.push({ counts, name: options.rest.length === 0 ? '' : path });
  });
  if (options.rest.length > 1) rows.push({ counts: total, name: 'total' });
  const width = widthOf(proc, options, shown, total);
  for (const { counts, name } of rows) {
    const cells = shown.map((column) => String(counts[column]).padStart(width));
    await proc.print(`${cells.join(' ')}${name ? ` ${name}` : ''}\n`);
  }
  return status;
};

/** As wide as the biggest number; seven when the size of an input is not known beforehand. */
function widthOf(proc: Process, options: Options, shown: Column[], total: Counts): number {
  if (shown.length === 1 && options.rest.length <= 1) return 1;
  const unknown =
    options.rest.length === 0 || options.rest.some((path) => path === '-' || proc.files.find(path)?.type === 'device');
  return unknown ? 7 : String(total.c).length;
}

async function count(proc: Process, path: string, inText: boolean): Promise<Counts> {
  const counts: Counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
  let inWord = false;
  let column = 0;
  for await (const chunk of chunks(proc, path)) {
    counts.c += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) counts.l++;
    if (!inText) continue;
    for (const c of toText(chunk)) {
      counts.m++;
      const space = /\s/.test(c);
      if (!space && !inWord) counts.w++;
      inWord = !space;
      column = c === '\n' ? 0 : column + 1;
      counts.L = Math.max(counts.L, column);
    }
  }
  return counts;
}
