// The kubeconfig file: read, merged, asked and written back as client-go's clientcmd does.
import { parse } from 'yaml';
import type { Process } from '../../machine/process';
import { CliError } from '../errors';
import { type Dyn, quote } from '../object';
import { toYaml } from '../printers/yaml';

export interface Cluster {
  server?: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
  'proxy-url'?: string;
}

export interface User {
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
  as?: string;
}

export interface Context {
  cluster: string;
  user: string;
  namespace?: string;
}

export interface Kubeconfig {
  clusters: Record<string, Cluster>;
  users: Record<string, User>;
  contexts: Record<string, Context>;
  currentContext: string;
  preferences: Dyn;
}

export const emptyConfig = (): Kubeconfig => ({
  clusters: {},
  users: {},
  contexts: {},
  currentContext: '',
  preferences: {},
});

/** The files that are read, first one first: --kubeconfig, else $KUBECONFIG's list, else ~/.kube/config. */
function configFiles(proc: Process, explicit: string): string[] {
  if (explicit) return [explicit];
  const listed = (proc.env['KUBECONFIG'] ?? '').split(':').filter(Boolean);
  return listed.length > 0 ? listed : [`${proc.env['HOME'] ?? '/'}/.kube/config`];
}

/** The file that changes go to. */
export function configFile(proc: Process, explicit: string): string {
  const files = configFiles(proc, explicit);
  return files.find((file) => proc.files.exists(file)) ?? (files.at(-1) as string);
}

/** All files merged: the first to name a thing wins. */
export function loadConfig(proc: Process, explicit: string): Kubeconfig {
  const merged = emptyConfig();
  if (explicit && !proc.files.exists(explicit)) throw new CliError(`stat ${explicit}: no such file or directory`);
  for (const file of configFiles(proc, explicit)) {
    if (!proc.files.exists(file)) continue;
    const one = readConfig(proc.files.readText(file), file);
    merged.clusters = { ...one.clusters, ...merged.clusters };
    merged.users = { ...one.users, ...merged.users };
    merged.contexts = { ...one.contexts, ...merged.contexts };
    merged.currentContext ||= one.currentContext;
  }
  return merged;
}

function readConfig(text: string, file: string): Kubeconfig {
  let raw: Dyn;
  try {
    raw = parse(text) ?? {};
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]?.replace(/ at line.*$/, '');
    throw new CliError(`error loading config file ${quote(file)}: yaml: ${reason}`);
  }
  if (typeof raw !== 'object')
    throw new CliError(
      `error loading config file ${quote(file)}: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  const named = (list: Dyn, field: string): Record<string, Dyn> =>
    Object.fromEntries((list ?? []).map((item: Dyn) => [item.name, item[field] ?? {}]));
  return {
    clusters: named(raw.clusters, 'cluster'),
    users: named(raw.users, 'user'),
    contexts: named(raw.contexts, 'context'),
    currentContext: raw['current-context'] ?? '',
    preferences: raw.preferences ?? {},
  };
}

/** The file's object, lists sorted by name as clientcmd writes them. */
export function configObject(config: Kubeconfig): Record<string, Dyn> {
  const list = (things: Record<string, object>, field: string): Dyn => {
    const names = Object.keys(things).sort();
    return names.length === 0 ? null : names.map((name) => ({ [field]: things[name], name }));
  };
  return {
    apiVersion: 'v1',
    clusters: list(config.clusters, 'cluster'),
    contexts: list(config.contexts, 'context'),
    'current-context': config.currentContext,
    kind: 'Config',
    preferences: config.preferences,
    users: list(config.users, 'user'),
  };
}

/** Writes the file with mode 0600, making its directory. */
export function saveConfig(proc: Process, explicit: string, config: Kubeconfig): void {
  const file = configFile(proc, explicit);
  makeParents(proc, file);
  const isNew = !proc.files.exists(file);
  proc.files.write(file, toYaml(configObject(config)), 0o600);
  if (isNew) proc.files.chmod(file, 0o600);
}

function makeParents(proc: Process, file: string): void {
  const parts = file.split('/').slice(0, -1);
  for (let i = 1; i <= parts.length; i++) {
    const dir = parts.slice(0, i).join('/');
    if (dir && !proc.files.exists(dir)) proc.files.mkdir(dir, 0o750);
  }
}
