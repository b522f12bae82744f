// What a builtin is, and the few things they share.
import { ExitShell } from '../control';
import type { Shell } from '../shell';

/** A builtin: argv[0] is its name. Runs in the shell's own process. */
export type Builtin = (shell: Shell, argv: string[]) => Promise<number> | number;

/** Prints `bash: NAME: message`, or as the shell's dialect has it. */
export async function complain(shell: Shell, name: string, message: string, status = 1): Promise<number> {
  await shell.proc.complain(`${shell.builtinPrefix(name)}${message}\n`);
  return status;
}

const SPECIAL = new Set(
  'break : . continue eval exec exit export readonly return set shift source times trap unset'.split(' '),
);

export const isSpecial = (name: string): boolean => SPECIAL.has(name);

/** What the other shells say where bash says something else; one text when both say the same. */
export type Wording = string | { dash: string; ash: string };

/** A fault in the words of the shell that this one plays. The other shells end with 2, a script with a special builtin too. */
export async function fault(shell: Shell, name: string, bash: string, others: Wording, status = 1): Promise<number> {
  if (!shell.posixLike) return complain(shell, name, bash, status);
  const text = typeof others === 'string' ? others : others[shell.dialect === 'dash' ? 'dash' : 'ash'];
  await complain(shell, name, text);
  if (isSpecial(name) && !shell.interactive) throw new ExitShell(2);
  return 2;
}

/** A bad option: the message and the usage line. */
export async function badOption(shell: Shell, name: string, option: string, usage: string): Promise<number> {
  if (shell.posixLike)
    return fault(shell, name, '', { dash: `Illegal option ${option}`, ash: `illegal option ${option}` });
  await shell.complain(`${name}: ${option}: invalid option`);
  await shell.proc.complain(`${name}: usage: ${usage}\n`);
  return 2;
}

/** Splits leading options; `valued` letters take an argument. A letter not among either is returned as `bad`. */
export function options(
  args: string[],
  flags: string,
  valued = '',
): { found: Map<string, string>; rest: string[]; bad?: string; missing?: string } {
  const found = new Map<string, string>();
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') return { found, rest: args.slice(i + 1) };
    if (!/^-./.test(arg)) break;
    for (let j = 1; j < arg.length; j++) {
      const letter = arg.charAt(j);
      if (valued.includes(letter)) {
        const value = arg.slice(j + 1) || args[++i];
        if (value === undefined) return { found, rest: [], missing: `-${letter}` };
        found.set(letter, value);
        break;
      }
      if (!flags.includes(letter)) return { found, rest: args.slice(i), bad: `-${letter}` };
      found.set(letter, '');
    }
  }
  return { found, rest: args.slice(i) };
}

export const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);
