// ssh-keyscan: the keys of hosts, in the form of known_hosts.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { getopt } from '../getopt';
import { greet, SshError } from './client';
import { publicLine } from './keys';
import { hostName } from './known-hosts';
import { Wire } from './wire';

const USAGE =
  'usage: ssh-keyscan [-46cDHv] [-f file] [-p port] [-T timeout] [-t type]\n\t\t   [host | addrlist namelist]\n';
const TIMEOUT_SECONDS = 5;

export const sshKeyscan: Program = async (proc) => {
  const options = getopt(proc.argv, '46cDHvf:p:T:t:');
  if (options.error !== undefined || options.rest.length === 0) return proc.complain(USAGE).then(() => 1);
  const port = Number(options.get('p') ?? 22);
  const kinds = options.get('t')?.split(',') ?? ['ed25519'];
  let found = 0;
  for (const host of options.rest)
    if (await scan(proc, host, port, Number(options.get('T') ?? TIMEOUT_SECONDS), kinds.includes('ed25519'))) found++;
  return found > 0 ? 0 : 1;
};

async function scan(proc: Process, host: string, port: number, seconds: number, wanted: boolean): Promise<boolean> {
  try {
    const [address = host] = await proc.resolve(host);
    const connection = await proc.connect(address, port, { timeoutMs: seconds * 1000 });
    const { key } = await greet(new Wire(connection), connection, { port });
    connection.close();
    await proc.complain(`# ${host}:${port} SSH-2.0-OpenSSH_8.7\n`);
    if (wanted) await proc.print(`${hostName(host, port)} ${publicLine(key)}\n`);
    return wanted;
  } catch (error) {
    if (error instanceof NameError) await proc.complain(`getaddrinfo ${host}: ${error.message}\n`);
    else if (error instanceof SshError) await proc.complain(`${error.message}\n`);
    else if (error instanceof Errno)
      await proc.complain(error.code === 'ETIMEDOUT' ? '' : `${host}: ${strerror(error)}\n`);
    else throw error;
    return false;
  }
}
