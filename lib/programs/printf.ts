// printf, as in coreutils.
import type { Program } from '../machine/process';
import { format } from '../shell/builtins/format';
import { fail, usage } from './tool';

export const printf: Program = async (proc) => {
  const [template, ...args] = proc.argv.slice(1);
  if (template === undefined) return usage(proc, 'printf: missing operand');
  const now = proc.machine.clock.now();
  const { text, errors, status } = format(template, args, { now, startedAt: now });
  for (const error of errors) await fail(proc, error);
  await proc.print(text);
  return status;
};
