// What types and their fields are for, in our own words: what `kubectl explain` prints. By the schema's name of the type; ''
// stands for the type itself. What is not here is described by its name alone.
import { CLUSTER } from './cluster';
import { NETWORK } from './network';
import { POD } from './pod';
import { WORKLOADS } from './workloads';

export type Descriptions = Record<string, Record<string, string>>;

const ALL = new Map(Object.entries({ ...POD, ...WORKLOADS, ...NETWORK, ...CLUSTER }));

/** Fields that every kind has. */
const COMMON = new Map([
  ['apiVersion', 'Group and version of the schema that the object follows, as apps/v1.'],
  ['kind', 'Kind of the object, in upper camel case. It cannot be changed.'],
  ['metadata', 'Name, labels and what else all objects have.'],
  ['spec', 'What is wanted.'],
  ['status', 'What was last seen. Written by the system.'],
]);

/** undefined where nothing is written. */
export function describeType(type: string): string | undefined {
  return ALL.get(type)?.[''];
}

export function describeField(type: string, field: string, isKind: boolean): string | undefined {
  const own = ALL.get(type);
  if (own && Object.hasOwn(own, field)) return own[field];
  return isKind ? COMMON.get(field) : undefined;
}
