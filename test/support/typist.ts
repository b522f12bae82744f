// Types into the workstation's terminal as a student does, and reads what comes back up to the next prompt.

import { join } from 'node:path';
import type { Report } from '../../lib/grading/contract';
import { grade } from '../../lib/grading/grade';
import type { Lab } from '../../lib/labs/lab';
import { loadLab } from '../../lib/labs/load';
import { toSpec } from '../../lib/labs/spec';
import type { Terminal } from '../../lib/machine/terminal';
import { loadSqlWasm } from '../../lib/sandbox/host/sql-wasm';
import { Sandbox } from '../../lib/sandbox/sandbox';
import type { SandboxSpec } from '../../lib/sandbox/spec';
import { ROOT } from './tools';

const NOW = Date.UTC(2026, 0, 1);
const LIMIT_MS = 20 * 60 * 1000; // simulated time that one command may take
const PROMPT =
  /(\[[a-z]+@workstation [^\]]*\][$#] |(?:ba)?sh-[\d.]+[$#] |(?:~|\/[\w/.-]*) [$#] |\w+@[\w.-]+:[~/][\w/.-]*[$#] )$/;
// biome-ignore lint/complexity/useRegexLiterals: control characters read better escaped in a string
const CONTROL = new RegExp('\\u001b\\[[0-9;?]*[A-Za-z]|\\u001b\\][^\\u0007]*\\u0007|\\u001b[=>]|\\r', 'g');

/** A fresh world of a lab whose time jumps. */
export async function openWorld(
  id = 'deploy-services',
  seed = 7,
  changes: Partial<SandboxSpec> = {},
): Promise<{ sandbox: Sandbox; lab: Lab }> {
  loadSqlWasm();
  const lab = await loadLab(join(ROOT, 'labs'), id);
  const world: { sandbox?: Sandbox } = {};
  const sandbox = await Sandbox.make(
    { ...toSpec(lab, seed, NOW), ...changes },
    { kind: 'new' },
    {
      onBug: (error) => {
        console.error(error);
        return 'test';
      },
      lab: {
        grade: (): Promise<Report> => world.sandbox!.clock.busy(grade(world.sandbox!, lab)),
        started: async () => {},
        finished: async () => {},
      },
    },
  );
  world.sandbox = sandbox;
  return { sandbox, lab };
}

/** One terminal of a sandbox. */
export class Typist {
  private readonly terminal: Terminal;
  private screen = '';
  private readonly decoder = new TextDecoder();

  constructor(private readonly sandbox: Sandbox) {
    this.terminal = sandbox.workstation.terminal({ columns: 250, rows: 50 });
    sandbox.login(this.terminal);
  }

  /** Types a line and gives what was printed after it, without the echo and the next prompt. */
  async type(line: string): Promise<string> {
    await this.prompt();
    this.screen = '';
    this.terminal.input(new TextEncoder().encode(`${line}\r`));
    await this.prompt(line.length > 0);
    const text = this.screen.replace(PROMPT, '');
    return text.slice(text.indexOf('\n') + 1);
  }

  /** Types a line and waits until the screen below it shows something that is no prompt of the workstation. */
  async start(line: string, pattern: RegExp): Promise<string> {
    await this.prompt();
    this.screen = '';
    this.terminal.input(new TextEncoder().encode(`${line}\r`));
    await this.sandbox.clock.drive(
      this.wait((text) => pattern.test(text)),
      LIMIT_MS,
    );
    return this.screen;
  }

  private async prompt(afterEcho = false): Promise<void> {
    const done = (text: string) => PROMPT.test(text) && (!afterEcho || text.includes('\n'));
    await this.sandbox.clock.drive(this.wait(done), LIMIT_MS).catch((error: Error) => {
      throw new Error(`${error.message}; the screen shows:\n${this.screen}`);
    });
  }

  private async wait(done: (text: string) => boolean): Promise<void> {
    while (!done(this.screen)) {
      const chunk = await this.terminal.output.read();
      if (!chunk) throw new Error(`the terminal ended; the screen shows:\n${this.screen}`);
      this.screen = `${this.screen}${this.decoder.decode(chunk, { stream: true })}`
        .replaceAll('\r\n', '\n')
        .replace(CONTROL, '');
    }
  }
}
