// netstat of net-tools; BusyBox' applet prints the same lines.
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { ownDevices, trafficOf } from './network/own-network';
import { maySee, portText, type Socket, socketsOf } from './network/sockets';
import { routeTable } from './route';

const LONG = {
  listening: 'l',
  all: 'a',
  numeric: 'n',
  programs: 'p',
  tcp: 't',
  udp: 'u',
  route: 'r',
  interfaces: 'i',
  wide: 'W',
  extend: 'e',
  help: 'h',
  version: 'V',
};
const STATE: Record<Socket['state'], string> = {
  LISTEN: 'LISTEN',
  UNCONN: '',
  ESTAB: 'ESTABLISHED',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'TIME-WAIT': 'TIME_WAIT',
  'SYN-SENT': 'SYN_SENT',
};
const ADDRESS_WIDTH = 23;

export const netstat: Program = async (proc) => {
  const options = getopt(proc.argv, 'lanptuwxriWeh46Vsgc', LONG);
  if (options.error) {
    await proc.complain(
      `${options.error}\nusage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}\n`,
    );
    return 4;
  }
  if (options.has('r')) await proc.print(await routeTable(proc, options.has('n'), 'netstat'));
  else if (options.has('i')) await proc.print(interfaces(proc));
  else await proc.print(connections(proc, options));
  return 0;
};

function connections(proc: Process, options: Options): string {
  const [listening, all] = [options.has('l'), options.has('a')];
  const title = listening ? 'only servers' : all ? 'servers and established' : 'w/o servers';
  const kinds = [options.has('t') && 'tcp', options.has('u') && 'udp'].filter(Boolean);
  const idle = ({ state }: Socket) => state === 'LISTEN' || state === 'UNCONN';
  const shown = socketsOf(proc)
    .filter(({ protocol }) => kinds.length === 0 || kinds.includes(protocol))
    .filter((socket) => all || idle(socket) === listening)
    .sort((a, b) => (a.protocol === b.protocol ? 0 : a.protocol === 'tcp' ? -1 : 1));
  const program = options.has('p') ? ' PID/Program name    ' : '';
  const head = `Active Internet connections (${title})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${program}\n`;
  return head + shown.map((socket) => line(proc, socket, options)).join('');
}

function line(proc: Process, socket: Socket, options: Options): string {
  const { protocol, state, local, localPort, peer, peerPort, owner } = socket;
  const numeric = options.has('n');
  const six = local.includes(':');
  const at = (address: string, port: number | undefined) =>
    `${address}:${portText(proc, port, protocol, numeric)}`.padEnd(ADDRESS_WIDTH);
  const program = maySee(proc, socket) ? `${owner?.pid}/${owner?.name}` : '-';
  const held = options.has('p') ? ` ${program.padEnd(20)}` : '';
  const any = six ? '::' : '0.0.0.0';
  const title = `${protocol}${six ? '6' : ''}`.padEnd(4);
  return `${title}       0      0 ${at(local, localPort)} ${at(peer ?? any, peerPort)} ${STATE[state].padEnd(11)}${held}\n`;
}

function interfaces(proc: Process): string {
  const rows = ownDevices(proc)
    .filter(({ flags }) => flags.includes('UP'))
    .map(({ name, mtu }) => {
      const { sentPackets, gotPackets } = trafficOf(proc, name);
      const number = (value: number, width: number) => String(value).padStart(width);
      return `${name.padEnd(8)} ${number(mtu, 5)} ${number(gotPackets, 8)}      0      0 0     ${number(sentPackets, 8)}      0      0      0 ${name === 'lo' ? 'LRU' : 'BMRU'}\n`;
    });
  return `Kernel Interface table
Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg
${rows.join('')}`;
}
