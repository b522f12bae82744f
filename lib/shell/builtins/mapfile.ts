// `mapfile`, also called `readarray`.
import { LIMITS } from '../../machine/limits';
import type { Shell } from '../shell';
import { badOption, options } from './builtin';
import { readLine } from './read-line';

const ELEMENT_BYTES = 32; // that an element takes beside its text

export async function mapfile(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 't', 'dnOsucC');
  if (bad)
    return badOption(
      shell,
      argv[0] ?? 'mapfile',
      bad,
      'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
    );
  const name = rest[0] ?? 'MAPFILE';
  const delimiter = found.get('d') ?? '\n';
  const limit = Number(found.get('n') ?? 0) || Number.POSITIVE_INFINITY;
  const skip = Number(found.get('s') ?? 0);
  const origin = Number(found.get('O') ?? 0);
  if (!found.has('O')) shell.vars.setArray(name, []);
  let held = 0;
  for (let i = 0; i < limit + skip; i++) {
    const { text, ended } = await readLine(shell, { fd: Number(found.get('u') ?? 0), delimiter });
    if (ended && text === '') break;
    held += text.length + ELEMENT_BYTES;
    if (held > LIMITS.variableCharacters) shell.fail('xrealloc: cannot allocate memory', 2);
    if (i >= skip) shell.vars.setElement(name, origin + i - skip, text + (found.has('t') || ended ? '' : delimiter));
    if (ended) break;
  }
  return 0;
}
