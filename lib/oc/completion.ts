// Tab completion of oc and kubectl: verbs, flags, kinds, and names from the live cluster.
import type { Completer } from '../machine/completion';
import type { Process } from '../machine/process';
import { resolveTarget } from './client/address';
import { Client } from './client/client';
import { Discovery, resourcePath } from './client/discovery';
import { loadConfig } from './client/kubeconfig';
import type { Flags } from './flags/parse';
import { commandsOf, flagsOf, helpOf } from './program';

type Name = 'oc' | 'kubectl';

/** Verbs whose first word is a kind and whose others are names. */
const KIND_VERBS = new Set(
  'get describe delete edit label annotate scale patch expose autoscale wait taint|rollout status|rollout history|rollout undo|rollout restart|rollout pause|rollout resume|set env|set image|set resources|set selector|set serviceaccount|set probe|set volume'
    .split('|')
    .flatMap((part, i) => (i === 0 ? part.split(' ') : [part])),
);
/** Verbs whose first word is a pod. */
const POD_VERBS = new Set(['logs', 'exec', 'attach', 'rsh', 'port-forward', 'cp', 'debug', 'rsync']);
const NODE_VERBS = new Set(['cordon', 'uncordon', 'drain', 'adm cordon', 'adm uncordon', 'adm drain', 'top node']);
const LIMIT = 500; // names asked of the server at a time

const completer =
  (program: Name): Completer =>
  ({ proc, words }) =>
    candidates(proc, program, words);

/** What may stand in the place of the last word, which is typed in part. */
export async function candidates(proc: Process, program: Name, words: string[]): Promise<string[]> {
  const found = await complete(proc, program, words);
  const typed = words.at(-1) ?? '';
  return found.filter((text) => text.startsWith(typed)).sort();
}

/** For `new Machine({ completers })`. */
export const completers = new Map<string, Completer>([
  ['oc', completer('oc')],
  ['kubectl', completer('kubectl')],
]);

async function complete(proc: Process, program: Name, words: string[]): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  const { path, args, values, pending } = read(program, words.slice(1, -1));
  const flags = flagsOf(program, path);
  if (args.includes('--')) return [];
  const world = new World(proc, program, values, flags);
  try {
    if (pending) return await world.flagValues(pending);
    if (/^--[\w-]+=/.test(typed)) {
      const [flag = ''] = typed.slice(2).split('=');
      return (await world.flagValues(flag)).map((value) => `--${flag}=${value}`);
    }
    if (typed.startsWith('-')) return flagNames(flags, typed);
    const below = subcommands(program, path);
    if (below.length > 0 && args.length === 0) return below;
    return await world.arguments(path, args, typed);
  } finally {
    world.close();
  }
}

/** What stands before the cursor: the command, its words, its flags; `pending` is a flag that wants its value next. */
function read(
  program: Name,
  words: string[],
): { path: string; args: string[]; values: Map<string, string>; pending: string } {
  let path = '';
  let pending = '';
  const args: string[] = [];
  const values = new Map<string, string>();
  for (const word of words) {
    if (pending) {
      values.set(pending, word);
      pending = '';
      continue;
    }
    if (word.startsWith('-') && word.length > 1 && word !== '--') {
      const [name = '', value] = word.replace(/^--?/, '').split('=');
      const flags = flagsOf(program, path);
      const spec = word.startsWith('--') ? flags.find(name) : flags.findShort(name.slice(0, 1));
      if (!spec) continue;
      if (value !== undefined) values.set(spec.name, value);
      else if (spec.bare === undefined && (word.startsWith('--') || name.length === 1)) pending = spec.name;
      else if (spec.bare === undefined) values.set(spec.name, name.slice(1));
      continue;
    }
    const next = path ? `${path} ${word}` : word;
    if (args.length === 0 && (helpOf(program, next) || commandsOf(program).has(next))) path = next;
    else args.push(word);
  }
  return { path, args, values, pending };
}

function subcommands(program: Name, path: string): string[] {
  return (helpOf(program, path)?.groups ?? []).flatMap(([, names]) => names);
}

function flagNames(flags: Flags, typed: string): string[] {
  const long = flags.all().map(({ name, bare }) => (bare === undefined ? `--${name}=` : `--${name}`));
  if (typed.startsWith('--')) return long;
  return [...long, ...flags.all().flatMap(({ short }) => (short ? [`-${short}`] : []))];
}

/** What the cluster and the kubeconfig offer. */
class World {
  private client: Client | undefined;

  constructor(
    private readonly proc: Process,
    private readonly program: Name,
    values: Map<string, string>,
    private readonly flags: Flags,
  ) {
    for (const [name, value] of values) {
      const spec = flags.find(name);
      if (spec) flags.set(spec, value);
    }
  }

  close(): void {
    this.client?.close();
  }

  async flagValues(flag: string): Promise<string[]> {
    const config = () => loadConfig(this.proc, this.flags.str('kubeconfig'));
    if (flag === 'namespace') return this.names(this.program === 'oc' ? 'projects' : 'namespaces');
    if (flag === 'context') return Object.keys(config().contexts);
    if (flag === 'cluster') return Object.keys(config().clusters);
    if (flag === 'user') return Object.keys(config().users);
    if (flag === 'output') return ['custom-columns=', 'go-template=', 'json', 'jsonpath=', 'name', 'wide', 'yaml'];
    if (flag === 'dry-run') return ['client', 'none', 'server'];
    if (flag === 'restart') return ['Always', 'Never', 'OnFailure'];
    return [];
  }

  async arguments(path: string, args: string[], typed: string): Promise<string[]> {
    const [first] = args;
    if (KIND_VERBS.has(path)) {
      if (typed.includes('/')) return this.slashed(typed);
      if (first === undefined) return typed.includes(',') ? this.listed(typed) : this.kinds();
      return first.includes('/') ? [] : (await this.names(first)).filter((name) => !args.slice(1).includes(name));
    }
    if (POD_VERBS.has(path)) {
      if (typed.includes('/')) return this.slashed(typed);
      return first === undefined
        ? [...(await this.names('pods')), 'deployment/', 'job/', 'service/', 'statefulset/']
        : [];
    }
    if (NODE_VERBS.has(path)) return this.names('nodes');
    if (path === 'top pod') return this.names('pods');
    if (path === 'project') return first === undefined ? this.names('projects') : [];
    if (path === 'explain') return this.kinds();
    if (path === 'config use-context' || path === 'config delete-context') return this.flagValues('context');
    return [];
  }

  private discovery(): Discovery {
    this.client ??= new Client(this.proc, resolveTarget(this.proc, this.flags, this.program === 'oc'));
    return new Discovery(this.proc, this.client);
  }

  private async kinds(): Promise<string[]> {
    const all = await this.discovery().all();
    const seen = new Set(all.filter(({ group }) => group === '').map(({ name }) => name));
    return all
      .filter((r) => r.verbs.includes('list'))
      .map((r) =>
        r.group === '' || !seen.has(r.name) ? (r.group ? `${r.name}.${r.group}` : r.name) : `${r.name}.${r.group}`,
      );
  }

  private async listed(typed: string): Promise<string[]> {
    const head = typed.slice(0, typed.lastIndexOf(',') + 1);
    return (await this.kinds()).map((kind) => head + kind);
  }

  private async slashed(typed: string): Promise<string[]> {
    const [kind = ''] = typed.split('/');
    return (await this.names(kind)).map((name) => `${kind}/${name}`);
  }

  private async names(kind: string): Promise<string[]> {
    const resource = await this.discovery().find(kind);
    if (!resource || !this.client) return [];
    const list = await this.client.json(
      'GET',
      resourcePath(resource, resource.namespaced ? this.client.target.namespace : ''),
      { query: { limit: LIMIT } },
    );
    return (list.items ?? []).map((item: { metadata: { name: string } }) => item.metadata.name);
  }
}
