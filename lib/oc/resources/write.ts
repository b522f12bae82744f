// Changing objects on the server, and the line or object that is printed about it.
import type { Cli } from '../cli';
import { printedName, resourcePath } from '../client/discovery';
import { CliError } from '../errors';
import { type Dyn, groupVersion } from '../object';
import type { Info } from './select';

/** What every write is asked with: who owns the fields, how strictly it is read, whether it is kept. */
export function writeQuery(cli: Cli): Record<string, string> {
  const { flags } = cli;
  const query: Record<string, string> = {};
  const manager = flags.has('field-manager') ? flags.str('field-manager') : '';
  if (manager) query['fieldManager'] = manager;
  if (cli.dryRun === 'server') query['dryRun'] = 'All';
  return query;
}

/** `Strict`, `Warn` or `Ignore`, as --validate says. */
export function fieldValidation(cli: Cli): string {
  const given = cli.flags.has('validate') ? cli.flags.str('validate') : 'strict';
  if (['strict', 'true'].includes(given)) return 'Strict';
  if (given === 'warn') return 'Warn';
  if (['ignore', 'false'].includes(given)) return 'Ignore';
  throw new CliError(`invalid - validate option "${given}"; must be one of: strict (or true), warn, ignore (or false)`);
}

/** Creates an object, unless this is a dry run of the client. */
export async function createObject(cli: Cli, info: Pick<Info, 'resource' | 'namespace' | 'object'>): Promise<Dyn> {
  cli.record(info.object);
  if (cli.dryRun === 'client') return info.object;
  return cli.client.json('POST', resourcePath(info.resource, info.namespace), {
    query: { ...writeQuery(cli), fieldValidation: fieldValidation(cli) },
    body: info.object,
  });
}

export type PatchType = 'strategic-merge-patch' | 'merge-patch' | 'json-patch' | 'apply-patch';

export async function patchObject(
  cli: Cli,
  info: Pick<Info, 'resource' | 'namespace' | 'name'>,
  type: PatchType,
  patch: unknown,
  options: { subresource?: string; query?: Record<string, string> } = {},
): Promise<Dyn> {
  return cli.client.json('PATCH', resourcePath(info.resource, info.namespace, info.name, options.subresource), {
    query: { ...writeQuery(cli), ...options.query },
    type: `application/${type}+${type === 'apply-patch' ? 'yaml' : 'json'}`,
    body: patch,
  });
}

/** Writes the command line to an object that is there already, where --record asks for it. */
export async function recordOn(cli: Cli, info: Pick<Info, 'resource' | 'namespace' | 'name'>): Promise<void> {
  const patch: Dyn = { metadata: {} };
  cli.record(patch);
  if (patch.metadata.annotations) await patchObject(cli, info, 'merge-patch', patch);
}

/** Prints `deployment.apps/x created`, or the object as `-o` asks. */
export async function printResult(cli: Cli, object: Dyn, operation: string): Promise<void> {
  const printer = cli.flags.has('output') ? cli.printer() : undefined;
  if (printer) return cli.out(printer(object));
  await cli.out(`${nameOf(object)} ${operation}${cli.dryRunSuffix}\n`);
}

/** `deployment.apps/x`. */
export function nameOf(object: Dyn): string {
  const [group] = groupVersion(object.apiVersion);
  return printedName({ group, kind: object.kind }, object.metadata?.name || '<unknown>');
}
