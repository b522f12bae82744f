// The registry inside an OpenShift cluster: it keeps no images, and passes on those that image streams point to.
// DIFFERS: whoever can name an image may pull it; the role system:image-puller is not asked for.
import { latestOf, type PullImage, type TagEvent } from './image-import';
import type { ObjectStore } from './store/store';
import type { KubeObject } from './store/types';

const STREAMS = 'imagestreams.image.openshift.io';

const REFERENCE =
  /^image-registry\.openshift-image-registry\.svc(?:\.cluster\.local)?:5000\/([^/:@]+)\/([^/:@]+)(?::([^/:@]+))?(?:@(sha256:[0-9a-f]+))?$/;

/** Pulls from the outside, and by way of the streams of `store` from the inside. */
export function throughStreams(pull: PullImage, store: ObjectStore): PullImage {
  return (reference) => {
    const [, namespace, name = '', tag = 'latest', digest] = REFERENCE.exec(reference) ?? [];
    if (!namespace) return pull(reference);
    const stream = store.get(STREAMS, namespace, name);
    const event = stream && (digest ? eventOf(stream, digest) : latestOf(stream, tag));
    return pull(event?.dockerImageReference ?? reference);
  };
}

/** An image of a stream, by its digest. */
export function eventOf(stream: KubeObject, digest: string): TagEvent | undefined {
  const tags: { items?: TagEvent[] | null }[] = stream['status']?.tags ?? [];
  return tags.flatMap(({ items }) => items ?? []).find(({ image }) => image === digest);
}

/** By what name pods get the image of a tag: that of the registry inside where the tag asks for it. */
export function referenceOf(stream: KubeObject, tag: string, event: TagEvent): string {
  const wanted = (stream['spec']?.tags ?? []).find((one: { name: string }) => one.name === tag);
  const inside: string | undefined = stream['status']?.dockerImageRepository;
  return wanted?.referencePolicy?.type === 'Local' && inside ? `${inside}@${event.image}` : event.dockerImageReference;
}
