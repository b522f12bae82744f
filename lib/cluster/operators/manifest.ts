// What operators put into a cluster: objects that are made again when somebody deletes them.
import type { ControllerContext } from '../controllers/controller';
import { equal } from '../controllers/equal';
import type { Container, PodSpec } from '../kinds';
import type { KubeObject, ObjectInput, ResourceId } from '../store/types';

export interface Manifest {
  resource: ResourceId;
  object: ObjectInput & { metadata: { name: string; namespace?: string } };
}

/** Creates what is missing. */
export function ensure({ store, client, serves }: ControllerContext, manifests: readonly Manifest[]): void {
  for (const { resource, object } of manifests) {
    const { namespace, name } = object.metadata;
    if (serves(resource) && !store.get(resource, namespace, name)) client.create(resource, object);
  }
}

/** Creates an object, or sets what it asks for and the stored one has otherwise; what others added stays. */
export function apply(context: ControllerContext, { resource, object }: Manifest): KubeObject {
  const { store, client } = context;
  const { namespace, name } = object.metadata;
  const old = store.get(resource, namespace, name);
  if (!old) return client.create(resource, object);
  return covers(old, object) ? old : client.update(resource, merged(old, object) as KubeObject);
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Maps that are taken whole, as lists are: an entry that is not asked for must go. */
const WHOLE = new Set(['data', 'nodeSelector', 'matchLabels', 'selector']);

/** Whether everything wanted is there; the server's defaults may stand beside it. */
function covers(have: unknown, want: unknown): boolean {
  if (Array.isArray(want))
    return Array.isArray(have) && have.length === want.length && want.every((each, i) => covers(have[i], each));
  if (!isMap(want)) return equal(have, want);
  return (
    isMap(have) &&
    Object.entries(want).every(
      ([key, value]) => value === undefined || (WHOLE.has(key) ? equal(have[key], value) : covers(have[key], value)),
    )
  );
}

function merged(have: unknown, want: unknown): unknown {
  if (!isMap(have) || !isMap(want)) return want;
  const fields = Object.entries(want).map(([key, value]) => [key, WHOLE.has(key) ? value : merged(have[key], value)]);
  return { ...have, ...Object.fromEntries(fields) };
}

const PLATFORM_IMAGE = 'quay.io/openshift-release-dev/ocp-v4.0-art-dev';
export const DNS_IMAGE = 'quay.io/openshift-release-dev/coredns';
export const ROUTER_IMAGE = 'quay.io/openshift-release-dev/haproxy-router';

/** A container of the platform. */
export const container = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  image: PLATFORM_IMAGE,
  imagePullPolicy: 'IfNotPresent',
  resources: { requests: { cpu: '10m', memory: '50Mi' } },
  terminationMessagePolicy: 'FallbackToLogsOnError',
  ...more,
});

export interface WorkloadPlan {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  containers: Container[];
  /** Deployments only. */
  replicas?: number;
  /** `masters`: beside the control plane; `all`: every node. */
  where: 'masters' | 'workers' | 'all';
  spec?: Partial<PodSpec>;
}

const MASTER = 'node-role.kubernetes.io/master';

function template({ labels, containers, where, spec, name }: WorkloadPlan) {
  return {
    metadata: {
      labels,
      annotations: { 'target.workload.openshift.io/management': '{"effect": "PreferredDuringScheduling"}' },
    },
    spec: {
      containers,
      nodeSelector: { 'kubernetes.io/os': 'linux', ...(where === 'masters' && { [MASTER]: '' }) },
      priorityClassName: 'system-cluster-critical',
      ...(where !== 'workers' && {
        tolerations: [
          where === 'all' ? { operator: 'Exists' } : { key: MASTER, operator: 'Exists', effect: 'NoSchedule' },
        ],
      }),
      serviceAccountName: name === 'default' ? 'default' : name,
      ...spec,
    },
  };
}

/** A deployment with its service account. */
export const deploymentOf = (plan: WorkloadPlan): Manifest[] => [
  account(plan),
  {
    resource: 'deployments.apps',
    object: {
      metadata: { name: plan.name, namespace: plan.namespace, labels: plan.labels },
      spec: { replicas: plan.replicas ?? 1, selector: { matchLabels: plan.labels }, template: template(plan) },
    },
  },
];

/** A daemon set with its service account. */
export const daemonSetOf = (plan: WorkloadPlan): Manifest[] => [
  account(plan),
  {
    resource: 'daemonsets.apps',
    object: {
      metadata: { name: plan.name, namespace: plan.namespace, labels: plan.labels },
      spec: {
        selector: { matchLabels: plan.labels },
        template: template(plan),
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      },
    },
  },
];

const account = ({ namespace, name }: WorkloadPlan): Manifest => ({
  resource: 'serviceaccounts',
  object: { metadata: { name, namespace } },
});
