// ifconfig of net-tools 2, and BusyBox' applet with the old layout.
import type { Process, Program } from '../machine/process';
import type { Device } from '../network/views/devices';
import { ownDevices, trafficOf } from './network/own-network';
import { maskOf } from './route';

export const ifconfig: Program = (proc) => run(proc, modern);
export const busyboxIfconfig: Program = (proc) => run(proc, old);

async function run(proc: Process, text: (proc: Process, device: Device) => string): Promise<number> {
  const words = proc.argv.slice(1);
  const all = words.includes('-a');
  const [name, ...more] = words.filter((word) => !word.startsWith('-'));
  if (more.length > 0) {
    await proc.complain(`SIOCSIFFLAGS: Operation not permitted\n`);
    return 255;
  }
  const devices = ownDevices(proc);
  const shown = name
    ? devices.filter((device) => device.name === name)
    : devices.filter(({ flags }) => all || flags.includes('UP')).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (name && shown.length === 0) {
    await proc.complain(
      text === old
        ? `ifconfig: ${name}: error fetching interface information: Device not found\n`
        : `${name}: error fetching interface information: Device not found\n`,
    );
    return 1;
  }
  await proc.print(shown.map((device) => text(proc, device)).join(''));
  return 0;
}

const FLAG_BITS: Record<string, number> = {
  UP: 0x1,
  BROADCAST: 0x2,
  LOOPBACK: 0x8,
  RUNNING: 0x40,
  NOARP: 0x80,
  MULTICAST: 0x1000,
};
const FLAG_ORDER = ['UP', 'BROADCAST', 'LOOPBACK', 'RUNNING', 'NOARP', 'MULTICAST'];
const SCOPES = { host: '0x10<host>', link: '0x20<link>', global: '0x0<global>' };

function flagsOf({ flags }: Device): string[] {
  const own = new Set(flags.map((flag) => (flag === 'LOWER_UP' ? 'RUNNING' : flag)));
  return FLAG_ORDER.filter((flag) => own.has(flag));
}

function modern(proc: Process, device: Device): string {
  const { name, mtu, addresses, mac, kind, queue } = device;
  const flags = flagsOf(device);
  const bits = flags.reduce((sum, flag) => sum | (FLAG_BITS[flag] ?? 0), 0);
  const { sentPackets, sentBytes, gotPackets, gotBytes } = trafficOf(proc, name);
  const lines = [
    `${name}: flags=${bits}<${flags.join(',')}>  mtu ${mtu}`,
    ...addresses.map(({ family, address, prefix, broadcast, scope }) =>
      family === 4
        ? `        inet ${address}  netmask ${maskOf(prefix)}${broadcast ? `  broadcast ${broadcast}` : ''}`
        : `        inet6 ${address}  prefixlen ${prefix}  scopeid ${SCOPES[scope]}`,
    ),
    kind === 'loopback'
      ? `        loop  txqueuelen 1000  (Local Loopback)`
      : `        ether ${mac}  txqueuelen ${queue ?? 0}  (Ethernet)`,
    `        RX packets ${gotPackets}  bytes ${gotBytes} (${size(gotBytes)})`,
    '        RX errors 0  dropped 0  overruns 0  frame 0',
    `        TX packets ${sentPackets}  bytes ${sentBytes} (${size(sentBytes)})`,
    '        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0',
    '',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function old(proc: Process, device: Device): string {
  const { name, mtu, addresses, mac, kind, queue } = device;
  const { sentPackets, sentBytes, gotPackets, gotBytes } = trafficOf(proc, name);
  const hardware = kind === 'loopback' ? 'Local Loopback  ' : `Ethernet  HWaddr ${mac?.toUpperCase()}  `;
  const scopes = { host: 'Host', link: 'Link', global: 'Global' };
  const lines = [
    `${name.padEnd(9)} Link encap:${hardware}`,
    ...addresses.map(({ family, address, prefix, broadcast, scope }) =>
      family === 4
        ? `          inet addr:${address}${broadcast ? `  Bcast:${broadcast}` : ''}  Mask:${maskOf(prefix)}`
        : `          inet6 addr: ${address}/${prefix} Scope:${scopes[scope]}`,
    ),
    `          ${flagsOf(device).join(' ')}  MTU:${mtu}  Metric:1`,
    `          RX packets:${gotPackets} errors:0 dropped:0 overruns:0 frame:0`,
    `          TX packets:${sentPackets} errors:0 dropped:0 overruns:0 carrier:0`,
    `          collisions:0 txqueuelen:${queue ?? 0} `,
    `          RX bytes:${gotBytes} (${size(gotBytes)})  TX bytes:${sentBytes} (${size(sentBytes)})`,
    '',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** `936.0 B`, `1.2 KiB`. */
function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}
