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

/** Creates an object, or sets the fields of it that differ. */
export function apply(context: ControllerContext, { resource, object }: Manifest): KubeObject {
  const { store, client } = context;
  const { namespace, name } = object.metadata;
  const old = store.get(resource, namespace, name);
  if (!old) return client.create(resource, object);
  const { metadata: _, ...fields } = object;
  const same = Object.entries(fields).every(([key, value]) => equal(old[key], value));
  return same ? old : client.update(resource, { ...old, ...fields });
}

const PLATFORM_IMAGE = 'quay.io/openshift-release-dev/ocp-v4.0-art-dev';
export const DNS_IMAGE = 'quay.io/openshift-release-dev/coredns';

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
