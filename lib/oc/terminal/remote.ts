// A session in a container: the channels of exec and attach joined to this process's own streams and terminal.
import type { WebSocket } from 'ws';
import { Terminated } from '../../machine/process';
import type { Cli } from '../cli';
import { openWebSocket } from '../client/websocket';
import { CliError, type Status } from '../errors';

const PROTOCOL = 'v5.channel.k8s.io';
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;
const HIGH_WATER = 1024 * 1024; // bytes that may wait in the socket before more input is read

export interface RemoteOptions {
  stdin: boolean;
  tty: boolean;
  /** Leaves standard error out, as with a terminal. */
  stderr?: boolean;
  /** Input other than standard input, null at its end. */
  input?: () => Promise<Uint8Array | null>;
  /** Output other than standard output. */
  output?: (bytes: Uint8Array) => Promise<void> | void;
  errors?: (bytes: Uint8Array) => Promise<void> | void;
}

/** Runs a session to its end. Throws the container's exit status as an error with that code. */
export async function runRemote(
  cli: Cli,
  path: string,
  query: [string, string][],
  options: RemoteOptions,
): Promise<void> {
  const withStreams: [string, string][] = [
    ...query,
    ...(options.stdin ? [['stdin', 'true'] as [string, string]] : []),
    ['stdout', 'true'],
    ...(options.tty || options.stderr === false ? [] : [['stderr', 'true'] as [string, string]]),
    ...(options.tty ? [['tty', 'true'] as [string, string]] : []),
  ];
  const restore = options.tty ? enterRaw(cli) : () => {};
  try {
    const socket = await openWebSocket(cli.proc, cli.client, path, withStreams, PROTOCOL);
    const status = await new Session(cli, socket, options).run();
    if (status?.status === 'Failure') throw statusError(status);
  } finally {
    restore();
  }
}

function statusError(status: Status): Error {
  const exit = status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && exit)
    return new CliError(`command terminated with exit code ${exit}`, { raw: true, code: Number(exit) });
  return new CliError(status.message ?? 'unknown error');
}

/** Hands every byte of the terminal through, as Go's term.MakeRaw; gives what undoes it. */
function enterRaw(cli: Cli): () => void {
  const terminal = cli.proc.fds.get(0)?.description.terminal;
  if (!terminal) return () => {};
  const before = { ...terminal.termios };
  terminal.termios = { icanon: false, echo: false, isig: false, icrnl: false, opost: false };
  const undo = () => {
    terminal.termios = before;
    cli.proc.on('SIGWINCH', undefined);
  };
  cli.proc.onExit(undo);
  return undo;
}

class Session {
  private readonly done = new AbortController();
  private status: Status | undefined;
  private writing: Promise<void> = Promise.resolve();
  private failure: unknown;

  constructor(
    private readonly cli: Cli,
    private readonly socket: WebSocket,
    private readonly options: RemoteOptions,
  ) {}

  async run(): Promise<Status | undefined> {
    const { socket, cli } = this;
    const closed = new Promise<void>((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer) => this.receive(data));
    socket.on('error', () => {});
    if (this.options.tty) this.watchSize();
    const pump = this.options.stdin ? this.sendInput() : Promise.resolve();
    await closed;
    this.done.abort(new Terminated('SIGTERM'));
    await this.writing;
    await pump;
    if (cli.proc.killed.aborted) throw cli.proc.killed.reason;
    if (this.failure) throw this.failure;
    return this.status;
  }

  private receive(data: Buffer): void {
    const [channel] = data;
    const bytes = new Uint8Array(data.subarray(1));
    if (channel === CHANNEL.status) this.status = JSON.parse(Buffer.from(bytes).toString()) as Status;
    if (bytes.length === 0 || (channel !== CHANNEL.stdout && channel !== CHANNEL.stderr)) return;
    this.socket.pause();
    this.writing = this.writing
      .then(() => this.write(channel, bytes))
      .catch((error: unknown) => {
        this.failure ??= error;
        this.socket.terminate();
      })
      .finally(() => this.socket.resume());
  }

  private async write(channel: number, bytes: Uint8Array): Promise<void> {
    const { output, errors } = this.options;
    if (channel === CHANNEL.stdout) await (output ? output(bytes) : this.cli.proc.write(1, bytes));
    else await (errors ? errors(bytes) : this.cli.proc.write(2, bytes));
  }

  private async sendInput(): Promise<void> {
    const next = this.options.input ?? (() => this.cli.proc.read(0, 32768, this.done.signal));
    try {
      for (let chunk = await next(); chunk && !this.done.signal.aborted; chunk = await next()) {
        await this.send(CHANNEL.stdin, chunk);
      }
      await this.send(CHANNEL.close, Uint8Array.of(CHANNEL.stdin));
    } catch (error) {
      if (!this.done.signal.aborted) throw error;
    }
  }

  private async send(channel: number, bytes: Uint8Array): Promise<void> {
    if (this.socket.readyState !== this.socket.OPEN) return;
    const message = Buffer.concat([Uint8Array.of(channel), bytes]);
    await new Promise<void>((resolve) => {
      this.socket.send(message, () => resolve());
      if (this.socket.bufferedAmount < HIGH_WATER) resolve();
    });
  }

  private watchSize(): void {
    const terminal = this.cli.proc.fds.get(0)?.description.terminal;
    if (!terminal) return;
    const tell = () => {
      const { columns, rows } = terminal.size;
      void this.send(CHANNEL.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
    };
    tell();
    this.cli.proc.on('SIGWINCH', tell);
  }
}
