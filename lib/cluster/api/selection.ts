// Which objects of a resource a list, a watch or a deletecollection is about.
import type { ResourceDefinition } from '../resources/definition';
import { badRequest } from '../store/errors';
import { matchesAll, parseFieldSelector, parseLabelSelector } from '../store/selectors';
import type { KubeObject } from '../store/types';
import type { Call } from './call';

export type Selects = (object: KubeObject) => boolean;

const everything: Selects = () => true;

function fields(definition: ResourceDefinition, text: string): Selects | undefined {
  const terms = parseFieldSelector(text);
  if (terms.length === 0) return undefined;
  const known = definition.selectable?.({ metadata: {}, spec: {}, status: {} } as unknown as KubeObject) ?? {};
  for (const { field } of terms)
    if (field !== 'metadata.name' && field !== 'metadata.namespace' && !Object.hasOwn(known, field))
      throw badRequest(
        definition.selectable
          ? `field label not supported: ${field}`
          : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
  return (object) => {
    const values = definition.selectable?.(object) ?? {};
    return terms.every(({ field, value, equal }) => {
      const seen =
        field === 'metadata.name'
          ? object.metadata.name
          : field === 'metadata.namespace'
            ? (object.metadata.namespace ?? '')
            : values[field];
      return (seen === value) === equal;
    });
  };
}

function labels(text: string): Selects | undefined {
  const requirements = parseLabelSelector(text);
  if (requirements.length === 0) return undefined;
  return (object) => matchesAll(requirements, object.metadata.labels);
}

/** From the query and what the user may see. Throws BadRequest. */
export function selectionOf(call: Call, definition: ResourceDefinition): Selects {
  const parts: Selects[] = [];
  const { query, info } = call;
  if (info.namespace && definition.namespaced) parts.push(({ metadata }) => metadata.namespace === info.namespace);
  if (info.verb === 'watch' && info.name) parts.push(({ metadata }) => metadata.name === info.name);
  const byLabel = labels(query.get('labelSelector') ?? '');
  const byField = fields(definition, query.get('fieldSelector') ?? '');
  if (byLabel) parts.push(byLabel);
  if (byField) parts.push(byField);
  if (definition.kind === 'Project') parts.push(visibleTo(call));
  if (parts.length === 0) return everything;
  return parts.length === 1 ? (parts[0] as Selects) : (object) => parts.every((selects) => selects(object));
}

/** Of the projects one may list, one sees those one may read. */
const visibleTo =
  ({ api, user }: Call): Selects =>
  ({ metadata: { name } }) =>
    api.auth.authorize(user, { verb: 'get', group: '', resource: 'namespaces', namespace: name, name }).allowed;
