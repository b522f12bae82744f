// How long waits take that teach nothing. A lab chooses; texts and counts are the same at every pace.
export interface Pace {
  /** Milliseconds that a pull takes. */
  pullMs(sizeBytes: number): number;
  /** Milliseconds to set up a pod's sandbox, and then a container. */
  sandboxMs: number;
  startMs: number;
  /** Waits before pulling again and for the end of a container are multiplied by this. */
  waits: number;
  /** The back-off before a container that ended starts again is multiplied by this; it costs nothing where the clock jumps. */
  backOff: number;
}

const BYTES_PER_MS = 60_000; // 60 MB a second, a registry on the same network

const PACES = {
  instant: { pullMs: () => 0, sandboxMs: 0, startMs: 0, waits: 0.1, backOff: 1 },
  brisk: {
    pullMs: (size: number) => 200 + Math.min(800, size / BYTES_PER_MS / 10),
    sandboxMs: 150,
    startMs: 80,
    waits: 0.2,
    backOff: 0.2,
  },
  realistic: {
    pullMs: (size: number) => 600 + size / BYTES_PER_MS,
    sandboxMs: 900,
    startMs: 250,
    waits: 1,
    backOff: 1,
  },
} satisfies Record<string, Pace>;

export type PaceName = keyof typeof PACES;

export const getPace = (name: PaceName): Pace => PACES[name];
