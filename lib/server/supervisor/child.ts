// One sandbox process as the server sees it: typed messages, answers to requests, a watch on its heartbeat and memory.
import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FromSandbox, ToSandbox } from '../../sandbox/protocol';
import { NO_ENVIRONMENT } from '../no-environment';
import { HEAP_MB, LOAD_MS, RESIDENT_MB } from './limits';

/** How a request fails when the process is slow, and when it is gone. */
export const NO_ANSWER = 'The sandbox did not answer in time.';
export const HAS_ENDED = 'The sandbox has ended.';

/** Tail of its error output that is kept for the log. */
const ERROR_TAIL = 64_000;
/** Node shows the source line of an error, and a bundle's are endless. */
const LONGEST_LINE = 400;
const PAGE_BYTES = 4096;
const CHECK_MS = 500;
/** Measured on the guided exercise: 50 MB instead of 73, for a collection of the young a little more often. */
const LEAN = ['--max-semi-space-size=2', '--optimize-for-size'];

/** V8's. The bundle brings code that was made with just these: lib/cli/bundles.mjs has them, too. */
export const v8Flags = (heapMb: number): string[] => [`--max-old-space-size=${heapMb}`, ...LEAN];

/** Node renamed the flag in 23.5 and 22.13. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

type Result = Extract<FromSandbox, { type: 'result' }>;

export class SandboxChild {
  /** Gets every message but the answers to requests and the heartbeats. */
  onMessage: (message: FromSandbox) => void = () => {};
  readonly exited: Promise<void>;
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, (result: Result) => void>();
  private lastId = 0;
  private lastHeard = Date.now();
  private watch: NodeJS.Timeout | undefined;
  private errors = '';

  /** @param program the bundle; it may read its own folder and nothing else of the disk */
  constructor(program: string, heapMb = HEAP_MB) {
    const flags = [...v8Flags(heapMb), PERMISSION, `--allow-fs-read=${dirname(program)}/*`, '--no-warnings'];
    this.process = fork(program, [], {
      env: NO_ENVIRONMENT,
      execArgv: flags,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.exited = new Promise((resolve) => this.process.once('exit', () => resolve()));
    this.process.once('error', () => {}); // `exit` or the load deadline tells
    this.process.on('message', (message) => this.receive(message as FromSandbox));
    this.process.stderr
      ?.setEncoding('utf8')
      .on('data', (text) => (this.errors = (this.errors + text).slice(-ERROR_TAIL)));
    void this.exited.then(() => this.ended());
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** How it ended, for the log. */
  get lastWords(): string {
    const { exitCode, signalCode } = this.process;
    const lines = this.errors.split('\n').filter((line) => line.length < LONGEST_LINE);
    return [signalCode ?? `exit ${exitCode}`, ...lines].join('\n').trimEnd();
  }

  /** Resolves at `loaded`; a process that does not get there is ended. */
  loaded(): Promise<this> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`A sandbox process did not load: ${this.lastWords}`));
      const timer = setTimeout(() => this.kill(), LOAD_MS);
      void this.exited.then(fail).finally(() => clearTimeout(timer));
      this.onMessage = (message) => {
        if (message.type !== 'loaded') return;
        clearTimeout(timer);
        resolve(this);
      };
    });
  }

  /** From now on it is ended when it stays silent or grows too large. */
  watchOver(silenceMs: number, residentLimitMb = RESIDENT_MB): void {
    this.lastHeard = Date.now();
    this.watch = setInterval(() => void this.check(silenceMs, residentLimitMb), CHECK_MS);
    this.watch.unref();
  }

  send(message: ToSandbox): void {
    if (this.process.connected) this.process.send(message, () => {});
  }

  /** Sends what `message` makes of a fresh id and waits for its `result`. */
  request(message: (id: number) => ToSandbox, deadlineMs: number): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        act();
      };
      const timer = setTimeout(() => settle(() => reject(new Error(NO_ANSWER))), deadlineMs);
      this.waiting.set(id, ({ value, error }) =>
        settle(() => (error === undefined ? resolve(value) : reject(new Error(error)))),
      );
      if (this.process.connected) this.send(message(id));
      else this.waiting.get(id)?.({ type: 'result', id, error: HAS_ENDED });
    });
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  private receive(message: FromSandbox): void {
    this.lastHeard = Date.now();
    if (message.type === 'result') this.waiting.get(message.id)?.(message);
    else if (message.type !== 'heartbeat') this.onMessage(message);
  }

  private async check(silenceMs: number, residentLimitMb: number): Promise<void> {
    if (Date.now() - this.lastHeard > silenceMs || (await residentMb(this.process.pid)) > residentLimitMb) this.kill();
  }

  private ended(): void {
    clearInterval(this.watch);
    for (const [id, answer] of [...this.waiting]) answer({ type: 'result', id, error: HAS_ENDED });
  }
}

/** 0 where the system does not tell. */
async function residentMb(pid: number | undefined): Promise<number> {
  try {
    const statm = await readFile(`/proc/${pid}/statm`, 'utf8');
    return (Number(statm.split(' ')[1]) * PAGE_BYTES) / 1024 / 1024;
  } catch {
    return 0;
  }
}
