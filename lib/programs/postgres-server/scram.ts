// SCRAM-SHA-256 (RFC 5802, 7677): the proof of a password without sending it, both sides.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const xor = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));

const attributes = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));

interface Verifier {
  iterations: number;
  salt: string;
  stored: Buffer;
  server: Buffer;
}

function readVerifier(text: string): Verifier | undefined {
  const match = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/.exec(text);
  if (!match) return undefined;
  const [, iterations, salt = '', stored = '', server = ''] = match;
  return {
    iterations: Number(iterations),
    salt,
    stored: Buffer.from(stored, 'base64'),
    server: Buffer.from(server, 'base64'),
  };
}

/** The server's side of one login. An unknown verifier is played through and fails at the end, as for a wrong password. */
export class ScramServer {
  private first = '';
  private reply = '';
  private readonly verifier: Verifier | undefined;

  constructor(
    verifier: string | undefined,
    private readonly nonce: string,
    private readonly decoySalt: string,
  ) {
    this.verifier = verifier === undefined ? undefined : readVerifier(verifier);
  }

  /** The answer to the client's first message. */
  challenge(clientFirst: string): string {
    this.first = clientFirst.replace(/^[ny],[^,]*,/, '');
    this.reply = `r=${attributes(this.first)['r']}${this.nonce},s=${this.verifier?.salt ?? this.decoySalt},i=${this.verifier?.iterations ?? 4096}`;
    return this.reply;
  }

  /** The server's own proof, or undefined when the client's is wrong. */
  finish(clientFinal: string): string | undefined {
    const { p: proof = '' } = attributes(clientFinal);
    const message = `${this.first},${this.reply},${clientFinal.replace(/,p=.*$/, '')}`;
    if (!this.verifier) return undefined;
    const key = xor(Buffer.from(proof, 'base64'), hmac(this.verifier.stored, message));
    if (!sha(key).equals(this.verifier.stored)) return undefined;
    return `v=${hmac(this.verifier.server, message).toString('base64')}`;
  }
}

/** The client's side. */
export class ScramClient {
  private readonly first: string;

  constructor(
    private readonly password: string,
    nonce: string,
  ) {
    this.first = `n=,r=${nonce}`;
  }

  start(): string {
    return `n,,${this.first}`;
  }

  answer(challenge: string): string {
    const { r = '', s = '', i = '4096' } = attributes(challenge);
    const salted = pbkdf2Sync(this.password.normalize('NFKC'), Buffer.from(s, 'base64'), Number(i), 32, 'sha256');
    const key = hmac(salted, 'Client Key');
    const bare = `c=biws,r=${r}`;
    const proof = xor(key, hmac(sha(key), `${this.first},${challenge},${bare}`));
    return `${bare},p=${proof.toString('base64')}`;
  }
}
