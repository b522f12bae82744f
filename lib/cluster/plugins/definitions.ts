// The custom resource definitions that a network plug-in brings.
import type { CustomResource } from '../../network/cni/contract';
import type { ControllerContext } from '../controllers/controller';
import type { ObjectInput } from '../store/types';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/** Defines the kinds that the API does not serve by itself. */
export function defineKinds({ client, serves, store }: ControllerContext, resources: readonly CustomResource[]): void {
  for (const resource of resources) {
    const id = `${resource.plural}.${resource.group}`;
    if (!serves(id) && !store.get(DEFINITIONS, undefined, id)) client.create(DEFINITIONS, definitionOf(resource));
  }
}

function definitionOf(resource: CustomResource): ObjectInput {
  const { group, version, kind, plural, namespaced, shortNames, columns } = resource;
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), ...(shortNames && { shortNames }) },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schemaOf(resource) },
          ...(columns && {
            additionalPrinterColumns: columns.map(([name, type, jsonPath]) => ({ name, type, jsonPath })),
          }),
        },
      ],
    },
  };
}

function schemaOf({ spec, named }: CustomResource): object {
  const text = { type: 'string' };
  const name = named ? { properties: { name: { type: 'string', pattern: named } } } : {};
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const known = { apiVersion: text, kind: text, metadata: { type: 'object', ...name } };
  return spec
    ? { type: 'object', required: ['spec'], properties: { ...known, spec, status: open } }
    : { ...open, properties: { ...known } };
}
