// /proc/net/tcp and its kin: the sockets of a network namespace as the kernel lists them. net/ipv4/tcp_ipv4.c, tcp4_seq_show.
import type { Machine } from './machine';
import type { SocketState } from './stream-socket';

const LISTEN = '0A';
const CODES: Record<SocketState, string> = { ESTAB: '01', 'FIN-WAIT-2': '05', 'CLOSE-WAIT': '08' };
const UNCONNECTED = '07'; // what a UDP socket shows
const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const FIRST_INODE = 30_000;

interface Row {
  local: string;
  remote: string;
  state: string;
  uid: number;
}

const isSix = (address: string): boolean => address.includes(':');

/** `0100007F`: a word of an address as a little-endian machine prints it. */
const word = (bytes: readonly number[]): string =>
  [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('');

/** The sixteen bytes of an IPv6 address. */
function bytesOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const all = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  return all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
}

function place(address: string, port: number): string {
  const bytes = isSix(address) ? bytesOf(address) : address.split('.').map(Number);
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => word(bytes.slice(4 * i, 4 * i + 4)));
  return `${words.join('')}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

const nowhere = (address: string): string => place(isSix(address) ? '::' : '0.0.0.0', 0);

/** The table of one protocol and family, with its head. */
export function socketTable({ net }: Machine, protocol: 'TCP' | 'UDP', family: 4 | 6): string {
  const mine = (address: string) => isSix(address) === (family === 6);
  const listening = net
    .listeners()
    .filter((each) => each.protocol === protocol && mine(each.address))
    .map(
      ({ address, port, owner }): Row => ({
        local: place(address, port),
        remote: nowhere(address),
        state: protocol === 'TCP' ? LISTEN : UNCONNECTED,
        uid: owner?.uid ?? 0,
      }),
    );
  const connected =
    protocol === 'UDP'
      ? []
      : net
          .connections()
          .filter((each) => each.protocol === 'TCP' && mine(each.localAddress))
          .map(
            ({ localAddress, localPort, remoteAddress, remotePort, state, owner }): Row => ({
              local: place(localAddress, localPort),
              remote: place(remoteAddress, remotePort),
              state: CODES[state],
              uid: owner?.uid ?? 0,
            }),
          );
  const rows = [...listening, ...connected].map(
    ({ local, remote, state, uid }, i) =>
      `${String(i).padStart(4)}: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${FIRST_INODE + i} 1 0000000000000000 100 0 0 10 0\n`,
  );
  return HEAD + rows.join('');
}
