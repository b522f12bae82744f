/** A malformed expression of `test`; status 2. */
export class TestError extends Error {}
