// What the kubelet works with: the control plane's tools, the network, the programs and the images.

import type { Pull } from '../../images/image';
import type { Programs } from '../../machine/machine';
import type { Fabric } from '../../machine/net';
import type { PodAddresses } from '../../network/ipam';
import type { State } from '../../sim/state';
import type { ControllerContext } from '../controllers/controller';
import type { Pod } from '../kinds';
import type { DeclaredListeners } from './listeners';
import type { PaceName } from './pace';

/** The platform's own pods: most do nothing by themselves, since the simulation does their work. */
export const isPlatform = ({ metadata }: Pod): boolean =>
  /^(openshift|kube|calico|tigera|ovn)-/.test(metadata.namespace ?? '');

/** Facts of the cluster that end up in pods. */
export interface PodSettings {
  clusterDomain: string;
  /** Address of the cluster's DNS service. */
  dnsAddress: string;
  /** What stands in a node's own /etc/resolv.conf. */
  nodeDns: { nameservers: string[]; searches: string[] };
  /** The network plug-in as multus names it: `ovn-kubernetes`. */
  networkName: string;
  /** Multus gives pods further interfaces. */
  multus: boolean;
}

export interface KubeletContext extends ControllerContext {
  state: State;
  fabric: Fabric;
  programs: Programs;
  pull: (reference: string) => Pull;
  addresses: PodAddresses;
  listeners: DeclaredListeners;
  pace: PaceName;
  settings: PodSettings;
  onBug: (error: unknown) => string;
  /** Pods that keep their processes although nobody calls them. */
  mostAwake?: number;
  /** Resolves when every change made so far is durable. */
  sync: () => Promise<void>;
  /** Makes a service account's token for a pod. */
  token?: (pod: Pod, audience: string | undefined, expirationSeconds: number) => string;
  /** What the cluster's installer left on a node: texts by path. */
  installed?: (node: string) => Record<string, string>;
  /** The certificate authority that pods trust, as PEM. */
  ca: () => string;
}
