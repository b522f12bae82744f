// DeploymentConfigs: a replication controller a version, each with its pods. openshift/openshift-controller-manager pkg/apps.
// DIFFERS: a rollout is done here instead of by a deployer pod; hooks and custom strategies are not supported.
import type { KubeObject } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';
import { setCondition } from './deployment/status';
import { equal } from './equal';
import { controllerReference, indexByController, ownedBy, ownerKeys } from './owners';
import { canonicalJson } from './pod-template';

const CONFIGS = 'deploymentconfigs.apps.openshift.io';
const CONTROLLERS = 'replicationcontrollers';
const VERSION = 'openshift.io/deployment-config.latest-version';
const PHASE = 'openshift.io/deployment.phase';
const ENCODED = 'openshift.io/encoded-deployment-config';
const CANCELLED = 'openshift.io/deployment.cancelled';
const REASON = 'openshift.io/deployment.status-reason';
const COMPONENT = { component: 'deploymentconfig-controller' };

export const deploymentConfig: MakeController = (context) => {
  indexByController(context.store, CONTROLLERS);
  return {
    name: 'deploymentconfig',
    watches:
      context.profile === 'openshift'
        ? {
            [CONFIGS]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
            [CONTROLLERS]: ownerKeys(context.store, 'DeploymentConfig', CONFIGS),
          }
        : {},
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const config = context.store.get(CONFIGS, namespace, name);
      if (config && !config.metadata.deletionTimestamp) reconcile(context, config);
      return undefined;
    },
  };
};

const versionOf = (controller: KubeObject): number => Number(controller.metadata.annotations?.[VERSION] ?? 0);
const ready = (controller: KubeObject): number => controller['status']?.readyReplicas ?? 0;

function reconcile(context: ControllerContext, config: KubeObject): void {
  const { store, client, events } = context;
  const versions = ownedBy(store, CONTROLLERS, config).sort((a, b) => versionOf(a) - versionOf(b));
  const latest = versions.at(-1);
  const wanted = canonicalJson(config['spec'].template);
  const triggers: Trigger[] = config['spec'].triggers ?? [];
  const triggered = triggers.some(({ type }) => type === 'ConfigChange') || newImage(config, latest, triggers);
  const asked: number = config['status']?.latestVersion ?? 0;
  const changed = latest?.metadata.annotations?.[ENCODED] !== wanted;
  let current = latest;
  const waits = !latest && asked === 0 && triggers.some(isUnresolved);
  if (!config['spec'].paused && !waits && ((triggered && changed) || asked > (latest ? versionOf(latest) : 0))) {
    const version = Math.max(asked, (latest ? versionOf(latest) : 0) + (changed ? 1 : 0), 1);
    if (!latest || version > versionOf(latest)) {
      current = client.create(CONTROLLERS, controllerOf(config, version, wanted));
      events.record(
        config,
        'Normal',
        'DeploymentCreated',
        `Created new replication controller "${current.metadata.name}" for version ${version}`,
        COMPONENT,
      );
    }
  }
  if (!current) return writeStatus(context, config, undefined, []);
  const old = versions.filter(({ metadata }) => metadata.uid !== current.metadata.uid);
  if (isGivenUp(current)) return giveUp(context, config, current, old);
  scale(client, current, config['spec'].replicas ?? 1);
  const done = ready(current) >= (config['spec'].replicas ?? 1);
  if (done || config['spec'].strategy?.type === 'Recreate') for (const each of old) scale(client, each, 0);
  if (done && current.metadata.annotations?.[PHASE] !== 'Complete') annotate(context, current, { [PHASE]: 'Complete' });
  writeStatus(context, config, current, old);
}

interface Trigger {
  type: string;
  imageChangeParams?: { automatic?: boolean; containerNames?: string[]; lastTriggeredImage?: string };
}

/** The first rollout waits until the images of all tags that it follows are known. */
const isUnresolved = ({ type, imageChangeParams: p }: Trigger): boolean =>
  type === 'ImageChange' && p?.automatic === true && !p.lastTriggeredImage;

/** Whether a tag that it follows has moved on since the latest version. */
function newImage(config: KubeObject, latest: KubeObject | undefined, triggers: Trigger[]): boolean {
  const imageOf = (object: KubeObject | undefined, container: string): string | undefined =>
    (object?.['spec'].template.spec.containers as { name: string; image: string }[] | undefined)?.find(
      ({ name }) => name === container,
    )?.image;
  return triggers.some(
    ({ type, imageChangeParams: p }) =>
      type === 'ImageChange' &&
      p?.automatic === true &&
      (p.containerNames ?? []).some((name) => imageOf(config, name) !== imageOf(latest, name)),
  );
}

function controllerOf(config: KubeObject, version: number, template: string) {
  const { name, namespace } = config.metadata;
  const full = `${name}-${version}`;
  const labels = { ...config['spec'].template.metadata?.labels, deployment: full, deploymentconfig: name };
  return {
    metadata: {
      name: full,
      namespace: namespace as string,
      labels: { ...config.metadata.labels, 'openshift.io/deployment-config.name': name },
      annotations: {
        'openshift.io/deployment-config.name': name,
        [VERSION]: String(version),
        [PHASE]: 'Running',
        [ENCODED]: template,
      },
      ownerReferences: [controllerReference(config)],
    },
    spec: {
      replicas: config['spec'].replicas ?? 1,
      selector: { ...config['spec'].selector, deployment: full, deploymentconfig: name },
      template: { ...config['spec'].template, metadata: { ...config['spec'].template.metadata, labels } },
    },
  };
}

function scale(client: ControllerContext['client'], controller: KubeObject, replicas: number): void {
  if (controller['spec'].replicas === replicas) return;
  const { namespace, name } = controller.metadata;
  client.patch(CONTROLLERS, namespace, name, { spec: { replicas } });
}

function annotate(
  { client }: ControllerContext,
  { metadata }: KubeObject,
  annotations: Record<string, string | null>,
): void {
  client.patch(CONTROLLERS, metadata.namespace, metadata.name, { metadata: { annotations } });
}

/** Cancelled before it was complete, and not retried since. */
const isGivenUp = ({ metadata: { annotations = {} } }: KubeObject): boolean =>
  annotations[PHASE] === 'Failed' || (annotations[CANCELLED] === 'true' && annotations[PHASE] !== 'Complete');

/** A cancelled rollout: its pods go, those of the last complete version come back. */
function giveUp(context: ControllerContext, config: KubeObject, failed: KubeObject, old: KubeObject[]): void {
  scale(context.client, failed, 0);
  const complete = old.filter(({ metadata }) => metadata.annotations?.[PHASE] === 'Complete').at(-1);
  if (complete) scale(context.client, complete, config['spec'].replicas ?? 1);
  if (failed.metadata.annotations?.[PHASE] !== 'Failed')
    annotate(context, failed, { [PHASE]: 'Failed', [REASON]: 'cancelled by the user' });
  writeStatus(context, config, failed, old);
}

function writeStatus(
  { store, client, clock }: ControllerContext,
  seen: KubeObject,
  current: KubeObject | undefined,
  old: KubeObject[],
): void {
  const config = store.get(CONFIGS, seen.metadata.namespace, seen.metadata.name);
  if (!config) return;
  const sum = (of: (c: KubeObject) => number) =>
    [...old, ...(current ? [current] : [])].reduce((n, each) => n + of(each), 0);
  const available = sum((each) => each['status']?.availableReplicas ?? 0);
  const enough = available >= (config['spec'].replicas ?? 1);
  const name = current?.metadata.name ?? '';
  const now = clock.timestamp();
  let conditions = setCondition(
    config['status']?.conditions ?? [],
    {
      type: 'Available',
      status: enough ? 'True' : 'False',
      message: `Deployment config ${enough ? 'has' : 'does not have'} minimum availability.`,
    },
    now,
  );
  if (current)
    conditions = setCondition(
      conditions,
      isGivenUp(current)
        ? {
            type: 'Progressing',
            status: 'False',
            reason: 'RolloutCancelled',
            message: `rollout of replication controller "${name}" was cancelled`,
          }
        : enough
          ? {
              type: 'Progressing',
              status: 'True',
              reason: 'NewReplicationControllerAvailable',
              message: `replication controller "${name}" successfully rolled out`,
            }
          : {
              type: 'Progressing',
              status: 'Unknown',
              message: `replication controller "${name}" is waiting for pods to run`,
            },
      now,
    );
  const status = {
    availableReplicas: available,
    conditions,
    details: { causes: [{ type: 'ConfigChange' }], message: 'config change' },
    latestVersion: current ? versionOf(current) : 0,
    observedGeneration: config.metadata.generation,
    readyReplicas: sum(ready) || undefined,
    replicas: sum((each) => each['status']?.replicas ?? 0),
    unavailableReplicas: Math.max(0, (config['spec'].replicas ?? 1) - available),
    updatedReplicas: current?.['status']?.replicas ?? 0,
  };
  const plain = JSON.parse(JSON.stringify(status));
  if (!equal(plain, config['status'])) client.updateStatus(CONFIGS, { ...config, status: plain });
}
