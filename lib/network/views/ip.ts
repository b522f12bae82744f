// `ip address`, `ip link` and `ip route` in iproute2's words, and in BusyBox'.
import { Cidr, parseAddress } from '../address';
import type { Link, Route } from '../cni/contract';
import { type Device, type DeviceAddress, devicesOf } from './devices';

interface DeviceTraffic {
  sentPackets: number;
  sentBytes: number;
  gotPackets: number;
  gotBytes: number;
}

export interface IpFormat {
  /** `link`: without addresses. */
  what?: 'address' | 'link';
  family?: 4 | 6;
  oneLine?: boolean;
  brief?: boolean;
  /** What passed a device, shown below it. */
  traffic?: (device: string) => DeviceTraffic;
  /** BusyBox' own ip: fewer words. */
  busybox?: boolean;
}

/** `ip address show`, all devices or those given. */
export const ipAddress = (links: readonly Link[], format: IpFormat = {}): string => ipDevices(devicesOf(links), format);

/** The same for devices that keep their numbers. */
export function ipDevices(devices: readonly Device[], format: IpFormat = {}): string {
  const { family, what = 'address', brief, oneLine } = format;
  const shown = devices.flatMap((device) => {
    const addresses = device.addresses.filter((one) => !family || one.family === family);
    return family && what === 'address' && addresses.length === 0 ? [] : [{ ...device, addresses }];
  });
  const text = brief ? briefText : oneLine && what === 'address' ? oneLineText : deviceText;
  return shown.map((device) => text(device, format)).join('');
}

const title = ({ name, peer }: Device): string => `${name}${peer ? `@${peer}` : ''}`;

/** iproute2 6's print_stats64: columns as wide as their titles, the first as `RX errors:` at least. */
function trafficLines({ gotBytes, gotPackets, sentBytes, sentPackets }: DeviceTraffic): string[] {
  const widths = (bytes: number, packets: number) =>
    [String(bytes).length, String(packets).length].map((length, i) => Math.max(length, i === 0 ? 10 : 7));
  const side = (title: string, bytes: number, packets: number, rest: string) => {
    const [first = 10, second = 7] = widths(bytes, packets);
    return [
      `    ${title}: ${'bytes'.padStart(first - 4)} ${'packets'.padStart(second)} ${rest}${' '.repeat(11)}`,
      `    ${String(bytes).padStart(first)} ${String(packets).padStart(second)}      0       0       0       0 `,
    ];
  };
  return [
    ...side('RX', gotBytes, gotPackets, 'errors dropped  missed   mcast'),
    ...side('TX', sentBytes, sentPackets, 'errors dropped carrier collsns'),
  ];
}

function deviceText(device: Device, { what, oneLine, busybox, family, traffic }: IpFormat): string {
  const { index, flags, mtu, qdisc, master, state, queue, kind, mac, broadcast, netns, addresses } = device;
  const mode = what === 'link' ? ' mode DEFAULT' : '';
  const shown = busybox && device.peer?.startsWith('if') ? [...flags, 'M-DOWN'] : flags;
  const words = busybox
    ? `mtu ${mtu} qdisc ${qdisc}${queue && device.name !== 'lo' ? ` qlen ${queue}` : device.name === 'lo' ? ' qlen 1000' : ' '}`
    : `mtu ${mtu} qdisc ${qdisc}${master ? ` master ${master}` : ''} state ${state}${mode} group default ${queue ? `qlen ${queue}` : ''}`;
  const link = `    link/${kind} ${mac ?? ''} brd ${broadcast}${netns !== undefined && !busybox ? ` link-netnsid ${netns}` : ''}`;
  const lines = [
    `${index}: ${title(device)}: <${shown.join(',')}> ${words}`,
    ...(mac && (!family || what === 'link') ? [link] : []),
    ...(what === 'link' ? [] : addresses.flatMap((one) => [`    ${inet(device.name, one)}`, LIFETIME])),
    ...(traffic ? trafficLines(traffic(device.name)) : []),
  ];
  return oneLine ? `${lines.join('\\')}\n` : lines.map((line) => `${line}\n`).join('');
}

const LIFETIME = '       valid_lft forever preferred_lft forever';

const oneLineText = ({ index, name, addresses }: Device): string =>
  addresses.map((one) => `${index}: ${name}    ${inet(name, one)}\\${LIFETIME}\n`).join('');

function briefText(device: Device, { what }: IpFormat): string {
  const { state, mac, flags, addresses } = device;
  const head = `${title(device).padEnd(16)} ${state.padEnd(14)} `;
  if (what === 'link') return `${head}${mac} <${flags.join(',')}> \n`;
  return `${head}${addresses.map(({ address, prefix }) => `${address}/${prefix} `).join('')}\n`;
}

function inet(device: string, { family, address, prefix, broadcast, scope }: DeviceAddress): string {
  const label = family === 4 ? device : '';
  return `inet${family === 6 ? '6' : ''} ${address}/${prefix}${broadcast ? ` brd ${broadcast}` : ''} scope ${scope} ${label}`;
}

const FOREVER = 4_294_967_295; // seconds; a 32-bit -1

/** `ip -j address` and `ip -j link`. */
export function ipJson(devices: readonly Device[], { what, family }: IpFormat = {}): object[] {
  return devices.map((device) => {
    const { index, name, peer, flags, mtu, qdisc, master, state, queue, kind, mac, broadcast, netns } = device;
    const link = peer?.startsWith('if') ? { link_index: Number(peer.slice(2)) } : peer ? { link: peer } : {};
    const addresses = device.addresses.filter((one) => !family || one.family === family);
    return {
      ifindex: index,
      ...link,
      ifname: name,
      flags,
      mtu,
      qdisc,
      ...(master ? { master } : {}),
      operstate: state,
      ...(what === 'link' ? { linkmode: 'DEFAULT' } : {}),
      group: 'default',
      ...(queue ? { txqlen: queue } : {}),
      link_type: kind,
      ...(mac ? { address: mac } : {}),
      broadcast,
      ...(netns === undefined ? {} : { link_netnsid: netns }),
      ...(what === 'link' ? {} : { addr_info: addresses.map((one) => addressJson(name, one)) }),
    };
  });
}

const addressJson = (device: string, { family, address, prefix, broadcast, scope }: DeviceAddress): object => ({
  family: family === 6 ? 'inet6' : 'inet',
  local: address,
  prefixlen: prefix,
  ...(broadcast ? { broadcast } : {}),
  scope,
  ...(family === 4 ? { label: device } : {}),
  valid_life_time: FOREVER,
  preferred_life_time: FOREVER,
});

/** The routes of a family in the kernel's order. */
export const routesOfFamily = (routes: readonly Route[], family: 4 | 6): Route[] =>
  routes.filter(({ to, via }) => familyOf(to, via) === family).sort((a, b) => order(a) - order(b));

/** `ip route show`: the routes of a family, as the kernel lists them. */
export const ipRoute = (routes: readonly Route[], family: 4 | 6 = 4): string =>
  routesOfFamily(routes, family).map(routeText).join('');

export const routeText = ({ to, via, device, rest }: Route): string =>
  `${words(to, via && `via ${via}`, device && `dev ${device}`, rest)} \n`;

/** `ip -j route`. */
export function routeJson({ to, via, device, rest = '' }: Route): object {
  const word = (key: string) => new RegExp(`\\b${key} (\\S+)`).exec(rest)?.[1];
  const blackhole = to.startsWith('blackhole ');
  const [protocol, scope, source] = [word('proto'), word('scope'), word('src')];
  return {
    ...(blackhole ? { type: 'blackhole' } : {}),
    dst: to.replace(/^blackhole /, ''),
    ...(via ? { gateway: via } : {}),
    ...(device ? { dev: device } : {}),
    ...(protocol ? { protocol } : {}),
    ...(scope ? { scope } : {}),
    ...(source ? { prefsrc: source } : {}),
    flags: rest.includes('onlink') ? ['onlink'] : [],
  };
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

/** The route that a packet to an address takes: the longest prefix wins. */
export function findRoute(routes: readonly Route[], address: string): Route | undefined {
  const wanted = parseAddress(address);
  let best: { route: Route; prefix: number } | undefined;
  for (const route of routes) {
    const block = blockOf(route);
    if (!wanted || !block || block.family !== wanted.family || !block.holds(wanted)) continue;
    if (!best || block.prefix > best.prefix) best = { route, prefix: block.prefix };
  }
  return best?.route;
}

function blockOf({ to, via }: Route): Cidr | undefined {
  const family = familyOf(to, via);
  if (to === 'default') return Cidr.find(family === 4 ? '0.0.0.0/0' : '::/0');
  const text = to.replace(/^blackhole /, '');
  return Cidr.find(text.includes('/') ? text : `${text}/${family === 4 ? 32 : 128}`);
}
