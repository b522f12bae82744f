// Authors' tries of drafts leave attempts and versions behind that nobody looks at again.
import type { Database } from '../database/client';

const KEPT_MS = 7 * 24 * 3600 * 1000; // an author who comes back after a weekend finds the sandbox

/** Takes old tries away; at start, when none of them is awake. */
export async function dropOldTrials(prisma: Database, now = Date.now()): Promise<void> {
  const unused = { lastActiveAt: { lt: new Date(now - KEPT_MS) } };
  await prisma.attempt.deleteMany({ where: { trial: true, OR: [{ status: 'finished' }, unused] } });
  await prisma.labVersion.deleteMany({ where: { origin: 'trial', attempts: { none: {} } } });
}
