// Secondary networks as the data plane sees them: which pods hear each other on a parent device or a bridge.
import type { Cidr } from './address';
import type { Host } from './hosts';
import type { KubeLike } from './kube';
import { type AttachmentConfig, attachedNetworks, type NetworkAttachmentDefinition, readConfig } from './multus';

/** A pod's interface on a secondary network. */
export interface Attachment {
  host: Host;
  device: string;
  address: string;
  mac: string;
  subnet: Cidr | undefined;
  segment: string;
}

export class SegmentTable {
  private readonly definitions = new Map<string, NetworkAttachmentDefinition>();
  private readonly configs = new Map<string, AttachmentConfig>();

  /** A definition that cannot be read attaches nothing. */
  put(object: KubeLike): void {
    const key = keyOf(object);
    const definition = object as NetworkAttachmentDefinition;
    this.definitions.set(key, definition);
    this.configs.delete(key);
    try {
      this.configs.set(key, readConfig(definition));
    } catch {}
  }

  remove(object: KubeLike): void {
    this.definitions.delete(keyOf(object));
    this.configs.delete(keyOf(object));
  }

  get(namespace: string, name: string): NetworkAttachmentDefinition | undefined {
    return this.definitions.get(`${namespace}/${name}`);
  }

  /** The prefix length of addresses on a network. */
  prefix(namespace: string, name: string): number {
    return this.configs.get(`${namespace}/${name}`)?.subnet?.prefix ?? 24;
  }

  /** A pod's interfaces beside eth0. */
  of(host: Host): Attachment[] {
    if (this.configs.size === 0 || !host.pod) return [];
    return attachedNetworks(host.pod.metadata).flatMap(({ name, interface: device, ips, mac }) => {
      const config = this.configs.get(name);
      if (!config) return [];
      const { subnet, segment, perNode } = config;
      const own = perNode ? `${host.node} ${segment}` : segment;
      return ips.map((address) => ({ host, device, address, mac, subnet, segment: own }));
    });
  }

  /** The interface through which a host reaches an address, and the interface that has it, on one segment. */
  between(
    from: Host,
    address: string,
    pods: Iterable<Host>,
  ): { near: Attachment; far: Attachment | undefined } | undefined {
    const near = this.of(from).find(({ subnet }) => subnet?.contains(address));
    if (!near) return undefined;
    for (const pod of pods) {
      const far = this.of(pod).find((one) => one.address === address && one.segment === near.segment);
      if (far) return { near, far };
    }
    return { near, far: undefined };
  }
}

const keyOf = ({ metadata }: KubeLike): string => `${metadata.namespace ?? 'default'}/${metadata.name}`;
