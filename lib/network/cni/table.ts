// The plug-ins side by side, as a Markdown table for the documentation: made of the same objects that run.
import { type CniPlugin, podMtu } from './contract';
import { cniPlugins } from './index';

/** Where OpenShift runs it, and where a cluster without OpenShift does if that is another place. */
const runsIn = ({ components, upstreamNamespace }: CniPlugin['installs']): string =>
  [...new Set(components.map(({ namespace }) => namespace)), ...(upstreamNamespace ? [upstreamNamespace] : [])].join(
    ', ',
  );

const COLUMNS: readonly [string, (plugin: CniPlugin) => string][] = [
  ['Plug-in', ({ title }) => title],
  ['`networkType`', ({ name }) => `\`${name}\``],
  ['Cluster network', ({ clusterNetwork: { cidr, hostPrefix } }) => `${cidr}, /${hostPrefix}`],
  ['Addresses', ({ allocation: { kind } }) => ALLOCATION[kind]],
  ['Between nodes', encapsulation],
  ['Pod MTU on 1500', (plugin) => String(podMtu(plugin))],
  ['Services', ({ services }) => services],
  ['NetworkPolicy', policy],
  ['Own kinds', ({ installs }) => [...new Set(installs.resources.map(({ kind }) => kind))].join(', ') || 'none'],
  ['Runs in', ({ installs }) => runsIn(installs)],
  ['Last release', ({ lastRelease }) => lastRelease ?? 'current'],
];

const ALLOCATION = {
  node: 'a subnet a node',
  blocks: 'blocks claimed by nodes',
  ring: 'one range shared out among nodes',
  namespace: 'a subnet a namespace',
};

function encapsulation({ encapsulation: wrap }: CniPlugin): string {
  if (!wrap) return 'none of its own';
  const port = wrap.port ? `, UDP ${wrap.port}` : '';
  return `${wrap.protocol}${port}${wrap.crossSubnetOnly ? ', only across subnets' : ''}`;
}

function policy({ policy: features }: CniPlugin): string {
  if (!features.enforced) return 'not enforced';
  const missing = [
    [features.egress, 'egress'],
    [features.ipBlockExcept, '`except`'],
    [features.namedPorts, 'named ports'],
    [features.endPort, '`endPort`'],
    [features.sctp, 'SCTP'],
  ].flatMap(([has, title]) => (has ? [] : [title]));
  const base = missing.length > 0 ? `without ${missing.join(', ')}` : 'full';
  return features.admin ? `${base}, AdminNetworkPolicy` : base;
}

/** One row a plug-in. */
export function cniTable(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const head = row(COLUMNS.map(([title]) => title)) + row(COLUMNS.map(() => '---'));
  return head + cniPlugins.map((plugin) => row(COLUMNS.map(([, cell]) => cell(plugin)))).join('');
}
