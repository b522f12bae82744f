// The replica sets of a deployment: finding the one of the present template, making it, numbering revisions.
// kubernetes pkg/controller/deployment/util/deployment_util.go and sync.go.
import type { KubeObject } from '../../store/types';
import type { ControllerContext } from '../controller';
import { equal } from '../equal';
import { controllerReference } from '../owners';
import { canonicalJson, templateHash } from '../pod-template';
import { maxSurge, newReplicas } from './limits';

export const REVISION = 'deployment.kubernetes.io/revision';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAXIMUM = 'deployment.kubernetes.io/max-replicas';
const HISTORY = 'deployment.kubernetes.io/revision-history';
const HASH = 'pod-template-hash';
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  HISTORY,
  DESIRED,
  MAXIMUM,
  'deprecated.deployment.rollback.to',
]);
const COMPONENT = { component: 'deployment-controller' };
export const RESOURCE = 'replicasets.apps';

const texts = new WeakMap<object, string>();

/** A template without its hash label, as text: equal texts are equal templates. */
function templateText(template: { metadata?: { labels?: Record<string, string> } }): string {
  const known = texts.get(template);
  if (known !== undefined) return known;
  const { [HASH]: _, ...labels } = template.metadata?.labels ?? {};
  const { creationTimestamp: __, ...metadata } = (template.metadata ?? {}) as Record<string, unknown>;
  const text = canonicalJson({ ...template, metadata: { ...metadata, labels } });
  texts.set(template, text);
  return text;
}

const age = (a: KubeObject, b: KubeObject) =>
  a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
  Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion);

/** The oldest replica set with the deployment's template. */
export function findNew(deployment: KubeObject, sets: KubeObject[]): KubeObject | undefined {
  const wanted = templateText(deployment['spec'].template);
  return [...sets].sort(age).find((set) => templateText(set['spec'].template) === wanted);
}

export const revisionOf = (set: KubeObject): number => Number(set.metadata.annotations?.[REVISION] ?? 0);

/** Annotations that a replica set takes over from its deployment. */
function inherited(deployment: KubeObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key)),
  );
}

/** The annotations of a replica set that stands for `revision` and for the deployment's present size. */
function annotations(deployment: KubeObject, set: KubeObject | undefined, revision: number): Record<string, string> {
  const old = set?.metadata.annotations ?? {};
  const before = old[REVISION];
  const history =
    before !== undefined && before !== String(revision)
      ? { [HISTORY]: [...(old[HISTORY]?.split(',') ?? []), before].join(',') }
      : {};
  const now = before !== undefined && Number(before) > revision ? before : String(revision);
  return { ...old, ...inherited(deployment), ...history, [REVISION]: now, ...sizes(deployment) };
}

const sizes = (deployment: KubeObject) => {
  const replicas: number = deployment['spec'].replicas ?? 1;
  return { [DESIRED]: String(replicas), [MAXIMUM]: String(replicas + maxSurge(deployment)) };
};

/** The replica set of the present template, brought up to date or made. */
export function syncNew(
  { client, events }: ControllerContext,
  deployment: KubeObject,
  old: KubeObject[],
  found: KubeObject | undefined,
  create: boolean,
): { set: KubeObject | undefined; created: boolean } {
  const revision = Math.max(0, ...old.map(revisionOf)) + 1;
  if (found) {
    const updated = annotations(deployment, found, revision);
    const minReadySeconds = deployment['spec'].minReadySeconds;
    if (equal(updated, found.metadata.annotations) && found['spec'].minReadySeconds === minReadySeconds)
      return { set: found, created: false };
    const spec = { ...found['spec'], ...(minReadySeconds !== undefined && { minReadySeconds }) };
    const set = client.update(RESOURCE, { ...found, spec, metadata: { ...found.metadata, annotations: updated } });
    return { set, created: false };
  }
  if (!create) return { set: undefined, created: false };
  const set = client.create(RESOURCE, newSet(deployment, old, revision));
  const replicas: number = set['spec'].replicas;
  if (replicas > 0)
    events.record(
      deployment,
      'Normal',
      'ScalingReplicaSet',
      `Scaled up replica set ${set.metadata.name} to ${replicas}`,
      COMPONENT,
    );
  return { set, created: true };
}

function newSet(deployment: KubeObject, old: KubeObject[], revision: number) {
  const { template, selector, minReadySeconds } = deployment['spec'];
  const hash = templateHash(template, deployment['status']?.collisionCount);
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace as string,
      ownerReferences: [controllerReference(deployment)],
      labels,
      annotations: annotations(deployment, undefined, revision),
    },
    spec: {
      replicas: newReplicas(deployment, old, undefined),
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** Sets a replica set's size, and says so on the deployment. */
export function scaleSet(
  { client, events, store }: ControllerContext,
  deployment: KubeObject,
  set: KubeObject,
  replicas: number,
): KubeObject {
  const now = store.getExisting(RESOURCE, set.metadata.namespace, set.metadata.name);
  const before: number = now['spec'].replicas ?? 1;
  const metadata = { ...now.metadata, annotations: { ...now.metadata.annotations, ...sizes(deployment) } };
  if (before === replicas && equal(metadata.annotations, now.metadata.annotations)) return now;
  const scaled = client.update(RESOURCE, { ...now, metadata, spec: { ...now['spec'], replicas } });
  if (before === replicas) return scaled;
  const direction = replicas > before ? 'up' : 'down';
  const text = `Scaled ${direction} replica set ${set.metadata.name} to ${replicas} from ${before}`;
  events.record(deployment, 'Normal', 'ScalingReplicaSet', text, COMPONENT);
  return scaled;
}
