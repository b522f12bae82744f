// StatefulSets: numbered pods with stable names and claims, one after the other. kubernetes pkg/controller/statefulset.
import { type Pod, podAvailable, podFinished, podReady } from '../kinds';
import type { KubeObject } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';
import { equal } from './equal';
import { claim, controllerReference, indexByController, ownerKeys } from './owners';
import { createPod, deletePod } from './pod-template';
import { hashOf, indexRevisions, REVISION_HASH, syncRevision } from './revisions';

const SETS = 'statefulsets.apps';
const COMPONENT = 'statefulset-controller';
const NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const INDEX_LABEL = 'apps.kubernetes.io/pod-index';

export const statefulSet: MakeController = (context) => {
  indexByController(context.store, 'pods');
  indexRevisions(context);
  return {
    name: 'statefulset',
    watches: {
      [SETS]: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      pods: ownerKeys(context.store, 'StatefulSet', SETS),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = context.store.get(SETS, namespace, name);
      return set && !set.metadata.deletionTimestamp ? reconcile(context, set) : undefined;
    },
  };
};

const ordinalOf = ({ metadata }: KubeObject): number => Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? -1);

function reconcile(context: ControllerContext, set: KubeObject): number | undefined {
  const { store, client } = context;
  const pods = () =>
    (claim(store, client, 'pods', set, set['spec'].selector) as Pod[]).sort((a, b) => ordinalOf(a) - ordinalOf(b));
  const before = pods();
  const inUse = new Set(before.map(({ metadata }) => metadata.labels?.[REVISION_HASH] ?? ''));
  const revision = syncRevision(context, set, inUse);
  const update = revision.metadata.name;
  const current: string = set['status']?.currentRevision || update;
  advance(context, set, before, { update, current, hash: hashOf(revision) });
  return writeStatus(context, set, pods(), { update, current });
}

interface Revisions {
  update: string;
  current: string;
}

/** One step: create the next pod, delete the last, or replace one of an old template. */
function advance(
  context: ControllerContext,
  set: KubeObject,
  pods: Pod[],
  revisions: Revisions & { hash: string },
): void {
  const { client, events } = context;
  const { replicas = 1, podManagementPolicy, ordinals, updateStrategy } = set['spec'];
  const start: number = ordinals?.start ?? 0;
  const parallel = podManagementPolicy === 'Parallel';
  const healthy = (pod: Pod) => podReady(pod) && !pod.metadata.deletionTimestamp;
  for (let ordinal = start; ordinal < start + replicas; ordinal++) {
    const pod = pods.find((each) => ordinalOf(each) === ordinal);
    if (pod && podFinished(pod) && !pod.metadata.deletionTimestamp) {
      deletePod(client, events, set, pod, COMPONENT, gone(set, pod));
      if (!parallel) return;
    } else if (!pod) {
      create(context, set, ordinal, revisions);
      if (!parallel) return;
    } else if (!healthy(pod) && !parallel && !brokenUpdate(pod, revisions.update)) return;
  }
  const surplus = pods.filter((pod) => ordinalOf(pod) >= start + replicas).reverse();
  for (const pod of surplus) {
    if (!pod.metadata.deletionTimestamp) deletePod(client, events, set, pod, COMPONENT, gone(set, pod));
    if (!parallel) return;
  }
  if (updateStrategy?.type === 'OnDelete') return;
  const partition: number = updateStrategy?.rollingUpdate?.partition ?? 0;
  for (const pod of [...pods].reverse()) {
    if (ordinalOf(pod) < partition || ordinalOf(pod) >= start + replicas) continue;
    if (pod.metadata.labels?.[REVISION_HASH] !== revisions.update) {
      if (!pod.metadata.deletionTimestamp) deletePod(client, events, set, pod, COMPONENT, gone(set, pod));
      return;
    }
    if (!healthy(pod)) return;
  }
}

const gone = (set: KubeObject, pod: Pod): string =>
  `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;

/** A pod of an old template that does not become ready must not hold up its replacement. */
const brokenUpdate = (pod: Pod, update: string): boolean => pod.metadata.labels?.[REVISION_HASH] !== update;

function create(context: ControllerContext, set: KubeObject, ordinal: number, { update }: Revisions): void {
  const { client, events } = context;
  const name = `${set.metadata.name}-${ordinal}`;
  claims(context, set, ordinal);
  createPod({
    client,
    events,
    owner: set,
    template: set['spec'].template,
    component: COMPONENT,
    created: `create Pod ${name} in StatefulSet ${set.metadata.name} successful`,
    adjust(pod) {
      delete pod.metadata['generateName'];
      pod.metadata['name'] = name;
      pod.metadata['labels'] = {
        ...(pod.metadata['labels'] as object),
        [NAME_LABEL]: name,
        [INDEX_LABEL]: String(ordinal),
        [REVISION_HASH]: update,
      };
      pod.spec.hostname = name;
      if (set['spec'].serviceName) pod.spec.subdomain = set['spec'].serviceName;
      const templates: KubeObject[] = set['spec'].volumeClaimTemplates ?? [];
      const own = templates.map(({ metadata }) => ({
        name: metadata.name,
        persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
      }));
      const names = new Set(own.map((volume) => volume.name));
      if (own.length > 0)
        pod.spec.volumes = [...(pod.spec.volumes ?? []).filter((volume) => !names.has(volume.name)), ...own];
    },
  });
}

/** The claims of a pod, which outlive it. */
function claims({ store, client, events }: ControllerContext, set: KubeObject, ordinal: number): void {
  const { namespace, name } = set.metadata;
  const deletes = set['spec'].persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
  for (const template of (set['spec'].volumeClaimTemplates ?? []) as KubeObject[]) {
    const claimName = `${template.metadata.name}-${name}-${ordinal}`;
    if (store.get('persistentvolumeclaims', namespace, claimName)) continue;
    const labels = { ...template.metadata.labels, ...set['spec'].selector?.matchLabels };
    client.create('persistentvolumeclaims', {
      metadata: {
        name: claimName,
        namespace: namespace as string,
        labels,
        ...(deletes && { ownerReferences: [controllerReference(set)] }),
      },
      spec: template['spec'],
    });
    const text = `create Claim ${claimName} Pod ${name}-${ordinal} in StatefulSet ${name} success`;
    events.record(set, 'Normal', 'SuccessfulCreate', text, { component: COMPONENT });
  }
}

function writeStatus(
  { store, client, clock }: ControllerContext,
  seen: KubeObject,
  pods: Pod[],
  { update, current }: Revisions,
): number | undefined {
  const set = store.get(SETS, seen.metadata.namespace, seen.metadata.name);
  if (!set) return undefined;
  const min: number = set['spec'].minReadySeconds ?? 0;
  const live = pods.filter((pod) => !pod.metadata.deletionTimestamp);
  const ofRevision = (name: string) => live.filter(({ metadata }) => metadata.labels?.[REVISION_HASH] === name).length;
  const ready = live.filter(podReady).length;
  const done = ofRevision(update) === (set['spec'].replicas ?? 1) && ready === ofRevision(update);
  const available = live.filter((pod) => podAvailable(pod, min, clock.now())).length;
  const now = done ? update : current;
  const status = {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: ready || undefined,
    currentReplicas: ofRevision(now) || undefined,
    updatedReplicas: ofRevision(update) || undefined,
    availableReplicas: available,
    currentRevision: now,
    updateRevision: update,
    collisionCount: set['status']?.collisionCount ?? 0,
  };
  const plain = JSON.parse(JSON.stringify(status));
  if (!equal(plain, set['status'])) client.updateStatus(SETS, { ...set, status: plain });
  return min > 0 && available < ready ? min * 1000 : undefined;
}
