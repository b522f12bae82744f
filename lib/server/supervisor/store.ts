// Worlds in the database: the newest snapshot and the log after it are an attempt's present.
import { randomUUID } from 'node:crypto';
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
  const { hibernated } = await prisma.attempt.findUniqueOrThrow({
    where: { id: attemptId },
    select: { hibernated: true },
  });
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
export async function saveSnapshot(
  prisma: Database,
  attemptId: string,
  seq: number,
  snapshot: Uint8Array,
): Promise<string> {
  const id = randomUUID();
  const data = new Uint8Array(await pack(snapshot));
  await prisma.$transaction([
    prisma.attemptSnapshot.create({ data: { id, attemptId, seq, data } }),
    prisma.attemptLog.deleteMany({ where: { attemptId, seq: { lte: seq } } }),
    prisma.attemptSnapshot.deleteMany({
      where: { attemptId, seq: { lte: seq }, id: { not: id }, reports: { none: {} } },
    }),
  ]);
  return id;
}

/** Puts back what a compaction dropped while it was being graded; older than the present, so it never becomes it. */
export async function keepSnapshot(
  prisma: Database,
  attemptId: string,
  id: string,
  snapshot: Uint8Array,
): Promise<void> {
  if (await prisma.attemptSnapshot.findUnique({ where: { id }, select: { id: true } })) return;
  await prisma.attemptSnapshot.create({ data: { id, attemptId, seq: -1, data: new Uint8Array(await pack(snapshot)) } });
}

/** A stored snapshot as a world takes it. */
export const readSnapshot = (data: Uint8Array): Promise<Uint8Array> => unpack(data);

export async function markHibernated(prisma: Database, attemptId: string, hibernated: boolean): Promise<void> {
  await prisma.attempt.update({ where: { id: attemptId }, data: { hibernated } });
}
