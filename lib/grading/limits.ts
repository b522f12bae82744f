// What one check may use. A check that goes beyond is `not graded`, since it tells nothing about the student's work.
import { getHeapStatistics } from 'node:v8';

export interface CheckLimits {
  /** Simulated milliseconds. */
  simulatedMs: number;
  /** Real milliseconds. */
  realMs: number;
  /** Growth of the heap in bytes. */
  heapBytes: number;
}

export const CHECK_LIMITS: CheckLimits = {
  simulatedMs: 26 * 3600 * 1000, // `after` may let a day pass
  realMs: 20_000, // a hundred times what a check takes
  heapBytes: 512 * 1024 * 1024, // a fork takes a few megabytes
};

const LOOK_MS = 50; // between two looks at clock and heap

const heapUsed = () => getHeapStatistics().used_heap_size;

/** Thrown at a check that goes beyond its limits. */
class LimitError extends Error {}

/** Settles as `work` does, or rejects when it takes more than it may. */
export function withinLimits<T>(work: Promise<T>, { realMs, heapBytes }: CheckLimits): Promise<T> {
  const start = performance.now();
  const heap = heapUsed();
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => {
      if (performance.now() - start > realMs) reject(new LimitError(`it took longer than ${realMs / 1000} seconds`));
      else if (heapUsed() - heap > heapBytes)
        reject(new LimitError(`it took more than ${heapBytes / 1024 / 1024} MB of memory`));
    }, LOOK_MS);
    work.then(resolve, reject).finally(() => clearInterval(watch));
  });
}
