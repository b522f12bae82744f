// kubeadm on a node of its cluster: its version, and the tokens by which nodes join (cmd/kubeadm/app/cmd/token.go).
// DIFFERS: nothing joins or is upgraded here, and a token is not cleaned up when it has expired; the hash
// of the authority is that of its text, since certificates of the simulation have no public key.
import { createHash } from 'node:crypto';
import type { BootstrapToken, NodeAgent } from '../../machine/node-agent';
import type { Process, Program } from '../../machine/process';
import { getopt, type Options } from '../getopt';
import { agentOf } from './agent';

const DAY_MS = 86_400_000;
const COLUMNS = ['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS'];
const GAP = 3;
const GROUP = 'system:bootstrappers:kubeadm:default-node-token';
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const OTHERS = new Set('certs completion config init join kubeconfig reset upgrade'.split(' '));
const STACK = 'To see the stack trace of this error execute with --v=5 or higher';
const KUBECONFIG = '/etc/kubernetes/admin.conf';

export const kubeadm: Program = async (proc) => {
  const [command, ...words] = proc.argv.slice(1);
  const agent = agentOf(proc);
  if (!agent) return failed(proc, 'not supported: kubeadm away from a node');
  if (command === undefined || command === '--help' || command === '-h') return proc.print(HELP).then(() => 0);
  if (command === 'version') return version(proc, agent, words);
  if (command === 'token') return token(proc, agent, words);
  if (OTHERS.has(command)) return failed(proc, `not supported: ${[command, ...words].join(' ')}`);
  await proc.complain(`error: unknown command ${JSON.stringify(command)} for "kubeadm"\n${STACK}\n`);
  return 1;
};

const HELP = `kubeadm: easily bootstrap a secure Kubernetes cluster

Usage:
  kubeadm [command]

Available Commands:
  token       Manage bootstrap tokens
  version     Print the version of kubeadm
`;

async function failed(proc: Process, text: string): Promise<number> {
  await proc.complain(`${text}\n`);
  return 1;
}

/** Options of a subcommand; a bad one is said in cobra's words. */
async function optionsOf(proc: Process, words: readonly string[], short: string, long: Record<string, string>) {
  const options = getopt(['kubeadm', ...words], short, long);
  if (options.error === undefined) return options;
  const flag = /'(.*)'/.exec(options.error)?.[1] ?? '';
  await proc.complain(
    flag.startsWith('--')
      ? `error: unknown flag: ${flag}\n${STACK}\n`
      : `error: unknown shorthand flag: '${flag}' in -${flag}\n${STACK}\n`,
  );
  return undefined;
}

async function version(proc: Process, { version: release }: NodeAgent, words: string[]): Promise<number> {
  const options = await optionsOf(proc, words, 'o:', { 'output=': 'o' });
  if (!options) return 1;
  const format = options.get('o');
  if (format === 'short') return proc.print(`${release}\n`).then(() => 0);
  if (format !== undefined) return failed(proc, `not supported: --output ${format}`);
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(release) ?? [];
  await proc.print(
    `kubeadm version: &version.Info{Major:"${major}", Minor:"${minor}", GitVersion:"${release}", GitCommit:"", GitTreeState:"clean", BuildDate:"", GoVersion:"", Compiler:"gc", Platform:"linux/amd64"}\n`,
  );
  return 0;
}

async function token(proc: Process, agent: NodeAgent, [verb, ...words]: string[]): Promise<number> {
  if (verb !== 'create' && verb !== 'list' && verb !== 'delete' && verb !== 'generate')
    return failed(proc, `error: missing subcommand; "token" is not meant to be run on its own\n${STACK}`);
  const options = await optionsOf(proc, words, '', {
    'ttl=': 'ttl',
    'description=': 'description',
    'print-join-command': 'join',
  });
  if (!options) return 1;
  if (verb === 'generate') return proc.print(`${generate(proc)}\n`).then(() => 0);
  const { tokens } = agent;
  if (!tokens)
    return failed(proc, `failed to load admin kubeconfig: open ${KUBECONFIG}: no such file or directory\n${STACK}`);
  if (proc.uid !== 0)
    return failed(proc, `failed to load admin kubeconfig: open ${KUBECONFIG}: permission denied\n${STACK}`);
  if (verb === 'create') return create(proc, tokens, options);
  return verb === 'list' ? list(proc, tokens) : remove(proc, tokens, options.rest);
}

type Tokens = NonNullable<NodeAgent['tokens']>;

function generate({ machine: { random } }: Process): string {
  const hex = random.hex(22);
  return `${hex.slice(0, 6)}.${hex.slice(6)}`;
}

/** Go's durations of hours, minutes and seconds, in milliseconds; 0 is for ever. */
function durationOf(text: string): number | undefined {
  if (text === '0') return 0;
  const [whole, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  if (!whole) return undefined;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

async function create(proc: Process, tokens: Tokens, options: Options): Promise<number> {
  const [given] = options.rest;
  const [, id, secret] = TOKEN.exec(given ?? generate(proc)) ?? [];
  if (!id || !secret)
    return failed(
      proc,
      `the bootstrap token ${JSON.stringify(given)} was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"\n${STACK}`,
    );
  const text = options.get('ttl');
  const ttl = text === undefined ? DAY_MS : durationOf(text);
  if (ttl === undefined)
    return failed(
      proc,
      `invalid argument ${JSON.stringify(text)} for "--ttl" flag: time: invalid duration ${JSON.stringify(text)}\n${STACK}`,
    );
  if (tokens.list().some((each) => each.id === id))
    return failed(proc, `a token with id ${JSON.stringify(id)} already exists\n${STACK}`);
  const expires = ttl === 0 ? undefined : proc.machine.clock.now() + ttl;
  tokens.create({
    id,
    secret,
    description: options.get('description') ?? '',
    ...(expires !== undefined && { expires }),
  });
  const hash = createHash('sha256').update(tokens.ca).digest('hex');
  await proc.print(
    options.has('join')
      ? `kubeadm join ${tokens.endpoint} --token ${id}.${secret} --discovery-token-ca-cert-hash sha256:${hash} \n`
      : `${id}.${secret}\n`,
  );
  return 0;
}

const left = ({ expires }: BootstrapToken, now: number): string => {
  if (expires === undefined) return '<forever>';
  const minutes = Math.floor((expires - now) / 60_000);
  if (minutes < 0) return '<invalid>';
  return minutes >= 180 ? `${Math.floor(minutes / 60)}h` : `${minutes}m`;
};

async function list(proc: Process, tokens: Tokens): Promise<number> {
  const now = proc.machine.clock.now();
  const rows = tokens
    .list()
    .map((each) => [
      `${each.id}.${each.secret}`,
      left(each, now),
      each.expires === undefined ? '<never>' : `${new Date(each.expires).toISOString().slice(0, 19)}Z`,
      'authentication,signing',
      each.description || '<none>',
      GROUP,
    ]);
  if (rows.length === 0) return 0;
  const all = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)) + GAP);
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell)).join('');
  await proc.print(all.map((row) => `${line(row)}\n`).join(''));
  return 0;
}

async function remove(proc: Process, tokens: Tokens, names: readonly string[]): Promise<number> {
  if (names.length === 0) return failed(proc, `missing argument; 'token delete' is missing token\n${STACK}`);
  for (const name of names) {
    const id = name.split('.')[0] ?? '';
    if (!/^[a-z0-9]{6}$/.test(id))
      return failed(
        proc,
        `given token didn't match pattern "\\\\A([a-z0-9]{6})\\\\z" or "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"\n${STACK}`,
      );
    if (!tokens.remove(id))
      return failed(
        proc,
        `failed to delete bootstrap token ${JSON.stringify(id)}: secrets "bootstrap-token-${id}" not found\n${STACK}`,
      );
    await proc.print(`bootstrap token ${JSON.stringify(id)} deleted\n`);
  }
  return 0;
}
