// OpenShift SDN's own objects: the cluster network, a subnet a node, a virtual network a project, and what
// `oc adm pod-network` asks of them (openshift/sdn, pkg/network/master/vnids.go).
import { hash32 } from '../../sim/random';
import { type Controller, splitKey } from '../controllers/controller';
import type { KubeObject } from '../store/types';
import { drop, internalAddress, type PluginContext, put } from './contract';

const GROUP = 'network.openshift.io';
const NET_NAMESPACES = `netnamespaces.${GROUP}`;
const CHANGE = 'pod.network.openshift.io/multitenant.change-network';
const FIRST_ID = 10; // lower ones are kept back
const LAST_ID = 0xffffff; // 24 bits of VXLAN
const GLOBAL_PROJECT = /^(default|kube-.*|openshift|openshift-.*)$/;
const PLUGIN_NAMES = {
  NetworkPolicy: 'redhat/openshift-ovs-networkpolicy',
  Multitenant: 'redhat/openshift-ovs-multitenant',
  Subnet: 'redhat/openshift-ovs-subnet',
};

export function openShiftSdnObjects(context: PluginContext): Controller {
  const { store } = context;
  return {
    name: 'sdn-controller',
    watches: {
      namespaces: ({ object }) => [`namespace/${object.metadata.name}`],
      nodes: ({ object }) => [`node/${object.metadata.name}`],
      [NET_NAMESPACES]: ({ type, object }) => (type === 'DELETED' ? [] : [`change/${object.metadata.name}`]),
    },
    reconcile(key) {
      const { namespace: kind, name } = splitKey(key);
      if (kind === 'node') hostSubnet(context, name);
      else if (kind === 'namespace') netNamespace(context, name);
      else {
        const found = store.get(NET_NAMESPACES, undefined, name);
        if (found?.metadata.annotations?.[CHANGE] !== undefined) applyChange(context, found);
      }
      return undefined;
    },
  };
}

/** The object that says how the cluster was installed. */
export function clusterNetwork(context: PluginContext): void {
  const { settings, sdnMode, mtu } = context;
  const hostSubnetLength = 32 - settings.hostPrefix;
  put(context, `clusternetworks.${GROUP}`, {
    metadata: { name: 'default' },
    clusterNetworks: [{ CIDR: settings.clusterNetwork, hostSubnetLength }],
    hostsubnetlength: hostSubnetLength,
    mtu,
    network: settings.clusterNetwork,
    pluginName: PLUGIN_NAMES[sdnMode],
    serviceNetwork: settings.serviceNetwork,
    vxlanPort: 4789,
  });
}

function hostSubnet(context: PluginContext, name: string): void {
  const resource = `hostsubnets.${GROUP}`;
  const node = context.store.get('nodes', undefined, name);
  if (!node) return drop(context, resource, context.store.get(resource, undefined, name));
  const [subnet = ''] = context.addresses.subnets(name);
  put(context, resource, { metadata: { name }, host: name, hostIP: internalAddress(node), subnet });
}

function netNamespace(context: PluginContext, name: string): void {
  const { store, client, sdnMode } = context;
  const found = store.get(NET_NAMESPACES, undefined, name);
  if (!store.get('namespaces', undefined, name)) return drop(context, NET_NAMESPACES, found);
  if (found) return;
  const global = name === 'default' || (sdnMode === 'Multitenant' && GLOBAL_PROJECT.test(name));
  const netid = global ? 0 : freeId(context, name);
  client.create(NET_NAMESPACES, { metadata: { name }, netid, netname: name });
}

function freeId({ store }: PluginContext, name: string): number {
  const taken = new Set(store.list(NET_NAMESPACES).map((each) => each['netid'] as number));
  let id = FIRST_ID + (hash32(name) % (LAST_ID - FIRST_ID));
  while (taken.has(id)) id = id === LAST_ID ? FIRST_ID : id + 1;
  return id;
}

/** `join:OTHER`, `isolate:` or `global:`; the annotation goes once it is done. */
function applyChange(context: PluginContext, object: KubeObject): void {
  const { store, client } = context;
  const { name, annotations = {} } = object.metadata;
  const [action, other = ''] = (annotations[CHANGE] ?? '').split(':');
  const { [CHANGE]: _, ...rest } = annotations;
  const joined = store.get(NET_NAMESPACES, undefined, other)?.['netid'] as number | undefined;
  const netid =
    action === 'global' ? 0 : action === 'join' ? joined : action === 'isolate' ? isolated(context, object) : undefined;
  client.update(NET_NAMESPACES, {
    ...object,
    metadata: { ...object.metadata, annotations: rest },
    ...(netid === undefined || (name === 'default' && action === 'isolate') ? {} : { netid }),
  });
}

/** A project that shares its network with nobody keeps its number. */
function isolated(context: PluginContext, object: KubeObject): number {
  const others = context.store.list(NET_NAMESPACES).filter((each) => each['netid'] === object['netid']);
  return others.length === 1 && object['netid'] !== 0
    ? (object['netid'] as number)
    : freeId(context, object.metadata.name);
}
