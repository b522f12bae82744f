// Writes a function's body back as text, indented and broken into lines as bash does it.
import type { CommandNode, DeclaredArray, PipelineNode, Redirection, StatementNode, WordNode } from './ast';
import { EXTGLOB_BAR, EXTGLOB_CLOSE, EXTGLOB_OPEN, SELECT_PREFIX, shownArithmetic, shownCoprocess } from './markers';
import { serialized } from './parse';

const STEP = '    ';

/** A command; what follows its first line is indented. */
export function commandText(node: CommandNode, indent = ''): string {
  const inner = indent + STEP;
  const redirected = 'redirections' in node && node.type !== 'SimpleCommand' ? redirectionsText(node.redirections) : '';
  switch (node.type) {
    case 'Group':
      return `{ \n${listText(node.body, inner)}\n${indent}}${redirected}`;
    case 'Subshell':
      return `( ${listText(node.body, indent).trimStart()} )${redirected}`;
    case 'If':
      return `${ifText(node, indent)}${redirected}`;
    case 'While':
    case 'Until':
      return `${node.type.toLowerCase()} ${listText(node.condition, '')}; do\n${listText(node.body, inner)};\n${indent}done${redirected}`;
    case 'For':
      return `${forHead(node)};\n${indent}do\n${listText(node.body, inner)};\n${indent}done${redirected}`;
    case 'CStyleFor': {
      const head = [node.init, node.condition, node.update].map((part) =>
        shownArithmetic(part?.originalText ?? '').trim(),
      );
      return `for ((${head.join('; ')}))\n${indent}do\n${listText(node.body, inner)};\n${indent}done${redirected}`;
    }
    case 'Case':
      return `${caseText(node, indent)}${redirected}`;
    case 'FunctionDef':
      return `function ${node.name} () \n${indent}${commandText(node.body, indent)}`;
    default:
      return shown(node);
  }
}

function forHead({ variable, words }: Extract<CommandNode, { type: 'For' }>): string {
  const isSelect = variable.startsWith(SELECT_PREFIX);
  const name = isSelect ? variable.slice(SELECT_PREFIX.length).replace(/^_+/, '') : variable;
  return `${isSelect ? 'select' : 'for'} ${name} in ${words ? words.map(wordText).join(' ') : '"$@"'}`;
}

function ifText(node: Extract<CommandNode, { type: 'If' }>, indent: string): string {
  const inner = indent + STEP;
  const [first, ...others] = node.clauses;
  const head = first ? `if ${listText(first.condition, '')}; then\n${listText(first.body, inner)};\n` : '';
  // an `elif` is an `if` of its own in the `else`
  const [next, ...rest] = others;
  if (next) {
    const nested = ifText({ ...node, clauses: [next, ...rest] }, inner);
    return `${head}${indent}else\n${inner}${nested};\n${indent}fi`;
  }
  const otherwise = node.elseBody ? `${indent}else\n${listText(node.elseBody, inner)};\n` : '';
  return `${head}${otherwise}${indent}fi`;
}

function caseText({ word, items }: Extract<CommandNode, { type: 'Case' }>, indent: string): string {
  const inner = indent + STEP;
  const clauses = items.map(({ patterns, body, terminator }) => {
    const text = body.length > 0 ? `${listText(body, inner + STEP)}\n` : '';
    return `${inner}${patterns.map(wordText).join(' | ')})\n${text}${inner}${terminator}\n`;
  });
  return `case ${wordText(word)} in \n${clauses.join('')}${indent}esac`;
}

/** Statements, each on a line of its own but those behind one that runs in the background. */
function listText(list: readonly StatementNode[], indent: string): string {
  let text = '';
  let between = indent;
  for (const statement of list) {
    const own = statementText(statement, indent);
    const document = heredocOf(statement);
    text += `${between}${own}${document ?? ''}`;
    between = statement.background ? ' ' : document === undefined ? (indent ? `;\n${indent}` : '; ') : `\n${indent}`;
  }
  return text;
}

function statementText({ pipelines, operators, background }: StatementNode, indent: string): string {
  const parts = pipelines.map(
    (pipeline, i) => `${i > 0 ? ` ${operators[i - 1]} ` : ''}${pipelineText(pipeline, indent)}`,
  );
  return `${parts.join('')}${background ? ' &' : ''}`;
}

function pipelineText(node: PipelineNode, indent: string): string {
  const before = `${node.timed ? `time ${node.timePosix ? '-p ' : ''}` : ''}${node.negated ? '! ' : ''}`;
  return shownCoprocess(
    before +
      node.commands
        .map(
          (command, i) =>
            `${i > 0 ? (node.pipeStderr?.[i - 1] ? ' 2>&1 | ' : ' | ') : ''}${commandText(command, indent)}`,
        )
        .join(''),
  );
}

/** The text of the here-documents of a statement, which stand behind its line. */
function heredocOf({ pipelines }: StatementNode): string | undefined {
  const documents = pipelines
    .flatMap(({ commands }) => commands)
    .flatMap((command) => ('redirections' in command ? command.redirections : []))
    .flatMap(({ target }) => (target.type === 'HereDoc' ? [target] : []));
  if (documents.length === 0) return undefined;
  return documents.map(({ content, delimiter }) => `\n${bodyText(content)}${delimiter}\n`).join('');
}

const bodyText = (word: WordNode): string =>
  word.parts.map((part) => (part.type === 'Literal' ? part.value : wordText({ ...word, parts: [part] }))).join('');

export function redirectionsText(list: readonly Redirection[]): string {
  if (list.length === 0) return '';
  const command: CommandNode = {
    type: 'SimpleCommand',
    assignments: [],
    name: literal(':'),
    args: [],
    redirections: [...list],
  };
  return shown(command).slice(1);
}

const literal = (value: string): WordNode => ({ type: 'Word', parts: [{ type: 'Literal', value }] });

function wordText(word: WordNode): string {
  const command: CommandNode = {
    type: 'SimpleCommand',
    assignments: [],
    name: literal(':'),
    args: [word],
    redirections: [],
  };
  return shown(command).slice(2);
}

const MARKS = new RegExp(`[${EXTGLOB_OPEN}${EXTGLOB_BAR}${EXTGLOB_CLOSE}]`, 'g');
const BRACKETS: Record<string, string> = { [EXTGLOB_OPEN]: '(', [EXTGLOB_BAR]: '|', [EXTGLOB_CLOSE]: ')' };

/** A command as text, without what stands for syntax that the library does not know; here-documents' own lines are left out. */
function shown(command: CommandNode): string {
  const kept: string[] = [];
  const keep = (text: string) => ({ type: 'Literal', value: `__kept${kept.push(text) - 1}__` });
  const plain = JSON.parse(
    JSON.stringify(command, (_, value: unknown) => {
      const part = value as WordNode['parts'][number] | DeclaredArray | null;
      // the library would put blanks into arithmetic
      if (part?.type === 'ArithmeticExpansion' && part.expression.originalText !== undefined)
        return keep(`$((${shownArithmetic(part.expression.originalText)}))`);
      if (part?.type === 'DeclaredArray') return keep(arrayText(part));
      return value;
    }),
  ) as CommandNode;
  return shownArithmetic(serialized(plain))
    .replace(MARKS, (mark) => BRACKETS[mark] ?? mark)
    .replace(/\n[\s\S]*$/, '')
    .replace(/ (\d*)([<>])& ?(\d|-)/g, (_, from, way, to) => ` ${from || (way === '>' ? '1' : '0')}${way}&${to}`)
    .replace(/__kept(\d+)__/g, (_, i) => kept[Number(i)] ?? '');
}

function arrayText({ assignment: { name, append, array } }: DeclaredArray): string {
  return `${name}${append ? '+' : ''}=(${(array ?? []).map(wordText).join(' ')})`;
}
