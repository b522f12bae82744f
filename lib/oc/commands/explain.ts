// oc explain: the fields of a kind, out of the server's OpenAPI documents.
import type { Cli, Command } from '../cli';
import { apiVersion, type Resource } from '../client/discovery';
import { CliError } from '../errors';
import { type Dyn, isMap } from '../object';

export const explain: Command = {
  path: 'explain',
  async run(cli) {
    const [path, ...more] = cli.args;
    if (!path)
      throw new CliError(
        `You must specify the type of resource to explain. Use "${cli.program} api-resources" for a complete list of supported resources.`,
      );
    if (more.length > 0) throw new CliError('We accept only this format: explain RESOURCE');
    const format = cli.flags.str('output');
    if (format !== 'plaintext' && format !== 'plaintext-openapiv2')
      throw new CliError(`unrecognized format: ${format}`);
    const [word = '', ...fields] = path.split('.');
    const resource = await kindOf(cli, word);
    const document = await documentOf(cli, resource);
    const schema = new Schema(document);
    const root = schema.ofKind(resource);
    if (!root) throw new CliError(`couldn't find resource for "${apiVersion(resource)}, Resource=${resource.name}"`);
    const head = `${resource.group ? `GROUP:      ${resource.group}\n` : ''}KIND:       ${resource.kind}\nVERSION:    ${resource.version}\n\n`;
    const found = schema.follow(root, fields);
    const last = fields.at(-1);
    if (!found) {
      await cli.out(head);
      throw new CliError(`field "${last}" does not exist`);
    }
    const named = last ? `FIELD: ${last} <${schema.typeOf(found)}>\n${longEnum(schema.resolve(found))}\n` : '';
    await cli.out(`${head}${named}${body(schema, found, cli.flags.bool('recursive'))}`);
  },
};

async function kindOf(cli: Cli, word: string): Promise<Resource> {
  const version = cli.flags.str('api-version');
  const found = await cli.discovery.find(word);
  if (!found) throw new CliError(`the server doesn't have a resource type "${word}"`, { raw: true });
  if (!version) return found;
  const wanted = (await cli.discovery.all()).find((r) => r.kind === found.kind && apiVersion(r) === version);
  if (!wanted) throw new CliError(`couldn't find resource for "${version}, Resource=${found.name}"`);
  return wanted;
}

async function documentOf(cli: Cli, { group, version }: Resource): Promise<Dyn> {
  const key = group ? `apis/${group}/${version}` : `api/${version}`;
  const index = await cli.client.json('GET', '/openapi/v3');
  const path = index.paths?.[key]?.serverRelativeURL;
  if (!path) throw new CliError(`couldn't find resource for "${group}/${version}"`);
  const [where = '', search = ''] = path.split('?');
  return cli.client.json('GET', where, { query: Object.fromEntries(new URLSearchParams(search)) });
}

class Schema {
  constructor(private readonly document: Dyn) {}

  ofKind({ group, version, kind }: Resource): Dyn {
    return Object.values((this.document.components?.schemas ?? {}) as Record<string, Dyn>).find((schema) =>
      (schema['x-kubernetes-group-version-kind'] ?? []).some(
        (one: Dyn) => one.kind === kind && one.version === version && (one.group ?? '') === group,
      ),
    );
  }

  /** A schema with its reference followed; its own description stays. */
  resolve(schema: Dyn): Dyn {
    const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0].$ref : undefined);
    if (!ref) return schema;
    const target = this.document.components.schemas[ref.split('/').at(-1)] ?? {};
    return { ...target, ...(schema.description ? { description: schema.description } : {}), ref };
  }

  /** Into list items and map values, where the fields are. */
  inner(schema: Dyn): Dyn {
    const resolved = this.resolve(schema);
    if (resolved.items) return this.inner(resolved.items);
    if (isMap(resolved.additionalProperties)) return this.inner(resolved.additionalProperties);
    return resolved;
  }

  /** What is said of a value, then of what it is made of, to the end. */
  descriptions(schema: Dyn): string[] {
    const own = schema.description ? [schema.description as string] : [];
    const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0].$ref : undefined);
    const next = ref
      ? this.document.components.schemas[ref.split('/').at(-1)]
      : (schema.items ?? schema.additionalProperties);
    return isMap(next) ? [...own, ...this.descriptions(next)] : own;
  }

  follow(schema: Dyn, fields: string[]): Dyn {
    return fields.reduce((at: Dyn, name) => at && this.inner(at).properties?.[name], schema);
  }

  typeOf(schema: Dyn): string {
    if (schema.items) return `[]${this.typeOf(schema.items)}`;
    if (isMap(schema.additionalProperties)) return `map[string]${this.typeOf(schema.additionalProperties)}`;
    const resolved = this.resolve(schema);
    if (resolved.ref && (!resolved.type || resolved.type === 'object'))
      return resolved.ref.split('/').at(-1).split('.').at(-1);
    return !resolved.type || resolved.type === 'object' ? 'Object' : resolved.type;
  }
}

function body(schema: Schema, found: Dyn, recursive: boolean): string {
  const texts = schema.descriptions(found);
  const text = texts.length > 0 ? texts.join('\n') : '<empty>';
  const description = `DESCRIPTION:\n${indent(wrap(text, 76), 4)}\n${texts.length > 0 ? '    \n' : ''}`;
  const list = fieldList(schema, found, 1, recursive, []);
  return list ? `${description}FIELDS:\n${list}\n` : `${description}\n`;
}

function fieldList(schema: Schema, value: Dyn, level: number, recursive: boolean, seen: string[]): string {
  const inner = schema.inner(value);
  if (inner.ref && seen.includes(inner.ref)) return '';
  const pad = '  '.repeat(level);
  const names = Object.keys(inner.properties ?? {}).sort();
  return names
    .map((name) => {
      const field = inner.properties[name];
      const required = (inner.required ?? []).includes(name) ? ' -required-' : '';
      const head = `${pad}${name}\t<${schema.typeOf(field)}>${required}\n${shortEnum(schema.resolve(field), pad)}`;
      if (recursive)
        return head + fieldList(schema, field, level + 1, true, [...seen, ...(inner.ref ? [inner.ref] : [])]);
      const description = schema.resolve(field).description ?? '<no description>';
      return `${head}${indent(wrap(description, 78 - 2 * level), 2 * level + 2)}\n\n`;
    })
    .join('');
}

const MOST_SHOWN = 4;
const shown = (value: string): string => value || '""';

/** The closed set of a field's values, after its name. */
const longEnum = ({ enum: values }: Dyn): string =>
  values ? `ENUM:\n${values.map((value: string) => `    ${shown(value)}\n`).join('')}` : '\n';

/** The same in a list of fields, where a few must do. */
function shortEnum({ enum: values }: Dyn, pad: string): string {
  if (!values) return '';
  return `${pad}enum: ${values.slice(0, MOST_SHOWN).map(shown).join(', ')}${values.length > MOST_SHOWN ? ', ....' : ''}\n`;
}

const indent = (text: string, n: number): string =>
  text
    .split('\n')
    .map((line) => ' '.repeat(n) + line)
    .join('\n');

function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((paragraph) => {
      const lines: string[] = [];
      let line = '';
      for (const word of paragraph.split(' ')) {
        if (line && line.length + 1 + word.length > width) {
          lines.push(line);
          line = word;
        } else line = line ? `${line} ${word}` : word;
      }
      return [...lines, line].join('\n');
    })
    .join('\n');
}
