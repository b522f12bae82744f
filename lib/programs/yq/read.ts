// YAML text to trees. The library parses; the comments are put where yaml.v3, which the real yq stands on, has them: above a node
// (head), behind it (line) and below the last of a block (foot).
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type YAMLParseError,
} from 'yaml';
import { resolveTag, type Style, YqNode } from './node';
import { MOST_NODES, YqError } from './problem';

const STYLES: Record<string, Style> = {
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** The documents of a text, each its root node. Throws YqError with yaml's message. */
export function readYaml(whole: string, file: string, fileIndex: number): YqNode[] {
  // Markers and comments before the first document are one heading, whatever stands between them.
  const [leading = ''] = /^(?:[ \t]*(?:#[^\n]*)?\n|---[ \t]*\n|%[^\n]*\n)*/.exec(whole) ?? [];
  const marked = /^(---|%)/m.test(leading);
  const source = marked ? leading.replace(/[^\n]/g, ' ').replace(/ +\n/g, '\n') + whole.slice(leading.length) : whole;
  const counter = new LineCounter();
  const documents = parseAllDocuments(source, {
    lineCounter: counter,
    keepSourceTokens: true,
    uniqueKeys: false,
    strict: false,
    version: '1.2',
    customTags: [],
    resolveKnownTags: false,
    logLevel: 'silent',
  }) as unknown as Document.Parsed[];
  if (!Array.isArray(documents) || documents.length === 0) return [];
  let from = 0;
  return documents.map((document, index) => {
    const [error] = document.errors;
    if (error) throw new YqError(`yaml: ${shown(error, whole)}`);
    const root = new Reader(source, counter, file, fileIndex, index).document(document, from);
    from = document.range[2];
    if (index === 0 && marked) root.leading = leading.replace(/^\n+/, '');
    return root;
  });
}

/** The comment of a library's node, of which only what stands on its own line counts here. */
const comment = (text: string | null | undefined): string => (text ? `#${text.split('\n')[0]}` : '');

/** A key of a block, or an item: what a comment can stand above or below. */
interface Anchor {
  node: YqNode;
  /** Where its line begins to be its own: of an item the dash. */
  column: number;
  row: number;
  /** Where what came before it ends in the source. */
  before: number;
}

class Reader {
  private readonly named = new Map<string, YqNode>();
  private readonly anchors: Anchor[] = [];
  /** Where the last thing read ends in the source. */
  private end = 0;
  private start = 0;

  constructor(
    private readonly source: string,
    private readonly counter: LineCounter,
    private readonly file: string,
    private readonly fileIndex: number,
    private readonly index: number,
  ) {}

  document(document: Document.Parsed, from: number): YqNode {
    const { contents } = document;
    this.end = from;
    this.start = from;
    const root = contents ? this.node(contents as ParsedNode, true) : this.own(new YqNode('scalar', '!!null', ''));
    root.isRoot = true;
    if (expanded(root, new Map()) > MOST_NODES) throw new YqError('yaml: document contains excessive aliasing');
    this.placeComments(root, document.range[2]);
    return root;
  }

  private own(node: YqNode, offset?: number): YqNode {
    node.document = this.index;
    node.file = this.file;
    node.fileIndex = this.fileIndex;
    if (offset !== undefined) {
      const { line, col } = this.counter.linePos(offset);
      node.row = line;
      node.column = col;
    }
    return node;
  }

  private node(parsed: ParsedNode | null, block: boolean): YqNode {
    if (!parsed) return this.own(new YqNode('scalar', '!!null', ''));
    const node = this.made(parsed, block);
    this.own(node, parsed.range[0]);
    if (isAlias(parsed)) return node;
    if (parsed.anchor) {
      node.anchor = parsed.anchor;
      this.named.set(parsed.anchor, node);
    }
    const tag = (parsed.tag ?? '').replace(/^tag:yaml\.org,2002:/, '!!');
    if (tag.startsWith('!')) {
      node.tag = tag;
      node.tagged = true;
    }
    return node;
  }

  private made(parsed: ParsedNode, block: boolean): YqNode {
    if (isMap(parsed) || isSeq(parsed)) return this.collection(parsed as unknown as Collection, block);
    this.end = Math.max(this.end, parsed.range[1]);
    if (isAlias(parsed)) {
      const node = new YqNode('alias', '', parsed.source);
      node.target = this.named.get(parsed.source);
      if (!node.target) throw new YqError(`yaml: unknown anchor '${parsed.source}' referenced`);
      node.line = this.lineComment(parsed);
      return node;
    }
    if (!isScalar(parsed)) return new YqNode('scalar', '!!null', '');
    const style = STYLES[parsed.type ?? ''] ?? '';
    const value = parsed.source ?? '';
    const node = new YqNode('scalar', style === '' ? resolveTag(value) : '!!str', value);
    node.style = style;
    node.line = this.lineComment(parsed);
    return node;
  }

  /** A comment behind a node, if it is on the line on which the node ends. */
  private lineComment(parsed: ParsedNode): string {
    if (!parsed.comment) return '';
    const [start, end] = parsed.range;
    if (this.source.charAt(start) === '|' || this.source.charAt(start) === '>') return comment(parsed.comment);
    return /^[ \t]*#/.test(this.source.slice(end)) ? comment(parsed.comment) : '';
  }

  private collection(parsed: Collection, block: boolean): YqNode {
    const flow = parsed.flow === true;
    const node = isMap(parsed) ? new YqNode('map', '!!map') : new YqNode('seq', '!!seq');
    if (flow) node.style = 'flow';
    const anchors = block && !flow;
    for (const item of parsed.items) {
      if (node.kind === 'seq') {
        const before = this.end;
        const place = anchors ? this.anchors.push({ node, column: 0, row: 0, before }) - 1 : -1;
        const made = node.push(this.node(item as ParsedNode | null, anchors));
        if (place >= 0) this.anchors[place] = this.dash(made, item as ParsedNode | null, before);
        continue;
      }
      const { key: parsedKey, value: parsedValue } = item as { key: ParsedNode | null; value: ParsedNode | null };
      const before = this.end;
      const key = this.node(parsedKey, false);
      if (anchors) this.anchors.push({ node: key, column: key.column, row: key.row, before });
      const keyEnd = parsedKey?.range[1] ?? this.end;
      const value = this.node(parsedValue, anchors);
      node.put(key, value);
      const behind = /^[ \t]*:(?:[ \t]+[&!][^\s]*)*[ \t]*(#[^\n]*)/.exec(this.source.slice(keyEnd, keyEnd + 2000));
      if (behind && !key.line) key.line = behind[1] as string;
    }
    if (flow) {
      this.end = Math.max(this.end, parsed.range[1]);
      node.line = this.lineComment(parsed as unknown as ParsedNode);
    }
    return node;
  }

  /** Where an item's dash stands. */
  private dash(node: YqNode, parsed: ParsedNode | null, before: number): Anchor {
    const from = parsed ? parsed.range[0] : this.end;
    const stretch = this.source.slice(0, from);
    const at = parsed ? /-[ \t]*(?:[&!][^\s]*[ \t]+)*(?:#[^\n]*)?\s*$/.exec(stretch)?.index : undefined;
    const offset = at ?? this.source.indexOf('-', before);
    const { line, col } = this.counter.linePos(Math.max(0, offset));
    return { node, column: col, row: line, before };
  }

  /** Comments on lines of their own go to what they stand above or below. */
  private placeComments(root: YqNode, end: number): void {
    const rows = new Set<number>();
    const lines = this.source.split('\n');
    let last: Anchor | undefined;
    const first = this.anchors[0];
    if (!first) {
      const row = root.row;
      const start = this.start;
      const blocks = this.blocks(lines, row > 0 ? row : this.rowOf(end) + 1, start);
      this.headOf(root, blocks, undefined);
      if (row > 0) this.footAtEnd(root, this.blocks(lines, this.rowOf(end) + 1, this.end), undefined);
      return;
    }
    this.anchors.forEach((anchor, i) => {
      if (!rows.has(anchor.row)) {
        rows.add(anchor.row);
        const blocks = this.blocks(lines, anchor.row, anchor.before);
        this.headOf(i === 0 ? root : anchor.node, blocks, last);
      }
      last = anchor;
    });
    this.footAtEnd(root, this.blocks(lines, this.rowOf(end) + 1, this.end), last);
  }

  private rowOf(offset: number): number {
    const { line, col } = this.counter.linePos(Math.max(0, Math.min(offset, this.source.length)));
    return col === 1 ? line - 1 : line;
  }

  /** The comment blocks between a place in the source and a row; a blank line ends a block. */
  private blocks(lines: readonly string[], row: number, from: number): Block[] {
    const { line, col } = this.counter.linePos(from);
    const start = col === 1 ? line : line + 1;
    const blocks: Block[] = [];
    let open = false;
    for (let at = start; at < row; at++) {
      const text = lines[at - 1] ?? '';
      const trimmed = text.trim();
      if (!trimmed.startsWith('#')) {
        open = false;
        const last = blocks.at(-1);
        if (last && trimmed === '') last.blank = true;
        continue;
      }
      const column = text.length - text.trimStart().length + 1;
      const last = blocks.at(-1);
      if (open && last) last.lines.push({ column, text: text.trimStart() });
      else blocks.push({ lines: [{ column, text: text.trimStart() }], blank: false });
      open = true;
    }
    return blocks;
  }

  /** The last block is the next node's when nothing parts them; those before it stand below what came before. */
  private headOf(node: YqNode, blocks: Block[], last: Anchor | undefined): void {
    if (blocks.length === 0) return;
    if (!last) {
      const texts = blocks.map((block) => block.lines.map(({ text }) => text).join('\n'));
      node.head = texts.join('\n\n') + (blocks.at(-1)?.blank ? '\n' : '');
      return;
    }
    const own = blocks.at(-1)?.blank ? undefined : blocks.pop();
    for (const block of blocks) this.foot(block, last);
    if (own) node.head = own.lines.map(({ text }) => text).join('\n');
  }

  private footAtEnd(root: YqNode, blocks: Block[], last: Anchor | undefined): void {
    for (const block of blocks) {
      const outermost = block.lines.every(({ column }) => column === 1) && root.kind === 'map';
      if (last && !outermost) this.foot(block, last);
      else root.foot = joined(root.foot, block.lines.map(({ text }) => text).join('\n'));
    }
  }

  /** Below the innermost of what came before that is not further in than the comment. */
  private foot(block: Block, last: Anchor): void {
    const byNode = new Map(this.anchors.map((anchor) => [anchor.node, anchor]));
    const holders = new Map<YqNode, string[]>();
    for (const { column, text } of block.lines) {
      let node: YqNode | undefined = last.node;
      let found = last.node;
      for (; node; node = node.parent) {
        const anchor = byNode.get(node) ?? (node.key ? byNode.get(node.key) : undefined);
        if (!anchor) continue;
        found = anchor.node;
        if (anchor.column <= column) break;
      }
      const holder = lastKey(found);
      holders.set(holder, [...(holders.get(holder) ?? []), text]);
    }
    for (const [holder, texts] of holders) holder.foot = joined(holder.foot, texts.join('\n'));
  }
}

/** How many nodes there are when every alias stands for its own. */
function expanded(node: YqNode, known: Map<YqNode, number>): number {
  const before = known.get(node);
  if (before !== undefined) return before;
  known.set(node, 1); // an alias within its own anchor ends here
  const size = node.target
    ? expanded(node.target, known)
    : node.content.reduce((sum, item) => sum + expanded(item, known), 1);
  known.set(node, size);
  return size;
}

interface Block {
  lines: { column: number; text: string }[];
  /** Whether a blank line follows. */
  blank: boolean;
}

interface Collection {
  items: unknown[];
  flow?: boolean;
  range: [number, number, number];
}

const joined = (old: string, text: string): string => (old ? `${old}\n\n${text}` : text);

/** Of a sequence's item that is a map, its last key: a comment at its end is that key's. */
function lastKey(item: YqNode): YqNode {
  const key = item.kind === 'map' && item.style !== 'flow' ? item.content.at(-2) : undefined;
  return key ?? item;
}

/** A parser's error in the words of yaml.v3, where it is one of those that people make. */
function shown(error: YAMLParseError, source: string): string {
  const line = error.linePos?.[0].line ?? 1;
  const { message } = error;
  const scanner = (text: string, at = line) => (at > 1 ? `line ${at}: ${text}` : text);
  const next =
    message.includes('Nested mappings') && source.split('\n')[line - 1]?.split(': ').length === 2 ? line + 1 : line;
  if (/Nested mappings are not allowed|Implicit keys? need/.test(message))
    return scanner('mapping values are not allowed in this context', next);
  if (/Tabs are not allowed/.test(message)) return scanner('found character that cannot start any token');
  if (/Missing closing .*quote/.test(message))
    return scanner('found unexpected end of stream', source.split('\n').length);
  const flow = /Flow (sequence|map)/.exec(message);
  if (flow) return `line ${Math.max(1, line - 1)}: did not find expected ',' or '${flow[1] === 'map' ? '}' : ']'}'`;
  if (/Implicit map keys need to be followed by map values/.test(message))
    return scanner("could not find expected ':'");
  return scanner(message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? message);
}
