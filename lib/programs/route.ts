// route of net-tools: the kernel's routing table in its old form.
import type { Process, Program } from '../machine/process';
import { Cidr } from '../network/address';
import type { Route } from '../network/cni/contract';
import { routesOfFamily } from '../network/views/ip';
import { getopt } from './getopt';
import { ownRoutes } from './network/own-network';

export const route: Program = async (proc) => {
  const options = getopt(proc.argv, 'nevFCA:46', { numeric: 'n', verbose: 'v', extend: 'e' });
  if (options.error) {
    await proc.complain(`${options.error}\nUsage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables\n`);
    return 4;
  }
  if (options.rest.length > 0) {
    await proc.complain('SIOCADDRT: Operation not permitted\n');
    return 7;
  }
  await proc.print(await routeTable(proc, options.has('n'), 'route'));
  return 0;
};

/** The table as `route` prints it, or `netstat -r` with other columns. */
export async function routeTable(proc: Process, numeric: boolean, as: 'route' | 'netstat'): Promise<string> {
  const numbers = as === 'route' ? 'Flags Metric Ref    Use Iface' : 'Flags   MSS Window  irtt Iface';
  const head = `Kernel IP routing table\nDestination     Gateway         Genmask         ${numbers}\n`;
  return (
    head +
    routesOfFamily(ownRoutes(proc), 4)
      .map((each) => line(each, numeric, as))
      .join('')
  );
}

function line({ to, via, device, rest = '' }: Route, numeric: boolean, as: 'route' | 'netstat'): string {
  const blackhole = to.startsWith('blackhole ');
  const text = to.replace(/^blackhole /, '');
  const block = Cidr.find(text === 'default' ? '0.0.0.0/0' : text.includes('/') ? text : `${text}/32`);
  if (!block) return '';
  const flags = blackhole ? '!' : `U${via ? 'G' : ''}${block.prefix === 32 ? 'H' : ''}`;
  const target = text === 'default' && !numeric ? 'default' : block.at(0);
  const metric = /\bmetric (\d+)/.exec(rest)?.[1] ?? '0';
  const last = as === 'route' ? `${metric.padEnd(6)} 0        0` : '  0 0          0';
  return `${target.padEnd(15)} ${(via ?? (blackhole ? '-' : '0.0.0.0')).padEnd(15)} ${maskOf(block.prefix).padEnd(15)} ${flags.padEnd(5)} ${last} ${blackhole ? '-' : device}\n`;
}

/** `255.255.254.0`. */
export function maskOf(prefix: number): string {
  const bits = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
