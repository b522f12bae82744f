// Brace expansion: `a{b,c}d` and `{1..10..2}` become several words before anything else is expanded.
import type { Brace, WordNode, WordPart } from '../syntax/ast';

/** Too many words; the message is bash's. */
export class BraceOverflow extends Error {
  constructor(elements: number) {
    super(`brace expansion: failed to allocate memory for ${elements} elements`);
  }
}

const MAX_WORDS = 1_000_000; // what fits a student's memory; real bash fails at what malloc refuses

export const hasBraces = (word: WordNode): boolean => word.parts.some((part) => part.type === 'BraceExpansion');

/** The words that a word with braces stands for, in bash's order. */
export function expandBraces(word: WordNode): WordNode[] {
  let heads: WordPart[][] = [[]];
  for (const part of word.parts) {
    const tails = part.type === 'BraceExpansion' ? alternatives(part) : [[part]];
    if (heads.length * tails.length > MAX_WORDS) throw new BraceOverflow(heads.length * tails.length);
    heads =
      heads.length === 1 && tails.length === 1
        ? [[...heads[0]!, ...tails[0]!]]
        : heads.flatMap((head) => tails.map((tail) => [...head, ...tail]));
  }
  return heads.map((parts) => ({ type: 'Word', parts }));
}

function alternatives(brace: Brace): WordPart[][] {
  return brace.items.flatMap((item) => {
    if (item.type === 'Word') return expandBraces(item.word).map((word) => word.parts);
    return sequence(item).map((value): WordPart[] => [{ type: 'Literal', value }]);
  });
}

/** The parts of braces that are not expanded: they stand for themselves, and what is in them is expanded as ever. */
export function plainBraces(brace: Brace): WordPart[] {
  const literal = (value: string): WordPart => ({ type: 'Literal', value });
  const inner = brace.items.flatMap((item, i): WordPart[] => [
    ...(i > 0 ? [literal(',')] : []),
    ...(item.type === 'Word' ? item.word.parts : [literal(rangeText(item))]),
  ]);
  return [literal('{'), ...inner, literal('}')];
}

const rangeText = ({ start, end, step, startStr, endStr }: Range): string =>
  `${startStr ?? start}..${endStr ?? end}${step === undefined ? '' : `..${step}`}`;

type Range = Extract<Brace['items'][number], { type: 'Range' }>;

function sequence({ start, end, step, startStr, endStr }: Range): string[] {
  const letters = typeof start === 'string' && typeof end === 'string';
  const from = letters ? start.charCodeAt(0) : Number(start);
  const to = letters ? end.charCodeAt(0) : Number(end);
  const by = Math.max(1, Math.abs(step ?? 1)) * (from <= to ? 1 : -1);
  const count = Math.floor(Math.abs(to - from) / Math.abs(by)) + 1;
  if (count > MAX_WORDS) throw new BraceOverflow(count);
  const padded = [startStr, endStr].some((text) => /^-?0\d/.test(text ?? ''));
  const width = padded ? Math.max(startStr?.length ?? 0, endStr?.length ?? 0) : 0;
  return Array.from({ length: count }, (_, i) => {
    const n = from + i * by;
    if (letters) return String.fromCharCode(n);
    return n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0');
  });
}
