// oc set image, resources, serviceaccount, selector, subject, probe.
import type { Cli, Command } from '../../cli';
import { CliError, throwAll } from '../../errors';
import { boolFlag, intFlag, stringFlag, stringsFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { canonicalQuantity, QUANTITY_ERROR } from '../../printers/quantity';
import { select, selectionOf } from '../../resources/select';
import { changeObjects, matching, pluralName, podSpec } from '../../resources/template';
import { subjects } from '../create/rbac';

const isPair = (word: string): boolean => word.includes('=') && !word.startsWith('=');

function split(cli: Cli): { resources: string[]; pairs: string[] } {
  const first = cli.args.findIndex(isPair);
  return first < 0
    ? { resources: cli.args, pairs: [] }
    : { resources: cli.args.slice(0, first), pairs: cli.args.slice(first) };
}

function mustHaveResources(cli: Cli, resources: string[]): void {
  if (resources.length === 0 && cli.flags.list('filename').length === 0)
    throw new CliError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
}

export const setImage: Command = {
  path: 'set image',
  async run(cli) {
    const { resources, pairs } = split(cli);
    if (pairs.length === 0) {
      throwAll((await select(cli, selectionOf(cli, { args: resources }))).errors);
      throw new CliError('at least one image update is required');
    }
    if (resources.length === 0) mustHaveResources(cli, resources);
    const images = pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
    if (images.some(([name]) => name === '*') && images.length > 1)
      throw new CliError(
        'all containers are already specified by *, but saw more than one container_name=container_image pairs',
      );
    await changeObjects(
      cli,
      (object, info) => {
        const spec = templateOf(object, info, cli.flags.bool('local'));
        const missing = images.filter(([name, image]) => {
          const all = [...(spec.initContainers ?? []), ...spec.containers].filter(
            (c: Dyn) => name === '*' || c.name === name,
          );
          for (const container of all) container.image = image;
          return all.length === 0;
        });
        if (missing[0]) throw new CliError(`unable to find container named ${JSON.stringify(missing[0][0])}`);
      },
      {
        done: 'image updated',
        silentWhenSame: true,
        failure: 'failed to patch image update to pod template: ',
        selection: { args: resources },
      },
    );
  },
};

function templateOf(object: Dyn, info: Parameters<typeof pluralName>[0], isLocal = false): Dyn {
  const spec = podSpec(object);
  if (spec) return spec;
  const type = `*${info.resource.version}.${info.resource.kind}`;
  throw new CliError(
    `${isLocal ? `${info.resource.kind.toLowerCase()}/${info.name}` : pluralName(info)} the object is not a pod or does not have a pod template: ${type}`,
  );
}

const quantities = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter(Boolean)
      .map((pair) => {
        const [name = '', value] = pair.split('=');
        if (value === undefined) throw new CliError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
        const quantity = canonicalQuantity(value);
        if (quantity === undefined) throw new CliError(QUANTITY_ERROR);
        return [name, quantity];
      }),
  );

export const setResources: Command = {
  path: 'set resources',
  async run(cli) {
    mustHaveResources(cli, cli.args);
    const limits = quantities(cli.flags.str('limits'));
    const requests = quantities(cli.flags.str('requests'));
    if (Object.keys(limits).length + Object.keys(requests).length === 0)
      throw new CliError('you must specify an update to requests or limits (in the form of --requests/--limits)');
    await changeObjects(
      cli,
      (object, info) => {
        const spec = templateOf(object, info);
        const pattern = cli.flags.str('containers') || '*';
        const chosen = [...matching(spec.containers, pattern), ...matching(spec.initContainers, pattern)];
        if (chosen.length === 0) throw new CliError(`unable to find container named ${pattern}`);
        for (const container of chosen) {
          container.resources ??= {};
          merge(container.resources, 'limits', limits);
          merge(container.resources, 'requests', requests);
        }
      },
      {
        done: 'resource requirements updated',
        silentWhenSame: true,
        failure: 'failed to patch resources update to pod template ',
      },
    );
  },
};

function merge(resources: Dyn, field: string, values: Record<string, string>): void {
  if (Object.keys(values).length === 0) return;
  resources[field] = { ...resources[field], ...values };
}

export const setServiceAccount: Command = {
  path: 'set serviceaccount',
  async run(cli) {
    const name = cli.args.at(-1);
    if (!name) throw new CliError('serviceaccount is required');
    const resources = cli.args.slice(0, -1);
    mustHaveResources(cli, resources);
    await changeObjects(
      cli,
      (object, info) => {
        templateOf(object, info).serviceAccountName = name;
      },
      { done: 'serviceaccount updated', selection: { args: resources } },
    );
  },
};

export const setSelector: Command = {
  path: 'set selector',
  async run(cli) {
    const resources = cli.args.slice(0, -1);
    const pairs = cli.args.slice(-1);
    if (pairs.length === 0) throw new CliError('one selector is required');
    const selector = Object.fromEntries(
      pairs.flatMap((pair) => pair.split(',')).map((pair) => pair.split('=') as [string, string]),
    );
    await changeObjects(
      cli,
      (object, { resource }) => {
        if (resource.kind !== 'Service') throw new CliError(`setting a selector is only supported for Services`);
        object.spec.selector = selector;
      },
      { done: 'selector updated', selection: { args: resources } },
    );
  },
};

export const setSubject: Command = {
  path: 'set subject',
  async run(cli) {
    const added = subjects(cli);
    if (added.length === 0) throw new CliError('you must specify at least one value of user, group or serviceaccount');
    await changeObjects(
      cli,
      (object, { resource, name }) => {
        if (!/^(Cluster)?RoleBinding$/.test(resource.kind))
          throw new CliError(
            `${pluralName({ resource, name })} setting subjects is only supported for RoleBinding/ClusterRoleBinding`,
          );
        const old: Dyn[] = object.subjects ?? [];
        const isNew = (one: Dyn) => !old.some((other) => JSON.stringify(other) === JSON.stringify(one));
        object.subjects = [...old, ...added.filter(isNew)];
      },
      { done: 'subjects updated', silentWhenSame: true },
    );
  },
};

export const common = [
  stringsFlag('filename', 'Files that name the objects.', { short: 'f' }),
  stringFlag('selector', 'Only objects whose labels match.', { short: 'l' }),
  boolFlag('all', 'All objects of the kind.'),
  stringFlag('containers', 'The containers to change.', { short: 'c', value: '*' }),
  boolFlag('local', 'Change what the file says.'),
  stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
  stringFlag('output', 'Output format.', { short: 'o' }),
  stringFlag('template', 'The template of -o go-template.'),
];

export const setProbe: Command = {
  path: 'set probe',
  only: 'oc',
  help: {
    usage: 'oc set probe RESOURCE/NAME --readiness|--liveness [flags] (--get-url=URL|--open-tcp=PORT|-- CMD) [options]',
    flags: [
      ...common,
      boolFlag('readiness', 'The readiness probe.'),
      boolFlag('liveness', 'The liveness probe.'),
      boolFlag('startup', 'The startup probe.'),
      boolFlag('remove', 'Take the probe away.'),
      stringFlag('get-url', 'Ask a URL: http://:8080/healthz.'),
      stringFlag('open-tcp', 'Open a TCP port.'),
      intFlag('initial-delay-seconds', 'Seconds before the first probe.'),
      intFlag('timeout-seconds', 'Seconds that a probe may take.'),
      intFlag('period-seconds', 'Seconds between probes.'),
      intFlag('success-threshold', 'Successes in a row that count.'),
      intFlag('failure-threshold', 'Failures in a row that count.'),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    const kinds = ['readiness', 'liveness', 'startup'].filter((kind) => flags.bool(kind));
    if (kinds.length === 0) throw cli.usage('you must specify one of --readiness or --liveness or --startup');
    const resources = cli.dash < 0 ? cli.args : cli.args.slice(0, cli.dash);
    const command = cli.dash < 0 ? [] : cli.args.slice(cli.dash);
    const handler = probeHandler(cli, command);
    await changeObjects(
      cli,
      (object, info) => {
        for (const container of matching(templateOf(object, info).containers, flags.str('containers')))
          for (const kind of kinds) {
            if (flags.bool('remove')) delete container[`${kind}Probe`];
            else
              container[`${kind}Probe`] = {
                ...(handler ? timings(container[`${kind}Probe`]) : container[`${kind}Probe`]),
                ...handler,
                ...given(cli),
              };
          }
      },
      { done: 'probes updated', selection: { args: resources } },
    );
  },
};

const timings = (probe: Dyn): Dyn => {
  const { httpGet: _h, tcpSocket: _t, exec: _e, ...rest } = probe ?? {};
  return rest;
};

function probeHandler(cli: Cli, command: string[]): Dyn {
  const [url, tcp] = [cli.flags.str('get-url'), cli.flags.str('open-tcp')];
  if (command.length > 0) return { exec: { command } };
  if (tcp) return { tcpSocket: { port: /^\d+$/.test(tcp) ? Number(tcp) : tcp } };
  if (!url) return undefined;
  const [, scheme = 'http', host = '', port = '', path = ''] =
    /^(\w+):\/\/([^/:]*)(?::([\w-]+))?(\/.*)?$/.exec(url) ?? [];
  if (!port) throw new CliError('port must be specified as part of a url');
  return {
    httpGet: {
      ...(host ? { host } : {}),
      ...(path ? { path } : {}),
      port: /^\d+$/.test(port) ? Number(port) : port,
      ...(scheme === 'https' ? { scheme: 'HTTPS' } : {}),
    },
  };
}

function given({ flags }: Cli): Dyn {
  const out: Dyn = {};
  const fields = {
    'initial-delay-seconds': 'initialDelaySeconds',
    'timeout-seconds': 'timeoutSeconds',
    'period-seconds': 'periodSeconds',
    'success-threshold': 'successThreshold',
    'failure-threshold': 'failureThreshold',
  };
  for (const [flag, field] of Object.entries(fields)) if (flags.changed(flag)) out[field] = flags.int(flag);
  return out;
}
