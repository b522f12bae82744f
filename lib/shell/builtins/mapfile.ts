// `mapfile`, also called `readarray`.
import { LIMITS } from '../../machine/limits';
import { singleQuote } from '../quote';
import type { Shell } from '../shell';
import { badOption, complain, isName, options } from './builtin';
import { readLine } from './read-line';

const CALLBACK_LINES = 5000; // bash' default
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
  const command = argv[0] ?? 'mapfile';
  if (!isName(name)) return complain(shell, command, `\`${name}': not a valid identifier`);
  for (const [letter, what] of [
    ['n', 'line count'],
    ['s', 'line count'],
    ['O', 'array origin'],
    ['c', 'callback quantum'],
    ['u', 'file descriptor specification'],
  ] as const) {
    const given = found.get(letter);
    if (given !== undefined && !/^\d+$/.test(given)) return complain(shell, command, `${given}: invalid ${what}`);
  }
  const fd = Number(found.get('u') ?? 0);
  if (!shell.proc.fds.has(fd)) return complain(shell, command, `${fd}: invalid file descriptor: Bad file descriptor`);
  const callback = found.get('C');
  const quantum = Number(found.get('c') ?? CALLBACK_LINES) || CALLBACK_LINES;
  const delimiter = found.get('d') ?? '\n';
  const limit = Number(found.get('n') ?? 0) || Number.POSITIVE_INFINITY;
  const skip = Number(found.get('s') ?? 0);
  const origin = Number(found.get('O') ?? 0);
  if (!found.has('O')) shell.vars.setArray(name, []);
  let held = 0;
  for (let i = 0; i < limit + skip; i++) {
    const { text, ended } = await readLine(shell, { fd, delimiter });
    if (ended && text === '') break;
    held += text.length + ELEMENT_BYTES;
    if (held > LIMITS.variableCharacters) shell.fail('xrealloc: cannot allocate memory', 2);
    if (i >= skip) {
      const value = text + (found.has('t') || ended ? '' : delimiter);
      const at = origin + i - skip;
      if (callback !== undefined && (i - skip + 1) % quantum === 0)
        await shell.executor.text(shell, `${callback} ${at} ${singleQuote(value)}`);
      shell.vars.setElement(name, at, value);
    }
    if (ended) break;
  }
  return 0;
}
