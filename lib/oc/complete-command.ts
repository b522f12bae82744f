// `oc __complete`: what completion scripts of cobra ask for, one candidate a line and a directive behind them.
import type { Program } from '../machine/process';
import { candidates } from './completion';

const NO_FILES = 4; // cobra's ShellCompDirectiveNoFileComp
const NO_SPACE = 2;

/** A program that answers `__complete WORDS…` and else does what it is. */
export const withCompletion =
  (name: 'oc' | 'kubectl', program: Program): Program =>
  async (proc) => {
    if (proc.argv[1] !== '__complete' && proc.argv[1] !== '__completeNoDesc') return program(proc);
    const words = [name, ...proc.argv.slice(2)];
    const found = await candidates(proc, name, words);
    const open = found.some((text) => text.endsWith('='));
    const directive = NO_FILES + (open ? NO_SPACE : 0);
    await proc.print(`${found.map((text) => `${text}\n`).join('')}:${directive}\n`);
    await proc.complain(
      `Completion ended with directive: ShellCompDirective${open ? 'NoSpace, ShellCompDirective' : ''}NoFileComp\n`,
    );
    return 0;
  };
