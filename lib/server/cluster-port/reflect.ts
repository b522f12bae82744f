// What the certificate library's injection container needs of the metadata proposal: a place to keep class metadata.
const kept = new WeakMap<object, Map<unknown, unknown>>();

const find = (key: unknown, target: object): unknown => kept.get(target)?.get(key);

function define(key: unknown, value: unknown, target: object): void {
  let own = kept.get(target);
  if (!own) kept.set(target, (own = new Map()));
  own.set(key, value);
}

/** Of the prototype chain the nearest, as the proposal has it. */
function findInherited(key: unknown, target: object | null): unknown {
  for (let at = target; at; at = Object.getPrototypeOf(at) as object | null)
    if (kept.get(at)?.has(key)) return find(key, at);
  return undefined;
}

if (!('getMetadata' in Reflect))
  Object.assign(Reflect, { defineMetadata: define, getOwnMetadata: find, getMetadata: findInherited });
