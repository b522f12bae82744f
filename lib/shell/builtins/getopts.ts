// `getopts`.
import type { Shell } from '../shell';
import { badOption, complain, fault, isName } from './builtin';

export async function getopts(shell: Shell, argv: string[]): Promise<number> {
  const option = argv[1] ?? '';
  if (/^-[^-]/.test(option)) return badOption(shell, 'getopts', option.slice(0, 2), 'getopts optstring name [arg ...]');
  const [, spec, name, ...given] = argv;
  if (shell.posixLike && (spec === undefined || name === undefined))
    return fault(shell, 'getopts', '', {
      dash: 'Usage: getopts optstring var [arg...]',
      ash: 'usage: getopts optstring var [arg]',
    });
  if (spec === undefined || name === undefined) {
    await shell.proc.complain('getopts: usage: getopts optstring name [arg ...]\n');
    return 2;
  }
  if (!isName(name)) return complain(shell, 'getopts', `\`${name}': not a valid identifier`);
  const args = given.length > 0 ? given : shell.positional;
  const index = Number(shell.vars.get('OPTIND') ?? 1) || 1;
  const arg = args[index - 1];
  if (shell.optionOffset === 0 && (arg === undefined || !/^-./.test(arg) || arg === '--')) {
    if (arg === '--') setIndex(shell, index + 1);
    shell.vars.set(name, '?');
    return 1;
  }
  return nextOption(shell, { spec, name, args, index, arg: arg ?? '' });
}

interface State {
  spec: string;
  name: string;
  args: string[];
  index: number;
  arg: string;
}

async function nextOption(shell: Shell, { spec, name, args, index, arg }: State): Promise<number> {
  const offset = shell.optionOffset || 1;
  const letter = arg.charAt(offset);
  const silent = spec.startsWith(':');
  const at = letter === ':' ? -1 : spec.indexOf(letter, silent ? 1 : 0);
  const lastOfArg = offset + 1 >= arg.length;
  shell.vars.unset('OPTARG');
  setIndex(shell, lastOfArg ? index + 1 : index);
  shell.optionOffset = lastOfArg ? 0 : offset + 1;
  if (at < 0) {
    shell.vars.set(name, '?');
    if (silent) shell.vars.set('OPTARG', letter);
    else if (shell.vars.get('OPTERR') !== '0')
      await tell(shell, `illegal option -- ${letter}`, `Illegal option -${letter}`);
    return 0;
  }
  if (spec.charAt(at + 1) !== ':') {
    shell.vars.set(name, letter);
    return 0;
  }
  const value = lastOfArg ? args[index] : arg.slice(offset + 1);
  setIndex(shell, lastOfArg ? index + 2 : index + 1);
  shell.optionOffset = 0;
  if (value === undefined) {
    setIndex(shell, index + 1);
    shell.vars.set(name, silent ? ':' : '?');
    if (silent) shell.vars.set('OPTARG', letter);
    else if (shell.vars.get('OPTERR') !== '0')
      await tell(shell, `option requires an argument -- ${letter}`, `No arg for -${letter} option`);
    return 0;
  }
  shell.vars.set(name, letter);
  shell.vars.set('OPTARG', value);
  return 0;
}

const tell = (shell: Shell, bash: string, posix: string): Promise<void> =>
  shell.proc.complain(shell.posixLike ? `${posix}\n` : `${shell.name}: ${bash}\n`);

function setIndex(shell: Shell, index: number): void {
  shell.vars.set('OPTIND', String(index));
}
