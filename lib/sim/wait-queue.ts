// Callers that wait for something to happen, each with its own way to give up.

/** Waits until the queue is called; rejects when the signal aborts. */
export function waiting(queue: (() => void)[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const go = () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    const stop = () => {
      queue.splice(queue.indexOf(go), 1);
      reject(signal?.reason);
    };
    queue.push(go);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
