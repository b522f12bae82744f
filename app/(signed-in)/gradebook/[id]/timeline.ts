// A recording as a player needs it: from zero, without long silences, output and sizes only.
import type { RecordedEvent } from '../../../../lib/server/terminals/recorder';

/** A silence longer than this is as long as this. */
const LONGEST_SILENCE_MS = 2_000;

export interface Frame {
  /** Milliseconds since the beginning. */
  at: number;
  text?: string;
  size?: [columns: number, rows: number];
}

export function timeline(events: RecordedEvent[]): Frame[] {
  let last = events[0]?.[0] ?? 0;
  let at = 0;
  return events.flatMap(([ms, kind, text]): Frame[] => {
    at += Math.min(LONGEST_SILENCE_MS, Math.max(0, ms - last));
    last = ms;
    if (kind === 'o') return [{ at, text }];
    if (kind === 'i') return [];
    const [columns = 80, rows = 24] = text.split('x').map(Number);
    return [{ at, size: [columns, rows] }];
  });
}
