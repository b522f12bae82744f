// The server's data directory: the database file cut into pieces, so that a commit writes only the pieces that changed.
import { concat, type Process } from '../../machine/process';

const PIECE_BYTES = 8 * 1024; // PostgreSQL's block size

export class DataFiles {
  private pieces: Uint8Array[] = [];

  constructor(
    private readonly proc: Process,
    readonly directory: string,
    private readonly major: string,
  ) {}

  private get folder(): string {
    return `${this.directory}/base`;
  }

  static isInitialized(proc: Process, directory: string): boolean {
    return proc.files.exists(`${directory}/PG_VERSION`);
  }

  /** The database as it was last saved; undefined when the directory holds none. */
  load(): Uint8Array | undefined {
    const { files } = this.proc;
    if (!files.exists(this.folder)) return undefined;
    const count = files.list(this.folder).length;
    this.pieces = Array.from({ length: count }, (_, i) => files.readBytes(this.piece(i)));
    return concat(this.pieces);
  }

  /** Saves the database, durably: resolves when a crash would not lose it. */
  async save(bytes: Uint8Array): Promise<void> {
    const { files, machine } = this.proc;
    if (!files.exists(this.folder)) this.layout();
    for (let i = 0; i * PIECE_BYTES < bytes.length; i++) {
      const piece = bytes.slice(i * PIECE_BYTES, (i + 1) * PIECE_BYTES);
      const old = this.pieces[i];
      if (old && Buffer.compare(old, piece) === 0) continue;
      files.write(this.piece(i), piece, 0o600);
      this.pieces[i] = piece;
    }
    machine.mounts.flush();
    await machine.sync();
  }

  /** The names that a data directory has. */
  private layout(): void {
    const { files } = this.proc;
    for (const name of ['base', 'global', 'pg_wal', 'pg_stat', 'pg_tblspc', 'pg_xact'])
      if (!files.exists(`${this.directory}/${name}`)) files.mkdir(`${this.directory}/${name}`, 0o700);
    files.write(`${this.directory}/PG_VERSION`, `${this.major}\n`, 0o600);
    for (const [name, text] of Object.entries(CONFIGURATION))
      if (!files.exists(`${this.directory}/${name}`)) files.write(`${this.directory}/${name}`, text, 0o600);
  }

  private piece(i: number): string {
    return `${this.folder}/${i + 1}`;
  }
}

const CONFIGURATION = {
  'pg_hba.conf': `# TYPE  DATABASE        USER            ADDRESS                 METHOD

# "local" is for Unix domain socket connections only
local   all             all                                     trust
# IPv4 local connections:
host    all             all             127.0.0.1/32            trust
# IPv6 local connections:
host    all             all             ::1/128                 trust

host all all all scram-sha-256
`,
  'postgresql.conf':
    "listen_addresses = '*'\nmax_connections = 100\nshared_buffers = 128MB\nlog_timezone = 'Etc/UTC'\ndatestyle = 'iso, mdy'\ntimezone = 'Etc/UTC'\n",
};
