// The options that say how a cluster's network is installed, for the commands that make one.
import { defaultClusterNetwork, networkNamed, networkNames, networkProblems } from '../sandbox/networks';
import type { SandboxSpec } from '../sandbox/spec';
import { oneOf, UsageError, whole } from './arguments';

export const NETWORK_OPTIONS = {
  profile: { type: 'string' },
  network: { type: 'string' },
  nodes: { type: 'string' },
  'cluster-network': { type: 'string', multiple: true },
  'host-prefix': { type: 'string' },
  'service-network': { type: 'string', multiple: true },
  'node-port-range': { type: 'string' },
  'sdn-mode': { type: 'string' },
  'proxy-mode': { type: 'string' },
} as const;

export const NETWORK_USAGE = `[--profile openshift|kubernetes] [--network NAME] [--nodes N]
         [--cluster-network CIDR]... [--host-prefix N] [--service-network CIDR]...
         [--node-port-range FIRST-LAST] [--sdn-mode MODE] [--proxy-mode MODE]`;

interface Values {
  profile?: string | undefined;
  network?: string | undefined;
  nodes?: string | undefined;
  'cluster-network'?: string[] | undefined;
  'host-prefix'?: string | undefined;
  'service-network'?: string[] | undefined;
  'node-port-range'?: string | undefined;
  'sdn-mode'?: string | undefined;
  'proxy-mode'?: string | undefined;
}

type Installed = Pick<
  SandboxSpec,
  'profile' | 'network' | 'workers' | 'clusterNetwork' | 'hostPrefix' | 'serviceNetwork'
> &
  Partial<Pick<SandboxSpec, 'sdnMode' | 'multus' | 'proxyMode' | 'nodePortRange'>>;

/** What the options ask for, on top of what a lab or a command has by itself. Throws a UsageError with the operator's sentences. */
export function installed(values: Values, base?: Installed): Installed {
  const profile = oneOf(values.profile ?? base?.profile, ['openshift', 'kubernetes'], '--profile');
  const named = networkNamed(oneOf(values.network ?? base?.network, networkNames, '--network'), profile);
  const keeps = base !== undefined && values.network === undefined;
  const usual = keeps
    ? { cidr: base.clusterNetwork, hostPrefix: base.hostPrefix }
    : defaultClusterNetwork(named.network);
  const spec: Installed = {
    profile,
    ...named,
    workers: values.nodes === undefined ? (base?.workers ?? 2) : Math.max(0, whole(values.nodes, '--nodes') - 1),
    clusterNetwork: values['cluster-network']?.join(',') ?? usual.cidr,
    hostPrefix: values['host-prefix'] === undefined ? usual.hostPrefix : whole(values['host-prefix'], '--host-prefix'),
    serviceNetwork: values['service-network']?.join(',') ?? base?.serviceNetwork ?? '172.30.0.0/16',
  };
  const { 'sdn-mode': sdnMode = base?.sdnMode, 'proxy-mode': proxyMode } = values;
  if (sdnMode !== undefined) spec.sdnMode = oneOf(sdnMode, ['NetworkPolicy', 'Multitenant', 'Subnet'], '--sdn-mode');
  if (proxyMode !== undefined) spec.proxyMode = oneOf(proxyMode, ['iptables', 'ipvs'], '--proxy-mode');
  const range = values['node-port-range'] ?? base?.nodePortRange;
  if (range !== undefined) spec.nodePortRange = portRange(range);
  const problems = networkProblems(spec);
  if (problems.length > 0) throw new UsageError(`the network cannot be installed so: ${problems.join('; ')}`);
  return spec;
}

function portRange(text: string): string {
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  if (first === '' || Number(first) < 1 || Number(last) > 65_535 || Number(first) > Number(last))
    throw new UsageError(`--node-port-range takes two ports, the lower first, as 30000-32767, not ${text}`);
  return text;
}
