// Worlds in the database: the newest snapshot and the log after it are an attempt's present.
import { promisify } from 'node:util';
import { deserialize } from 'node:v8';
import { constants, gunzip, gzip } from 'node:zlib';
import type { Change } from '../../sim/state';
import type { Database } from '../database/client';

/** Level 1: a snapshot is written often and read seldom. */
const pack = (data: Uint8Array) => promisify(gzip)(data, { level: constants.Z_BEST_SPEED });
const unpack = promisify(gunzip);

/** What is left of a world in the database. */
export interface StoredWorld {
  /** Undefined when the world never got as far as its first snapshot: nothing was acknowledged then. */
  snapshot: Uint8Array | undefined;
  log: Change[][];
  /** The highest log number in use. */
  seq: number;
  hibernated: boolean;
}

export async function loadWorld(prisma: Database, attemptId: string): Promise<StoredWorld> {
  const { hibernated } = await prisma.attempt.findUniqueOrThrow({ where: { id: attemptId }, select: { hibernated: true } });
  const snapshot = await prisma.attemptSnapshot.findFirst({
    where: { attemptId },
    orderBy: [{ seq: 'desc' }, { createdAt: 'desc' }],
  });
  const rows = await prisma.attemptLog.findMany({ where: { attemptId }, orderBy: { seq: 'asc' } });
  const base = snapshot?.seq ?? 0;
  return {
    snapshot: snapshot ? await unpack(snapshot.data) : undefined,
    log: rows.filter(({ seq }) => seq > base).map(({ changes }) => deserialize(changes) as Change[]),
    seq: Math.max(base, rows.at(-1)?.seq ?? 0),
    hibernated,
  };
}

/**
 * Stores a snapshot that contains the log up to `seq`, and in the same transaction drops that log and every older snapshot
 * on which no report rests. Returns its id.
 */
export async function saveSnapshot(prisma: Database, attemptId: string, seq: number, snapshot: Uint8Array): Promise<string> {
  const data = new Uint8Array(await pack(snapshot));
  const [{ id }] = await prisma.$transaction([
    prisma.attemptSnapshot.create({ data: { attemptId, seq, data }, select: { id: true } }),
    prisma.attemptLog.deleteMany({ where: { attemptId, seq: { lte: seq } } }),
    prisma.attemptSnapshot.deleteMany({ where: { attemptId, seq: { lt: seq }, reports: { none: {} } } }),
  ]);
  return id;
}

export async function markHibernated(prisma: Database, attemptId: string, hibernated: boolean): Promise<void> {
  await prisma.attempt.update({ where: { id: attemptId }, data: { hibernated } });
}
