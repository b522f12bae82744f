// Images on nodes: pulled once a node, with the kubelet's events and back-off. kubernetes pkg/kubelet/images/image_manager.go.
import type { Image } from '../../images/image';
import { parseReference } from '../../images/reference';
import type { Table } from '../../sim/state';
import type { Container, Pod } from '../kinds';
import { Texts } from '../texts';
import type { KubeletContext } from './context';
import { getPace } from './pace';

const BASE_MS = 10_000;
const MAX_MS = 300_000;

export interface Pulled {
  image: Image;
  imageID: string;
}

/** Tells the container what it waits for. */
type Waiting = (reason: string, message: string) => void;

export class Images {
  private readonly present: Table;
  private readonly texts = new Texts();

  constructor(private readonly context: KubeletContext) {
    this.present = context.state.table('kubelet-images');
  }

  /** The image of a container, without events: for one that ran here before. */
  find(reference: string): Pulled | undefined {
    const found = this.context.pull(reference);
    return 'error' in found ? undefined : this.pulled(reference, found);
  }

  /** Waits until the image is on the pod's node, however often the pull fails. */
  async ensure(
    pod: Pod,
    container: Container,
    fieldPath: string,
    waiting: Waiting,
    signal: AbortSignal,
  ): Promise<Pulled> {
    while (true) {
      const invalid = invalidName(container.image);
      if (!invalid) break;
      const text = `Failed to apply default image tag "${container.image}": couldn't parse image name "${container.image}": ${invalid}`;
      waiting('InvalidImageName', text);
      this.say(pod, 'Warning', 'InspectFailed', text, fieldPath);
      this.say(pod, 'Warning', 'Failed', 'Error: InvalidImageName', fieldPath);
      await this.context.clock.sleep(BASE_MS * this.waits, signal);
    }
    for (let delay = BASE_MS; ; delay = Math.min(delay * 2, MAX_MS)) {
      const found = await this.tryPull(pod, container, fieldPath, waiting, signal);
      if (found) return found;
      await this.context.clock.sleep(1000 * this.waits, signal);
      waiting('ImagePullBackOff', `Back-off pulling image "${container.image}"`);
      this.say(pod, 'Normal', 'BackOff', `Back-off pulling image "${container.image}"`, fieldPath);
      this.say(pod, 'Warning', 'Failed', 'Error: ImagePullBackOff', fieldPath);
      await this.context.clock.sleep(delay * this.waits, signal);
    }
  }

  private get waits(): number {
    return getPace(this.context.pace).waits;
  }

  private async tryPull(
    pod: Pod,
    container: Container,
    fieldPath: string,
    waiting: Waiting,
    signal: AbortSignal,
  ): Promise<Pulled | undefined> {
    const reference = container.image;
    const policy = container.imagePullPolicy ?? (/:(?!latest$)[^/]+$/.test(reference) ? 'IfNotPresent' : 'Always');
    const found = this.context.pull(reference);
    const key = `${pod.spec.nodeName}/${reference}`;
    if (this.present.has(key) && policy !== 'Always' && !('error' in found)) {
      this.say(pod, 'Normal', 'Pulled', `Container image "${reference}" already present on machine`, fieldPath);
      return this.pulled(reference, found);
    }
    if (policy === 'Never') {
      const text = `Container image "${reference}" is not present with pull policy of Never`;
      waiting('ErrImageNeverPull', text);
      this.say(pod, 'Warning', 'ErrImageNeverPull', text, fieldPath);
      this.say(pod, 'Warning', 'Failed', 'Error: ErrImageNeverPull', fieldPath);
      return undefined;
    }
    this.say(pod, 'Normal', 'Pulling', `Pulling image "${reference}"`, fieldPath);
    const size = 'error' in found || this.present.has(key) ? 0 : found.image.sizeBytes;
    const ms = Math.round(getPace(this.context.pace).pullMs(size));
    if (ms > 0) await this.context.clock.sleep(ms, signal);
    if ('error' in found) {
      const { error } = found;
      waiting('ErrImagePull', error);
      this.say(pod, 'Warning', 'Failed', `Failed to pull image "${reference}": ${error}`, fieldPath);
      this.say(pod, 'Warning', 'Failed', 'Error: ErrImagePull', fieldPath);
      return undefined;
    }
    this.present.set(key, found.digest);
    const shown = Math.round(getPace('realistic').pullMs(size)); // the words do not tell that the wait was shortened
    const took = shown < 1000 ? `${shown}ms` : `${shown / 1000}s`;
    const text = `Successfully pulled image "${reference}" in ${took} (${took} including waiting). Image size: ${found.image.sizeBytes} bytes.`;
    this.say(pod, 'Normal', 'Pulled', text, fieldPath);
    return this.pulled(reference, found);
  }

  private pulled(reference: string, { image, digest }: { image: Image; digest: string }): Pulled {
    return { image, imageID: this.texts.of(imageId(reference, digest)) };
  }

  private say(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath: string): void {
    this.context.events.record(
      pod,
      type,
      reason,
      message,
      { component: 'kubelet', host: pod.spec.nodeName ?? '' },
      fieldPath,
    );
  }
}

const NAME = /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*$/;

/** What the parser of references says of one that is none. github.com/distribution/reference. */
function invalidName(reference: string): string | undefined {
  const [, path = '', tag] = /^([^@]*?)(?::([^/:@]*))?(?:@.*)?$/.exec(reference) ?? [];
  const [first = '', ...rest] = path.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const name = hasRegistry ? rest : [first, ...rest];
  const short = rest.length === 0 ? `library/${path}` : name.join('/');
  if (name.some((part) => part !== part.toLowerCase()))
    return `invalid reference format: repository name (${short}) must be lowercase`;
  const fits = name.every((part) => NAME.test(part)) && (tag === undefined || /^[\w][\w.-]{0,127}$/.test(tag));
  return fits ? undefined : 'invalid reference format';
}

/** `repository@sha256:…` of a reference with or without tag. */
const imageId = (reference: string, digest: string): string =>
  `${parseReference(reference)?.repository ?? reference}@${digest}`;
