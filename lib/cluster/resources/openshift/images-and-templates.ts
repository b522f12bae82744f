// imagestreams.image.openshift.io and templates.template.openshift.io, as objects.
import type { KubeObject } from '../../store/types';
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';
import { since } from '../duration';
import { keepStatus } from '../workload';

interface Tag {
  tag: string;
  items?: { created?: string }[] | null;
}

const TAGS_SHOWN = 3;

const tagsOf = ({ status, spec }: KubeObject): string[] => {
  const seen: string[] = ((status?.tags ?? []) as Tag[]).map(({ tag }) => tag);
  const named: string[] = (spec?.tags ?? []).map(({ name }: { name: string }) => name);
  return [...new Set([...seen, ...named])];
};

const latest = ({ status }: KubeObject): string | undefined =>
  ((status?.tags ?? []) as Tag[])
    .flatMap(({ items }) => (items ?? []).map(({ created }) => created ?? ''))
    .sort()
    .at(-1);

export const imageStream: ResourceDefinition = {
  group: 'image.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'ImageStream',
  plural: 'imagestreams',
  singular: 'imagestream',
  shortNames: ['is'],
  categories: ['all'],
  namespaced: true,
  profile: 'openshift',
  subresources: ['status'],
  generation: true,
  types: {
    ImageStream: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'ObjectMeta',
      spec: 'ImageStreamSpec',
      status: 'ImageStreamStatus',
    },
    ImageStreamSpec: { dockerImageRepository: 'string', lookupPolicy: 'ImageLookupPolicy', tags: '[]TagReference' },
    ImageLookupPolicy: { local: 'boolean!' },
    TagReference: {
      annotations: '{}string',
      from: 'ObjectReference',
      generation: 'int64',
      importPolicy: 'any',
      name: 'string!',
      reference: 'boolean',
      referencePolicy: 'any',
    }, // prettier-ignore
    ImageStreamStatus: { dockerImageRepository: 'string', publicDockerImageRepository: 'string', tags: '[]any' },
  },
  columns: columns('Name', 'Image Repository', 'Tags', 'Updated'),
  row: (object, now) => {
    const tags = tagsOf(object);
    const more = tags.length > TAGS_SHOWN ? ` + ${tags.length - TAGS_SHOWN} more...` : '';
    const updated = latest(object);
    const repository = object['status']?.publicDockerImageRepository ?? object['status']?.dockerImageRepository ?? '';
    return [
      object.metadata.name,
      repository,
      tags.slice(0, TAGS_SHOWN).join(',') + more,
      updated ? `${since(updated, now)} ago` : '',
    ];
  },
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.lookupPolicy ??= { local: false };
  },
  prepareCreate(object) {
    object['status'] = {
      dockerImageRepository: `image-registry.openshift-image-registry.svc:5000/${object.metadata.namespace}/${object.metadata.name}`,
    };
  },
  prepareUpdate: keepStatus,
};

interface Parameter {
  name?: string;
  value?: string;
  generate?: string;
}

const parametersCell = (parameters: Parameter[]): string => {
  if (parameters.length === 0) return '0 (all set)';
  const blank = parameters.filter(({ value, generate }) => !value && !generate).length;
  const generated = parameters.filter(({ generate }) => generate).length;
  const text = blank > 0 ? `${blank} blank` : generated > 0 ? `${generated} generated` : 'all set';
  return `${parameters.length} (${text})`;
};

const DESCRIPTION_WIDTH = 80;

export const template: ResourceDefinition = {
  group: 'template.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'Template',
  plural: 'templates',
  singular: 'template',
  namespaced: true,
  profile: 'openshift',
  types: {
    Template: {
      apiVersion: 'string',
      kind: 'string',
      labels: '{}string',
      message: 'string',
      metadata: 'ObjectMeta',
      objects: '[]any!',
      parameters: '[]TemplateParameter',
    }, // prettier-ignore
    TemplateParameter: {
      description: 'string',
      displayName: 'string',
      from: 'string',
      generate: 'string',
      name: 'string!',
      required: 'boolean',
      value: 'string',
    }, // prettier-ignore
  },
  columns: columns('Name', 'Description', 'Parameters', 'Objects'),
  row: (object) => {
    const description = (object.metadata.annotations?.['description'] ?? '').split('\n')[0] ?? '';
    const shown =
      description.length > DESCRIPTION_WIDTH ? `${description.slice(0, DESCRIPTION_WIDTH - 3)}...` : description;
    return [
      object.metadata.name,
      shown,
      parametersCell(object['parameters'] ?? []),
      String(object['objects']?.length ?? 0),
    ];
  },
  default(object) {
    object['objects'] ??= [];
  },
};
