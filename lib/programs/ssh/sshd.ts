// sshd: lets in who has a key that the user's authorized_keys names, and gives them a shell or runs a command.
// DIFFERS: public keys of the kind ed25519 only; no passwords, no forwarding.
import { BrokenPipe, pipeReader, sink } from '../../machine/descriptor';
import { Errno } from '../../machine/errno';
import type { User } from '../../machine/machine';
import type { Connection } from '../../machine/net';
import { OpenFile, type Process, type Program } from '../../machine/process';
import type { Terminal } from '../../machine/terminal';
import { strftime } from '../../shell/strftime';
import { Pipe } from '../../sim/pipe';
import { readPrivate, readPublic, verifies } from './keys';
import { BANNER, json, type SessionRequest, Wire } from './wire';

const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key';
const PORT = 22;
const SESSION_ID_BYTES = 32;
const PATH = '/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin';

export const sshd: Program = async (proc) => {
  const key = proc.files.exists(HOST_KEY) ? readPrivate(proc.files.readText(HOST_KEY)) : undefined;
  if (!key) {
    await proc.complain('sshd: no hostkeys available -- exiting.\n');
    return 1;
  }
  const listener = proc.listen(PORT);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => listener.close());
  proc.idles = true;
  for (let next = await listener.accept(proc.killed); next; next = await listener.accept(proc.killed)) {
    const connection = next;
    void new Session(proc, connection, key.blob)
      .run()
      .catch((error: unknown) => {
        if (!proc.killed.aborted && !(error instanceof Errno) && !(error instanceof BrokenPipe))
          proc.machine.reportBug(error);
      })
      .finally(() => connection.close());
  }
  return 0;
};

class Session {
  private readonly wire: Wire;
  private child: Process | undefined;
  private terminal: Terminal | undefined;
  private readonly input = new Pipe();

  constructor(
    private readonly proc: Process,
    private readonly connection: Connection,
    private readonly hostKey: Buffer,
  ) {
    this.wire = new Wire(connection);
  }

  async run(): Promise<void> {
    await this.connection.write(new TextEncoder().encode(BANNER));
    const banner = await this.wire.banner();
    if (!banner?.startsWith('SSH-2.0-')) {
      await this.connection.write(new TextEncoder().encode('Invalid SSH identification string.\r\n'));
      return;
    }
    const id = this.proc.machine.random.bytes(SESSION_ID_BYTES);
    await this.wire.send('k', { key: this.hostKey.toString('base64'), id: Buffer.from(id).toString('base64') });
    const user = await this.authenticated(id);
    if (!user) return;
    try {
      await this.serve(user);
    } finally {
      this.terminal?.hangUp();
      this.child?.signal('SIGHUP');
      this.input.end();
    }
  }

  private async authenticated(id: Uint8Array): Promise<User | undefined> {
    for (let message = await this.wire.receive(); message?.kind === 'a'; message = await this.wire.receive()) {
      const { user, key, signature } = json<{ user: string; key: string; signature: string }>(message.body);
      const known = this.proc.machine.user(user);
      const blob = Buffer.from(key, 'base64');
      const signed = Buffer.concat([id, Buffer.from(user)]);
      if (known && this.allows(known, blob) && verifies(blob, signed, Buffer.from(signature, 'base64'))) {
        await this.wire.send('y');
        return known;
      }
      await this.wire.send('n', 'publickey,gssapi-keyex,gssapi-with-mic');
    }
    return undefined;
  }

  /** CoreOS keeps the keys of its configuration in a folder beside authorized_keys. */
  private allows(user: User, blob: Buffer): boolean {
    const { files } = this.proc;
    const folder = `${user.home}/.ssh/authorized_keys.d`;
    const more = files.exists(folder) ? files.list(folder).map((name) => `${folder}/${name}`) : [];
    const paths = [`${user.home}/.ssh/authorized_keys`, ...more].filter((path) => files.exists(path));
    return paths.some((path) =>
      files
        .readText(path)
        .split('\n')
        .some((line) => readPublic(line)?.equals(blob)),
    );
  }

  private async serve(user: User): Promise<void> {
    const first = await this.wire.receive();
    if (first?.kind !== 's') return;
    this.start(user, json<SessionRequest>(first.body));
    const { child } = this;
    if (!child) return;
    const done = this.finish(child);
    this.listen().catch(() => child.signal('SIGHUP')); // the connection broke
    await done;
  }

  private start(user: User, { command, terminal: size, environment }: SessionRequest): void {
    const { machine } = this.proc;
    const terminal = size ? machine.terminal({ columns: size.columns, rows: size.rows }) : undefined;
    this.terminal = terminal;
    const output = (kind: 'o' | 'r') => new OpenFile(sink((bytes) => void this.wire.send(kind, bytes).catch(() => {})));
    const fds = terminal
      ? [0, 1, 2].map((fd) => [fd, new OpenFile(terminal.open())] as const)
      : ([
          [0, new OpenFile(pipeReader(this.input))],
          [1, output('o')],
          [2, output('r')],
        ] as const);
    const base = user.shell.replace(/.*\//, '');
    const motd = command === undefined && terminal ? this.greeting() : '';
    if (terminal) this.show(terminal, motd).catch(() => terminal.hangUp());
    this.child = this.proc.spawn(command === undefined ? [`-${base}`] : [user.shell, '-c', command], {
      uid: user.uid,
      gid: user.gid,
      cwd: this.proc.files.exists(user.home) ? user.home : '/',
      env: { ...environment, ...this.environment(user, terminal, size?.term) },
      fds: new Map(fds),
      session: terminal ? { terminal } : {},
    });
    if (terminal) terminal.foreground = this.child.pid;
  }

  private environment(user: User, terminal: Terminal | undefined, term = ''): Record<string, string> {
    const { remoteAddress, remotePort, localAddress, localPort } = this.connection;
    return {
      USER: user.name,
      LOGNAME: user.name,
      HOME: user.home,
      PATH,
      SHELL: user.shell,
      SSH_CLIENT: `${remoteAddress} ${remotePort} ${localPort}`,
      SSH_CONNECTION: `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`,
      ...(terminal ? { SSH_TTY: terminal.name, TERM: term } : {}),
    };
  }

  /** What a login sees first: the message of the day and when there was one before. */
  private greeting(): string {
    const { files, machine } = this.proc;
    const motd = files.exists('/etc/motd') ? files.readText('/etc/motd') : '';
    const path = '/var/log/lastlog';
    const last = files.exists(path) ? `Last login: ${files.readText(path)}` : '';
    const stamp = strftime('%a %b %e %H:%M:%S %Y', machine.clock.now());
    if (files.exists('/var/log')) files.write(path, `${stamp} from ${this.connection.remoteAddress}\n`);
    return motd + last;
  }

  /** Carries what the terminal shows. */
  private async show(terminal: Terminal, first: string): Promise<void> {
    if (first) await this.wire.send('o', first.replaceAll('\n', '\r\n'));
    for (let chunk = await terminal.output.read(); chunk; chunk = await terminal.output.read())
      await this.wire.send('o', chunk);
  }

  private async listen(): Promise<void> {
    for (let message = await this.wire.receive(); message; message = await this.wire.receive()) {
      if (message.kind === 'i' && this.terminal) this.terminal.input(message.body);
      else if (message.kind === 'i') await this.input.write(message.body);
      else if (message.kind === 'e') this.input.end();
      else if (message.kind === 'w') this.terminal?.resize(json(message.body));
    }
    this.terminal?.hangUp();
    this.input.end();
    this.child?.signal('SIGHUP');
  }

  private async finish(child: Process): Promise<void> {
    const { code, signal } = await child.exited;
    while (this.terminal && this.terminal.output.buffered > 0 && !this.terminal.gone)
      await this.proc.machine.clock.yield();
    await this.wire.send('x', { code, ...(signal ? { signal } : {}) });
  }
}
