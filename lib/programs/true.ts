// true and false.
import type { Program } from '../machine/process';

export const trueProgram: Program = async () => 0;
export const falseProgram: Program = async () => 1;
