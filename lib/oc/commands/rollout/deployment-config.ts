// oc rollout latest, cancel and retry, and oc rollback: deployment configs. openshift/oc pkg/cli/rollout, pkg/cli/rollback.
import type { Cli, Command } from '../../cli';
import { CliError, isReason, throwAll } from '../../errors';
import { humanDuration } from '../../flags/duration';
import { boolFlag, intFlag, stringFlag, stringsFlag } from '../../flags/spec';
import { clone, type Dyn } from '../../object';
import { fetchOne, type Info, select, selectionOf } from '../../resources/select';
import { nameOf, printResult } from '../../resources/write';

const APPS = '/apis/apps.openshift.io/v1';
const PHASE = 'openshift.io/deployment.phase';
const CANCELLED = 'openshift.io/deployment.cancelled';
const REASON = 'openshift.io/deployment.status-reason';
const VERSION = 'openshift.io/deployment-config.latest-version';
const ENCODED = 'openshift.io/encoded-deployment-config';
const OVER = ['Complete', 'Failed'];

const printing = [
  stringFlag('output', 'Output format.', { short: 'o' }),
  stringFlag('template', 'The template of -o go-template.'),
  boolFlag('allow-missing-template-keys', '', { value: 'true' }),
  boolFlag('show-managed-fields', 'Show who owns which field, in JSON and YAML.'),
];
const naming = [
  stringsFlag('filename', 'Files that name the objects.', { short: 'f' }),
  stringFlag('kustomize', 'A directory with a kustomization.', { short: 'k' }),
  boolFlag('recursive', 'Files in directories below, too.', { short: 'R' }),
];
const dryRun = stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' });

const phaseOf = (rc: Dyn): string => rc.metadata.annotations?.[PHASE] ?? 'New';
const versionOf = (rc: Dyn): number => Number(rc.metadata.annotations?.[VERSION] ?? 0);

/** The versions of a deployment config, newest first. */
async function versions(cli: Cli, namespace: string, name: string): Promise<Dyn[]> {
  const query = { labelSelector: `openshift.io/deployment-config.name=${name}` };
  const found = await cli.client.json('GET', `/api/v1/namespaces/${namespace}/replicationcontrollers`, { query });
  return (found.items as Dyn[]).sort((a, b) => versionOf(b) - versionOf(a));
}

export const rolloutLatest: Command = {
  path: 'rollout latest',
  only: 'oc',
  help: {
    usage: 'oc rollout latest DEPLOYMENTCONFIG [options]',
    flags: [...printing, dryRun, boolFlag('again', 'The pod template as it is, without looking at the triggers.')],
  },
  async run(cli) {
    if (cli.args.length !== 1) throw new CliError('one deployment config name is needed as argument.');
    const [word = ''] = cli.args;
    const args = word.includes('/') ? [word] : ['deploymentconfigs', word];
    const { infos, errors } = await select(cli, selectionOf(cli, { args }));
    throwAll(errors);
    const [info] = infos;
    if (!info) throw new CliError('a deployment config name is required');
    if (info.resource.kind !== 'DeploymentConfig') throw new CliError(`${info.name} is not a deployment config`);
    const { object, namespace, name } = info;
    if (object.spec.paused) throw new CliError('cannot deploy a paused deployment config');
    const latest = (await versions(cli, namespace, name))[0];
    if (latest && versionOf(latest) === object.status?.latestVersion && !OVER.includes(phaseOf(latest)))
      throw new CliError(`#${object.status.latestVersion} is already in progress (${phaseOf(latest)}).`);
    const request = { apiVersion: 'apps.openshift.io/v1', kind: 'DeploymentRequest', name, latest: true, force: true };
    const made =
      cli.dryRun === 'client'
        ? object
        : await cli.client.json('POST', `${APPS}/namespaces/${namespace}/deploymentconfigs/${name}/instantiate`, {
            body: { ...request, latest: !cli.flags.bool('again') },
          });
    await printResult(cli, { ...object, ...made }, 'rolled out');
  },
};

/** A command on deployment configs that are named by kind and name. */
function onConfigs(verb: 'cancel' | 'retry', act: (cli: Cli, info: Info) => Promise<void>): Command {
  return {
    path: `rollout ${verb}`,
    only: 'oc',
    help: { usage: `oc rollout ${verb} (TYPE NAME | TYPE/NAME) [flags] [options]`, flags: [...printing, ...naming] },
    async run(cli) {
      if (cli.args.length === 0 && cli.flags.list('filename').length === 0)
        throw cli.usage(
          verb === 'cancel' ? 'a resource or filename must be specified' : 'retry (TYPE NAME | TYPE/NAME) [flags]',
        );
      const { infos, errors } = await select(cli, selectionOf(cli, { emptyMeansAll: true }));
      for (const info of infos) {
        try {
          if (info.resource.kind !== 'DeploymentConfig')
            throw new CliError(`expected deployment configuration, got ${info.resource.name}`);
          await act(cli, info);
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          errors.push(error);
        }
      }
      throwAll(errors);
    },
  };
}

const patchVersion = (cli: Cli, { metadata }: Dyn, annotations: Record<string, string | null>): Promise<Dyn> =>
  cli.client.json('PATCH', `/api/v1/namespaces/${metadata.namespace}/replicationcontrollers/${metadata.name}`, {
    type: 'application/strategic-merge-patch+json',
    body: { metadata: { annotations } },
  });

export const rolloutCancel = onConfigs('cancel', async (cli, { object, namespace, name }) => {
  if (object.spec.paused) throw new CliError(`unable to cancel paused deployment ${namespace}/${name}`);
  const all = await versions(cli, namespace, name);
  const [latest] = all;
  if (!latest) throw new CliError(`there have been no replication controllers for ${namespace}/${name}\n`);
  let cancelled = false;
  for (const rc of all.filter((one) => !OVER.includes(phaseOf(one)))) {
    const already = rc.metadata.annotations?.[CANCELLED] === 'true';
    if (!already) await patchVersion(cli, rc, { [CANCELLED]: 'true', [REASON]: 'cancelled by the user' });
    await printResult(cli, object, already ? 'already cancelled' : 'cancelling');
    cancelled ||= !already;
  }
  if (cancelled) return;
  const ago = humanDuration(cli.now() - Date.parse(latest.metadata.creationTimestamp));
  await cli.out(
    `No rollout is in progress (latest rollout #${versionOf(latest)} ${phaseOf(latest).toLowerCase()} ${ago} ago)\n`,
  );
});

export const rolloutRetry = onConfigs('retry', async (cli, { object, namespace, name }) => {
  const version: number = object.status?.latestVersion ?? 0;
  if (object.spec.paused) throw new CliError(`unable to retry paused deployment config ${JSON.stringify(name)}`);
  if (version === 0) throw new CliError(`no rollouts found for ${JSON.stringify(name)}`);
  const rc = (await versions(cli, namespace, name)).find((one) => versionOf(one) === version);
  if (!rc)
    throw new CliError(
      `unable to find the latest rollout (#${version}).\nYou can start a new rollout with 'oc rollout latest dc/${name}'.`,
    );
  const phase = phaseOf(rc);
  if (phase !== 'Failed')
    throw new CliError(
      `rollout #${version} is ${phase.toLowerCase()}; only failed deployments can be retried.\n${
        phase === 'Complete'
          ? `You can start a new deployment with 'oc rollout latest dc/${name}'.`
          : `Optionally, you can cancel this deployment with 'oc rollout cancel dc/${name}'.`
      }`,
    );
  await patchVersion(cli, rc, { [PHASE]: 'New', [REASON]: null, [CANCELLED]: null });
  await printResult(cli, object, `retried rollout #${version}`);
});

interface Target {
  config: Dyn;
  rc: Dyn;
}

/** The version that is meant: named itself, by number, or the last complete one before the latest. */
async function targetOf(cli: Cli, word: string): Promise<Target> {
  const [kind, named] = word.includes('/') ? [word.slice(0, word.indexOf('/')), word.slice(word.indexOf('/') + 1)] : [];
  const get = (plural: string, name: string) => {
    const root = plural === 'deploymentconfigs' ? APPS : '/api/v1';
    return cli.client.json('GET', `${root}/namespaces/${cli.namespace}/${plural}/${name}`);
  };
  const isVersion = kind !== undefined && ['rc', 'replicationcontroller', 'replicationcontrollers'].includes(kind);
  const name = named ?? word;
  if (kind === undefined || isVersion) {
    const rc = await get('replicationcontrollers', name).catch((error: unknown) => {
      if (isVersion || !isReason(error, 'NotFound')) throw error;
      return undefined;
    });
    const owner = rc?.metadata.annotations?.['openshift.io/deployment-config.name'];
    if (rc && owner) return { rc, config: await get('deploymentconfigs', owner) };
  }
  const config = await get('deploymentconfigs', name).catch((error: unknown) => {
    throw isReason(error, 'NotFound') && kind === undefined
      ? new CliError(`${name} is not a valid deployment or deployment config`)
      : error;
  });
  const wanted = cli.flags.int('to-version');
  const rc = (await versions(cli, cli.namespace, name)).find((one) =>
    wanted > 0
      ? versionOf(one) === wanted
      : phaseOf(one) === 'Complete' && versionOf(one) < (config.status?.latestVersion ?? 0),
  );
  if (!rc) throw new CliError("couldn't find deployment for rollback");
  return { config, rc };
}

export const rollback: Command = {
  path: 'rollback',
  only: 'oc',
  help: {
    usage: 'oc rollback (DEPLOYMENT | DEPLOYMENTCONFIG) [options]',
    flags: [
      ...printing,
      boolFlag('change-triggers', 'Its triggers, too.'),
      boolFlag('change-strategy', 'Its strategy, too.'),
      boolFlag('change-scaling-settings', 'Its scale, too.'),
      boolFlag('dry-run', 'Describe the rollback and do not do it.'),
      intFlag('to-version', 'The version to go back to.'),
    ],
  },
  async run(cli) {
    const [word] = cli.args;
    if (cli.args.length > 1) throw cli.usage('only one deployment or deployment config name is supported as argument.');
    if (!word) throw cli.usage('a deployment or deployment config name is required');
    const { config, rc } = await targetOf(cli, word);
    const after = clone(config);
    after.spec.template = JSON.parse(rc.metadata.annotations?.[ENCODED] ?? 'null') ?? config.spec.template;
    if (cli.flags.bool('change-scaling-settings')) after.spec.replicas = rc.spec.replicas;
    const images: Dyn[] = after.spec.triggers.filter(({ type }: Dyn) => type === 'ImageChange');
    for (const { imageChangeParams } of images) if (imageChangeParams) imageChangeParams.automatic = false;
    const printer = cli.printer();
    if (printer) return cli.out(printer(after));
    const done = `rolled back to ${rc.metadata.name}`;
    if (cli.flags.bool('dry-run')) return cli.out(`${nameOf(after)} ${done}\n`);
    const path = `${APPS}/namespaces/${cli.namespace}/deploymentconfigs/${config.metadata.name}`;
    let made = await cli.client.json('PUT', path, { body: after });
    const triggered = after.spec.triggers.some(({ type }: Dyn) => type === 'ConfigChange');
    const expected = (config.status?.latestVersion ?? 0) + 1;
    if (!triggered)
      made = await cli.client.json('POST', `${path}/instantiate`, {
        body: {
          apiVersion: 'apps.openshift.io/v1',
          kind: 'DeploymentRequest',
          name: config.metadata.name,
          force: true,
        },
      });
    await cli.out(`${nameOf({ ...after, ...made })} deployment #${expected} ${done}\n`);
    const disabled = images.map(({ imageChangeParams }) => imageChangeParams?.from?.name);
    if (disabled.length > 0)
      await cli.out(
        `Warning: the following images triggers were disabled: ${disabled.join(',')}\n  You can re-enable them with: oc set triggers dc/${config.metadata.name} --auto\n`,
      );
  },
};

/** `oc rollout undo dc/NAME`. */
export async function undoConfig(cli: Cli, { object, namespace, name }: Info): Promise<void> {
  if (object.spec.paused)
    throw new CliError(
      `cannot rollback a paused config; resume it first with \`oc rollout resume dc/${name}\` and try again`,
    );
  const wanted = cli.flags.int('to-revision');
  const rc = (await versions(cli, namespace, name)).find((one) =>
    wanted > 0
      ? versionOf(one) === wanted
      : phaseOf(one) === 'Complete' && versionOf(one) < (object.status?.latestVersion ?? 0),
  );
  if (!rc) throw new CliError("couldn't find deployment for rollback");
  const template = JSON.parse(rc.metadata.annotations?.[ENCODED] ?? 'null') ?? object.spec.template;
  const body = { ...object, spec: { ...object.spec, template } };
  const made = await cli.client.json('PUT', `${APPS}/namespaces/${namespace}/deploymentconfigs/${name}`, { body });
  await printResult(cli, { ...object, ...made }, 'rolled back');
}

/** The lines of `oc rollout history` for a deployment config. */
export async function configHistory(cli: Cli, info: Info): Promise<string> {
  const config = await fetchOne(cli, info);
  const rows = (await versions(cli, info.namespace, info.name))
    .reverse()
    .map((rc) => `${versionOf(rc)}\t${phaseOf(rc)}\t${config.status?.details?.message ?? '<unknown>'}\n`);
  return `REVISION\tSTATUS\tCAUSE\n${rows.join('')}`;
}
