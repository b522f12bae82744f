// `printf`, with `-v`.
import type { Shell } from '../shell';
import { badOption, complain } from './builtin';
import { format } from './format';

export async function printf(shell: Shell, argv: string[]): Promise<number> {
  if (shell.posixLike) return posixPrintf(shell, argv.slice(1));
  let args = argv.slice(1);
  let variable: string | undefined;
  if (args[0] === '-v') {
    variable = args[1] ?? '';
    if (!/^[A-Za-z_]\w*(\[.*\])?$/s.test(variable)) {
      await complain(shell, 'printf', `\`${variable}': not a valid identifier`);
      return 2;
    }
    args = args.slice(2);
  }
  if (args[0] === '--') args = args.slice(1);
  const [template, ...values] = args;
  if (template === undefined) {
    await shell.proc.complain('printf: usage: printf [-v var] format [arguments]\n');
    return 2;
  }
  const { text, errors, status } = format(template, values, {
    now: shell.proc.machine.clock.now(),
    zone: shell.vars.get('TZ'),
    startedAt: shell.startedAt,
  });
  for (const error of errors) await complain(shell, 'printf', error);
  if (variable === undefined) await shell.proc.print(text);
  else if (/\[/.test(variable)) {
    const [, name = '', key = ''] = /^(\w+)\[(.*)\]$/s.exec(variable) ?? [];
    shell.vars.setElement(name, await shell.executor.key(shell, name, key), text);
  } else shell.vars.set(variable, text);
  return status;
}

/** The other shells' `printf`: fewer directives, and other words for what is wrong. */
async function posixPrintf(shell: Shell, argv: string[]): Promise<number> {
  const isDash = shell.dialect === 'dash';
  const tell = async (dash: string, ash: string) =>
    isDash ? void (await complain(shell, 'printf', dash)) : shell.complain(ash);
  const args = argv[0] === '--' ? argv.slice(1) : argv;
  const [template, ...values] = args;
  if (template === undefined) {
    await tell('usage: printf format [arg ...]', 'usage: printf FORMAT [ARGUMENT...]');
    return isDash ? 2 : 1;
  }
  if (isDash && /^-./.test(template)) return badOption(shell, 'printf', template.slice(0, 2), '');
  const now = shell.proc.machine.clock.now();
  const result = format(template, values, { now, startedAt: shell.startedAt, quotes: false });
  for (const error of result.errors) {
    const number = /^([\s\S]*): invalid number$/.exec(error)?.[1];
    if (number !== undefined) {
      const what = /^\s*[-+]?\d/.test(number) ? 'not completely converted' : 'expected numeric value';
      await tell(`${number}: ${what}`, `invalid number '${number}'`);
      continue;
    }
    const directive = /%[-+ #0]*[\d.*]*[a-zA-Z]*(?=[^%]*$)/.exec(template)?.[0] ?? '%';
    await tell(`${directive}: invalid directive`, `${directive}: invalid format`);
  }
  await shell.proc.print(result.text);
  return result.errors.length > 0 && isDash && !/: invalid number$/.test(result.errors.at(-1) ?? '')
    ? 2
    : result.status;
}
