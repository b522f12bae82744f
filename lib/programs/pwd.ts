// pwd.
import type { Program } from '../machine/process';

export const pwd: Program = async (proc) => {
  await proc.print(`${proc.files.realpath('.')}\n`);
  return 0;
};
