// Objects that came by client-side apply and are applied by the server from now on: the annotation of the former tells which
// fields may change hands without a conflict, and is kept up to date (apimachinery pkg/util/managedfields/internal/lastapplied*.go).
import type { Schema } from '../../resources/schema/schema';
import type { FieldSet, KubeObject, ObjectInput } from '../../store/types';
import { objectFields } from '../managed-fields';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
const MANAGER = 'kubectl'; // another name opts out

const annotationOf = (object: KubeObject): string | undefined => object.metadata.annotations?.[ANNOTATION];

/** The fields that client-side apply set last, if `manager` may take them over. */
export function upgradable(schema: Schema, type: string, live: KubeObject, manager: string): FieldSet {
  const text = manager === MANAGER ? annotationOf(live) : undefined;
  if (text === undefined) return {};
  try {
    const object = JSON.parse(text) as KubeObject;
    return objectFields(schema, type, { ...object, metadata: object.metadata ?? {} });
  } catch {
    return {}; // somebody wrote nonsense into the annotation
  }
}

/** The object with the annotation saying what was applied now. */
export function withLastApplied(object: KubeObject, live: KubeObject, input: ObjectInput, manager: string): KubeObject {
  if (manager !== MANAGER || annotationOf(live) === undefined) return object;
  const { managedFields: _managed, annotations = {}, ...metadata } = input.metadata ?? {};
  const { [ANNOTATION]: _old, ...others } = annotations;
  const applied = { ...input, metadata: { annotations: others, ...metadata } };
  const text = `${JSON.stringify(applied)}\n`;
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [ANNOTATION]: text } },
  };
}
