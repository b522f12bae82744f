// The main input of an awk program: the files that ARGV names one after another, or standard input.
import type { Process } from '../../machine/process';
import { Records } from './streams';
import { AwkError, toNumber, toText } from './values';
import type { Variables } from './variables';

const CHUNK_BYTES = 65_536;

export class MainInput {
  private main: Records | undefined;
  private argument = 1;
  private isOver = false;
  private hadFile = false;

  /** `assign` carries out operands of the form `name=value` when their turn comes. */
  constructor(
    private readonly proc: Process,
    private readonly variables: Variables,
    private readonly assign: (name: string, text: string) => void,
  ) {}

  /** Whether the next record has not come yet, as far as can be seen. */
  get isWaiting(): boolean {
    return this.main?.isWaiting ?? false;
  }

  /** Leaves the rest of the present file. */
  skip(): void {
    this.main = undefined;
  }

  /** The next record; undefined at the end. */
  async read(): Promise<string | undefined> {
    for (;;) {
      if (!this.main && !(await this.open())) return undefined;
      const { main } = this;
      const record = await main?.next(this.variables.setting('RS'), this.variables.regex);
      if (record === undefined) {
        this.main = undefined;
        continue;
      }
      this.variables.set('RT', main?.terminator);
      this.variables.count('NR');
      this.variables.count('FNR');
      return record;
    }
  }

  /** Opens the next operand that is a file; carries out those that are assignments. */
  private async open(): Promise<boolean> {
    if (this.isOver) return false;
    const { table } = this.variables.cell('ARGV');
    while (this.argument < toNumber(this.variables.get('ARGC'))) {
      const operand = toText(table.get(String(this.argument++)));
      if (operand === '') continue;
      const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(operand);
      if (assignment) {
        this.assign(assignment[1] as string, assignment[2] as string);
        continue;
      }
      this.hadFile = true;
      if (await this.use(operand)) return true;
    }
    this.isOver = true;
    return !this.hadFile && this.use('-', '');
  }

  private async use(path: string, shown = path): Promise<boolean> {
    const records = this.openMain(path);
    if (!records) {
      if (this.proc.files.find(path)?.type !== 'dir')
        throw new AwkError(`cannot open file \`${path}' for reading: No such file or directory`);
      await this.proc.complain(`awk: warning: command line argument \`${path}' is a directory: skipped\n`);
      return false;
    }
    this.main = records;
    this.variables.set('FILENAME', shown);
    this.variables.set('FNR', 0);
    return true;
  }

  private openMain(path: string): Records | undefined {
    if (path === '-') return new Records(() => this.proc.read());
    const found = this.proc.files.find(path);
    if (!found || found.type === 'dir') return undefined;
    const opened = this.proc.files.open(path, { read: true });
    return new Records(async () => {
      const bytes = await opened.description.read(CHUNK_BYTES, this.proc.killed);
      if (!bytes) opened.release();
      return bytes;
    });
  }
}
