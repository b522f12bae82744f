// Cilium's own objects: an endpoint a pod with the identity of its labels, and a node object a node.
import { type Controller, splitKey } from '../controllers/controller';
import type { Pod } from '../kinds';
import type { KubeObject } from '../store/types';
import { drop, internalAddress, type PluginContext, put } from './contract';

const ENDPOINTS = 'ciliumendpoints.cilium.io';
const IDENTITIES = 'ciliumidentities.cilium.io';
const NODES = 'ciliumnodes.cilium.io';
const FIRST_IDENTITY = 256; // lower ones are reserved: host, world, health…
const IDENTITY_COUNT = 65_280;

export function ciliumObjects(context: PluginContext): Controller {
  return {
    name: 'cilium-operator',
    watches: {
      pods: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      nodes: ({ object }) => [`/${object.metadata.name}`],
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      if (namespace === '') ciliumNode(context, name);
      else ciliumEndpoint(context, namespace, name);
      return undefined;
    },
  };
}

function ciliumNode(context: PluginContext, name: string): void {
  const node = context.store.get('nodes', undefined, name);
  if (!node) return drop(context, NODES, context.store.get(NODES, undefined, name));
  const podCIDRs = context.addresses.subnets(name);
  const router = podCIDRs[0]?.replace(/\.\d+\/\d+$/, '.1') ?? '';
  put(context, NODES, {
    metadata: { name },
    spec: {
      addresses: [
        { ip: internalAddress(node), type: 'InternalIP' },
        { ip: router, type: 'CiliumInternalIP' },
      ],
      health: {},
      ipam: { podCIDRs },
    },
  });
}

function ciliumEndpoint(context: PluginContext, namespace: string, name: string): void {
  const pod = context.store.get('pods', namespace, name) as Pod | undefined;
  const old = context.store.get(ENDPOINTS, namespace, name);
  const ips = pod?.status?.podIPs?.map(({ ip }) => ip) ?? [];
  const over = pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed';
  if (!pod || over || pod.spec.hostNetwork || ips.length === 0) return drop(context, ENDPOINTS, old);
  const { id, labels } = identityOf(context, pod);
  const [ipv4] = ips.filter((ip) => !ip.includes(':'));
  const [ipv6] = ips.filter((ip) => ip.includes(':'));
  put(context, ENDPOINTS, {
    metadata: { name, namespace, ...(pod.metadata.labels ? { labels: pod.metadata.labels } : {}) },
    status: {
      'external-identifiers': { 'k8s-namespace': namespace, 'k8s-pod-name': name, 'pod-name': `${namespace}/${name}` },
      id: (id % 4000) + 1,
      identity: { id, labels },
      networking: {
        addressing: [{ ...(ipv4 ? { ipv4 } : {}), ...(ipv6 ? { ipv6 } : {}) }],
        node: pod.status?.hostIP ?? '',
      },
      state: 'ready',
    },
  });
}

/** Pods of the same labels in the same namespace are one identity to Cilium. */
function identityOf(context: PluginContext, { metadata, spec }: Pod): { id: number; labels: string[] } {
  const { store, client } = context;
  const own = Object.entries(metadata.labels ?? {}).map(([key, value]) => `k8s:${key}=${value}`);
  const labels = [
    ...own,
    'k8s:io.cilium.k8s.policy.cluster=default',
    `k8s:io.cilium.k8s.policy.serviceaccount=${spec.serviceAccountName ?? 'default'}`,
    `k8s:io.kubernetes.pod.namespace=${metadata.namespace}`,
  ].sort();
  const securityLabels = Object.fromEntries(labels.map((label) => splitLabel(label)));
  const text = JSON.stringify(securityLabels);
  const all = store.list(IDENTITIES);
  const known = all.find((each: KubeObject) => JSON.stringify(each['security-labels']) === text);
  if (known) return { id: Number(known.metadata.name), labels };
  const taken = new Set(all.map((each) => Number(each.metadata.name)));
  let id = FIRST_IDENTITY + context.random.int(IDENTITY_COUNT);
  while (taken.has(id)) id = FIRST_IDENTITY + ((id - FIRST_IDENTITY + 1) % IDENTITY_COUNT);
  client.create(IDENTITIES, {
    metadata: { name: String(id), labels: { 'io.kubernetes.pod.namespace': metadata.namespace ?? '' } },
    'security-labels': securityLabels,
  });
  return { id, labels };
}

function splitLabel(label: string): [string, string] {
  const at = label.indexOf('=');
  return [label.slice(0, at), label.slice(at + 1)];
}
