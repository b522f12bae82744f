import { LIMITS } from '../../machine/limits';

/** What yq says when an expression or its input is wrong; printed behind `Error: `. */
export class YqError extends Error {}

/** Nodes of one tree, and of one list of matches: some hundred bytes each. */
export const MOST_NODES = 500_000;

/** What the runtime of a Go program says when it gets no more memory. */
export const outOfMemory = (): YqError => new YqError('runtime: out of memory: cannot allocate heap');

/** The longest text a node may hold. */
export const MOST_TEXT = LIMITS.textBytes;
