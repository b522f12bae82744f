// A world in a folder (`npm run cluster -- --state DIR`): a snapshot and the log since, as lib/server keeps them in its database.
//   spec.json      what the world was made from, and the certificate it is reached by
//   N.snapshot     the whole state; the log of the same number begins with it
//   N.log          records: length, checksum, changes. The last one may be cut short by a crash: it was not acknowledged
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { SandboxSpec } from '../sandbox/spec';
import type { ServerCertificate } from '../server/certificates';
import { type Lock, takeLock } from '../server/lock';
import { type Change, type Journal, type Snapshot, State } from '../sim/state';
import { UsageError } from './arguments';

const COMPACT_BYTES = 16 * 1024 * 1024; // of log; reading it takes about as long as a start
const HEADER_BYTES = 8;

export interface Kept {
  spec: SandboxSpec;
  certificate: ServerCertificate;
  /** The port it listened on, so that its kubeconfig stays good. */
  port: number;
  /** Ended by itself, with everything in the snapshot; else its containers count a restart. */
  clean: boolean;
}

export class StateFolder implements Journal {
  private number = 0;
  private log: FileHandle | undefined;
  private bytes = 0;
  private isClosing = false;
  private writing: Promise<void> = Promise.resolve();
  private snapshotOf: (() => Snapshot) | undefined;

  private constructor(
    private readonly folder: string,
    private readonly lock: Lock,
  ) {}

  /** @throws UsageError when another process has it */
  static async open(folder: string): Promise<StateFolder> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = await takeLock(folder).catch(() => {
      throw new UsageError(`${folder} is in use by another cluster`);
    });
    return new StateFolder(folder, lock);
  }

  /** What is kept here, if anything is. */
  read(): { kept: Kept; snapshot: Snapshot } | undefined {
    const file = join(this.folder, 'spec.json');
    const [newest] = this.numbers().sort((a, b) => b - a);
    if (!existsSync(file) || newest === undefined) return undefined;
    this.number = newest;
    const base = deserialize(readFileSync(join(this.folder, `${newest}.snapshot`))) as Snapshot;
    return { kept: JSON.parse(readFileSync(file, 'utf8')) as Kept, snapshot: State.replay(base, this.readLog(newest)) };
  }

  /** Begins to keep a world: its state now is the snapshot that the log goes on from. */
  async keep(kept: Kept, snapshot: () => Snapshot): Promise<void> {
    this.snapshotOf = snapshot;
    await this.compact();
    this.note({ ...kept, clean: false });
  }

  append(changes: Change[]): Promise<void> {
    if (this.isClosing) return new Promise(() => {}); // too late to be kept, so never acknowledged
    this.writing = this.writing.then(async () => {
      const body = serialize(changes);
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUInt32LE(body.length);
      checksum(body).copy(header, 4);
      await this.log?.appendFile(Buffer.concat([header, body]));
      await this.log?.datasync();
      this.bytes += body.length;
      if (this.bytes > COMPACT_BYTES) await this.compact();
    });
    return this.writing;
  }

  /** The world has stopped. */
  async close(kept: Kept): Promise<void> {
    this.isClosing = true;
    await this.writing;
    await this.compact();
    await this.log?.close();
    this.note({ ...kept, clean: true });
    await this.lock.release();
  }

  private note(kept: Kept): void {
    writeFileSync(join(this.folder, 'spec.json'), `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  }

  /** A new snapshot with an empty log; the old pair goes when the new one is on the disk. */
  private async compact(): Promise<void> {
    const next = this.number + 1;
    const file = join(this.folder, `${next}.snapshot`);
    await writeFile(`${file}.new`, serialize(this.snapshotOf?.() ?? new Map()), { mode: 0o600, flush: true });
    const log = await open(join(this.folder, `${next}.log`), 'w', 0o600);
    await rename(`${file}.new`, file);
    await this.log?.close();
    this.log = log;
    this.number = next;
    this.bytes = 0;
    for (const old of this.numbers().filter((number) => number < next))
      for (const kind of ['snapshot', 'log']) rmSync(join(this.folder, `${old}.${kind}`), { force: true });
  }

  private numbers(): number[] {
    return readdirSync(this.folder).flatMap((name) => {
      const number = /^(\d+)\.snapshot$/.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    });
  }

  private *readLog(number: number): Generator<Change> {
    const file = join(this.folder, `${number}.log`);
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
      const body = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + bytes.readUInt32LE(at));
      if (!checksum(body).equals(bytes.subarray(at + 4, at + HEADER_BYTES))) return;
      yield* deserialize(body) as Change[];
      at += HEADER_BYTES + body.length;
    }
  }
}

/** Four bytes: enough to know a torn record. */
const checksum = (body: Uint8Array): Buffer => createHash('sha256').update(body).digest().subarray(0, 4);
