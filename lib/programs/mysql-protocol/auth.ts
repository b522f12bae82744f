// Password exchange: mysql_native_password and the fast path of caching_sha2_password.
import { createHash } from 'node:crypto';

const hash = (algorithm: 'sha1' | 'sha256', ...parts: Uint8Array[]): Uint8Array => {
  const digest = createHash(algorithm);
  for (const part of parts) digest.update(part);
  return new Uint8Array(digest.digest());
};

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ (b[i] ?? 0));
const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export type AuthPlugin = 'mysql_native_password' | 'caching_sha2_password';
export const isPlugin = (name: string): name is AuthPlugin =>
  name === 'mysql_native_password' || name === 'caching_sha2_password';

/** What the server keeps of a password: SHA1(SHA1(p)) as `*HEX`, and SHA256(SHA256(p)) where the plain password was seen. */
export interface Verifier {
  native: string;
  sha2?: string;
}

const nativeHash = (password: string): string =>
  password === '' ? '' : `*${hex(hash('sha1', hash('sha1', encode(password))))}`;

export const verifierOf = (password: string): Verifier =>
  password === ''
    ? { native: '', sha2: '' }
    : { native: nativeHash(password), sha2: hex(hash('sha256', hash('sha256', encode(password)))) };

/** The client's answer to a challenge. */
export function scramble(plugin: AuthPlugin, password: string, nonce: Uint8Array): Uint8Array {
  if (password === '') return new Uint8Array();
  if (plugin === 'mysql_native_password') {
    const once = hash('sha1', encode(password));
    return xor(once, hash('sha1', nonce, hash('sha1', once)));
  }
  const once = hash('sha256', encode(password));
  return xor(once, hash('sha256', hash('sha256', once), nonce));
}

/** Whether an answer proves the password. */
export function proves(plugin: AuthPlugin, answer: Uint8Array, nonce: Uint8Array, verifier: Verifier): boolean {
  if (verifier.native === '') return answer.length === 0;
  if (plugin === 'mysql_native_password') {
    if (answer.length !== 20) return false;
    const twice = fromHex(verifier.native.slice(1));
    const once = xor(answer, hash('sha1', nonce, twice));
    return equal(hash('sha1', once), twice);
  }
  if (answer.length !== 32 || !verifier.sha2) return false;
  const twice = fromHex(verifier.sha2);
  const once = xor(answer, hash('sha256', twice, nonce));
  return equal(hash('sha256', once), twice);
}
