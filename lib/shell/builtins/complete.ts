// `complete`, `compgen`, `compopt`.
// DIFFERS: what `complete` is told is kept and printed, but completions are made by programs' own completers (machine/completion), not
// by bash functions; -C, -F and -G of compgen give nothing.
import { Errno } from '../../machine/errno';
import { glob } from '../expand/glob';
import { compile, patternSource } from '../pattern';
import { singleQuote } from '../quote';
import type { Shell } from '../shell';
import { badOption, complain, options } from './builtin';
import { KEYWORDS } from './commands';

const ACTIONS: Record<string, string> = {
  a: 'alias',
  b: 'builtin',
  c: 'command',
  d: 'directory',
  e: 'export',
  f: 'file',
  g: 'group',
  j: 'job',
  k: 'keyword',
  s: 'service',
  u: 'user',
  v: 'variable',
};
const LETTERS = Object.keys(ACTIONS).join('');
const NAMES = new Set([
  ...Object.values(ACTIONS),
  ...'arrayvar binding disabled enabled function helptopic hostname running setopt shopt signal stopped'.split(' '),
]);
const COMMON =
  '[-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix]';
const COMPLETE_USAGE = `complete [-abcdefgjksuv] [-pr] [-DEI] ${COMMON} [name ...]`;
const COMPGEN_USAGE = `compgen [-abcdefgjksuv] ${COMMON} [word]`;

export async function complete(shell: Shell, argv: string[]): Promise<number> {
  if (argv[0] === 'compopt') return 0;
  return argv[0] === 'compgen' ? compgen(shell, argv) : remember(shell, argv);
}

async function remember(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), `${LETTERS}prDEI`, 'oAGWFCXPS');
  if (bad) return badOption(shell, 'complete', bad, COMPLETE_USAGE);
  const known = shell.completions;
  if (found.has('r')) {
    if (rest.length === 0) known.clear();
    let status = 0;
    for (const name of rest)
      if (!known.delete(name)) status = await complain(shell, 'complete', `${name}: no completion specification`);
    return status;
  }
  if (found.has('p') || (found.size === 0 && rest.length === 0)) {
    let status = 0;
    for (const name of rest.length > 0 ? rest : known.keys()) {
      const text = known.get(name);
      if (text === undefined) status = await complain(shell, 'complete', `${name}: no completion specification`);
      else await shell.proc.print(`complete ${text}${name}\n`);
    }
    return status;
  }
  const action = found.get('A');
  if (action !== undefined && !NAMES.has(action)) return complain(shell, 'complete', `${action}: invalid action name`);
  for (const name of rest) known.set(name, specification(found));
  return 0;
}

/** The options as `complete -p` gives them back. */
function specification(found: ReadonlyMap<string, string>): string {
  const short = Object.entries(ACTIONS).find(([, name]) => name === found.get('A'))?.[0];
  const words: string[] = [];
  const option = found.get('o');
  if (option !== undefined) words.push(`-o ${option}`);
  for (const letter of LETTERS) if (found.has(letter) || letter === short) words.push(`-${letter}`);
  const action = found.get('A');
  if (action !== undefined && !short) words.push(`-A ${action}`);
  for (const letter of ['G', 'W', 'P', 'S', 'X', 'C']) {
    const value = found.get(letter);
    if (value !== undefined) words.push(`-${letter} ${singleQuote(value)}`);
  }
  const by = found.get('F');
  if (by !== undefined) words.push(`-F ${by}`);
  return words.map((word) => `${word} `).join('');
}

async function compgen(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), LETTERS, 'oAGWFCXPS');
  if (bad) return badOption(shell, 'compgen', bad, COMPGEN_USAGE);
  const [word = ''] = rest;
  const action = found.get('A');
  if (action !== undefined && !NAMES.has(action)) return complain(shell, 'compgen', `${action}: invalid action name`);
  const actions = Object.entries(ACTIONS).flatMap(([letter, name]) => (found.has(letter) ? [name] : []));
  if (action !== undefined) actions.unshift(action);
  const candidates = actions.flatMap((name) => generated(shell, name, word));
  if (found.has('W')) candidates.push(...(found.get('W') ?? '').split(/\s+/).filter(Boolean));
  const filter = found.get('X');
  const kept = candidates.filter((candidate) => candidate.startsWith(word) && !filtered(filter, candidate));
  if (kept.length === 0) return 1;
  const [before, behind] = [found.get('P') ?? '', found.get('S') ?? ''];
  await shell.proc.print(kept.map((candidate) => `${before}${candidate}${behind}\n`).join(''));
  return 0;
}

function filtered(pattern: string | undefined, candidate: string): boolean {
  if (pattern === undefined) return false;
  const negated = pattern.startsWith('!');
  const matches = compile(`^(?:${patternSource(negated ? pattern.slice(1) : pattern)})$`).test(candidate);
  return matches !== negated;
}

function generated(shell: Shell, action: string, word: string): string[] {
  const { proc, vars } = shell;
  const lines = (path: string, field: number) =>
    (proc.machine.text(path) ?? '').split('\n').flatMap((line) => line.split(/[:\s]+/)[field] || []);
  switch (action) {
    case 'alias':
      return [...shell.aliases.keys()].sort();
    case 'builtin':
    case 'helptopic':
      return shell.executor.builtinNames();
    case 'enabled':
      return shell.executor.builtinNames().filter((name) => !shell.disabled.has(name));
    case 'disabled':
      return [...shell.disabled].sort();
    case 'keyword':
      return [...KEYWORDS];
    case 'function':
      return [...shell.functions.keys()].sort();
    case 'variable':
      return vars.names().filter((name) => vars.isSet(name));
    case 'arrayvar':
      return vars.names().filter((name) => vars.find(name)?.array ?? vars.find(name)?.assoc);
    case 'export':
      return Object.keys(vars.environment()).sort();
    case 'user':
      return proc.machine.users().map(({ name }) => name);
    case 'group':
      return lines('/etc/group', 0);
    case 'service':
      return lines('/etc/services', 0);
    case 'hostname':
      return [proc.machine.hostname];
    case 'signal':
      return [];
    case 'job':
    case 'running':
      return shell.jobs.list.map(({ text }) => text.split(' ')[0] ?? '');
    case 'setopt':
      return [...shell.options];
    case 'shopt':
      return [...shell.shopts].sort();
    case 'file':
    case 'directory': {
      const files = glob(proc, `${word}*`);
      return action === 'file' ? files : files.filter((path) => proc.files.find(path)?.type === 'dir');
    }
    case 'command':
      return [
        ...shell.aliases.keys(),
        ...KEYWORDS,
        ...shell.functions.keys(),
        ...shell.executor.builtinNames(),
        ...programs(shell),
      ];
    default:
      return [];
  }
}

function programs(shell: Shell): string[] {
  return (shell.vars.get('PATH') ?? '').split(':').flatMap((dir) => {
    try {
      return shell.proc.files.list(dir || '.');
    } catch (error) {
      if (error instanceof Errno) return [];
      throw error;
    }
  });
}
