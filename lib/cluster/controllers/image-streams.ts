// Image streams: tags that point outside are imported, and workloads that follow a tag get its newest image
// (openshift-controller-manager pkg/image/controller: import and triggers).
import type { Pull } from '../../images/image';
import { importImage, latestOf, type TagEvent } from '../image-import';
import { eventOf, referenceOf } from '../internal-registry';
import type { KubeObject } from '../store/types';
import { type Controller, type ControllerContext, splitKey } from './controller';
import { equal } from './equal';

const STREAMS = 'imagestreams.image.openshift.io';
const DEPLOYMENTS = 'deployments.apps';
const CONFIGS = 'deploymentconfigs.apps.openshift.io';
const TRIGGERS = 'image.openshift.io/triggers';

interface TagReference {
  name: string;
  from?: { kind: string; name: string; namespace?: string };
  generation?: number | null;
}

const keyOf = ({ object }: { object: KubeObject }) => [`${object.metadata.namespace}/${object.metadata.name}`];

/** Imports what the tags of a stream point to. */
export function imageImport(context: ControllerContext, pull: (reference: string) => Pull): Controller {
  return {
    name: 'image-import',
    watches: { [STREAMS]: keyOf },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const stream = context.store.get(STREAMS, namespace, name);
      if (stream && !stream.metadata.deletionTimestamp) importTags(context, stream, pull);
      return undefined;
    },
  };
}

interface StatusTag {
  tag: string;
  items: TagEvent[] | null;
  conditions?: { type: string; status: string; reason?: string; message?: string; generation: number }[];
}

function importTags(context: ControllerContext, stream: KubeObject, pull: (reference: string) => Pull): void {
  const old: StatusTag[] = stream['status']?.tags ?? [];
  const wanted: TagReference[] = stream['spec']?.tags ?? [];
  const kept = old.filter(({ tag }) => wanted.some(({ name }) => name === tag));
  const others = kept.length === old.length ? old : kept;
  const tags = wanted.reduce((all: StatusTag[], reference) => withTag(context, stream, all, reference, pull), others);
  if (equal(tags, old)) return;
  context.client.updateStatus(STREAMS, { ...stream, status: { ...stream['status'], tags } });
}

/** The status with one tag brought up to what its reference says. */
function withTag(
  context: ControllerContext,
  stream: KubeObject,
  all: StatusTag[],
  { name, from, generation }: TagReference,
  pull: (reference: string) => Pull,
): StatusTag[] {
  const known = all.find(({ tag }) => tag === name);
  const turn = generation ?? 1;
  const last = Math.max(known?.items?.[0]?.generation ?? 0, ...(known?.conditions ?? []).map((one) => one.generation));
  if (!from || (known && last >= turn)) return all;
  const made = follow(context, stream, from, pull);
  const rest = all.filter(({ tag }) => tag !== name);
  if ('error' in made) {
    const condition = {
      type: 'ImportSuccess',
      status: 'False',
      reason: 'NotFound',
      message: made.error,
      generation: turn,
    };
    return sorted([...rest, { tag: name, items: known?.items ?? null, conditions: [condition] }]);
  }
  const event: TagEvent = { created: context.clock.timestamp(), ...made, generation: turn };
  const same = known?.items?.[0]?.image === event.image;
  const items = same
    ? [{ ...(known?.items?.[0] as TagEvent), generation: turn }, ...(known?.items ?? []).slice(1)]
    : [event, ...(known?.items ?? [])];
  return sorted([...rest, { tag: name, items }]);
}

const sorted = (tags: StatusTag[]): StatusTag[] => [...tags].sort((a, b) => (a.tag < b.tag ? -1 : 1));

/** The image that a reference means. */
function follow(
  context: ControllerContext,
  stream: KubeObject,
  from: { kind: string; name: string; namespace?: string },
  pull: (reference: string) => Pull,
): { dockerImageReference: string; image: string } | { error: string } {
  if (from.kind === 'DockerImage') {
    const found = importImage(pull, from.name);
    if ('error' in found) return found;
    return { dockerImageReference: String(found.image['dockerImageReference']), image: found.image.metadata.name };
  }
  const namespace = from.namespace || stream.metadata.namespace;
  const isImage = from.kind === 'ImageStreamImage';
  const [name = '', rest = ''] = from.name.includes('/')
    ? from.name
        .split('/')
        .slice(-1)[0]!
        .split(isImage ? '@' : ':')
    : from.name.split(isImage ? '@' : ':');
  const [source, tag] = isImage || from.name.includes(':') ? [name, rest] : [stream.metadata.name, from.name];
  const other = context.store.get(STREAMS, namespace, source);
  const event = other && (isImage ? eventOf(other, tag) : latestOf(other, tag));
  return event ?? { error: `imagestream.image.openshift.io ${JSON.stringify(source)} has no ${tag}` };
}

interface Trigger {
  from: { kind: string; name: string; namespace?: string };
  fieldPath: string;
  paused?: boolean | string;
}

/** Gives deployments with the triggers' annotation the image of the tag that they follow. */
export function imageTriggers(context: ControllerContext): Controller {
  const { store } = context;
  const followers = ({ object }: { object: KubeObject }): string[] =>
    [DEPLOYMENTS, CONFIGS].flatMap((resource) =>
      store
        .list(resource)
        .filter((one) => triggersOf(one).some(({ from }) => follows(one, from, object)))
        .map(({ metadata }) => `${metadata.namespace}/${resource}:${metadata.name}`),
    );
  const own =
    (resource: string) =>
    ({ object }: { object: KubeObject }) => [`${object.metadata.namespace}/${resource}:${object.metadata.name}`];
  return {
    name: 'image-triggers',
    watches: { [STREAMS]: followers, [DEPLOYMENTS]: own(DEPLOYMENTS), [CONFIGS]: own(CONFIGS) },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const [resource = '', object = ''] = name.split(':');
      const found = store.get(resource, namespace, object);
      if (found && !found.metadata.deletionTimestamp) trigger(context, resource, found);
      return undefined;
    },
  };
}

const follows = (one: KubeObject, { namespace, name }: Trigger['from'], stream: KubeObject): boolean =>
  (namespace || one.metadata.namespace) === stream.metadata.namespace && name.split(':')[0] === stream.metadata.name;

function trigger(context: ControllerContext, resource: string, object: KubeObject): void {
  const triggers = triggersOf(object);
  if (triggers.length === 0) return;
  const after = structuredClone(object);
  for (const { from, container, params } of triggers) {
    const [stream = '', tag = ''] = from.name.split(':');
    const found = context.store.get(STREAMS, from.namespace || object.metadata.namespace, stream);
    const event = found && latestOf(found, tag);
    const image = event && referenceOf(found, tag, event);
    const target = (after['spec'].template.spec.containers as { name: string; image: string }[]).find(
      (one) => one.name === container,
    );
    if (!image || !target) continue;
    target.image = image;
    if (params) remember(after, params, image);
  }
  if (!equal(after['spec'], object['spec'])) context.client.update(resource, after);
}

/** Writes down in a deployment config's trigger what it was given last. */
function remember(config: KubeObject, at: number, image: string): void {
  const trigger = config['spec'].triggers[at - 1];
  trigger.imageChangeParams = { ...trigger.imageChangeParams, lastTriggeredImage: image };
}

/** `params`: which of a deployment config's triggers it is, counted from one. */
function triggersOf(object: KubeObject): { from: Trigger['from']; container: string; params?: number }[] {
  if (object.kind === 'DeploymentConfig')
    return (object['spec'].triggers ?? []).flatMap(
      (
        {
          type,
          imageChangeParams: p,
        }: {
          type: string;
          imageChangeParams?: { automatic?: boolean; containerNames?: string[]; from: Trigger['from'] };
        },
        i: number,
      ) =>
        type === 'ImageChange' && p?.automatic
          ? (p.containerNames ?? []).map((container) => ({ from: p.from, container, params: i + 1 }))
          : [],
    );
  const text = object.metadata.annotations?.[TRIGGERS];
  if (!text) return [];
  try {
    return (JSON.parse(text) as Trigger[]).flatMap(({ from, fieldPath, paused }) => {
      const container = /@\.name==["']([^"']+)["']/.exec(fieldPath)?.[1];
      return container && String(paused) !== 'true' ? [{ from, container }] : [];
    });
  } catch {
    return []; // whoever wrote the annotation sees that nothing happens
  }
}
