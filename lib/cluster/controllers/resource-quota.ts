// Keeps the usage of quotas in their status. kubernetes pkg/controller/resourcequota.
import { quotaUsage, usageText } from '../resources/quota/usage';
import type { KubeObject } from '../store/types';
import { type MakeController, splitKey } from './controller';
import { equal } from './equal';

const COUNTED = [
  'pods',
  'services',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'deployments.apps',
  'jobs.batch',
];

export const resourceQuota: MakeController = ({ store, client }) => {
  const quotasOf = ({ object, type, old }: { object: KubeObject; type: string; old?: KubeObject }): string[] => {
    const same =
      type === 'MODIFIED' && old?.['spec'] === object['spec'] && old?.['status']?.phase === object['status']?.phase;
    if (same) return [];
    const { namespace } = object.metadata;
    return store.list('resourcequotas', namespace).map(({ metadata }) => `${namespace}/${metadata.name}`);
  };
  return {
    name: 'resourcequota',
    watches: {
      resourcequotas: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      ...Object.fromEntries(COUNTED.map((resource) => [resource, quotasOf])),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const quota = store.get('resourcequotas', namespace, name);
      if (!quota) return undefined;
      const hard: Record<string, string> = quota['spec']?.hard ?? {};
      const usage = quotaUsage(store, quota);
      const used = Object.fromEntries(
        Object.entries(hard).map(([each, limit]) => [each, usageText(usage[each] ?? 0, limit)]),
      );
      if (!equal({ hard, used }, quota['status']))
        client.updateStatus('resourcequotas', { ...quota, status: { hard, used } });
      return undefined;
    },
  };
};
