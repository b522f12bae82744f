// What a world is made from: the parts of a lab that matter to it, with variables already drawn.
import type { DeclaredImage } from '../images/declared/declaration';
import type { CniName } from '../network/cni/contract';

export { cniNames } from '../network/cni/contract';

export interface SandboxSpec {
  lab: string;
  title: string;
  seed: number;
  /** Milliseconds since the epoch at which the world begins. */
  now: number;
  profile: 'openshift' | 'kubernetes';
  network: CniName;
  workers: number;
  /** A block, or two of different families: `10.8.0.0/14,fd01::/48`. */
  clusterNetwork: string;
  hostPrefix: number;
  /** A block, or two of different families. */
  serviceNetwork: string;
  /** Of the node ports, `30000-32767` if not given. */
  nodePortRange?: string;
  pace: 'instant' | 'brisk' | 'realistic';
  /** A control plane alone: one node object, nothing runs (`npm run cluster -- --bare`). */
  bare?: boolean;
  variables: Record<string, string>;
  /** Script texts, run by bash on the workstation as the cluster administrator. */
  scripts: { prepare?: string; start?: string; finish?: string };
  /** The lab's own images. */
  images?: DeclaredImage[];
  /** How OpenShift SDN isolates, where it is the plug-in. */
  sdnMode?: 'NetworkPolicy' | 'Multitenant' | 'Subnet';
  /** Multus beside the plug-in of a plain Kubernetes cluster. */
  multus?: boolean;
  /** How kube-proxy works, where there is one. */
  proxyMode?: 'iptables' | 'ipvs';
  /** Hosts outside the cluster, beside the workstation. */
  hosts?: HostSpec[];
  /** Who the student is signed in as from the start, and in which project. */
  login?: { user: 'developer' | 'admin'; project?: string };
  /** Variables that are not in the student's environment. */
  hidden?: string[];
  /** Hints by check, in the order in which they are given. */
  hints?: Record<string, Hint[]>;
  /** Questions with how often each may be answered. */
  questions?: Record<string, { text: string; attempts: number }>;
}

interface Hint {
  text: string;
  /** Points that it costs. */
  price: number;
}

/** A host on the machine network, or beyond it. */
export type HostSpec = { name: string; address: string } & (
  | { dns: Record<string, string[]> }
  | { image: string; env: Record<string, string>; command?: string[] }
);
