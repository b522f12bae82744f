import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';

// As coreutils 9.1 answers on a kernel without SELinux.
test.each<[string, string, number]>([
  ['chcon -t foo cf', "chcon: can't apply partial context to unlabeled file 'cf'\n", 1],
  ['chcon', "chcon: missing operand\nTry 'chcon --help' for more information.\n", 1],
  ['chcon -t x nope', "chcon: cannot access 'nope': No such file or directory\n", 1],
  ['chcon --reference=nope cf', "chcon: failed to get security context of 'nope': No such file or directory\n", 1],
  ['runcon -t x ls', 'runcon: runcon may be used only on a SELinux kernel\n', 1],
  ['runcon', 'runcon: failed to get current context: Invalid argument\n', 1],
])('%s', async (line, stderr, code) => {
  expect(await runBash(`touch cf; ${line}`, { programs })).toEqual({ stdout: '', stderr, code });
});
