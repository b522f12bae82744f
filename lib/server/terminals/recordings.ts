// Recordings in the database: written by recorders, read for replay and to put a screen back after a restart.
import type { Database } from '../database/client';
import type { RecordedEvent, RecordingStore } from './recorder';

/** Enough for a screen and its scroll-back. */
const SCREEN_CHARACTERS = 256 * 1024;
/** Chunks read back for a screen. */
const SCREEN_CHUNKS = 60;

const decode = (events: Uint8Array): RecordedEvent[] => JSON.parse(Buffer.from(events).toString()) as RecordedEvent[];

export interface OpenRecording {
  store: RecordingStore;
  nextSeq: number;
  /** The end of what was recorded before. */
  events: RecordedEvent[];
}

export async function recordingStore(prisma: Database, attemptId: string, terminal: number): Promise<OpenRecording> {
  const rows = await prisma.consoleRecording.findMany({
    where: { attemptId, terminal },
    orderBy: { seq: 'desc' },
    take: SCREEN_CHUNKS,
  });
  const store: RecordingStore = {
    async save(seq, events) {
      const data = new Uint8Array(Buffer.from(JSON.stringify(events)));
      await prisma.consoleRecording.create({ data: { attemptId, terminal, seq, events: data } });
    },
  };
  return { store, nextSeq: (rows[0]?.seq ?? -1) + 1, events: rows.reverse().flatMap(({ events }) => decode(events)) };
}

/** What a terminal that shows the end of a recording must be fed. */
export function screenText(events: RecordedEvent[]): string {
  const text = events.map(([, kind, part]) => (kind === 'o' ? part : '')).join('');
  if (text.length <= SCREEN_CHARACTERS) return text;
  return text.slice(text.indexOf('\n', text.length - SCREEN_CHARACTERS) + 1);
}

export async function recordedTerminals(prisma: Database, attemptId: string): Promise<number[]> {
  const rows = await prisma.consoleRecording.findMany({
    where: { attemptId },
    distinct: ['terminal'],
    orderBy: { terminal: 'asc' },
    select: { terminal: true },
  });
  return rows.map(({ terminal }) => terminal);
}

/** One terminal's whole recording. */
export async function readRecording(prisma: Database, attemptId: string, terminal: number): Promise<RecordedEvent[]> {
  const rows = await prisma.consoleRecording.findMany({ where: { attemptId, terminal }, orderBy: { seq: 'asc' } });
  return rows.flatMap(({ events }) => decode(events));
}
