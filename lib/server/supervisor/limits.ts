// Every limit of a sandbox process in one place, with its reason.

/** JavaScript heap of a world. A large lab takes about a fifth of it. */
export const HEAP_MB = 192;
/** Everything the process may hold resident, database engines and buffers included. Looked at with each heartbeat. */
export const RESIDENT_MB = 448;
/** A process is started and asked nothing yet: more than this means that the machine is out of breath. */
export const LOAD_MS = 20_000;
/** From `start` to `ready`, restoring a long log included. */
export const START_MS = 30_000;
/** A world yields at least every few milliseconds; one that has been silent this long hangs. */
export const SILENCE_MS = 12_000;
/** From `ready` to the first snapshot of a new world: the time of a first prompt. */
export const BASE_MS = 100;
export const SNAPSHOT_MS = 15_000;
/** A grading may fast-forward hours of simulated time. */
export const GRADE_MS = 60_000;
/** A proof keeps several worlds at once. */
export const PROOF_HEAP_MB = 1024;
export const PROOF_RESIDENT_MB = 1536;
/** One piece of a proof. The limits inside are shorter; this one is for what cannot be stopped from inside. */
export const PROOF_TASK_MS = 120_000;
/** How long a process may take to end by itself when told to. */
export const STOP_MS = 2_000;
/** Crashes within CRASH_WINDOW_MS after which it is left down until somebody asks again. */
export const MOST_CRASHES = 5;
export const CRASH_WINDOW_MS = 30_000;
/** The log is made a snapshot when it has grown past either. */
export const COMPACT_APPENDS = 400;
export const COMPACT_BYTES = 2 * 1024 * 1024;
/** Nobody at the console and no call to the API for this long: hibernate. */
export const IDLE_MS = 15 * 60_000;
/** What an awake sandbox with its console takes in the mean, with room to spare; the machine's memory divided by it is the most that are awake. */
export const AWAKE_MB = 96;
/** However small the machine. */
export const LEAST_AWAKE = 4;
/** A world answers a question about itself at once; longer means that it is busy beyond use. */
export const ASK_MS = 10_000;
