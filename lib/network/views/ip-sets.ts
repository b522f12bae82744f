// Sets of addresses that kernel rules match, as `ipset list` shows them.
import { createHash } from 'node:crypto';
import { parseAddress } from '../address';
import type { Host } from '../hosts';
import type { Network } from '../network';
import type { PeerSet } from '../policy/shown';

export interface IpSet {
  name: string;
  type: 'hash:ip' | 'hash:net';
  members: readonly string[];
  /** Beside each member, where the plug-in writes one. */
  comments?: readonly string[];
}

/** The first letters of a hash, in base64's alphabet for names. */
export const nameHash = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, length);

/** The pods with an IPv4 address of the pod network. */
export function* podsOf(network: Network): Iterable<Host & { address: string }> {
  for (const host of network.hosts.all()) {
    const address = host.addresses.find((text) => parseAddress(text)?.family === 4);
    if (host.kind === 'pod' && !host.hostNetwork && address) yield { ...host, address };
  }
}

export const membersOf = (network: Network, { holds }: PeerSet): string[] =>
  [...podsOf(network)].filter((pod) => holds(pod)).map(({ address }) => address);

/** `ipset list`. */
export function ipSetText({ name, type, members, comments }: IpSet): string {
  const lines = members.map((member, i) => `${member}${comments ? ` comment "${comments[i]}"` : ''}\n`);
  const header = `family inet hashsize 1024 maxelem ${name.startsWith('cali') ? 1_048_576 : 65_536}${comments ? ' comment' : ''} bucketsize 12 initval 0x${nameHash(
    name,
    32,
  )
    .replace(/[^0-9a-f]/g, '')
    .padEnd(8, '0')
    .slice(0, 8)}`;
  const size = 456 + members.length * (comments ? 112 : 32);
  return `Name: ${name}\nType: ${type}\nRevision: 6\nHeader: ${header}\nSize in memory: ${size}\nReferences: 1\nNumber of entries: ${members.length}\nMembers:\n${lines.join('')}`;
}
