// Static pods: what lies in a folder of a node its kubelet runs without being asked, and shows the API as mirror pods.
// kubernetes pkg/kubelet/config/{file,common}.go and pkg/kubelet/pod/mirror_client.go. DIFFERS: a pod whose mirror the API refuses
// does not run.
import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { type FileSystem, toText } from '../../machine/fs';
import { podsOn } from '../controllers/pods-by-node';
import type { Pod } from '../kinds';
import { ApiError } from '../store/errors';
import type { ObjectInput } from '../store/types';
import type { KubeletContext } from './context';
import { MIRROR } from './runtime-id';

/** staticPodPath of kubeadm and of OpenShift's machine configuration. */
const FOLDER = '/etc/kubernetes/manifests';
const NOTICE_MS = 1000; // an editor writes more than once
const RETRY_MS = 20_000; // fileCheckFrequency
const HASH = 'kubernetes.io/config.hash';

interface Wanted {
  hash: string;
  object: ObjectInput & { metadata: { name: string; namespace: string } };
}

export class StaticPods {
  /** By node, then by `namespace/name`. */
  private readonly wanted = new Map<string, Map<string, Wanted>>();
  private readonly due = new Set<string>();

  constructor(
    private readonly context: KubeletContext & { off(node: string): boolean },
    private readonly rootOf: (node: string) => FileSystem,
  ) {}

  /** Looks at the nodes whose folder was written to before. */
  start(): void {
    const { store, state } = this.context;
    const tables = new Set(state.tableNames());
    for (const { metadata } of store.list('nodes')) {
      const table = `fs/node/${metadata.name}`;
      if (!tables.has(table)) continue;
      const isWritten = [...state.table(table).keys()].some((path) => path.startsWith(`${FOLDER}/`));
      if (isWritten) this.look(metadata.name);
    }
  }

  /** Looks whenever the folder changes. */
  watch(node: string, root: FileSystem): void {
    root.watch(FOLDER, () => this.soon(node, NOTICE_MS));
  }

  /** Whether a pod is the mirror of a manifest that is still there. */
  keeps({ metadata, spec }: Pod): boolean {
    const hash = metadata.annotations?.[MIRROR];
    if (hash === undefined) return false;
    return this.wantedOn(spec.nodeName ?? '').get(`${metadata.namespace}/${metadata.name}`)?.hash === hash;
  }

  /** A mirror is being deleted, or was: one that is kept is made again, another's place may be free now. */
  deleted(pod: Pod): void {
    const { metadata, spec } = pod;
    if (!metadata.annotations?.[MIRROR]) return;
    const node = spec.nodeName ?? '';
    this.context.clock.after(0, () => {
      const { namespace, name, uid } = metadata;
      if (this.keeps(pod)) this.remove(namespace, name, uid, 0);
      if (!this.context.off(node)) this.look(node);
    });
  }

  /** Brings the mirrors of a node to what its folder says. */
  look(node: string): void {
    const { store } = this.context;
    if (this.context.off(node) || !store.get('nodes', undefined, node)) return;
    const wanted = this.read(node);
    this.wanted.set(node, wanted);
    for (const { metadata } of podsOn(store, node)) {
      const mirror = metadata.annotations?.[MIRROR];
      if (!mirror || metadata.deletionTimestamp) continue;
      if (wanted.get(`${metadata.namespace}/${metadata.name}`)?.hash !== mirror)
        this.remove(metadata.namespace, metadata.name, metadata.uid);
    }
    for (const one of wanted.values())
      if (!store.get('pods', one.object.metadata.namespace, one.object.metadata.name)) this.create(node, one);
  }

  /** What the folder said when it was last looked at; what came with the cluster is looked at when it is first asked for. */
  private wantedOn(node: string): Map<string, Wanted> {
    const known = this.wanted.get(node) ?? this.read(node);
    this.wanted.set(node, known);
    return known;
  }

  private soon(node: string, ms: number): void {
    if (this.due.has(node)) return;
    this.due.add(node);
    this.context.clock.after(ms, () => {
      this.due.delete(node);
      this.look(node);
    });
  }

  private remove(namespace: string | undefined, name: string, uid: string, gracePeriodSeconds?: number): void {
    try {
      this.context.client.delete('pods', namespace, name, {
        preconditions: { uid },
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // gone already
    }
  }

  private create(node: string, { object, hash }: Wanted): void {
    const { client, store, clock } = this.context;
    const owner = store.get('nodes', undefined, node)?.metadata.uid;
    const ownerReferences = [{ apiVersion: 'v1', controller: true, kind: 'Node', name: node, uid: owner ?? '' }];
    const annotations = {
      ...object.metadata.annotations,
      [HASH]: hash,
      [MIRROR]: hash,
      'kubernetes.io/config.seen': `${new Date(clock.now()).toISOString().slice(0, -1)}000000Z`,
      'kubernetes.io/config.source': 'file',
    };
    const user = { name: `system:node:${node}`, groups: ['system:nodes', 'system:authenticated'] };
    try {
      client.create('pods', { ...object, metadata: { ...object.metadata, annotations, ownerReferences } }, { user });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.soon(node, RETRY_MS);
    }
  }

  private read(node: string): Map<string, Wanted> {
    const root = this.rootOf(node);
    const found = new Map<string, Wanted>();
    for (const name of root.list(FOLDER)) {
      const entry = root.lookup(`${FOLDER}/${name}`);
      if (name.startsWith('.') || entry?.type !== 'file') continue;
      const one = manifestOf(toText(entry.data ?? new Uint8Array()), node);
      if (one) found.set(`${one.object.metadata.namespace}/${one.object.metadata.name}`, one);
    }
    return found;
  }
}

/** A pod of a file as the node's own; undefined for what is no pod, which a kubelet only writes down in its journal. */
function manifestOf(text: string, node: string): Wanted | undefined {
  let pod: ObjectInput | null;
  try {
    pod = parse(text);
  } catch {
    return undefined;
  }
  if (pod?.kind !== 'Pod' || pod.apiVersion !== 'v1' || typeof pod.metadata?.name !== 'string' || !pod['spec'])
    return undefined;
  const hash = createHash('md5')
    .update(JSON.stringify([pod, node]))
    .digest('hex');
  const metadata = {
    ...pod.metadata,
    name: `${pod.metadata.name}-${node}`,
    namespace: pod.metadata.namespace ?? 'default',
  };
  const spec = { ...pod['spec'], nodeName: node, tolerations: [{ effect: 'NoExecute', operator: 'Exists' }] };
  return { hash, object: { apiVersion: 'v1', kind: 'Pod', metadata, spec } };
}
