// `[[ … ]]`, and the file and string tests it shares with `test`.

import { evaluate } from '../arithmetic';
import { BadCondition } from '../control';
import { cellsOf } from '../expand/cells';
import { expandNumber, patternText, quotedText, wordText } from '../expand/expand';
import { evaluateKey } from '../expand/subscript';
import { compile, matches } from '../pattern';
import type { Shell } from '../shell';
import type { Condition, WordNode, WordPart } from '../syntax/ast';
import { EXTGLOB_BAR, EXTGLOB_CLOSE, EXTGLOB_OPEN } from '../syntax/markers';
import { compareFiles, fileTest } from './file-test';
import { traceLine } from './trace';

/** @param not a `!` stands right before it, for `set -x` */
export async function condition(shell: Shell, node: Condition, not = false): Promise<boolean> {
  switch (node.type) {
    case 'CondNot':
      return !(await condition(shell, node.operand, true));
    case 'CondGroup':
      return condition(shell, node.expression);
    case 'CondAnd':
      return (await condition(shell, node.left)) && condition(shell, node.right);
    case 'CondOr':
      return (await condition(shell, node.left)) || condition(shell, node.right);
    case 'CondWord':
      return unary(shell, '-n', node.word, not);
    case 'CondUnary':
      return unary(shell, node.operator, node.operand, not);
    case 'CondBinary':
      return binary(shell, node, not);
  }
}

async function unary(shell: Shell, operator: string, word: WordNode, not: boolean): Promise<boolean> {
  const operand = await wordText(shell, word);
  if (shell.option('xtrace')) await traceTerm(shell, not, `${operator} ${operand || "''"}`);
  return unaryTest(shell, operator, operand);
}

const traceTerm = (shell: Shell, not: boolean, term: string) => traceLine(shell, `[[ ${not ? '! ' : ''}${term} ]]`);

async function binary(shell: Shell, node: Extract<Condition, { type: 'CondBinary' }>, not: boolean): Promise<boolean> {
  const { operator } = node;
  const left = await wordText(shell, node.left);
  if (shell.option('xtrace'))
    await traceTerm(
      shell,
      not,
      `${left || "''"} ${operator} ${(await rightSide(shell, operator, node.right)) || "''"}`,
    );
  const nocase = shell.shopts.has('nocasematch');
  if (operator === '=' || operator === '==') return matches(await patternText(shell, node.right), left, nocase);
  if (operator === '!=') return !matches(await patternText(shell, node.right), left, nocase);
  if (operator === '=~') return regexMatch(shell, left, node.right, nocase);
  const right = await wordText(shell, node.right);
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  if (operator === '-nt' || operator === '-ot' || operator === '-ef') return compareFiles(shell, left, operator, right);
  return compareNumbers(await expandNumber(shell, left), operator, await expandNumber(shell, right));
}

/** The right operand for `set -x`: of a pattern, what is quoted has a backslash before each character. */
async function rightSide(shell: Shell, operator: string, word: WordNode): Promise<string> {
  if (!/^(=|==|!=|=~)$/.test(operator)) return wordText(shell, word);
  let text = '';
  for (const part of word.parts) {
    const piece = part.type === 'Glob' ? part.pattern : await wordText(shell, { type: 'Word', parts: [part] });
    text += isQuoted(part) ? piece.replace(/[\s\S]/g, '\\$&') : piece;
  }
  return text.replaceAll(EXTGLOB_OPEN, '(').replaceAll(EXTGLOB_BAR, '|').replaceAll(EXTGLOB_CLOSE, ')');
}

const isQuoted = (part: WordPart): boolean =>
  part.type === 'SingleQuoted' || part.type === 'DoubleQuoted' || part.type === 'Escaped';

function compareNumbers(a: bigint, operator: string, b: bigint): boolean {
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    default:
      return a >= b;
  }
}

async function regexMatch(shell: Shell, text: string, word: WordNode, nocase: boolean): Promise<boolean> {
  const source = translate(await regexSource(shell, word));
  let regex: RegExp;
  try {
    regex = new RegExp(source, nocase ? 'iu' : 'u');
  } catch {
    try {
      regex = compile(source, nocase ? 'i' : '');
    } catch {
      throw new BadCondition();
    }
  }
  const found = regex.exec(text);
  shell.vars.unset('BASH_REMATCH');
  shell.vars.setArray('BASH_REMATCH', found ? found.map((value) => ({ value: value ?? '' })) : []);
  return found !== null;
}

/** Quoted parts match only themselves. */
async function regexSource(shell: Shell, word: WordNode): Promise<string> {
  let source = '';
  for (const part of word.parts) {
    const text = part.type === 'Glob' ? part.pattern : await wordText(shell, { type: 'Word', parts: [part] });
    source += isQuoted(part) ? text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') : text;
  }
  return source.replaceAll(EXTGLOB_OPEN, '(').replaceAll(EXTGLOB_BAR, '|').replaceAll(EXTGLOB_CLOSE, ')');
}

const CLASSES: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
};

/** POSIX extended to JavaScript. */
const translate = (source: string): string => source.replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '');

/** One-argument tests; also of `test`. */
export async function unaryTest(shell: Shell, operator: string, operand: string): Promise<boolean> {
  switch (operator) {
    case '-z':
      return operand === '';
    case '-n':
      return operand !== '';
    case '-v':
      return isSet(shell, operand);
    case '-o':
      return shell.option(operand);
    case '-R':
      return shell.vars.findRaw(operand)?.nameref === true;
    case '-t':
      return shell.proc.fds.get(Number(evaluate(operand, cellsOf(shell))))?.description.terminal !== undefined;
    default:
      return fileTest(shell, operator, operand);
  }
}

async function isSet(shell: Shell, name: string): Promise<boolean> {
  const element = /^(\w+)\[(.*)\]$/s.exec(name);
  if (!element) return shell.vars.isSet(name);
  const [, array = '', subscript = ''] = element;
  const everything = subscript === '@' || subscript === '*';
  if (everything && !shell.vars.isAssoc(array)) return shell.vars.values(array).length > 0;
  return shell.vars.element(array, await evaluateKey(shell, array, subscript, { wordText, quotedText })) !== undefined;
}
