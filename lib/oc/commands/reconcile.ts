// oc auth reconcile: makes roles and bindings hold at least what files say.
import type { Cli, Command } from '../cli';
import { resourcePath } from '../client/discovery';
import { CliError, isReason } from '../errors';
import type { Dyn } from '../object';
import { readManifests } from '../resources/files';
import { breakdown } from '../resources/rules';
import { fetchOne, type Info, infoOf } from '../resources/select';
import { printResult } from '../resources/write';

const GROUP = 'rbac.authorization.k8s.io';

export const authReconcile: Command = {
  path: 'auth reconcile',
  async run(cli) {
    const { flags } = cli;
    const filenames = flags.list('filename');
    if (filenames.length === 0) throw new CliError('must specify one of -f and -k');
    for (const manifest of await readManifests(cli, filenames, flags.bool('recursive'))) {
      const info = await infoOf(cli, manifest);
      if (info.resource.group !== GROUP) continue;
      const isRole = info.resource.kind.endsWith('Role');
      await (isRole ? reconcileRole(cli, info) : reconcileBinding(cli, info));
    }
  },
};

async function current(cli: Cli, info: Info): Promise<Dyn> {
  try {
    return await fetchOne(cli, info);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function save(cli: Cli, info: Info, object: Dyn, isNew: boolean): Promise<void> {
  if (cli.dryRun !== 'none') return;
  const path = resourcePath(info.resource, info.namespace, isNew ? undefined : info.name);
  await cli.client.json(isNew ? 'POST' : 'PUT', path, { body: object });
}

const key = (value: Dyn): string => JSON.stringify(value);

async function reconcileRole(cli: Cli, info: Info): Promise<void> {
  const old = await current(cli, info);
  const known = new Set((old?.rules ?? []).flatMap(breakdown).map(key));
  const missing = (info.object.rules ?? []).filter((rule: Dyn) => breakdown(rule).some((one) => !known.has(key(one))));
  const keep = cli.flags.bool('remove-extra-permissions') ? [] : (old?.rules ?? []);
  const rules = cli.flags.bool('remove-extra-permissions') ? (info.object.rules ?? []) : [...keep, ...missing];
  const made = old ? { ...old, rules } : info.object;
  const differs = !old || key(rules) !== key(old.rules ?? []);
  if (differs) await save(cli, info, made, !old);
  await printResult(cli, made, 'reconciled');
  if (!differs) return;
  await cli.err(old ? '\treconciliation required update\n' : '\treconciliation required create\n');
  if (old && missing.length > 0) await cli.err(`\tmissing rules added:\n${missing.map(ruleLine).join('')}`);
  else if (!old) await cli.err(`\tmissing rules added:\n${(info.object.rules ?? []).map(ruleLine).join('')}`);
}

/** A rule as Go prints the struct. */
const ruleLine = (rule: Dyn): string => {
  const list = (name: string) => `[${(rule[name] ?? []).join(' ')}]`;
  return `\t\t{Verbs:${list('verbs')} APIGroups:${list('apiGroups')} Resources:${list('resources')} ResourceNames:${list('resourceNames')} NonResourceURLs:${list('nonResourceURLs')}}\n`;
};

async function reconcileBinding(cli: Cli, info: Info): Promise<void> {
  const old = await current(cli, info);
  const wanted: Dyn[] = info.object.subjects ?? [];
  const keep: Dyn[] = cli.flags.bool('remove-extra-subjects') ? [] : (old?.subjects ?? []);
  const missing = wanted.filter((one) => !keep.some((other) => other.kind === one.kind && other.name === one.name));
  const made = old ? { ...old, subjects: [...keep, ...missing] } : info.object;
  const differs = !old || key(made.subjects) !== key(old.subjects ?? []);
  if (differs) await save(cli, info, made, !old);
  await printResult(cli, made, 'reconciled');
  if (differs) await cli.err(`\treconciliation required ${old ? 'update' : 'create'}\n`);
}
