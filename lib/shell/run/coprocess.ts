// `coproc`: a command in the background whose input and output this shell holds.
import { OpenFile, pipeReader, pipeWriter } from '../../machine/descriptor';
import type { Process } from '../../machine/process';
import { Pipe } from '../../sim/pipe';
import type { Shell } from '../shell';
import type { CommandNode, PipelineNode } from '../syntax/ast';
import { coprocessName } from '../syntax/markers';

export interface Coprocess {
  name: string;
  proc: Process;
  fds: number[];
  endedAt: number | undefined;
}

const HIGHEST_FD = 63; // bash moves its own descriptors up there
const WRITE_FD = 60; // where the second one comes to stand

/** The name that a pipeline gives a coprocess, if it is one. */
export function namedCoprocess({ commands: [first] }: PipelineNode): string | undefined {
  const part = first?.type === 'SimpleCommand' ? first.name?.parts[0] : undefined;
  return part?.type === 'Literal' ? coprocessName(part.value) : undefined;
}

export async function startCoprocess(shell: Shell, name: string, command: CommandNode, text: string): Promise<number> {
  const known = shell.coprocess;
  if (known) await shell.complain(`warning: execute_coproc: coproc [${known.proc.pid}:${known.name}] still exists`);
  const [input, output] = [new Pipe(), new Pipe()];
  const monitor = shell.option('monitor');
  const proc = shell.fork((sub) => sub.executor.command(sub, command, true), {
    stdin: new OpenFile(pipeReader(input)),
    stdout: new OpenFile(pipeWriter(output)),
    pgid: monitor ? 0 : undefined,
  });
  const fds = [
    attach(shell, HIGHEST_FD, new OpenFile(pipeReader(output))),
    attach(shell, WRITE_FD, new OpenFile(pipeWriter(input))),
  ];
  const coprocess: Coprocess = { name, proc, fds, endedAt: undefined };
  proc.onExit(() => {
    coprocess.endedAt = proc.machine.clock.now();
  });
  shell.coprocess = coprocess;
  shell.vars.setArray(
    name,
    fds.map((fd) => ({ value: String(fd) })),
  );
  shell.vars.set(`${name}_PID`, String(proc.pid));
  shell.lastBackground = proc.pid;
  const job = shell.jobs.add([proc], text.trim(), true);
  if (shell.interactive && shell.subshellDepth === 0) await shell.proc.complain(`[${job.id}] ${proc.pid}\n`);
  return 0;
}

function attach(shell: Shell, wished: number, file: OpenFile): number {
  let fd = wished;
  while (shell.proc.fds.has(fd)) fd--;
  shell.proc.fds.set(fd, file);
  return fd;
}

/** Takes a coprocess' descriptors and variables away once it has ended: some time later, when bash would have heard of it. */
export function endCoprocess(shell: Shell): void {
  const { coprocess } = shell;
  if (coprocess?.endedAt === undefined || shell.proc.machine.clock.now() <= coprocess.endedAt) return;
  for (const fd of coprocess.fds) shell.proc.close(fd);
  shell.vars.unset(coprocess.name);
  shell.vars.unset(`${coprocess.name}_PID`);
  shell.coprocess = undefined;
}
