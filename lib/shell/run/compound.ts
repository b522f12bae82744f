// `if`, `for`, `while`, `until`, `case`, `select`.
import { expandWords, patternText, wordText } from '../expand/expand';
import { matches } from '../pattern';
import type { Shell } from '../shell';
import type { Case, CommandNode, CStyleFor, For, If, StatementNode } from '../syntax/ast';
import { SELECT_PREFIX } from '../syntax/markers';
import { ReadonlyError } from '../variables';
import { evaluateText } from './evaluate';
import { looping, once } from './loop';
import { runSelect } from './select';
import { head, traceLine } from './trace';

export type Run = (shell: Shell, list: StatementNode[]) => Promise<number>;

/** Runs a condition: failures in it do not end the shell. */
async function holds(shell: Shell, list: StatementNode[], run: Run): Promise<boolean> {
  shell.conditionDepth++;
  try {
    return (await run(shell, list)) === 0;
  } finally {
    shell.conditionDepth--;
  }
}

export async function runIf(shell: Shell, node: If, run: Run): Promise<number> {
  for (const { condition, body } of node.clauses) if (await holds(shell, condition, run)) return run(shell, body);
  return node.elseBody ? run(shell, node.elseBody) : 0;
}

export function runFor(shell: Shell, node: For, run: Run): Promise<number> {
  const source = shell.commandText;
  return looping(shell, async () => {
    if (!/^[A-Za-z_]\w*$/.test(node.variable)) {
      shell.line = node.line || shell.line || 1;
      await shell.complain(`\`${node.variable}': not a valid identifier`);
      return 1;
    }
    const words = node.words ? await expandWords(shell, node.words) : [...shell.positional];
    if (node.variable.startsWith(SELECT_PREFIX)) return select(shell, node, words, source, run);
    let status = 0;
    for (const word of words) {
      if (shell.option('xtrace')) await traceLine(shell, head(source, 'for', node.variable));
      assignLoop(shell, node.variable, word);
      const goOn = await once(shell, async () => {
        status = await run(shell, node.body);
      });
      if (!goOn) return shell.status;
    }
    return status;
  });
}

async function select(shell: Shell, node: For, words: string[], source: string, run: Run): Promise<number> {
  const name = node.variable.slice(SELECT_PREFIX.length);
  if (shell.option('xtrace'))
    await traceLine(shell, head(source.replaceAll(`for ${SELECT_PREFIX}`, 'select '), 'select', name));
  return runSelect(shell, name, words, () => run(shell, node.body));
}

function assignLoop(shell: Shell, name: string, word: string): void {
  try {
    shell.vars.set(name, word);
  } catch (error) {
    if (error instanceof ReadonlyError) shell.discard(error.message);
    throw error;
  }
}

export function runCFor(shell: Shell, node: CStyleFor, run: Run): Promise<number> {
  return looping(shell, async () => {
    const value = async (part: CStyleFor['init']) => {
      const text = part?.originalText ?? '';
      if (text && shell.option('xtrace')) await traceLine(shell, `(( ${text.trim()} ))`);
      return evaluateText(shell, text, '((');
    };
    let status = 0;
    await value(node.init);
    while (!node.condition || (await value(node.condition)) !== 0n) {
      const goOn = await once(shell, async () => {
        status = await run(shell, node.body);
      });
      if (!goOn) return shell.status;
      await value(node.update);
    }
    return status;
  });
}

export function runLoop(
  shell: Shell,
  node: Extract<CommandNode, { type: 'While' | 'Until' }>,
  run: Run,
): Promise<number> {
  return looping(shell, async () => {
    let status = 0;
    while (true) {
      let ended = false;
      const goOn = await once(shell, async () => {
        if ((await holds(shell, node.condition, run)) === (node.type === 'Until')) ended = true;
        else status = await run(shell, node.body);
      });
      if (ended) return status;
      if (!goOn) return shell.status;
    }
  });
}

export async function runCase(shell: Shell, node: Case, run: Run): Promise<number> {
  if (shell.option('xtrace')) await traceLine(shell, head(shell.commandText, 'case', ''));
  const text = await wordText(shell, node.word);
  let status = 0;
  let fallThrough = false;
  for (const item of node.items) {
    if (!fallThrough && !(await matchesAny(shell, item, text))) continue;
    status = await run(shell, item.body);
    if (item.terminator === ';;') return status;
    fallThrough = item.terminator === ';&';
  }
  return status;
}

async function matchesAny(shell: Shell, item: Case['items'][number], text: string): Promise<boolean> {
  for (const pattern of item.patterns)
    if (matches(await patternText(shell, pattern), text, shell.shopts.has('nocasematch'))) return true;
  return false;
}
