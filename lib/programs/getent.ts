// getent: the C library's databases: hosts, ahosts, passwd, group, services.
import type { Process, Program } from '../machine/process';
import { type HostEntry, NameError, resolveEntry, reverseName } from '../machine/resolve';

const NOT_FOUND = 2;
const USAGE = 1;

export const getent: Program = async (proc) => {
  const [database, ...keys] = proc.argv.slice(1);
  if (!database) {
    await proc.complain(
      "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n",
    );
    return USAGE;
  }
  if (database === 'hosts' || database === 'ahosts' || database === 'ahostsv4') return hosts(proc, database, keys);
  if (database === 'passwd' || database === 'group' || database === 'services') return file(proc, database, keys);
  await proc.complain(
    `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
  );
  return USAGE;
};

async function hosts(proc: Process, database: string, names: string[]): Promise<number> {
  let code = 0;
  for (const name of names) {
    const entry = await find(proc, name, database === 'ahostsv4' ? 4 : 0, database === 'hosts');
    if (!entry) code = NOT_FOUND;
    const { addresses = [], canonical = '', aliases = [] } = entry ?? {};
    for (const [i, address] of addresses.entries()) {
      if (database === 'hosts') await proc.print(`${address.padEnd(15)} ${[canonical, ...aliases].join(' ')}\n`);
      else
        for (const kind of ['STREAM', 'DGRAM', 'RAW'])
          await proc.print(
            `${address.padEnd(15)} ${kind.padEnd(6)} ${i === 0 && kind === 'STREAM' ? canonical : ''}`
              .trimEnd()
              .concat('\n'),
          );
    }
  }
  return code;
}

/** By name, or for `hosts` by address. */
async function find(proc: Process, name: string, family: 4 | 0, reverse: boolean): Promise<HostEntry | undefined> {
  try {
    const entry = await resolveEntry(proc.machine, name, family, proc.killed);
    const isAddress = entry.addresses[0] === name;
    const canonical = reverse && isAddress ? await reverseName(proc.machine, name, proc.killed) : entry.canonical;
    return canonical === undefined ? undefined : { ...entry, canonical };
  } catch (error) {
    if (error instanceof NameError) return undefined;
    throw error;
  }
}

async function file(proc: Process, database: string, keys: string[]): Promise<number> {
  const lines = (proc.machine.text(`/etc/${database}`) ?? '')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  if (keys.length === 0) {
    await proc.print(lines.map((line) => `${line}\n`).join(''));
    return 0;
  }
  let code = 0;
  for (const key of keys) {
    const line = lines.find((candidate) => {
      const fields = candidate.split(/[:\s]+/);
      return fields[0] === key || fields[2] === key;
    });
    if (line) await proc.print(`${line}\n`);
    else code = NOT_FOUND;
  }
  return code;
}
