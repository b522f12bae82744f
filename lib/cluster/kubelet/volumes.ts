// Volumes: what a pod mounts besides its image. Written ones keep their files in tables of the world's state; those made of
// config maps, secrets and the pod's own fields are read-only and follow their objects.
import { nodeFiles } from '../../images/node';
import { type Entry, FileSystem, type ImageFiles, imageFiles } from '../../machine/fs';
import { netdOf } from '../../network/interfaces';
import type { DownwardItem, KeyToPath, Pod, Projection, Volume } from '../kinds';
import type { KubeletContext } from './context';
import { allocatableOf, podField, resourceField } from './environment';

/** A volume cannot be set up yet; the text is that of the FailedMount event. */
export class MountError extends Error {}

const DEFAULT_MODE = 0o644;
const TOKEN_SECONDS = 3607; // what the admission of service accounts asks for

interface NodeFacts {
  name: string;
  address: string;
  addresses: string[];
}

export class Volumes {
  /** File systems that several machines share, by the table they are kept in. */
  private readonly shared = new Map<string, FileSystem>();

  constructor(private readonly context: KubeletContext) {}

  /** The file system of each volume of a pod, by name. Throws MountError. */
  of(pod: Pod, node: NodeFacts): Map<string, FileSystem> {
    return new Map((pod.spec.volumes ?? []).map((volume) => [volume.name, this.fileSystem(pod, volume, node)]));
  }

  /** Forgets what was the pod's own. */
  drop(pod: Pod): void {
    for (const { name } of pod.spec.volumes ?? []) {
      const table = emptyDirTable(pod, name);
      this.shared.delete(table);
      this.context.state.drop(table);
    }
  }

  private fileSystem(pod: Pod, volume: Volume, node: NodeFacts): FileSystem {
    const { emptyDir, persistentVolumeClaim, hostPath } = volume;
    if (persistentVolumeClaim)
      return this.table(`fs/pv/${this.boundVolume(pod, volume.name, persistentVolumeClaim.claimName)}`);
    if (hostPath) return this.hostPath(node.name, hostPath.path);
    if (emptyDir || !(volume.configMap || volume.secret || volume.downwardAPI || volume.projected))
      return this.table(emptyDirTable(pod, volume.name), pod.spec.securityContext?.fsGroup);
    return new FileSystem(this.projected(pod, volume, node), undefined, () => this.context.clock.now(), true);
  }

  /** A part of a node's files. DIFFERS: two volumes of different paths do not see each other's changes. */
  private hostPath(node: string, path: string): FileSystem {
    const { fabric, profile, settings } = this.context;
    const base = path.replace(/\/+$/, '');
    const files = nodeFiles({ node, profile, netd: netdOf(fabric.network, node), dns: settings.nodeDns });
    const below = [...files].flatMap(([at, entry]): [string, Entry][] =>
      at === base || (base === '' && at === '/')
        ? [['/', entry]]
        : at.startsWith(`${base}/`)
          ? [[at.slice(base.length), entry]]
          : [],
    );
    return this.table(`fs/node/${node}${path}`, 0, new Map(below));
  }

  private table(name: string, group = 0, files: ImageFiles = new Map()): FileSystem {
    let fs = this.shared.get(name);
    if (!fs) {
      const root: Entry = { type: 'dir', mode: 0o777, uid: 0, gid: group, mtime: this.context.clock.now() };
      const image = new Map([['/', root], ...files]);
      fs = new FileSystem(image, this.context.state.table(name), () => this.context.clock.now());
      this.shared.set(name, fs);
    }
    return fs;
  }

  private boundVolume(pod: Pod, volume: string, claim: string): string {
    const { namespace } = pod.metadata;
    const found = this.context.store.get('persistentvolumeclaims', namespace, claim);
    if (!found)
      throw new MountError(
        `error processing PVC ${namespace}/${claim}: failed to fetch PVC from API server: persistentvolumeclaims "${claim}" not found`,
      );
    const name: string | undefined = found['spec']?.volumeName;
    if (!name)
      throw new MountError(`Unable to attach or mount volumes: unmounted volumes=[${volume}]: PVC is not bound`);
    return name;
  }

  private projected(pod: Pod, volume: Volume, node: NodeFacts): ImageFiles {
    const { configMap, secret, downwardAPI, projected } = volume;
    const sources: Projection[] = projected?.sources ?? [
      {
        ...(configMap && { configMap }),
        ...(secret && { secret: { ...secret, name: secret.secretName ?? '' } }),
        ...(downwardAPI && { downwardAPI }),
      },
    ];
    const mode = (configMap ?? secret ?? downwardAPI ?? projected)?.defaultMode ?? DEFAULT_MODE;
    const files: Record<string, Partial<Entry>> = {};
    for (const source of sources)
      for (const [path, { data, mode: own }] of this.source(pod, volume.name, source, node))
        files[`/${path}`] = { data, mode: own ?? mode, gid: pod.spec.securityContext?.fsGroup ?? 0 };
    return imageFiles(files, this.context.clock.now());
  }

  private source(
    pod: Pod,
    volume: string,
    source: Projection,
    node: NodeFacts,
  ): [string, { data: Uint8Array; mode?: number }][] {
    const { configMap, secret, downwardAPI, serviceAccountToken } = source;
    if (configMap) return this.keys(pod, volume, 'configmap', configMap.name ?? '', configMap);
    if (secret) return this.keys(pod, volume, 'secret', secret.name ?? '', secret);
    if (downwardAPI)
      return (downwardAPI.items ?? []).map((item) => [
        item.path,
        downward(pod, item, node, allocatableOf(this.context.store, node.name)),
      ]);
    if (!serviceAccountToken) return [];
    const { path, audience, expirationSeconds = TOKEN_SECONDS } = serviceAccountToken;
    return [[path, { data: text(this.context.token?.(pod, audience, expirationSeconds) ?? '') }]];
  }

  private keys(
    pod: Pod,
    volume: string,
    kind: 'configmap' | 'secret',
    name: string,
    { items, optional }: { items?: KeyToPath[]; optional?: boolean },
  ): [string, { data: Uint8Array; mode?: number }][] {
    const found = this.context.store.get(`${kind}s`, pod.metadata.namespace, name);
    if (!found && !optional)
      throw new MountError(`MountVolume.SetUp failed for volume "${volume}" : ${kind} "${name}" not found`);
    const data = contents(found);
    if (!items) return Object.entries(data).map(([key, bytes]) => [key, { data: bytes }]);
    return items.flatMap(({ key, path, mode }) => {
      const bytes = data[key];
      if (!bytes && optional) return [];
      if (!bytes)
        throw new MountError(
          `MountVolume.SetUp failed for volume "${volume}" : references non-existent ${kind === 'secret' ? 'secret' : 'config'} key: ${key}`,
        );
      return [[path, { data: bytes, ...(mode !== undefined && { mode }) }]];
    });
  }
}

const emptyDirTable = (pod: Pod, volume: string): string => `fs/pod/${pod.metadata.uid}/volumes/${volume}`;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function contents(object: { kind: string; [field: string]: unknown } | undefined): Record<string, Uint8Array> {
  const base64 = (value: string) => new Uint8Array(Buffer.from(value, 'base64'));
  const data = (object?.['data'] ?? {}) as Record<string, string>;
  const binary = (object?.['binaryData'] ?? {}) as Record<string, string>;
  const read = object?.kind === 'Secret' ? base64 : text;
  return Object.fromEntries([
    ...Object.entries(data).map(([key, value]) => [key, read(value)]),
    ...Object.entries(binary).map(([key, value]) => [key, base64(value)]),
  ]);
}

function downward(
  pod: Pod,
  { fieldRef, resourceFieldRef, mode }: DownwardItem,
  node: NodeFacts,
  allocatable: Record<string, string>,
): { data: Uint8Array; mode?: number } {
  const [first] = pod.spec.containers;
  const value = fieldRef
    ? (podField(pod, fieldRef.fieldPath, node) ?? '')
    : first && resourceFieldRef
      ? resourceField(pod, first, resourceFieldRef, allocatable)
      : '';
  return { data: text(value), ...(mode !== undefined && { mode }) };
}
