// getent: the C library's databases: hosts, ahosts, passwd, group, services.
import type { Process, Program } from '../machine/process';

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
    const addresses = await proc.resolve(name, database === 'ahostsv4' ? 4 : 0).catch(() => [] as string[]);
    if (addresses.length === 0) code = NOT_FOUND;
    for (const [i, address] of addresses.entries()) {
      if (database === 'hosts') await proc.print(`${address.padEnd(15)} ${name}\n`);
      else
        for (const kind of ['STREAM', 'DGRAM', 'RAW'])
          await proc.print(
            `${address.padEnd(15)} ${kind.padEnd(6)} ${i === 0 && kind === 'STREAM' ? name : ''}`
              .trimEnd()
              .concat('\n'),
          );
    }
  }
  return code;
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
