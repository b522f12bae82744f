// EgressIP (k8s.ovn.org/v1): the address that the pods it selects have outside the cluster, held by an assignable node.
import type { Host } from './hosts';
import type { KubeLike, LabelSelector, Labels, Metadata } from './kube';
import { compileSelector } from './selector';

interface EgressIP {
  metadata: Metadata;
  spec?: { egressIPs?: string[]; namespaceSelector?: LabelSelector; podSelector?: LabelSelector };
  status?: { items?: { node: string; egressIP: string }[] };
}

export class EgressIpTable {
  private readonly objects = new Map<string, EgressIP>();

  constructor(private readonly namespaceLabels: (namespace: string) => Labels) {}

  put(object: KubeLike): void {
    const egress = object as EgressIP;
    this.objects.set(egress.metadata.name, egress);
  }

  remove({ metadata }: KubeLike): void {
    this.objects.delete(metadata.name ?? '');
  }

  /** The address and node of a pod's way out; the first by name when several select it. */
  of(pod: Host): { address: string; node: string; name: string } | undefined {
    for (const { metadata, spec = {}, status } of [...this.objects.values()].sort(byName)) {
      const [item] = status?.items ?? [];
      const namespaces = compileSelector(spec.namespaceSelector ?? {});
      const pods = compileSelector(spec.podSelector ?? {});
      if (item && namespaces(this.namespaceLabels(pod.namespace)) && pods(pod.labels))
        return { address: item.egressIP, node: item.node, name: metadata.name };
    }
    return undefined;
  }
}

const byName = (a: EgressIP, b: EgressIP): number => (a.metadata.name < b.metadata.name ? -1 : 1);
