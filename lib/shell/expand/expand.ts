// Expansion of words: braces, tilde, parameters, commands, arithmetic, then field splitting and pathnames.
import { ArithmeticError, evaluate } from '../arithmetic';
import type { Shell } from '../shell';
import type { Arithmetic, Assignment, HereDoc, WordNode, WordPart } from '../syntax/ast';
import { parseQuoted } from '../syntax/parse';
import { expandBraces, hasBraces, plainBraces } from './brace';
import { cellsOf } from './cells';
import { type Field, Fields } from './fields';
import { glob } from './glob';
import { type Expander, parameter } from './parameter';
import { commandOutput, processFile } from './substitute';

const expander: Expander = { wordText, patternText, number: expandNumber, quotedText };

/** Words as a command gets them: split, and replaced by the files they match. */
export async function expandWords(shell: Shell, words: WordNode[]): Promise<string[]> {
  const out: string[] = [];
  for (const word of words) {
    const plain = plainText(word);
    if (plain !== undefined) out.push(plain);
    else if (hasBraces(word) && shell.option('braceexpand'))
      for (const each of expandBraces(word)) for (const field of await expandOne(shell, each)) out.push(field);
    else for (const field of await expandOne(shell, word)) out.push(field); // not spread: they may be very many
  }
  return out;
}

/** The text of a word that needs no expansion at all. */
function plainText(word: WordNode): string | undefined {
  const part = word.parts[0];
  if (word.parts.length !== 1 || !part) return undefined;
  if (part.type === 'Literal') return /[\\\uf8f0]/.test(part.value) ? undefined : part.value;
  return part.type === 'SingleQuoted' ? part.value : undefined;
}

async function expandOne(shell: Shell, word: WordNode): Promise<string[]> {
  const fields = new Fields(shell.vars.get('IFS') ?? ' \t\n');
  await fill(shell, fields, word.parts, false);
  return fields.finish().flatMap((field) => pathnames(shell, field));
}

function pathnames(shell: Shell, field: Field): string[] {
  if (shell.option('noglob') || !/[*?[\uf8f0]/.test(field.pattern)) return [unmarked(field.text)];
  const found = glob(shell.proc, field.pattern, {
    dotglob: shell.shopts.has('dotglob'),
    globstar: shell.shopts.has('globstar'),
    nocase: shell.shopts.has('nocaseglob'),
  });
  if (found.length > 0) return found;
  const pattern = /(?<!\\)(?:\\\\)*[*?[\uf8f0]/.test(field.pattern);
  if (pattern && shell.shopts.has('failglob')) shell.discard(`no match: ${field.text}`);
  return pattern && shell.shopts.has('nullglob') ? [] : [unmarked(field.text)];
}

const unmarked = (text: string): string =>
  text.replaceAll('\uf8f0', '(').replaceAll('\uf8f1', '|').replaceAll('\uf8f2', ')');

/** A word as one text, not split: values of assignments, targets, here-strings, `case` words. */
export async function wordText(shell: Shell, word: WordNode): Promise<string> {
  const plain = plainText(word);
  if (plain !== undefined) return plain;
  const fields = new Fields('');
  await fill(shell, fields, word.parts, false);
  return unmarked(
    fields
      .finish()
      .map(({ text }) => text)
      .join(' '),
  );
}

/** As wordText for the inside of a quoted `${x:-word}`: quotes in it are kept apart by the parser. */
export async function quotedText(shell: Shell, word: WordNode): Promise<string> {
  const fields = new Fields('');
  await fill(shell, fields, word.parts, true);
  return fields
    .finish()
    .map(({ text }) => text)
    .join(' ');
}

/** A word as a pattern, in which what was quoted is plain. */
export async function patternText(shell: Shell, word: WordNode): Promise<string> {
  const fields = new Fields('');
  await fill(shell, fields, word.parts, false);
  return fields
    .finish()
    .map(({ pattern }) => pattern)
    .join(' ');
}

export async function hereDocument(shell: Shell, doc: HereDoc): Promise<string> {
  if (doc.quoted) return doc.content.parts.map((part) => ('value' in part ? part.value : '')).join('');
  return quotedText(shell, doc.content);
}

/** The value of `name=word`: tildes count after the `=` and every `:`. */
export const assignedText = (shell: Shell, assignment: Assignment): Promise<string> =>
  assignment.value ? wordText(shell, assignment.value) : Promise.resolve('');

/** Expands `$` and quotes in an arithmetic text, then evaluates it. */
export async function expandNumber(shell: Shell, text: string): Promise<bigint> {
  const expression = await arithmeticText(shell, text);
  if (shell.dialect === 'dash' && /\*\*|(\+\+|--)\s*($|[^\s\w(+-])/.test(expression))
    throw new ArithmeticError(`${expression}: operand expected`); // it has no powers and no steps
  return evaluate(expression, cellsOf(shell));
}

async function arithmeticText(shell: Shell, text: string): Promise<string> {
  if (!/[$`"'\\]/.test(text)) return text;
  const unquoted = /\$\(|`/.test(text) ? text.replace(/(?<!\\)"/g, '\\"') : text.replaceAll('"', '');
  const expanded = await quotedText(shell, parseQuoted(unquoted));
  return expanded.replaceAll('"', '');
}

const arithmeticSource = (node: Arithmetic): string => node.originalText ?? '';

async function fill(shell: Shell, fields: Fields, parts: WordPart[], quoted: boolean): Promise<void> {
  for (const part of parts) await fillPart(shell, fields, part, quoted);
}

async function fillPart(shell: Shell, fields: Fields, part: WordPart, quoted: boolean): Promise<void> {
  const put = (text: string) => (quoted ? fields.quoted(text) : fields.value(text));
  switch (part.type) {
    case 'Literal':
      return quoted ? fields.quoted(part.value) : fields.literal(part.value);
    case 'SingleQuoted':
    case 'Escaped':
      return fields.quoted(part.value);
    case 'Glob':
      return quoted ? fields.quoted(part.pattern) : fields.glob(await globText(shell, part.pattern));
    case 'DoubleQuoted':
      return doubleQuoted(shell, fields, part.parts);
    case 'TildeExpansion':
      return fields.quoted(tilde(shell, part.user));
    case 'CommandSubstitution':
      return put(await commandOutput(shell, part.body));
    case 'ArithmeticExpansion':
      return put(String(await expandNumber(shell, arithmeticSource(part.expression))));
    case 'ProcessSubstitution': {
      const { path, close } = processFile(shell, part);
      shell.cleanups.push(close);
      return fields.quoted(path);
    }
    case 'ParameterExpansion':
      return parameter(shell, fields, part, quoted, expander, fill);
    case 'BraceExpansion': {
      if (!shell.option('braceexpand')) return fill(shell, fields, plainBraces(part), quoted);
      const words = await expandWords(shell, [{ type: 'Word', parts: [part] }]);
      return fields.literal(words.join(' '));
    }
  }
}

async function doubleQuoted(shell: Shell, fields: Fields, parts: WordPart[]): Promise<void> {
  const [only] = parts;
  const list = parts.length === 1 && only?.type === 'ParameterExpansion' && /^@$|\[@\]$/.test(only.parameter);
  if (!list) fields.quoted(''); // "" is a field, but "$@" of nothing is none
  await fill(shell, fields, parts, true);
}

/** A bracket of the parser's Glob part may hold expansions: `[$x]*`. */
async function globText(shell: Shell, pattern: string): Promise<string> {
  if (!/[$`"']/.test(pattern)) return pattern;
  return quotedText(shell, parseQuoted(pattern.replace(/["']/g, '')));
}

function tilde(shell: Shell, user: string | null): string {
  const { proc, vars } = shell;
  if (user === null) return vars.get('HOME') ?? proc.machine.user(proc.uid)?.home ?? '/';
  if (user === '+') return proc.cwd;
  if (user === '-') return vars.get('OLDPWD') ?? '~-';
  return proc.machine.users().find(({ name }) => name === user)?.home ?? `~${user}`;
}
