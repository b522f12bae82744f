// The server's data directory: the database file cut into pieces, so that a commit writes only the pieces that changed.
import type { Process } from '../../machine/process';
import { concat } from '../../machine/process';

const PIECE_BYTES = 16 * 1024; // InnoDB's page size

export class DataFiles {
  private pieces: Uint8Array[] = [];

  constructor(
    private readonly proc: Process,
    readonly directory: string,
  ) {}

  private get folder(): string {
    return `${this.directory}/#innodb_redo`;
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
  async save(bytes: Uint8Array, databases: string[]): Promise<void> {
    this.write(bytes);
    this.folders(databases);
    const { machine } = this.proc;
    machine.mounts.flush();
    await machine.sync();
  }

  private write(bytes: Uint8Array): void {
    if (!this.proc.files.exists(this.folder)) this.proc.files.mkdir(this.folder, 0o750);
    for (let i = 0; i * PIECE_BYTES < bytes.length; i++) {
      const piece = bytes.slice(i * PIECE_BYTES, (i + 1) * PIECE_BYTES);
      const old = this.pieces[i];
      if (old && equal(old, piece)) continue;
      this.proc.files.write(this.piece(i), piece, 0o640);
      this.pieces[i] = piece;
    }
  }

  /** A folder a database, as the real server keeps them. */
  private folders(databases: string[]): void {
    const { files } = this.proc;
    for (const name of databases)
      if (!files.exists(`${this.directory}/${name}`)) files.mkdir(`${this.directory}/${name}`, 0o750);
  }

  forget(database: string): void {
    const { files } = this.proc;
    if (files.exists(`${this.directory}/${database}`)) files.rmdir(`${this.directory}/${database}`);
  }

  private piece(i: number): string {
    return `${this.folder}/#ib_redo${i}`;
  }
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
