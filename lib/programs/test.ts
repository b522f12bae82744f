// test and [, as programs: the shell's own builtin in a process of its own.
import type { Program } from '../machine/process';
import { runBuiltin } from '../shell/bash';

export const test: Program = (proc) => runBuiltin(proc, proc.name === '[' ? '[' : 'test');
