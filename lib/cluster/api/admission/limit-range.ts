// Defaults and bounds of a namespace's LimitRanges: plugin/pkg/admission/limitranger.
import { canonicalQuantity, quantityValue } from '../../resources/quantity';
import { forbidden } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { Plugin } from './admission';

type Amounts = Record<string, string>;

interface Limit {
  type: string;
  min?: Amounts;
  max?: Amounts;
  default?: Amounts;
  defaultRequest?: Amounts;
  maxLimitRequestRatio?: Amounts;
}

interface Container {
  name: string;
  resources?: { limits?: Amounts; requests?: Amounts };
}

const ANNOTATION = 'kubernetes.io/limit-ranger';

const containersOf = ({ spec }: KubeObject): [string, Container][] => [
  ...((spec.containers ?? []) as Container[]).map((each): [string, Container] => ['container', each]),
  ...((spec.initContainers ?? []) as Container[]).map((each): [string, Container] => ['init container', each]),
];

/** Sets what is missing; returns the names set. */
function fill(target: Amounts, defaults: Amounts = {}): string[] {
  const missing = Object.keys(defaults).filter((name) => target[name] === undefined);
  for (const name of missing) target[name] = defaults[name] as string;
  return missing.sort();
}

function setDefaults(pod: KubeObject, limits: Limit[]): void {
  const notes: string[] = [];
  for (const { type, default: defaults, defaultRequest } of limits) {
    if (type !== 'Container') continue;
    for (const [what, container] of containersOf(pod)) {
      const resources = (container.resources ??= {});
      const requests = fill((resources.requests ??= {}), defaultRequest);
      const capped = fill((resources.limits ??= {}), defaults);
      if (requests.length > 0) notes.push(`${requests.join(', ')} request for ${what} ${container.name}`);
      if (capped.length > 0) notes.push(`${capped.join(', ')} limit for ${what} ${container.name}`);
      if (Object.keys(resources.requests).length === 0) delete resources.requests;
      if (Object.keys(resources.limits).length === 0) delete resources.limits;
    }
  }
  if (notes.length > 0)
    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}`,
    };
}

const shown = canonicalQuantity;

function checkMin(type: string, bounds: Amounts, requests: Amounts, limits: Amounts): string[] {
  return Object.entries(bounds).flatMap(([name, bound]) => {
    const start = `minimum ${name} usage per ${type} is ${shown(bound)}`;
    const [request, limit] = [requests[name], limits[name]];
    if (request === undefined) return [`${start}.  No request is specified`];
    if (quantityValue(request) < quantityValue(bound)) return [`${start}, but request is ${shown(request)}`];
    return limit !== undefined && quantityValue(limit) < quantityValue(bound)
      ? [`${start}, but limit is ${shown(limit)}`]
      : [];
  });
}

function checkMax(type: string, bounds: Amounts, requests: Amounts, limits: Amounts): string[] {
  return Object.entries(bounds).flatMap(([name, bound]) => {
    const start = `maximum ${name} usage per ${type} is ${shown(bound)}`;
    const [request, limit] = [requests[name], limits[name]];
    if (limit === undefined) return [`${start}.  No limit is specified`];
    if (quantityValue(limit) > quantityValue(bound)) return [`${start}, but limit is ${shown(limit)}`];
    return request !== undefined && quantityValue(request) > quantityValue(bound)
      ? [`${start}, but request is ${shown(request)}`]
      : [];
  });
}

function checkRatio(type: string, bounds: Amounts, requests: Amounts, limits: Amounts): string[] {
  return Object.entries(bounds).flatMap(([name, bound]) => {
    const start = `${name} max limit to request ratio per ${type} is ${shown(bound)}`;
    const [request, limit] = [quantityValue(requests[name]), quantityValue(limits[name])];
    if (!request) return [`${start}, but no request is specified or request is 0`];
    if (!limit) return [`${start}, but no limit is specified or limit is 0`];
    return limit / request > quantityValue(bound)
      ? [`${start}, but provided ratio is ${(limit / request).toFixed(6)}`]
      : [];
  });
}

function check(
  { type, min = {}, max = {}, maxLimitRequestRatio = {} }: Limit,
  requests: Amounts,
  limits: Amounts,
): string[] {
  return [
    ...checkMin(type, min, requests, limits),
    ...checkMax(type, max, requests, limits),
    ...checkRatio(type, maxLimitRequestRatio, requests, limits),
  ];
}

/** Sums over the containers; a resource that one of them leaves open is not in the sum. */
function total(pod: KubeObject, list: 'requests' | 'limits'): Amounts {
  const all = ((pod['spec'].containers ?? []) as Container[]).map((c) => c.resources?.[list] ?? {});
  const names = new Set(all.flatMap(Object.keys));
  const complete = [...names].filter((name) => list === 'requests' || all.every((each) => each[name] !== undefined));
  return Object.fromEntries(
    complete.map((name) => [name, String(all.reduce((sum, each) => sum + quantityValue(each[name]), 0))]),
  );
}

function problems(object: KubeObject, resource: string, limits: Limit[]): string[] {
  if (resource === 'persistentvolumeclaims')
    return limits
      .filter(({ type }) => type === 'PersistentVolumeClaim')
      .flatMap(({ type, min = {}, max = {} }) => {
        const requests: Amounts = object['spec']?.resources?.requests ?? {};
        return [
          ...checkMin(type, min, requests, {}),
          ...checkMax(type, max, requests, requests).map((text) => text.replace('but limit is', 'but request is')),
        ];
      });
  return limits.flatMap((limit) => {
    if (limit.type === 'Container')
      return containersOf(object).flatMap(([, { resources = {} }]) =>
        check(limit, resources.requests ?? {}, resources.limits ?? {}),
      );
    return limit.type === 'Pod' ? check(limit, total(object, 'requests'), total(object, 'limits')) : [];
  });
}

export const limitRange: Plugin = ({ operation, resource, object, subresource }, { store }) => {
  if (operation !== 'CREATE' || subresource || (resource !== 'pods' && resource !== 'persistentvolumeclaims')) return;
  const limits: Limit[] = store
    .list('limitranges', object.metadata.namespace)
    .flatMap(({ spec }) => spec?.limits ?? []);
  if (limits.length === 0) return;
  if (resource === 'pods') setDefaults(object, limits);
  const found = problems(object, resource, limits);
  if (found.length > 0)
    throw forbidden(
      resource,
      object.metadata.name ?? '',
      found.length === 1 ? (found[0] as string) : `[${found.join(', ')}]`,
    );
};
