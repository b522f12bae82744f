// Command and process substitution: a subshell whose output becomes text, or a file name to read it from.
import { OpenFile, pipeReader, pipeWriter } from '../../machine/descriptor';
import { toText } from '../../machine/fs';
import { concat } from '../../machine/process';
import { Pipe } from '../../sim/pipe';
import { statusOf } from '../jobs';
import type { Shell } from '../shell';
import type { ProcessSubstitution, ScriptNode } from '../syntax/ast';

const MAX_SUBSTITUTION_BYTES = 64 * 1024 * 1024; // what one variable may hold

/** The output of a script without its last newlines; sets `$?`. */
export async function commandOutput(shell: Shell, body: ScriptNode): Promise<string> {
  const file = onlyInput(body);
  const pipe = new Pipe();
  const substitute = (sub: Shell) => {
    sub.traceLevel++;
    return file ? catFile(sub, body) : runBody(sub, body);
  };
  const child = shell.fork(substitute, {
    stdout: new OpenFile(pipeWriter(pipe)),
  });
  const output = await readAll(shell, pipe);
  shell.status = statusOf(await child.exited);
  if (child.status?.signal === 'SIGINT' && shell.interactive) shell.interrupted = true;
  const text = toText(output);
  if (text.includes('\0') && !shell.posixLike)
    await shell.complain('warning: command substitution: ignored null byte in input');
  return text.replaceAll('\0', '').replace(/\n+$/, '');
}

/** All that comes. Who still writes when there is too much of it hears that nobody reads. */
async function readAll(shell: Shell, pipe: Pipe): Promise<Uint8Array> {
  const reader = pipeReader(pipe);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const chunk = await pipe.read(undefined, shell.proc.killed);
      if (!chunk) return concat(chunks);
      size += chunk.length;
      if (size > MAX_SUBSTITUTION_BYTES) shell.fail('xrealloc: cannot allocate memory', 2);
      chunks.push(chunk);
    }
  } finally {
    reader.close();
  }
}

function runBody(sub: Shell, body: ScriptNode): Promise<number> {
  const [statement, second] = body.statements;
  const command = statement?.pipelines[0]?.commands;
  const single = statement && !second && statement.pipelines.length === 1 && command?.length === 1;
  if (!sub.shopts.has('inherit_errexit')) sub.options.delete('errexit');
  if (
    single &&
    !statement.background &&
    !statement.pipelines[0]?.negated &&
    !statement.pipelines[0]?.timed &&
    command[0]
  )
    return sub.executor.command(sub, command[0], true);
  return sub.executor.statements(sub, body.statements);
}

/** `$(< file)`: nothing but one input redirection. */
function onlyInput(body: ScriptNode): boolean {
  const command = body.statements[0]?.pipelines[0]?.commands[0];
  return (
    body.statements.length === 1 &&
    command?.type === 'SimpleCommand' &&
    command.name === null &&
    command.assignments.length === 0 &&
    command.redirections.length === 1 &&
    command.redirections[0]?.operator === '<'
  );
}

async function catFile(sub: Shell, body: ScriptNode): Promise<number> {
  const command = body.statements[0]?.pipelines[0]?.commands[0];
  if (command?.type !== 'SimpleCommand') return 1;
  const cat = { ...command, name: { type: 'Word' as const, parts: [{ type: 'Literal' as const, value: 'cat' }] } };
  return sub.executor.command(sub, cat, true);
}

/** `<(…)` and `>(…)`: a path under /dev/fd that reads or writes the subshell. The caller closes the descriptor. */
export function processFile(shell: Shell, part: ProcessSubstitution): { path: string; close: () => void } {
  const pipe = new Pipe();
  const input = part.direction === 'input';
  const ours = new OpenFile(input ? pipeReader(pipe) : pipeWriter(pipe));
  const theirs = new OpenFile(input ? pipeWriter(pipe) : pipeReader(pipe));
  shell.fork((sub) => runBody(sub, part.body), input ? { stdout: theirs } : { stdin: theirs });
  const fd = highDescriptor(shell);
  shell.proc.fds.set(fd, ours);
  return { path: `/dev/fd/${fd}`, close: () => shell.proc.close(fd) };
}

function highDescriptor(shell: Shell): number {
  let fd = 63;
  while (shell.proc.fds.has(fd)) fd--;
  return fd;
}
