// The key of an array element: a string for associative arrays, arithmetic for the others.
import { evaluate } from '../arithmetic';
import type { Shell } from '../shell';
import { parseQuoted, parseScript } from '../syntax/parse';
import { cellsOf } from './cells';
import type { Expander } from './parameter';

type Needs = Pick<Expander, 'quotedText' | 'wordText'>;

export async function evaluateKey(
  shell: Shell,
  array: string,
  subscript: string,
  expander: Needs,
  reading = false,
): Promise<string | number> {
  if (shell.vars.isAssoc(array)) return associative(shell, subscript, expander);
  const text = /[$`"'\\]/.test(subscript)
    ? (await expander.quotedText(shell, parseQuoted(subscript.replaceAll('"', '')))).replaceAll("'", '')
    : subscript;
  const key = Number(evaluate(text, cellsOf(shell)));
  const length = shell.vars.find(array)?.array?.length ?? 0;
  if (key < 0 && key + length < 0) {
    if (reading) return Number.NaN; // told by who reads
    shell.discard(`${array}[${subscript}]: bad array subscript`);
  }
  return key;
}

async function associative(shell: Shell, subscript: string, expander: Needs): Promise<string> {
  if (!/[$`"'\\]/.test(subscript)) return subscript;
  if (!/^["']/.test(subscript) && !/["']/.test(subscript)) return expander.quotedText(shell, parseQuoted(subscript));
  const command = parseScript(`: ${subscript}`).statements[0]?.pipelines[0]?.commands[0];
  const word = command?.type === 'SimpleCommand' ? command.args[0] : undefined;
  return word ? expander.wordText(shell, word) : '';
}
