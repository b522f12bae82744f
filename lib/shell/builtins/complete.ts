// `complete`, `compgen`, `compopt`: accepted, so that completion scripts can be sourced.
// DIFFERS: completions are made by programs' own completers (machine/completion), not by bash functions; `compgen` knows -W, -f, -d, -c, -v, -A.
import { glob } from '../expand/glob';
import type { Shell } from '../shell';
import { options } from './builtin';

export async function complete(shell: Shell, argv: string[]): Promise<number> {
  if (argv[0] !== 'compgen') return 0;
  const { found, rest } = options(argv.slice(1), 'abcdefgjksuv', 'oAGWFCXPS');
  const [word = ''] = rest;
  const candidates: string[] = [];
  if (found.has('W')) candidates.push(...(found.get('W') ?? '').split(/\s+/).filter(Boolean));
  if (found.has('v')) candidates.push(...shell.vars.names());
  if (found.has('A') && found.get('A') === 'function') candidates.push(...[...shell.functions.keys()].sort());
  if (found.has('f') || found.has('d')) {
    const files = glob(shell.proc, `${word}*`);
    candidates.push(...(found.has('d') ? files.filter((path) => shell.proc.files.find(path)?.type === 'dir') : files));
  }
  const matching = candidates.filter((candidate) => candidate.startsWith(word));
  if (matching.length === 0) return 1;
  await shell.proc.print(`${matching.join('\n')}\n`);
  return 0;
}
