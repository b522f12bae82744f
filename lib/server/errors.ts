// What a user can do wrong, in one table: code, HTTP status, and the sentence that says what to do.

const table = {
  /** No session cookie, or one that ended. */
  'signed-out': { status: 401, message: 'Sign in first.' },
  /** The permission table says no, or the thing belongs to somebody else. */
  forbidden: { status: 403, message: 'This is not yours to see or change.' },
  /** The request comes from a page of another site. */
  'foreign-origin': { status: 403, message: 'Open this from the pages of this site.' },
  /** No such attempt, lab, report or page. */
  'not-found': { status: 404, message: 'There is no such thing here. Go back to the list and choose again.' },
  /** A parameter that no page of ours sends. */
  'bad-request': { status: 400, message: 'The request cannot be understood. Reload the page.' },
  /** Somebody else changed it since it was read. */
  conflict: { status: 409, message: 'Somebody else changed this meanwhile. Reload the page to see it.' },
  /** A lab with something wrong in it cannot be published or tried; the message has the places. */
  'broken-lab': { status: 422, message: 'The lab has mistakes. Mend what the editor marks first.' },
  /** An archive that is no course, or that tries to be more than files of labs. Nothing of it is imported. */
  'bad-archive': { status: 422, message: 'This is not an archive of labs.' },
  /** More than a lab or an archive may hold. */
  'too-large': { status: 413, message: 'That is too much at once.' },
  /** The sandbox crashed again and again; somebody must look at it. */
  'sandbox-failing': { status: 503, message: 'Your workstation keeps crashing. Wait half a minute and try again.' },
  /** As many sandboxes are awake as the machine can hold, and somebody is at each. */
  full: { status: 503, message: 'All workstations of this server are in use. Try again in a few minutes.' },
  /** A grader process ended or took too long; nothing is counted. */
  'grading-failed': { status: 503, message: 'Grading did not finish, and no points were lost. Try again.' },
  /** More terminals than one page can want. */
  'too-many-terminals': { status: 429, message: 'Close a terminal before you open another.' },
} as const;

export type ErrorCode = keyof typeof table;

/** An error whose message is for the user. Anything else that is thrown is a bug of ours. */
export class UserError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    message: string = table[code].message,
  ) {
    super(message);
    this.name = 'UserError';
    this.status = table[code].status;
  }
}
