// Which objects a command line means: kinds, names, selectors and files, as k8s.io/cli-runtime's resource builder reads them.
import type { Cli } from '../cli';
import type { Query } from '../client/client';
import { apiVersion, type Resource, resourcePath } from '../client/discovery';
import { ApiError, CliError, isReason } from '../errors';
import { type Dyn, groupVersion, quote } from '../object';
import { toCompactJson } from '../printers/json';
import { isTable } from '../printers/table';
import { type Manifest, readManifests } from './files';
import { readKustomization } from './kustomize';

/** An object that a command is about. `object` is undefined where only its name was asked for. */
export interface Info {
  resource: Resource;
  namespace: string;
  name: string;
  object: Dyn;
  source?: string;
}

export interface Selection {
  args: string[];
  filenames?: string[];
  kustomize?: string;
  recursive?: boolean;
  selector?: string;
  fieldSelector?: string;
  /** `--all`. */
  all?: boolean;
  allNamespaces?: boolean;
  /** A kind without names means all of them. */
  emptyMeansAll?: boolean;
  /** Names are enough: nothing is fetched for `TYPE NAME`. */
  namesOnly?: boolean;
  /** Objects of files are taken as they stand there. */
  local?: boolean;
  singleType?: boolean;
  accept?: string;
  query?: Query;
  chunk?: number;
  subresource?: string;
  ignoreNotFound?: boolean;
}

export interface Selected {
  infos: Info[];
  /** What went wrong with single objects; the others are there nonetheless. */
  errors: Error[];
  /** One object was named: it is printed itself, not as a list. */
  single: boolean;
}

const MISSING = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/** The selection that the usual flags of a command describe. */
export function selectionOf(cli: Cli, more: Partial<Selection> = {}): Selection {
  const { flags } = cli;
  return {
    args: cli.args,
    filenames: flags.list('filename'),
    kustomize: flags.str('kustomize'),
    recursive: flags.bool('recursive'),
    ...(flags.has('selector') && flags.changed('selector') ? { selector: flags.str('selector') } : {}),
    ...(flags.str('field-selector') ? { fieldSelector: flags.str('field-selector') } : {}),
    all: flags.has('all') && flags.bool('all'),
    allNamespaces: flags.has('all-namespaces') && flags.bool('all-namespaces'),
    ...more,
  };
}

export async function select(cli: Cli, wanted: Selection): Promise<Selected> {
  const manifests = await fromFiles(cli, wanted);
  if (manifests) return visitManifests(cli, wanted, manifests);
  const words = parseWords(wanted);
  if (wanted.selector !== undefined || wanted.fieldSelector !== undefined || wanted.all)
    return bySelector(cli, wanted, words);
  if (words.tuples.length > 0) return byTuples(cli, wanted, words.tuples);
  if (words.names.length > 0) return byNames(cli, wanted, words);
  if (words.types.length === 0) throw new CliError(MISSING);
  for (const type of words.types) await kindsOf(cli, type);
  if (!wanted.emptyMeansAll) throw new CliError('resource(s) were provided, but no name was specified');
  return bySelector(cli, wanted, words);
}

interface Words {
  types: string[];
  names: string[];
  tuples: { type: string; name: string }[];
}

function parseWords({ args, emptyMeansAll }: Selection): Words {
  const words = { types: [] as string[], names: [] as string[], tuples: [] as { type: string; name: string }[] };
  const expanded = expandTypes(args);
  if (expanded.some((arg) => arg.includes('/'))) {
    const [first = ''] = expanded;
    if (!expanded.every((arg) => arg.includes('/'))) {
      const hint = first.includes('/')
        ? ''
        : "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";
      throw new CliError(
        hint ||
          "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
      );
    }
    words.tuples = expanded.map(splitTuple);
    return words;
  }
  const [types, ...names] = expanded;
  if (types !== undefined) words.types = types.split(',').filter(Boolean);
  words.names = names;
  if (types !== undefined && names.length === 0 && !emptyMeansAll) return words;
  return words;
}

/** `pods,services x` means x of both. */
function expandTypes(args: string[]): string[] {
  const [first = '', ...names] = args;
  const types = first.split(',');
  if (types.length < 2 || names.length === 0 || names.some((name) => name.includes('/'))) return args;
  return types.flatMap((type) => names.map((name) => `${type}/${name}`));
}

function splitTuple(word: string): { type: string; name: string } {
  const parts = word.split('/');
  if (parts.length !== 2) throw new CliError('arguments in resource/name form may not have more than one slash');
  const [type = '', name = ''] = parts;
  if (!type || !name || type.includes(','))
    throw new CliError('arguments in resource/name form must have a single resource and name');
  return { type, name };
}

/** A word's kinds: one, or all of a category. */
async function kindsOf(cli: Cli, word: string): Promise<Resource[]> {
  const found = await cli.discovery.find(word);
  if (found) return [found];
  const category = await cli.discovery.category(word);
  if (category.length === 0) return [await cli.resource(word)];
  return category;
}

async function bySelector(cli: Cli, wanted: Selection, words: Words): Promise<Selected> {
  if (words.names.length > 0) throw new CliError('name cannot be provided when a selector is specified');
  if (words.tuples.length > 0)
    throw new CliError('selectors and the all flag cannot be used when passing resource/name arguments');
  if (words.types.length === 0) throw new CliError('at least one resource must be specified to use a selector');
  const kinds: Resource[] = [];
  for (const type of words.types)
    for (const kind of await kindsOf(cli, type)) if (!kinds.includes(kind)) kinds.push(kind);
  if (wanted.singleType && kinds.length > 1) throw new CliError('you may only specify a single resource type');
  const infos: Info[] = [];
  const errors: Error[] = [];
  for (const kind of kinds) {
    try {
      infos.push(...(await list(cli, wanted, kind)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      errors.push(error);
    }
  }
  return { infos, errors, single: false };
}

/** All objects of a kind; with a table, one Info that holds it. */
export async function list(cli: Cli, wanted: Selection, resource: Resource): Promise<Info[]> {
  const namespace = wanted.allNamespaces ? '' : cli.namespace;
  const path = resourcePath(resource, resource.namespaced ? namespace : '');
  let whole: Dyn;
  let next: string | undefined;
  do {
    const page: Dyn = await asked(
      wanted,
      resource,
      cli.client.json('GET', path, {
        ...(wanted.accept ? { accept: wanted.accept } : {}),
        query: {
          ...(wanted.fieldSelector ? { fieldSelector: wanted.fieldSelector } : {}),
          ...(wanted.selector ? { labelSelector: wanted.selector } : {}),
          ...(wanted.chunk === 0 ? {} : { limit: wanted.chunk ?? 500 }),
          continue: next,
          ...wanted.query,
        },
      }),
    );
    const field = isTable(page) ? 'rows' : 'items';
    if (whole) whole[field].push(...(page[field] ?? []));
    else whole = page;
    next = page.metadata?.continue;
  } while (next);
  if (isTable(whole)) return [{ resource, namespace, name: '', object: whole }];
  return (whole.items ?? []).map((item: Dyn) => ({
    resource,
    namespace: item.metadata.namespace ?? '',
    name: item.metadata.name,
    object: { apiVersion: apiVersion(resource), kind: resource.kind, ...item },
  }));
}

/** A selector that the server does not take is told together with the kind, as kubectl's EnhanceListError has it. */
async function asked(wanted: Selection, resource: Resource, answer: Promise<Dyn>): Promise<Dyn> {
  try {
    return await answer;
  } catch (error) {
    if (!isReason(error, 'BadRequest')) throw error;
    const { status } = error as ApiError;
    const kind = `${resource.group}/${resource.version}, Resource=${resource.name}`;
    const text = `Unable to find ${quote(kind)} that match label selector ${quote(wanted.selector ?? '')}, field selector ${quote(wanted.fieldSelector ?? '')}`;
    throw new ApiError({ ...status, message: `${text}: ${status.message}` });
  }
}

async function byTuples(cli: Cli, wanted: Selection, tuples: Words['tuples']): Promise<Selected> {
  const named: { resource: Resource; name: string }[] = [];
  for (const { type, name } of tuples) named.push({ resource: await cli.resource(type), name });
  if (wanted.singleType && new Set(named.map(({ resource }) => resource)).size > 1)
    throw new CliError('you may only specify a single resource type');
  return fetchAll(cli, wanted, named, tuples.length === 1);
}

async function byNames(cli: Cli, wanted: Selection, words: Words): Promise<Selected> {
  const [resource, other] = await kindsOf(cli, words.types[0] ?? '');
  if (!resource || other) throw new CliError('you must specify only one resource');
  return fetchAll(
    cli,
    wanted,
    words.names.map((name) => ({ resource, name })),
    words.names.length === 1,
  );
}

async function fetchAll(
  cli: Cli,
  wanted: Selection,
  named: { resource: Resource; name: string }[],
  single: boolean,
): Promise<Selected> {
  const infos: Info[] = [];
  const errors: Error[] = [];
  for (const { resource, name } of named) {
    if (name === '') throw new CliError('resource name may not be empty');
    if (wanted.allNamespaces && resource.namespaced)
      throw new CliError('a resource cannot be retrieved by name across all namespaces');
    const info: Info = { resource, name, namespace: resource.namespaced ? cli.namespace : '', object: undefined };
    try {
      if (!wanted.namesOnly) info.object = await fetchOne(cli, info, wanted);
      infos.push(info);
    } catch (error) {
      if (wanted.ignoreNotFound && isReason(error, 'NotFound')) continue;
      if (!(error instanceof ApiError)) throw error;
      errors.push(error);
    }
  }
  return { infos, errors, single };
}

/** The object of an Info, as the server has it now. */
export function fetchOne(
  cli: Cli,
  info: Pick<Info, 'resource' | 'namespace' | 'name'>,
  wanted: Partial<Selection> = {},
): Promise<Dyn> {
  return cli.client.json('GET', resourcePath(info.resource, info.namespace, info.name, wanted.subresource), {
    ...(wanted.accept ? { accept: wanted.accept } : {}),
    ...(wanted.query ? { query: wanted.query } : {}),
  });
}

async function fromFiles(cli: Cli, wanted: Selection): Promise<Manifest[] | undefined> {
  if (wanted.kustomize && wanted.filenames?.length) throw new CliError('only one of -f or -k can be specified');
  if (wanted.kustomize) return readKustomization(cli, wanted.kustomize);
  if (!wanted.filenames?.length) return undefined;
  if (wanted.args.length > 0)
    throw new CliError(
      'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
    );
  return readManifests(cli, wanted.filenames, wanted.recursive ?? false);
}

async function visitManifests(cli: Cli, wanted: Selection, manifests: Manifest[]): Promise<Selected> {
  const infos: Info[] = [];
  const errors: Error[] = [];
  for (const manifest of manifests) {
    try {
      const info = await infoOf(cli, manifest);
      if (!wanted.local && !wanted.namesOnly) info.object = await fetchOne(cli, info, wanted);
      infos.push(info);
    } catch (error) {
      if (wanted.ignoreNotFound && isReason(error, 'NotFound')) continue;
      if (!(error instanceof ApiError) && !(error instanceof CliError)) throw error;
      errors.push(error);
    }
  }
  return { infos, errors, single: manifests.length === 1 };
}

/** Finds the kind and namespace of an object from a file. */
export async function infoOf(cli: Cli, { object, source }: Manifest): Promise<Info> {
  const { apiVersion: version = '', kind } = object;
  if (!kind)
    throw new CliError(`unable to decode ${quote(source)}: Object 'Kind' is missing in '${toCompactJson(object)}'`);
  const name = object.metadata?.name ?? '';
  const resource = await cli.discovery.forKind(version, kind);
  if (!resource) {
    const [group, v] = groupVersion(version);
    if (!version)
      throw new CliError(
        `error validating ${quote(source)}: error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false`,
      );
    throw new CliError(
      `resource mapping not found for name: ${quote(name)} namespace: ${quote(object.metadata?.namespace ?? '')} from ${quote(source)}: no matches for kind ${quote(kind)} in version ${quote(group ? `${group}/${v}` : v)}\nensure CRDs are installed first`,
    );
  }
  const own = object.metadata?.namespace;
  if (resource.namespaced && own && cli.flags.changed('namespace') && own !== cli.namespace)
    throw new CliError(
      `the namespace from the provided object ${quote(own)} does not match the namespace ${quote(cli.namespace)}. You must pass '--namespace=${own}' to perform this operation.`,
    );
  const namespace = resource.namespaced ? own || cli.namespace : '';
  const local = cli.flags.has('local') && cli.flags.bool('local');
  if (resource.namespaced && !own && !local) object.metadata = { ...object.metadata, namespace };
  return { resource, namespace, name, object, source };
}

/** Refuses what `--subresource` does not take. */
export function mustBeSubresource(name: string, allowed: readonly string[] = ['status', 'scale']): void {
  if (name && !allowed.includes(name))
    throw new CliError(`invalid subresource value: ${JSON.stringify(name)}. Must be one of [${allowed.join(' ')}]`);
}
