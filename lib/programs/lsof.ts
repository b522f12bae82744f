// lsof: open files of the machine's processes: folders, programs, descriptors, sockets. Options: -i [[46][proto][@host][:port]], -p, -n, -P, -t.
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { fail } from './tool';

interface Row {
  proc: Process;
  fd: string;
  type: string;
  name: string;
  node?: string;
}

export const lsof: Program = async (proc) => {
  // -i may stand alone, and takes its address attached or as the next word
  const argv = proc.argv.flatMap((word, i, all) =>
    word === '-i' && !/^(tcp|udp|[46]|[:@])/i.test(all[i + 1] ?? '') ? ['-i', 'all'] : [word],
  );
  const options = getopt(argv, 'i:p:nPtuU', {});
  if (options.error !== undefined) return fail(proc, options.error.replace(/^lsof: /, ''));
  const address = options.get('i');
  const pids = options.get('p')?.split(',').map(Number);
  const mine = (one: Process) => proc.uid === 0 || one.uid === proc.uid;
  const all = [...proc.machine.processes.values()].filter((one) => one !== proc && one.state !== 'zombie' && mine(one));
  const files = address === undefined ? all.flatMap(filesOf) : [];
  const sockets = socketsOf(proc, all).filter((row) => address === undefined || fits(row, address));
  const rows = [...files, ...sockets]
    .filter((row) => !pids || pids.includes(row.proc.pid))
    .sort((a, b) => a.proc.pid - b.proc.pid);
  if (options.has('t'))
    await proc.print([...new Set(rows.map((row) => row.proc.pid))].map((pid) => `${pid}\n`).join(''));
  else if (rows.length > 0) await proc.print(table(proc, rows));
  return rows.length > 0 ? 0 : 1;
};

const filesOf = (proc: Process): Row[] => [
  { proc, fd: 'cwd', type: 'DIR', name: proc.cwd },
  { proc, fd: 'rtd', type: 'DIR', name: '/' },
  { proc, fd: 'txt', type: 'REG', name: proc.argv[0]?.startsWith('/') ? proc.argv[0] : `/usr/bin/${proc.name}` },
  ...[...proc.fds].map(([fd, file]): Row => {
    const { name, terminal } = file.description;
    if (terminal) return { proc, fd: `${fd}u`, type: 'CHR', name: name || '/dev/pts/0' };
    const isPath = name.startsWith('/');
    return {
      proc,
      fd: `${fd}${fd === 0 ? 'r' : 'w'}`,
      type: name.startsWith('/dev/') ? 'CHR' : isPath ? 'REG' : 'FIFO',
      name: isPath ? name : 'pipe',
    };
  }),
];

function socketsOf(proc: Process, all: Process[]): Row[] {
  const owned = (pid: number | undefined) => all.find((one) => one.pid === pid);
  const listening = proc.machine.net.listeners().flatMap(({ protocol, address, port, owner }): Row[] => {
    const holder = owned(owner?.pid);
    const where = `${address === '0.0.0.0' ? '*' : address}:${port}`;
    return holder
      ? [
          {
            proc: holder,
            fd: '',
            type: 'IPv4',
            node: protocol,
            name: `${where}${protocol === 'TCP' ? ' (LISTEN)' : ''}`,
          },
        ]
      : [];
  });
  const connected = proc.machine.net.connections().flatMap((one): Row[] => {
    const holder = owned(one.owner?.pid);
    const name = `${one.localAddress}:${one.localPort}->${one.remoteAddress}:${one.remotePort} (ESTABLISHED)`;
    return holder ? [{ proc: holder, fd: '', type: 'IPv4', node: 'TCP', name }] : [];
  });
  return [...listening, ...connected].map((row, i) => ({ ...row, fd: `${6 + i}u` }));
}

/** Whether a socket is what `-i` asks for: `tcp`, `:80`, `tcp:80`, `@10.0.0.1:80`. */
function fits({ node, name }: Row, address: string): boolean {
  const [, protocol, host, port] = /^(?:[46])?(tcp|udp)?(?:@([^:]+))?(?::(\d+))?$/i.exec(address) ?? [];
  if (protocol && protocol.toUpperCase() !== node) return false;
  if (host && !name.includes(host)) return false;
  return !port || new RegExp(`:${port}\\b`).test(name);
}

function table(proc: Process, rows: Row[]): string {
  const cells = rows.map(({ proc: one, fd, type, node = '', name }) => [
    one.name.slice(0, 9),
    String(one.pid),
    proc.machine.user(one.uid)?.name ?? String(one.uid),
    fd,
    type,
    node,
    name,
  ]);
  const head = ['COMMAND', 'PID', 'USER', 'FD', 'TYPE', 'NODE', 'NAME'];
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => (row[i] ?? '').length)));
  const line = (row: string[]) =>
    row
      .map((cell, i) =>
        i === 6 ? cell : i === 1 || i === 3 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join(' ');
  return `${[head, ...cells].map(line).join('\n')}\n`;
}
