// A kind between the version a client speaks and the version it is stored in.
import type { ResourceDefinition } from '../resources/definition';
import { groupVersion } from '../resources/definition';
import type { Served } from '../resources/registry';
import type { KubeObject } from '../store/types';

export const apiVersionOf = ({ definition, version }: Served): string => groupVersion(definition.group, version.name);

const storedVersion = (definition: ResourceDefinition): string =>
  groupVersion(definition.group, definition.versions[0]?.name ?? 'v1');

export const typeOf = ({ definition, version }: Served): string => version.type ?? definition.kind;

const views = new WeakMap<Served['version'], WeakMap<KubeObject, KubeObject>>();

/** The object in the version asked for; the same object twice gives the same view. */
export function toServed(served: Served, object: KubeObject): KubeObject {
  const { definition, version } = served;
  const apiVersion = apiVersionOf(served);
  if (!version.encode && object.apiVersion === apiVersion && object.kind === definition.kind) return object;
  let known = views.get(version);
  if (!known) views.set(version, (known = new WeakMap()));
  let view = known.get(object);
  if (!view) {
    view = { ...(version.encode?.(object) ?? object), apiVersion, kind: definition.kind };
    known.set(object, view);
  }
  return view;
}

export function fromServed(served: Served, object: KubeObject): KubeObject {
  const { definition, version } = served;
  return version.decode?.(object) ?? { ...object, apiVersion: storedVersion(definition), kind: definition.kind };
}
