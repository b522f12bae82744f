// Array values: `{1,2,"a b",NULL}`.
import { PgError } from './error';

export type Item = string | null;

/** The items of an array's text; nested arrays stay texts. */
export function readArray(text: string): Item[] {
  const body = text.trim().replace(/^\[[^\]]*\]=/, '');
  if (!body.startsWith('{') || !body.endsWith('}'))
    throw new PgError('22P02', `malformed array literal: "${text}"`, {
      detail: 'Array value must start with "{" or dimension information.',
    });
  const items: Item[] = [];
  let at = 1;
  const end = body.length - 1;
  while (at < end) {
    const [item, next] = readItem(body, at, end);
    items.push(item);
    at = next + 1;
  }
  return items;
}

function readItem(body: string, from: number, end: number): [Item, number] {
  let at = from;
  while (body[at] === ' ') at++;
  if (body[at] === '{') {
    const close = matching(body, at);
    return [body.slice(at, close + 1), close + 1];
  }
  if (body[at] === '"') {
    let text = '';
    for (at++; at < end && body[at] !== '"'; at++) text += body[at] === '\\' ? body[++at] : body[at];
    return [text, at + 1];
  }
  const stop = body.indexOf(',', at) < 0 ? end : Math.min(body.indexOf(',', at), end);
  const word = body.slice(at, stop).trim();
  return [word.toUpperCase() === 'NULL' ? null : word, stop];
}

function matching(body: string, open: number): number {
  let depth = 0;
  for (let at = open; at < body.length; at++) {
    if (body[at] === '"') for (at++; at < body.length && body[at] !== '"'; at++) if (body[at] === '\\') at++;
    if (body[at] === '{') depth++;
    if (body[at] === '}' && --depth === 0) return at;
  }
  return body.length - 1;
}

const plain = (item: string): boolean => item !== '' && !/[\s{},"\\]/.test(item) && !/^null$/i.test(item);

export const writeArray = (items: Item[], nested = false): string =>
  `{${items
    .map((item) =>
      item === null
        ? 'NULL'
        : plain(item) || (nested && item.startsWith('{'))
          ? item
          : `"${item.replace(/["\\]/g, '\\$&')}"`,
    )
    .join(',')}}`;
