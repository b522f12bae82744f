// What a node's own services tell the commands of that node: its kubelet and its container runtime. Who runs the nodes provides it.

export interface NodeContainer {
  id: string;
  name: string;
  /** The reference of the pod, and what it was resolved to: `sha256:…`. */
  image: string;
  digest: string;
  state: 'Running' | 'Exited';
  /** How often it was started before. */
  attempt: number;
  /** Milliseconds. */
  createdAt: number;
  finishedAt?: number;
  exitCode?: number;
}

export interface NodePod {
  /** Of its sandbox. */
  id: string;
  uid: string;
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  state: 'Ready' | 'NotReady';
  createdAt: number;
  ip: string;
  containers: readonly NodeContainer[];
}

export interface NodeImage {
  repository: string;
  tag: string;
  digest: string;
  bytes: number;
}

/** Something that a kubelet did or met: what its events say. */
export interface Happening {
  at: number;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** `namespace/name` of the pod; none of the node itself. */
  pod?: string;
  uid: string;
  container?: string;
}

/** By what a node may join the cluster. */
export interface BootstrapToken {
  id: string;
  secret: string;
  description: string;
  /** Milliseconds; never where there is none. */
  expires?: number;
}

export interface NodeAgent {
  runtime: { name: 'cri-o' | 'containerd'; version: string };
  /** Of the kubelet: `v1.31.6`. */
  version: string;
  isOpenShift: boolean;
  /** When the node was installed, in milliseconds. */
  installed: number;
  /** Whether it runs, and since when, in milliseconds. */
  kubelet(): { runs: boolean; since: number };
  /** Starts or ends the kubelet. */
  turn(runs: boolean): void;
  pods(): NodePod[];
  images(): NodeImage[];
  /** What a container wrote in its present run. */
  log(
    pod: NodePod,
    container: NodeContainer,
  ): Promise<{ at: number; stream: 'stdout' | 'stderr'; bytes: Uint8Array }[]>;
  /** Where kubeadm left the administrator's access: the tokens of the cluster, its API and the certificate of its authority. */
  tokens?: {
    endpoint: string;
    ca: string;
    list(): BootstrapToken[];
    create(token: BootstrapToken): void;
    /** Whether there was one. */
    remove(id: string): boolean;
  };
  /** Oldest first. */
  happenings(): Happening[];
}
