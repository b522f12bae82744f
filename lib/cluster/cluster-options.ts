// What a cluster is made from.
import type { Pull } from '../images/image';
import type { Programs } from '../machine/machine';
import type { Fabric } from '../machine/net';
import type { SdnMode } from '../network/cni/contract';
import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import type { State } from '../sim/state';
import type { PaceName } from './kubelet/pace';
import type { Surroundings } from './reviews';

export interface ClusterOptions {
  state: State;
  clock: Clock;
  random: Random;
  /** The network of the world; the cluster's nodes, pods and services are put into its `network`. */
  fabric: Fabric;
  programs: Programs;
  pull: (reference: string) => Pull;
  profile: 'openshift' | 'kubernetes';
  /** Nodes beside the control plane. */
  workers: number;
  clusterNetwork: { cidr: string; hostPrefix: number }[];
  /** A block, or two of different families with a comma between. */
  serviceNetwork: string;
  /** Of the node ports, `30000-32767` if not given. */
  nodePortRange?: string;
  /** Where the nodes and the cluster's DNS send what they do not know. */
  upstreamDns: string;
  /** `ocp4.example.com`: the API answers at `api.` of it. */
  baseDomain: string;
  pace: PaceName;
  /** Resolves when all changes so far are durable. */
  sync: () => Promise<void>;
  /** Told of a bug; gives the id that a user sees. */
  onBug: (error: unknown) => string;
  /** A control plane alone: one node object, nothing runs. */
  bare?: boolean;
  /** How OpenShift SDN isolates. */
  sdnMode?: SdnMode;
  /** Multus beside a plug-in of plain Kubernetes; OpenShift always has it. */
  multus?: boolean;
  /** What reviews of the network may know of the world outside. */
  surroundings?: Surroundings;
  /** Pods that keep their processes although nobody calls them; default in kubelet/wakefulness.ts. */
  mostAwake?: number;
}

/** How a world came back. */
export type ResumeReason = 'fork' | 'crash' | 'hibernation';
