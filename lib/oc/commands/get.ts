// oc get: lists and watches, in the server's tables or any other format.
import type { Cli, Command } from '../cli';
import { type Resource, resourcePath } from '../client/discovery';
import { ApiError, CliError, throwAll } from '../errors';
import { humanDuration } from '../flags/duration';
import { findJsonPath } from '../jsonpath/evaluate';
import { parseJsonPath } from '../jsonpath/parse';
import { relaxedPath } from '../jsonpath/relaxed';
import type { Dyn } from '../object';
import { GET_FORMATS, splitFormat } from '../printers/output';
import { compareQuantities } from '../printers/quantity';
import { isTable, type TableObject, TablePrinter } from '../printers/table';
import { type Info, mustBeSubresource, type Selection, select, selectionOf } from '../resources/select';

const TABLE_ACCEPT =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

export const get: Command = {
  path: 'get',
  async run(cli) {
    const { flags } = cli;
    if (flags.str('raw')) return raw(cli);
    validate(cli);
    const human = isHuman(cli);
    const sortBy = flags.str('sort-by');
    const wanted = selectionOf(cli, {
      emptyMeansAll: true,
      subresource: flags.str('subresource'),
      ignoreNotFound: flags.bool('ignore-not-found'),
      chunk: sortBy ? 0 : flags.int('chunk-size'),
      ...(human && flags.bool('server-print')
        ? { accept: TABLE_ACCEPT, ...(sortBy ? { query: { includeObject: 'Object' } } : {}) }
        : {}),
    });
    if (flags.bool('watch') || flags.bool('watch-only')) return watch(cli, wanted, human);
    if (!human) return printObjects(cli, wanted);
    return printTables(cli, wanted);
  },
};

async function raw(cli: Cli): Promise<void> {
  if (cli.args.length > 0) throw new CliError('arguments may not be passed when --raw is specified');
  await cli.out(await cli.client.text('GET', cli.flags.str('raw')));
}

function isHuman(cli: Cli): boolean {
  const { format } = splitFormat(cli.flags);
  return format === '' || cli.flags.str('output') === 'wide';
}

function validate({ flags, args, program, ...cli }: Cli): void {
  const output = flags.str('output');
  if (flags.bool('show-labels') && output !== '' && output !== 'wide')
    throw new CliError(`--show-labels option cannot be used with ${output} printer`);
  if (flags.list('label-columns').length > 0 && output.startsWith('custom-columns'))
    throw new CliError(`--label-columns option cannot be used with ${output} printer`);
  const subresource = flags.str('subresource');
  mustBeSubresource(subresource);
  const bulk = args.length === 1 && !args[0]?.includes('/');
  if (subresource && bulk) throw new CliError('subresource cannot be used when bulk resources are specified');
  const watching = flags.bool('watch') || flags.bool('watch-only');
  if (flags.bool('output-watch-events') && !watching)
    throw new CliError('--output-watch-events option can only be used with --watch or --watch-only');
  if (watching || args.length > 0 || flags.list('filename').length > 0 || flags.str('kustomize')) return;
  void cli;
  const fullCommand = `${program} api-resources`;
  throw new CliError(
    `You must specify the type of resource to get. Use "${fullCommand}" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "${program} explain <resource>" for a detailed description of that resource (e.g. ${program} explain pods).\nSee '${program} get -h' for help and examples`,
    { raw: true },
  );
}

const kindName = (r: Resource): string => `${r.kind.toLowerCase()}${r.group ? `.${r.group}` : ''}`;

function tablePrinter(cli: Cli, resource: Resource, withKind: boolean): TablePrinter {
  const { flags } = cli;
  return new TablePrinter({
    wide: flags.str('output') === 'wide',
    noHeaders: flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces') && resource.namespaced,
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns'),
    event: flags.bool('output-watch-events'),
    ...(withKind ? { kind: kindName(resource) } : {}),
  });
}

async function printTables(cli: Cli, wanted: Selection): Promise<void> {
  const { infos, errors } = await select(cli, wanted);
  const sortBy = cli.flags.str('sort-by');
  if (sortBy && new Set(infos.map(({ resource }) => resource)).size > 1) throw noSuchField(sortBy);
  const withKind = cli.flags.bool('show-kind') || new Set(infos.map(({ resource }) => kindName(resource))).size > 1;
  let allNamespaced = !wanted.allNamespaces;
  let written = false;
  for (const group of groups(infos)) {
    const { resource } = group[0] as Info;
    allNamespaced &&= resource.namespaced;
    const tables = group.map(({ object }) => toTable(object, cli.now())).filter((table) => table.rows.length > 0);
    if (tables.length === 0) continue;
    if (sortBy && !tables.every((table) => sortRows(table, sortBy))) continue;
    const text = tablePrinter(cli, resource, withKind).print(tables);
    if (text === '') continue;
    await cli.out(`${written && !cli.flags.bool('no-headers') ? '\n' : ''}${text}`);
    written = true;
  }
  throwAll(errors);
  if (written || cli.flags.bool('ignore-not-found')) return;
  await cli.err(allNamespaced ? `No resources found in ${cli.namespace} namespace.\n` : 'No resources found\n');
}

/** A server that knows no tables answers with the object itself: its name and age. */
function toTable(object: Dyn, now: number): TableObject {
  if (isTable(object)) return { ...object, rows: object.rows ?? [] };
  const items: Dyn[] = object.items ?? [object];
  const age = (item: Dyn) =>
    item.metadata?.creationTimestamp ? humanDuration(now - Date.parse(item.metadata.creationTimestamp)) : '<unknown>';
  return {
    columnDefinitions: [
      { name: 'Name', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    rows: items.map((item) => ({ cells: [item.metadata?.name ?? '', age(item)], object: item })),
  };
}

/** Neighbours of one kind, which share a header. */
function groups(infos: Info[]): Info[][] {
  const out: Info[][] = [];
  for (const info of infos) {
    if (out.at(-1)?.[0]?.resource === info.resource) out.at(-1)?.push(info);
    else out.push([info]);
  }
  return out;
}

const noSuchField = (path: string): CliError =>
  new CliError(`couldn't find any field with path ${JSON.stringify(relaxedPath(path))} in the list of objects`);

/** Sorts values of a path as kubectl does: those without one first, quantities by size. */
function sortByPath<T>(items: T[], path: string, object: (item: T) => Dyn): T[] {
  const nodes = parseJsonPath(relaxedPath(path));
  const keyed = items.map((item) => ({ item, key: findJsonPath(nodes, object(item), { allowMissing: true })[0]?.[0] }));
  if (items.length > 0 && keyed.every(({ key }) => key === undefined)) throw noSuchField(path);
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
}

function compareKeys(a: Dyn, b: Dyn): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') return compareQuantities(a, b) ?? (a < b ? -1 : a > b ? 1 : 0);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** False for a path that no row has or that is none: kubectl then acts as if there were no rows. */
function sortRows(table: TableObject, path: string): boolean {
  try {
    table.rows = sortByPath(table.rows, path, (row) => row.object);
    return true;
  } catch (error) {
    if (error instanceof CliError) return false;
    throw error;
  }
}

async function printObjects(cli: Cli, wanted: Selection): Promise<void> {
  const printer = cli.printer({ formats: GET_FORMATS });
  const { infos, errors, single } = await select(cli, wanted);
  const [first] = infos;
  if (single && errors.length > 0) throw errors[0];
  if (infos.length === 0 && wanted.ignoreNotFound) return throwAll(errors);
  const sortBy = cli.flags.str('sort-by');
  if (single && first && infos.length === 1) await cli.out(printer?.(first.object) ?? '');
  else {
    const objects = infos.map(({ object }) => object);
    const items = sortBy ? sortByPath(objects, sortBy, (object) => object) : objects;
    const text = printer?.({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }) ?? '';
    await cli.out(text);
  }
  throwAll(errors);
}

async function watch(cli: Cli, wanted: Selection, human: boolean): Promise<void> {
  const { flags } = cli;
  if (flags.str('sort-by'))
    await cli.err('warning: --watch requested, --sort-by will be ignored for watch events received\n');
  const { infos, errors, single } = await select(cli, { ...wanted, singleType: true });
  throwAll(errors);
  const only = single ? infos[0] : undefined;
  const resource = infos[0]?.resource ?? (await cli.resource(cli.args[0]?.split('/')[0] ?? ''));
  const print = eventPrinter(cli, resource, human);
  const withEvents = flags.bool('output-watch-events');
  if (!flags.bool('watch-only')) for (const { object } of infos) await print(object, 'ADDED', !withEvents);
  const listVersion = human ? infos[0]?.object.metadata?.resourceVersion : undefined;
  const version = listVersion ?? only?.object.metadata?.resourceVersion ?? (await listVersionOf(cli, resource, wanted));
  const namespace = wanted.allNamespaces ? '' : resource.namespaced ? cli.namespace : '';
  const events = cli.client.watch(
    resourcePath(resource, namespace),
    {
      resourceVersion: version,
      ...(wanted.selector ? { labelSelector: wanted.selector } : {}),
      ...(only
        ? { fieldSelector: `metadata.name=${only.name}` }
        : wanted.fieldSelector
          ? { fieldSelector: wanted.fieldSelector }
          : {}),
    },
    wanted.accept ? { accept: wanted.accept } : {},
  );
  for await (const event of events) {
    if (event.type === 'BOOKMARK') continue;
    if (event.type === 'ERROR') throw new ApiError(event.object);
    await print(event.object, event.type, false);
  }
}

/** The version to watch from, where the objects were asked for without their list. */
async function listVersionOf(cli: Cli, resource: Resource, wanted: Selection): Promise<string> {
  const namespace = wanted.allNamespaces ? '' : resource.namespaced ? cli.namespace : '';
  const page = await cli.client.json('GET', resourcePath(resource, namespace), { query: { limit: 1 } });
  return page.metadata?.resourceVersion ?? '';
}

function eventPrinter(
  cli: Cli,
  resource: Resource,
  human: boolean,
): (object: Dyn, type: string, bare: boolean) => Promise<void> {
  const withEvents = cli.flags.bool('output-watch-events');
  if (human) {
    const table = tablePrinter(cli, resource, false);
    return async (object, type) => {
      const one = toTable(object, cli.now());
      await cli.out(table.print([one], [type]));
    };
  }
  const printer = cli.printer({ formats: GET_FORMATS });
  return async (object, type, bare) => {
    await cli.out(printer?.(withEvents && !bare ? { type, object } : object) ?? '');
  };
}
