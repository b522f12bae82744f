// What the objects of a namespace use of a ResourceQuota: pkg/quota/v1/evaluator/core.
import type { ObjectStore } from '../../store/store';
import type { KubeObject, ResourceId } from '../../store/types';
import { canonicalQuantity, quantityValue } from '../quantity';

/** Amounts by the quota's names, as numbers in base units. */
export type Usage = Record<string, number>;

interface Container {
  name: string;
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
}

/** Short names of counted kinds; others are `count/PLURAL.GROUP`. */
const COUNTED: Record<ResourceId, string> = {
  configmaps: 'configmaps',
  persistentvolumeclaims: 'persistentvolumeclaims',
  replicationcontrollers: 'replicationcontrollers',
  resourcequotas: 'resourcequotas',
  secrets: 'secrets',
  services: 'services',
};

const finished = ({ status }: KubeObject) => status?.phase === 'Succeeded' || status?.phase === 'Failed';

const sum = (containers: Container[], list: 'limits' | 'requests', name: string): number =>
  containers.reduce((total, { resources }) => total + quantityValue(resources?.[list]?.[name]), 0);

const most = (containers: Container[], list: 'limits' | 'requests', name: string): number =>
  containers.reduce((max, { resources }) => Math.max(max, quantityValue(resources?.[list]?.[name])), 0);

/** The larger of all containers together and any init container alone. */
function podAmount({ spec }: KubeObject, list: 'limits' | 'requests', name: string): number {
  return Math.max(sum(spec.containers ?? [], list, name), most(spec.initContainers ?? [], list, name));
}

function podUsage(pod: KubeObject): Usage {
  const usage: Usage = { 'count/pods': 1 };
  if (finished(pod)) return usage;
  usage['pods'] = 1;
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    usage[name] = podAmount(pod, 'requests', name);
    usage[`requests.${name}`] = podAmount(pod, 'requests', name);
    usage[`limits.${name}`] = podAmount(pod, 'limits', name);
  }
  return usage;
}

function claimUsage({ spec }: KubeObject): Usage {
  const storage = quantityValue(spec?.resources?.requests?.storage);
  const ofClass = spec?.storageClassName ? `${spec.storageClassName}.storageclass.storage.k8s.io/` : '';
  return {
    persistentvolumeclaims: 1,
    'requests.storage': storage,
    ...(ofClass && { [`${ofClass}requests.storage`]: storage, [`${ofClass}persistentvolumeclaims`]: 1 }),
  };
}

function serviceUsage({ spec }: KubeObject): Usage {
  const ports = (spec?.ports ?? []).length;
  const balanced = spec?.type === 'LoadBalancer';
  const nodePorts =
    spec?.type === 'NodePort' || (balanced && spec?.allocateLoadBalancerNodePorts !== false) ? ports : 0;
  return { services: 1, 'services.nodeports': nodePorts, 'services.loadbalancers': balanced ? 1 : 0 };
}

/** What one object uses. */
export function objectUsage(resource: ResourceId, object: KubeObject): Usage {
  const count = { [`count/${resource}`]: 1 };
  if (resource === 'pods') return podUsage(object);
  if (resource === 'persistentvolumeclaims') return { ...count, ...claimUsage(object) };
  if (resource === 'services') return { ...count, ...serviceUsage(object) };
  const short = COUNTED[resource];
  return short ? { ...count, [short]: 1 } : count;
}

const bestEffort = ({ status }: KubeObject) => status?.qosClass === 'BestEffort';
const terminating = ({ spec }: KubeObject) => spec?.activeDeadlineSeconds !== undefined;

const SCOPES: Record<string, (pod: KubeObject) => boolean> = {
  BestEffort: bestEffort,
  NotBestEffort: (pod) => !bestEffort(pod),
  Terminating: terminating,
  NotTerminating: (pod) => !terminating(pod),
};

/** Whether a quota's scopes cover an object; scopes only speak of pods. */
export function inScope({ spec }: KubeObject, resource: ResourceId, object: KubeObject): boolean {
  const selected: { scopeName: string; operator: string; values?: string[] }[] =
    spec?.scopeSelector?.matchExpressions ?? [];
  const scopes: string[] = [
    ...(spec?.scopes ?? []),
    ...selected.filter(({ scopeName }) => SCOPES[scopeName]).map(({ scopeName }) => scopeName),
  ];
  const classes = selected.filter(({ scopeName }) => scopeName === 'PriorityClass');
  if (scopes.length + classes.length === 0) return true;
  if (resource !== 'pods') return false;
  const priority: string = object['spec']?.priorityClassName ?? '';
  return (
    scopes.every((scope) => SCOPES[scope]?.(object) ?? true) &&
    classes.every(({ operator, values = [] }) =>
      operator === 'In'
        ? values.includes(priority)
        : operator === 'NotIn'
          ? !values.includes(priority)
          : operator === 'Exists'
            ? priority !== ''
            : priority === '',
    )
  );
}

/** The resources that a quota's names are about. */
function resourcesOf(names: readonly string[]): Set<ResourceId> {
  const list = new Set<ResourceId>();
  for (const name of names) {
    if (name.startsWith('count/')) list.add(name.slice('count/'.length));
    else if (/^(pods|cpu|memory|ephemeral-storage|limits\.|requests\.(cpu|memory|ephemeral-storage))/.test(name))
      list.add('pods');
    else if (name.startsWith('services')) list.add('services');
    else if (name.includes('storage') || name.startsWith('persistentvolumeclaims')) list.add('persistentvolumeclaims');
    else list.add(name);
  }
  return list;
}

/** Everything that counts against a quota, by its own names. */
export function quotaUsage(store: ObjectStore, quota: KubeObject): Usage {
  const names = Object.keys(quota['spec']?.hard ?? {});
  const usage: Usage = Object.fromEntries(names.map((name) => [name, 0]));
  for (const resource of resourcesOf(names))
    for (const object of store.list(resource, quota.metadata.namespace)) {
      if (!inScope(quota, resource, object)) continue;
      for (const [name, amount] of Object.entries(objectUsage(resource, object)))
        if (usage[name] !== undefined) usage[name] += amount;
    }
  return usage;
}

/** An amount in the notation of the limit it is compared with. */
export const usageText = (amount: number, like: string): string =>
  canonicalQuantity(/[KMGTPE]i$/.test(like) && Number.isInteger(amount) ? `${amount / 1024}Ki` : String(amount));
