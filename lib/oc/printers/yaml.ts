// YAML as sigs.k8s.io/yaml writes it: sorted keys, sequences not indented, go-yaml's choice of quotes.
import { type Dyn, isMap } from '../object';
import { scalar } from './yaml-scalar';

/** A document, with a newline at its end. */
export function toYaml(value: unknown): string {
  if (isMap(value) && Object.keys(value).length > 0) return mapping(value, 0);
  if (Array.isArray(value) && value.length > 0) return sequence(value, 0);
  return `${leaf(value, 0, 2)}\n`;
}

const pad = (n: number): string => ' '.repeat(n);

function mapping(map: Record<string, Dyn>, indent: number): string {
  let out = '';
  Object.keys(map)
    .filter((key) => map[key] !== undefined)
    .sort(naturalOrder)
    .forEach((key, i) => {
      const name = scalar(key, { column: indent, indent, key: true });
      out += `${i === 0 ? '' : pad(indent)}${name}:${entry(map[key], indent, indent + name.length + 2)}`;
    });
  return out;
}

/** What follows a key's colon, with its newline. */
function entry(value: Dyn, indent: number, column: number): string {
  if (isMap(value) && Object.keys(value).length > 0) return `\n${pad(indent + 2)}${mapping(value, indent + 2)}`;
  if (Array.isArray(value) && value.length > 0) return `\n${pad(indent)}${sequence(value, indent)}`;
  return ` ${leaf(value, column, indent + 2)}\n`;
}

function sequence(list: Dyn[], indent: number): string {
  return list.map((item, i) => `${i === 0 ? '' : pad(indent)}- ${element(item, indent + 2)}`).join('');
}

function element(value: Dyn, indent: number): string {
  if (isMap(value) && Object.keys(value).length > 0) return mapping(value, indent);
  if (Array.isArray(value) && value.length > 0) return sequence(value, indent);
  return `${leaf(value, indent, indent)}\n`;
}

function leaf(value: Dyn, column: number, indent: number): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return scalar(value, { column, indent });
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(value).replace('e+', 'e+');
  if (typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? '[]' : '{}';
}

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
const isLetter = (c: string): boolean => /\p{L}/u.test(c);

/** go-yaml's order of keys: runs of digits count as numbers, letters come after everything else. */
function naturalOrder(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  let digits = false;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i] as string, b[i] as string];
    if (x === y) {
      digits = isDigit(x);
      continue;
    }
    const [xl, yl] = [isLetter(x), isLetter(y)];
    if (xl && yl) return x < y ? -1 : 1;
    if (xl || yl) return (digits ? xl : yl) ? -1 : 1;
    const order = compareNumbers(a, b, i);
    return order !== 0 ? order : x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function compareNumbers(a: string[], b: string[], i: number): number {
  const lead = (() => {
    if (a[i] !== '0' && b[i] !== '0') return '';
    for (let j = i - 1; j >= 0 && isDigit(a[j]); j--) if (a[j] !== '0') return '1';
    return '';
  })();
  const run = (chars: string[]): string => {
    let end = i;
    while (isDigit(chars[end])) end++;
    return chars.slice(i, end).join('');
  };
  const [x, y] = [run(a), run(b)];
  const [n, m] = [Number(lead + x), Number(lead + y)];
  return n !== m ? n - m : x.length - y.length;
}
