// OpenShift SDN in Multitenant mode: a virtual network a project (NetNamespace), joined, isolated or global by
// `oc adm pod-network`.
import type { KubeLike } from '../kube';
import { type Decision, describePeer, type PolicyTier, type Question } from './contract';

interface NetNamespace extends KubeLike {
  netname: string;
  netid: number;
}

const GLOBAL = 0; // reaches all and is reached by all

export class MultitenantTier implements PolicyTier {
  readonly kinds = ['NetNamespace.network.openshift.io', 'NetNamespace'];
  private readonly ids = new Map<string, number>();

  put(object: KubeLike): void {
    const { netname, netid } = object as NetNamespace;
    this.ids.set(netname, netid);
  }

  remove({ metadata }: KubeLike): void {
    this.ids.delete(metadata.name ?? '');
  }

  decide(question: Question): Decision | undefined {
    const { direction, subject, peer } = question;
    if (direction !== 'ingress' || !peer.pod) return undefined;
    const [own, other] = [this.ids.get(subject.namespace), this.ids.get(peer.pod.namespace)];
    if (own === undefined || other === undefined || own === other || own === GLOBAL || other === GLOBAL)
      return undefined;
    const reason = `${describePeer(question)} is in another virtual network (${other}) than project ${subject.namespace} (${own})`;
    return { allow: false, policy: `NetNamespace ${subject.namespace}`, reason };
  }
}
