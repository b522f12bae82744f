// Who a container runs as: the spec, OpenShift's restricted constraint, or the image.
import type { Image } from '../../images/image';
import { ALL_CAPABILITIES } from '../../machine/capabilities';
import { imageFiles, toText } from '../../machine/fs';
import type { Container, Pod } from '../kinds';
import type { ObjectStore } from '../store/store';
import { ConfigError } from './environment';

export interface ContainerUser {
  uid: number;
  gid: number;
}

const CRIO = 'CHOWN DAC_OVERRIDE FSETID FOWNER SETGID SETUID SETPCAP NET_BIND_SERVICE KILL';
/** What each runtime gives a container's root. */
const CAPABILITIES = {
  openshift: new Set(CRIO.split(' ')),
  kubernetes: new Set(`${CRIO} MKNOD NET_RAW SYS_CHROOT AUDIT_WRITE SETFCAP`.split(' ')), // containerd
};

const UID_RANGE = 'openshift.io/sa.scc.uid-range';
const SCC = 'openshift.io/scc';
/** Constraints under which a container keeps its image's user. */
const FREE = new Set([
  'anyuid',
  'privileged',
  'hostaccess',
  'hostmount-anyuid',
  'hostnetwork',
  'nonroot',
  'node-exporter',
]);

function passwd(image: Image): string[][] {
  const file = image.files.get('/etc/passwd');
  return file?.data
    ? toText(file.data)
        .split('\n')
        .map((line) => line.split(':'))
    : [];
}

/** The user of an image, by name or number, with the group that /etc/passwd gives it. */
function imageUser(image: Image, who: string): ContainerUser {
  const [user = '0', group] = who.split(':');
  const row = passwd(image).find(([name, , uid]) => name === user || uid === user);
  return { uid: Number(row?.[2] ?? user) || 0, gid: Number(group ?? row?.[3] ?? 0) || 0 };
}

/** The first user id of a namespace, as the restricted constraint gives it; undefined where it does not apply. */
function restrictedUid(store: ObjectStore, pod: Pod): number | undefined {
  const scc = pod.metadata.annotations?.[SCC];
  if (scc && FREE.has(scc)) return undefined;
  const range = store.get('namespaces', undefined, pod.metadata.namespace ?? '')?.metadata.annotations?.[UID_RANGE];
  const first = Number(range?.split('/')[0]);
  return Number.isInteger(first) && !exempt(pod) ? first : undefined;
}

/** DIFFERS: which constraint a service account may use is reduced to the namespaces that the platform itself owns. */
const exempt = ({ metadata, spec }: Pod): boolean =>
  /^(default|kube-.*|openshift|openshift-.*)$/.test(metadata.namespace ?? '') ||
  spec.hostNetwork === true ||
  spec.containers.some(({ securityContext }) => securityContext?.privileged);

/** Throws ConfigError when the spec forbids what the image asks for. */
export function containerUser(
  store: ObjectStore,
  pod: Pod,
  container: Container,
  image: Image,
  profile: 'openshift' | 'kubernetes',
): ContainerUser {
  const own = container.securityContext;
  const shared = pod.spec.securityContext;
  const asked =
    own?.runAsUser ?? shared?.runAsUser ?? (profile === 'openshift' ? restrictedUid(store, pod) : undefined);
  const group = own?.runAsGroup ?? shared?.runAsGroup;
  const base = asked === undefined ? imageUser(image, image.user) : { ...imageUser(image, String(asked)), uid: asked };
  if (own?.runAsNonRoot && base.uid === 0)
    throw new ConfigError(
      `container has runAsNonRoot and image will run as root (pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.name})`,
    );
  return { uid: base.uid, gid: group ?? base.gid };
}

/** The capabilities of a container's root: its runtime's, without what the spec drops and with what it adds. */
export function capabilitiesOf(
  { securityContext: own }: Container,
  profile: 'openshift' | 'kubernetes',
): ReadonlySet<string> {
  if (own?.privileged) return ALL_CAPABILITIES;
  const { add = [], drop = [] } = own?.capabilities ?? {};
  if (add.length + drop.length === 0) return CAPABILITIES[profile];
  const kept = drop.includes('ALL') ? [] : [...CAPABILITIES[profile]].filter((name) => !drop.includes(name));
  return new Set([...kept, ...(add.includes('ALL') ? ALL_CAPABILITIES : add)].map((name) => name.replace(/^CAP_/, '')));
}

/** /etc/passwd with a line for a user that the image does not know, as CRI-O adds it; undefined when nothing is to add. */
export function passwdFor(image: Image, { uid, gid }: ContainerUser): string | undefined {
  const rows = passwd(image);
  if (rows.length === 0 || rows.some((row) => row[2] === String(uid))) return undefined;
  const text = toText(image.files.get('/etc/passwd')?.data ?? new Uint8Array());
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${end}${uid}:x:${uid}:${gid}:${uid} user:${image.workdir || '/'}:/sbin/nologin\n`;
}

/** The home directory, as the runtime sets HOME. */
export const homeOf = (image: Image, { uid }: ContainerUser): string =>
  passwd(image).find((row) => row[2] === String(uid))?.[5] || image.workdir || '/';

/** A file system of one file, to be mounted over a path. */
export const singleFile = (text: string, mode = 0o644, mtime = 0) => {
  const [entry] = [...imageFiles({ '/file': { data: new TextEncoder().encode(text), mode } }, mtime).values()].slice(
    -1,
  );
  return new Map([['/', entry as NonNullable<typeof entry>]]);
};
