// `-o custom-columns=NAME:.metadata.name,…` and custom-columns-file (k8s.io/kubectl cmd/get/customcolumn.go).
import { CliError } from '../errors';
import { findJsonPath, goValue } from '../jsonpath/evaluate';
import { JsonPathError, parseJsonPath } from '../jsonpath/parse';
import { relaxedPath } from '../jsonpath/relaxed';
import type { Dyn } from '../object';
import { RowWriter } from './tabwriter';

interface Column {
  header: string;
  path: string;
}

export function columnsFromSpec(spec: string): Column[] {
  if (spec === '') throw new CliError('custom-columns format specified but no custom columns given');
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new CliError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, colon), path: relaxedPath(part.slice(colon + 1)) };
  });
}

const EXPECTED = 'Expected format is one line of space separated headers, one line of space separated column specs.';

export function columnsFromFile(text: string): Column[] {
  const [first, second] = text.split('\n');
  if (!first) throw new CliError(`invalid template, missing header line. ${EXPECTED}`);
  if (second === undefined) throw new CliError(`invalid template, missing spec line. ${EXPECTED}`);
  const headers = first.split(/\s+/).filter(Boolean);
  const specs = second.split(/\s+/).filter(Boolean);
  if (headers.length !== specs.length)
    throw new CliError(`number of headers (${headers.length}) and field specifications (${specs.length}) don't match`);
  return headers.map((header, i) => ({ header, path: relaxedPath(specs[i] as string) }));
}

/** Prints objects, the header once; may be called again as a watch goes on. */
export function customColumns(columns: Column[], noHeaders: boolean): (items: Dyn[]) => string {
  const writer = new RowWriter();
  const parsed = columnPaths(columns, noHeaders);
  let headed = noHeaders;
  return (items) => {
    const rows = items.map((item) => parsed().map((nodes) => cell(findJsonPath(nodes, item, { allowMissing: true }))));
    if (!headed) rows.unshift(columns.map(({ header }) => header));
    headed = true;
    return writer.format(rows);
  };
}

/** The paths, read when they are needed: the header is printed before a wrong one is told. */
function columnPaths(columns: Column[], noHeaders: boolean): () => ReturnType<typeof parseJsonPath>[] {
  let known: ReturnType<typeof parseJsonPath>[] | undefined;
  return () => {
    try {
      known ??= columns.map(({ path }) => parseJsonPath(path));
      return known;
    } catch (error) {
      if (!(error instanceof JsonPathError) || noHeaders) throw error;
      const head = new RowWriter().format([columns.map(({ header }) => header)]);
      throw new CliError(error.message, { stdout: head });
    }
  };
}

function cell(values: Dyn[][]): string {
  if ((values[0]?.length ?? 0) === 0) return '<none>';
  return values.flat().map(goValue).join(',');
}
