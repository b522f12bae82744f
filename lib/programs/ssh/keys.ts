// Ed25519 keys as OpenSSH writes them: one line for the public one, a block of PEM for the private one.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const KIND = 'ssh-ed25519';
const MAGIC = 'openssh-key-v1\0';
// the fixed beginnings of the DER forms that node's crypto reads (RFC 8410)
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export interface KeyPair {
  /** 32 bytes that everything else follows from. */
  seed: Buffer;
  /** The public key as the wire and the files have it (RFC 8709). */
  blob: Buffer;
}

const field = (bytes: Uint8Array | string): Buffer => {
  const body = Buffer.from(bytes as Uint8Array);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  return Buffer.concat([size, body]);
};

const privateKey = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });

export function keyPair(seed: Uint8Array): KeyPair {
  const bytes = Buffer.from(seed);
  const point = createPublicKey(privateKey(bytes)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  return { seed: bytes, blob: Buffer.concat([field(KIND), field(point)]) };
}

/** A key that is the same in every world, for what stands in images: a node's, the classroom's. */
export const keyOf = (name: string): KeyPair => keyPair(createHash('sha256').update(`key of ${name}`).digest());

/** The key that the workstation's user has, and that a cluster's installation put on its nodes. */
export const WORKSTATION_KEY = keyOf('student on the workstation');

export const publicLine = (blob: Buffer, comment = ''): string =>
  `${KIND} ${blob.toString('base64')}${comment ? ` ${comment}` : ''}`;

/** `SHA256:…`, as every message names a key. */
export const fingerprint = (blob: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

export function privateText(key: KeyPair, comment: string): string {
  const point = key.blob.subarray(-32);
  const secret = Buffer.concat([
    key.seed.subarray(0, 4),
    key.seed.subarray(0, 4), // two equal numbers say that the text was deciphered well
    field(KIND),
    field(point),
    field(Buffer.concat([key.seed, point])),
    field(comment),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const all = [
    MAGIC,
    field('none'),
    field('none'),
    field(''),
    one,
    field(key.blob),
    field(Buffer.concat([secret, padding])),
  ];
  const body = Buffer.concat(all.map((part) => Buffer.from(part as Uint8Array))).toString('base64');
  const lines = body.match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** The key of a private file; undefined for what is none. */
export function readPrivate(text: string): KeyPair | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  const bytes = Buffer.from((body ?? '').replace(/\s/g, ''), 'base64');
  if (!body || !bytes.toString('latin1').startsWith(MAGIC)) return undefined;
  const at = bytes.lastIndexOf(field(KIND)); // in the secret part: the kind, the point, seed and point, the comment
  const seed = bytes.subarray(at + field(KIND).length + 4 + 32 + 4).subarray(0, 32);
  return seed.length === 32 ? keyPair(seed) : undefined;
}

/** The blob of a line like `ssh-ed25519 AAAA… comment`; undefined for other kinds. */
export function readPublic(line: string): Buffer | undefined {
  const found = /(?:^|\s)ssh-ed25519\s+([A-Za-z0-9+/=]+)/.exec(line)?.[1];
  return found ? Buffer.from(found, 'base64') : undefined;
}

export const signWith = (key: KeyPair, message: Uint8Array): Buffer => sign(null, message, privateKey(key.seed));

export function verifies(blob: Buffer, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI, blob.subarray(-32)]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

const ART_COLUMNS = 17;
const ART_ROWS = 9;

/** The picture of a key that ssh-keygen draws: a bishop's walk over the fingerprint's bits ("the drunken bishop"). */
export function randomart(blob: Uint8Array): string {
  const marks = ' .o+=*BOX@%&#/^';
  const visits = new Map<number, number>();
  let [column, row] = [(ART_COLUMNS - 1) / 2, (ART_ROWS - 1) / 2];
  const start = row * ART_COLUMNS + column;
  for (const byte of createHash('sha256').update(blob).digest())
    for (let shift = 0; shift < 8; shift += 2) {
      const step = byte >> shift;
      column = Math.max(0, Math.min(ART_COLUMNS - 1, column + (step & 1 ? 1 : -1)));
      row = Math.max(0, Math.min(ART_ROWS - 1, row + (step & 2 ? 1 : -1)));
      const at = row * ART_COLUMNS + column;
      visits.set(at, Math.min(marks.length - 1, (visits.get(at) ?? 0) + 1));
    }
  const end = row * ART_COLUMNS + column;
  const mark = (at: number) => (at === start ? 'S' : at === end ? 'E' : marks.charAt(visits.get(at) ?? 0));
  const rows = Array.from({ length: ART_ROWS }, (_, y) =>
    Array.from({ length: ART_COLUMNS }, (__, x) => mark(y * ART_COLUMNS + x)).join(''),
  );
  return `+--[ED25519 256]--+\n${rows.map((text) => `|${text}|\n`).join('')}+----[SHA256]-----+\n`;
}
