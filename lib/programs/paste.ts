// paste.
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { eachFile, refused, textOf } from './tool';

export const paste: Program = async (proc) => {
  const options = getopt(proc.argv, 'd:sz', { 'delimiters=': 'd', serial: 's' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const delimiters = [...(options.get('d') ?? '\t').replaceAll('\\n', '\n').replaceAll('\\t', '\t')];
  const columns: string[][] = [];
  const read = async (path: string) => (await textOf(proc, path)).replace(/\n$/, '').split('\n');
  const dashes = options.rest.filter((path) => path === '-').length;
  const shared = dashes > 1 ? await read('-') : [];
  let dash = 0;
  const status = await eachFile(proc, options.rest, async (path) => {
    if (path !== '-' || dashes < 2) return void columns.push(await read(path));
    const mine = dash++; // several dashes take the lines in turn
    columns.push(shared.filter((_, i) => i % dashes === mine));
  });
  if (status !== 0) return status; // all files are opened before anything is printed
  const join = (cells: string[]) =>
    cells.reduce(
      (line, cell, i) => (i === 0 ? cell : `${line}${delimiters[(i - 1) % delimiters.length] ?? ''}${cell}`),
      '',
    );
  const rows = options.has('s')
    ? columns
    : Array.from({ length: Math.max(0, ...columns.map(({ length }) => length)) }, (_, i) =>
        columns.map((column) => column[i] ?? ''),
      );
  await proc.print(rows.map((cells) => `${join(cells)}\n`).join(''));
  return status;
};
