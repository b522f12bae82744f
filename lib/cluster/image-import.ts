// What an image stream knows of an image: its manifest as the registry tells it, in OpenShift's shape (image.openshift.io/v1 Image).
import type { Pull } from '../images/image';
import { parseReference } from '../images/reference';
import { hash32 } from '../sim/random';
import type { KubeObject } from './store/types';

export type PullImage = (reference: string) => Pull;

/** An entry of `status.tags[].items`. */
export interface TagEvent {
  created: string;
  dockerImageReference: string;
  generation: number;
  image: string;
}

/** The image behind a reference, or the registry's message. */
export function importImage(pull: PullImage, reference: string): { image: KubeObject } | { error: string } {
  const found = pull(reference);
  if ('error' in found) return { error: found.error };
  const { image, digest } = found;
  const repository = parseReference(reference)?.repository ?? '';
  const list = (words: string[]) => (words.length > 0 ? words : undefined);
  return {
    image: {
      apiVersion: 'image.openshift.io/v1',
      kind: 'Image',
      metadata: { name: digest } as KubeObject['metadata'],
      dockerImageReference: `${repository}@${digest}`,
      dockerImageMetadata: {
        kind: 'DockerImage',
        apiVersion: '1.0',
        Id: idOf(digest),
        Created: createdOf(digest),
        ContainerConfig: {},
        Config: {
          User: image.user === '0' ? undefined : image.user,
          ExposedPorts: Object.fromEntries(
            image.ports.map(({ port, protocol }) => [`${port}/${protocol.toLowerCase()}`, {}]),
          ),
          Env: Object.entries(image.env).map(([name, value]) => `${name}=${value}`),
          Cmd: list(image.cmd),
          Entrypoint: list(image.entrypoint),
          Volumes: image.volumes.length > 0 ? Object.fromEntries(image.volumes.map((path) => [path, {}])) : undefined,
          WorkingDir: image.workdir || undefined,
          Labels: image.labels,
        },
        Architecture: 'amd64',
        Size: image.sizeBytes,
      },
      dockerImageMetadataVersion: '1.0',
      dockerImageManifestMediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      dockerImageLayers: [{ name: idOf(`${digest}/layer`), size: image.sizeBytes, mediaType: LAYER }],
    },
  };
}

const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
const BUILT_FROM = Date.UTC(2024, 0, 1); // images are as old as this, or some months younger
const BUILT_DAYS = 500;
const DAY_MS = 86_400_000;

const createdOf = (digest: string): string =>
  new Date(BUILT_FROM + (hash32(digest) % BUILT_DAYS) * DAY_MS).toISOString().replace('.000', '');

const idOf = (digest: string): string =>
  `sha256:${Array.from({ length: 8 }, (_, i) => hash32(`${digest}/${i}`).toString(16).padStart(8, '0')).join('')}`;

/** The tag's newest image, as the stream has it. */
export function latestOf(stream: KubeObject, tag: string): TagEvent | undefined {
  const tags: { tag: string; items?: TagEvent[] }[] = stream['status']?.tags ?? [];
  return tags.find((one) => one.tag === tag)?.items?.[0];
}
