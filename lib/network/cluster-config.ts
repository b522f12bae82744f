// The cluster's network configuration as the Cluster Network Operator judges it: valid or not, and which later changes are
// safe (cluster-network-operator, pkg/network/render.go, ovn_kubernetes.go, openshift_sdn.go, cluster_config.go).
import { Cidr } from './address';
import type { SdnMode } from './cni/contract';

/** `spec` of `network.operator/cluster`, with what `network.config/cluster` says merged in. */
export interface NetworkConfig {
  clusterNetwork: { cidr: string; hostPrefix?: number }[];
  serviceNetwork: string[];
  defaultNetwork: {
    type: string;
    ovnKubernetesConfig?: { mtu?: number; genevePort?: number };
    openshiftSDNConfig?: { mode?: string; mtu?: number; vxlanPort?: number };
  };
  disableMultiNetwork?: boolean;
  migration?: {
    networkType?: string;
    mtu?: { network?: { from?: number; to?: number }; machine?: { to?: number } };
  };
}

const SDN_MODES: readonly SdnMode[] = ['NetworkPolicy', 'Multitenant', 'Subnet'];
const MIN_MTU_4 = 576;
const MAX_MTU = 65_536;
const MAX_PORT = 65_535;
const GENEVE_OVERHEAD = 100;
const VXLAN_OVERHEAD = 50;

/** All that is wrong with a configuration; none: it is valid. */
export function validateNetworkConfig(config: NetworkConfig): string[] {
  const errors = [...validateNetworks(config), ...validateFamilies(config)];
  if (config.defaultNetwork.type === '') errors.push('spec.networkType is required');
  return [...errors, ...validatePlugin(config)];
}

function validateNetworks({ clusterNetwork, serviceNetwork, defaultNetwork }: NetworkConfig): string[] {
  const errors: string[] = [];
  const seen: Cidr[] = [];
  const claim = (what: string, text: string) => {
    const cidr = Cidr.find(text);
    if (!cidr)
      return errors.push(
        `could not parse spec.${what} ${text}${what === 'serviceNetwork' ? `: invalid CIDR address: ${text}` : ''}`,
      );
    const other = seen.find((one) => one.overlaps(cidr));
    const title = what === 'serviceNetwork' ? 'ServiceNetwork' : 'ClusterNetwork';
    if (other)
      errors.push(`Whole or subset of ${title} CIDR ${text} is already in use: CIDRs ${other} and ${cidr} overlap`);
    return seen.push(cidr);
  };
  for (const text of serviceNetwork) claim('serviceNetwork', text);
  for (const { cidr, hostPrefix } of clusterNetwork) {
    claim('clusterNetwork', cidr);
    const block = Cidr.find(cidr);
    if (!block || hostPrefix === undefined) continue;
    const longest = block.family === 4 ? 30 : 126;
    if (hostPrefix < block.prefix) errors.push(`hostPrefix ${hostPrefix} is larger than its cidr ${cidr}`);
    if (hostPrefix > longest) errors.push(`hostPrefix ${hostPrefix} is too small, must be a /${longest} or larger`);
  }
  if (clusterNetwork.length === 0) errors.push('spec.clusterNetwork must have at least 1 entry');
  if (serviceNetwork.length === 0) errors.push('spec.serviceNetwork must have at least 1 entry');
  if (defaultNetwork.type === 'OpenShiftSDN' && serviceNetwork.length > 1)
    errors.push('ServiceNetwork must have exactly 1 entry');
  return errors;
}

const familiesOf = (texts: readonly string[]): string =>
  [...new Set(texts.map((text) => Cidr.find(text)?.family))].sort().join();

function validateFamilies({ clusterNetwork, serviceNetwork }: NetworkConfig): string[] {
  const services = serviceNetwork.flatMap((text) => Cidr.find(text)?.family ?? []);
  const errors: string[] = [];
  if (services.length > 2 || new Set(services).size < services.length)
    errors.push('spec.serviceNetwork must contain at most one IPv4 and one IPv6 network');
  if (familiesOf(serviceNetwork) !== familiesOf(clusterNetwork.map(({ cidr }) => cidr)))
    errors.push(
      'spec.clusterNetwork and spec.serviceNetwork must either both be IPv4-only, both be IPv6-only, or both be dual-stack',
    );
  return errors;
}

function validatePlugin({
  defaultNetwork: { type, ovnKubernetesConfig: ovn, openshiftSDNConfig: sdn },
}: NetworkConfig): string[] {
  const errors: string[] = [];
  const own = type === 'OVNKubernetes' ? ovn : type === 'OpenShiftSDN' ? sdn : undefined;
  if (own?.mtu !== undefined && (own.mtu < MIN_MTU_4 || own.mtu > MAX_MTU)) errors.push(`invalid MTU ${own.mtu}`);
  const isPort = (port: number | undefined) => port === undefined || (port >= 1 && port <= MAX_PORT);
  if (type === 'OVNKubernetes' && !isPort(ovn?.genevePort)) errors.push(`invalid GenevePort ${ovn?.genevePort}`);
  if (type !== 'OpenShiftSDN') return errors;
  if (sdn?.mode && !SDN_MODES.includes(sdn.mode as SdnMode)) errors.push(`invalid openshift-sdn mode "${sdn.mode}"`);
  if (!isPort(sdn?.vxlanPort)) errors.push(`invalid VXLANPort ${sdn?.vxlanPort}`);
  return errors;
}

/** What makes a change of an applied configuration unsafe; none: it may be applied. */
export function unsafeChanges(before: NetworkConfig, after: NetworkConfig): string[] {
  const type = before.defaultNetwork.type;
  if (type !== after.defaultNetwork.type) return typeChange(after);
  return [
    ...serviceChange(before, after),
    ...clusterChange(before, after),
    ...((before.disableMultiNetwork ?? false) === (after.disableMultiNetwork ?? false)
      ? []
      : ['cannot change DisableMultiNetwork']),
    ...(type === 'OVNKubernetes' ? ovnChange(before, after) : []),
    ...(type === 'OpenShiftSDN' ? sdnChange(before, after) : []),
    ...mtuMigration(before, after),
  ];
}

function typeChange({ defaultNetwork, migration }: NetworkConfig): string[] {
  if (!migration?.networkType) return ['cannot change default network type when not doing migration'];
  if (migration.networkType !== defaultNetwork.type)
    return ['can only change default network type to the target migration network type'];
  return [];
}

/** A second service network of the other family is dual stack's; anything else stays. */
function serviceChange({ serviceNetwork: before }: NetworkConfig, { serviceNetwork: after }: NetworkConfig): string[] {
  if (before.join() === after.join()) return [];
  if (before.length === after.length) return ['unsupported change to ServiceNetwork'];
  return before[0] === after[0] ? [] : ['cannot change primary ServiceNetwork when migrating to/from dual-stack'];
}

function clusterChange(before: NetworkConfig, after: NetworkConfig): string[] {
  const [old, own] = [before.clusterNetwork, after.clusterNetwork];
  const text = (list: NetworkConfig['clusterNetwork']) => list.map(({ cidr, hostPrefix }) => `${cidr} ${hostPrefix}`);
  if (text(old).join() === text(own).join()) return [];
  if (before.serviceNetwork.length !== after.serviceNetwork.length) return dualStackChange(old, own);
  if (before.defaultNetwork.type !== 'OVNKubernetes')
    return [
      `network type is ${before.defaultNetwork.type}. changing clusterNetwork entries is only supported for OVNKubernetes`,
    ];
  if (old.length !== own.length) return ['adding/removing clusterNetwork entries of the same type is not supported'];
  return own.flatMap((entry, i) => entryChange(old[i] as NetworkConfig['clusterNetwork'][number], entry));
}

function dualStackChange(old: NetworkConfig['clusterNetwork'], own: NetworkConfig['clusterNetwork']): string[] {
  if (old[0]?.cidr !== own[0]?.cidr) return ['cannot change primary ClusterNetwork when migrating to/from dual-stack'];
  const [shorter, longer] = old.length < own.length ? [old, own] : [own, old];
  const family = Cidr.find(shorter[0]?.cidr ?? '')?.family;
  const added = longer.slice(shorter.length);
  return added.some(({ cidr }) => Cidr.find(cidr)?.family === family)
    ? ['cannot add additional ClusterNetwork values of original IP family when migrating to dual stack']
    : [];
}

function entryChange(
  old: NetworkConfig['clusterNetwork'][number],
  own: NetworkConfig['clusterNetwork'][number],
): string[] {
  const [before, after] = [Cidr.find(old.cidr), Cidr.find(own.cidr)];
  if (old.hostPrefix !== own.hostPrefix) return ["modifying a clusterNetwork's hostPrefix value is unsupported"];
  if (!before || !after || before.first !== after.first)
    return ['modifying IP network value for clusterNetwork CIDR is unsupported'];
  return after.prefix > before.prefix
    ? ['reducing IP range with a larger CIDR mask for clusterNetwork CIDR is unsupported']
    : [];
}

function ovnChange(before: NetworkConfig, after: NetworkConfig): string[] {
  const [old, own] = [before.defaultNetwork.ovnKubernetesConfig ?? {}, after.defaultNetwork.ovnKubernetesConfig ?? {}];
  const errors: string[] = [];
  if (own.mtu !== undefined && old.mtu !== own.mtu && !after.migration?.mtu)
    errors.push('cannot change ovn-kubernetes MTU without migration');
  if ((old.genevePort ?? 6081) !== (own.genevePort ?? 6081)) errors.push('cannot change ovn-kubernetes genevePort');
  return errors;
}

function sdnChange(before: NetworkConfig, after: NetworkConfig): string[] {
  const [old, own] = [before.defaultNetwork.openshiftSDNConfig ?? {}, after.defaultNetwork.openshiftSDNConfig ?? {}];
  const errors: string[] = [];
  if ((old.mode ?? 'NetworkPolicy') !== (own.mode ?? 'NetworkPolicy')) errors.push('cannot change openshift-sdn mode');
  if ((old.vxlanPort ?? 4789) !== (own.vxlanPort ?? 4789)) errors.push('cannot change openshift-sdn vxlanPort');
  if (own.mtu !== undefined && old.mtu !== own.mtu && !after.migration?.mtu)
    errors.push('cannot change openshift-sdn mtu without migration');
  return errors;
}

function mtuMigration(before: NetworkConfig, { migration, defaultNetwork }: NetworkConfig): string[] {
  const mtu = migration?.mtu;
  if (!mtu?.network) return [];
  const errors: string[] = [];
  const { ovnKubernetesConfig: ovn, openshiftSDNConfig: sdn, type } = before.defaultNetwork;
  const applied = type === 'OVNKubernetes' ? (ovn?.mtu ?? 1400) : (sdn?.mtu ?? 1450);
  const { from = applied, to = applied } = mtu.network;
  if (from !== applied)
    errors.push(`invalid Migration.MTU.Network.From(${from}) not equal to the currently applied MTU(${applied})`);
  const least = to + (defaultNetwork.type === 'OVNKubernetes' ? GENEVE_OVERHEAD : VXLAN_OVERHEAD);
  if (mtu.machine?.to !== undefined && mtu.machine.to < least)
    errors.push(`invalid Migration.MTU.Machine.To(${mtu.machine.to}), has to be at least ${least}`);
  return errors;
}

/** A condition of `clusteroperator/network`: what the operator says of a configuration that it does not apply. */
export interface Refusal {
  reason: 'InvalidOperatorConfig' | 'InvalidClusterConfig';
  message: string;
}

/**
 * The operator's Degraded condition for a new configuration, or undefined when it is applied. Several errors stand side by
 * side as Go's %v prints a list.
 */
export function refusal(before: NetworkConfig | undefined, after: NetworkConfig): Refusal | undefined {
  const invalid = validateNetworkConfig(after);
  if (invalid.length > 0)
    return {
      reason: 'InvalidOperatorConfig',
      message: `The operator configuration is invalid (invalid configuration: [${invalid.join(' ')}]). Use 'oc edit network.operator.openshift.io cluster' to fix.`,
    };
  const unsafe = before ? unsafeChanges(before, after) : [];
  if (unsafe.length === 0) return undefined;
  return {
    reason: 'InvalidOperatorConfig',
    message: `Not applying unsafe configuration change: invalid configuration: [${unsafe.join(' ')}]. Use 'oc edit network.operator.openshift.io cluster' to undo the change.`,
  };
}
