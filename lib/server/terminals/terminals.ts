// All terminals of this server, by attempt and number.
import type { Database } from '../database/client';
import { UserError } from '../errors';
import type { Sandbox } from '../supervisor/sandbox';
import type { ConsolePool } from './console-process';
import { Recorder } from './recorder';
import { recordedTerminals, recordingStore, screenText } from './recordings';
import { type Size, Terminal } from './terminal';

/** Terminals of one attempt; each is a process of the host. */
const MOST_TERMINALS = 8;

export interface TerminalOwner {
  id: string;
  createdAt: Date;
}

export class Terminals {
  private readonly open = new Map<string, Map<number, Promise<Terminal>>>();

  constructor(
    private readonly prisma: Database,
    private readonly consoles: ConsolePool,
    private readonly report: (message: string) => void,
  ) {}

  /** The terminal of that number, made when it is not there. @throws {UserError} `too-many-terminals` */
  get(attempt: TerminalOwner, number: number, size: Size, sandbox: Sandbox): Promise<Terminal> {
    let terminals = this.open.get(attempt.id);
    if (!terminals) this.open.set(attempt.id, (terminals = new Map()));
    let terminal = terminals.get(number);
    if (terminal) return terminal;
    if (terminals.size >= MOST_TERMINALS || number < 1 || number > 99) throw new UserError('too-many-terminals');
    terminal = this.make(attempt, number, size, sandbox);
    terminals.set(number, terminal);
    const all = terminals;
    terminal.catch(() => all.delete(number));
    return terminal;
  }

  /** The numbers a page should show: those open, or after a restart those that were. */
  async numbers(attemptId: string): Promise<number[]> {
    const open = this.open.get(attemptId);
    if (open?.size) return [...open.keys()].sort((a, b) => a - b);
    const recorded = await recordedTerminals(this.prisma, attemptId);
    return recorded.length > 0 ? recorded.slice(0, MOST_TERMINALS) : [1];
  }

  async close(attemptId: string, number: number): Promise<void> {
    const terminal = this.open.get(attemptId)?.get(number);
    this.open.get(attemptId)?.delete(number);
    await (await terminal)?.close();
  }

  /** Resolves when all that happened so far can be read back. */
  async flush(attemptId: string): Promise<void> {
    const terminals = await Promise.all(this.open.get(attemptId)?.values() ?? []);
    await Promise.all(terminals.map((terminal) => terminal.flush()));
  }

  /** The sandbox goes to sleep: its consoles end, the screens stay. */
  suspend(attemptId: string): void {
    for (const terminal of this.open.get(attemptId)?.values() ?? []) void terminal.then((it) => it.suspend());
  }

  async closeAll(): Promise<void> {
    const all = [...this.open].flatMap(([id, terminals]) =>
      [...terminals.keys()].map((number) => this.close(id, number)),
    );
    await Promise.all(all);
    this.consoles.close();
  }

  private async make(attempt: TerminalOwner, number: number, size: Size, sandbox: Sandbox): Promise<Terminal> {
    const { events, nextSeq, store } = await recordingStore(this.prisma, attempt.id, number);
    const began = attempt.createdAt.getTime();
    const recorder = new Recorder(store, () => Date.now() - began, nextSeq, this.report);
    const past = screenText(events);
    return new Terminal(size, { sandbox, consoles: this.consoles, recorder, report: this.report, past });
  }
}
