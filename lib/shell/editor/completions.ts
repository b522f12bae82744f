// What Tab offers: commands, variables, users, paths, and what a program's own completer says.
import { Errno } from '../../machine/errno';
import { BUILTINS } from '../builtins/table';
import type { Shell } from '../shell';
import type { Completions } from './candidates';

const KEYWORDS = 'if then else elif fi case esac for select while until do done function time'.split(' ');

interface Context {
  /** Words of the present command up to the cursor, unquoted; the last is being completed. */
  words: string[];
  /** Where the last begins on the line, in characters. */
  start: number;
  quote: string;
}

export async function completions(shell: Shell, line: string, cursor: number): Promise<Completions> {
  const context = split([...line].slice(0, cursor).join(''));
  const word = context.words.at(-1) ?? '';
  const names = await candidates(shell, context, word);
  const unique = [...new Set(names)].sort();
  return { start: context.start, candidates: unique.map((name) => candidate(shell, name, context.quote)) };
}

function candidate(shell: Shell, name: string, quote: string) {
  const open = /[=:/]$/.test(name);
  const text = name.startsWith('$') || quote ? quote + name : name.replace(/[ \t"'\\$`*?[\](){}<>|&;!#]/g, '\\$&');
  const shown = name.replace(/\/$/, '').replace(/.*\//, '') + (name.endsWith('/') ? '/' : '');
  void shell;
  return {
    text: text + (quote && !open ? quote : ''),
    shown: open || !name.includes('/') ? (name.includes('/') ? shown : name) : shown,
    final: !open,
  };
}

async function candidates(shell: Shell, { words }: Context, word: string): Promise<string[]> {
  if (/^\$\w*$/.test(word))
    return shell.vars
      .names()
      .filter((name) => `$${name}`.startsWith(word))
      .map((name) => `$${name}${isDirectory(shell, shell.vars.get(name)) ? '/' : ''}`);
  if (/^\$\{\w*$/.test(word))
    return shell.vars
      .names()
      .filter((name) => `\${${name}`.startsWith(word))
      .map((name) => `\${${name}}${isDirectory(shell, shell.vars.get(name)) ? '/' : ''}`);
  if (/^~[^/]*$/.test(word))
    return shell.proc.machine
      .users()
      .map(({ name }) => `~${name}/`)
      .filter((name) => name.startsWith(word));
  const first = words.length === 1;
  if (first && !word.includes('/')) return commands(shell, word);
  const completer = first ? undefined : shell.proc.machine.completers.get((words[0] ?? '').replace(/.*\//, ''));
  if (completer) {
    const own = await completer({ proc: shell.proc, words }).catch(() => []);
    const fitting = own.filter((text) => text.startsWith(word));
    if (fitting.length > 0) return fitting;
  }
  return paths(shell, word, words[0] === 'cd' || words[0] === 'rmdir');
}

const isDirectory = (shell: Shell, path: string | undefined): boolean =>
  path !== undefined && path !== '' && shell.proc.files.find(path)?.type === 'dir';

function commands(shell: Shell, word: string): string[] {
  const names = [...Object.keys(BUILTINS), ...KEYWORDS, ...shell.aliases.keys(), ...shell.functions.keys()];
  for (const dir of (shell.vars.get('PATH') ?? '').split(':')) names.push(...list(shell, dir || '.'));
  return names.filter((name) => name.startsWith(word));
}

function list(shell: Shell, dir: string): string[] {
  try {
    return shell.proc.files.list(dir);
  } catch (error) {
    if (error instanceof Errno) return [];
    throw error;
  }
}

function paths(shell: Shell, word: string, directoriesOnly: boolean): string[] {
  const slash = word.lastIndexOf('/') + 1;
  const dir = word.slice(0, slash);
  const prefix = word.slice(slash);
  const home = shell.vars.get('HOME') ?? '';
  const real = dir.replace(/^~(?=\/)/, home);
  return list(shell, real || '.')
    .filter((name) => name.startsWith(prefix) && (prefix.startsWith('.') || !name.startsWith('.')))
    .flatMap((name) => {
      const isDirectory = shell.proc.files.find(`${real}${name}`)?.type === 'dir';
      return isDirectory ? [`${dir}${name}/`] : directoriesOnly ? [] : [`${dir}${name}`];
    });
}

/** The words of the command under the cursor. */
function split(text: string): Context {
  let words: string[] = [];
  let word = '';
  let start = 0;
  let quote = '';
  let quoteOfWord = '';
  let inWord = false;
  const characters = [...text];
  const finish = () => {
    if (inWord) words.push(word);
    word = '';
    inWord = false;
    quoteOfWord = '';
  };
  characters.forEach((c, i) => {
    if (!inWord && !/[\s;|&()]/.test(c)) {
      inWord = true;
      start = i;
    }
    if (quote) {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      if (word === '') quoteOfWord = c;
    } else if (characters[i - 1] === '\\') word += c;
    else if (c === '\\') return;
    else if (/\s/.test(c)) finish();
    else if (/[;|&()]/.test(c)) {
      finish();
      words = [];
    } else if (c === '>' || c === '<') finish();
    else word += c;
  });
  const last = inWord ? word : '';
  return { words: [...words, last], start: inWord ? start : characters.length, quote: quote ? quoteOfWord : '' };
}
