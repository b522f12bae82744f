// `printf`, with `-v`.
import type { Shell } from '../shell';
import { complain } from './builtin';
import { format } from './format';

export async function printf(shell: Shell, argv: string[]): Promise<number> {
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
