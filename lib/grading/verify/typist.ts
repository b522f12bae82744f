// Types into a terminal of the workstation as a student does, and reads up to the next prompt.
import type { Terminal } from '../../machine/terminal';
import type { Sandbox } from '../../sandbox/sandbox';
import { CHECK_LIMITS, withinLimits } from '../limits';

const SIZE = { columns: 250, rows: 50 };
const LINE_LIMIT_MS = 20 * 60 * 1000; // simulated time that one line may take
const LIMITS = { ...CHECK_LIMITS, realMs: 30_000 };
const SHOWN = 2000; // characters of the screen in a complaint
/** The workstation's prompt, a shell in a pod, or the mysql client. */
const PROMPT = /(\[[a-z]+@workstation [^\]]*\][$#] |(?:ba)?sh-[\d.]+[$#] |(?:\/|~) [$#] |mysql> )$/;
const WORKSTATION = /@workstation [^\]]*\][$#] $/;
// biome-ignore lint/complexity/useRegexLiterals: control characters read better escaped in a string
const CONTROL = new RegExp('\\u001b\\[[0-9;?]*[A-Za-z]|\\u001b\\][^\\u0007]*\\u0007|\\u001b[=>]|\\r', 'g');
const STATUS = 'podlab-status=';

export interface Typed {
  output: string;
  /** Of the command; undefined when a shell or client in a pod was entered or left. */
  status: number | undefined;
}

export class Typist {
  private readonly terminal: Terminal;
  private readonly decoder = new TextDecoder();
  private screen = '';

  constructor(private readonly sandbox: Sandbox) {
    this.terminal = sandbox.workstation.terminal(SIZE);
    sandbox.login(this.terminal);
  }

  /** Types a command of one or more lines. @throws when no prompt comes back */
  async type(command: string): Promise<Typed> {
    await this.prompt(0);
    const before = this.place();
    const output = await this.enter(command);
    if (before !== this.place() || before !== 'workstation') return { output, status: undefined };
    const status = await this.enter(`echo ${STATUS}$?`);
    return { output, status: Number(new RegExp(`${STATUS}(\\d+)`).exec(status)?.[1] ?? 0) };
  }

  /** Lets simulated time pass. */
  wait(seconds: number): Promise<void> {
    return this.sandbox.clock.advance(seconds * 1000);
  }

  private place(): 'workstation' | 'elsewhere' {
    return WORKSTATION.test(this.screen) ? 'workstation' : 'elsewhere';
  }

  private async enter(command: string): Promise<string> {
    this.screen = '';
    const lines = command.split('\n');
    this.terminal.input(new TextEncoder().encode(`${lines.join('\r')}\r`));
    await this.prompt(lines.length);
    const text = this.screen.replace(PROMPT, '');
    return text.split('\n').slice(lines.length).join('\n');
  }

  /** Waits for a prompt below so many lines of echo. */
  private async prompt(echoed: number): Promise<void> {
    const done = () => this.screen.split('\n').length > echoed && PROMPT.test(this.screen);
    const seen = this.sandbox.clock.drive(this.read(done), LINE_LIMIT_MS);
    await withinLimits(seen, LIMITS).catch((error: Error) => {
      throw new Error(`no prompt came back (${error.message}); the screen shows:\n${this.screen.slice(-SHOWN)}`);
    });
  }

  private async read(done: () => boolean): Promise<void> {
    while (!done()) {
      const chunk = await this.terminal.output.read();
      if (!chunk) throw new Error('the terminal ended');
      const text = this.decoder.decode(chunk, { stream: true });
      this.screen = `${this.screen}${text}`.replaceAll('\r\n', '\n').replace(CONTROL, '');
    }
  }
}
