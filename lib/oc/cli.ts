// One run of a command: its flags and arguments, the server it speaks to, and where it prints.
import type { Process } from '../machine/process';
import { resolveTarget, type Target } from './client/address';
import { Client } from './client/client';
import { Discovery, type Resource } from './client/discovery';
import { configFile } from './client/kubeconfig';
import { klog } from './client/trace';
import { CliError, usageError } from './errors';
import type { Flags } from './flags/parse';
import type { FlagSpec } from './flags/spec';
import type { Help } from './help/catalog';
import type { Dyn } from './object';
import { findPrinter, type OutputOptions, type Printer } from './printers/output';

/** The annotation that says what made a change. */
export const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** A verb, or a verb's subcommand (`create deployment`). */
export interface Command {
  path: string;
  /** oc's own commands, unknown to kubectl; for both when absent. */
  only?: 'oc' | 'kubectl';
  /** Help and flags of commands that kubectl's recorded help does not know, or that oc has otherwise. */
  help?: Help;
  /** Flags that oc adds. */
  ocFlags?: FlagSpec[];
  /** Flags that must be given. */
  required?: string[];
  /** Why it is not there at all, whatever flags and words it is given. */
  absent?: string;
  /** Flags end at the first word, as `oc rsh` has it. */
  flagsFirst?: boolean;
  run(cli: Cli): Promise<number | void>;
}

export class Cli {
  private madeTarget: Target | undefined;
  private madeClient: Client | undefined;
  private madeDiscovery: Discovery | undefined;
  private warned = false;

  constructor(
    readonly proc: Process,
    readonly program: 'oc' | 'kubectl',
    readonly path: string,
    readonly flags: Flags,
    readonly args: string[],
    /** How many arguments stood before `--`; -1 without one. */
    readonly dash: number,
  ) {}

  get isOc(): boolean {
    return this.program === 'oc';
  }

  get target(): Target {
    this.madeTarget ??= resolveTarget(this.proc, this.flags, this.isOc);
    return this.madeTarget;
  }

  get client(): Client {
    this.madeClient ??= new Client(this.proc, this.target, {
      verbosity: this.flags.int('v'),
      agent: `${this.program}/v1.31.9 (linux/amd64) kubernetes/8f38003`,
      kubeconfig: configFile(this.proc, this.flags.str('kubeconfig')),
    });
    return this.madeClient;
  }

  get discovery(): Discovery {
    this.madeDiscovery ??= new Discovery(this.proc, this.client);
    return this.madeDiscovery;
  }

  get namespace(): string {
    return this.target.namespace;
  }

  /** `oc get` as messages spell the running command. */
  get fullPath(): string {
    return this.path ? `${this.program} ${this.path}` : this.program;
  }

  out(text: string | Uint8Array): Promise<void> {
    return this.proc.print(text);
  }

  err(text: string): Promise<void> {
    return this.proc.complain(text);
  }

  /** Writes the command line into an object's annotations when --record asks for it (genericclioptions.RecordFlags). */
  record(object: Dyn): void {
    if (!this.flags.has('record') || !this.flags.bool('record')) return;
    const flags = this.flags.given.map(({ spec, text }) => ` --${spec.name}=${text}`).join('');
    const cause = [this.program, this.path, ...this.args].join(' ') + flags;
    object.metadata.annotations = { ...object.metadata.annotations, [CHANGE_CAUSE]: cause };
  }

  now(): number {
    return this.proc.machine.clock.now();
  }

  usage(message: string): CliError {
    return usageError(this.fullPath, message);
  }

  /** The kind that a word means; throws as kubectl does. */
  async resource(word: string): Promise<Resource> {
    const found = await this.discovery.find(word);
    if (!found) throw new CliError(`the server doesn't have a resource type "${word.split('.')[0]}"`);
    return found;
  }

  /** The printer that `-o` asks for, if any. */
  printer(options: Omit<OutputOptions, 'readFile'> = {}): Printer | undefined {
    return findPrinter(this.flags, { ...options, readFile: (path) => this.readText(path) });
  }

  readText(path: string): string {
    if (!this.proc.files.exists(path)) throw new CliError(`open ${path}: no such file or directory`);
    return this.proc.files.readText(path);
  }

  /** `none`, `client` or `server`, as --dry-run says. */
  get dryRun(): 'none' | 'client' | 'server' {
    if (!this.flags.has('dry-run')) return 'none';
    const given = this.flags.str('dry-run');
    if (given === 'none' || given === 'client' || given === 'server') return given;
    if (given === 'unchanged') {
      if (!this.warned)
        this.proc.complain(
          klog(this.proc, 'W', 'helpers.go:703', '--dry-run is deprecated and can be replaced with --dry-run=client.'),
        );
      this.warned = true;
      return 'client';
    }
    if (['true', 'false', '1', '0', 't', 'f'].includes(given))
      return given.startsWith('t') || given === '1' ? 'client' : 'none';
    throw new CliError(`Invalid dry-run value (${given}). Must be "none", "server", or "client".`);
  }

  /** What is said behind a result: ` (dry run)`. */
  get dryRunSuffix(): string {
    return { none: '', client: ' (dry run)', server: ' (server dry run)' }[this.dryRun];
  }

  close(): void {
    this.madeClient?.close();
  }
}
