// Runs a text: one complete command after the other, each parsed only when it is its turn, as bash does.
import { Discard, ExitShell } from './control';
import { runStatements } from './run/statements';
import type { Shell } from './shell';
import type { CommandNode, StatementNode } from './syntax/ast';
import { loadParser, parserIsLoaded, parseScript } from './syntax/parse';
import { BAD_FOR, ConditionProblem, SyntaxProblem } from './syntax/problem';
import { type Scan, scan } from './syntax/scan';

/** Loads the parser if this is the first shell of the world. */
export async function ready(shell: Shell): Promise<void> {
  if (!parserIsLoaded()) await shell.proc.machine.clock.busy(loadParser());
}

const usesAliases = (shell: Shell): boolean =>
  shell.interactive || shell.shopts.has('expand_aliases') || shell.posixLike;

export const scanFor = (shell: Shell, text: string): Scan =>
  scan(text, {
    ...(usesAliases(shell) ? { aliases: shell.aliases } : {}),
    extglob: shell.shopts.has('extglob'),
    dialect: shell.dialect,
    braces: shell.option('braceexpand'),
  });

/**
 * Runs all of a text in this shell: a script, `eval`, a trap.
 * @param isWhole nothing comes after the text: its last program becomes this process
 */
export async function runText(shell: Shell, text: string, firstLine = 1, isWhole = false): Promise<number> {
  let rest = text;
  let line = firstLine;
  while (rest !== '') {
    const found = scanFor(shell, rest);
    if (found.kind === 'incomplete' && found.heredoc === undefined) return incomplete(shell, found, line, rest);
    const end = found.kind === 'complete' ? found.end : rest.length;
    const chunk = found.kind === 'complete' ? found.text : scanEnded(shell, rest, found);
    if (found.kind === 'incomplete') await warnHeredoc(shell, found, line);
    const problem = found.kind === 'complete' ? found.problem : undefined;
    await runChunk(
      shell,
      { text: chunk, problem },
      line,
      rest.slice(0, end),
      isWhole && rest === text && rest.slice(end).trim() === '',
    );
    line += countLines(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return shell.status;
}

/** Parses and runs one complete command. */
export async function runChunk(
  shell: Shell,
  { text: chunk, problem }: { text: string; problem?: SyntaxProblem | undefined },
  line: number,
  source: string,
  isWhole = false,
): Promise<void> {
  if (problem) return syntaxFailure(shell, problem, line, source);
  if (chunk.trim() === '') return;
  if (shell.option('verbose')) await shell.proc.complain(source);
  let script: ReturnType<typeof parseScript>;
  try {
    script = parseScript(chunk, line);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return syntaxFailure(shell, error, line, source);
  }
  if (shell.option('noexec') && !shell.interactive) return;
  shell.line = line; // commands set it to their own, definitions of functions do not
  try {
    const { statements } = script;
    const last = isWhole && shell.dialect !== 'dash' ? plainCommand(statements.at(-1)) : undefined; // dash keeps its process
    await runStatements(shell, last ? statements.slice(0, -1) : statements);
    if (!last) return;
    if (shell.traps.size > 0 || shell.option('noexec')) await runStatements(shell, statements.slice(-1));
    else shell.status = await shell.executor.command(shell, last, true);
  } catch (error) {
    if (!(error instanceof Discard) || shell.interactive || shell.subshellDepth > 0) throw error;
    if (error.message) await shell.complain(error.message);
    shell.status = error.status;
  }
}

/** The simple command that a statement is, run in the foreground. */
function plainCommand(statement: StatementNode | undefined): CommandNode | undefined {
  const pipeline = statement?.pipelines[0];
  if (!statement || statement.background || statement.pipelines.length !== 1 || !pipeline) return undefined;
  const isPlain = pipeline.commands.length === 1 && !pipeline.negated && !pipeline.timed;
  const command = isPlain ? pipeline.commands[0] : undefined;
  return command?.type === 'SimpleCommand' && command.name ? command : undefined;
}

const countLines = (text: string): number => text.split('\n').length - 1;

/** A here-document that the end of the text ends. */
function scanEnded(shell: Shell, rest: string, found: Extract<Scan, { kind: 'incomplete' }>): string {
  const again = scanFor(shell, `${rest.replace(/\n$/, '')}\n${found.heredoc}\n`);
  return again.kind === 'complete' ? again.text : '';
}

async function warnHeredoc(shell: Shell, found: Extract<Scan, { kind: 'incomplete' }>, line: number): Promise<void> {
  shell.line = line + found.line - 1;
  await shell.complain(`warning: here-document at line ${line} delimited by end-of-file (wanted \`${found.heredoc}')`);
}

async function incomplete(
  shell: Shell,
  found: Extract<Scan, { kind: 'incomplete' }>,
  line: number,
  rest: string,
): Promise<number> {
  if (shell.posixLike) return posixIncomplete(shell, found, line + countLines(rest));
  const last = line + countLines(rest.replace(/\n$/, '')) + (found.open ? 0 : 1);
  shell.line = found.open ? line + found.line - 1 : last;
  const what = found.open
    ? `unexpected EOF while looking for ${found.open === ']]' ? '' : 'matching '}\`${found.open}'`
    : 'syntax error: unexpected end of file';
  await complainSyntax(shell, what);
  return afterSyntaxError(shell);
}

async function posixIncomplete(
  shell: Shell,
  { open, expected = open }: Extract<Scan, { kind: 'incomplete' }>,
  line: number,
): Promise<number> {
  shell.line = line;
  const isDash = shell.dialect === 'dash';
  const waits = expected ? ` (expecting "${expected}")` : '';
  const end = isDash ? `end of file unexpected${waits}` : `unexpected end of file${waits}`;
  const texts: Record<string, string> = {
    '`': 'EOF in backquote substitution',
    '}': isDash ? "Missing '}'" : "missing '}'",
    '"': isDash ? 'Unterminated quoted string' : 'unterminated quoted string',
    "'": isDash ? 'Unterminated quoted string' : 'unterminated quoted string',
  };
  await complainPosixSyntax(shell, (open && texts[open]) || end);
  return afterSyntaxError(shell);
}

async function complainPosixSyntax(shell: Shell, message: string): Promise<void> {
  const before = shell.evalDepth > 0 ? shell.builtinPrefix('eval') : shell.prefix;
  await shell.proc.complain(`${before}${shell.dialect === 'dash' ? 'Syntax' : 'syntax'} error: ${message}\n`);
}

async function syntaxFailure(shell: Shell, error: SyntaxProblem, line: number, source: string): Promise<void> {
  shell.line = line + error.line - 1;
  if (error instanceof ConditionProblem) {
    for (const text of error.message.split('\n')) if (text !== '') await complainSyntax(shell, text);
    if (isNested(shell)) shell.status = 2;
    else if (!shell.interactive) throw new ExitShell(shell.status);
    return;
  }
  if (shell.posixLike) {
    const atEnd = (!error.token || error.token === '\n') && !source.endsWith('\n');
    const token = atEnd ? 'end of file' : posixToken(error.token);
    const isDash = shell.dialect === 'dash';
    if (error.token === BAD_FOR) await complainPosixSyntax(shell, isDash ? BAD_FOR.replace('b', 'B') : BAD_FOR);
    else await complainPosixSyntax(shell, isDash ? `${token} unexpected` : `unexpected ${token}`);
  } else {
    await complainSyntax(shell, error.message);
    const at = source.split('\n')[error.line - 1] ?? source;
    if (!shell.interactive) await complainSyntax(shell, `\`${at}'`);
  }
  await afterSyntaxError(shell);
}

/** A kind of token, or one in quotes. */
function posixToken(token: string | undefined): string {
  if (!token || token === '\n') return 'newline';
  return token === 'redirection' ? token : `"${token}"`;
}

/** Bash names `-c` and `eval` in the messages of its parser. */
async function complainSyntax(shell: Shell, message: string): Promise<void> {
  const where =
    shell.readsFrom === 'c' && shell.source === '' && shell.evalDepth === 0
      ? `${shell.name}: -c: line ${shell.line}: `
      : shell.prefix.replace(/line \d+: $/, shell.evalDepth > 0 ? 'eval: $&' : '$&');
  await shell.proc.complain(`${where}${message}\n`);
}

const isNested = (shell: Shell): boolean => shell.sourceDepth > 0 || (!shell.posixLike && shell.evalDepth > 0);

async function afterSyntaxError(shell: Shell): Promise<number> {
  shell.status = 2;
  if (!shell.interactive && !isNested(shell)) throw new ExitShell(2);
  return 2;
}
