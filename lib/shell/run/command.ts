// One command of a pipeline: simple or compound, with its redirections.

import { ArithmeticError } from '../arithmetic';
import { BadCondition, LoopControl } from '../control';
import { statusOf } from '../jobs';
import type { Shell } from '../shell';
import type { CommandNode, StatementNode } from '../syntax/ast';
import { runCase, runCFor, runFor, runIf, runLoop } from './compound';
import { condition } from './condition';
import { evaluateText } from './evaluate';
import { waitForeground } from './foreground';
import { redirected } from './redirect';
import { runSimple } from './simple';
import { traceLine } from './trace';

/** Runs a command; with `last` the process ends with it, so a program may take the process over. */
export async function runCommand(shell: Shell, node: CommandNode, last = false): Promise<number> {
  if (node.type === 'SimpleCommand') return runSimple(shell, node, last);
  if (node.type === 'FunctionDef') return defineFunction(shell, node);
  return (shell.status = await redirected(shell, node.redirections, () => compound(shell, node, last)));
}

async function compound(
  shell: Shell,
  node: Exclude<CommandNode, { type: 'SimpleCommand' | 'FunctionDef' }>,
  last: boolean,
): Promise<number> {
  switch (node.type) {
    case 'Group':
      return run(shell, node.body);
    case 'Subshell':
      return last ? run(shell, node.body) : subshell(shell, node.body); // a subshell's last command is one already
    case 'If':
      return runIf(shell, node, run);
    case 'For':
      return runFor(shell, node, run);
    case 'CStyleFor':
      return runCFor(shell, node, run);
    case 'While':
    case 'Until':
      return runLoop(shell, node, run);
    case 'Case':
      return runCase(shell, node, run);
    case 'ArithmeticCommand':
      shell.line = node.line ?? shell.line;
      return arithmeticCommand(shell, node.expression.originalText ?? '');
    case 'ConditionalCommand':
      shell.line = node.line ?? shell.line;
      return conditional(shell, node);
  }
}

/** `((…))`: the text between the parentheses, blanks included. */
async function arithmeticCommand(shell: Shell, text: string): Promise<number> {
  if (shell.option('xtrace')) await traceLine(shell, `(( ${text} ))`);
  return (await evaluateText(shell, text.trimStart(), '((')) === 0n ? 1 : 0;
}

async function conditional(shell: Shell, node: Extract<CommandNode, { type: 'ConditionalCommand' }>): Promise<number> {
  try {
    return (await condition(shell, node.expression)) ? 0 : 1;
  } catch (error) {
    if (error instanceof BadCondition) return 2;
    if (error instanceof ArithmeticError) {
      await shell.complain(`[[: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

const run = async (shell: Shell, list: StatementNode[]): Promise<number> => {
  if (list.length === 0) shell.status = 0;
  return shell.executor.statements(shell, list);
};

async function subshell(shell: Shell, body: StatementNode[]): Promise<number> {
  const text = shell.commandText;
  const proc = shell.fork(
    async (sub) => {
      try {
        return await run(sub, body);
      } catch (error) {
        if (error instanceof LoopControl) return sub.status;
        throw error;
      }
    },
    { pgid: shell.option('monitor') ? 0 : undefined },
  );
  await waitForeground(shell, shell.jobs.add([proc], text, false));
  return statusOf(proc.status);
}

async function defineFunction(shell: Shell, node: Extract<CommandNode, { type: 'FunctionDef' }>): Promise<number> {
  if (shell.readonlyFunctions.has(node.name)) {
    await shell.complain(`${node.name}: readonly function`);
    return 1;
  }
  if (!shell.posixLike && !/^[^$'"`\\\s]+$/.test(node.name)) {
    await shell.complain(`\`${node.name}': not a valid identifier`);
    return 1;
  }
  shell.functions.set(node.name, node);
  shell.functionSources.set(node.name, shell.source);
  return 0;
}
