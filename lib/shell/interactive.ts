// The prompt: reads lines, runs them, tells of jobs that ended.

import { toBytes } from '../machine/fs';
import type { Terminal } from '../machine/terminal';
import { ExitShell, Interrupted, LoopControl, Return, ShellError } from './control';
import { completions } from './editor/completions';
import { Editor, type Result } from './editor/editor';
import { expandHistory } from './editor/expand-history';
import { History } from './editor/history';
import { joinLines } from './editor/join-lines';
import { stateOf } from './jobs';
import { expandPrompt } from './prompt';
import { runChunk, scanFor } from './script';
import type { Shell } from './shell';
import { parseQuoted } from './syntax/parse';
import type { Scan } from './syntax/scan';

/** Makes a shell interactive: job control, history, its defaults. */
async function prepare(shell: Shell): Promise<void> {
  const { proc, vars } = shell;
  for (const option of ['emacs', 'history', 'histexpand', 'monitor']) shell.options.add(option);
  shell.shopts.add('expand_aliases');
  if (!proc.terminal) shell.options.delete('monitor');
  else proc.terminal.foreground = proc.pgid;
  if (!vars.isSet('PS1')) vars.set('PS1', firstPrompt(shell));
  if (!vars.isSet('PS2')) vars.set('PS2', '> ');
  vars.set('HISTFILE', `${vars.get('HOME') ?? ''}/.bash_history`);
  if (!vars.isSet('HISTSIZE')) vars.set('HISTSIZE', '1000');
  shell.history = new History(vars.get('HISTFILE') ?? '');
  shell.history.load(shell);
  shell.wireSignals();
}

function firstPrompt({ dialect, posixLike, proc }: Shell): string {
  if (dialect === 'ash') return '\\w \\$ '; // FEATURE_EDITING_FANCY_PROMPT
  return posixLike ? (proc.uid === 0 ? '# ' : '$ ') : '\\s-\\v\\$ ';
}

async function loop(shell: Shell): Promise<number> {
  const prompt = new Prompt(shell);
  try {
    while (await prompt.step());
  } finally {
    shell.history?.save(shell);
  }
  return shell.status;
}

export const interact = { prepare, loop };

class Prompt {
  private readonly editor: Editor | undefined;
  private line = 1;

  constructor(private readonly shell: Shell) {
    const { terminal } = shell.proc.stdin;
    if (terminal) this.editor = this.makeEditor(terminal);
  }

  private makeEditor(terminal: Terminal): Editor {
    const { shell } = this;
    const editor = new Editor({
      terminal,
      history: shell.history ?? new History(''),
      read: () => shell.proc.read(0, INPUT_BLOCK),
      // the editor writes its own carriage returns
      write: (text) => terminal.output.write(toBytes(text), shell.proc.killed),
      complete: (line, cursor) => completions(shell, line, cursor),
    });
    shell.proc.on('SIGWINCH', () => {
      if (this.editing) void editor.refresh();
    });
    return editor;
  }

  private editing = false;

  /** One command; false at the end of the shell. */
  async step(): Promise<boolean> {
    const { shell } = this;
    try {
      await this.tellJobs();
      const command = shell.vars.get('PROMPT_COMMAND');
      if (command) await this.quietly(command);
      const text = await this.readCommand();
      if (text === undefined) return this.atEnd();
      await this.run(text);
      await shell.proc.machine.commitFiles(); // what the command wrote is durable before the next prompt
    } catch (error) {
      if (error instanceof ExitShell) {
        shell.status = error.status;
        return false;
      }
      await this.recover(error);
    }
    shell.vars.set('LINES', String(shell.proc.terminal?.size.rows ?? 24));
    shell.vars.set('COLUMNS', String(shell.proc.terminal?.size.columns ?? 80));
    return true;
  }

  private async quietly(command: string): Promise<void> {
    const { status } = this.shell;
    await this.shell.executor.text(this.shell, command);
    this.shell.status = status;
  }

  private async atEnd(): Promise<boolean> {
    const { shell } = this;
    if (shell.option('ignoreeof')) {
      await shell.proc.complain(`Use "${shell.loginShell ? 'logout' : 'exit'}" to leave the shell.\n`);
      return true;
    }
    try {
      await shell.executor.words(shell, ['exit'], false);
    } catch (error) {
      if (error instanceof ExitShell) return false;
      throw error;
    }
    return true;
  }

  private async recover(error: unknown): Promise<void> {
    const { shell } = this;
    shell.interrupted = false;
    shell.loopDepth = 0;
    shell.conditionDepth = 0;
    shell.calls = [];
    shell.sourceDepth = 0;
    shell.traceLevel = 0;
    shell.evalDepth = 0;
    while (shell.vars.depth > 0) shell.vars.pop();
    if (error instanceof Interrupted) {
      shell.status = error.status;
      if (error.status === 130) await shell.proc.complain('\n');
    } else if (error instanceof ShellError) {
      if (error.message) await shell.complain(error.message);
      shell.status = error.status;
    } else if (!(error instanceof LoopControl || error instanceof Return)) throw error;
  }

  /** Lines until a command is complete; undefined at the end of input. */
  private async readCommand(): Promise<string | undefined> {
    const { shell } = this;
    let text = '';
    let state: Scan = { kind: 'incomplete', line: 1 };
    let body: string[] = [];
    const endBody = () => {
      const lines = body.join('\n');
      if (body.length === 0) return;
      this.remember(lines, state, false);
      text += `${lines}\n`;
      body = [];
    };
    for (let prompt = 'PS1'; ; prompt = 'PS2') {
      const result = await this.readLine(await this.promptText(prompt));
      if (result.kind !== 'line') endBody();
      if (result.kind === 'interrupt') {
        shell.status = 130;
        return '';
      }
      if (result.kind === 'end') {
        if (text === '') return undefined;
        return this.endedEarly(text, state);
      }
      const expanded = await this.withHistory(result.text, state);
      if (expanded === undefined) {
        if (text === '') return '';
        continue;
      }
      if (!expanded.print && staysInHeredoc(state, expanded.text)) {
        body.push(expanded.text); // of all lines at once: the scanner begins at the front each time
        continue;
      }
      endBody();
      this.remember(expanded.text, state, text === '');
      if (expanded.print) return '';
      text += `${expanded.text}\n`;
      state = scanFor(shell, text);
      if (state.kind === 'complete') return text;
    }
  }

  /** The history gets the first line at once; those that follow are joined to it. */
  private remember(line: string, state: Scan, first: boolean): void {
    const { history, vars, shopts } = this.shell;
    if (!history || !this.shell.option('history')) return;
    const control = vars.get('HISTCONTROL');
    if (first) this.kept = history.add(line, control);
    else if (this.kept && shopts.has('cmdhist')) history.join((text) => joinLines(text, state, line));
  }

  private kept = false;

  /** The end of input within a command: a here-document ends there, anything else is an error. */
  private async endedEarly(text: string, state: Scan): Promise<string> {
    const { shell } = this;
    if (state.kind === 'incomplete' && state.heredoc !== undefined) {
      const { heredoc } = state;
      await shell.complain(
        `warning: here-document at line ${this.line} delimited by end-of-file (wanted \`${heredoc}')`,
      );
      return `${text}${heredoc}\n`;
    }
    const open = state.kind === 'incomplete' ? state.open : undefined;
    if (open) await shell.complain(`unexpected EOF while looking for matching \`${open}'`);
    await shell.complain('syntax error: unexpected end of file');
    shell.status = 2;
    return '';
  }

  private async withHistory(text: string, state: Scan): Promise<{ text: string; print?: boolean } | undefined> {
    const { shell } = this;
    if (!shell.option('histexpand') || !/!|^\^/.test(text)) return { text };
    if (state.kind === 'incomplete' && state.heredoc !== undefined) return { text };
    const quote = state.kind === 'incomplete' ? state.open : undefined;
    const expanded = expandHistory(text, shell.history?.lines ?? [], quote);
    if ('problem' in expanded) {
      await shell.complain(expanded.problem);
      return undefined;
    }
    if (expanded.text !== text) await shell.proc.print(`${expanded.text}\n`);
    return expanded;
  }

  private async readLine(prompt: string): Promise<Result> {
    if (!this.editor) {
      await this.shell.proc.complain(prompt);
      for await (const text of this.shell.proc.lines()) return { kind: 'line', text };
      return { kind: 'end' };
    }
    this.editing = true;
    try {
      return await this.editor.readLine(prompt);
    } finally {
      this.editing = false;
    }
  }

  private async promptText(name: string): Promise<string> {
    const { shell } = this;
    const decoded = expandPrompt(shell, shell.vars.get(name) ?? '');
    if (!/[$`]/.test(decoded)) return decoded;
    const { status } = shell;
    try {
      // a dollar that came from \$ is followed by no name, so it stays
      return await shell.wordText(parseQuoted(decoded.replace(/"/g, '\\"')));
    } catch {
      return decoded;
    } finally {
      shell.status = status;
    }
  }

  private async run(text: string): Promise<void> {
    const { shell } = this;
    let rest = text;
    while (rest !== '') {
      const found = scanFor(shell, rest);
      if (found.kind !== 'complete') return;
      shell.line = this.line;
      await runChunk(shell, found, 1, rest.slice(0, found.end));
      rest = rest.slice(found.end);
    }
    this.line++;
  }

  private async tellJobs(): Promise<void> {
    const { shell } = this;
    for (const job of [...shell.jobs.list]) {
      const state = stateOf(job);
      if (state === job.told && state !== 'Done') continue;
      if (job.background && state !== 'Running') await shell.proc.complain(shell.jobs.describe(job));
      job.told = state;
      if (state === 'Done') shell.jobs.remove(job);
    }
  }
}

/** True when text cannot end the here-document that is open. */
function staysInHeredoc(state: Scan, text: string): boolean {
  if (state.kind !== 'incomplete' || state.heredoc === undefined) return false;
  return !text.split('\n').some((line) => line.replace(/^\t+/, '') === state.heredoc);
}

const INPUT_BLOCK = 4096; // bytes of typing or pasting taken at once
