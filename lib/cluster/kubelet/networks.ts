// A pod's way onto its networks: the interfaces that Multus adds, what is written on the pod, and the runtime's words when it fails.
import { macOfAddress } from '../../network/cni/interfaces';
import { Attachments, attachedNetworks, NETWORK_STATUS, NETWORKS, type NetworkStatus } from '../../network/multus';
import type { Pod } from '../kinds';
import type { KubeletContext } from './context';

const attachments = ({ state }: KubeletContext) => new Attachments(state.table('attachments'));

/** Leases a pod's further interfaces; none where there is no Multus. Throws an AttachmentError. */
export function attach(context: KubeletContext, pod: Pod): NetworkStatus[] {
  if (!context.settings.multus || !pod.metadata.annotations?.[NETWORKS]) return [];
  return attachments(context).attach(pod, (namespace, name) => context.fabric.network.segments.get(namespace, name));
}

export function detach(context: KubeletContext, pod: Pod): void {
  if (pod.metadata.annotations?.[NETWORKS]) attachments(context).release(pod);
}

export const attachedAddresses = ({ metadata }: Pod): string[] =>
  metadata.annotations?.[NETWORKS] ? attachedNetworks(metadata).flatMap(({ ips }) => ips) : [];

/** What the plug-in and Multus write on a pod; undefined when nothing. */
export function networkAnnotations(
  context: KubeletContext,
  pod: Pod,
  addresses: readonly string[],
  networks: readonly NetworkStatus[],
): Record<string, string> | undefined {
  const { fabric, settings } = context;
  const { plugin } = fabric.network;
  const own = pluginAnnotations(context, pod, addresses);
  const main = {
    name: settings.networkName,
    interface: 'eth0',
    ips: addresses,
    ...(plugin.name === 'OVNKubernetes' ? { mac: macOfAddress(addresses[0] ?? '') } : {}),
    default: true,
    dns: {},
  };
  const status = settings.multus ? { [NETWORK_STATUS]: JSON.stringify([main, ...networks], null, 4) } : {};
  const all = { ...own, ...status };
  return Object.keys(all).length > 0 ? all : undefined;
}

function pluginAnnotations({ fabric }: KubeletContext, pod: Pod, addresses: readonly string[]): Record<string, string> {
  const { network } = fabric;
  const [first = ''] = addresses;
  const withPrefix = addresses.map((address) => `${address}/${network.subnetOf(address)?.prefix ?? 32}`);
  const gateways = addresses.map((address) => network.subnetOf(address)?.at(1) ?? '');
  switch (network.plugin.name) {
    case 'OVNKubernetes': {
      const routes = [...network.clusterNetwork, ...network.serviceNetwork].map((dest) => ({
        dest: String(dest),
        nextHop: gateways[0],
      }));
      const entry = {
        ip_addresses: withPrefix,
        mac_address: macOfAddress(first),
        gateway_ips: gateways,
        routes,
        ip_address: withPrefix[0],
        gateway_ip: gateways[0],
        role: 'primary',
      };
      return { 'k8s.ovn.org/pod-networks': JSON.stringify({ default: entry }) };
    }
    case 'Calico':
    case 'Canal':
      return {
        'cni.projectcalico.org/containerID': sandboxId(pod),
        'cni.projectcalico.org/podIP': `${first}/32`,
        'cni.projectcalico.org/podIPs': addresses
          .map((address) => `${address}/${address.includes(':') ? 128 : 32}`)
          .join(','),
      };
    case 'Kuryr':
      return { 'openstack.org/kuryr-pod-label': JSON.stringify(pod.metadata.labels ?? {}) };
    default:
      return {};
  }
}

/** `Add eth0 [10.128.2.5/23] from ovn-kubernetes`, one an interface. */
export function addedInterfaces(
  { settings, fabric }: KubeletContext,
  addresses: readonly string[],
  networks: readonly NetworkStatus[],
): string[] {
  if (!settings.multus) return [];
  const { network } = fabric;
  const main = addresses.map((address) => `${address}/${network.subnetOf(address)?.prefix ?? 32}`).join(' ');
  return [
    `Add eth0 [${main}] from ${settings.networkName}`,
    ...networks.map((each) => {
      const [namespace = '', name = ''] = each.name.split('/');
      const prefix = network.segments.prefix(namespace, name);
      return `Add ${each.interface} [${each.ips.map((ip) => `${ip}/${prefix}`).join(' ')}] from ${each.name}`;
    }),
  ];
}

/** The runtime's number of a pod's sandbox: sixty-four hexadecimal digits. */
export const sandboxId = ({ metadata }: Pod): string => metadata.uid.replaceAll('-', '').repeat(2);

/** The event of a pod whose network could not be made, as CRI-O or containerd words it. */
export function sandboxError(pod: Pod, { profile, fabric, settings }: KubeletContext, cause: string): string {
  const { namespace, name, uid } = pod.metadata;
  const head = 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to';
  const { config } = fabric.network.plugin.netd({ mtu: 1500, subnet: undefined });
  const { type, plugins } = config as { type?: string; plugins?: { type: string }[] };
  const binary = settings.multus ? 'multus' : (type ?? plugins?.[0]?.type ?? '');
  if (profile === 'kubernetes')
    return `${head} setup network for sandbox "${sandboxId(pod)}": plugin type="${binary}" failed (add): ${cause}`;
  const id = `k8s_${name}_${namespace}_${uid}_0(${sandboxId(pod)})`;
  return `${head} create pod network sandbox ${id}: error adding pod ${namespace}_${name} to CNI network "multus-cni-network": plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: 'ContainerID:"${sandboxId(pod)}" Netns:"/var/run/netns/${uid}" IfName:"eth0" Args:"IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${name};K8S_POD_INFRA_CONTAINER_ID=${sandboxId(pod)};K8S_POD_UID=${uid}" Path:"" ERRORED: error configuring pod [${namespace}/${name}] networking: [${namespace}/${name}/${uid}:${settings.networkName}]: error adding container to network "${settings.networkName}": ${cause}\n'`;
}
