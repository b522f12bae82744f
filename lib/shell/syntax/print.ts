// Writes a function's body back as text, indented as bash does it.
import type { CommandNode, StatementNode } from './ast';

/** A compound command, one statement a line. */
export function commandText(node: CommandNode, indent = ''): string {
  const inner = `${indent}    `;
  const body = (list: StatementNode[]) => list.map((statement) => statementText(statement, inner)).join(';\n');
  switch (node.type) {
    case 'Group':
      return `{ \n${body(node.body)}\n${indent}}`;
    case 'Subshell':
      return `( ${node.body.map((statement) => statementText(statement, '')).join('; ')} )`;
    case 'If':
      return ifText(node, indent);
    case 'While':
    case 'Until':
      return `${node.type.toLowerCase()} ${line(node.condition)}; do\n${body(node.body)};\n${indent}done`;
    default:
      return '';
  }
}

function ifText(node: Extract<CommandNode, { type: 'If' }>, indent: string): string {
  const inner = `${indent}    `;
  const body = (list: StatementNode[]) => list.map((statement) => statementText(statement, inner)).join(';\n');
  const clauses = node.clauses.map(
    ({ condition, body: then }, i) => `${i > 0 ? `${indent}el` : ''}if ${line(condition)}; then\n${body(then)};\n`,
  );
  const otherwise = node.elseBody ? `${indent}else\n${body(node.elseBody)};\n` : '';
  return `${clauses.join('')}${otherwise}${indent}fi`;
}

const line = (list: StatementNode[]): string => list.map((statement) => statementText(statement, '')).join('; ');

function statementText(statement: StatementNode, indent: string): string {
  const command = statement.pipelines[0]?.commands[0];
  const alone = statement.pipelines.length === 1 && statement.pipelines[0]?.commands.length === 1 && command;
  const text =
    alone && (command.type === 'If' || command.type === 'While' || command.type === 'Until' || command.type === 'Group')
      ? commandText(command, indent)
      : (statement.sourceText ?? '');
  return `${indent}${text}${statement.background ? ' &' : ''}`;
}
