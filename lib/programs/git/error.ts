/** What ends a git command: the message for standard error, and the status. */
export class GitError extends Error {
  constructor(
    message: string,
    readonly status = 128,
  ) {
    super(message);
  }
}
