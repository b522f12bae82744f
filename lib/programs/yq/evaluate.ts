// Expressions over nodes: each gives the nodes that match, and what is written to them is written into the document.
import { add, compare, divide, equals, modulo, multiply, type Order, subtract, wild } from './arithmetic';
import { assign, bool, bounded, int, isTruthy, map, nothing, placed, scalar, seq, text, type YqNode } from './node';
import { type Expression, parse, type Vocabulary } from './parser';
import { MOST_NODES, outOfMemory, YqError } from './problem';

/** What an expression may ask of the world. */
export interface Surroundings {
  env: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Throws Errno. */
  readFile(path: string): string;
  random(below: number): number;
  /** Time for others; throws when the process was killed. */
  tick(): Promise<void>;
}

export interface Context {
  nodes: YqNode[];
  variables: ReadonlyMap<string, YqNode[]>;
  /** Whether binary operators see all nodes at once, as eval-all has it. */
  together: boolean;
  /** The format of dates that `with_dtf` sets, Go's. */
  dateFormat: string;
}

export type Operator = (run: Evaluation, context: Context, args: Expression | undefined) => Promise<YqNode[]>;

export const DATE_FORMAT = '2006-01-02T15:04:05Z07:00'; // RFC 3339 in Go's words

export class Evaluation {
  constructor(
    readonly surroundings: Surroundings,
    private readonly operators: ReadonlyMap<string, Operator>,
    private readonly vocabulary: Vocabulary,
  ) {}

  parse(source: string): Expression {
    return parse(source, this.vocabulary);
  }

  async run(expression: Expression, context: Context): Promise<YqNode[]> {
    await this.surroundings.tick();
    const found = await this.matches(expression, context);
    if (found.length > MOST_NODES) throw outOfMemory();
    return found;
  }

  private async matches(expression: Expression, context: Context): Promise<YqNode[]> {
    switch (expression.kind) {
      case 'self':
        return context.nodes;
      case 'empty':
        return [];
      case 'value':
        return this.value(expression.text, expression.type, context);
      case 'variable': {
        const found = context.variables.get(expression.name);
        if (!found && expression.name !== 'ENV') return [];
        return found ?? [];
      }
      case 'key':
        return context.nodes.flatMap((node) => byKey(node, expression.name, expression.quoted, expression.optional));
      case 'index':
        return this.index(expression, context);
      case 'slice':
        return this.slice(expression, context);
      case 'descend':
        return context.nodes.flatMap((node) => [...descend(node, expression.keys)]);
      case 'collect':
        return this.collect(expression.body, context);
      case 'object':
        return this.object(expression.body, context);
      case 'call': {
        const operator = this.operators.get(expression.name);
        if (!operator) throw new YqError(`not supported: ${expression.name}`);
        return operator(this, context, expression.args);
      }
      case 'bind':
        return this.bind(expression, context);
      case 'reduce':
        return this.reduce(expression, context);
      case 'attribute':
        return this.attribute(expression, context);
      case 'binary':
        return this.binary(expression, context);
    }
  }

  /** Of one node alone. */
  on(node: YqNode, expression: Expression, context: Context): Promise<YqNode[]> {
    return this.run(expression, { ...context, nodes: [node] });
  }

  private value(source: string, type: 'string' | 'number' | 'word', context: Context): YqNode[] {
    const made = () => (type === 'string' ? text(source) : scalar(source));
    return context.nodes.length === 0 ? [made()] : context.nodes.map((node) => placed(made(), node));
  }

  private async index(expression: Extract<Expression, { kind: 'index' }>, context: Context): Promise<YqNode[]> {
    const { of, index, optional } = expression;
    const found: YqNode[] = [];
    for (const node of await this.run(of, context)) {
      if (!index) {
        found.push(...everyChild(node, optional));
        continue;
      }
      for (const key of await this.indices(index, node, context)) found.push(...byIndex(node, key, optional));
    }
    return found;
  }

  /** What stands in brackets is worked out for the node the whole began with. */
  private async indices(index: Expression, node: YqNode, context: Context): Promise<YqNode[]> {
    const nodes = context.nodes.length === 1 ? context.nodes : [node];
    return this.run(index, { ...context, nodes });
  }

  private async slice(expression: Extract<Expression, { kind: 'slice' }>, context: Context): Promise<YqNode[]> {
    const found: YqNode[] = [];
    for (const node of await this.run(expression.of, context)) {
      const bound = async (part: Expression | undefined, fallback: number) => {
        if (!part) return fallback;
        const [value] = await this.run(part, { ...context, nodes: [node] });
        return Number(value?.value ?? fallback);
      };
      const { real } = node;
      if (real.kind === 'scalar' && real.tag === '!!str') {
        const letters = [...real.value];
        const from = await bound(expression.from, 0);
        const to = await bound(expression.to, letters.length);
        found.push(placed(text(letters.slice(from, to).join('')), node));
        continue;
      }
      const length = real.content.length;
      const clamp = (at: number) => Math.min(length, at < 0 ? length + at : at);
      const from = clamp(await bound(expression.from, 0));
      const to = clamp(await bound(expression.to, length));
      found.push(placed(seq(real.content.slice(from, to).map((item) => item.copy())), node));
    }
    return found;
  }

  private async collect(body: Expression | undefined, context: Context): Promise<YqNode[]> {
    if (!body) return context.nodes.length === 0 ? [seq()] : context.nodes.map((node) => placed(seq(), node));
    const gather = async (nodes: YqNode[]) => {
      const found = await this.run(body, { ...context, nodes });
      const made = bounded(seq(found.map(bare)));
      const [first] = nodes;
      return first ? placed(made, first) : made;
    };
    if (context.nodes.length === 0 || context.together) return [await gather(context.nodes)];
    const all: YqNode[] = [];
    for (const node of context.nodes) all.push(await gather([node]));
    return all;
  }

  private async object(body: Expression | undefined, context: Context): Promise<YqNode[]> {
    if (!body) return context.nodes.length === 0 ? [map()] : context.nodes.map((node) => placed(map(), node));
    const all: YqNode[] = [];
    for (const node of context.nodes.length > 0 ? context.nodes : [nothing()]) {
      let made: YqNode[] = [map()];
      for (const entry of entries(body)) {
        const next: YqNode[] = [];
        for (const so of made) {
          for (const [key, value] of await this.entry(entry, node, context)) {
            const copy = so.copy();
            const old = copy.content.findIndex((each, i) => i % 2 === 0 && each.value === key.value);
            if (old >= 0) copy.content.splice(old, 2);
            copy.put(key.copy(), value.copy());
            next.push(bounded(copy));
          }
        }
        made = next;
      }
      all.push(...made);
    }
    return all;
  }

  private async entry(entry: Expression, node: YqNode, context: Context): Promise<[YqNode, YqNode][]> {
    if (entry.kind !== 'binary' || entry.op !== ':')
      throw new YqError('bad expression, please check expression syntax');
    const pairs: [YqNode, YqNode][] = [];
    for (const key of await this.on(node, entry.left, context))
      for (const value of await this.on(node, entry.right, context)) pairs.push([key, value]);
    return pairs;
  }

  private async bind(expression: Extract<Expression, { kind: 'bind' }>, context: Context): Promise<YqNode[]> {
    const all: YqNode[] = [];
    for (const node of context.nodes.length > 0 ? context.nodes : [nothing()]) {
      const one = { ...context, nodes: context.nodes.length > 0 ? [node] : [] };
      const bound = await this.run(expression.from, one);
      const values = expression.reference ? bound : bound.map((each) => each.copy());
      const groups = expression.reference || values.length === 0 ? [values] : values.map((value) => [value]);
      for (const group of groups) {
        const variables = new Map(context.variables).set(expression.name, group);
        all.push(...(await this.run(expression.body, { ...one, variables })));
      }
    }
    return [...new Set(all)];
  }

  private async reduce(expression: Extract<Expression, { kind: 'reduce' }>, context: Context): Promise<YqNode[]> {
    const { block } = expression;
    if (block.kind !== 'binary' || block.op !== ';')
      throw new YqError("reduce block must have 2 expressions, separated by ';'");
    const from = await this.run(expression.from, context);
    let state = await this.run(block.left, { ...context, nodes: context.nodes.slice(0, 1) });
    for (const item of from) {
      const variables = new Map(context.variables).set(expression.name, [item]);
      state = await this.run(block.right, { ...context, nodes: state.map((each) => each.copy()), variables });
    }
    return state;
  }

  private async attribute(expression: Extract<Expression, { kind: 'attribute' }>, context: Context): Promise<YqNode[]> {
    const write = ATTRIBUTES[expression.name];
    if (!write) throw new YqError(`not supported: ${expression.name} =`);
    for (const node of await this.run(expression.left, context)) {
      const values = expression.update
        ? await this.on(node, expression.right, context)
        : await this.run(expression.right, { ...context, nodes: context.nodes.slice(0, 1) });
      const [value] = values;
      if (!value) continue;
      node.attach();
      write(node, value);
    }
    return context.nodes;
  }

  private async binary(expression: Extract<Expression, { kind: 'binary' }>, context: Context): Promise<YqNode[]> {
    const { op, left, right } = expression;
    switch (op) {
      case '|': {
        const found = await this.run(left, context);
        return this.run(right, { ...context, nodes: found });
      }
      case ',':
        return [...(await this.run(left, context)), ...(await this.run(right, context))];
      case ';':
        await this.run(left, context);
        return this.run(right, context);
      case '=':
      case '=c':
        return this.assign(left, right, context, op === '=c');
      case '|=':
        return this.update(left, right, context);
      case 'and':
      case 'or':
        return this.logic(op, left, right, context);
      case '//':
        return this.alternative(left, right, context);
      case ':':
        throw new YqError('bad expression, please check expression syntax');
      default:
        if (/^([-+/%]|\/\/|\*)=/.test(op)) return this.compound(op.replace('=', ''), left, right, context);
        return this.cross(left, right, context, calculation(op));
    }
  }

  private async assign(left: Expression, right: Expression, context: Context, clobber: boolean): Promise<YqNode[]> {
    for (const nodes of groupsOf(context)) {
      const targets = await this.run(left, { ...context, nodes });
      if (targets.length === 0) continue;
      const values = (await this.run(right, { ...context, nodes })).map((value) => value.copy());
      for (const target of targets) for (const value of values) assign(target, value, clobber);
    }
    return context.nodes;
  }

  private async update(left: Expression, right: Expression, context: Context): Promise<YqNode[]> {
    for (const target of await this.run(left, context)) {
      const [value] = await this.on(target, right, context);
      if (value) assign(target, value.copy());
    }
    return context.nodes;
  }

  private async compound(op: string, left: Expression, right: Expression, context: Context): Promise<YqNode[]> {
    const calculate = calculation(op);
    for (const target of await this.run(left, context)) {
      const values = await this.run(right, context);
      if (op === '//') {
        const [value] = values;
        if (value && !isTruthy(target)) assign(target, value.copy());
        continue;
      }
      const before = target.copy();
      for (const value of values) {
        const result = bounded(calculate(before, value));
        assign(target, result, op.includes('c'));
      }
    }
    return context.nodes;
  }

  private async logic(op: 'and' | 'or', left: Expression, right: Expression, context: Context): Promise<YqNode[]> {
    const all: YqNode[] = [];
    for (const node of context.nodes) {
      const one = { ...context, nodes: [node] };
      const lefts = await this.run(left, one);
      for (const a of lefts.length > 0 ? lefts : [undefined]) {
        const known = a ? isTruthy(a) : false;
        if (known === (op === 'or')) {
          all.push(placed(bool(known), node));
          continue;
        }
        const rights = await this.run(right, one);
        for (const b of rights.length > 0 ? rights : [undefined]) all.push(placed(bool(b ? isTruthy(b) : false), node));
      }
    }
    return all;
  }

  private async alternative(left: Expression, right: Expression, context: Context): Promise<YqNode[]> {
    const all: YqNode[] = [];
    for (const nodes of groupsOf(context)) {
      const one = { ...context, nodes };
      const lefts = await this.run(left, one);
      if (lefts.length === 0) {
        all.push(...(await this.run(right, one)));
        continue;
      }
      for (const a of lefts) {
        if (isTruthy(a)) all.push(a);
        else {
          const rights = await this.run(right, one);
          all.push(...(rights.length > 0 ? rights : [a]));
        }
      }
    }
    return all;
  }

  /** Every left with every right, for each node by itself. */
  async cross(
    left: Expression,
    right: Expression,
    context: Context,
    calculate: (a: YqNode, b: YqNode) => YqNode,
  ): Promise<YqNode[]> {
    const all: YqNode[] = [];
    for (const nodes of groupsOf(context)) {
      const one = { ...context, nodes };
      const lefts = await this.run(left, one);
      for (const a of lefts) for (const b of await this.run(right, one)) all.push(bounded(calculate(a, b)));
    }
    return all;
  }
}

/** The nodes that an operator takes at once: all together, or each by itself; with none it is asked all the same. */
const groupsOf = ({ together, nodes }: Context): YqNode[][] =>
  together || nodes.length === 0 ? [nodes] : nodes.map((node) => [node]);

function calculation(op: string): (a: YqNode, b: YqNode) => YqNode {
  if (op.startsWith('*')) return multiply(op.slice(1));
  switch (op) {
    case '+':
      return add;
    case '-':
      return subtract;
    case '/':
      return divide;
    case '%':
      return modulo;
    case '==':
      return (a, b) => placed(bool(equals(a, b)), a);
    case '!=':
      return (a, b) => placed(bool(!equals(a, b)), a);
    default:
      return (a, b) => placed(bool(compare(a, b, op as Order)), a);
  }
}

/** A place in a map or a sequence that is not there yet. */
function pending(parent: YqNode, key: YqNode): YqNode {
  const made = nothing();
  made.parent = parent;
  made.key = key;
  made.isPending = true;
  made.document = parent.document;
  made.file = parent.file;
  made.fileIndex = parent.fileIndex;
  return made;
}

function byKey(node: YqNode, name: string, _quoted: boolean, optional = false): YqNode[] {
  const { real } = node;
  if (real.isNull) return [pending(real === node ? node : real, text(name))];
  if (real.kind === 'seq') {
    if (/^-?\d+$/.test(name)) return byIndex(node, int(Number(name)), optional);
    if (name === '*') return everyChild(node, optional);
    if (optional) return [];
    throw new YqError(`cannot index array with '${name}' (strconv.ParseInt: parsing "${name}": invalid syntax)`);
  }
  if (real.kind !== 'map') return [];
  const matches = !/[*?]/.test(name) ? (key: string) => key === name : (key: string) => wild(name).test(key);
  const found = [...members(real)].filter(([key]) => matches(key)).map(([, value]) => value);
  if (found.length > 0) return found;
  return /[*?]/.test(name) ? [] : [pending(real, text(name))];
}

export function byIndex(node: YqNode, key: YqNode, optional: boolean): YqNode[] {
  const { real } = node;
  if (key.kind === 'seq') return key.content.flatMap((each) => byIndex(node, each, optional));
  if (real.isNull) return [pending(real, key)];
  if (real.kind === 'map') return byKey(node, key.value, true, optional);
  if (real.kind !== 'seq') return [];
  if (!/^-?\d+$/.test(key.value)) {
    if (optional) return [];
    throw new YqError(
      `cannot index array with '${key.value}' (strconv.ParseInt: parsing "${key.value}": invalid syntax)`,
    );
  }
  const wanted = Number(key.value);
  const at = wanted < 0 ? real.content.length + wanted : wanted;
  if (at < 0) throw new YqError(`index [${wanted}] out of range, array size is ${real.content.length}`);
  return [real.content[at] ?? pending(real, int(at))];
}

export function everyChild(node: YqNode, _optional: boolean): YqNode[] {
  const { real } = node;
  if (real.kind === 'seq') return [...real.content];
  if (real.kind !== 'map') return [];
  return [...members(real).values()];
}

/** The values of a map by their keys, merged ones too: of several the last holds, as in the real one. */
function members(node: YqNode): Map<string, YqNode> {
  const values = new Map<string, YqNode>();
  for (const [key, value] of node.pairs()) {
    if (key.tag !== '!!merge') values.set(key.value, value);
    else {
      const sources = value.real.kind === 'seq' ? value.real.content.map((item) => item.real) : [value.real];
      for (const source of sources) for (const [name, inherited] of members(source)) values.set(name, inherited);
    }
  }
  return values;
}

export function* descend(node: YqNode, keys: boolean): Generator<YqNode> {
  yield node;
  if (node.kind === 'map')
    for (const [key, value] of node.pairs()) {
      if (keys) yield key;
      yield* descend(value, keys);
    }
  else if (node.kind === 'seq') for (const item of node.content) yield* descend(item, keys);
}

const entries = (body: Expression): Expression[] =>
  body.kind === 'binary' && body.op === ',' ? [...entries(body.left), ...entries(body.right)] : [body];

const asComment = (value: string): string =>
  value === ''
    ? ''
    : value
        .split('\n')
        .map((line) => (line === '' ? '' : `# ${line}`))
        .join('\n');

const STYLES: Record<string, YqNode['style']> = {
  '': '',
  double: 'double',
  single: 'single',
  literal: 'literal',
  folded: 'folded',
  flow: 'flow',
};

const ATTRIBUTES: Record<string, (node: YqNode, value: YqNode) => void> = {
  style: (node, { value }) => {
    if (value === 'tagged') {
      node.tagged = true;
      return;
    }
    const style = STYLES[value];
    if (style === undefined) throw new YqError(`Unknown style ${value}`);
    node.style = style;
    node.tagged = false;
  },
  tag: (node, { value }) => {
    node.tag = value;
  },
  anchor: (node, { value }) => {
    node.anchor = value;
  },
  alias: (node, { value }) => {
    if (value === '') return;
    node.kind = 'alias';
    node.value = value;
    node.content = [];
  },
  line_comment: (node, { value }) => {
    node.line = asComment(value);
  },
  head_comment: (node, { value }) => {
    node.head = asComment(value) + (node.isRoot && value !== '' ? '\n' : '');
    node.leading = '';
  },
  foot_comment: (node, { value }) => {
    node.foot = asComment(value);
  },
  comments: (node, { value }) => {
    node.line = asComment(value);
    node.head = asComment(value);
    node.foot = asComment(value);
    node.leading = '';
  },
};

/** A copy; what stands above and below a document is the document's, not its root's. */
function bare(node: YqNode): YqNode {
  const copy = node.copy();
  return node.isRoot ? Object.assign(copy, { head: '', foot: '', leading: '', isRoot: false }) : copy;
}
