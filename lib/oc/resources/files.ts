// Objects out of `-f`: files, directories, standard input, URLs; JSON or YAML, many documents in one.
import { parseAllDocuments } from 'yaml';
import type { Cli } from '../cli';
import { bodyText, Transport } from '../client/transport';
import { CliError } from '../errors';
import { type Dyn, isMap, quote } from '../object';
import { toCompactJson } from '../printers/json';

/** An object and where it stood. */
export interface Manifest {
  object: Dyn;
  /** The file as it was named; `STDIN` for `-`. */
  source: string;
}

export async function readManifests(cli: Cli, paths: string[], recursive: boolean): Promise<Manifest[]> {
  const out: Manifest[] = [];
  for (const path of paths) {
    if (path === '-') out.push(...parseManifests(new TextDecoder().decode(await cli.proc.readAll(0)), 'STDIN'));
    else if (/^https?:\/\//.test(path)) out.push(...parseManifests(await download(cli, path), path));
    else
      for (const file of expand(cli, path, recursive)) out.push(...parseManifests(cli.proc.files.readText(file), file));
  }
  return out;
}

async function download(cli: Cli, url: string): Promise<string> {
  const transport = new Transport(cli.proc, { insecure: false });
  try {
    const answer = await transport.send({ method: 'GET', url });
    if (answer.statusCode !== 200)
      throw new CliError(
        `unable to read URL ${quote(url)}, server reported ${answer.statusCode} ${answer.statusMessage}, status code=${answer.statusCode}`,
      );
    return await bodyText(answer);
  } finally {
    transport.close();
  }
}

function expand(cli: Cli, path: string, recursive: boolean): string[] {
  const { files } = cli.proc;
  const stat = files.find(path);
  if (!stat) throw new CliError(`the path ${quote(path)} does not exist`);
  if (stat.type !== 'dir') return [path];
  return files.list(path).flatMap((name) => {
    const child = `${path.replace(/\/$/, '')}/${name}`;
    if (files.stat(child).type === 'dir') return recursive ? expand(cli, child, true) : [];
    return /\.(json|ya?ml)$/.test(name) ? [child] : [];
  });
}

/** The objects of a text; Lists are taken apart. */
function parseManifests(text: string, source: string): Manifest[] {
  return parseDocuments(text, source)
    .filter((object) => object !== null && object !== undefined)
    .flatMap((object) => {
      if (!isMap(object)) throw notAnObject(object, source);
      const list = object['kind']?.endsWith('List') && Array.isArray(object['items']);
      return (list ? object['items'] : [object]).map((item: Dyn) => ({ object: sorted(item), source }));
    });
}

/** What is checked before an object is sent: that it says what it is. */
export function validateHere(cli: Cli, { object, source }: Manifest): void {
  const missing = [...(object.apiVersion ? [] : ['apiVersion not set']), ...(object.kind ? [] : ['kind not set'])];
  if (missing.length === 0) return;
  const given = cli.flags.has('validate') ? cli.flags.str('validate') : 'strict';
  if (given === 'false' || given === 'ignore') {
    const what = object.kind
      ? `no kind ${quote(object.kind)} is registered`
      : `Object 'Kind' is missing in '${toCompactJson(object)}'`;
    throw new CliError(`unable to decode ${quote(source)}: ${what}`);
  }
  const text = missing.length > 1 ? `[${missing.join(', ')}]` : missing[0];
  throw new CliError(
    `error validating ${quote(source)}: error validating data: ${text}; if you choose to ignore these errors, turn validation off with --validate=false`,
  );
}

/** With keys in order, as Go writes maps: the server names what is wrong in the order in which it reads. */
function sorted(value: Dyn): Dyn {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function notAnObject(object: Dyn, source: string): CliError {
  if (typeof object === 'string')
    return new CliError(
      `error validating ${quote(source)}: error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  return new CliError(
    `error parsing ${source}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}`,
  );
}

/** YAML 1.1 as go-yaml reads it: `yes` is true, but dates and 1:30 stay text. */
export function parseYaml(text: string): Dyn[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: true,
    customTags: (tags) =>
      tags.filter(
        (tag) =>
          typeof tag === 'string' ||
          (!/timestamp|binary|omap|set|pairs/.test(tag.tag) && !('format' in tag && tag.format === 'TIME')),
      ),
  });
  return (Array.isArray(documents) ? documents : []).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS({ maxAliasCount: 100 });
  });
}

function parseDocuments(text: string, source: string): Dyn[] {
  if (text.trimStart().startsWith('{')) return parseJson(text, source);
  try {
    return parseYaml(text);
  } catch (error) {
    const { message, linePos } = error as Error & { linePos?: { line: number }[] };
    const text = goYamlText(message);
    const shift = text === EXPECTED_KEY ? 1 : 0; // go-yaml counts from the line before
    const line = (linePos?.[0]?.line ?? 1) - shift;
    throw new CliError(
      `error parsing ${source}: error converting YAML to JSON: yaml: ${line > 0 ? `line ${line}: ` : ''}${text}`,
    );
  }
}

/** What begins as JSON has to be JSON; several objects may follow one another. */
function parseJson(text: string, source: string): Dyn[] {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    const at = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length);
    const rest = text.slice(at).trimStart();
    const before = text.slice(0, at).trimEnd();
    if (rest.startsWith('{') || rest.startsWith('---')) {
      const next = rest.startsWith('---') ? rest.slice(3) : rest;
      return [...parseJson(before, source), ...parseDocuments(next, source)];
    }
    if (rest === '') throw new CliError(`error parsing ${source}: unexpected EOF`);
    const where = /[{,]$/.test(before)
      ? 'looking for beginning of object key string'
      : /[:[]$/.test(before)
        ? 'looking for beginning of value'
        : 'after object key:value pair';
    throw new CliError(`error parsing ${source}: json: offset ${at + 1}: invalid character '${rest[0]}' ${where}`);
  }
}

const EXPECTED_KEY = 'did not find expected key';

/** The words go-yaml has for what the parser found. */
function goYamlText(message: string): string {
  if (/tab/i.test(message)) return 'found character that cannot start any token';
  if (/Implicit keys? need|Nested mappings|mapping values|compact mapping/i.test(message))
    return 'mapping values are not allowed in this context';
  if (/indent|same column/i.test(message)) return EXPECTED_KEY;
  if (/unique/i.test(message)) return 'key already set in map';
  return message.split('\n')[0]?.replace(/ at line.*$/, '') ?? message;
}
