// ssh-keygen: makes a key, shows fingerprints, looks into known_hosts and takes hosts out of it.
import type { Process, Program } from '../../machine/process';
import { getopt } from '../getopt';
import { nameOfUser } from '../stat-text';
import {
  fingerprint,
  type KeyPair,
  keyPair,
  privateText,
  publicLine,
  randomart,
  readPrivate,
  readPublic,
} from './keys';

export const sshKeygen: Program = async (proc) => {
  const options = getopt(proc.argv, 'qlyb:C:f:F:N:P:R:t:E:');
  if (options.error !== undefined)
    return proc.complain(`${options.error.replace(/^.*'(.)'$/, 'unknown option -- $1')}\n${USAGE}`).then(() => 1);
  const home = proc.env['HOME'] ?? '/';
  const known = options.get('f') ?? `${home}/.ssh/known_hosts`;
  if (options.has('R')) return remove(proc, known, options.get('R') ?? '');
  if (options.has('F')) return show(proc, known, options.get('F') ?? '');
  const path = options.get('f') ?? `${home}/.ssh/id_ed25519`;
  if (options.has('l')) return fingerprints(proc, path);
  if (options.has('y')) return publicOf(proc, path);
  const kind = options.get('t') ?? 'ed25519';
  if (kind !== 'ed25519')
    return proc.complain(`ssh-keygen: not supported: keys of type ${kind}, only ed25519\n`).then(() => 1);
  if (options.get('N')) return proc.complain('ssh-keygen: not supported: a passphrase\n').then(() => 1);
  return generate(proc, path, {
    comment: options.get('C') ?? `${nameOfUser(proc, proc.uid)}@${proc.machine.hostname}`,
    quiet: options.has('q'),
    asksPath: !options.has('f'),
    asksPassphrase: !options.has('N'),
  });
};

const USAGE = `usage: ssh-keygen [-q] [-C comment] [-f output_keyfile] [-N new_passphrase] [-t ed25519]
       ssh-keygen -y [-f input_keyfile]
       ssh-keygen -l [-f input_keyfile]
       ssh-keygen -F hostname [-f known_hosts_file]
       ssh-keygen -R hostname [-f known_hosts_file]
`;

interface Wish {
  comment: string;
  quiet: boolean;
  asksPath: boolean;
  asksPassphrase: boolean;
}

async function generate(proc: Process, given: string, wish: Wish): Promise<number> {
  const say = (text: string) => (wish.quiet ? undefined : proc.print(text));
  await say('Generating public/private ed25519 key pair.\n');
  let path = given;
  if (wish.asksPath) path = (await ask(proc, `Enter file in which to save the key (${given}): `)) || given;
  if (proc.files.exists(path)) {
    await proc.print(`${path} already exists.\n`);
    if (!/^y/i.test(await ask(proc, 'Overwrite (y/n)? '))) return 1;
  }
  if (wish.asksPassphrase) {
    const first = await ask(proc, 'Enter passphrase (empty for no passphrase): ');
    const second = await ask(proc, 'Enter same passphrase again: ');
    if (first !== '' || second !== '') return proc.complain('ssh-keygen: not supported: a passphrase\n').then(() => 1);
  }
  const folder = path.replace(/\/?[^/]*$/, '');
  if (folder && !proc.files.exists(folder)) {
    proc.files.mkdir(folder, 0o700);
    await say(`Created directory '${folder}'.\n`);
  }
  const key = keyPair(proc.machine.random.bytes(32));
  proc.files.write(path, privateText(key, wish.comment), 0o600);
  proc.files.write(`${path}.pub`, `${publicLine(key.blob, wish.comment)}\n`, 0o644);
  await say(
    `Your identification has been saved in ${path}\nYour public key has been saved in ${path}.pub\nThe key fingerprint is:\n${fingerprint(key.blob)} ${wish.comment}\nThe key's randomart image is:\n${randomart(key.blob)}`,
  );
  return 0;
}

async function ask(proc: Process, question: string): Promise<string> {
  await proc.print(question);
  for await (const line of proc.lines()) return line;
  return '';
}

const readKey = (proc: Process, path: string): KeyPair | undefined => readPrivate(proc.files.readText(path));

async function fingerprints(proc: Process, path: string): Promise<number> {
  if (!proc.files.exists(path))
    return proc.complain(`ssh-keygen: ${path}: No such file or directory\n`).then(() => 255);
  const text = proc.files.readText(path);
  const own = readPrivate(text);
  const lines = own ? [publicLine(own.blob, 'no comment')] : text.split('\n');
  let count = 0;
  for (const line of lines) {
    const blob = readPublic(line);
    if (!blob) continue;
    const name = /^\S+ ssh-/.test(line) ? line.split(/\s/)[0] : line.split(/\s+/).slice(2).join(' ') || 'no comment';
    await proc.print(`256 ${fingerprint(blob)} ${name} (ED25519)\n`);
    count++;
  }
  return count > 0 ? 0 : proc.complain(`ssh-keygen: ${path} is not a public key file.\n`).then(() => 255);
}

async function publicOf(proc: Process, path: string): Promise<number> {
  if (!proc.files.exists(path)) return proc.complain(`Load key "${path}": No such file or directory\n`).then(() => 255);
  const key = readKey(proc, path);
  if (!key) return proc.complain(`Load key "${path}": invalid format\n`).then(() => 255);
  await proc.print(`${publicLine(key.blob)}\n`);
  return 0;
}

const names = (line: string): string[] => (line.split(/\s+/)[0] ?? '').split(',');

async function show(proc: Process, path: string, host: string): Promise<number> {
  const lines = proc.files.exists(path) ? proc.files.readText(path).split('\n') : [];
  let status = 1;
  for (const [i, line] of lines.entries()) {
    if (!names(line).includes(host)) continue;
    await proc.print(`# Host ${host} found: line ${i + 1}\n${line}\n`);
    status = 0;
  }
  return status;
}

async function remove(proc: Process, path: string, host: string): Promise<number> {
  if (!proc.files.exists(path))
    return proc.complain(`Cannot stat ${path}: No such file or directory\n`).then(() => 255);
  const text = proc.files.readText(path);
  const lines = text.split('\n');
  const kept = lines.filter((line) => !names(line).includes(host));
  if (kept.length === lines.length) {
    await proc.print(`Host ${host} not found in ${path}\n`);
    return 0;
  }
  for (const [i, line] of lines.entries())
    if (names(line).includes(host)) await proc.print(`# Host ${host} found: line ${i + 1}\n`);
  proc.files.write(path, kept.join('\n'), 0o600);
  proc.files.write(`${path}.old`, text, 0o600);
  await proc.print(`${path} updated.\nOriginal contents retained as ${path}.old\n`);
  return 0;
}
