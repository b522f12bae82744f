// Comparing secrets without telling by the time it takes how much of a guess was right.
import { createHash, timingSafeEqual } from 'node:crypto';

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

export const sameText = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));
