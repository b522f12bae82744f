// Multus: more interfaces for pods. Reads NetworkAttachmentDefinitions and the pods' annotations, leases addresses as static,
// whereabouts and host-local do, and writes the network-status annotation.
import type { Table } from '../sim/state';
import { Cidr, canonical, parseAddress } from './address';
import { macOfName } from './cni/interfaces';
import type { KubeLike, Metadata } from './kube';

export const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
export const NETWORK_STATUS = 'k8s.v1.cni.cncf.io/network-status';

export interface NetworkAttachmentDefinition extends KubeLike {
  metadata: Metadata;
  spec?: { config?: string };
}

/** One network that a pod asks for. */
export interface Selection {
  namespace: string;
  name: string;
  interface: string;
  ips?: string[];
  mac?: string;
}

/** One entry of the network-status annotation. */
export interface NetworkStatus {
  name: string;
  interface: string;
  ips: string[];
  mac: string;
  default?: boolean;
  dns: Record<string, never>;
}

export class AttachmentError extends Error {}

interface Ipam {
  type?: string;
  addresses?: { address: string }[];
  range?: string;
  range_start?: string;
  range_end?: string;
  exclude?: string[];
  subnet?: string;
  rangeStart?: string;
  rangeEnd?: string;
}

/** The part of a CNI configuration that decides where packets can go. */
export interface AttachmentConfig {
  type: string;
  /** Pods on one segment hear each other. A bridge is a node's own, a parent device is everyone's. */
  segment: string;
  perNode: boolean;
  /** The block that is on the link. */
  subnet: Cidr | undefined;
  ipam: Ipam;
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Reads the pod annotation: `a, other/b@eth5`, or a JSON list. */
export function parseSelections(text: string, namespace: string): Selection[] {
  const items = text.trim().startsWith('[') ? jsonSelections(text, namespace) : shortSelections(text, namespace);
  return items.map((item, i) => ({ ...item, interface: item.interface || `net${i + 1}` }));
}

const IFNAME_BYTES = 15; // IFNAMSIZ without its zero byte

/** What becomes of a device by the time it is made: its name may be taken, or be none. */
function checkDevice(device: string, taken: ReadonlySet<string>, { type }: AttachmentConfig, network: string): void {
  const fail = (text: string) => {
    throw new AttachmentError(`error adding container to network "${network}": ${text}`);
  };
  if (taken.has(device))
    fail(
      `DelegateAdd: cannot set "${type}" interface name to "${device}": validateIfName: interface name ${device} already exists`,
    );
  if (device.length > IFNAME_BYTES) fail(`failed to rename ${type} to "${device}": numerical result out of range`);
}

/** The static plug-in reads CIDRs; others take no notice of what they cannot read. */
function checkAddresses(ips: readonly string[] | undefined, { ipam }: AttachmentConfig, network: string): void {
  const wrong = ips?.find(
    (ip) => !parseAddress(ip.split('/')[0] ?? '') || (ipam.type === 'static' && !ip.includes('/')),
  );
  if (wrong !== undefined)
    throw new AttachmentError(
      `error adding container to network "${network}": failed to allocate for static: invalid CIDR ${wrong}: invalid CIDR address: ${wrong}`,
    );
}

function jsonSelections(text: string, namespace: string): Selection[] {
  let list: Partial<Selection>[];
  try {
    list = JSON.parse(text) as Partial<Selection>[];
  } catch (error) {
    throw new AttachmentError(
      `parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: ${(error as Error).message}`,
    );
  }
  return list.map((item) => ({
    ...item,
    namespace: item.namespace ?? namespace,
    name: item.name ?? '',
    interface: item.interface ?? '',
  }));
}

function shortSelections(text: string, namespace: string): Selection[] {
  return text.split(',').map((part) => {
    const [path = '', device = '', ...more] = part.trim().split('@');
    const slash = path.split('/');
    if (more.length > 0 || slash.length > 2)
      throw new AttachmentError(`parsePodNetworkObjectName: Invalid network object (failed at '/')`);
    const [own, name] = slash.length === 2 ? [slash[0], slash[1]] : [namespace, slash[0]];
    if (!NAME.test(name ?? '') || !NAME.test(own ?? ''))
      throw new AttachmentError(
        `parsePodNetworkObjectName: Failed to parse: one or more items did not match comma-delimited format (must consist of lower case alphanumeric characters). Must start and end with an alphanumeric character), mismatch @ '${part.trim()}'`,
      );
    return { namespace: own ?? '', name: name ?? '', interface: device };
  });
}

/** Reads a definition's CNI configuration; the first plug-in of a list makes the interface. */
export function readConfig({ metadata, spec }: NetworkAttachmentDefinition): AttachmentConfig {
  let config: Record<string, unknown>;
  try {
    config = JSON.parse(spec?.config ?? '') as Record<string, unknown>;
  } catch (error) {
    throw new AttachmentError(
      `error parsing configuration of ${metadata.namespace}/${metadata.name}: ${(error as Error).message}`,
    );
  }
  const own = ((config['plugins'] as Record<string, unknown>[] | undefined)?.[0] ?? config) as Record<string, string>;
  const ipam = (own['ipam'] as unknown as Ipam | undefined) ?? {};
  const perNode = own['type'] === 'bridge';
  const device = perNode ? (own['bridge'] ?? 'cni0') : (own['master'] ?? 'default route device');
  const block = ipam.range ?? ipam.subnet ?? ipam.addresses?.[0]?.address;
  return {
    type: own['type'] ?? '',
    segment: `${device}/${own['vlan'] ?? own['vlanId'] ?? 0}`,
    perNode,
    subnet: block ? Cidr.parse(block) : undefined,
    ipam,
  };
}

/** The addresses leased on secondary networks. */
export class Attachments {
  constructor(private readonly table: Table) {}

  /**
   * Gives a pod its further interfaces. `find` looks a definition up. Throws an AttachmentError with the text that the
   * pod's event shows.
   */
  attach(
    pod: { metadata: Metadata },
    find: (namespace: string, name: string) => NetworkAttachmentDefinition | undefined,
  ): NetworkStatus[] {
    const { namespace = 'default', name, annotations = {} } = pod.metadata;
    const asked = annotations[NETWORKS];
    if (!asked) return [];
    const taken = new Set(['lo', 'eth0']);
    return parseSelections(asked, namespace).map((selection) => {
      const definition = find(selection.namespace, selection.name);
      if (!definition)
        throw new AttachmentError(
          `cannot find a network-attachment-definition (${selection.name}) in namespace (${selection.namespace}): ` +
            `network-attachment-definitions.k8s.cni.cncf.io "${selection.name}" not found`,
        );
      const config = readConfig(definition);
      checkDevice(selection.interface, taken, config, selection.name);
      checkAddresses(selection.ips, config, selection.name);
      taken.add(selection.interface);
      const holder = `${namespace}/${name} ${selection.interface}`;
      return {
        name: `${selection.namespace}/${selection.name}`,
        interface: selection.interface,
        ips: selection.ips?.map((ip) => ip.split('/')[0] ?? ip) ?? this.lease(config, selection, holder),
        mac: selection.mac ?? macOfName(holder),
        dns: {},
      };
    });
  }

  /** Gives back what a pod held. */
  release({ metadata: { namespace = 'default', name } }: { metadata: Metadata }): void {
    for (const [key, holder] of [...this.table.entries<string>()])
      if (holder.startsWith(`${namespace}/${name} `)) this.table.delete(key);
  }

  private lease({ ipam, subnet }: AttachmentConfig, { namespace, name }: Selection, holder: string): string[] {
    if (ipam.type === 'static') return (ipam.addresses ?? []).map(({ address }) => address.split('/')[0] ?? address);
    if ((ipam.type !== 'whereabouts' && ipam.type !== 'host-local') || !subnet) return [];
    const first = parseAddress(ipam.range_start ?? ipam.rangeStart ?? '')?.value ?? subnet.first + 1n;
    const last = parseAddress(ipam.range_end ?? ipam.rangeEnd ?? '')?.value ?? subnet.last - 1n;
    const holes = (ipam.exclude ?? []).map((hole) => Cidr.parse(hole));
    // Whereabouts leases by range, so that definitions with one range share it.
    const space = ipam.type === 'whereabouts' ? String(subnet) : `${namespace}/${name}`;
    for (let value = first; value <= last; value++) {
      const address = subnet.at(value - subnet.first);
      const key = `${space} ${address}`;
      if (this.table.has(key) || holes.some((hole) => hole.contains(address))) continue;
      this.table.set(key, holder);
      return [address];
    }
    throw new AttachmentError(
      `error at storage engine: Could not allocate IP in range: ip: ${subnet.at(0)} / - ${subnet.at(subnet.size - 1n)} / range: ${subnet}`,
    );
  }
}

/** The further interfaces in a pod's network-status annotation. */
export function attachedNetworks({ annotations = {} }: Metadata): NetworkStatus[] {
  try {
    const list = JSON.parse(annotations[NETWORK_STATUS] ?? '[]') as NetworkStatus[];
    return list.filter((one) => !one.default).map((one) => ({ ...one, ips: (one.ips ?? []).map(canonical) }));
  } catch {
    return [];
  }
}
