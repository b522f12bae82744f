// Server-side apply: the fields that a manager names become its own, those it no longer names go (KEP-555).
import { parse } from 'yaml';
import { resourceId } from '../../resources/definition';
import type { Served } from '../../resources/registry';
import { storageOf } from '../../resources/registry';
import type { FieldType } from '../../resources/schema/schema';
import { badRequest, conflict, invalid } from '../../store/errors';
import type { FieldSet, KubeObject, ManagedFieldsEntry, ObjectInput } from '../../store/types';
import type { Answer, Call } from '../call';
import { equal } from '../json';
import { objectFields, union } from '../managed-fields';
import { answerObject, inputOf, placed, writeOptions } from '../objects';
import { isTrue } from '../request-info';
import { apiVersionOf } from '../versions';
import { type Conflict, conflictError } from './conflicts';
import { difference, intersection, isEmpty, leaves } from './field-set';
import { upgradable, withLastApplied } from './last-applied';
import { merged, without } from './merge';

function required(call: Call): string {
  const manager = call.query.get('fieldManager');
  if (manager) return manager;
  throw invalid('PatchOptions.meta.k8s.io', '', [
    { field: 'fieldManager', reason: 'FieldValueRequired', message: 'Required value: is required for apply patch' },
  ]);
}

function read(call: Call, served: Served, body: Buffer): ObjectInput {
  let raw: unknown;
  try {
    raw = parse(body.toString('utf8'), { maxAliasCount: 100 });
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw badRequest('error decoding YAML: not an object');
  const { apiVersion, kind } = raw as Record<string, unknown>;
  if (!apiVersion || !kind) throw badRequest("Object 'apiVersion' or 'kind' is missing");
  return inputOf(call, served, raw as Record<string, unknown>);
}

/** The live object after the apply, with its managedFields. */
function applied(
  call: Call,
  served: Served,
  live: KubeObject,
  input: ObjectInput,
  mine: Pick<ManagedFieldsEntry, 'manager' | 'apiVersion' | 'subresource'>,
): KubeObject {
  const { schema } = call.api.operations.registry;
  const { definition } = served;
  const base = definition.versions[0]?.type ?? definition.kind;
  const type: FieldType = { base, wraps: [], required: true };
  const place = { schema, owner: '', field: '', type };
  const wanted = objectFields(schema, base, input as KubeObject);
  const managers = live.metadata.managedFields ?? [];
  const isMine = (entry: ManagedFieldsEntry) =>
    entry.operation === 'Apply' && entry.manager === mine.manager && entry.subresource === mine.subresource;
  const before = managers.find(isMine);
  const others = managers.filter((entry) => !isMine(entry));
  const owned = others.reduce<FieldSet>((set, entry) => union(set, entry.fieldsV1), {});
  const { apiVersion: _a, kind: _k, ...content } = input;
  const metadata = Object.fromEntries(
    (['labels', 'annotations', 'finalizers', 'ownerReferences'] as const).flatMap((key) =>
      content.metadata?.[key] === undefined ? [] : [[key, content.metadata[key]]],
    ),
  );
  const laid = merged(place, live, { ...content, metadata }) as KubeObject;
  const gone = before ? difference(difference(before.fieldsV1, wanted), owned) : {};
  const next = (isEmpty(gone) ? laid : without(place, laid, gone)) as KubeObject;
  const changed = leaves(intersection(objectFields(schema, base, next, live), wanted));
  const conflicts: Conflict[] = others
    .map((entry) => ({ entry, fields: intersection(changed, entry.fieldsV1) }))
    .filter(({ fields }) => !isEmpty(fields));
  const upgraded = upgradable(schema, base, live, mine.manager);
  const refused = conflicts
    .map(({ entry, fields }) => ({ entry, fields: difference(fields, upgraded) }))
    .filter(({ fields }) => !isEmpty(fields));
  if (refused.length > 0 && !isTrue(call.query.get('force'))) throw conflictError(refused);
  const lost = conflicts.reduce<FieldSet>((set, { fields }) => union(set, fields), {});
  const entry: ManagedFieldsEntry = {
    ...mine,
    operation: 'Apply',
    time: before && equal(before.fieldsV1, wanted) ? (before.time ?? '') : call.api.operations.clock.timestamp(),
    fieldsType: 'FieldsV1',
    fieldsV1: wanted,
  };
  const kept = others
    .map((each) => ({ ...each, fieldsV1: difference(difference(each.fieldsV1, lost), gone) }))
    .filter(({ fieldsV1 }) => !isEmpty(fieldsV1));
  const managedFields = [
    ...kept.filter(({ operation }) => operation === 'Apply'),
    entry,
    ...kept.filter(({ operation }) => operation !== 'Apply'),
  ];
  return {
    ...next,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: { ...live.metadata, ...next.metadata, managedFields },
  };
}

export function apply(call: Call, served: Served, body: Buffer, subresource?: string): Answer {
  const manager = required(call);
  const { operations } = call.api;
  const { definition } = served;
  const id = resourceId(definition);
  const input = read(call, served, body);
  if (input.metadata?.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  input.metadata = { ...input.metadata, name: input.metadata?.name ?? call.info.name };
  placed(call, served, input);
  call.api.auth.checkEscalation(call.user, id, input);
  const namespace = definition.namespaced ? call.info.namespace : undefined;
  const live = operations.store.get(storageOf(definition), namespace, call.info.name);
  const options = { ...writeOptions(call, served), managed: true as const, ...(subresource && { subresource }) };
  const mine = { manager, apiVersion: apiVersionOf(served), ...(subresource && { subresource }) };
  if (!live) {
    if (subresource) operations.store.getExisting(id, namespace, call.info.name);
    if (input.metadata.uid)
      throw conflict(
        id,
        call.info.name,
        `uid mismatch: the provided object specified uid ${input.metadata.uid}, and no existing object was found`,
      );
    const fieldsV1 = objectFields(
      operations.registry.schema,
      definition.versions[0]?.type ?? definition.kind,
      input as KubeObject,
    );
    const time = operations.clock.timestamp();
    input.metadata.managedFields = [{ ...mine, operation: 'Apply', time, fieldsType: 'FieldsV1', fieldsV1 }];
    return answerObject(call, served, operations.create(id, input, options), 201);
  }
  const next = withLastApplied(applied(call, served, live, input, mine), live, input, manager);
  if (input.metadata.resourceVersion) next.metadata.resourceVersion = input.metadata.resourceVersion;
  if (sameButTimes(next, live)) return answerObject(call, served, live);
  return answerObject(call, served, operations.update(id, next, options));
}

const timeless = ({ metadata, ...rest }: KubeObject) => ({
  ...rest,
  metadata: { ...metadata, managedFields: metadata.managedFields?.map((entry) => ({ ...entry, time: '' })) },
});

/** An apply that changes nothing is no write. */
const sameButTimes = (a: KubeObject, b: KubeObject): boolean => equal(timeless(a), timeless(b));
