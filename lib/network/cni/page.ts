// The documentation page of the plug-ins: the table, and of each what it installs and shows, taken from a small cluster.
import { Random } from '../../sim/random';
import { State } from '../../sim/state';
import { linksOf, netdOf, routesOf } from '../interfaces';
import { PodAddresses } from '../ipam';
import { Network } from '../network';
import { ipAddress, ipRoute } from '../views/ip';
import type { CniPlugin } from './contract';
import { cniPlugins } from './index';
import { cniTable } from './table';

const NODES = ['node01', 'node02'];

/** Made by `npm run lab -- docs`; a test compares it with docs/cni.md. */
export function cniPage(): string {
  return `# Network plug-ins

A cluster can be installed with each of these: \`npm run cluster -- --network NAME\`, \`npm run shell -- --network NAME\`, or
\`cluster.network\` in a lab. OpenShift SDN and Kuryr claim the last release that had them. \`--network Multus\` is the profile's
usual plug-in with Multus; OpenShift always has Multus. This page is made from the code that runs.

${cniTable()}
${cniPlugins.map(section).join('\n')}`;
}

function section(plugin: CniPlugin): string {
  const { title, installs } = plugin;
  const network = sample(plugin);
  const { file, config } = netdOf(network, 'node01');
  const code = (text: string) => `\`\`\`\n${text.replace(/ +$/gm, '')}\`\`\`\n`;
  const workloads = installs.components.map(
    ({ namespace, kind, name, containers }) => `- ${kind} \`${namespace}/${name}\`: ${containers.join(', ')}\n`,
  );
  const kinds = installs.resources.map(({ plural, group, version }) => `\`${plural}.${group}/${version}\``);
  return `## ${title}

Workloads:

${workloads.join('')}
${kinds.length > 0 ? `Kinds: ${kinds.join(', ')}.\n\n` : ''}\`/etc/cni/net.d/${file}\` on a node:

${code(`${JSON.stringify(config, null, 2)}\n`)}
\`ip addr\` and \`ip route\` in a pod:

${code(ipAddress(linksOf(network, 'pod/demo/a')) + ipRoute(routesOf(network, 'pod/demo/a')))}
\`ip route\` on its node:

${code(ipRoute(routesOf(network, 'node/node01')))}`;
}

/** Two nodes, a pod on each, with the plug-in's own ranges. */
function sample(plugin: CniPlugin): Network {
  const clusterNetwork = [plugin.clusterNetwork];
  const addresses = new PodAddresses(new State().table('addresses'), { plugin, clusterNetwork });
  const network = new Network({
    plugin: plugin.name,
    clusterNetwork,
    serviceNetwork: ['172.30.0.0/16'],
    machineNetwork: '10.99.0.0/24',
    now: () => 0,
    random: new Random(1),
  });
  const leases = NODES.map((node) => addresses.allocate(node, { namespace: 'demo' }));
  for (const [i, name] of NODES.entries()) {
    const subnets = addresses.subnets(name);
    network.apply({
      kind: 'Node',
      metadata: { name, annotations: { 'k8s.ovn.org/node-subnets': JSON.stringify({ default: subnets }) } },
      spec: { podCIDRs: plugin.allocation.kind === 'node' ? subnets : [] },
      status: { addresses: [{ type: 'InternalIP', address: `10.99.0.${11 + i}` }] },
    } as { kind: string; metadata: { name: string } });
    network.apply({
      kind: 'Pod',
      metadata: { namespace: 'demo', name: 'ab'[i] ?? '' },
      spec: { nodeName: name },
      status: { podIP: leases[i], podIPs: [{ ip: leases[i] }] },
    } as { kind: string; metadata: { name: string } });
  }
  return network;
}
