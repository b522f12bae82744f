// oc set env: environment variables of pod templates.
import type { Cli, Command } from '../../cli';
import { CliError } from '../../errors';
import type { Dyn } from '../../object';
import { select } from '../../resources/select';
import { changeObjects, matching, pluralName, podSpec } from '../../resources/template';

interface Changes {
  set: Dyn[];
  remove: string[];
}

const isAssignment = (word: string): boolean =>
  /^[^/]+=/.test(word) || /^[A-Za-z_][\w.-]*-$/.test(word) || word === '-';

export const setEnv: Command = {
  path: 'set env',
  async run(cli) {
    const { flags } = cli;
    const first = cli.args.findIndex(isAssignment);
    const resources = first < 0 ? cli.args : cli.args.slice(0, first);
    const words = first < 0 ? [] : cli.args.slice(first);
    if (!words.every(isAssignment))
      throw cli.usage(`all resources must be specified before environment changes: ${cli.args.join(' ')}`);
    if (flags.list('filename').length === 0 && resources.length < 1) {
      const text = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';
      throw cli.isOc ? cli.usage(text) : new CliError(text);
    }
    const changes = await readChanges(cli, [...flags.list('env'), ...words]);
    const listing = flags.bool('list');
    const nothing = changes.set.length === 0 && changes.remove.length === 0;
    if (!listing && nothing && cli.isOc) throw new CliError('at least one environment variable must be provided');
    if (listing) return list(cli, resources, changes);
    await changeObjects(
      cli,
      async (object, info) => {
        const spec = podSpec(object);
        if (!spec) throw new CliError(`${pluralName(info)} is not a pod or does not have a pod template`);
        const chosen = containersOf(cli, spec);
        if (chosen.length === 0)
          await cli.err(
            `${cli.isOc ? `warning: ${pluralName(info)}` : `Warning: ${info.resource.kind}/${info.name}`} does not have any containers matching ${JSON.stringify(flags.str('containers'))}\n`,
          );
        for (const container of chosen) applyChanges(cli, container, changes, pluralName(info));
      },
      {
        done: cli.isOc ? 'updated' : 'env updated',
        silentWhenSame: !cli.isOc,
        failure: cli.isOc ? 'failed to set env: ' : 'failed to patch env update to pod template: ',
        selection: { args: resources },
      },
    );
  },
};

const containersOf = (cli: Cli, spec: Dyn): Dyn[] => {
  const pattern = cli.flags.str('containers') || '*';
  return [...matching(spec.containers, pattern), ...(cli.isOc ? [] : matching(spec.initContainers, pattern))];
};

async function readChanges(cli: Cli, words: string[]): Promise<Changes> {
  const changes: Changes = { set: [], remove: [] };
  for (const word of words) {
    if (word === '-') changes.set.push(...(await fromStdin(cli)));
    else if (word.includes('=')) {
      const equals = word.indexOf('=');
      const name = word.slice(0, equals);
      if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
        throw new CliError(
          `${JSON.stringify(name)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
        );
      changes.set.push({ name, value: word.slice(equals + 1) });
    } else if (word.endsWith('-')) changes.remove.push(word.slice(0, -1));
    else throw new CliError(`unknown environment spec: ${word}`);
  }
  const both = changes.set.find(({ name }) => changes.remove.includes(name));
  if (both) throw new CliError('can not both modify and remove an environment variable in the same command');
  const from = cli.flags.str('from');
  if (from) changes.set.push(...(await fromObject(cli, from)));
  const prefix = cli.flags.str('prefix');
  if (prefix) for (const item of changes.set) item.name = prefix + item.name;
  return changes;
}

async function fromStdin(cli: Cli): Promise<Dyn[]> {
  const text = new TextDecoder().decode(await cli.proc.readAll(0));
  return text.split('\n').flatMap((line) => {
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals < 1) return [];
    return [{ name: line.slice(0, equals), value: line.slice(equals + 1) }];
  });
}

/** References to every key of a secret or config map. */
async function fromObject(cli: Cli, from: string): Promise<Dyn[]> {
  const { infos, errors } = await select(cli, { args: [from] });
  if (errors[0]) throw errors[0];
  const keys = cli.flags.has('keys') ? cli.flags.list('keys') : [];
  const moved: string[] = [];
  const items = infos.flatMap(({ object, name }) => {
    const field = { Secret: 'secretKeyRef', ConfigMap: 'configMapKeyRef' }[object.kind as string];
    if (!field) throw new CliError('unsupported resource specified in --from');
    return Object.keys(object.data ?? {})
      .filter((key) => keys.length === 0 || keys.includes(key))
      .sort()
      .map((key) => {
        const variable = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
        if (variable !== key) moved.push(`Warning: key ${key} transferred to ${variable}\n`);
        return { name: variable, valueFrom: { [field]: { key, name } } };
      });
  });
  if (!cli.isOc) for (const text of moved) await cli.err(text);
  return items;
}

function applyChanges(cli: Cli, container: Dyn, changes: Changes, name: string): void {
  let env: Dyn[] = container.env ?? [];
  if (!cli.flags.bool('overwrite'))
    for (const item of changes.set) {
      const old = env.find((one) => one.name === item.name);
      if (old && old.value !== item.value)
        throw new CliError(`${name} '${old.name}' already has a value (${old.value}), and --overwrite is false`);
    }
  env = env.filter(({ name: one }) => !changes.remove.includes(one));
  for (const item of changes.set) {
    const at = env.findIndex((one) => one.name === item.name);
    if (at >= 0) env[at] = { ...item };
    else env.push({ ...item });
  }
  if (env.length > 0) container.env = env;
  else delete container.env;
}

async function list(cli: Cli, resources: string[], changes: Changes): Promise<void> {
  const { infos, errors } = await select(cli, {
    args: resources,
    ...(cli.flags.changed('selector') ? { selector: cli.flags.str('selector') } : {}),
    all: cli.flags.bool('all'),
  });
  if (errors[0]) throw errors[0];
  for (const info of infos) {
    const spec = podSpec(info.object);
    if (!spec) throw new CliError(`${pluralName(info)} is not a pod or does not have a pod template`);
    for (const container of containersOf(cli, spec)) {
      applyChanges(cli, container, changes, pluralName(info));
      const name = cli.isOc ? pluralName(info) : `${info.resource.kind} ${info.name}`;
      await cli.out(`# ${name}, container ${container.name}\n`);
      for (const item of container.env ?? []) await cli.out(`${await shown(cli, item)}\n`);
    }
  }
}

async function shown(cli: Cli, item: Dyn): Promise<string> {
  const source = item.valueFrom;
  if (!source) return `${item.name}=${item.value ?? ''}`;
  const ref = source.secretKeyRef ?? source.configMapKeyRef;
  if (ref && cli.flags.bool('resolve')) {
    const kind = source.secretKeyRef ? 'secrets' : 'configmaps';
    const object = await cli.client.json('GET', `/api/v1/namespaces/${cli.namespace}/${kind}/${ref.name}`);
    const value = object.data?.[ref.key] ?? '';
    return `${item.name}=${source.secretKeyRef ? Buffer.from(value, 'base64').toString() : value}`;
  }
  if (source.secretKeyRef) return `# ${item.name} from secret ${ref.name}, key ${ref.key}`;
  if (source.configMapKeyRef) return `# ${item.name} from configmap ${ref.name}, key ${ref.key}`;
  if (source.fieldRef) return `# ${item.name} from field path ${source.fieldRef.fieldPath}`;
  const { containerName, resource } = source.resourceFieldRef ?? {};
  return `# ${item.name} from resource ${containerName ? `${containerName}/` : ''}${resource ?? ''}`;
}
