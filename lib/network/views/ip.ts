// `ip address` and `ip route` in iproute2's words.
import { Cidr, parseAddress } from '../address';
import type { Link, Route } from '../cni/contract';

/** `ip address show`, all devices or those given. */
export const ipAddress = (links: readonly Link[]): string => links.map((link, i) => linkText(link, i + 1)).join('');

function linkText(link: Link, index: number): string {
  const { name, mtu, peer, mac, addresses } = link;
  const isLoopback = name === 'lo';
  const flags = isLoopback ? 'LOOPBACK,UP,LOWER_UP' : 'BROADCAST,MULTICAST,UP,LOWER_UP';
  const state = isLoopback || addresses.length === 0 ? 'UNKNOWN' : 'UP';
  const kind = isLoopback ? 'loopback' : 'ether';
  const broadcast = isLoopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
  const netns = peer?.startsWith('if') ? ' link-netnsid 0' : '';
  const title = `${index}: ${name}${peer ? `@${peer}` : ''}: <${flags}> mtu ${mtu} qdisc noqueue state ${state} group default`;
  const lines = [
    `${title}${peer ? ' ' : ' qlen 1000'}`,
    ...(mac ? [`    link/${kind} ${mac} brd ${broadcast}${netns}`] : []),
    ...addresses.flatMap((address) => [`    ${inet(name, address)}`, '       valid_lft forever preferred_lft forever']),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function inet(device: string, address: string): string {
  const block = Cidr.parse(address);
  const scope = device === 'lo' ? 'host' : 'global';
  if (block.family === 6) return `inet6 ${address} scope ${scope} `;
  const broadcast = device === 'lo' || block.prefix > 30 ? '' : ` brd ${block.at(block.size - 1n)}`;
  return `inet ${address}${broadcast} scope ${scope} ${device}`;
}

/** `ip route show`: the routes of a family, as the kernel lists them. */
export function ipRoute(routes: readonly Route[], family: 4 | 6 = 4): string {
  const own = routes.filter(({ to, via }) => familyOf(to, via) === family).sort((a, b) => order(a) - order(b));
  return own
    .map(({ to, via, device, rest }) => `${words(to, via && `via ${via}`, device && `dev ${device}`, rest)} \n`)
    .join('');
}

/** The kernel lists the default route first, then by address. */
function order({ to }: Route): number {
  if (to === 'default') return -1;
  return Number(parseAddress(to.replace(/^blackhole /, '').split('/')[0] ?? '')?.value ?? 0n);
}

const words = (...parts: (string | undefined)[]): string => parts.filter((part) => part).join(' ');

function familyOf(to: string, via: string | undefined): 4 | 6 {
  const text = to === 'default' ? (via ?? '') : to.replace(/^blackhole /, '');
  return (text.includes('/') ? Cidr.find(text)?.family : parseAddress(text)?.family) ?? 4;
}
