// The tokens that `oc login` gets: `sha256~…`. Only their hashes are kept, in the world's state.
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Table } from '../../sim/state';
import { sha256, tokenHash } from './passwords';

const SECONDS = 24 * 3600; // OpenShift's accessTokenMaxAgeSeconds
const LENGTH = 43;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODE_MS = 5 * 60_000; // OpenShift's authorizeTokenMaxAgeSeconds

interface Row {
  user: string;
  expires: number;
}

/** A code of the authorization-code flow, waiting to be changed into a token. */
interface Code extends Row {
  challenge: string;
  redirect: string;
}

export class OAuthTokens {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  issue(user: string): { token: string; seconds: number } {
    const token = `sha256~${this.secret()}`;
    this.table.set(nameOf(token), { user, expires: this.clock.now() + SECONDS * 1000 });
    return { token, seconds: SECONDS };
  }

  /** The name of the user it was given to. */
  user(token: string): string | undefined {
    const row = this.table.get<Row>(nameOf(token));
    return row && row.expires > this.clock.now() ? row.user : undefined;
  }

  /** By the name of its object, `sha256~` and the hash; true if there was one. */
  revoke(name: string): boolean {
    const had = this.table.has(name);
    this.table.delete(name);
    return had;
  }

  owner(name: string): string | undefined {
    return this.table.get<Row>(name)?.user;
  }

  issueCode(user: string, challenge: string, redirect: string): string {
    const code = `sha256~${this.secret()}`;
    this.table.set(`code/${code}`, { user, challenge, redirect, expires: this.clock.now() + CODE_MS });
    return code;
  }

  /** A code is good for one try. */
  redeem(code: string, verifier: string): string | undefined {
    const row = this.table.get<Code>(`code/${code}`);
    this.table.delete(`code/${code}`);
    if (!row || row.expires <= this.clock.now()) return undefined;
    return row.challenge === '' || sha256(verifier).toString('base64url') === row.challenge ? row.user : undefined;
  }

  private secret(): string {
    return Array.from({ length: LENGTH }, () => ALPHABET[this.random.int(ALPHABET.length)]).join('');
  }
}

/** The name of a token's object: what `oc logout` deletes. */
const nameOf = (token: string): string => `sha256~${tokenHash(token.replace(/^sha256~/, ''))}`;
