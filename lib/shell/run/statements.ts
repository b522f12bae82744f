// Lists: statements one after the other, `&&`, `||`, `&`, errexit and traps between commands.
import type { Process } from '../../machine/process';
import { ExitShell } from '../control';
import type { Shell } from '../shell';
import type { StatementNode } from '../syntax/ast';
import { runPipeline } from './pipeline';
import { runTraps, trapError } from './traps';

export async function runStatements(shell: Shell, list: StatementNode[]): Promise<number> {
  for (const statement of list) {
    if (shell.option('noexec') && !shell.interactive) break;
    await runStatement(shell, statement);
  }
  return shell.status;
}

async function runStatement(shell: Shell, statement: StatementNode): Promise<void> {
  await shell.tick();
  if (statement.background) startBackground(shell, statement);
  else await runList(shell, statement);
  if (shell.pending.length > 0) await runTraps(shell);
}

/** `a && b || c`. Errexit counts only the last, and not what `!` turned. */
async function runList(shell: Shell, statement: StatementNode): Promise<void> {
  const { pipelines, operators } = statement;
  for (let i = 0; i < pipelines.length; i++) {
    const pipeline = pipelines[i];
    if (!pipeline) continue;
    const joint = operators[i - 1];
    if (joint === '&&' && shell.status !== 0) continue;
    if (joint === '||' && shell.status === 0) continue;
    const last = i === pipelines.length - 1;
    if (!last) shell.conditionDepth++;
    try {
      shell.status = await runPipeline(shell, pipeline, statement.sourceText ?? '');
    } finally {
      if (!last) shell.conditionDepth--;
    }
    if (last && !pipeline.negated && shell.status !== 0) await afterFailure(shell);
  }
}

async function afterFailure(shell: Shell): Promise<void> {
  if (shell.conditionDepth > 0) return;
  await trapError(shell);
  if (shell.option('errexit')) throw new ExitShell(shell.status);
}

/** Starts a list in the background and tells its job at a prompt. */
function startBackground(shell: Shell, statement: StatementNode): void {
  const text = (statement.sourceText ?? '').replace(/\s*&\s*$/, '').replace(/\n+$/, '');
  const monitor = shell.option('monitor');
  const proc: Process = shell.fork(
    async (sub) => {
      if (!monitor) detach(sub);
      const simple = statement.pipelines.length === 1 ? statement.pipelines[0] : undefined;
      const command = simple?.commands[0];
      if (simple && command && simple.commands.length === 1 && !simple.negated && !simple.timed)
        return sub.executor.command(sub, command, true);
      await runList(sub, statement);
      return sub.status;
    },
    { pgid: monitor ? 0 : undefined },
  );
  const job = shell.jobs.add([proc], text, true);
  shell.lastBackground = proc.pid;
  shell.status = 0;
  if (shell.interactive && shell.subshellDepth === 0) void shell.proc.complain(`[${job.id}] ${proc.pid}\n`);
}

/** Without job control, background commands read nothing and do not hear the keyboard's signals. */
function detach(sub: Shell): void {
  sub.proc.ignore('SIGINT');
  sub.proc.ignore('SIGQUIT');
  if (!sub.proc.fds.get(0)?.description.terminal) return;
  sub.proc.close(0);
  sub.proc.fds.set(0, sub.proc.files.open('/dev/null', { read: true }));
}
