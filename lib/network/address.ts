// IP addresses and CIDR blocks as numbers, over ip-num. Texts are canonical: RFC 5952 for IPv6, IPv4 for mapped addresses.
import { IPv4, IPv6 } from 'ip-num';

export type Family = 4 | 6;

export interface Address {
  family: Family;
  value: bigint;
  /** The canonical text. */
  text: string;
}

const MEMO_LIMIT = 65_536; // addresses seen; a world has thousands, a scan may try more
const memo = new Map<string, Address | undefined>();

/** The address, or undefined when the text is none. As Go's ParseIP: no leading zeros, no zone. */
export function parseAddress(text: string): Address | undefined {
  if (memo.has(text)) return memo.get(text);
  if (memo.size >= MEMO_LIMIT) memo.clear();
  const address = read(text);
  memo.set(text, address);
  return address;
}

/** The canonical text of an address; what is none comes back unchanged. */
export const canonical = (text: string): string => parseAddress(text)?.text ?? text;

const formatAddress = (family: Family, value: bigint): string =>
  family === 4 ? formatIPv4(Number(value)) : formatIPv6(value);

/** ip-num writes an address by way of its binary digits, fifty times as slowly; leases are looked for one after another. */
const formatIPv4 = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;

const V4 = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/;
const MAPPED_PREFIX = 0xffffn; // ::ffff:0:0/96

function read(text: string): Address | undefined {
  try {
    if (V4.test(text)) return { family: 4, value: new IPv4(text).getValue(), text };
    if (!text.includes(':') || !/^[0-9a-fA-F:.]+$/.test(text)) return undefined;
    const value = new IPv6(embedded(text)).getValue();
    if (value >> 32n === MAPPED_PREFIX) {
      const low = value & 0xffffffffn;
      return { family: 4, value: low, text: formatAddress(4, low) };
    }
    return { family: 6, value, text: formatIPv6(value) };
  } catch {
    return undefined;
  }
}

/** ip-num reads no dotted tail (`::ffff:10.0.0.1`): rewrites it to hexadecimal. */
function embedded(text: string): string {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (!tail?.[1] || !tail[2]) return text;
  if (!V4.test(tail[2])) throw new RangeError(text);
  const value = new IPv4(tail[2]).getValue();
  return `${tail[1]}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

/** RFC 5952: lower case, the first of the longest runs of zero groups shortened. */
function formatIPv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i)) & 0xffffn);
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = [...text.matchAll(/\b0(:0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
  const run = runs[0];
  if (!run) return text;
  const before = text.slice(0, run.index).replace(/:$/, '');
  const after = text.slice(run.index + run[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** A block of addresses. */
export class Cidr {
  private constructor(
    readonly family: Family,
    readonly first: bigint,
    readonly prefix: number,
  ) {}

  /** Reads `10.128.0.0/14`; host bits are cut off. Throws with Go's text. */
  static parse(text: string): Cidr {
    const slash = text.lastIndexOf('/');
    const address = parseAddress(text.slice(0, slash));
    const prefix = Number(text.slice(slash + 1));
    const bits = address?.family === 4 ? 32 : 128;
    if (slash < 0 || !address || !/^(0|[1-9]\d*)$/.test(text.slice(slash + 1)) || prefix > bits)
      throw new RangeError(`invalid CIDR address: ${text}`);
    return new Cidr(address.family, rangeFirst(address, prefix), prefix);
  }

  /** As parse; undefined when the text is none. */
  static find(text: string): Cidr | undefined {
    try {
      return Cidr.parse(text);
    } catch {
      return undefined;
    }
  }

  get size(): bigint {
    return 1n << BigInt((this.family === 4 ? 32 : 128) - this.prefix);
  }

  get last(): bigint {
    return this.first + this.size - 1n;
  }

  contains(text: string): boolean {
    const address = parseAddress(text);
    return address !== undefined && this.holds(address);
  }

  holds(address: Address): boolean {
    return address.family === this.family && address.value >= this.first && address.value <= this.last;
  }

  /** The address n after the first. */
  at(n: number | bigint): string {
    return formatAddress(this.family, this.first + BigInt(n));
  }

  overlaps(other: Cidr): boolean {
    return this.family === other.family && this.first <= other.last && other.first <= this.last;
  }

  /** The n-th block of a longer prefix inside this one; undefined past its end. */
  subnet(prefix: number, n: number): Cidr | undefined {
    const size = 1n << BigInt((this.family === 4 ? 32 : 128) - prefix);
    const first = this.first + size * BigInt(n);
    return prefix >= this.prefix && first <= this.last ? new Cidr(this.family, first, prefix) : undefined;
  }

  toString(): string {
    return `${this.at(0)}/${this.prefix}`;
  }
}

function rangeFirst({ family, value }: Address, prefix: number): bigint {
  const host = BigInt((family === 4 ? 32 : 128) - prefix);
  return (value >> host) << host;
}
