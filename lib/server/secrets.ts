// The installation's one secret, in a file only we can read; every use derives a key of its own from it.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Secrets {
  /** A key for one purpose. */
  derive(purpose: string): string;
  /** The bearer token with which one cluster user reaches the API of one attempt. */
  clusterToken(attemptId: string, user: string): string;
  /** The cluster user that a token names, if it is one of this attempt's. */
  clusterUser(attemptId: string, token: string): string | undefined;
}

/** Opens or makes the secret in `folder`. */
export function openSecrets(folder: string): Secrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secret = readOrMake(join(folder, 'secret'));
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
  const clusterToken = (attemptId: string, user: string) => `${user}.${sign(`cluster:${attemptId}:${user}`)}`;
  return {
    derive: (purpose) => sign(`derive:${purpose}`),
    clusterToken,
    clusterUser(attemptId, token) {
      const user = token.slice(0, Math.max(0, token.lastIndexOf('.')));
      return isSame(token, clusterToken(attemptId, user)) ? user : undefined;
    },
  };
}

function readOrMake(file: string): string {
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
