// The beginning of every connection of ssh, scp and ssh-keyscan: name, connection, host key, the user's key.
import { Errno, strerror } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { fingerprint, type KeyPair, readPrivate, signWith } from './keys';
import { addHost, findHost, hostName } from './known-hosts';
import { BANNER, json, Wire } from './wire';

/** Ends the program: the message, and status 255. */
export class SshError extends Error {}

export interface Target {
  user: string;
  host: string;
  port: number;
  /** Files of private keys that were named; else those of ~/.ssh. */
  identities: string[];
  /** `-o` options by their lower-case names. */
  settings: Map<string, string>;
  quiet: boolean;
}

const DEFAULT_IDENTITIES = ['id_ed25519'];

export async function open(proc: Process, target: Target): Promise<{ wire: Wire; connection: Connection }> {
  const { connection, address } = await connect(proc, target);
  const wire = new Wire(connection);
  const { key, id } = await greet(wire, connection, target);
  await checkHost(proc, target, address, key);
  await authenticate(proc, wire, target, id);
  return { wire, connection };
}

async function connect(
  proc: Process,
  { host, port, settings }: Target,
): Promise<{ connection: Connection; address: string }> {
  let addresses: string[];
  try {
    addresses = await proc.resolve(host);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    throw new SshError(`ssh: Could not resolve hostname ${host}: ${error.message}`);
  }
  const seconds = Number(settings.get('connecttimeout') ?? 0);
  let reason = '';
  for (const address of addresses) {
    try {
      const connection = await proc.connect(address, port, seconds > 0 ? { timeoutMs: seconds * 1000 } : {});
      return { connection, address };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      reason = strerror(error);
    }
  }
  throw new SshError(`ssh: connect to host ${host} port ${port}: ${reason}`);
}

/** Version lines and the host's key. */
export async function greet(
  wire: Wire,
  connection: Connection,
  { port }: Pick<Target, 'port'>,
): Promise<{ key: Buffer; id: Buffer }> {
  await connection.write(new TextEncoder().encode(BANNER));
  const banner = await wire.banner();
  const from = `${connection.remoteAddress} port ${port}`;
  if (banner === undefined)
    throw new SshError(`kex_exchange_identification: Connection closed by remote host\nConnection closed by ${from}`);
  if (!banner.startsWith('SSH-'))
    throw new SshError(
      `kex_exchange_identification: banner line contains invalid characters\nbanner exchange: Connection to ${from}: invalid format`,
    );
  const hello = await wire.receive();
  if (hello?.kind !== 'k') throw new SshError(`Connection closed by ${from}`);
  const { key, id } = json<{ key: string; id: string }>(hello.body);
  return { key: Buffer.from(key, 'base64'), id: Buffer.from(id, 'base64') };
}

async function checkHost(proc: Process, target: Target, address: string, key: Buffer): Promise<void> {
  const { host, port, settings } = target;
  const home = proc.env['HOME'] ?? '/';
  const own = (settings.get('userknownhostsfile') ?? `${home}/.ssh/known_hosts`).replace(/^~/, home);
  const strict = settings.get('stricthostkeychecking') ?? 'ask';
  const name = hostName(host, port);
  const known = findHost(proc, [own, '/etc/ssh/ssh_known_hosts'], name);
  if (known?.blob?.equals(key)) return;
  if (known) return changed(proc, target, known.path, known.line, key);
  if (strict === 'yes')
    throw new SshError(
      `No ED25519 host key is known for ${name} and you have requested strict checking.\nHost key verification failed.`,
    );
  if (strict === 'ask') await askHost(proc, name, address, key, settings.get('batchmode') === 'yes');
  if (own !== '/dev/null') addHost(proc, own, name, key);
  if (!target.quiet)
    await proc.complain(`Warning: Permanently added '${name}' (ED25519) to the list of known hosts.\r\n`);
}

async function askHost(proc: Process, name: string, address: string, key: Buffer, batch: boolean): Promise<void> {
  const { terminal } = proc;
  if (!terminal || batch) throw new SshError('Host key verification failed.');
  const shown = name === address ? name : `${name} (${address})`;
  const say = (text: string) => terminal.write(new TextEncoder().encode(text));
  await say(
    `The authenticity of host '${shown}' can't be established.\nED25519 key fingerprint is ${fingerprint(key)}.\nThis key is not known by any other names\nAre you sure you want to continue connecting (yes/no/[fingerprint])? `,
  );
  for (;;) {
    const chunk = await terminal.read(MAX_ANSWER, proc.killed);
    const answer = chunk ? Buffer.from(chunk).toString().trim() : 'no';
    if (/^yes$/i.test(answer) || answer === fingerprint(key)) return;
    if (/^no$/i.test(answer) || answer === '') throw new SshError('Host key verification failed.');
    await say("Please type 'yes', 'no' or the fingerprint: ");
  }
}

async function changed(proc: Process, target: Target, path: string, line: number, key: Buffer): Promise<void> {
  const at = '@'.repeat(59);
  await proc.complain(
    `${at}\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n${at}\nIT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\nSomeone could be eavesdropping on you right now (man-in-the-middle attack)!\nIt is also possible that a host key has just been changed.\nThe fingerprint for the ED25519 key sent by the remote host is\n${fingerprint(key)}.\nPlease contact your system administrator.\nAdd correct host key in ${path} to get rid of this message.\nOffending ED25519 key in ${path}:${line}\n`,
  );
  if (target.settings.get('stricthostkeychecking') === 'no') return;
  throw new SshError(
    `Host key for ${hostName(target.host, target.port)} has changed and you have requested strict checking.\nHost key verification failed.`,
  );
}

async function authenticate(proc: Process, wire: Wire, target: Target, id: Buffer): Promise<void> {
  let methods = 'publickey,gssapi-keyex,gssapi-with-mic';
  for (const key of await keys(proc, target)) {
    const signature = signWith(key, Buffer.concat([id, Buffer.from(target.user)]));
    await wire.send('a', {
      user: target.user,
      key: key.blob.toString('base64'),
      signature: signature.toString('base64'),
    });
    const answer = await wire.receive();
    if (answer?.kind === 'y') return;
    if (answer?.kind === 'n') methods = Buffer.from(answer.body).toString();
  }
  throw new SshError(`${target.user}@${target.host}: Permission denied (${methods}).`);
}

async function keys(proc: Process, { identities }: Target): Promise<KeyPair[]> {
  const home = proc.env['HOME'] ?? '/';
  const named = identities.map((path) => path.replace(/^~/, home));
  const paths = named.length > 0 ? named : DEFAULT_IDENTITIES.map((name) => `${home}/.ssh/${name}`);
  const found: KeyPair[] = [];
  for (const path of paths) {
    const stat = proc.files.find(path);
    if (!stat) {
      if (named.length > 0)
        await proc.complain(`Warning: Identity file ${path} not accessible: No such file or directory.\n`);
      continue;
    }
    if (!proc.files.may(stat, 'read')) {
      await proc.complain(`Load key "${path}": Permission denied\r\n`);
      continue;
    }
    if ((stat.mode & 0o077) !== 0) {
      await proc.complain(unprotected(path, stat.mode));
      continue;
    }
    const key = readPrivate(proc.files.readText(path));
    if (key) found.push(key);
    else await proc.complain(`Load key "${path}": invalid format\r\n`);
  }
  return found;
}

function unprotected(path: string, mode: number): string {
  const at = '@'.repeat(59);
  return `${at}\n@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\n${at}\nPermissions 0${(mode & 0o777).toString(8)} for '${path}' are too open.\nIt is required that your private key files are NOT accessible by others.\nThis private key will be ignored.\nLoad key "${path}": bad permissions\n`;
}

const MAX_ANSWER = 1024; // bytes
