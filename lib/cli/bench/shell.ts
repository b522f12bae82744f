// The shell at a terminal: a command of `oc`, a keystroke's echo, bytes through a pipeline, Ctrl-C under a flood.
import type { Terminal } from '../../machine/terminal';
import type { Sandbox } from '../../sandbox/sandbox';
import { openLab } from '../world';
import { echo } from './echo';
import { quantile } from './product';

const COMMANDS = 60;
const FLOODS = 15;
const FLOOD_MS = 150; // a flood is well under way
const TAIL = 4096; // characters of the screen that are looked at
const PIPED_BYTES = 100_000_000;

export async function shell(): Promise<object> {
  const { sandbox } = await openLab('deploy-services', {
    seed: 1,
    live: true,
    change: (spec) => ({ ...spec, login: { user: 'admin' } }),
  });
  const console = new Console(sandbox);
  try {
    await console.run('oc get pods');
    const commands: number[] = [];
    for (let i = 0; i < COMMANDS; i++) commands.push(await console.run('oc get pods'));
    const piped = await console.run(`yes | head -c ${PIPED_BYTES} >/dev/null`);
    const interrupts: number[] = [];
    for (let i = 0; i < FLOODS; i++) interrupts.push(await console.interrupt('yes'));
    return {
      ocGetPodsMs: { median: quantile(commands, 0.5), p99: quantile(commands, 0.99) },
      pipeMbPerSecond: Math.round(PIPED_BYTES / 1e3 / piped),
      interruptMs: { median: quantile(interrupts, 0.5), max: quantile(interrupts, 1) },
      keystroke: await echo(),
    };
  } finally {
    sandbox.stop();
  }
}

/** A terminal of the workstation with a login shell. */
class Console {
  private readonly terminal: Terminal;
  private text = '';
  private heard: () => void = () => {};

  constructor(sandbox: Sandbox) {
    this.terminal = sandbox.workstation.terminal({ columns: 80, rows: 24 });
    sandbox.login(this.terminal);
    void this.listen();
  }

  private async listen(): Promise<void> {
    const decoder = new TextDecoder();
    for (let chunk = await this.terminal.output.read(); chunk; chunk = await this.terminal.output.read()) {
      this.text = (this.text + decoder.decode(chunk)).slice(-TAIL);
      this.heard();
    }
  }

  private type(text: string): void {
    this.terminal.input(new TextEncoder().encode(text));
  }

  /** Resolves when a text has been printed. */
  private async printed(text: string): Promise<void> {
    while (!this.text.includes(text)) await new Promise<void>((resolve) => (this.heard = resolve));
  }

  /** Milliseconds from Enter to the end of a command, which a word after it shows. */
  async run(command: string): Promise<number> {
    this.text = '';
    const before = performance.now();
    this.type(`${command}; echo e''nd\r`);
    await this.printed('end\r\n'); // the line as it was typed reads e''nd
    return performance.now() - before;
  }

  /** Milliseconds from Ctrl-C, while a command floods the terminal, to the output of the next command. */
  async interrupt(command: string): Promise<number> {
    this.text = '';
    this.type(`${command}\r`);
    await new Promise((resolve) => setTimeout(resolve, FLOOD_MS));
    const before = performance.now();
    this.type(`\x03echo e''nd\r`);
    await this.printed('end\r\n'); // the line as it was typed reads e''nd
    return performance.now() - before;
  }
}
