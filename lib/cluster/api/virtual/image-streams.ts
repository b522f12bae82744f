// imagestreamimports and imagestreamtags of image.openshift.io: questions about images, and tags as objects of their own.
import { importImage, latestOf, type TagEvent } from '../../image-import';
import { referenceOf } from '../../internal-registry';
import type { Served } from '../../resources/registry';
import { notFound } from '../../store/errors';
import type { KubeObject, ObjectInput } from '../../store/types';
import type { Answer, Call } from '../call';
import { answerList } from '../list';
import { answerObject, readObject } from '../objects';

const STREAMS = 'imagestreams.image.openshift.io';
const TAGS = 'imagestreamtags.image.openshift.io';

interface Source {
  from: { kind: string; name: string };
  to?: { name: string };
}

interface SpecTag {
  name: string;
  from?: { kind: string; name: string };
  generation?: number | null;
  [field: string]: unknown;
}

/** Looks images up in their registries; with `spec.import`, writes the tags into the stream. */
export async function importStream(call: Call, served: Served): Promise<Answer> {
  const input = await readObject(call, served);
  const sources: Source[] = input['spec']?.images ?? [];
  const images = sources.map(({ from, to }) => ({ tag: to?.name ?? tagOf(from.name), ...lookUp(call, from.name) }));
  const made = input['spec']?.import ? writeTags(call, input, sources) : undefined;
  const object = {
    kind: 'ImageStreamImport',
    apiVersion: 'image.openshift.io/v1',
    metadata: { ...input.metadata, namespace: call.info.namespace },
    spec: input['spec'],
    status: { ...(made && { import: made }), images },
  };
  return { code: 201, object };
}

const tagOf = (reference: string): string => /:([\w][\w.-]*)$/.exec(reference)?.[1] ?? 'latest';

function lookUp(call: Call, reference: string): Record<string, unknown> {
  const found = importImage(call.api.pull, reference);
  if ('image' in found) return { status: { metadata: {}, status: 'Success' }, image: found.image };
  const message = `dockerimage.image.openshift.io ${JSON.stringify(reference)} not found`;
  return {
    status: { metadata: {}, status: 'Failure', reason: 'NotFound', code: 404, message, details: { name: found.error } },
  };
}

function writeTags(call: Call, input: ObjectInput, sources: Source[]): KubeObject {
  const { store } = call.api.operations;
  const { namespace } = call.info;
  const name = input.metadata?.name ?? '';
  const old = store.get(STREAMS, namespace, name);
  const tags = sources.map(
    ({ from, to, ...rest }): SpecTag => ({ annotations: null, from, ...rest, name: to?.name ?? tagOf(from.name) }),
  );
  return putTags(call, namespace, name, old, tags);
}

/** The stream with these tags in its spec; each asks for an import. */
function putTags(
  call: Call,
  namespace: string,
  name: string,
  old: KubeObject | undefined,
  tags: SpecTag[],
): KubeObject {
  const { operations } = call.api;
  const kept: SpecTag[] = (old?.['spec']?.tags ?? []).filter(
    (one: SpecTag) => !tags.some((tag) => tag.name === one.name),
  );
  const generation = Number(old?.metadata.generation ?? 0) + 1;
  const spec = {
    lookupPolicy: { local: false },
    ...old?.['spec'],
    tags: [
      ...kept,
      ...tags.map((tag) => ({
        importPolicy: { importMode: 'Legacy' },
        referencePolicy: { type: 'Source' },
        ...tag,
        generation,
      })),
    ],
  };
  const options = { user: call.user };
  if (old) return operations.update(STREAMS, { ...old, spec }, options);
  return operations.create(STREAMS, { metadata: { name, namespace }, spec }, options);
}

const split = (name: string): [stream: string, tag: string] => {
  const colon = name.indexOf(':');
  return colon < 0 ? [name, ''] : [name.slice(0, colon), name.slice(colon + 1)];
};

function asTag(call: Call, stream: KubeObject, tag: string, event: TagEvent | undefined): KubeObject {
  const spec = (stream['spec']?.tags ?? []).find((one: SpecTag) => one.name === tag) ?? null;
  const found = event && importImage(call.api.pull, event.dockerImageReference);
  const image = found && 'image' in found ? found.image : undefined;
  return {
    kind: 'ImageStreamTag',
    apiVersion: 'image.openshift.io/v1',
    metadata: {
      ...stream.metadata,
      name: `${stream.metadata.name}:${tag}`,
      creationTimestamp: event?.created ?? stream.metadata.creationTimestamp,
    },
    tag: spec,
    generation: event?.generation ?? 0,
    lookupPolicy: stream['spec']?.lookupPolicy ?? { local: false },
    image: {
      ...image,
      metadata: { ...image?.metadata, name: event?.image ?? '' },
      dockerImageReference: event ? referenceOf(stream, tag, event) : '',
    },
  };
}

const tagsOf = (stream: KubeObject): { tag: string; items?: TagEvent[] | null }[] => stream['status']?.tags ?? [];

export function getTag(call: Call, served: Served): Answer {
  const [name, tag] = split(call.info.name);
  const stream = call.api.operations.store.get(STREAMS, call.info.namespace, name);
  const event = stream && latestOf(stream, tag);
  if (!stream || (!event && !(stream['spec']?.tags ?? []).some((one: SpecTag) => one.name === tag)))
    throw notFound(TAGS, call.info.name);
  return answerObject(call, served, asTag(call, stream, tag, event));
}

export function listTags(call: Call, served: Served): Answer {
  const streams = call.api.operations.store.list(STREAMS, call.info.namespace || undefined);
  const items = streams.flatMap((stream) =>
    tagsOf(stream).flatMap(({ tag, items: events }) => (events?.[0] ? [asTag(call, stream, tag, events[0])] : [])),
  );
  return answerList(call, served, items);
}

/** Create and update: the tag of the stream is what the object says. */
export async function putTag(call: Call, served: Served): Promise<Answer> {
  const input = await readObject(call, served);
  const [name, tag] = split(input.metadata?.name ?? '');
  const { store } = call.api.operations;
  const old = store.get(STREAMS, call.info.namespace, name);
  const stream = putTags(call, call.info.namespace, name, old, [{ ...input['tag'], name: tag }]);
  return answerObject(call, served, asTag(call, stream, tag, undefined), call.info.verb === 'create' ? 201 : 200);
}

export function deleteTag(call: Call): Answer {
  const { operations } = call.api;
  const [name, tag] = split(call.info.name);
  const stream = operations.store.get(STREAMS, call.info.namespace, name);
  const known =
    stream &&
    (tagsOf(stream).some((one) => one.tag === tag) ||
      (stream['spec']?.tags ?? []).some((one: SpecTag) => one.name === tag));
  if (!stream || !known) throw notFound(TAGS, call.info.name);
  const spec = { ...stream['spec'], tags: (stream['spec']?.tags ?? []).filter((one: SpecTag) => one.name !== tag) };
  operations.update(STREAMS, { ...stream, spec }, { user: call.user });
  return {
    code: 200,
    object: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: call.info.name, group: 'image.openshift.io', kind: 'imagestreamtags' },
    },
  };
}
