// Assignments: `x=1`, `a[2]+=y`, `b=(1 2 [5]=z)`.

import { evaluate } from '../arithmetic';
import { cellsOf } from '../expand/cells';
import { assignedText, expandWords, quotedText, wordText } from '../expand/expand';
import { evaluateKey } from '../expand/subscript';
import type { Shell } from '../shell';
import type { Assignment, WordNode, WordPart } from '../syntax/ast';
import { arraySource, traceAssignment, traceLine } from './trace';

const expander = { quotedText, wordText };

/** Makes the assignment in the shell's variables and tells it to `set -x`; throws ReadonlyError. */
export async function assign(shell: Shell, node: Assignment): Promise<void> {
  const traced = shell.option('xtrace');
  const element = /^(\w+)\[(.*)\]$/s.exec(node.name);
  if (node.array) {
    const entries = await arrayEntries(shell, node.name, node.array);
    if (traced) await traceLine(shell, arraySource(shell.commandText, node.name));
    return shell.vars.setArray(node.name, entries, node.append);
  }
  const text = await assignedText(shell, node);
  if (traced) await traceAssignment(shell, node.name, text, node.append);
  if (!element) return shell.vars.set(node.name, text, node.append);
  const [, name = '', subscript = ''] = element;
  shell.vars.setElement(
    name,
    await evaluateKey(shell, shell.vars.resolve(name), subscript, expander),
    text,
    node.append,
  );
}

interface Entry {
  key?: string | number;
  value: string;
  append?: boolean;
}

export async function arrayEntries(shell: Shell, name: string, words: WordNode[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  const assoc = shell.vars.isAssoc(name);
  for (const word of words) {
    const keyed = splitKey(word);
    if (keyed) {
      const keyText = keyed.source === undefined ? await wordText(shell, keyed.key) : keyed.source;
      const key =
        keyed.source !== undefined
          ? await evaluateKey(shell, name, keyed.source, expander)
          : assoc
            ? keyText
            : Number(evaluate(keyText, cellsOf(shell)));
      entries.push({ key, value: await wordText(shell, keyed.value), append: keyed.append });
    } else if (assoc) {
      const value = await wordText(shell, word);
      if (entries.some(({ key }) => key !== undefined)) {
        await shell.complain(`${name}: '${value}': must use subscript when assigning associative array`);
        continue;
      }
      entries.push({ value });
    } else for (const value of await expandWords(shell, [word])) entries.push({ value });
  }
  return assoc ? pairUp(entries) : entries;
}

/** `m=(k v k v)` of an associative array. */
function pairUp(entries: Entry[]): Entry[] {
  if (entries.some(({ key }) => key !== undefined)) return entries.filter(({ key }) => key !== undefined);
  const pairs: Entry[] = [];
  for (let i = 0; i < entries.length; i += 2)
    pairs.push({ key: entries[i]?.value ?? '', value: entries[i + 1]?.value ?? '' });
  return pairs;
}

/** `[key]=value`: the library gives it as a glob and literals. */
function splitKey(
  word: WordNode,
): { key: WordNode; value: WordNode; append: boolean; source?: string | undefined } | undefined {
  const parts = word.parts.map(
    (part): WordPart => (part.type === 'Glob' ? { type: 'Literal', value: part.pattern } : part),
  );
  const first = parts[0];
  if (first?.type !== 'Literal' || !first.value.startsWith('[')) return undefined;
  const key: WordPart[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as WordPart;
    const text = part.type === 'Literal' ? (i === 0 ? part.value.slice(1) : part.value) : undefined;
    const end = text === undefined ? null : /^([\s\S]*?)\](?:(\+?)=([\s\S]*))?$/.exec(text);
    if (text === undefined || !end) {
      key.push(text === undefined ? part : { type: 'Literal', value: text });
      continue;
    }
    let append = end[2] === '+';
    let value: WordPart[] = [{ type: 'Literal', value: end[3] ?? '' }, ...parts.slice(i + 1)];
    if (end[3] === undefined) {
      const next = parts[i + 1];
      const sign = next?.type === 'Literal' ? /^(\+?)=([\s\S]*)$/.exec(next.value) : null;
      if (!sign) return undefined;
      append = sign[1] === '+';
      value = [{ type: 'Literal', value: sign[2] ?? '' }, ...parts.slice(i + 2)];
    }
    if (end[1]) key.push({ type: 'Literal', value: end[1] });
    // what the library took for a glob still has its quotes
    const quoted = i === 0 && word.parts[0]?.type === 'Glob' && /[$`"'\\]/.test(end[1] ?? '');
    return {
      ...(quoted ? { source: end[1] } : {}),
      key: { type: 'Word', parts: key },
      value: { type: 'Word', parts: unglob(value) },
      append,
    };
  }
  return undefined;
}

/** A tilde or glob in a value is text; empty literals are dropped but one stays. */
const unglob = (parts: WordPart[]): WordPart[] => {
  const filled = parts.filter((part) => part.type !== 'Literal' || part.value !== '');
  return filled.length > 0 ? filled : [{ type: 'Literal', value: '' }];
};
