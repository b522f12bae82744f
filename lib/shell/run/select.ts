// `select`: a numbered menu on standard error, an answer from standard input.

import { readLine } from '../builtins/read-line';
import type { Shell } from '../shell';
import { once } from './loop';

export async function runSelect(
  shell: Shell,
  variable: string,
  words: string[],
  body: () => Promise<number>,
): Promise<number> {
  const menu = inColumns(words, Number(shell.vars.get('COLUMNS')) || 80);
  let status = 0;
  for (let show = true; words.length > 0; ) {
    await shell.proc.complain(`${show ? menu : ''}${shell.vars.get('PS3') ?? '#? '}`);
    const { text, ended } = await readLine(shell, { fd: 0, delimiter: '\n' });
    if (ended && text === '') {
      await shell.proc.print('\n');
      return status === 0 ? 1 : status;
    }
    show = text.trim() === '';
    if (show) continue;
    shell.vars.set('REPLY', text);
    shell.vars.set(variable, words[Number(text.trim()) - 1] ?? '');
    const goOn = await once(shell, async () => {
      status = await body();
    });
    if (!goOn) return shell.status;
  }
  return status;
}

const RIGHT_GAP = 2; // between the number and the word: `) `

/** Entries from top to bottom in as many columns as bash fits on the screen; few are one column. */
function inColumns(words: string[], screen: number): string {
  const digits = (count: number) => String(count).length;
  const width = digits(words.length);
  const longest = Math.max(0, ...words.map((word) => [...word].length)) + width + RIGHT_GAP + 2;
  let columns = Math.max(1, Math.floor(screen / longest));
  let rows = Math.ceil(words.length / columns);
  columns = Math.ceil(words.length / rows);
  if (rows === 1) [rows, columns] = [columns, 1];
  const first = digits(rows);
  let out = '';
  for (let row = 0; row < rows; row++) {
    let at = 0;
    for (let index = row, start = 0; index < words.length; index += rows) {
      const entry = `${String(index + 1).padStart(start === 0 ? first : width)}) ${words[index]}`;
      out += entry;
      at = start + [...entry].length;
      if (index + rows >= words.length) break;
      start += longest;
      out += gap(at, start);
    }
    out += '\n';
  }
  return out;
}

const TAB = 8;

function gap(from: number, to: number): string {
  let out = '';
  let at = from;
  while (at < to)
    if (Math.floor(to / TAB) > Math.floor(at / TAB)) {
      out += '\t';
      at += TAB - (at % TAB);
    } else {
      out += ' ';
      at++;
    }
  return out;
}
