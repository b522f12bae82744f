// What Tab may put in place of the word before the cursor, and how many of them are listed.
import { textWidth } from './width';

export interface Completions {
  /** Where the word begins, counted in characters of the line. */
  start: number;
  candidates: { text: string; shown: string; final: boolean }[];
}

/** From so many on readline asks before it lists (`completion-query-items`). */
export const QUESTION_FROM = 100;

export function commonPrefix(texts: string[]): string {
  const [first = ''] = texts;
  let size = first.length;
  for (const text of texts) {
    let i = 0;
    while (i < size && text.charAt(i) === first.charAt(i)) i++;
    size = i;
  }
  return first.slice(0, size);
}

/** The rows of a list in columns, read downwards as `ls` lists. */
export function listing(names: string[], columns: number): string[] {
  const width = Math.max(...names.map(textWidth)) + 2;
  const perRow = Math.max(1, Math.floor(columns / width) - (columns % width === 0 && columns > width ? 1 : 0));
  const rows = Math.ceil(names.length / perRow);
  return Array.from({ length: rows }, (_, row) =>
    names
      .filter((_name, i) => i % rows === row)
      .map((name) => name + ' '.repeat(width - textWidth(name)))
      .join(''),
  );
}
