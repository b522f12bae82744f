// What runs a tree, put together for those parts of the shell that call back into it.
import { evaluate } from './arithmetic';
import { isSpecial } from './builtins/builtin';
import { BUILTINS, findBuiltin } from './builtins/table';
import { cellsOf } from './expand/cells';
import { quotedText, wordText } from './expand/expand';
import { evaluateKey } from './expand/subscript';
import { arrayEntries } from './run/assign';
import { runCommand } from './run/command';
import { unaryTest } from './run/condition';
import { compareFiles } from './run/file-test';
import { waitForeground } from './run/foreground';
import { runWords } from './run/simple';
import { runStatements } from './run/statements';
import { runText } from './script';
import type { Executor } from './shell';

export const executor: Executor = {
  statements: runStatements,
  command: runCommand,
  text: runText,
  word: wordText,
  words: runWords,
  builtin: findBuiltin,
  arrayEntries,
  builtinNames: () => Object.keys(BUILTINS).sort(),
  isSpecial,
  arithmetic: (shell, text) => evaluate(text, cellsOf(shell)),
  key: async (shell, array, subscript) => String(await evaluateKey(shell, array, subscript, { quotedText, wordText })),
  unaryTest,
  compareFiles,
  foreground: waitForeground,
};
