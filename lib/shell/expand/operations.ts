// What may be done to a parameter's value: removal, replacement, slices, case, transformations.

import { describe } from '../describe';
import { compile, patternSource } from '../pattern';
import { expandPrompt } from '../prompt';
import { ansiEscapes, quoteValue } from '../quote';
import type { Shell } from '../shell';
import type { Operation, WordNode } from '../syntax/ast';
import { TOGGLE_CASE } from '../syntax/markers';
import { parseQuoted } from '../syntax/parse';
import type { Expander } from './parameter';

type Op<T extends Operation['type']> = Extract<Operation, { type: T }>;

/** Applies an operation to one value. */
export async function operate(
  shell: Shell,
  name: string,
  operation: Operation,
  text: string,
  expander: Expander,
  unset: boolean,
): Promise<string> {
  switch (operation.type) {
    case 'Substring':
      return slice(shell, operation, text, expander);
    case 'PatternRemoval':
      return remove(await expander.patternText(shell, operation.pattern), operation, text);
    case 'PatternReplacement':
      return replace(shell, operation, text, expander);
    case 'CaseModification':
      return changeCase(
        operation,
        text,
        operation.pattern ? await expander.patternText(shell, operation.pattern) : '?',
      );
    case 'Transform':
      return unset && operation.operator === 'Q'
        ? ''
        : (await transform(shell, name, operation.operator, [text], expander)).join(' ');
    default:
      return text;
  }
}

async function bounds(
  shell: Shell,
  operation: Op<'Substring'>,
  size: number,
  expander: Expander,
  negativeLength: boolean,
): Promise<[number, number]> {
  const from = Number(await expander.number(shell, operation.offset.originalText ?? ''));
  const start = from < 0 ? size + from : from;
  if (!operation.length) return [start, size];
  const lengthText = operation.length.originalText ?? '';
  const count = Number(await expander.number(shell, lengthText));
  if (count < 0 && !negativeLength) shell.discard(`${lengthText.trim()}: substring expression < 0`);
  const end = count < 0 ? size + count : start + count;
  if (count < 0 && end < start) shell.discard(`${lengthText.trim()}: substring expression < 0`);
  return [start, end];
}

async function slice(shell: Shell, operation: Op<'Substring'>, text: string, expander: Expander): Promise<string> {
  const characters = [...text];
  const [start, end] = await bounds(shell, operation, characters.length, expander, true);
  return start < 0 || start > characters.length ? '' : characters.slice(start, end).join('');
}

/** `${@:2:3}` counts $0 in, `${a[@]:1}` does not. */
export async function sliceList(
  shell: Shell,
  name: string,
  operation: Op<'Substring'>,
  items: string[],
  expander: Expander,
): Promise<string[]> {
  const all = name === '@' || name === '*' ? [shell.name, ...items] : items;
  const { array, assoc } = shell.vars.find(name.replace(/\[.*/s, '')) ?? {};
  if (assoc) {
    // bash counts from one here, as with $@, but there is nothing that 0 would stand for
    const [start, end] = await bounds(shell, operation, items.length, expander, false);
    const before = start > 0 && !/^\s*-/.test(operation.offset.originalText ?? '') ? 1 : 0;
    return start < 0 ? [] : items.slice(start - before, operation.length ? end - before : undefined);
  }
  if (!array || array.length === items.length) {
    const [start, end] = await bounds(shell, operation, all.length, expander, false);
    return start < 0 ? [] : all.slice(start, end);
  }
  // of an array with gaps the offset is an index, the length a number of elements
  const [start, end] = await bounds(shell, operation, array.length, expander, false);
  if (start < 0) return [];
  const from = Object.keys(array).filter((key) => Number(key) >= start).length;
  return items.slice(items.length - from).slice(0, operation.length ? end - start : undefined);
}

function remove(pattern: string, operation: Op<'PatternRemoval'>, text: string): string {
  const source = patternSource(pattern, { lazy: !operation.greedy });
  if (operation.side === 'prefix') {
    const match = compile(`^(?:${source})`).exec(text);
    return match ? text.slice(match[0].length) : text;
  }
  const whole = compile(`^(?:${source})$`);
  const starts = operation.greedy ? ascending(text.length) : descending(text.length);
  for (const start of starts) if (whole.test(text.slice(start))) return text.slice(0, start);
  return text;
}

function* ascending(n: number): Generator<number> {
  for (let i = 0; i <= n; i++) yield i;
}

function* descending(n: number): Generator<number> {
  for (let i = n; i >= 0; i--) yield i;
}

async function replace(
  shell: Shell,
  operation: Op<'PatternReplacement'>,
  text: string,
  expander: Expander,
): Promise<string> {
  const pattern = await expander.patternText(shell, operation.pattern);
  const replacement = operation.replacement ? await replacementText(shell, operation.replacement, expander) : '';
  if (pattern === '' && !operation.anchor) return text;
  const source = patternSource(pattern);
  const anchored =
    operation.anchor === 'start' ? `^(?:${source})` : operation.anchor === 'end' ? `(?:${source})$` : source;
  return text.replace(compile(anchored, operation.all ? 'gu' : 'u'), (found) =>
    found === '' && !operation.anchor
      ? ''
      : replacement.replace(
          /\\([\\&])|&/g,
          (whole, escaped) => escaped ?? (whole === '&' && shell.shopts.has('patsub_replacement') ? found : whole),
        ),
  );
}

const UNQUOTED = new Set(['Literal', 'Glob', 'ParameterExpansion']);

/** Quoted ampersands stand for themselves. */
const replacementText = (shell: Shell, word: WordNode, expander: Expander): Promise<string> => {
  const quotesAmpersand = word.parts.some((part) => !UNQUOTED.has(part.type));
  const text = expander.wordText(shell, word);
  return quotesAmpersand ? text.then((t) => t.replace(/[\\&]/g, '\\$&')) : text;
};

function changeCase(operation: Op<'CaseModification'>, text: string, pattern: string): string {
  const toggles = pattern.startsWith(TOGGLE_CASE);
  const one = compile(`^(?:${patternSource(toggles ? pattern.slice(1) : pattern)})$`);
  const toggled = (c: string) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase());
  const change = (c: string) => {
    if (!one.test(c)) return c;
    return toggles ? toggled(c) : operation.direction === 'upper' ? c.toUpperCase() : c.toLowerCase();
  };
  const characters = [...text];
  if (operation.all) return characters.map(change).join('');
  return characters.length === 0 ? '' : change(characters[0] as string) + characters.slice(1).join('');
}

export async function transform(
  shell: Shell,
  name: string,
  operator: string,
  items: string[],
  expander: Expander,
): Promise<string[]> {
  switch (operator) {
    case 'Q':
      return items.map(quoteValue);
    case 'E':
      return items.map(ansiEscapes);
    case 'P':
      return Promise.all(
        items.map((item) =>
          expander.quotedText(shell, parseQuoted(expandPrompt(shell, item).replace(/["\\]/g, '\\$&'))),
        ),
      );
    case 'U':
      return items.map((item) => item.toUpperCase());
    case 'L':
      return items.map((item) => item.toLowerCase());
    case 'u':
      return items.map((item) => item.charAt(0).toUpperCase() + item.slice(1));
    case 'a': {
      const flags = describe.flags(shell.vars.find(name.replace(/\[.*/, '')) ?? {});
      return /\[[@*]\]$/.test(name) ? items.map(() => flags) : [flags];
    }
    case 'A':
      if (name === '@' || name === '*') return [['set --', ...items.map(quoteValue)].join(' ')];
      return [describe.assignment(name.replace(/\[.*/, ''), shell.vars.find(name.replace(/\[.*/, '')) ?? {})];
    default:
      return describe.pairs(shell.vars.find(name.replace(/\[.*/, '')) ?? {}, operator === 'k');
  }
}
