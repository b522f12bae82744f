// Seeded randomness (sfc32). Every draw of a world comes from one of these, so the same seed makes the same world.

/** The four 32-bit words of the generator; JSON-able, so it goes into a snapshot. */
export type RandomState = [number, number, number, number];

const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'; // k8s.io/apimachinery util/rand: no vowels, no look-alikes
const HEX = '0123456789abcdef';

/** FNV-1a over UTF-16 units: turns a label into a 32-bit seed. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * A deterministic random source.
 * @example new Random(7).suffix(5) // 'x4k2p', always
 */
export class Random {
  private s: RandomState;

  constructor(seed: number | RandomState) {
    this.s = typeof seed === 'number' ? [seed | 0, (seed / 2 ** 32) | 0, 0x9e3779b9, 1] : [...seed];
    if (typeof seed === 'number') for (let i = 0; i < 16; i++) this.uint32();
  }

  get state(): RandomState {
    return [...this.s];
  }

  uint32(): number {
    const s = this.s;
    const t = (s[0] + s[1] + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + t;
    return t >>> 0;
  }

  /** In [0, 1). */
  float(): number {
    return this.uint32() / 2 ** 32;
  }

  /** In [0, n). */
  int(n: number): number {
    return Math.floor(this.float() * n);
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('pick from an empty list');
    return items[this.int(items.length)] as T;
  }

  bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.uint32() & 255);
  }

  hex(digits: number): string {
    return this.text(digits, HEX);
  }

  /** A name suffix in Kubernetes' alphabet, as `generateName` makes it. */
  suffix(length: number): string {
    return this.text(length, NAME_ALPHABET);
  }

  /** A version 4 UUID. */
  uuid(): string {
    const variant = '89ab'[this.int(4)];
    const parts = [this.hex(8), this.hex(4), `4${this.hex(3)}`, `${variant}${this.hex(3)}`, this.hex(12)];
    return parts.join('-');
  }

  /** Characters of an alphabet, as one flat string: a world holds a hundred thousand of them. */
  private text(length: number, alphabet: string): string {
    const codes = new Array<number>(length);
    for (let i = 0; i < length; i++) codes[i] = alphabet.charCodeAt(this.int(alphabet.length));
    return String.fromCharCode(...codes);
  }

  /** An independent source named by a label; does not advance this one. */
  fork(label: string): Random {
    return new Random([this.s[0] ^ hash32(label), this.s[1], this.s[2] ^ hash32(`${label}/`), 1]);
  }
}
