// What every kind of network policy offers the network: it is told of objects and asked for decisions.
import type { Host } from '../hosts';
import type { KubeLike, Labels } from '../kube';
import type { Protocol } from '../types';
import type { ShownPolicy } from './shown';

export type Direction = 'ingress' | 'egress';

/** The other end of a connection: a pod with an address of its own, or just an address. */
export interface Peer {
  address: string;
  /** Set for pods on the cluster network; a pod on its node's network counts as its node. */
  pod?: Host;
  /** Set for nodes. */
  node?: Host;
}

export interface Question {
  direction: Direction;
  /** The pod whose policies are asked. */
  subject: Host;
  peer: Peer;
  protocol: Protocol;
  /** The destination's port, after translation. */
  port: number;
  /** The destination when it is a pod: named ports are looked up there. */
  destination?: Host;
}

export interface Decision {
  allow: boolean;
  /** `NetworkPolicy shop/deny-all`. */
  policy: string;
  /** The sentence that explains it; a getter where decisions are many. */
  readonly reason: string;
}

export type NamespaceLabels = (namespace: string) => Labels;

/** One kind of policy (or several that belong together), in its place in the order of evaluation. */
export interface PolicyTier {
  /** `Kind` for objects without a group, `Kind.group` for the rest. */
  readonly kinds: readonly string[];
  put(object: KubeLike): void;
  remove(object: KubeLike): void;
  /** Undefined: no opinion, the next tier decides. */
  decide(question: Question): Decision | undefined;
  /** Its policies in the order in which they are asked, for what shows them as kernel rules. */
  shown?(): readonly ShownPolicy[];
}

/** What a plug-in makes of NetworkPolicy. */
export interface PolicyFeatures {
  enforced: boolean;
  egress: boolean;
  ipBlock: boolean;
  ipBlockExcept: boolean;
  namedPorts: boolean;
  endPort: boolean;
  sctp: boolean;
  /** AdminNetworkPolicy and BaselineAdminNetworkPolicy. */
  admin: boolean;
}

/** What stands between peers: `TCP/80`. */
export const describePort = ({ protocol, port }: Question): string =>
  protocol === 'ICMP' ? 'ICMP' : `${protocol}/${port}`;

export const describePeer = ({ peer }: Question): string =>
  peer.pod
    ? `pod ${peer.pod.namespace}/${peer.pod.name}`
    : peer.node
      ? `node ${peer.node.name}`
      : `address ${peer.address}`;
