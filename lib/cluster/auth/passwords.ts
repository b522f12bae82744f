// Comparing secrets without telling by the time it takes how much of a guess was right.
import { createHash, timingSafeEqual } from 'node:crypto';

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const MOST_KNOWN = 1000; // clients send the same token with every request; there are few of them
const known = new Map<string, string>();

/** The hash of a bearer token, base64url, remembered. */
export function tokenHash(token: string): string {
  let hash = known.get(token);
  if (hash === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(token, (hash = sha256(token).toString('base64url')));
  }
  return hash;
}

export const sameText = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));
