// `set -x`: what is printed of a command before it runs, in the words of bash' print_cmd.c.

import { tokenize } from '../editor/words';
import { expandPrompt } from '../prompt';
import { ansiQuote, singleQuote } from '../quote';
import type { Shell } from '../shell';
import { parseQuoted } from '../syntax/parse';

/** Prints a line behind PS4, whose first character says how deep in substitutions and `eval` the command is. */
export async function traceLine(shell: Shell, text: string): Promise<void> {
  const prefix = await expandedPS4(shell);
  const [first = ''] = prefix;
  await shell.proc.complain(`${first.repeat(shell.traceLevel)}${prefix}${text}\n`);
}

async function expandedPS4(shell: Shell): Promise<string> {
  const text = shell.vars.get('PS4') ?? '+ ';
  if (!/[\\$`]/.test(text)) return text;
  const { status } = shell;
  shell.options.delete('xtrace'); // not of what the prompt itself runs
  try {
    return await shell.wordText(parseQuoted(expandPrompt(shell, text).replace(/"/g, '\\"')));
  } finally {
    shell.options.add('xtrace');
    shell.status = status;
  }
}

export const traceWords = (shell: Shell, words: string[]): Promise<void> =>
  traceLine(shell, words.map((word) => quoteTrace(shell, word)).join(' '));

/** An assignment as it is made; an array's values as they are written. */
export const traceAssignment = (shell: Shell, name: string, value: string, append = false): Promise<void> =>
  traceLine(shell, `${name}${append ? '+' : ''}=${value === '' ? '' : quoteTrace(shell, value)}`);

function quoteTrace(shell: Shell, text: string): string {
  if (shell.dialect === 'dash') return text; // as it is
  if (shell.dialect === 'ash') return /[^+-:@-Z\]-_a-z]/.test(text) ? singleQuote(text) : text;
  if (text === '') return "''";
  if (/[\s'"\\|&;()<>!{}*[\]?^$`]|^[~#]/.test(text)) return singleQuote(text);
  return /[\x00-\x1f\x7f]/.test(text) ? ansiQuote(text) : text;
}

/** The head of a `for`, `select` or `case`, as it stands in the source. */
export function head(source: string, keyword: 'for' | 'select' | 'case', name: string): string {
  const words = tokenize(source.replaceAll('\n', ' ; '));
  const from = words.findIndex((word, i) => word === keyword && (keyword === 'case' || words[i + 1] === name));
  if (from < 0) return `${keyword} ${name}`;
  const end = words.findIndex(
    (word, i) => i > from + 1 && (keyword === 'case' ? word === 'in' : /^(;|do)$/.test(word)),
  );
  const found = words.slice(from, end < 0 ? undefined : end + (keyword === 'case' ? 1 : 0));
  return found.length === 2 && keyword !== 'case' ? `${found.join(' ')} in "$@"` : found.join(' ');
}

/** The text of `name=( … )` in the source. */
export function arraySource(source: string, name: string): string {
  const from = source.indexOf(`${name}=(`) < 0 ? source.indexOf(`${name}+=(`) : source.indexOf(`${name}=(`);
  if (from < 0) return `${name}=()`;
  const open = source.indexOf('(', from);
  let quote = '';
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    const c = source.charAt(at);
    if (c === '\\' && quote !== "'") at++;
    else if (quote) quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return source.slice(from, at + 1);
  }
  return source.slice(from);
}
