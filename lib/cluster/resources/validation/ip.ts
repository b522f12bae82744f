// Addresses and ranges as the API checks them, over ip-num.
import { IPv4, IPv6 } from 'ip-num';

/** What is said of a value that is no address. */
export const BAD_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** And of one that is no range. */
export const BAD_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

const quiet = <T>(make: () => T): T | undefined => {
  try {
    return make();
  } catch {
    return undefined;
  }
};

// ip-num reads `010.0.0.1` and `1.2.3`; the API does not
const V4 = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/;

/** Takes what is missing for what it is: no address. */
export const parseIP = (text = ''): IPv4 | IPv6 | undefined =>
  text.includes(':')
    ? quiet(() => IPv6.fromString(text))
    : V4.test(text)
      ? quiet(() => IPv4.fromString(text))
      : undefined;

export interface Range {
  first: bigint;
  last: bigint;
  v6: boolean;
}

/** A CIDR as its first and last address; undefined if it is none. */
export function parseCIDR(text: string): Range | undefined {
  const [address = '', bits = '', more] = text.split('/');
  if (more !== undefined || !/^\d{1,3}$/.test(bits) || !parseIP(address)) return undefined;
  const v6 = address.includes(':');
  const width = v6 ? 128n : 32n;
  const prefix = BigInt(bits);
  const value = parseIP(address)?.getValue();
  if (value === undefined || prefix > width) return undefined;
  const size = 1n << (width - prefix);
  const first = (value / size) * size;
  return { first, last: first + size - 1n, v6 };
}

export function inRange(ip: string, range: Range): boolean {
  const value = parseIP(ip)?.getValue();
  return value !== undefined && ip.includes(':') === range.v6 && value >= range.first && value <= range.last;
}

/** Why a valid address cannot be one that others reach: ValidateNonSpecialIP. undefined: it can. */
export function specialIP(ip: string): string | undefined {
  if (ip === '0.0.0.0' || /^[0:]+$/.test(ip)) return 'may not be unspecified (0.0.0.0 or ::)';
  if (ip.startsWith('127.') || ip === '::1') return 'may not be in the loopback range (127.0.0.0/8, ::1/128)';
  if (ip.startsWith('169.254.') || /^fe[89ab]/i.test(ip))
    return 'may not be in the link-local range (169.254.0.0/16, fe80::/10)';
  if (ip.startsWith('224.0.0.') || /^ff02:/i.test(ip))
    return 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)';
  return undefined;
}
