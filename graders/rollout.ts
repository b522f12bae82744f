// Has a workload been rolled out: do as many pods of its present template run and serve as it asks for?
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens } from '../lib/grading/contract';
import { findObjects, isOfTemplate, readyOf, readyPods, title, whyNotReady } from './objects';
import { name, text, whole } from './parameters';

const GROUPS = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  DeploymentConfig: 'apps.openshift.io/v1',
  ReplicaSet: 'apps/v1',
} as const;

const parameters = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'DeploymentConfig', 'ReplicaSet']).default('Deployment'),
  namespace: name,
  name,
  replicas: whole(0, 1000).optional().describe('Exactly so many; else as many as it asks for, one at least.'),
});

export const rollout = defineGrader<z.infer<typeof parameters>>({
  name: 'rollout',
  summary: 'A workload is rolled out: its pods run and are ready. The status alone does not count.',
  example: { kind: 'Deployment', namespace: 'shop', name: 'db', replicas: 2 },
  parameters,
  expects: ({ replicas, ...given }, not) =>
    `${title({ ...given, apiVersion: '' })} is ${not ? 'not ' : ''}rolled out${replicas === undefined ? '' : ` with ${replicas} pods`}`,
  async look(lens, given) {
    const found = await findObjects(lens, { apiVersion: GROUPS[given.kind], ...given });
    if (typeof found === 'string') return { holds: 0, observed: found, why: found, moot: true };
    const workload = found[0] as KubeObject;
    const wanted = Math.max(given.replicas ?? Number(asked(workload)), given.replicas === 0 ? 0 : 1);
    const pods = await podsOf(lens, given.namespace, workload);
    const running = await readyPods(lens, pods);
    const ready = running.filter((pod) => isOfTemplate(pod, workload['spec']?.template));
    const observed = readyOf(ready.length, pods.length);
    if (ready.length === wanted && pods.length === wanted) return { holds: 1, observed, why: '' };
    const waiting = pods.find((pod) => !ready.includes(pod));
    const why = waiting
      ? running.includes(waiting)
        ? `pod ${waiting.metadata.name} is of an earlier template`
        : whyNotReady(waiting)
      : `${title({ ...given, apiVersion: '' })} asks for ${asked(workload)} pods`;
    return { holds: wanted === 0 ? 0 : pods.length > wanted ? 0 : ready.length / wanted, observed, why };
  },
});

const asked = ({ kind, spec, status }: KubeObject) =>
  kind === 'DaemonSet' ? (status?.desiredNumberScheduled ?? 0) : (spec?.replicas ?? 1);

/** What stands between a workload and its pods. */
const BETWEEN: Record<string, string> = {
  Deployment: '/apis/apps/v1/namespaces/NAMESPACE/replicasets',
  DeploymentConfig: '/api/v1/namespaces/NAMESPACE/replicationcontrollers',
};

const ownedBy = ({ metadata }: KubeObject, owners: readonly KubeObject[]): boolean =>
  ((metadata['ownerReferences'] ?? []) as { uid: string }[]).some(({ uid }) =>
    owners.some((owner) => owner.metadata.uid === uid),
  );

/** Its own pods, of those that its selector finds and that carry its present template's labels. */
async function podsOf(lens: Lens, namespace: string, workload: KubeObject): Promise<KubeObject[]> {
  const { spec, kind } = workload;
  const labels = (kind === 'DeploymentConfig' ? spec?.selector : spec?.selector?.matchLabels) as Record<string, string>;
  const template = (spec?.template?.metadata?.labels ?? {}) as Record<string, string>;
  if (Object.keys(labels ?? {}).length === 0) throw new Error(`a selector without labels: ${text(template)}`);
  const found = await lens.list(`/api/v1/namespaces/${namespace}/pods`, { ...labels, ...template });
  const between = BETWEEN[kind]?.replace('NAMESPACE', namespace);
  const owners = between ? (await lens.list(between)).filter((each) => ownedBy(each, [workload])) : [workload];
  return found.filter((pod) => ownedBy(pod, owners));
}
