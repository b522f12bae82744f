// Mends the library's tree: lines counted from the start of the script, array assignments as arguments of `declare` and its
// kin, and no commands that are not there.
import type {
  ArithmeticCommandNode,
  Assignment,
  DeclaredArray,
  ScriptNode,
  SimpleCommandNode,
  WordNode,
  WordPart,
} from './ast';
import { shownArithmetic, shownCoprocess, shownName } from './markers';
import { SyntaxProblem } from './problem';

const DECLARERS = new Set(['declare', 'typeset', 'local', 'export', 'readonly']);
const ARRAY = /^([A-Za-z_]\w*)(\+?)=\(/;

/** Changes the tree in place and returns it. */
export function arrange(script: ScriptNode, addLines: number): ScriptNode {
  visit(script, addLines);
  return script;
}

function visit(node: unknown, addLines: number): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, addLines);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  const typed = node as { type?: string; line?: number; sourceText?: string };
  if (typed.sourceText) typed.sourceText = shownCoprocess(shownArithmetic(typed.sourceText));
  if (typed.line) typed.line += addLines;
  if (typed.type === 'FunctionDef') (node as { name: string }).name = shownName((node as { name: string }).name);
  if (typed.type === 'SimpleCommand') command(node as SimpleCommandNode);
  if (typed.type === 'ArithmeticCommand') showArithmetic(node as ArithmeticCommandNode);
  if (typed.type === 'ArithmeticExpression') return; // evaluated from its text
  for (const value of Object.values(node)) if (typeof value === 'object') visit(value, addLines);
}

function showArithmetic({ expression }: ArithmeticCommandNode): void {
  if (expression.originalText !== undefined) expression.originalText = shownArithmetic(expression.originalText);
}

function command(node: SimpleCommandNode): void {
  const empty = node.name === null && node.assignments.length === 0 && node.redirections.length === 0;
  if (empty) throw new SyntaxProblem('\n', node.line ?? 1);
  const first = node.name?.parts[0];
  if (node.name?.parts.length !== 1 || first?.type !== 'Literal' || !DECLARERS.has(first.value)) return;
  for (const word of node.args) {
    const array = declaredArray(word);
    if (array) (word as { parts: unknown[] }).parts = [array];
  }
}

function declaredArray(word: WordNode): DeclaredArray | undefined {
  const first = word.parts[0];
  const match = first?.type === 'Literal' ? ARRAY.exec(first.value) : null;
  if (!match || first?.type !== 'Literal') return undefined;
  const [opening, name = '', plus] = match;
  const rest: WordPart[] = [{ type: 'Literal', value: first.value.slice(opening.length) }, ...word.parts.slice(1)];
  const last = rest.at(-1);
  if (last?.type !== 'Literal' || !last.value.endsWith(')')) return undefined;
  rest[rest.length - 1] = { type: 'Literal', value: last.value.slice(0, -1) };
  const assignment: Assignment = { type: 'Assignment', name, value: null, append: plus === '+', array: split(rest) };
  return { type: 'DeclaredArray', assignment };
}

/** Cuts the parts of one word into words at the blanks of its literal parts. */
function split(parts: WordPart[]): WordNode[] {
  const words: WordNode[] = [];
  let current: WordPart[] = [];
  const finish = () => {
    if (current.length > 0) words.push({ type: 'Word', parts: current });
    current = [];
  };
  for (const part of parts) {
    if (part.type !== 'Literal') {
      current.push(part);
      continue;
    }
    part.value.split(/[ \t\n]+/).forEach((piece, i) => {
      if (i > 0) finish();
      if (piece !== '') current.push({ type: 'Literal', value: piece });
    });
  }
  finish();
  return words;
}
