// Slows guessing at one account's password, wherever the guesses come from.

/** Typing errors that cost nothing. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Accounts remembered; beyond it the oldest is forgotten. */
const MOST_ACCOUNTS = 10_000;

/** Counts the wrong passwords of each account; every further one doubles the wait. */
export class SignInBackOff {
  private readonly failures = new Map<string, { count: number; until: number }>();

  constructor(private readonly now: () => number) {}

  secondsToWait(email: string): number {
    const until = this.failures.get(email.toLowerCase())?.until ?? 0;
    return Math.max(0, Math.ceil((until - this.now()) / 1000));
  }

  note(email: string, failed: boolean): void {
    const key = email.toLowerCase();
    const count = (this.failures.get(key)?.count ?? 0) + 1;
    this.failures.delete(key);
    if (!failed) return;
    const beyond = count - FREE_FAILURES;
    const wait = beyond < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** beyond);
    this.failures.set(key, { count, until: this.now() + wait });
    const oldest = this.failures.keys().next().value;
    if (this.failures.size > MOST_ACCOUNTS && oldest !== undefined) this.failures.delete(oldest);
  }
}
