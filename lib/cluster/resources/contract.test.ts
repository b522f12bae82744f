// What every kind must hold, over the whole list; and that no input makes one throw anything but an ApiError.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { State } from '../../sim/state';
import { DecodeError, decode } from '../api/decode';
import { Operations } from '../api/operations';
import { ApiError } from '../store/errors';
import { ObjectStore } from '../store/store';
import { resourceId } from './definition';
import { Registry } from './registry';
import type { FieldType, Schema } from './schema/schema';
import { elementType, isScalar } from './schema/schema';

const registry = new Registry('openshift');
const kinds = registry.all().map((definition) => [resourceId(definition), definition] as const);

describe.each(kinds)('%s', (_id, definition) => {
  it('has a cell for each column, and a type for each version', () => {
    const object = {
      apiVersion: '',
      kind: definition.kind,
      metadata: { name: 'x', uid: '', resourceVersion: '', creationTimestamp: '' },
    };
    const cells = definition.row(object, 0);
    const optional = definition.kind === 'PriorityClass' ? 1 : 0;
    expect(cells.length).toBeGreaterThanOrEqual(definition.columns.length - optional);
    for (const version of definition.versions)
      expect(registry.schema.fields(version.type ?? definition.kind)).toBeDefined();
    expect(definition.storage ? registry.get(definition.storage) : definition).toBeDefined();
  });
});

it('names each resource once', () => {
  const ids = kinds.map(([id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

const words = fc.constantFrom(
  '',
  'a',
  'x-1',
  'Bad_Name',
  '10.0.0.1',
  '10.0.0.0/8',
  '100m',
  '1Gi',
  'Always',
  'None',
  'TCP',
  '__proto__',
  '*',
  '50%',
  'ClusterIP',
  'NodePort',
  'ExternalName',
);
const numbers = fc.constantFrom(-1, 0, 1, 80, 30_080, 65_536, 2 ** 31 - 1);

/** Values of a type, now and then of the wrong one, not deeper than `depth`. */
function anyOf(schema: Schema, type: FieldType, depth: number): fc.Arbitrary<unknown> {
  if (type.wraps[0] === 'list') return fc.array(anyOf(schema, elementType(type), depth - 1), { maxLength: 2 });
  if (type.wraps[0] === 'map') return fc.dictionary(words, anyOf(schema, elementType(type), depth - 1), { maxKeys: 2 });
  if (!isScalar(type.base)) return depth <= 0 ? fc.constant({}) : objectOf(schema, type.base, depth - 1);
  if (type.base === 'boolean') return fc.boolean();
  if (type.base === 'int32' || type.base === 'int64' || type.base === 'double') return numbers;
  if (type.base === 'date' || type.base === 'micro') return fc.constant('2026-01-01T00:00:00Z');
  if (type.base === 'byte') return fc.constantFrom('', 'YQ==');
  if (type.base === 'intstr') return fc.oneof(words, numbers);
  if (type.base === 'quantity') return fc.constantFrom('1', '100m', '1Gi', '-1', 2);
  return type.base === 'any' ? fc.oneof(fc.constant({}), words, numbers) : words;
}

function objectOf(schema: Schema, name: string, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const fields = [...(schema.fields(name) ?? [])].filter(
    ([field]) => !['apiVersion', 'kind', 'managedFields', 'resourceVersion'].includes(field),
  );
  return fc
    .uniqueArray(fc.nat(Math.max(0, fields.length - 1)), { maxLength: 8 })
    .chain((picked) =>
      fc.record(
        Object.fromEntries(
          picked.flatMap((i) => (fields[i] ? [[fields[i][0], anyOf(schema, fields[i][1], depth)]] : [])),
        ),
      ),
    );
}

const expected = (error: unknown) => error instanceof ApiError || error instanceof DecodeError;

describe('any object', () => {
  const clock = new Clock(Date.parse('2026-01-01T00:00:00Z'));
  const random = new Random(1);
  const operations = new Operations(registry, new ObjectStore(new State(), clock, random), clock, random, {
    profile: 'openshift',
    serviceNetwork: '10.0.0.0/16',
    clusterNetwork: '10.8.0.0/14',
    hostPrefix: 23,
    baseDomain: 'x.test',
    apiUrl: 'https://x.test',
  }); // prettier-ignore
  operations.create('namespaces', { metadata: { name: 'n' } });
  operations.create('serviceaccounts', { metadata: { name: 'default', namespace: 'n' } });
  const writable = kinds.filter(([, d]) => !d.verbs || d.verbs.includes('update'));

  it.each(writable)('of %s is taken or refused, never a bug', (id, definition) => {
    const version = definition.versions[0] as (typeof definition.versions)[number];
    const type = version.type ?? definition.kind;
    fc.assert(
      fc.property(objectOf(registry.schema, type, 6), objectOf(registry.schema, type, 6), (first, second) => {
        try {
          const name = `x${random.hex(8)}`;
          const place = (value: Record<string, unknown>) => {
            const object = decode(registry.schema, type, value).value;
            return {
              ...object,
              metadata: { ...object.metadata, name, namespace: 'n', finalizers: [], uid: undefined },
            };
          };
          const made = operations.create(id, place(first));
          definition.row(made, clock.now());
          definition.selectable?.(made);
          definition.row(operations.update(id, place(second)), clock.now());
          operations.delete(id, definition.namespaced ? 'n' : undefined, name);
        } catch (error) {
          if (!expected(error)) throw error;
        }
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});
