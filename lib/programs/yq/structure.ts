// What yq's operators do to maps and sequences: entries, keys, removal, order, aliases.
import { equal, int, map, nothing, placed, seq, text, type YqNode } from './node';
import { YqError } from './problem';

export const toEntries = (node: YqNode): YqNode | undefined => {
  const { real } = node;
  if (real.kind !== 'map' && real.kind !== 'seq') {
    if (real.isNull) return undefined;
    throw new YqError(`${real.tag} has no keys`);
  }
  const pairs: [YqNode, YqNode][] =
    real.kind === 'map' ? [...real.pairs()] : real.content.map((item, i) => [int(i), item]);
  const made = seq();
  for (const [key, value] of pairs) {
    const entry = map();
    const name = key.copy();
    name.isKey = false;
    entry.put(text('key'), name);
    entry.put(text('value'), value.copy());
    made.push(entry);
  }
  return placed(made, node);
};

export const fromEntries = (node: YqNode): YqNode => {
  const made = map();
  const { real } = node;
  if (real.kind !== 'seq' && real.kind !== 'map') throw new YqError('from entries only runs against arrays');
  real.content.forEach((entry, i) => {
    const key = entry.get('key') ?? entry.get('name') ?? int(i);
    made.put(key.copy(), (entry.get('value') ?? nothing()).copy());
  });
  return placed(made, node);
};

/** The keys of a map, the indices of a sequence. */
export const keysOf = (node: YqNode): YqNode => {
  const { real } = node;
  if (real.kind === 'map')
    return seq(
      [...real.pairs()].map(([key]) => {
        const copy = key.copy();
        copy.isKey = false;
        return copy;
      }),
    );
  if (real.kind === 'seq') return seq(real.content.map((_, i) => int(i)));
  throw new YqError(`Cannot get keys of ${real.tag}, keys only works for maps and arrays`);
};

export function remove(node: YqNode): void {
  const { parent } = node;
  if (!parent || node.isPending) return;
  if (parent.kind === 'map') {
    const at = parent.content.findIndex((each, i) => each === node && (i % 2 === 1 || node.isKey));
    if (at < 0) return;
    parent.content.splice(node.isKey ? at : at - 1, 2);
    return;
  }
  const at = parent.content.indexOf(node);
  if (at < 0) return;
  parent.content.splice(at, 1);
  parent.content.forEach((item, i) => {
    item.key = int(i);
  });
}

export function flattened(node: YqNode, depth: number): YqNode[] {
  return node.content.flatMap((item) =>
    item.real.kind === 'seq' && depth !== 0 ? flattened(item.real, depth - 1) : [item],
  );
}

export function sortKeys(node: YqNode): void {
  if (node.kind !== 'map') return;
  const pairs = [...node.pairs()].sort(([a], [b]) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  node.content = pairs.flat();
}

export function explode(node: YqNode): void {
  if (node.kind === 'alias') {
    const copy = node.real.copy();
    const { parent, key } = node;
    Object.assign(node, copy, { parent, key, anchor: '', target: undefined });
    node.content = [];
    if (copy.kind === 'map') for (const [name, value] of [...copy.pairs()]) node.put(name, value);
    else for (const item of [...copy.content]) node.push(item);
  }
  node.anchor = '';
  if (node.kind === 'seq') node.content.forEach(explode);
  if (node.kind !== 'map') return;
  const pairs = [...node.pairs()];
  const own = new Map<string, [YqNode, YqNode]>();
  for (const [key, value] of pairs) {
    if (key.tag !== '!!merge') {
      const old = own.get(key.value);
      if (old) old[1] = value;
      else own.set(key.value, [key, value]);
      continue;
    }
    const { real } = value;
    const sources = real.kind === 'seq' ? [...real.content].reverse().map((item) => item.real) : [real];
    for (const source of sources)
      for (const [name, inherited] of source.pairs()) {
        const old = own.get(name.value);
        if (old) old[1] = inherited.copy();
        else own.set(name.value, [name.copy(), inherited.copy()]);
      }
  }
  node.content = [];
  for (const [key, value] of own.values()) node.put(key, value);
  for (const [key, value] of node.pairs()) {
    explode(key);
    explode(value);
  }
}

/** `${NAME:-default}` and its kin in a text. */
export function substituted(
  source: string,
  env: Readonly<Record<string, string>>,
  options: ReadonlySet<string>,
): string {
  const problems: string[] = [];
  const problem = (message: string): string => {
    if (options.has('ff')) throw new YqError(message);
    problems.push(message);
    return '';
  };
  const variables = /\$(?:\{([A-Za-z_]\w*)(?:(:?[-=])([^}]*))?\}|([A-Za-z_]\w*))/g;
  const replaced = source.replace(variables, (_, braced, sign, fallback, plain) => {
    const name = (braced ?? plain) as string;
    const value = env[name];
    if (value === '' && options.has('ne')) return problem(`variable \${${name}} set but empty`);
    if (sign && (value === undefined || (sign.startsWith(':') && value === ''))) return fallback as string;
    if (value === undefined && options.has('nu')) return problem(`variable \${${name}} not set`);
    return value ?? '';
  });
  if (problems.length > 0) throw new YqError(problems.join('\n'));
  return replaced;
}

/** The first of each, by what stands beside it. */
export function distinct(items: readonly (readonly [YqNode, YqNode | undefined])[], byLook = false): YqNode[] {
  const kept: (readonly [YqNode, YqNode | undefined])[] = [];
  const same = (a: YqNode, b: YqNode) => equal(a, b) && (!byLook || a.kind !== 'scalar' || a.value === b.value);
  for (const pair of items)
    if (!kept.some(([, key]) => (key && pair[1] ? same(key, pair[1]) : key === pair[1]))) kept.push(pair);
  return kept.map(([item]) => item);
}
