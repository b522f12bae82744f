// `command`, `builtin`, `type`, `hash`: what a name stands for.

import { functionText } from '../function-text';
import type { Shell } from '../shell';
import { badOption, complain, options } from './builtin';

/** Reserved words, as bash lists them. */
export const KEYWORDS = new Set(
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(' '),
);

type Found = { kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file'; value: string };

function lookUp(shell: Shell, name: string, all: boolean): Found[] {
  const found: Found[] = [];
  const alias = shell.interactive || shell.shopts.has('expand_aliases') ? shell.aliases.get(name) : undefined;
  if (alias !== undefined) found.push({ kind: 'alias', value: alias });
  if (KEYWORDS.has(name)) found.push({ kind: 'keyword', value: name });
  if (shell.functions.has(name)) found.push({ kind: 'function', value: name });
  if (shell.executor.builtin(shell, name)) found.push({ kind: 'builtin', value: name });
  for (const path of files(shell, name, all)) found.push({ kind: 'file', value: path });
  return all ? found : found.slice(0, 1);
}

function files(shell: Shell, name: string, all: boolean): string[] {
  const { machine, files: fs } = shell.proc;
  if (name.includes('/')) {
    const stat = fs.find(name);
    return stat && stat.type !== 'dir' && fs.may(stat, 'execute') ? [name] : [];
  }
  const dirs = (shell.vars.get('PATH') ?? '').split(':');
  const found = dirs.flatMap((dir) => machine.which(shell.proc, name, dir) ?? []);
  return all ? found : found.slice(0, 1);
}

export async function type(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'afptP');
  if (shell.posixLike) return describeAll(shell, argv.slice(1));
  if (bad) return badOption(shell, 'type', bad, 'type [-afptP] name [name ...]');
  let status = 0;
  for (const name of rest) {
    const wide = found.has('a') || found.has('P') || found.has('f');
    const matching = lookUp(shell, name, wide).filter(
      ({ kind }) => (!found.has('P') || kind === 'file') && (!found.has('f') || kind !== 'function'),
    );
    const all = found.has('a') || found.has('P') ? matching : matching.slice(0, 1);
    if (all.length === 0) {
      status = 1;
      if (found.has('t') || found.has('p') || found.has('P')) continue;
      await complain(shell, argv[0] ?? 'type', `${name}: not found`);
    }
    for (const one of all) await shell.proc.print(typeLine(shell, name, one, found));
  }
  return status;
}

/** `type` and `command -V` of the other shells; what is not there is told on standard output, too. */
async function describeAll(shell: Shell, names: string[]): Promise<number> {
  let status = 0;
  for (const name of names) {
    const [one] = lookUp(shell, name, false);
    if (!one) status = 127;
    await shell.proc.print(one ? posixLine(name, one.kind, one.value) : `${name}: not found\n`);
  }
  return status;
}

function typeLine(shell: Shell, name: string, { kind, value }: Found, found: Map<string, string>): string {
  if (found.has('t')) return `${kind}\n`;
  if (found.has('p') || found.has('P')) return kind === 'file' ? `${value}\n` : '';
  return verbose(shell, name, kind, value);
}

function posixLine(name: string, kind: Found['kind'], value: string): string {
  if (kind === 'alias') return `${name} is an alias for ${value}\n`;
  if (kind === 'keyword') return `${name} is a shell keyword\n`;
  if (kind === 'function') return `${name} is a shell function\n`;
  return kind === 'builtin' ? `${name} is a shell builtin\n` : `${name} is ${value}\n`;
}

function verbose(shell: Shell, name: string, kind: Found['kind'], value: string): string {
  if (kind === 'alias') return `${name} is aliased to \`${value}'\n`;
  if (kind === 'keyword') return `${name} is a shell keyword\n`;
  if (kind === 'builtin') return `${name} is a shell builtin\n`;
  const definition = shell.functions.get(name);
  if (kind === 'function' && definition) return `${name} is a function\n${functionText(definition)}\n`;
  return `${name} is ${value}\n`;
}

export async function command(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'pvV');
  if (bad) return badOption(shell, 'command', bad, 'command [-pVv] command [arg ...]');
  if (!found.has('v') && !found.has('V')) return rest.length === 0 ? 0 : shell.executor.words(shell, rest, false);
  if (shell.posixLike && found.has('V')) return describeAll(shell, rest);
  let status = shell.posixLike ? 127 : 1; // one name that is found is enough
  for (const name of rest) {
    const [one] = lookUp(shell, name, false);
    if (one) status = 0;
    if (!one) {
      if (found.has('V')) await complain(shell, 'command', `${name}: not found`);
    } else if (found.has('V')) await shell.proc.print(verbose(shell, name, one.kind, one.value));
    else
      await shell.proc.print(
        `${one.kind === 'alias' ? `alias ${name}='${one.value}'` : one.kind === 'file' ? one.value : name}\n`,
      );
  }
  return status;
}

export async function builtin(shell: Shell, argv: string[]): Promise<number> {
  const [name, ...args] = argv.slice(1);
  if (name === undefined) return 0;
  if (/^-./.test(name)) return badOption(shell, 'builtin', name.slice(0, 2), 'builtin [shell-builtin [arg ...]]');
  const found = shell.executor.builtin(shell, name);
  if (!found) return complain(shell, 'builtin', `${name}: not a shell builtin`);
  return found(shell, [name, ...args]);
}

const HASH_USAGE = 'hash [-lr] [-p pathname] [-dt] [name ...]';

/** The remembered places of programs; a place is remembered with `hash` itself, since looking it up again costs nothing here. */
export async function hash(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'drtl', 'p');
  if (bad) return badOption(shell, 'hash', bad, HASH_USAGE);
  if (shell.posixLike) return posixHash(shell, rest);
  if (found.has('r')) shell.hashed.clear();
  if (rest.length === 0 && !found.has('r')) {
    if (shell.hashed.size === 0) await shell.proc.print('hash: hash table empty\n');
    else if (found.has('l'))
      for (const [name, { path }] of shell.hashed) await shell.proc.print(`builtin hash -p ${path} ${name}\n`);
    else {
      await shell.proc.print('hits\tcommand\n');
      for (const { path, hits } of shell.hashed.values())
        await shell.proc.print(`${String(hits).padStart(4)}\t${path}\n`);
    }
    return 0;
  }
  let status = 0;
  for (const name of rest) {
    const path = found.get('p') ?? shell.hashed.get(name)?.path ?? files(shell, name, false)[0];
    const isBuiltin = shell.executor.builtin(shell, name) !== undefined || shell.functions.has(name);
    if (found.has('d')) {
      if (!shell.hashed.delete(name)) status = await complain(shell, 'hash', `${name}: not found`);
    } else if (path === undefined && !isBuiltin) status = await complain(shell, 'hash', `${name}: not found`);
    else if (found.has('t')) await shell.proc.print(rest.length > 1 ? `${name}\t${path}\n` : `${path}\n`);
    else if (path !== undefined && !name.includes('/') && !isBuiltin) shell.hashed.set(name, { path, hits: 0 });
  }
  return status;
}

async function posixHash(shell: Shell, names: string[]): Promise<number> {
  let status = 0;
  for (const name of names)
    if (files(shell, name, false).length === 0) status = await complain(shell, 'hash', `${name}: not found`);
  return status;
}
