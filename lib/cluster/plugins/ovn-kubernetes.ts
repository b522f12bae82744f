// What OVN-Kubernetes' cluster manager does with its users' objects: gives egress addresses to nodes that may hold them, and
// says of egress firewalls that they are applied (go-controller/pkg/clustermanager/egressip_controller.go).
import { Cidr, canonical, parseAddress } from '../../network/address';
import { type Controller, splitKey } from '../controllers/controller';
import type { KubeObject } from '../store/types';
import { internalAddress, type PluginContext } from './contract';

const EGRESS_IPS = 'egressips.k8s.ovn.org';
const FIREWALLS = 'egressfirewalls.k8s.ovn.org';
const ASSIGNABLE = 'k8s.ovn.org/egress-assignable';

interface Item {
  egressIP: string;
  node: string;
}

/** `machineNetwork`: egress addresses lie on it, or nobody would bring replies back. */
export function ovnObjects(context: PluginContext, machineNetwork: string): Controller {
  const { store } = context;
  const machine = Cidr.parse(machineNetwork);
  return {
    name: 'ovnkube-cluster-manager',
    watches: {
      [EGRESS_IPS]: ({ type, object }) => (type === 'DELETED' ? all(context) : [`egressip/${object.metadata.name}`]),
      [FIREWALLS]: ({ type, object }) =>
        type === 'DELETED' ? [] : [`${object.metadata.namespace}/${object.metadata.name}`],
      nodes: ({ type }) => [
        ...all(context),
        ...(type === 'MODIFIED'
          ? []
          : store.list(FIREWALLS).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)),
      ],
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      if (namespace === 'egressip') assign(context, machine, store.get(EGRESS_IPS, undefined, name));
      else firewall(context, store.get(FIREWALLS, namespace, name));
      return undefined;
    },
  };
}

const isReady = (node: KubeObject): boolean =>
  (node['status']?.conditions ?? []).some(
    ({ type, status }: { type: string; status: string }) => type === 'Ready' && status === 'True',
  );

const all = ({ store }: PluginContext): string[] =>
  store.list(EGRESS_IPS).map(({ metadata }) => `egressip/${metadata.name}`);

/** Each node, a zone of its own, says what became of the rules; one that is none keeps all from being applied. */
function firewall({ client, store }: PluginContext, found: KubeObject | undefined): void {
  if (!found) return;
  const wrong = ((found['spec']?.egress ?? []) as { to: { cidrSelector?: string } }[])
    .flatMap(({ to }) => to.cidrSelector ?? [])
    .filter((text) => !Cidr.find(text))
    .map(
      (text) =>
        `cannot create EgressFirewall Rule to destination ${text} for namespace ${found.metadata.namespace}: invalid CIDR address: ${text}`,
    );
  const status = wrong.length > 0 ? 'EgressFirewall Rules not correctly applied' : 'EgressFirewall Rules applied';
  const message = [status, ...(wrong.length > 0 ? [wrong.join('\n')] : [])].join(': ');
  const messages = store.list('nodes').map(({ metadata }) => `${metadata.name}: ${message}`);
  const wanted = { messages, status };
  if (JSON.stringify(found['status']?.messages) === JSON.stringify(messages)) return;
  client.update(FIREWALLS, { ...found, status: wanted });
}

function assign(context: PluginContext, machine: Cidr, found: KubeObject | undefined): void {
  if (!found) return;
  const { client, events, store } = context;
  const wanted = ((found['spec']?.egressIPs ?? []) as string[]).map(canonical);
  const nodes = store
    .list('nodes')
    .filter(({ metadata }) => metadata.labels?.[ASSIGNABLE] !== undefined)
    .filter(isReady);
  const before = ((found['status']?.items ?? []) as Item[]).filter(
    ({ egressIP, node }) => wanted.includes(egressIP) && nodes.some(({ metadata }) => metadata.name === node),
  );
  const items = [...before];
  for (const egressIP of wanted) {
    if (items.some((item) => item.egressIP === egressIP)) continue;
    const problem = whyNot(context, machine, found, egressIP);
    if (problem) {
      events.record(found, 'Warning', problem.reason, problem.text, { component: 'egressip' });
      continue;
    }
    const load = (name: string) => items.filter((item) => item.node === name).length + loadOf(context, found, name);
    const free = nodes.filter(({ metadata }) => !items.some((item) => item.node === metadata.name));
    const [best] = free.sort((a, b) => load(a.metadata.name) - load(b.metadata.name));
    if (best) items.push({ egressIP, node: best.metadata.name });
    else if (nodes.length === 0)
      events.record(
        found,
        'Warning',
        'NoMatchingNodeFound',
        `no assignable nodes for EgressIP: ${found.metadata.name}, please tag at least one node with label: ${ASSIGNABLE}`,
        { component: 'egressip' },
      );
  }
  items.sort((a, b) => wanted.indexOf(a.egressIP) - wanted.indexOf(b.egressIP));
  if (JSON.stringify(items) === JSON.stringify(found['status']?.items ?? [])) return;
  client.update(EGRESS_IPS, { ...found, status: { items } });
}

/** How many addresses of other objects a node holds. */
const loadOf = ({ store }: PluginContext, but: KubeObject, node: string): number =>
  store
    .list(EGRESS_IPS)
    .filter(({ metadata }) => metadata.name !== but.metadata.name)
    .flatMap((each) => (each['status']?.items ?? []) as Item[])
    .filter((item) => item.node === node).length;

function whyNot(
  { store }: PluginContext,
  machine: Cidr,
  found: KubeObject,
  address: string,
): { reason: string; text: string } | undefined {
  const { name } = found.metadata;
  if (!parseAddress(address))
    return {
      reason: 'InvalidEgressIP',
      text: `egress IP: ${address} for object EgressIP: ${name} is not a valid IP address`,
    };
  const holder = store.list('nodes').find((node) => internalAddress(node) === address);
  if (holder)
    return {
      reason: 'UnsupportedRequest',
      text: `Egress IP: ${address} for object EgressIP: ${name} is the IP address of node: ${holder.metadata.name}, this is unsupported`,
    };
  const other = store
    .list(EGRESS_IPS)
    .find(
      (each) =>
        each.metadata.name !== name &&
        ((each['status']?.items ?? []) as Item[]).some((item) => item.egressIP === address),
    );
  if (other)
    return {
      reason: 'UnsupportedRequest',
      text: `Egress IP: ${address} for object EgressIP: ${name} is already assigned to EgressIP: ${other.metadata.name}`,
    };
  return machine.contains(address)
    ? undefined
    : {
        reason: 'NoMatchingNodeFound',
        text: `No matching nodes found, which can host any of the egress IPs: [${address}] for object EgressIP: ${name}`,
      };
}
