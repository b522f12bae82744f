// What the scheduler knows of a node: what it has, what its pods ask for, which host ports they hold. Kept up event by event,
// so that a decision never scans all pods.
import { controllerOf } from '../controllers/owners';
import { type ContainerPort, type Node, type Pod, podFinished } from '../kinds';
import { quantityValue } from '../resources/quantity';

export interface Amounts {
  [resource: string]: number;
}

/** What a pod asks for: the sum of its containers, or its largest init container if that is more. Sidecars count with the containers. */
export function podRequests(pod: Pod): Amounts {
  const total: Amounts = {};
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const { resources } of [...pod.spec.containers, ...sidecars])
    for (const [name, amount] of Object.entries(resources?.requests ?? {}))
      total[name] = (total[name] ?? 0) + quantityValue(amount);
  for (const { resources, restartPolicy } of pod.spec.initContainers ?? []) {
    if (restartPolicy === 'Always') continue;
    for (const [name, amount] of Object.entries(resources?.requests ?? {}))
      total[name] = Math.max(total[name] ?? 0, quantityValue(amount));
  }
  return total;
}

export const hostPorts = (pod: Pod): ContainerPort[] =>
  pod.spec.containers.flatMap((container) => (container.ports ?? []).filter(({ hostPort }) => hostPort));

const ANY = '0.0.0.0';

export class NodeInfo {
  readonly pods = new Map<string, Pod>();
  readonly requested: Amounts = {};
  /** Pods by their controller's uid, to spread equal ones. */
  readonly byController = new Map<string, number>();
  allocatable: Amounts = {};

  constructor(public node: Node) {
    this.setNode(node);
  }

  setNode(node: Node): void {
    this.node = node;
    const amounts = Object.entries(node.status?.allocatable ?? {});
    this.allocatable = Object.fromEntries(amounts.map(([name, amount]) => [name, quantityValue(amount)]));
  }

  add(pod: Pod): void {
    this.remove(pod.metadata.uid);
    if (podFinished(pod)) return;
    this.pods.set(pod.metadata.uid, pod);
    this.count(pod, 1);
  }

  remove(uid: string): boolean {
    const pod = this.pods.get(uid);
    if (!pod) return false;
    this.pods.delete(uid);
    this.count(pod, -1);
    return true;
  }

  holdsPort(wanted: ContainerPort): boolean {
    for (const pod of this.pods.values()) {
      const taken = hostPorts(pod).some(
        (port) =>
          port.hostPort === wanted.hostPort &&
          (port.protocol ?? 'TCP') === (wanted.protocol ?? 'TCP') &&
          sameIP(port.hostIP || ANY, wanted.hostIP || ANY),
      );
      if (taken) return true;
    }
    return false;
  }

  private count(pod: Pod, sign: 1 | -1): void {
    for (const [name, amount] of Object.entries(podRequests(pod)))
      this.requested[name] = (this.requested[name] ?? 0) + sign * amount;
    const owner = controllerOf(pod)?.uid;
    if (owner) this.byController.set(owner, (this.byController.get(owner) ?? 0) + sign);
  }
}

const sameIP = (a: string, b: string): boolean => a === b || a === ANY || b === ANY;
