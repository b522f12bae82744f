// What a builtin is, and the few things they share.
import type { Shell } from '../shell';

/** A builtin: argv[0] is its name. Runs in the shell's own process. */
export type Builtin = (shell: Shell, argv: string[]) => Promise<number> | number;

/** Prints `bash: NAME: message`, or as the shell's dialect has it. */
export async function complain(shell: Shell, name: string, message: string, status = 1): Promise<number> {
  await shell.proc.complain(`${shell.builtinPrefix(name)}${message}\n`);
  return status;
}

/** A bad option: the message and the usage line. */
export async function badOption(shell: Shell, name: string, option: string, usage: string): Promise<number> {
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
