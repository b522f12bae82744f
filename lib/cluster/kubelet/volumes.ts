// Volumes: what a pod mounts besides its image. Written ones keep their files in tables of the world's state; those made of
// config maps, secrets and the pod's own fields are read-only and follow their objects.
import { nodeFiles } from '../../images/node';
import { type Entry, FileSystem, type ImageFiles, imageFiles, Subtree } from '../../machine/fs';
import { followLinks } from '../../machine/links';
import { dirname } from '../../machine/path';
import { netdOf } from '../../network/interfaces';
import { hash32 } from '../../sim/random';
import type { DownwardItem, KeyToPath, Pod, Projection, Volume } from '../kinds';
import type { KubeletContext } from './context';
import { allocatableOf, podField, resourceField } from './environment';
import { runtimeId } from './runtime-id';

/** A volume cannot be set up yet; the text is that of the FailedMount event. */
export class MountError extends Error {}

const DEFAULT_MODE = 0o644;
const GROUP_READS = 0o440; // what a volume's group may, whatever the mode: pkg/volume/volume_linux.go
const PROVISIONED = 'pv.kubernetes.io/provisioned-by';
const TOKEN_SECONDS = 3607; // what the admission of service accounts asks for

interface NodeFacts {
  name: string;
  address: string;
  addresses: string[];
}

type HostPath = NonNullable<Volume['hostPath']>;

/** Types that make what is not there; a runtime does so, too, for a path of no type. */
const CREATED = new Set(['', 'DirectoryOrCreate', 'FileOrCreate']);

/** kubernetes pkg/volume/hostpath: what each type demands. */
const KINDS: Record<string, { type: Entry['type'] | undefined; words: string }> = {
  Directory: { type: 'dir', words: 'a directory' },
  DirectoryOrCreate: { type: 'dir', words: 'a directory' },
  File: { type: 'file', words: 'a file' },
  FileOrCreate: { type: 'file', words: 'a file' },
  Socket: { type: undefined, words: 'a socket file' },
  CharDevice: { type: 'device', words: 'a character device' },
  BlockDevice: { type: undefined, words: 'a block device' },
};

export class Volumes {
  /** File systems that several machines share, by the table they are kept in. */
  private readonly shared = new Map<string, FileSystem>();

  /** @param opened told of a node's root when it is made */
  constructor(
    private readonly context: KubeletContext,
    private readonly opened: (node: string, root: FileSystem) => void = () => {},
  ) {}

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
      return this.claimed(this.boundVolume(pod, volume.name, persistentVolumeClaim.claimName), node.name);
    if (hostPath) return this.hostPath(node.name, volume.name, hostPath);
    if (emptyDir || !(volume.configMap || volume.secret || volume.downwardAPI || volume.projected))
      return this.table(emptyDirTable(pod, volume.name), pod.spec.securityContext?.fsGroup);
    return new FileSystem(this.projected(pod, volume, node), undefined, () => this.context.clock.now(), true);
  }

  /**
   * The files of a persistent volume: of the node, of an export that several volumes may name, or its own.
   * DIFFERS: what a provisioner made follows the pod to any node, also where the real one would be a directory of one node.
   */
  private claimed(name: string, node: string): FileSystem {
    const volume = this.context.store.get('persistentvolumes', undefined, name);
    const spec = volume?.['spec'];
    const path: HostPath | undefined = spec?.hostPath ?? spec?.local;
    if (path && !volume?.metadata.annotations?.[PROVISIONED]) return this.hostPath(node, name, path);
    const nfs: { server: string; path: string } | undefined = spec?.nfs;
    return this.table(nfs ? `fs/nfs/${nfs.server}:${nfs.path}` : `fs/pv/${name}`);
  }

  /** A part of the node's own files, which all pods of the node share. */
  private hostPath(node: string, volume: string, { path, type = '' }: HostPath): FileSystem {
    const whole = this.nodeRoot(node);
    const base = followLinks(whole, path);
    if (base === '/') return whole;
    const wrong = `MountVolume.SetUp failed for volume "${volume}" : hostPath type check failed: ${path} is not `;
    if (!whole.lookup(base) && CREATED.has(type))
      createPath(whole, base, type === 'FileOrCreate', this.context.clock.now());
    const kind = KINDS[type];
    if (kind && whole.lookup(base)?.type !== kind.type) throw new MountError(wrong + kind.words);
    return new Subtree(whole, base);
  }

  /** All files of a node. */
  nodeRoot(node: string): FileSystem {
    const { fabric, profile, settings, installed } = this.context;
    const name = `fs/node/${node}`;
    const known = this.shared.get(name);
    if (known) return known;
    const files = nodeFiles({
      node,
      profile,
      netd: netdOf(fabric.network, node),
      dns: settings.nodeDns,
      installed: installed?.(node) ?? {},
    });
    const root = this.table(name, 0, files);
    this.opened(node, root);
    return root;
  }

  private table(name: string, group = 0, files: ImageFiles = new Map()): FileSystem {
    let fs = this.shared.get(name);
    if (!fs) {
      // the kubelet gives a volume with a group the set-group-ID bit
      const root: Entry = {
        type: 'dir',
        mode: group === 0 ? 0o777 : 0o2777,
        uid: 0,
        gid: group,
        mtime: this.context.clock.now(),
      };
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
    const group = pod.spec.securityContext?.fsGroup ?? 0;
    const files: Record<string, Partial<Entry>> = {};
    for (const source of sources)
      for (const [path, { data, mode: own }] of this.source(pod, volume.name, source, node))
        files[path] = { data, mode: (own ?? mode) | (group === 0 ? 0 : GROUP_READS), gid: group };
    const now = this.context.clock.now();
    const inMemory = secret || projected ? 0o1000 : 0; // a tmpfs is sticky
    return written(files, { now, group, mode: 0o777 | inMemory, key: `${pod.metadata.uid}/${volume.name}` });
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

/**
 * Files as the kubelet writes them, so that all change at once: in a directory of the moment, which `..data` names; what
 * the pod sees are links through it. kubernetes pkg/volume/util/atomic_writer.go.
 */
function written(
  files: Record<string, Partial<Entry>>,
  { now, group, mode, key }: { now: number; group: number; mode: number; key: string },
): ImageFiles {
  const moment = new Date(now).toISOString().replace(/\..*/, '').replace(/[-T:]/g, '_');
  const folder = `..${moment}.${hash32(`${key}/${now}`)}`;
  const setGroup = group === 0 ? 0 : 0o2000;
  const link = (target: string): Partial<Entry> => ({ type: 'link', target, mode: 0o777, gid: group });
  const all: Record<string, Partial<Entry>> = {
    '/': { type: 'dir', mode: mode | setGroup, gid: group },
    [`/${folder}`]: { type: 'dir', mode: 0o755 | setGroup, gid: group },
    '/..data': link(folder),
  };
  for (const [path, file] of Object.entries(files)) {
    const at = `/${folder}/${path}`;
    all[at] = file;
    for (let up = dirname(at); up !== `/${folder}`; up = dirname(up))
      all[up] = { type: 'dir', mode: 0o755 | setGroup, gid: group };
    const [top = ''] = path.split('/');
    all[`/${top}`] = link(`..data/${top}`);
  }
  return imageFiles(all, now);
}

function createPath(fs: FileSystem, path: string, isFile: boolean, mtime: number): void {
  const names = path.split('/').filter(Boolean);
  for (let i = 1; i <= names.length; i++) {
    const at = `/${names.slice(0, i).join('/')}`;
    if (fs.lookup(at)) continue;
    const last = isFile && i === names.length;
    fs.set(at, {
      type: last ? 'file' : 'dir',
      mode: last ? 0o644 : 0o755,
      uid: 0,
      gid: 0,
      mtime,
      ...(last && { data: new Uint8Array() }),
    });
  }
}

const emptyDirTable = (pod: Pod, volume: string): string => `fs/pod/${runtimeId(pod)}/volumes/${volume}`;
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
