// echo, as in coreutils.
import type { Program } from '../machine/process';
import { echoText } from '../shell/builtins/echo-text';

export const echo: Program = async (proc) => {
  await proc.print(echoText(proc.argv.slice(1)));
  return 0;
};
