// ssh: a shell or a command on another machine.
import type { Process, Program } from '../../machine/process';
import type { Terminal } from '../../machine/terminal';
import { nameOfUser } from '../stat-text';
import { open, SshError, type Target } from './client';
import { configure } from './config';
import { json, type SessionRequest, type Wire } from './wire';

const USAGE = `usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface]
           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]
           [-E log_file] [-e escape_char] [-F configfile] [-I pkcs11]
           [-i identity_file] [-J [user@]host[:port]] [-L address]
           [-l login_name] [-m mac_spec] [-O ctl_cmd] [-o option] [-p port]
           [-Q query_option] [-R address] [-S ctl_path] [-W host:port]
           [-w local_tun[:remote_tun]] destination [command [argument ...]]
`;
const WITH_VALUE = 'BbcDEeFIiJLlmOopQRSWw';
const NOT_THERE = 'DJLNRWfgXYw';

interface Wish extends Target {
  command: string | undefined;
  /** `-t` asks for a terminal, `-T` for none. */
  terminal: boolean | undefined;
  noInput: boolean;
}

export const ssh: Program = async (proc) => {
  const wish = await parse(proc);
  if (typeof wish === 'number') return wish;
  try {
    const { wire } = await open(proc, wish);
    return await session(proc, wire, wish);
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    await proc.complain(`${error.message}\r\n`);
    return 255;
  }
};

async function parse(proc: Process): Promise<Wish | number> {
  const wish: Wish = {
    user: nameOfUser(proc, proc.uid),
    host: '',
    port: 22,
    identities: [],
    settings: new Map(),
    quiet: false,
    command: undefined,
    terminal: undefined,
    noInput: false,
  };
  const args = proc.argv.slice(1);
  let loginName: string | undefined;
  let portGiven = false;
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (words.length > 0 && (wish.command !== undefined || !/^-./.test(word))) {
      words.push(...args.slice(i));
      break;
    }
    if (!/^-./.test(word)) {
      words.push(word);
      continue;
    }
    if (word === '--') continue;
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (NOT_THERE.includes(letter)) return refuse(proc, `ssh: not supported: -${letter}`);
      if (!WITH_VALUE.includes(letter)) {
        if (letter === 'V') return proc.complain('OpenSSH_8.7p1, OpenSSL 3.0.7 1 Nov 2022\n').then(() => 0);
        if (!'46AaCGKkMnqsTtvxy'.includes(letter))
          return proc.complain(`unknown option -- ${letter}\n${USAGE}`).then(() => 255);
        if (letter === 't') wish.terminal = true;
        if (letter === 'T') wish.terminal = false;
        if (letter === 'n') wish.noInput = true;
        if (letter === 'q') wish.quiet = true;
        continue;
      }
      const value = word.slice(at + 1) || args[++i];
      if (value === undefined)
        return proc.complain(`ssh: option requires an argument -- ${letter}\n${USAGE}`).then(() => 255);
      if (letter === 'l') loginName = value;
      if (letter === 'i') wish.identities.push(value);
      if (letter === 'p') {
        if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > 65535)
          return proc.complain(`Bad port '${value}'\n`).then(() => 255);
        wish.port = Number(value);
        portGiven = true;
      }
      if (letter === 'o') set(wish, value);
      break;
    }
  }
  const [destination, ...command] = words;
  if (!destination) return proc.complain(USAGE).then(() => 255);
  const [, user, host = '', port] = /^(?:ssh:\/\/)?(?:(.*)@)?([^@]*?)(?:(?<=^ssh:.*):(\d+))?$/.exec(destination) ?? [];
  const byOption = wish.settings.get('user') !== undefined;
  wish.user = loginName ?? user ?? wish.user;
  wish.host = host;
  if (port) wish.port = Number(port);
  configure(proc, wish, {
    user: byOption || loginName !== undefined || user !== undefined,
    port: port !== undefined || portGiven || wish.settings.has('port'),
  });
  if (command.length > 0) wish.command = command.join(' ');
  return wish;
}

const refuse = (proc: Process, message: string): Promise<number> => proc.complain(`${message}\n`).then(() => 255);

function set(wish: Target, text: string): void {
  const [name = '', value = ''] = text.split(/\s*=\s*|\s+/, 2);
  const key = name.toLowerCase();
  wish.settings.set(key, key.endsWith('file') ? value : value.toLowerCase());
  if (key === 'user') wish.user = value;
  if (key === 'port') wish.port = Number(value);
  if (key === 'identityfile') wish.identities.push(value);
  if (key === 'loglevel' && /^(quiet|error|fatal)$/i.test(value)) wish.quiet = true;
}

async function session(proc: Process, wire: Wire, wish: Wish): Promise<number> {
  const { terminal } = proc.stdin;
  const wantsTerminal = wish.terminal ?? wish.command === undefined;
  if (wantsTerminal && !terminal && !wish.quiet)
    await proc.complain('Pseudo-terminal will not be allocated because stdin is not a terminal.\r\n');
  const remote = wantsTerminal && terminal ? terminal : undefined;
  const request: SessionRequest = { environment: proc.env['LANG'] ? { LANG: proc.env['LANG'] } : {} };
  if (wish.command !== undefined) request.command = wish.command;
  if (remote) request.terminal = { ...remote.size, term: proc.env['TERM'] ?? 'dumb' };
  await wire.send('s', request);
  if (remote) lendTerminal(proc, wire, remote);
  const typing = wish.noInput ? wire.send('e').then(() => 'end') : send(proc, wire, remote !== undefined);
  // what is typed into a connection that has ended goes nowhere
  const left = typing.then(
    (how) => (how === 'left' ? 255 : never),
    () => never,
  );
  const end = await Promise.race([receive(proc, wire), left]);
  if (remote) {
    remote.cooked();
    if (!wish.quiet) await proc.complain(`Connection to ${wish.host} closed.\r\n`);
  }
  if (end !== undefined) return end;
  await proc.complain(`Connection to ${wish.host} closed by remote host.\r\n`);
  return 255;
}

const never = new Promise<number>(() => {});

/** The own terminal passes every key on. */
function lendTerminal(proc: Process, wire: Wire, terminal: Terminal): void {
  terminal.raw();
  terminal.termios = { ...terminal.termios, opost: false };
  proc.onExit(() => terminal.cooked());
  proc.on('SIGWINCH', () => void wire.send('w', terminal.size).catch(() => {}));
}

/** Carries the input; `left` when `~.` at the start of a line ended the connection. */
async function send(proc: Process, wire: Wire, escapes: boolean): Promise<'left' | 'end'> {
  let last = '\r';
  for (let chunk = await proc.read(); chunk; chunk = await proc.read()) {
    const text = Buffer.from(chunk).toString('latin1');
    if (escapes && /(^|[\r\n])~\.$/.test(last + text)) return 'left';
    if (escapes && /[\r\n]$/.test(last) && text === '~') last += text;
    else last = text.slice(-1);
    await wire.send('i', chunk);
  }
  await wire.send('e');
  return 'end';
}

/** Carries the output; gives the status, or undefined when the connection broke. */
async function receive(proc: Process, wire: Wire): Promise<number | undefined> {
  for (let message = await wire.receive(); message; message = await wire.receive()) {
    if (message.kind === 'o') await proc.print(message.body);
    else if (message.kind === 'r') await proc.write(2, message.body);
    else if (message.kind === 'x') {
      const { code, signal } = json<{ code: number; signal?: string }>(message.body);
      return signal ? 255 : code;
    }
  }
  return undefined;
}
