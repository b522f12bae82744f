// What a node of OpenShift is configured by, as the machine configuration operator names it.
import { createHash } from 'node:crypto';

export type Pool = 'master' | 'worker';

/** `rendered-worker-…`: the configuration of a pool in a release. */
export const renderedConfig = (pool: Pool, release: string): string =>
  `rendered-${pool}-${createHash('md5').update(`${pool} ${release}`).digest('hex')}`;

/** A node of the control plane belongs to that pool, also where it takes other work. */
export const poolOf = (roles: readonly string[]): Pool => (roles.includes('master') ? 'master' : 'worker');
