// oc process: a template's objects with its parameters filled in.
import type { Cli, Command } from '../cli';
import { CliError } from '../errors';
import { arrayFlag, boolFlag, stringFlag } from '../flags/spec';
import { clone, type Dyn, isMap } from '../object';
import { toJson } from '../printers/json';
import { RowWriter } from '../printers/tabwriter';
import { readManifests } from '../resources/files';
import { readEnvFile } from '../resources/key-values';

export const processCommand: Command = {
  path: 'process',
  only: 'oc',
  help: {
    usage: 'oc process (TEMPLATE | -f FILENAME) [-p=KEY=VALUE] [options]',
    flags: [
      stringFlag('filename', 'The file of the template.', { short: 'f' }),
      arrayFlag('param', 'A parameter, NAME=VALUE.', { short: 'p' }),
      arrayFlag('param-file', 'A file of parameters.'),
      boolFlag('ignore-unknown-parameters', 'Parameters that the template has not are no error.'),
      boolFlag('local', 'Without the server.'),
      boolFlag('parameters', 'List the parameters.'),
      boolFlag('raw', 'The template instead of a list.'),
      stringFlag('labels', 'Labels for all objects.', { short: 'l' }),
      stringFlag('output', 'Output format.', { short: 'o', value: 'json' }),
      stringFlag('template', 'The template of -o go-template.', { short: 't' }),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    const template = await findTemplate(cli);
    if (flags.bool('parameters')) return listParameters(cli, template);
    const objects = fillIn(cli, template);
    const list = { apiVersion: 'v1', items: objects, kind: 'List', metadata: {} };
    if (flags.str('output') === 'json') return cli.out(`${toJson(list)}\n`);
    const printer = cli.printer();
    await cli.out(printer?.(list) ?? '');
  },
};

async function findTemplate(cli: Cli): Promise<Dyn> {
  const file = cli.flags.str('filename');
  const words = cli.args.filter((word) => !word.includes('='));
  if (!file && words.length === 0) throw cli.usage('Must pass a filename or name of stored template');
  if (file) {
    const [manifest] = await readManifests(cli, [file], false);
    if (manifest?.object.kind !== 'Template')
      throw new CliError(`unable to parse ${JSON.stringify(file)}, not a valid Template but ${manifest?.object.kind}`);
    return manifest.object;
  }
  const [first = ''] = words;
  const [namespace, name] = first.includes('//')
    ? first.split('//')
    : first.includes('/')
      ? [first.split('/')[0], first.split('/')[1]]
      : [cli.namespace, first];
  return cli.client.json('GET', `/apis/template.openshift.io/v1/namespaces/${namespace}/templates/${name}`);
}

async function listParameters(cli: Cli, template: Dyn): Promise<void> {
  const rows = (template.parameters ?? []).map((p: Dyn) => [
    p.name,
    p.description ?? '',
    p.generate ?? '',
    p.generate ? (p.from ?? '') : (p.value ?? ''),
  ]);
  await cli.out(new RowWriter().format([['NAME', 'DESCRIPTION', 'GENERATOR', 'VALUE'], ...rows]));
}

/** What a template's parameters stand for; `given` by the command line. */
export function parameterValues(cli: Cli, template: Dyn, pairs: string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (const file of cli.flags.list('param-file'))
    for (const [name, value] of readEnvFile(cli, file)) given.set(name, value);
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1)
      throw new CliError(
        `invalid parameter assignment in ${JSON.stringify(template.metadata?.name ?? '')}: ${JSON.stringify(pair)}`,
      );
    given.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const known: Dyn[] = template.parameters ?? [];
  const unknown = [...given.keys()].find((name) => !known.some((one) => one.name === name));
  if (unknown && !cli.flags.bool('ignore-unknown-parameters'))
    throw new CliError(`unknown parameter name ${JSON.stringify(unknown)}`);
  const values = new Map<string, string>();
  for (const { name, value, generate, from, required } of known) {
    const text = given.get(name) ?? value ?? (generate === 'expression' ? expression(cli, from ?? '') : '');
    if (required && text === '')
      throw new CliError(
        `unable to process template\n  Required value: template.parameters[0]: parameter ${name} is required and must be specified`,
      );
    values.set(name, text);
  }
  return values;
}

function fillIn(cli: Cli, template: Dyn): Dyn[] {
  const pairs = [...cli.flags.list('param'), ...cli.args.filter((word) => word.includes('='))];
  return objectsOf(cli, template, parameterValues(cli, template, pairs));
}

/** The objects with the values in their places, labelled. */
export function objectsOf(cli: Cli, template: Dyn, values: Map<string, string>): Dyn[] {
  const labels = {
    ...template.labels,
    ...Object.fromEntries(
      cli.flags
        .str('labels')
        .split(',')
        .filter(Boolean)
        .map((pair) => pair.split('=') as [string, string]),
    ),
  };
  return (template.objects ?? []).map((object: Dyn) => {
    const out = substitute(clone(object), values);
    if (Object.keys(labels).length > 0)
      out.metadata = { ...out.metadata, labels: { ...substitute(labels, values), ...out.metadata?.labels } };
    return out;
  });
}

function substitute(value: Dyn, values: Map<string, string>): Dyn {
  if (Array.isArray(value)) return value.map((item) => substitute(item, values));
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [substituteText(key, values), substitute(item, values)]),
    );
  return typeof value === 'string' ? substituteText(value, values) : value;
}

/** A text with the parameters' values in their places. */
export function substituteText(text: string, values: Map<string, string>): Dyn {
  const whole = /^\$\{\{([a-zA-Z0-9_]+)\}\}$/.exec(text);
  const bare = whole && values.get(whole[1] as string);
  if (typeof bare === 'string') {
    try {
      return JSON.parse(bare);
    } catch {
      return bare;
    }
  }
  return text.replace(/\$\{([a-zA-Z0-9_]+)\}/g, (match, name: string) => values.get(name) ?? match);
}

const SETS: Record<string, string> = {
  '\\w': 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_',
  '\\d': '0123456789',
  '\\a': 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '\\A': '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/** `[a-zA-Z0-9]{16}` → sixteen random characters. */
function expression(cli: Cli, from: string): string {
  return from.replace(/\[((?:\\.|[^\]])+)\]\{(\d+)\}/g, (_, set: string, count: string) => {
    const characters = set
      .replace(/\\[wdaA]/g, (set1) => SETS[set1] as string)
      .replace(/(\w)-(\w)/g, (_range, first: string, last: string) => {
        const codes = Array.from({ length: last.charCodeAt(0) - first.charCodeAt(0) + 1 }, (_unused, i) =>
          String.fromCharCode(first.charCodeAt(0) + i),
        );
        return codes.join('');
      });
    return Array.from({ length: Number(count) }, () => cli.proc.machine.random.pick([...characters])).join('');
  });
}
