// Services that `oc idle` put to sleep wake when somebody calls them: the network says so with an event, and the controller
// scales what is behind them. ovn-kubernetes pkg/ovn/controller/unidling; openshift-controller-manager pkg/unidling.
// DIFFERS: with every network plug-in, where in truth OVN-Kubernetes' and OpenShift SDN's do it.
import type { Client } from './api/client';
import type { EventRecorder } from './events';
import type { ObjectStore } from './store/store';
import type { KubeObject } from './store/types';

const AT = 'idling.alpha.openshift.io/idled-at';
const TARGETS = 'idling.alpha.openshift.io/unidle-targets';
const BEFORE = 'idling.alpha.openshift.io/previous-scale';
const WOKEN = 'k8s.ovn.org/unidled-at';

interface Target {
  kind: string;
  name: string;
  group?: string;
  replicas: number;
}

interface Parts {
  store: ObjectStore;
  client: Client;
  events: EventRecorder;
  timestamp: () => string;
}

const RESOURCES: Record<string, string> = {
  'apps/Deployment': 'deployments.apps',
  'apps/ReplicaSet': 'replicasets.apps',
  'apps.openshift.io/DeploymentConfig': 'deploymentconfigs.apps.openshift.io',
  '/ReplicationController': 'replicationcontrollers',
};

const without = (annotations: Record<string, string> | undefined, ...names: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => !names.includes(name)));

const targetsOf = ({ metadata: { annotations } }: KubeObject): Target[] => {
  try {
    return JSON.parse(annotations?.[TARGETS] ?? '[]');
  } catch {
    return []; // somebody wrote into it
  }
};

/** Somebody called the service: it and all that is behind it come back. */
export function unidle({ store, client, events, timestamp }: Parts, namespace: string, name: string): void {
  const service = store.get('services', namespace, name);
  if (!service?.metadata.annotations?.[AT]) return;
  events.record(service, 'Normal', 'NeedPods', `The service ${name} needs pods`, { component: 'kube-proxy' });
  for (const { kind, name: target, group = '', replicas } of targetsOf(service)) {
    const resource = RESOURCES[`${group}/${kind}`];
    const found = resource && store.get(resource, namespace, target);
    if (!resource || !found) continue;
    const annotations = without(found.metadata.annotations, AT, BEFORE);
    const spec = found['spec'];
    client.update(resource, {
      ...found,
      metadata: { ...found.metadata, annotations },
      spec: { ...spec, replicas: spec.replicas || replicas },
    });
  }
  for (const resource of ['endpoints', 'services']) {
    const found = store.get(resource, namespace, name);
    if (!found) continue;
    const woken = resource === 'services' ? { [WOKEN]: timestamp() } : {};
    const annotations = { ...without(found.metadata.annotations, AT, TARGETS), ...woken };
    client.update(resource, { ...found, metadata: { ...found.metadata, annotations } });
  }
}
