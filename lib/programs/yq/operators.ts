// The named operators of yq. Names are as the manual has them, with and without their underscores.
import { contains, sorting } from './arithmetic';
import { datesAndTimes } from './dates';
import { byIndex, type Context, descend, type Evaluation, everyChild, type Operator } from './evaluate';
import { decode, encode } from './formats';
import { bool, int, isTruthy, map, nothing, placed, plainTag, scalar, seq, text, type YqNode } from './node';
import { argumentsOf, type Expression, type Vocabulary } from './parser';
import { YqError } from './problem';
import { strings } from './strings';
import {
  distinct,
  explode,
  flattened,
  fromEntries,
  keysOf,
  remove,
  sortKeys,
  substituted,
  toEntries,
} from './structure';

const SELF: Expression = { kind: 'self' };

/** An operator that answers for each node by itself. */
const each =
  (
    answer: (
      node: YqNode,
      run: Evaluation,
      context: Context,
      args: Expression | undefined,
    ) => Promise<YqNode | YqNode[] | undefined> | YqNode | YqNode[] | undefined,
  ): Operator =>
  async (run, context, args) => {
    const all: YqNode[] = [];
    for (const node of context.nodes) {
      const found = await answer(node, run, context, args);
      if (Array.isArray(found)) all.push(...found);
      else if (found) all.push(found);
    }
    return all;
  };

async function firstOf(
  run: Evaluation,
  context: Context,
  args: Expression | undefined,
  node?: YqNode,
): Promise<YqNode | undefined> {
  if (!args) return undefined;
  const [value] = node ? await run.on(node, args, context) : await run.run(args, context);
  return value;
}

const needsSeq = (node: YqNode, what: string): YqNode => {
  const { real } = node;
  if (real.kind !== 'seq') throw new YqError(what);
  return real;
};

const shownPath = (node: YqNode): string =>
  node
    .path()
    .map(({ value }) => value)
    .join('.');

const notAnArray = (node: YqNode): string =>
  `node at path [${node
    .path()
    .map(({ value }) => value)
    .join('.')}] is not an array (it's a ${node.real.tag})`;

/** A sequence of the same style with other items. */
function reordered(node: YqNode, items: readonly YqNode[]): YqNode {
  const made = placed(seq(items.map((item) => item.copy())), node);
  made.style = node.real.style;
  made.head = node.real.head;
  made.foot = node.real.foot;
  return made;
}

async function sortedBy(node: YqNode, by: Expression, run: Evaluation, context: Context): Promise<YqNode[]> {
  const keyed: { item: YqNode; keys: YqNode[] }[] = [];
  for (const item of node.content) keyed.push({ item, keys: await run.on(item, by, context) });
  keyed.sort((a, b) => {
    for (let i = 0; i < Math.max(a.keys.length, b.keys.length); i++) {
      const order = sorting(a.keys[i] ?? nothing(), b.keys[i] ?? nothing());
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

async function grouped(node: YqNode, by: Expression, run: Evaluation, context: Context): Promise<YqNode[][]> {
  const groups = new Map<string, YqNode[]>();
  for (const item of node.content) {
    const [key] = await run.on(item, by, context);
    const name = key ? (key.isNull ? 'null' : key.value) : 'null';
    const kind =
      key && key.kind !== 'scalar' ? JSON.stringify([...descend(key, true)].map(({ value }) => value)) : name;
    groups.set(kind, [...(groups.get(kind) ?? []), item]);
  }
  return [...groups.values()];
}

const truth = (all: boolean, conditional: boolean): Operator =>
  each(async (node, run, context, args) => {
    const name = all ? 'all' : 'any';
    const { real } = node;
    if (real.kind !== 'seq') throw new YqError(`${name} only supports arrays, was ${real.tag}`);
    const verdicts: boolean[] = [];
    for (const item of real.content) {
      const value = conditional && args ? await firstOf(run, context, args, item) : item;
      verdicts.push(value ? isTruthy(value) : false);
    }
    return placed(bool(all ? verdicts.every(Boolean) : verdicts.some(Boolean)), node);
  });

const extreme = (most: boolean): Operator =>
  each((node) => {
    const items = needsSeq(node, notAnArray(node)).content;
    return items.reduce<YqNode | undefined>(
      (best, item) => (!best || (most ? sorting(item, best) > 0 : sorting(item, best) < 0) ? item : best),
      undefined,
    );
  });

const pick = (keep: boolean): Operator =>
  each(async (node, run, context, args) => {
    const names = (await firstOf(run, context, args, node))?.real.content ?? [];
    const { real } = node;
    const made = real.copy();
    made.content = [];
    const named = (key: string) => names.some(({ value }) => value === key);
    if (real.kind === 'map' && keep)
      for (const { value: name } of names) {
        const pair = [...real.pairs()].find(([key]) => key.value === name);
        if (pair) made.put(pair[0].copy(), pair[1].copy());
      }
    else if (real.kind === 'map') {
      for (const [key, value] of real.pairs()) if (!named(key.value)) made.put(key.copy(), value.copy());
    } else if (real.kind === 'seq') {
      const kept = keep
        ? names.map(({ value }) => real.content[Number(value)])
        : real.content.filter((_, i) => !named(String(i)));
      for (const item of kept) if (item) made.push(item.copy());
    } else throw new YqError(`cannot pick indices from type ${real.tag} (${shownPath(node)})`);
    return made;
  });

const attribute = (read: (node: YqNode) => string): Operator => each((node) => placed(text(read(node)), node));
const uncommented = (value: string): string => value.replace(/^#[ ]?/gm, '');

function kindOf(node: YqNode): string {
  return { scalar: 'scalar', map: 'map', seq: 'seq', alias: 'alias' }[node.kind];
}

const parents = (level: number): Operator =>
  each((node) => {
    let at: YqNode | undefined = node;
    if (level < 0) {
      const chain: YqNode[] = [];
      for (; at; at = at.parent) chain.push(at);
      return chain.at(level);
    }
    for (let i = 0; i < level && at; i++) at = at.parent;
    return at;
  });

async function toPath(run: Evaluation, context: Context, node: YqNode, args: Expression): Promise<YqNode[]> {
  const found = await firstOf(run, context, args, node);
  if (found?.kind !== 'seq')
    throw new YqError(`SET_PATH: expected path array, but got ${found?.tag ?? 'nothing'} instead`);
  return found.content;
}

function walk(node: YqNode, path: readonly YqNode[]): YqNode | undefined {
  let at: YqNode | undefined = node;
  for (const key of path) at = at && byIndex(at, key, true)[0];
  return at;
}

const PLAIN: Record<string, Operator> = {
  length: each((node) => {
    const { real } = node;
    const size =
      real.kind === 'map'
        ? real.content.length / 2
        : real.kind === 'seq'
          ? real.content.length
          : real.isNull
            ? 0
            : [...real.value].length;
    return placed(int(size), node);
  }),
  line: each((node) => placed(int(node.row), node)),
  column: each((node) => placed(int(node.column), node)),
  keys: each((node) => placed(keysOf(node), node)),
  key: each((node) => node.key),
  is_key: each((node) => placed(bool(node.isKey), node)),
  path: each((node) =>
    placed(
      seq((node.isKey && node.parent ? [...node.parent.path(), node] : node.path()).map((key) => key.copy())),
      node,
    ),
  ),
  parent: async (run, context, args) => {
    const level = await firstOf(run, context, args);
    return parents(level ? Number(level.value) : 1)(run, context, args);
  },
  parents: each((node) => {
    const chain: YqNode[] = [];
    for (let at = node.parent; at; at = at.parent) chain.push(at.copy());
    return placed(seq(chain), node);
  }),
  root: parents(-1),
  tag: attribute((node) => node.real.tag),
  type: attribute((node) => node.real.tag),
  kind: attribute(kindOf),
  style: attribute((node) => (node.tagged ? 'tagged' : node.style)),
  anchor: attribute((node) => node.anchor),
  alias: attribute((node) => (node.kind === 'alias' ? node.value : '')),
  line_comment: attribute((node) => uncommented(node.line)),
  head_comment: attribute((node) => uncommented((node.leading || node.head).replace(/^(---|%.*)\n/gm, ''))),
  foot_comment: attribute((node) => uncommented(node.foot)),
  document_index: each((node) => placed(int(node.document), node)),
  filename: each((node) => placed(text(node.file), node)),
  file_index: each((node) => placed(int(node.fileIndex), node)),
  not: each((node) => placed(bool(!isTruthy(node)), node)),
  any: truth(false, false),
  all: truth(true, false),
  any_c: truth(false, true),
  all_c: truth(true, true),
  empty: async () => [],
  to_entries: each(toEntries),
  from_entries: each(fromEntries),
  reverse: each((node) => reordered(node, [...needsSeq(node, notAnArray(node)).content].reverse())),
  sort: each((node) => reordered(node, [...needsSeq(node, notAnArray(node)).content].sort(sorting))),
  min: extreme(false),
  max: extreme(true),
  first: each(async (node, run, context, args) => {
    const { real } = node;
    if (!args) return real.children[0];
    for (const item of real.children) {
      const verdict = await firstOf(run, context, args, item);
      if (verdict && isTruthy(verdict)) return item;
    }
    return undefined;
  }),
  shuffle: each((node, run) => {
    const items = [...needsSeq(node, notAnArray(node)).content];
    for (let i = items.length - 1; i > 0; i--) {
      const j = run.surroundings.random(i + 1);
      [items[i], items[j]] = [items[j] as YqNode, items[i] as YqNode];
    }
    return reordered(node, items);
  }),
  flatten: each(async (node, run, context, args) => {
    const depth = await firstOf(run, context, args);
    return reordered(
      node,
      flattened(needsSeq(node, `only arrays are supported for flatten`), depth ? Number(depth.value) : -1),
    );
  }),
  unique: each((node) =>
    reordered(
      node,
      distinct(
        needsSeq(node, 'Only arrays are supported for unique').content.map((item) => [item, item]),
        true,
      ),
    ),
  ),
  split_doc: async (_, context) => {
    context.nodes.forEach((node, i) => {
      node.document = i;
    });
    return context.nodes;
  },
  to_string: each((node) =>
    placed(text(node.kind === 'scalar' ? node.value : encode(node, 'yaml', 2).trimEnd()), node),
  ),
  to_number: each((node) => {
    const { real } = node;
    if (/^!!(int|float)$/.test(plainTag(real))) return node;
    if (real.kind !== 'scalar')
      throw new YqError(
        `cannot convert node at path [${node
          .path()
          .map(({ value }) => value)
          .join('.')}] of tag ${real.tag} to number`,
      );
    const made = scalar(real.value);
    if (!/^!!(int|float)$/.test(made.tag))
      throw new YqError(`cannot convert node value [${real.value}] at path [] of tag ${real.tag} to number`);
    return placed(made, node);
  }),
  envsubst: each((node, run, _, args) =>
    placed(text(substituted(node.value, run.surroundings.env, optionsOf(args))), node),
  ),
  pivot: each((node) => {
    const rows = needsSeq(node, 'cannot pivot').content.map((item) => item.real);
    if (rows.every((row) => row.kind === 'seq')) {
      const width = Math.max(0, ...rows.map((row) => row.content.length));
      return placed(
        seq(Array.from({ length: width }, (_, i) => seq(rows.map((row) => (row.content[i] ?? nothing()).copy())))),
        node,
      );
    }
    const made = map();
    for (const name of new Set(rows.flatMap((row) => [...row.pairs()].map(([key]) => key.value))))
      made.put(text(name), seq(rows.map((row) => (row.get(name) ?? nothing()).copy())));
    return placed(made, node);
  }),
};

const optionsOf = (args: Expression | undefined): Set<string> =>
  new Set(args?.kind === 'value' ? args.text.split(',') : []);

const CALLS: Record<string, Operator> = {
  select: each(async (node, run, context, args) => {
    const verdicts = await run.on(node, args ?? SELF, context);
    return verdicts.some(isTruthy) ? node : undefined;
  }),
  has: each(async (node, run, context, args) => {
    const key = await firstOf(run, context, args, node);
    const { real } = node;
    if (!key) return placed(bool(false), node);
    if (real.kind === 'map') return placed(bool([...real.pairs()].some(([name]) => name.value === key.value)), node);
    const at = Number(key.value);
    return placed(bool(real.kind === 'seq' && key.tag === '!!int' && at >= 0 && at < real.content.length), node);
  }),
  map: each(async (node, run, context, args) => {
    const found = await run.run(args ?? SELF, { ...context, nodes: everyChild(node, false) });
    const made = placed(seq(found.map((item) => item.copy())), node);
    made.style = node.real.kind === 'seq' ? node.real.style : '';
    return made;
  }),
  filter: each(async (node, run, context, args) => {
    const kept: YqNode[] = [];
    for (const item of everyChild(node, false))
      if ((await run.on(item, args ?? SELF, context)).some(isTruthy)) kept.push(item);
    return reordered(node, kept);
  }),
  map_values: each(async (node, run, context, args) => {
    const made = node.real.copy();
    for (const item of made.children) {
      const value = await firstOf(run, context, args, item);
      if (!value) continue;
      const at = made.content.indexOf(item);
      const copy = value.copy();
      copy.parent = made;
      copy.key = item.key;
      made.content[at] = copy;
    }
    return made;
  }),
  with_entries: each(async (node, run, context, args) => {
    const listed = toEntries(node);
    if (!listed) return node;
    const found = await run.run(args ?? SELF, { ...context, nodes: [...listed.content] });
    const made =
      node.real.kind === 'map' || found.every((entry) => entry.get('key')?.tag !== '!!int')
        ? fromEntries(seq(found.map((entry) => entry.copy())))
        : seq(found.map((entry) => (entry.get('value') ?? nothing()).copy()));
    made.head = node.real.head;
    made.foot = node.real.foot;
    made.leading = node.leading;
    made.isRoot = node.isRoot;
    return placed(made, node);
  }),
  with: async (run, context, args) => {
    if (args?.kind !== 'binary' || args.op !== ';')
      throw new YqError('with must be given a block (;), got something else instead');
    for (const node of await run.run(args.left, context)) await run.on(node, args.right, context);
    return context.nodes;
  },
  del: async (run, context, args) => {
    const doomed = await run.run(args ?? SELF, context);
    for (const node of doomed)
      if (!node.parent && context.nodes.includes(node)) return context.nodes.filter((each) => each !== node);
    for (const node of [...doomed].reverse()) remove(node);
    return context.nodes;
  },
  del_paths: each(async (node, run, context, args) => {
    const paths = await firstOf(run, context, args, node);
    for (const [i, path] of (paths?.content ?? []).entries()) {
      if (path.kind !== 'seq')
        throw new YqError(
          `DELPATHS: expected entry [${i}] to be a sequence, but its a ${path.tag}. Note that delpaths takes an array of path arrays, e.g. [["a", "b"]]`,
        );
      const target = walk(node, path.content);
      if (target) remove(target);
    }
    return node;
  }),
  set_path: each(async (node, run, context, args) => {
    const [path, value] = argumentsOf(args, ';');
    if (!path || !value) throw new YqError('SET_PATH must be given a block (;), got something else instead');
    const target = walk(node, await toPath(run, context, node, path));
    const made = await firstOf(run, context, value, node);
    if (!target || !made) return node;
    target.attach();
    const { parent, key } = target;
    const copy = made.copy();
    target.kind = copy.kind;
    target.tag = copy.tag;
    target.value = copy.value;
    target.style = copy.style;
    target.content = [];
    if (copy.kind === 'map') for (const [name, item] of [...copy.pairs()]) target.put(name, item);
    else for (const item of [...copy.content]) target.push(item);
    target.parent = parent;
    target.key = key;
    return node;
  }),
  sort_by: each(async (node, run, context, args) =>
    reordered(node, await sortedBy(needsSeq(node, notAnArray(node)), args ?? SELF, run, context)),
  ),
  group_by: each(async (node, run, context, args) => {
    const groups = await grouped(needsSeq(node, 'Only arrays are supported for group by'), args ?? SELF, run, context);
    return placed(seq(groups.map((items) => seq(items.map((item) => item.copy())))), node);
  }),
  unique_by: each(async (node, run, context, args) => {
    const keyed: [YqNode, YqNode | undefined][] = [];
    for (const item of needsSeq(node, 'Only arrays are supported for unique').content)
      keyed.push([item, await firstOf(run, context, args, item)]);
    return reordered(node, distinct(keyed));
  }),
  contains: each(async (node, run, context, args) => {
    const other = await firstOf(run, context, args, node);
    return other && placed(bool(contains(node, other)), node);
  }),
  sort_keys: async (run, context, args) => {
    for (const node of await run.run(args ?? SELF, context)) sortKeys(node);
    return context.nodes;
  },
  explode: async (run, context, args) => {
    for (const node of await run.run(args ?? SELF, context)) explode(node);
    return context.nodes;
  },
  pick: pick(true),
  omit: pick(false),
  error: async (run, context, args) => {
    const message = await firstOf(run, context, args);
    throw new YqError(message?.value ?? '');
  },
  eval: each(async (node, run, context, args) => {
    const source = await firstOf(run, context, args, node);
    return source ? run.on(node, run.parse(source.value), context) : [];
  }),
  env: async (run, context, args) => {
    const { name, value } = variable(run, args);
    if (value === undefined) throw new YqError(`value for env variable '${name}' not provided in env()`);
    const [made] = decode(value, 'yaml');
    return context.nodes.length > 0
      ? context.nodes.map((node) => placed((made ?? nothing()).copy(), node))
      : [made ?? nothing()];
  },
  strenv: async (run, context, args) => {
    const { name, value } = variable(run, args);
    if (value === undefined) throw new YqError(`Value for env variable '${name}' not provided in strenv()`);
    return context.nodes.length > 0 ? context.nodes.map((node) => placed(text(value), node)) : [text(value)];
  },
  load: each(loader((source) => decode(source, 'yaml')[0] ?? nothing())),
  load_str: each(loader((source) => text(source))),
  strload: each(loader((source) => text(source))),
  load_props: each(loader((source) => decode(source, 'props')[0] ?? nothing())),
  load_base64: each(loader((source) => text(Buffer.from(source, 'base64').toString()))),
  array_to_map: each((node) => {
    const made = map();
    needsSeq(node, notAnArray(node)).content.forEach((item, i) => {
      if (!item.isNull) made.put(int(i), item.copy());
    });
    return placed(made, node);
  }),
};

function loader(read: (source: string) => YqNode) {
  return async (
    node: YqNode,
    run: Evaluation,
    context: Context,
    args: Expression | undefined,
  ): Promise<YqNode | undefined> => {
    const path = await firstOf(run, context, args, node);
    if (!path) return undefined;
    try {
      return read(run.surroundings.readFile(path.value));
    } catch (error) {
      if (error instanceof YqError) throw error;
      throw new YqError(`Failed to load ${path.value}: open ${path.value}: no such file or directory`);
    }
  };
}

function variable(run: Evaluation, args: Expression | undefined): { name: string; value: string | undefined } {
  const name = args?.kind === 'value' ? args.text : '';
  return { name, value: run.surroundings.env[name] };
}

const FORMATS = { yaml: 2, json: 2, props: 2, csv: 0, tsv: 0, base64: 0, uri: 0, sh: 0 } as const;
type Named = keyof typeof FORMATS;

function coding(): Record<string, Operator> {
  const made: Record<string, Operator> = {};
  const encoder = (format: Named, indent: number): Operator =>
    each(async (node, run, context, args) => {
      const given = await firstOf(run, context, args);
      const spaces = given ? Number(given.value) : indent;
      let shown = encode(node.real, format, spaces);
      const decoded = node.real.decoded;
      if (decoded !== undefined && !decoded.endsWith('\n') && /^[^\n]*\n$/.test(shown)) shown = shown.slice(0, -1);
      if (format === 'csv' || format === 'tsv' || (format === 'json' && spaces === 0))
        shown = shown.replace(/\n+$/, '');
      return placed(text(shown), node);
    });
  const decoder = (format: Named): Operator =>
    each((node) => {
      const [root] = decode(node.value, format === 'json' ? 'yaml' : format);
      if (!root) return undefined;
      root.decoded = node.value;
      return placed(root, node);
    });
  for (const [format, indent] of Object.entries(FORMATS) as [Named, number][]) {
    made[`@${format}`] = encoder(format, format === 'json' ? 0 : indent);
    made[`@${format}d`] = decoder(format);
    made[`to_${format}`] = encoder(format, indent);
    made[`from_${format}`] = decoder(format);
  }
  return made;
}

/** The manual's other spellings. */
function spelled(operators: Record<string, Operator>): [string, Operator][] {
  return Object.entries(operators).flatMap(([name, operator]): [string, Operator][] => {
    const camel = name.replace(/(?<=[a-z])_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [...new Set([name, name.replace(/(?<=[a-z])_(?=[a-z])/g, ''), camel])].map((each) => [each, operator]);
  });
}

const ALIASES: Record<string, string> = {
  fi: 'file_index',
  di: 'document_index',
  delete: 'del',
};

export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...spelled({ ...PLAIN, ...CALLS, ...strings(firstOf, each), ...datesAndTimes(firstOf, each), ...coding() }),
  ...Object.entries(ALIASES).map(([name, meant]): [string, Operator] => [
    name,
    (PLAIN[meant] ?? CALLS[meant]) as Operator,
  ]),
]);

/** Words that take arguments; those without may not be called. */
const CALLED = new Set([
  ...Object.keys({ ...CALLS, ...strings(firstOf, each), ...datesAndTimes(firstOf, each) }),
  ...['any_c', 'all_c', 'flatten', 'first', 'parent', 'envsubst', 'delete', 'to_yaml', 'to_json', 'to_props'],
]);

export const VOCABULARY: Vocabulary = {
  plain: new Set(OPERATORS.keys()),
  calls: new Set(spelled(Object.fromEntries([...CALLED].map((name) => [name, async () => []]))).map(([name]) => name)),
};

export type Each = typeof each;
export type FirstOf = typeof firstOf;
