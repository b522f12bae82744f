// The Cluster Network Operator's other half: what network.config/cluster and network.operator/cluster ask for is checked
// against what was applied, and refused or applied (cluster-network-operator, pkg/controller/clusterconfig and operconfig).
import { Cidr, parseAddress } from '../../network/address';
import { type NetworkConfig, type Refusal, refusal, validateNetworkConfig } from '../../network/cluster-config';
import type { ControllerContext } from '../controllers/controller';
import { setCondition } from '../controllers/deployment/status';
import { equal } from '../controllers/equal';
import type { Condition } from '../kinds';
import type { KubeObject } from '../store/types';
import { apply } from './manifest';
import type { RelatedObject } from './operator';

export const CONFIG = 'networks.config.openshift.io';
export const OPERATOR = 'networks.operator.openshift.io';
const NAMESPACE = 'openshift-network-operator';
const ATTACHMENTS = 'network-attachment-definitions.k8s.cni.cncf.io';

interface AdditionalNetwork {
  name?: string;
  namespace?: string;
  type: string;
  rawCNIConfig?: string;
  simpleMacvlanConfig?: MacvlanConfig;
}

interface MacvlanConfig {
  master?: string;
  mode?: string;
  mtu?: number;
  ipamConfig?: {
    type?: string;
    staticIPAMConfig?: {
      addresses?: { address: string; gateway?: string }[];
      routes?: { destination: string; gateway?: string }[];
    };
  };
}

/** Reads both objects and acts on them; gives the Degraded condition. */
export function configureNetwork(context: ControllerContext): Condition[] {
  const wrong = reconcile(context);
  const degraded: Condition = wrong
    ? { type: 'Degraded', status: 'True', ...wrong }
    : { type: 'Degraded', status: 'False', reason: '', message: '' };
  reflect(context, degraded);
  return [degraded];
}

interface Wrong {
  reason: Refusal['reason'] | 'NoOperatorConfig' | 'NoClusterConfig';
  message: string;
}

function reconcile(context: ControllerContext): Wrong | undefined {
  const { store, serves } = context;
  if (!serves(CONFIG) || !serves(OPERATOR)) return undefined;
  const config = store.get(CONFIG, undefined, 'cluster');
  const asked = config && clusterConfigError(config);
  if (asked) return asked;
  const oper = merge(context, config);
  if (!oper) return { reason: 'NoOperatorConfig', message: 'Operator configuration cluster was deleted' };
  const [problem] = (oper['spec'].additionalNetworks ?? []).flatMap(additionalProblems);
  if (problem) {
    const message = `The operator configuration is invalid ([${problem}]). Use 'oc edit network.operator.openshift.io cluster' to fix.`;
    return { reason: 'InvalidOperatorConfig', message };
  }
  const before = applied(context);
  const after = filled(oper['spec'], before);
  const wrong = refusal(before, after) ?? unsupported(after);
  if (wrong) return wrong;
  remember(context, after);
  publish(context, config, after);
  attach(context, oper['spec'].additionalNetworks ?? []);
  return undefined;
}

const MACVLAN_MODES = ['Bridge', 'Private', 'VEPA', 'Passthru'];
const isAddress = (text: string | undefined): boolean => !text || parseAddress(text) !== undefined;

/** cluster-network-operator, pkg/network/additional_networks.go. */
function additionalProblems({ name, type, rawCNIConfig = '', simpleMacvlanConfig }: AdditionalNetwork): string[] {
  if (type !== 'Raw' && type !== 'SimpleMacvlan') return [`unknown or unsupported NetworkType: ${type}`];
  const problems = name ? [] : ['Additional Network Name cannot be nil'];
  if (type === 'Raw')
    return isObject(rawCNIConfig) ? problems : [...problems, `failed to Unmarshal RawCNIConfig: ${rawCNIConfig}`];
  const { mode, ipamConfig } = simpleMacvlanConfig ?? {};
  if (mode && !MACVLAN_MODES.includes(mode)) problems.push(`invalid Macvlan mode: ${mode}`);
  if (ipamConfig && ipamConfig.type !== 'Static' && ipamConfig.type !== 'DHCP')
    problems.push(`invalid IPAM type: ${ipamConfig.type ?? ''}`);
  const { addresses = [], routes = [] } = ipamConfig?.staticIPAMConfig ?? {};
  for (const { address, gateway } of addresses) {
    if (!Cidr.find(address)) problems.push(`invalid static address: invalid CIDR address: ${address}`);
    if (!isAddress(gateway)) problems.push(`invalid gateway: ${gateway}`);
  }
  for (const { destination, gateway } of routes) {
    if (!Cidr.find(destination)) problems.push(`invalid route destination: invalid CIDR address: ${destination}`);
    if (!isAddress(gateway)) problems.push(`invalid gateway: ${gateway}`);
  }
  return problems;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The CNI configuration of a network. */
function cniConfig({ name, type, rawCNIConfig = '', simpleMacvlanConfig = {} }: AdditionalNetwork): string {
  if (type === 'Raw') return rawCNIConfig;
  const { master, mode, mtu, ipamConfig } = simpleMacvlanConfig;
  const { addresses = [], routes = [] } = ipamConfig?.staticIPAMConfig ?? {};
  const ipam =
    ipamConfig?.type === 'Static'
      ? {
          type: 'static',
          ...(routes.length > 0 && {
            routes: routes.map(({ destination, gateway }) => ({ dst: destination, gw: gateway })),
          }),
          ...(addresses.length > 0 ? { addresses } : { capabilities: ['ips'] }),
        }
      : { type: 'dhcp' };
  const config = {
    cniVersion: '0.3.1',
    name,
    type: 'macvlan',
    ...(master && { master }),
    ...(mode && { mode: mode.toLowerCase() }),
  };
  return JSON.stringify({ ...config, ...(mtu && { mtu }), ipam });
}

function clusterConfigError({ spec }: KubeObject): Wrong | undefined {
  const { clusterNetwork = [], serviceNetwork = [], networkType = '' } = spec ?? {};
  const [first] = validateNetworkConfig({ clusterNetwork, serviceNetwork, defaultNetwork: { type: networkType } });
  if (first === undefined) return undefined;
  const message = `The cluster configuration is invalid (${first}). Use 'oc edit network.config.openshift.io cluster' to fix.`;
  return { reason: 'InvalidClusterConfig', message };
}

/** What the cluster's configuration says goes before the operator's own. */
function merge({ store, client }: ControllerContext, config: KubeObject | undefined): KubeObject | undefined {
  const oper = store.get(OPERATOR, undefined, 'cluster');
  if (!oper || !config) return oper;
  const { clusterNetwork, serviceNetwork, networkType } = config['spec'];
  const defaultNetwork = { ...oper['spec'].defaultNetwork, type: networkType };
  const spec = { ...oper['spec'], clusterNetwork, serviceNetwork, defaultNetwork };
  return equal(spec, oper['spec']) ? oper : client.update(OPERATOR, { ...oper, spec });
}

const MAP = `applied-cluster`;

function applied({ store }: ControllerContext): NetworkConfig | undefined {
  const text = store.get('configmaps', NAMESPACE, MAP)?.['data']?.applied;
  try {
    return text ? (JSON.parse(text) as NetworkConfig) : undefined;
  } catch {
    return undefined; // somebody wrote into it: what stands in the objects counts
  }
}

/** What was left out keeps the value that was applied. */
function filled(spec: NetworkConfig, before: NetworkConfig | undefined): NetworkConfig {
  const own = { ...before?.defaultNetwork, ...spec.defaultNetwork };
  return { ...spec, defaultNetwork: own };
}

function unsupported({ migration }: NetworkConfig): Wrong | undefined {
  const what = migration?.mtu ? 'migration.mtu' : migration?.networkType ? 'migration.networkType' : undefined;
  if (!what) return undefined;
  return {
    reason: 'InvalidOperatorConfig',
    message: `Not applying unsafe configuration change: invalid configuration: [not supported: spec.${what}: the network of this cluster stays as it was installed]. Use 'oc edit network.operator.openshift.io cluster' to undo the change.`,
  };
}

function remember(context: ControllerContext, config: NetworkConfig): void {
  const data = { applied: JSON.stringify(config) };
  apply(context, { resource: 'configmaps', object: { metadata: { name: MAP, namespace: NAMESPACE }, data } });
}

/** The status of network.config/cluster says what holds. */
function publish({ store }: ControllerContext, config: KubeObject | undefined, after: NetworkConfig): void {
  if (!config) return;
  const { clusterNetwork, serviceNetwork, defaultNetwork } = after;
  const { clusterNetworkMTU } = config['status'] ?? {};
  const status = {
    ...config['status'],
    clusterNetwork,
    serviceNetwork,
    networkType: defaultNetwork.type,
    ...(clusterNetworkMTU !== undefined && { clusterNetworkMTU }),
  };
  if (!equal(status, config['status'])) store.updateStatus(CONFIG, { ...config, status });
}

/** `additionalNetworks` become attachment definitions of Multus. */
function attach(context: ControllerContext, networks: readonly AdditionalNetwork[]): void {
  const { store, client, serves } = context;
  if (!serves(ATTACHMENTS)) return;
  const wanted = new Set(networks.map(({ name, namespace = 'default' }) => `${namespace}/${name}`));
  for (const { metadata } of store.list(ATTACHMENTS))
    if (metadata.labels?.[OWNED] !== undefined && !wanted.has(`${metadata.namespace}/${metadata.name}`))
      client.delete(ATTACHMENTS, metadata.namespace, metadata.name);
  for (const network of networks) {
    const { name = '', namespace = 'default' } = network;
    if (!store.get('namespaces', undefined, namespace)) continue;
    const metadata = { name, namespace, labels: { [OWNED]: '' } };
    apply(context, { resource: ATTACHMENTS, object: { metadata, spec: { config: cniConfig(network) } } });
  }
}

const OWNED = 'networkoperator.openshift.io/additional-network';

/** network.operator/cluster carries the condition, too. */
function reflect({ store, serves, clock }: ControllerContext, degraded: Condition): void {
  const oper = serves(OPERATOR) ? store.get(OPERATOR, undefined, 'cluster') : undefined;
  if (!oper) return;
  const before: Condition[] = oper['status']?.conditions ?? [];
  const { reason, message, ...bare } = degraded;
  const next: Condition = { ...bare, ...(reason && { reason }), ...(message && { message }) };
  const conditions = setCondition(before, next, clock.timestamp()).map(({ lastUpdateTime: _, ...each }) => each);
  if (!equal(conditions, before)) store.updateStatus(OPERATOR, { ...oper, status: { ...oper['status'], conditions } });
}

export const NETWORK_RELATED: readonly RelatedObject[] = [
  { group: '', resource: 'configmaps', name: MAP, namespace: NAMESPACE },
  { group: 'config.openshift.io', resource: 'networks', name: 'cluster' },
  { group: 'operator.openshift.io', resource: 'networks', name: 'cluster' },
];
