// Stops a PostgreSQL that outlived a `kill -9` of its server. Its lock file is never deleted: PostgreSQL judges that itself.
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const POLL_MS = 20;
/** A fast shutdown writes a checkpoint; past this it is told to stop at once and recovers from its log. */
const FAST_SHUTDOWN_MS = 5_000;

/**
 * Stops the PostgreSQL of this data folder if one still runs.
 * @param data the data folder; the caller holds the lock above it, so whatever runs on it belongs to nobody
 */
export async function stopLeftOver(data: string, program: string): Promise<void> {
  const pid = lockedBy(data);
  if (pid === undefined || !isOurs(pid, data, program)) return;
  process.kill(pid, 'SIGINT');
  const impatientAt = Date.now() + FAST_SHUTDOWN_MS;
  let told = false;
  while (isOurs(pid, data, program)) {
    if (!told && Date.now() > impatientAt) {
      process.kill(pid, 'SIGQUIT');
      told = true;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function lockedBy(data: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Program and working folder must both be ours; a zombie has neither, and a recycled number has others. */
function isOurs(pid: number, data: string, program: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/exe`) === realpathSync(program) &&
      readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
    );
  } catch {
    return false;
  }
}
