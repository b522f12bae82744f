// `history` and `fc -l`.
import type { Shell } from '../shell';
import { badOption, complain, options } from './builtin';

export async function historyBuiltin(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'canrwps', 'd');
  if (bad)
    return badOption(
      shell,
      'history',
      bad,
      'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]',
    );
  const { history } = shell;
  if (!history) return 0;
  if (found.has('c')) history.clear();
  const offset = found.get('d');
  if (offset !== undefined && !history.remove(Number(offset)))
    return complain(shell, 'history', `${offset}: history position out of range`);
  if (found.has('w') || found.has('a')) history.save(shell);
  if (found.has('s')) history.add(rest.join(' '));
  if (found.size > 0) return 0;
  const [count] = rest;
  if (count !== undefined && !/^\d+$/.test(count))
    return complain(shell, 'history', `${count}: numeric argument required`);
  const from = count === undefined ? 0 : Math.max(0, history.lines.length - Number(count));
  await shell.proc.print(
    history.lines
      .slice(from)
      .map((line, i) => `${String(from + i + 1).padStart(5)}${history.isChanged(from + i) ? '*' : ' '} ${line}\n`)
      .join(''),
  );
  return 0;
}

export async function fc(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'lnrs', 'e');
  if (bad) return badOption(shell, 'fc', bad, 'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]');
  const lines = shell.history?.lines ?? [];
  if (!found.has('l')) return complain(shell, 'fc', 'not supported: editing a command in an editor');
  const from = rest[0] === undefined ? Math.max(0, lines.length - 16) : Math.max(0, Number(rest[0]) - 1);
  await shell.proc.print(
    lines
      .slice(from)
      .map((line, i) => `${found.has('n') ? '' : from + i + 1}\t ${line}\n`)
      .join(''),
  );
  return 0;
}
