// oc rollout status: waits for a rollout and says how it goes.
import type { Command } from '../../cli';
import { apiVersion, resourcePath } from '../../client/discovery';
import { CliError, throwAll } from '../../errors';
import type { Dyn } from '../../object';
import { select, selectionOf } from '../../resources/select';

interface State {
  text: string;
  done: boolean;
}

export const rolloutStatus: Command = {
  path: 'rollout status',
  async run(cli) {
    const { flags } = cli;
    if (cli.args.length === 0 && flags.list('filename').length === 0)
      throw new CliError('required resource not specified');
    const { infos, errors } = await select(cli, selectionOf(cli, { emptyMeansAll: true }));
    throwAll(errors);
    if (infos.length === 0) await cli.err(`No resources found in ${cli.namespace} namespace.\n`);
    const timeout = flags.duration('timeout');
    for (const info of infos) {
      const abort = new AbortController();
      const cancel =
        timeout > 0
          ? cli.proc.machine.clock.after(timeout, () =>
              abort.abort(new CliError('timed out waiting for the condition')),
            )
          : () => {};
      const path = resourcePath(info.resource, info.namespace);
      const wanted = flags.int('revision');
      const say = async (object: Dyn): Promise<boolean> => {
        const { text, done } = stateOf(
          { apiVersion: apiVersion(info.resource), kind: info.resource.kind, ...object },
          wanted,
        );
        await cli.out(text);
        return done;
      };
      try {
        if ((await say(info.object)) || !flags.bool('watch')) continue;
        const query = {
          fieldSelector: `metadata.name=${info.name}`,
          resourceVersion: info.object.metadata.resourceVersion,
        };
        for await (const event of cli.client.watch(path, query, { signal: abort.signal })) {
          if (event.type === 'DELETED') throw new CliError('object has been deleted');
          if (event.type !== 'MODIFIED' && event.type !== 'ADDED') continue;
          if (await say(event.object)) break;
        }
      } catch (error) {
        throw abort.signal.aborted ? abort.signal.reason : error;
      } finally {
        cancel();
      }
    }
  },
};

function stateOf(object: Dyn, revision: number): State {
  if (object.kind === 'Deployment') return deployment(object, revision);
  if (object.kind === 'DaemonSet') return daemonSet(object);
  if (object.kind === 'StatefulSet') return statefulSet(object);
  if (object.kind === 'DeploymentConfig') return deploymentConfig(object, revision);
  throw new CliError(`no status viewer has been implemented for ${object.kind}`);
}

const wait = (text: string): State => ({ text: `${text}\n`, done: false });
const finished = (text: string): State => ({ text: `${text}\n`, done: true });

function deployment({ metadata, spec, status = {} }: Dyn, revision: number): State {
  const { name, generation, annotations } = metadata;
  if (revision > 0) {
    const own = annotations?.['deployment.kubernetes.io/revision'];
    if (String(revision) !== own)
      throw new CliError(`desired revision (${revision}) is different from the running revision (${own})`);
  }
  if (generation > (status.observedGeneration ?? 0))
    return wait('Waiting for deployment spec update to be observed...');
  const progressing = (status.conditions ?? []).find((c: Dyn) => c.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    throw new CliError(`deployment "${name}" exceeded its progress deadline`);
  const { updatedReplicas: updated = 0, replicas = 0, availableReplicas: available = 0 } = status;
  const head = `Waiting for deployment "${name}" rollout to finish:`;
  if (updated < (spec.replicas ?? 1))
    return wait(`${head} ${updated} out of ${spec.replicas ?? 1} new replicas have been updated...`);
  if (replicas > updated) return wait(`${head} ${replicas - updated} old replicas are pending termination...`);
  if (available < updated) return wait(`${head} ${available} of ${updated} updated replicas are available...`);
  return finished(`deployment "${name}" successfully rolled out`);
}

function daemonSet({ metadata, spec, status = {} }: Dyn): State {
  const { name, generation } = metadata;
  if (spec.updateStrategy?.type !== 'RollingUpdate')
    throw new CliError(`rollout status is only available for RollingUpdate strategy type`);
  if (generation > (status.observedGeneration ?? 0))
    return wait('Waiting for daemon set spec update to be observed...');
  const {
    updatedNumberScheduled: updated = 0,
    desiredNumberScheduled: desired = 0,
    numberAvailable: available = 0,
  } = status;
  const head = `Waiting for daemon set "${name}" rollout to finish:`;
  if (updated < desired) return wait(`${head} ${updated} out of ${desired} new pods have been updated...`);
  if (available < desired) return wait(`${head} ${available} of ${desired} updated pods are available...`);
  return finished(`daemon set "${name}" successfully rolled out`);
}

function statefulSet({ metadata, spec, status = {} }: Dyn): State {
  if (spec.updateStrategy?.type !== 'RollingUpdate')
    throw new CliError(`rollout status is only available for RollingUpdate strategy type`);
  if (!status.observedGeneration || metadata.generation > status.observedGeneration)
    return wait('Waiting for statefulset spec update to be observed...');
  const replicas = spec.replicas ?? 1;
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0, currentRevision, updateRevision } = status;
  if (ready < replicas) return wait(`Waiting for ${replicas - ready} pods to be ready...`);
  const partition = spec.updateStrategy.rollingUpdate?.partition;
  if (partition !== undefined) {
    if (updated < replicas - partition)
      return wait(
        `Waiting for partitioned roll out to finish: ${updated} out of ${replicas - partition} new pods have been updated...`,
      );
    return finished(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (updateRevision !== currentRevision)
    return wait(`waiting for statefulset rolling update to complete ${updated} pods at revision ${updateRevision}...`);
  return finished(
    `statefulset rolling update complete ${status.currentReplicas ?? 0} pods at revision ${currentRevision}...`,
  );
}

/** openshift/oc pkg/helpers/originpolymorphichelpers/deploymentconfigs/status.go. */
function deploymentConfig({ metadata, spec, status = {} }: Dyn, revision: number): State {
  const { name } = metadata;
  const latest: number = status.latestVersion ?? 0;
  if (latest === 0 && spec.triggers?.some(({ type }: Dyn) => type === 'ImageChange'))
    return { text: `Deployment config ${JSON.stringify(name)} waiting on image update\n`, done: false };
  if (latest === 0 && !spec.triggers?.length)
    return {
      text: `Deployment config ${JSON.stringify(name)} waiting on manual update (use 'oc rollout latest ${name}')\n`,
      done: true,
    };
  if (revision > 0 && latest !== revision)
    throw new CliError(`desired revision (${revision}) is different from the running revision (${latest})`);
  const progress = (status.conditions ?? []).find(({ type }: Dyn) => type === 'Progressing');
  const [updated, all, available, wanted] = [
    status.updatedReplicas ?? 0,
    status.replicas ?? 0,
    status.availableReplicas ?? 0,
    spec.replicas ?? 1,
  ];
  const waiting = (what: string): State => ({ text: `Waiting for rollout to finish: ${what}...\n`, done: false });
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0))
    return {
      text: 'Waiting for latest deployment config spec to be observed by the controller loop...\n',
      done: false,
    };
  if (progress?.reason === 'NewReplicationControllerAvailable') return { text: `${progress.message}\n`, done: true };
  if (progress?.reason === 'RolloutCancelled' || progress?.reason === 'ProgressDeadlineExceeded')
    throw new CliError(progress.message);
  if (updated < wanted) return waiting(`${updated} out of ${wanted} new replicas have been updated`);
  if (all > updated) return waiting(`${all - updated} old replicas are pending termination`);
  return waiting(`${available} of ${updated} updated replicas are available`);
}
