// Policies as kernel rules show them: which pods each selects, and its rules with the addresses behind their selectors.
import type { Host } from '../hosts';
import type { Direction } from './contract';

/** The pods that a selector means, under a text that is the same for the same selector. */
export interface PeerSet {
  selector: string;
  holds(pod: Host): boolean;
}

export interface ShownPeer {
  set?: PeerSet;
  cidr?: string;
  except?: readonly string[];
}

export interface ShownPorts {
  /** `tcp`; undefined: every protocol. */
  protocol?: string;
  /** `80`, `6000:6010`. */
  ports: readonly string[];
}

export interface ShownRule {
  action: 'Allow' | 'Deny' | 'Log' | 'Pass';
  /** Undefined: every peer. */
  peers: readonly ShownPeer[] | undefined;
  /** Undefined: every port. */
  ports: readonly ShownPorts[] | undefined;
}

export interface ShownPolicy {
  kind: 'NetworkPolicy' | 'GlobalNetworkPolicy';
  /** Of Kubernetes', where a plug-in has its own beside it. */
  isKubernetes: boolean;
  namespace: string | undefined;
  name: string;
  selects(pod: Host): boolean;
  /** The directions in which it isolates. */
  rules: Partial<Record<Direction, readonly ShownRule[]>>;
}
