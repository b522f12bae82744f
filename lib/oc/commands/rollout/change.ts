// oc rollout restart, pause, resume, history and undo.
import { CHANGE_CAUSE, type Cli, type Command } from '../../cli';
import { groupResource, resourcePath } from '../../client/discovery';
import { podTemplate } from '../../describe/pod-template';
import { ApiError, CliError, throwAll } from '../../errors';
import { clone, type Dyn } from '../../object';
import { DESCRIBE, tabulate } from '../../printers/tabwriter';
import { selectorText } from '../../resources/labels';
import { type Info, select, selectionOf } from '../../resources/select';
import { changeObjects } from '../../resources/template';
import { nameOf, patchObject, printResult } from '../../resources/write';
import { configHistory, undoConfig } from './deployment-config';

const REVISION = 'deployment.kubernetes.io/revision';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

function mustName(cli: Cli): void {
  if (cli.args.length === 0 && cli.flags.list('filename').length === 0)
    throw new CliError('required resource not specified');
}

export const rolloutRestart: Command = {
  path: 'rollout restart',
  async run(cli) {
    mustName(cli);
    await changeObjects(
      cli,
      (object, { resource }) => {
        if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(resource.kind))
          throw new CliError(`${groupResource(resource)} "${object.metadata.name}" restarting is not supported`);
        if (object.spec.paused)
          throw new CliError(
            `${groupResource(resource)} "${object.metadata.name}" can't restart paused deployment (run rollout resume first)`,
          );
        object.spec.template.metadata ??= {};
        object.spec.template.metadata.annotations = {
          ...object.spec.template.metadata.annotations,
          [RESTARTED]: cli.proc.machine.clock.timestamp(),
        };
      },
      {
        done: 'restarted',
        selection: { emptyMeansAll: true },
        whenSame: (name) =>
          `failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      },
    );
  },
};

function pauser(verb: 'pause' | 'resume'): Command {
  const paused = verb === 'pause';
  return {
    path: `rollout ${verb}`,
    async run(cli) {
      mustName(cli);
      await changeObjects(
        cli,
        (object, { resource }) => {
          if (!['Deployment', 'DeploymentConfig'].includes(resource.kind))
            throw new CliError(
              `${groupResource(resource)} "${object.metadata.name}" ${verb === 'pause' ? 'pausing' : 'resuming'} is not supported`,
            );
          if (Boolean(object.spec.paused) === paused)
            throw new CliError(
              `${resource.name}.${resource.group} "${object.metadata.name}" is ${paused ? 'already' : 'not'} paused`,
            );
          if (paused) object.spec.paused = true;
          else delete object.spec.paused;
        },
        { done: paused ? 'paused' : 'resumed', selection: { emptyMeansAll: true } },
      );
    },
  };
}

export const rolloutPause = pauser('pause');
export const rolloutResume = pauser('resume');

const NO_CAUSE = '<none>';

interface Revision {
  number: number;
  /** The replica set or controller revision. */
  object: Dyn;
  template: Dyn;
  cause: string;
  annotations?: Record<string, string>;
}

/** The revisions of a workload, oldest first: a deployment's replica sets, other kinds' controller revisions. */
async function revisions(cli: Cli, { object, resource, namespace }: Info): Promise<Revision[]> {
  const own = (item: Dyn) =>
    (item.metadata.ownerReferences ?? []).some((owner: Dyn) => owner.uid === object.metadata.uid);
  const query = { labelSelector: selectorText(object.spec.selector) };
  if (resource.kind === 'Deployment') {
    const found = await cli.client.json('GET', `/apis/apps/v1/namespaces/${namespace}/replicasets`, { query });
    return found.items
      .filter(own)
      .map((rs: Dyn) => ({
        number: Number(rs.metadata.annotations?.[REVISION] ?? 0),
        object: { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...rs },
        template: rs.spec.template,
        cause: rs.metadata.annotations?.[CHANGE_CAUSE] ?? NO_CAUSE,
        annotations: rs.metadata.annotations,
      }))
      .sort((a: Revision, b: Revision) => a.number - b.number);
  }
  if (!['DaemonSet', 'StatefulSet'].includes(resource.kind))
    throw new CliError(
      `no history viewer has been implemented for "${resource.kind}${resource.group && `.${resource.group}`}"`,
    );
  const found = await cli.client.json('GET', `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`, { query });
  return found.items
    .filter(own)
    .map((item: Dyn) => ({
      number: item.revision,
      object: { apiVersion: 'apps/v1', kind: 'ControllerRevision', ...item },
      template: item.data?.spec?.template,
      cause: item.metadata.annotations?.[CHANGE_CAUSE] ?? NO_CAUSE,
    }))
    .sort((a: Revision, b: Revision) => a.number - b.number);
}

/** The template of a deployment's revision, the change's cause among its annotations. */
function shownTemplate({ template, cause, annotations }: Revision): Dyn {
  if (!annotations || cause === NO_CAUSE) return template;
  const { metadata } = template;
  return { ...template, metadata: { ...metadata, annotations: { ...metadata?.annotations, [CHANGE_CAUSE]: cause } } };
}

export const rolloutHistory: Command = {
  path: 'rollout history',
  async run(cli) {
    mustName(cli);
    const { infos, errors } = await select(cli, selectionOf(cli, { emptyMeansAll: true }));
    throwAll(errors);
    const wanted = cli.flags.int('revision');
    if (wanted < 0) throw new CliError(`revision must be a positive integer: ${wanted}`);
    const printer = cli.printer();
    for (const info of infos) {
      if (info.resource.kind === 'DeploymentConfig' && !printer && wanted === 0) {
        await cli.out(`${nameOf(info.object)} \n${tabulate(await configHistory(cli, info), DESCRIBE)}\n`);
        continue;
      }
      const all = await revisions(cli, info);
      if (printer) {
        const chosen = wanted > 0 ? all.filter(({ number }) => number === wanted) : all;
        if (chosen.length === 0 && wanted > 0) throw new CliError('unable to find the specified revision');
        for (const { object } of chosen) await cli.out(printer(object));
        continue;
      }
      if (wanted > 0) {
        const one = all.find(({ number }) => number === wanted);
        if (!one) throw new CliError('unable to find the specified revision');
        await cli.out(
          `${nameOf(info.object)} with revision #${wanted}\n${podTemplate(shownTemplate(one))}\n`, // tabs stay: kubectl aligns nothing here
        );
        continue;
      }
      const rows = all.map(({ number, cause }) => `${number}\t${cause}\n`).join('');
      const table =
        all.length === 0 ? 'No rollout history found.' : tabulate(`REVISION\tCHANGE-CAUSE\n${rows}`, DESCRIBE);
      await cli.out(`${nameOf(info.object)} \n${table}\n`);
    }
  },
};

export const rolloutUndo: Command = {
  path: 'rollout undo',
  async run(cli) {
    mustName(cli);
    const { infos, errors } = await select(cli, selectionOf(cli, { emptyMeansAll: true }));
    throwAll(errors);
    for (const info of infos) {
      try {
        await undo(cli, info);
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof CliError)) throw error;
        errors.push(error);
      }
    }
    throwAll(errors);
  },
};

/** A deployment's annotations about itself, and the others of the revision. */
function annotationsAfter({ metadata }: Dyn, { annotations }: Revision): Record<string, string> {
  const own = (key: string) => key === LAST_APPLIED || key.startsWith('deployment.kubernetes.io/');
  const pick = (all: Record<string, string> | undefined, test: (key: string) => boolean) =>
    Object.entries(all ?? {}).filter(([key]) => test(key));
  return Object.fromEntries([...pick(metadata.annotations, own), ...pick(annotations, (key) => !own(key))]);
}

async function undo(cli: Cli, info: Info): Promise<void> {
  const { object, resource, name } = info;
  if (resource.kind === 'DeploymentConfig') return undoConfig(cli, info);
  const all = await revisions(cli, info);
  const wanted = cli.flags.int('to-revision');
  const target = wanted > 0 ? all.find(({ number }) => number === wanted) : all.at(-2);
  if (wanted > 0 && !target) throw new CliError(`unable to find specified revision ${wanted} in history`);
  if (!target) throw new CliError(`no rollout history found for ${resource.kind.toLowerCase()} "${name}"`);
  if (object.spec.paused)
    throw new CliError(
      `you cannot rollback a paused deployment; resume it first with '${cli.program} rollout resume' and try again`,
    );
  const template = clone(target.template);
  delete template.metadata?.labels?.['pod-template-hash'];
  if (
    JSON.stringify(template.spec) === JSON.stringify(object.spec.template.spec) &&
    JSON.stringify(template.metadata?.labels) === JSON.stringify(object.spec.template.metadata?.labels) &&
    JSON.stringify(template.metadata?.annotations) === JSON.stringify(object.spec.template.metadata?.annotations)
  )
    return printResult(cli, object, `skipped rollback (current template already matches revision ${target.number})`);
  if (cli.dryRun === 'client')
    return cli.out(`${nameOf(object)} ${podTemplate(target.template)}${cli.dryRunSuffix.trimStart()}\n`);
  const made =
    resource.kind === 'Deployment'
      ? await patchObject(cli, info, 'json-patch', [
          { op: 'replace', path: '/spec/template', value: template },
          { op: 'replace', path: '/metadata/annotations', value: annotationsAfter(object, target) },
        ])
      : await cli.client.json('PUT', resourcePath(resource, info.namespace, name), {
          body: { ...object, spec: { ...object.spec, template } },
        });
  await printResult(cli, made, 'rolled back');
}
