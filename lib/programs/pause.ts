// Programs that only stay: the pause container, and the servers of system pods whose traffic nothing here reads.
import type { Program } from '../machine/process';

/** Sleeps until it is told to stop. */
export const pause: Program = async (proc) => {
  proc.idles = true;
  await new Promise<void>((resolve) => {
    proc.on('SIGTERM', () => resolve());
    proc.on('SIGINT', () => resolve());
    proc.onExit(resolve);
  });
  return 0;
};
