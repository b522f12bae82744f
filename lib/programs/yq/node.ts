// A YAML document as a tree that keeps what a reader sees: comments, quotes, anchors, the order of keys. Expressions read and change it.

import { MOST_NODES, MOST_TEXT, outOfMemory } from './problem';

export type Kind = 'scalar' | 'map' | 'seq' | 'alias';
export type Style = '' | 'double' | 'single' | 'literal' | 'folded' | 'flow';

export class YqNode {
  /** Of a map: keys and values in turn. */
  content: YqNode[] = [];
  style: Style = '';
  /** Whether the tag is written although it could be told from the value. */
  tagged = false;
  anchor = '';
  /** What an alias stands for. */
  target: YqNode | undefined;
  head = '';
  line = '';
  foot = '';
  parent: YqNode | undefined;
  /** The key of a map's value; of a sequence's item its index. */
  key: YqNode | undefined;
  isKey = false;
  /** Where it stood in its file, from 1; 0 when it was made. */
  row = 0;
  column = 0;
  document = 0;
  file = '';
  fileIndex = 0;
  /** Whether it is a document's root. */
  isRoot = false;
  /** Of a file's first document: the markers and comments before it, as they stood. */
  leading = '';
  /** A place that is not there yet: it comes into its parent when something is written to it. */
  isPending = false;
  /** Of a root that was decoded from a text: the text. */
  decoded: string | undefined;

  constructor(
    public kind: Kind,
    public tag: string,
    public value = '',
  ) {}

  get isNull(): boolean {
    return this.kind === 'scalar' && this.tag === '!!null';
  }

  /** What an alias stands for; otherwise the node itself. */
  get real(): YqNode {
    return this.kind === 'alias' && this.target ? this.target.real : this;
  }

  /** The pairs of a map. */
  *pairs(): Generator<[YqNode, YqNode]> {
    for (let i = 0; i + 1 < this.content.length; i += 2)
      yield [this.content[i] as YqNode, this.content[i + 1] as YqNode];
  }

  /** The items of a sequence, the values of a map. */
  get children(): YqNode[] {
    return this.kind === 'map' ? this.content.filter((_, i) => i % 2 === 1) : this.content;
  }

  get(key: string): YqNode | undefined {
    for (const [name, value] of this.pairs()) if (name.value === key) return value;
    return undefined;
  }

  /** Puts a pair at the end of a map. */
  put(key: YqNode, value: YqNode): YqNode {
    key.isKey = true;
    key.parent = this;
    this.content.push(key, adopt(value, this, key));
    return value;
  }

  /** Puts an item at the end of a sequence. */
  push(item: YqNode): YqNode {
    this.content.push(adopt(item, this, int(this.content.length)));
    return item;
  }

  /** Comes into its parent, and the parent into its own, if they are only places yet. */
  attach(): void {
    if (!this.isPending) return;
    this.isPending = false;
    const { parent, key } = this;
    if (!parent || !key) return;
    parent.attach();
    if (parent.isNull) become(parent, key.tag === '!!int' ? 'seq' : 'map');
    if (parent.content.length === 0) parent.style = '';
    if (parent.kind === 'seq') {
      const at = Number(key.value);
      if (at > MOST_NODES) throw outOfMemory();
      while (parent.content.length < at) parent.push(nothing());
      parent.content[at] = this;
    } else if (parent.kind === 'map') {
      key.isKey = true;
      key.parent = parent;
      parent.content.push(key, this);
    }
  }

  /** A copy of the whole tree below; it hangs where the original does. */
  copy(): YqNode {
    const copied = new Map<YqNode, YqNode>();
    const made = this.copyInto(copied);
    for (const node of copied.values()) if (node.target) node.target = copied.get(node.target) ?? node.target;
    made.parent = this.parent;
    made.key = this.key;
    return made;
  }

  private copyInto(copied: Map<YqNode, YqNode>): YqNode {
    const made = new YqNode(this.kind, this.tag, this.value);
    const { content: _content, parent: _parent, key: _key, kind: _kind, ...rest } = this;
    Object.assign(made, rest, { isPending: false });
    copied.set(this, made);
    if (this.kind === 'map')
      for (const [key, value] of this.pairs()) made.put(key.copyInto(copied), value.copyInto(copied));
    else for (const item of this.content) made.push(item.copyInto(copied));
    return made;
  }

  /** Keys and indices from the document down. */
  path(): YqNode[] {
    const words: YqNode[] = [];
    for (let node: YqNode | undefined = this; node?.key; node = node.parent) words.unshift(node.key);
    return words;
  }
}

function adopt(node: YqNode, parent: YqNode, key: YqNode): YqNode {
  node.parent = parent;
  node.key = key;
  node.isRoot = false;
  node.isPending = false;
  return node;
}

function become(node: YqNode, kind: 'map' | 'seq'): void {
  node.kind = kind;
  node.tag = kind === 'map' ? '!!map' : '!!seq';
  node.value = '';
  node.style = '';
}

export const nothing = (): YqNode => new YqNode('scalar', '!!null', 'null');
export const text = (value: string): YqNode => new YqNode('scalar', '!!str', value);
export const int = (value: number | bigint): YqNode => new YqNode('scalar', '!!int', String(value));
export const bool = (value: boolean): YqNode => new YqNode('scalar', '!!bool', String(value));
export const map = (): YqNode => new YqNode('map', '!!map');

export function seq(items: readonly YqNode[] = []): YqNode {
  const made = new YqNode('seq', '!!seq');
  for (const item of items) made.push(item);
  return made;
}

/** The node itself, if it is not more than memory holds. */
export function bounded(node: YqNode): YqNode {
  let [nodes, letters] = [0, 0];
  const open = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    nodes++;
    letters += next.value.length;
    if (nodes > MOST_NODES || letters > MOST_TEXT) throw outOfMemory();
    for (const item of next.content) open.push(item);
  }
  return node;
}

/** What is false in a condition: null and false, and nothing else. */
export const isTruthy = (node: YqNode): boolean => {
  const { real } = node;
  return !real.isNull && !(real.tag === '!!bool' && /^false$/i.test(real.value));
};

/** The tag that a plain scalar has by its look (YAML 1.2's core schema, with what yaml.v3 adds). */
export function resolveTag(value: string): string {
  if (value === '' || /^(~|null|Null|NULL)$/.test(value)) return '!!null';
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(value)) return '!!bool';
  if (value === '<<') return '!!merge';
  if (/^[-+]?(0|[1-9][\d_]*|0[0-7_]+|0o[0-7_]+|0x[\da-fA-F_]+|0b[01_]+)$/.test(value)) return '!!int';
  if (/^[-+]?(\.\d+|\d[\d_]*(\.[\d_]*)?)([eE][-+]?\d+)?$/.test(value)) return '!!float';
  if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(value)) return '!!float';
  if (/^\d{4}-\d{1,2}-\d{1,2}([Tt ]\s*\d{1,2}:\d{2}:\d{2}(\.\d+)?\s*(Z|[-+]\d{1,2}(:?\d{2})?)?)?$/.test(value))
    return '!!timestamp';
  return '!!str';
}

/** A scalar of a plain text, by its look. */
export const scalar = (value: string): YqNode => new YqNode('scalar', resolveTag(value), value);

/** The tag of a node with a tag of its own, by its look. */
export function plainTag(node: YqNode): string {
  if (node.tag.startsWith('!!')) return node.tag;
  return node.kind === 'map' ? '!!map' : node.kind === 'seq' ? '!!seq' : resolveTag(node.value);
}

/** Two trees that say the same. */
export function equal(one: YqNode, other: YqNode): boolean {
  const [a, b] = [one.real, other.real];
  if (a.kind !== b.kind) return false;
  if (a.kind === 'scalar') {
    if (plainTag(a) !== plainTag(b)) return false;
    return a.tag === '!!null' || a.value === b.value;
  }
  if (a.content.length !== b.content.length) return false;
  if (a.kind === 'seq') return a.content.every((item, i) => equal(item, b.content[i] as YqNode));
  return [...a.pairs()].every(([key, value]) => {
    const there = [...b.pairs()].find(([name]) => equal(name, key));
    return there !== undefined && equal(value, there[1]);
  });
}

/** Takes over what another node is, as an assignment does; place and comments stay unless the other brings its own. */
export function assign(to: YqNode, from: YqNode, clobber = false): void {
  to.attach();
  const source = from === to || isBelow(from, to) ? from.copy() : from;
  const changesStyle = (to.kind !== 'scalar' && to.content.length === 0) || plainTag(to) !== plainTag(source);
  if (changesStyle) to.style = source.style;
  assignAttributes(to, source, clobber, true);
  to.value = source.value;
  to.content = [];
  const copy = source.copy();
  if (to.kind === 'map') for (const [key, value] of [...copy.pairs()]) to.put(key, value);
  else for (const item of [...copy.content]) to.push(item);
}

/** The tag, anchor, style and comments of another node. */
export function assignAttributes(to: YqNode, from: YqNode, clobber = false, keepAnchor = false): void {
  to.attach();
  if (to.kind !== from.kind) {
    to.content = [];
    to.value = '';
  }
  to.kind = from.kind;
  if (clobber || to.tag.startsWith('!!') || to.tag === '') {
    to.tag = from.tag;
    to.tagged = from.tagged;
  }
  to.target = from.target;
  if (!keepAnchor) to.anchor = from.anchor;
  if (to.style === '') to.style = from.style;
  if (from.foot) to.foot = from.foot;
  if (from.head) to.head = from.head;
  if (from.line) to.line = from.line;
}

function isBelow(node: YqNode, top: YqNode): boolean {
  for (let at: YqNode | undefined = node.parent; at; at = at.parent) if (at === top) return true;
  return false;
}

/** A new node in the place of another. */
export function placed(made: YqNode, at: YqNode): YqNode {
  made.parent = at.parent;
  made.key = at.key;
  made.document = at.document;
  made.file = at.file;
  made.fileIndex = at.fileIndex;
  return made;
}
