// Pipelines: every command a process of its own, all at once, bytes flowing as they come.
import { OpenFile, pipeReader, pipeWriter } from '../../machine/descriptor';
import type { Process } from '../../machine/process';
import { Pipe } from '../../sim/pipe';
import { statusOf } from '../jobs';
import type { Shell } from '../shell';
import type { CommandNode, PipelineNode } from '../syntax/ast';
import { runCommand } from './command';
import { namedCoprocess, startCoprocess } from './coprocess';
import { waitForeground } from './foreground';

export async function runPipeline(shell: Shell, node: PipelineNode, text: string): Promise<number> {
  const coprocess = namedCoprocess(node);
  const command = node.commands[1];
  if (coprocess && command) return startCoprocess(shell, coprocess, command, text);
  const started = shell.proc.machine.clock.now();
  if (node.negated) shell.conditionDepth++;
  try {
    const [first] = node.commands;
    const status =
      node.commands.length === 1 && first ? await runAlone(shell, first, text) : await runPiped(shell, node, text);
    if (node.timed) await reportTime(shell, shell.proc.machine.clock.now() - started, node.timePosix === true);
    return node.negated ? Number(status === 0) : status;
  } finally {
    if (node.negated) shell.conditionDepth--;
  }
}

async function runAlone(shell: Shell, node: CommandNode, text: string): Promise<number> {
  shell.commandText = text;
  const status = await runCommand(shell, node);
  shell.vars.setArray('PIPESTATUS', [{ value: String(status) }]);
  return status;
}

async function runPiped(shell: Shell, node: PipelineNode, text: string): Promise<number> {
  if (shell.shopts.has('lastpipe') && !shell.option('monitor')) return runLastHere(shell, node, text);
  const processes = startAll(shell, node);
  const job = shell.jobs.add(processes, text, false);
  await waitForeground(shell, job);
  return pipeStatus(
    shell,
    processes.map((proc) => (proc.state === 'stopped' ? 148 : statusOf(proc.status))),
  );
}

/** `shopt -s lastpipe`: the last command runs in this shell, so that what it sets stays. */
async function runLastHere(shell: Shell, node: PipelineNode, text: string): Promise<number> {
  const pipe = new Pipe();
  const others = startAll(shell, { ...node, commands: node.commands.slice(0, -1) }, new OpenFile(pipeWriter(pipe)));
  const job = shell.jobs.add(others, text, false);
  const input = new OpenFile(pipeReader(pipe));
  const before = shell.proc.fds.get(0);
  shell.proc.fds.set(0, input);
  let status: number;
  try {
    status = await runCommand(shell, node.commands.at(-1) as CommandNode);
  } finally {
    input.release();
    if (before) shell.proc.fds.set(0, before);
    else shell.proc.fds.delete(0);
  }
  await waitForeground(shell, job);
  return pipeStatus(shell, [...others.map((proc) => statusOf(proc.status)), status]);
}

function pipeStatus(shell: Shell, statuses: number[]): number {
  shell.vars.setArray(
    'PIPESTATUS',
    statuses.map((status) => ({ value: String(status) })),
  );
  const failed = shell.option('pipefail') ? statuses.filter((status) => status !== 0).at(-1) : undefined;
  return failed ?? statuses.at(-1) ?? 0;
}

/** Starts all commands; the last one writes to `end`, or where the shell writes. */
function startAll(shell: Shell, node: PipelineNode, end?: OpenFile): Process[] {
  const processes: Process[] = [];
  let input: OpenFile | undefined;
  const monitor = shell.option('monitor');
  node.commands.forEach((command, i) => {
    const last = i === node.commands.length - 1;
    const pipe = new Pipe();
    const output = last ? end : new OpenFile(pipeWriter(pipe));
    const proc = shell.fork((sub) => runCommand(sub, command, true), {
      ...(input ? { stdin: input } : {}),
      ...(output ? { stdout: output } : {}),
      ...(output && node.pipeStderr?.[i] ? { stderr: output.share() } : {}),
      pgid: monitor ? (processes[0]?.pid ?? 0) : undefined,
    });
    processes.push(proc);
    input = last ? undefined : new OpenFile(pipeReader(pipe));
  });
  return processes;
}

/** What TIMEFORMAT asks for: `%[digits][l]R`, U and S, and `%P` of the processor. */
function timeText(format: string, ms: number): string {
  const shown = (seconds: number, digits: number, isLong: boolean) => {
    const rest = isLong ? seconds % 60 : seconds;
    return isLong ? `${Math.floor(seconds / 60)}m${rest.toFixed(digits)}s` : rest.toFixed(digits);
  };
  return `${format.replace(/%(?:(%)|(P)|([0-3])?(l)?([RUS]))/g, (_, percent, share, digits, long, which) =>
    percent ? '%' : share ? '0.00' : shown(which === 'R' ? ms / 1000 : 0, Number(digits ?? 3), long !== undefined),
  )}\n`;
}

async function reportTime(shell: Shell, ms: number, posix: boolean): Promise<void> {
  const format = shell.vars.get('TIMEFORMAT');
  if (format !== undefined && !posix) return format === '' ? undefined : shell.proc.complain(timeText(format, ms));
  const seconds = (ms / 1000).toFixed(posix ? 2 : 3);
  const [whole = '0', part] = seconds.split('.');
  const minutes = Math.floor(Number(whole) / 60);
  const clock = `${minutes}m${Number(whole) % 60}.${part}s`;
  // DIFFERS: simulated programs take no processor time, so user and sys are 0
  await shell.proc.complain(
    posix ? `real ${seconds}\nuser 0.00\nsys 0.00\n` : `\nreal\t${clock}\nuser\t0m0.000s\nsys\t0m0.000s\n`,
  );
}
