// Registries: which of them hold the same, and what they and the container runtimes say of an image that is not there.
import type { Reference } from './reference';

/** Who pulls: CRI-O on OpenShift, containerd on plain Kubernetes. Their words differ. */
export type Runtime = 'cri-o' | 'containerd';

/** Names of a registry's folder that lead to the same images elsewhere. */
const SAME: [RegExp, string][] = [
  [/^(public\.ecr\.aws\/docker|mirror\.gcr\.io)\/library\//, 'docker.io/library/'],
  [/^(mirror\.gcr\.io|index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)\//, 'docker.io/'],
  [/^(quay\.io|public\.ecr\.aws)\/bitnami\//, 'docker.io/bitnami/'],
  [/^docker\.io\/bitnamilegacy\//, 'docker.io/bitnami/'],
  [/^gcr\.io\/kubernetes-e2e-test-images\//, 'registry.k8s.io/e2e-test-images/'],
  [/^(k8s\.gcr\.io|gcr\.io\/google[_-]containers)\//, 'registry.k8s.io/'],
  [/^(gcr\.io\/google_samples|us-docker\.pkg\.dev\/google-samples\/containers\/gke)\//, 'gcr.io/google-samples/'],
  [/^(registry\.redhat\.io|registry\.ocp4\.example\.com:8443)\//, 'registry.access.redhat.com/'],
];

/** The repository itself and where else it would be found, in the order to look. */
export function placesOf(repository: string): string[] {
  const places = [repository];
  for (const [here, there] of SAME) if (here.test(repository)) places.push(repository.replace(here, there));
  return places;
}

/** Hosts that exist, beside those of the images here. */
const HOSTS =
  /^(docker\.io|quay\.io|ghcr\.io|(.+\.)?gcr\.io|registry\.k8s\.io|.+\.pkg\.dev|public\.ecr\.aws|mcr\.microsoft\.com|(.+\.)?redhat\.(io|com)|registry\.ocp4\.example\.com:8443|docker\.elastic\.co|registry\.gitlab\.com|nvcr\.io|container-registry\.oracle\.com|registry\.fedoraproject\.org|image-registry\.openshift-image-registry\.svc(\.cluster\.local)?:5000)$/;

interface Absence {
  /** As the pod names it. */
  reference: string;
  parsed: Reference;
  /** The repository is there, the tag or digest is not. */
  isTagOnly: boolean;
}

/** What the kubelet tells of a pull that failed: the registry's answer in the runtime's words. */
export function absence(runtime: Runtime, of: Absence): string {
  return runtime === 'cri-o' ? ofCrio(of) : ofContainerd(of);
}

function ofCrio({ reference, parsed, isTagOnly }: Absence): string {
  const { repository, host, wanted } = parts(parsed);
  const source = `initializing source docker://${familiar(reference, wanted)}`;
  if (!HOSTS.test(host))
    return `${source}: pinging container registry ${host}: Get "https://${host}/v2/": dial tcp: lookup ${host.replace(/:\d+$/, '')}: no such host`;
  return `${source}: reading manifest ${wanted} in ${repository}: ${isTagOnly ? unknown(host, wanted) : denied(host, wanted)}`;
}

/** github.com/containers/image shows Docker Hub's names without registry, and always a tag or digest. */
function familiar(reference: string, wanted: string): string {
  const short = reference.replace(/^docker\.io\/(library\/)?/, '');
  return short.includes('@') || short.endsWith(`:${wanted}`) ? short : `${short}:${wanted}`;
}

function parts({ repository, tag, digest }: Reference) {
  const [host = '', ...path] = repository.split('/');
  return { repository, host, path: path.join('/'), wanted: digest ?? tag };
}

const isGoogle = (host: string): boolean => /(^|\.)(gcr\.io|pkg\.dev|registry\.k8s\.io)$/.test(host);

const unknown = (host: string, wanted: string): string =>
  isGoogle(host) ? `manifest unknown: Failed to fetch "${wanted}"` : 'manifest unknown';

/** Docker Hub and quay.io answer alike for what is private and what is not there. */
function denied(host: string, wanted: string): string {
  if (host === 'docker.io') return 'requested access to the resource is denied';
  if (host === 'quay.io') return 'unauthorized: access to the requested resource is not authorized';
  return isGoogle(host) ? unknown(host, wanted) : 'name unknown: Repo not found';
}

/** The kubelet drops gRPC's head when the code is Unknown. kubernetes cri-client pkg/remote_image.go. */
function ofContainerd({ parsed, isTagOnly }: Absence): string {
  const { repository, host, path, wanted } = parts(parsed);
  const full = `${repository}${parsed.digest ? '@' : ':'}${wanted}`;
  const failed = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
  const url = `https://${host}/v2/${path}/manifests/${wanted}`;
  if (!HOSTS.test(host))
    return `${failed}: failed to do request: Head "${url}": dial tcp: lookup ${host.replace(/:\d+$/, '')}: no such host`;
  if (!isTagOnly && host === 'docker.io')
    return `${failed}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`;
  if (!isTagOnly && host === 'quay.io')
    return `${failed}: unexpected status from HEAD request to ${url}: 401 UNAUTHORIZED`;
  return `rpc error: code = NotFound desc = ${failed}: ${full}: not found`;
}
