// oc idle: scales what is behind services to nought and notes how to bring it back. openshift/oc pkg/cli/idle/idle.go.
import type { Cli, Command } from '../cli';
import { CliError, ExitStatus } from '../errors';
import { boolFlag, stringFlag } from '../flags/spec';
import { type Dyn, groupVersion } from '../object';
import { type Info, select, selectionOf } from '../resources/select';

const AT = 'idling.alpha.openshift.io/idled-at';
const TARGETS = 'idling.alpha.openshift.io/unidle-targets';
const BEFORE = 'idling.alpha.openshift.io/previous-scale';

interface Target {
  kind: string;
  name: string;
  group: string;
  replicas: number;
}

export const idle: Command = {
  path: 'idle',
  only: 'oc',
  help: {
    long: 'Scale the workloads behind services to nought; traffic brings them back.',
    usage: 'oc idle (SERVICE_ENDPOINTS... | -l label | --all | --resource-names-file FILENAME) [options]',
    flags: [
      boolFlag('dry-run', 'Only say what would be done.'),
      stringFlag('resource-names-file', 'A file with a name of a service a line.'),
      stringFlag('selector', 'Only services whose labels match.', { short: 'l' }),
      boolFlag('all', 'All services of the namespace.'),
      boolFlag('all-namespaces', 'All namespaces.', { short: 'A' }),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    const file = flags.str('resource-names-file');
    if (file && (flags.str('selector') || cli.args.length > 0 || flags.bool('all')))
      throw new CliError(
        'resource names, selectors, and the all flag may not be be specified if a filename is specified',
      );
    const names = file ? cli.readText(file).split('\n').filter(Boolean) : cli.args;
    const bulk = flags.bool('all') || flags.str('selector') !== '';
    if (names.length === 0 && !bulk)
      throw new CliError(
        'no valid scalable resources found to idle: You must provide one or more resources by argument or filename.',
      );
    const { infos, errors } = await select(
      cli,
      selectionOf(cli, { args: ['endpoints', ...names], emptyMeansAll: bulk }),
    );
    const found: { info: Info; targets: Target[] }[] = [];
    for (const info of infos) {
      try {
        found.push({ info, targets: await targetsOf(cli, info.object) });
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const { namespace, name } = info;
        errors.push(
          new CliError(`unable to calculate scalable resources for service ${namespace}/${name}: ${error.message}`),
        );
      }
    }
    const reason = errors.map(({ message }) => message).join(', ');
    if (reason && found.every(({ targets }) => targets.length === 0))
      throw new CliError(`no valid scalable resources found to idle: ${reason}`);
    if (reason)
      await cli.err(
        `warning: continuing on for valid scalable resources, but an error occurred while finding scalable resources to idle: ${reason}`,
      );
    await putToSleep(cli, found);
  },
};

async function putToSleep(cli: Cli, found: { info: Info; targets: Target[] }[]): Promise<void> {
  const dry = cli.flags.bool('dry-run');
  const tail = dry ? '(dry run)' : '';
  const now = cli.proc.machine.clock.timestamp();
  let failed = false;
  for (const { info, targets } of found) {
    const service = `"${info.namespace}/${info.name}"`;
    if (targets.length === 0 && !dry) {
      await cli.err(
        `error: unable to mark the service ${service} as idled.\nMake sure that the service is not already marked as idled and that it is associated with resources that can be scaled.\nSee 'oc idle -h' for help and examples.\n`,
      );
      failed = true;
      continue;
    }
    const noted = targets.map(({ kind, name, group, replicas }) => ({ kind, name, ...(group && { group }), replicas }));
    const annotations = { [AT]: now, [TARGETS]: JSON.stringify(noted) };
    for (const kind of dry ? [] : ['services', 'endpoints'])
      await patch(cli, `/api/v1/namespaces/${info.namespace}/${kind}/${info.name}`, { metadata: { annotations } });
    await cli.out(`The service ${service} has been marked as idled ${tail}\n`);
    for (const { kind, name, replicas } of targets)
      await cli.out(
        `The service will unidle ${kind} "${info.namespace}/${name}" to ${replicas} replicas once it receives traffic ${tail}\n`,
      );
  }
  const done = new Set<string>();
  for (const { info, targets } of found)
    for (const target of targets) {
      const { kind, name, group, replicas } = target;
      if (done.has(`${kind}/${info.namespace}/${name}`)) continue;
      done.add(`${kind}/${info.namespace}/${name}`);
      const resource = await cli.resource(`${kind.toLowerCase()}${group ? `.${group}` : ''}`);
      const root = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`;
      if (!dry)
        await patch(cli, `${root}/namespaces/${info.namespace}/${resource.name}/${name}`, {
          metadata: { annotations: { [AT]: now, [BEFORE]: String(replicas) } },
          spec: { replicas: 0 },
        });
      await cli.out(`${kind} "${info.namespace}/${name}" has been idled ${tail}\n`);
    }
  if (failed) throw new ExitStatus(1);
}

const patch = (cli: Cli, path: string, body: Dyn): Promise<Dyn> =>
  cli.client.json('PATCH', path, { type: 'application/merge-patch+json', body });

/** The workloads whose pods are the addresses: a pod's controller, or that one's own. */
async function targetsOf(cli: Cli, endpoints: Dyn): Promise<Target[]> {
  const { namespace } = endpoints.metadata;
  const found = new Map<string, Target>();
  for (const subset of endpoints.subsets ?? [])
    for (const { targetRef } of subset.addresses ?? []) {
      if (targetRef?.kind !== 'Pod') continue;
      const pod = await cli.client.json('GET', `/api/v1/namespaces/${namespace}/pods/${targetRef.name}`);
      const owner = controllerOf(pod);
      if (!owner)
        throw new CliError(
          `unable to find controller for pod ${namespace}/${targetRef.name}: no creator reference listed`,
        );
      if (owner.kind === 'StatefulSet')
        throw new CliError(
          `unable to load StatefulSet ${JSON.stringify(owner.name)}: idling StatefulSet is not supported yet.`,
        );
      const controller = await loaded(cli, namespace, owner);
      const above = controllerOf(controller);
      const top = above ? await loaded(cli, namespace, above) : controller;
      const { kind, name } = above ?? owner;
      const [group] = groupVersion((above ?? owner).apiVersion);
      found.set(`${kind}/${name}`, { kind, name, group, replicas: top.spec?.replicas || 1 });
    }
  return [...found.values()];
}

const controllerOf = (object: Dyn): Dyn =>
  (object.metadata.ownerReferences ?? []).find(({ controller }: Dyn) => controller);

async function loaded(cli: Cli, namespace: string, { apiVersion, kind, name }: Dyn): Promise<Dyn> {
  const [group] = groupVersion(apiVersion);
  const resource = await cli.resource(`${kind.toLowerCase()}${group ? `.${group}` : ''}`);
  const root = group ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return cli.client.json('GET', `${root}/namespaces/${namespace}/${resource.name}/${name}`);
}
