// kubectl's JSONPath: evaluation and printing (k8s.io/client-go/util/jsonpath jsonpath.go).
import { type Dyn, isMap } from '../object';
import { toCompactJson, toJson } from '../printers/json';
import { JsonPathError, type Node, parseJsonPath } from './parse';

export interface JsonPathOptions {
  /** A field that nobody has gives nothing instead of an error. */
  allowMissing?: boolean;
  /** Prints every result as a JSON array (`-o jsonpath-as-json`). */
  asJson?: boolean;
}

/** A template's output for a value. Throws JsonPathError. */
export function jsonPath(template: string, data: Dyn, options: JsonPathOptions = {}): string {
  return findJsonPath(parseJsonPath(template), data, options)
    .map((results) => printResults(results, options))
    .join('');
}

/** The results of each part of a template. */
export function findJsonPath(nodes: Node[], data: Dyn, options: JsonPathOptions = {}): Dyn[][] {
  return new Evaluator(options).block(nodes, [data]);
}

function printResults(results: Dyn[], options: JsonPathOptions): string {
  if (options.asJson) return `${toJson(results)}\n`;
  return results.map(toText).join(' ');
}

/** One value as Go's fmt prints it; lists and maps as JSON. */
const toText = (value: Dyn): string => {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? toCompactJson(value) : String(value);
};

class Evaluator {
  private beginRange = 0;
  private inRange = 0;
  private endRange = 0;
  private lastEnd: Node | undefined;

  constructor(private readonly options: JsonPathOptions) {}

  block(nodes: Node[], input: Dyn[]): Dyn[][] {
    const out: Dyn[][] = [];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as Node;
      const results = this.walk(input, node);
      if (this.endRange > 0 && this.endRange <= this.inRange) {
        this.endRange--;
        this.lastEnd = node;
        break;
      }
      if (this.beginRange === 0) {
        out.push(results);
        continue;
      }
      this.beginRange--;
      this.inRange++;
      const rest = nodes.slice(i + 1);
      for (const value of results) out.push(...this.block(rest, [value]));
      if (results.length === 0) this.block(rest, [null]);
      this.inRange--;
      const end = this.lastEnd ? nodes.indexOf(this.lastEnd, i + 1) : -1;
      if (end >= 0) i = end;
    }
    return out;
  }

  private list(input: Dyn[], nodes: Node[]): Dyn[] {
    return nodes.reduce((values, node) => this.walk(values, node), input);
  }

  private walk(input: Dyn[], node: Node): Dyn[] {
    switch (node.type) {
      case 'list':
        return this.list(input, node.nodes);
      case 'text':
        return [node.text];
      case 'value':
        return input.map(() => node.value);
      case 'field':
        return this.field(input, node.name);
      case 'array':
        return input.flatMap((value) => slice(value, node.params));
      case 'wildcard':
        return input.flatMap(children);
      case 'recursive':
        return input.flatMap(descend);
      case 'union':
        return node.nodes.flatMap((nodes) => this.list(input, nodes));
      case 'filter':
        return input.flatMap((value) => this.filter(value, node));
      case 'identifier':
        return this.identifier(input, node.name);
    }
  }

  private identifier(input: Dyn[], name: string): Dyn[] {
    if (name === 'range') {
      this.beginRange++;
      return input;
    }
    if (name !== 'end') throw new JsonPathError(`unrecognized identifier ${name}`);
    if (this.inRange === 0) throw new JsonPathError('not in range, nothing to end');
    this.endRange++;
    return [];
  }

  private field(input: Dyn[], name: string): Dyn[] {
    if (input.length === 0) return [];
    const found = input.flatMap((value) => (isMap(value) && Object.hasOwn(value, name) ? [value[name]] : []));
    if (found.length === 0 && !this.options.allowMissing) throw new JsonPathError(`${name} is not found`);
    return found;
  }

  private filter(value: Dyn, node: Node & { type: 'filter' }): Dyn[] {
    if (!Array.isArray(value))
      throw new JsonPathError(`${goValue(value)} is not array or slice and cannot be filtered`);
    return value.filter((item) => {
      if (node.operator === 'exists') return this.exists(item, node.left);
      const left = one(this.list([item], node.left));
      if (left === undefined) return false;
      const right = one(this.list([item], node.right));
      return right !== undefined && compare(left.value, right.value, node.operator);
    });
  }

  private exists(item: Dyn, nodes: Node[]): boolean {
    try {
      return this.list([item], nodes).length > 0;
    } catch (error) {
      if (error instanceof JsonPathError) return false;
      throw error;
    }
  }
}

function one(values: Dyn[]): { value: Dyn } | undefined {
  if (values.length > 1) throw new JsonPathError('can only compare one element at a time');
  return values.length === 0 ? undefined : { value: values[0] };
}

function compare(left: Dyn, right: Dyn, operator: string): boolean {
  if (!['<', '>', '==', '!=', '<=', '>='].includes(operator))
    throw new JsonPathError(`unrecognized filter operator ${operator}`);
  if (typeof left !== typeof right) throw new JsonPathError('incompatible types for comparison');
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left === 'boolean') throw new JsonPathError('invalid type for comparison');
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

// DIFFERS: Go walks maps in random order; here it is the order of keys, so that a world repeats itself.
const children = (value: Dyn): Dyn[] =>
  Array.isArray(value)
    ? value
    : isMap(value)
      ? Object.keys(value)
          .sort()
          .map((key) => value[key])
      : typeof value === 'string'
        ? [...Buffer.from(value)]
        : [];

function descend(value: Dyn): Dyn[] {
  const below = children(value);
  if (below.length === 0 || typeof value === 'string') return [];
  return [value, ...below.flatMap(descend)];
}

function slice(value: Dyn, [first, second, third]: (Node & { type: 'array' })['params']): Dyn[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new JsonPathError(`${goType(value)} is not array or slice`);
  const { length } = value;
  let start = first.value ?? 0;
  if (start < 0) start += length;
  let end = second.value ?? length;
  if (end < 0 || (end === 0 && second.derived)) end += length;
  if (start === end) return [];
  const bounds = (index: number) => new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
  if (start >= length || start < 0) throw bounds(start);
  if (end > length || end < 0) throw bounds(end - 1);
  if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`);
  if (third.value !== undefined && third.value <= 0) throw new JsonPathError('step must be > 0');
  const step = third.value ?? 1;
  return value.slice(start, end).filter((_, i) => i % step === 0);
}

const goType = (value: Dyn): string => {
  if (isMap(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

/** Go's %v. */
export function goValue(value: Dyn): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  if (!isMap(value)) return String(value);
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${goValue(value[key])}`).join(' ')}]`;
}

/** Go's %#v. */
export function goSyntax(value: Dyn): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isMap(value)) return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const keys = Object.keys(value).sort();
  return `map[string]interface {}{${keys.map((key) => `${JSON.stringify(key)}:${goSyntax(value[key])}`).join(', ')}}`;
}
