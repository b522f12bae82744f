// arp of net-tools: the neighbour table of IPv4.
import type { Program } from '../machine/process';
import type { Neighbour } from '../network/views/neighbours';
import { getopt } from './getopt';
import { ownNeighbours } from './network/own-network';

export const arp: Program = async (proc) => {
  const options = getopt(proc.argv, 'aenvi:d:s:H:D', { all: 'a', numeric: 'n', device: 'i', verbose: 'v' });
  if (options.error) {
    await proc.complain(
      `${options.error}\nUsage:\n  arp [-vn]  [<HW>] [-i <if>] [-a] [<hostname>]             <-Display ARP cache\n`,
    );
    return 4;
  }
  if (options.has('d') || options.has('s')) {
    await proc.complain('SIOCDARP(dontpub): Operation not permitted\n');
    return 255;
  }
  const [host] = options.rest;
  const device = options.get('i');
  const list = ownNeighbours(proc).filter(
    ({ address, device: own }) =>
      !address.includes(':') && (!host || address === host) && (device === undefined || own === device),
  );
  if (host && list.length === 0) {
    await proc.print(`${host} (${host}) -- no entry\n`);
    return 1;
  }
  if (options.has('a')) {
    await proc.print(list.map(bsd).join(''));
    return 0;
  }
  const head = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n';
  if (list.length > 0) await proc.print(head + list.map(line).join(''));
  return 0;
};

const bsd = ({ address, mac, device, state }: Neighbour): string =>
  mac
    ? `? (${address}) at ${mac} [ether]${state === 'PERMANENT' ? ' PERM' : ''} on ${device}\n`
    : `? (${address}) at <incomplete> on ${device}\n`;

const line = ({ address, mac, device, state }: Neighbour): string =>
  mac
    ? `${address.padEnd(24)} ether   ${mac}   ${(state === 'PERMANENT' ? 'CM' : 'C').padEnd(21)} ${device}\n`
    : `${address.padEnd(24)}         (incomplete)${' '.repeat(30)}${device}\n`;
