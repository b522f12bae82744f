// Refuses what would exceed a namespace's quota: apiserver pkg/admission/plugin/resourcequota. It reads what is used from the
// objects themselves; the controller writes it into the quotas' status.
import type { Context } from '../../resources/definition';
import { canonicalQuantity, quantityValue } from '../../resources/quantity';
import type { Usage } from '../../resources/quota/usage';
import { inScope, objectUsage, quotaUsage, usageText } from '../../resources/quota/usage';
import { forbidden } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { Attributes } from './admission';

interface Container {
  name: string;
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
}

const COMPUTE = /^(?:(requests|limits)\.)?(cpu|memory)$/;

/** Containers that leave out what the quota counts: `limits.cpu for: a,b`. */
function unspecified({ spec }: KubeObject, names: readonly string[]): string[] {
  const containers: Container[] = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return names.flatMap((name) => {
    const [, list = 'requests', resource = ''] = COMPUTE.exec(name) ?? [];
    if (!resource) return [];
    const missing = containers.filter(({ resources }) => resources?.[list as 'requests']?.[resource] === undefined);
    return missing.length > 0 ? [`${name} for: ${missing.map((c) => c.name).join(',')}`] : [];
  });
}

const list = (names: readonly string[], value: (name: string) => string): string =>
  names.map((name) => `${name}=${value(name)}`).join(',');

function enforce(quota: KubeObject, attributes: Attributes, context: Context): void {
  const { resource, object, old } = attributes;
  const hard: Record<string, string> = quota['spec']?.hard ?? {};
  const { name } = object.metadata;
  const asked: Usage = objectUsage(resource, object);
  const before: Usage = old ? objectUsage(resource, old) : {};
  const names = Object.keys(hard)
    .filter((each) => asked[each] !== undefined)
    .sort();
  if (names.length === 0) return;
  const missing = resource === 'pods' && !old ? unspecified(object, names) : [];
  if (missing.length > 0)
    throw forbidden(resource, name, `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`);
  const used = quotaUsage(context.store, quota);
  const more = (each: string) => (asked[each] ?? 0) - (before[each] ?? 0);
  const over = names.filter((each) => more(each) > 0 && (used[each] ?? 0) + more(each) > quantityValue(hard[each]));
  if (over.length === 0) return;
  const text = (amount: number, each: string) => usageText(amount, hard[each] as string);
  throw forbidden(
    resource,
    name,
    `exceeded quota: ${quota.metadata.name}, requested: ${list(over, (each) => text(more(each), each))}, used: ${list(over, (each) => text(used[each] ?? 0, each))}, limited: ${list(over, (each) => canonicalQuantity(hard[each] as string))}`,
  );
}

/** Runs after validation, last before the store. Throws Forbidden. */
export function enforceQuota(attributes: Attributes, context: Context): void {
  const { resource, definition, object, subresource } = attributes;
  if (!definition.namespaced || subresource || resource === 'events') return;
  for (const quota of context.store.list('resourcequotas', object.metadata.namespace))
    if (inScope(quota, resource, object)) enforce(quota, attributes, context);
}
