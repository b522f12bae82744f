// The formats that yq reads and writes beside YAML.
// DIFFERS: no XML, TOML and Lua.
import { float, integer } from './arithmetic';
import { map, nothing, plainTag, resolveTag, scalar, seq, text, YqNode } from './node';
import { MOST_NODES, outOfMemory, YqError } from './problem';
import { readYaml } from './read';
import { doubleQuoted, writeYaml } from './write';

export const FORMAT_NAMES: Record<string, string> = {
  yaml: 'yaml',
  y: 'yaml',
  yml: 'yaml',
  json: 'json',
  j: 'json',
  ndjson: 'json',
  props: 'props',
  p: 'props',
  properties: 'props',
  csv: 'csv',
  c: 'csv',
  tsv: 'tsv',
  t: 'tsv',
  base64: 'base64',
  uri: 'uri',
  sh: 'sh',
  shell: 'shell',
  s: 'shell',
  auto: 'auto',
  a: 'auto',
};
export const UNSUPPORTED = /^(xml|x|toml|lua|l|ini|i|hcl|h|kyaml|ky)$/;

/** The documents of a text in a format. */
export function decode(source: string, format: string, file = '', fileIndex = 0): YqNode[] {
  switch (format) {
    case 'yaml':
      return readYaml(source, file, fileIndex);
    case 'json':
      return fromJson(source, file, fileIndex);
    case 'props':
      return [fromProps(source)];
    case 'csv':
      return [fromTable(source, ',')];
    case 'tsv':
      return [fromTable(source, '\t')];
    case 'base64':
      return [text(Buffer.from(source, 'base64').toString())];
    case 'uri':
      return [text(decodeURIComponent(source.replaceAll('+', ' ')))];
    default:
      throw new YqError(`not supported: reading ${format}`);
  }
}

/** A node as a text. */
export function encode(node: YqNode, format: string, indent: number, unwrap = true): string {
  switch (format) {
    case 'yaml':
      return node.kind === 'scalar' && unwrap && !(node.isRoot && node.head)
        ? `${node.value}\n`
        : writeYaml(node, { indent });
    case 'json':
      return `${json(node, indent, '')}${indent === 0 ? '' : '\n'}`;
    case 'props':
      return props(node, unwrap);
    case 'csv':
      return table(node, ',');
    case 'tsv':
      return table(node, '\t');
    case 'base64':
      return Buffer.from(onlyText(node, 'base64')).toString('base64');
    case 'uri':
      return encodeURIComponent(onlyText(node, 'URI'))
        .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
        .replaceAll('%20', '+');
    case 'sh':
      return shellWord(onlyText(node, 'URI'));
    case 'shell':
      return shellVariables(node);
    default:
      throw new YqError(`not supported: writing ${format}`);
  }
}

function onlyText(node: YqNode, name: string): string {
  if (node.kind !== 'scalar' || (node.tag !== '!!str' && name === 'base64'))
    throw new YqError(
      `cannot encode ${node.tag} as ${name}, can only operate on strings. Please first pipe through another encoding operator to convert the value to a string`,
    );
  return node.value;
}

const shellWord = (value: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  let out = '';
  let open = false;
  for (const letter of value) {
    if (letter === "'") {
      out += open ? "'\\'" : "\\'";
      open = false;
      continue;
    }
    if (!open && !/[\w@%+=:,./-]/.test(letter)) {
      out += "'";
      open = true;
    }
    out += letter;
  }
  return open ? `${out}'` : out;
};

function json(node: YqNode, indent: number, before: string): string {
  const { real } = node;
  const inner = before + ' '.repeat(indent);
  const [open, close, between] = indent > 0 ? [`\n${inner}`, `\n${before}`, `,\n${inner}`] : ['', '', ','];
  if (real.kind === 'map') {
    if (real.content.length === 0) return '{}';
    const pairs = [...real.pairs()].map(
      ([key, value]) => `${jsonText(key.value)}:${indent > 0 ? ' ' : ''}${json(value, indent, inner)}`,
    );
    return `{${open}${pairs.join(between)}${close}}`;
  }
  if (real.kind === 'seq') {
    if (real.content.length === 0) return '[]';
    return `[${open}${real.content.map((item) => json(item, indent, inner)).join(between)}${close}]`;
  }
  switch (plainTag(real)) {
    case '!!null':
      return 'null';
    case '!!bool':
      return real.value.toLowerCase();
    case '!!int':
      return String(integer(real.value));
    case '!!float':
      return /inf|nan/i.test(real.value) ? jsonText(real.value) : float(Number(real.value.replaceAll('_', '')));
    default:
      return jsonText(real.value);
  }
}

const jsonText = (value: string): string =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16)}`);

function props(node: YqNode, unwrap: boolean): string {
  let out = '';
  let heading = node.head.trimEnd();
  const first = '';
  const visit = (at: YqNode, path: string, key: YqNode | undefined) => {
    const { real } = at;
    if (real.kind === 'map') {
      for (const [name, value] of real.pairs()) visit(value, path ? `${path}.${name.value}` : name.value, name);
      return;
    }
    if (real.kind === 'seq') {
      for (const [i, item] of real.content.entries()) visit(item, path ? `${path}.${i}` : String(i), undefined);
      return;
    }
    const head = [path.startsWith(first) ? heading : '', key?.head, at.head, at.line].filter(Boolean).join('\n');
    heading = '';
    if (head && out !== '' && /\S/.test(head)) out += '\n';
    if (head) out += `${head}\n`;
    const value = real.isNull ? '' : real.value;
    const shown = unwrap || /^[^\s"]*$/.test(value) ? value : doubleQuoted(value);
    out += `${path.replace(/[ :=]/g, '\\$&')} = ${shown.replace(/\n/g, '\\n')}\n`;
  };
  if (node.real.kind === 'scalar') return `${node.real.value}\n`;
  visit(node, '', undefined);
  return out;
}

/** JSON values one after another; none of them keeps its brackets and quotes. */
function fromJson(source: string, file: string, fileIndex: number): YqNode[] {
  const values: string[] = [];
  let depth = 0;
  let from = 0;
  for (const found of source.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]|[^\s[\]{}",:]+/g)) {
    const [word] = found;
    if (depth === 0) from = found.index;
    if (word === '{' || word === '[') depth++;
    if (word === '}' || word === ']') depth--;
    if (depth <= 0) values.push(source.slice(from, found.index + word.length));
  }
  if (depth > 0) values.push(source.slice(from));
  return values.map((value, i) => {
    const [root] = readYaml(value, file, fileIndex);
    if (!root) throw new YqError('unexpected end of JSON input');
    plain(root);
    root.document = i;
    return root;
  });
}

function plain(node: YqNode): void {
  node.style = '';
  node.content.forEach(plain);
}

function fromProps(source: string): YqNode {
  const root = map();
  let comments: string[] = [];
  for (const line of source.replace(/\\\n\s*/g, '').split('\n')) {
    if (/^\s*[#!]/.test(line)) {
      comments.push(line.trim().replace(/^!/, '#'));
      continue;
    }
    const found = /^\s*((?:\\.|[^\s:=\\])+)\s*[=:\s]\s*(.*)$/.exec(line);
    if (!found) continue;
    const path = (found[1] as string).replace(/\\([ :=])/g, '$1').split('.');
    let at = root;
    path.forEach((word, i) => {
      const last = i === path.length - 1;
      const next = path[i + 1];
      const made = last ? text((found[2] as string).replaceAll('\\n', '\n')) : /^\d+$/.test(next ?? '') ? seq() : map();
      if (at.kind === 'seq') {
        const index = Number(word);
        if (index > MOST_NODES) throw outOfMemory();
        while (at.content.length <= index) at.push(at.content.length === index ? made : nothing());
        at = at.content[index] as YqNode;
      } else {
        const old = at.get(word);
        if (old && !last) at = old;
        else {
          const key = text(word);
          if (last) key.head = comments.join('\n');
          at = at.put(key, made);
        }
      }
    });
    comments = [];
  }
  return root;
}

/** Rows of fields; a field in quotes may hold the separator and newlines. */
function rows(source: string, separator: string): string[][] {
  const found: string[][] = [];
  let row: string[] = [];
  const pattern = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`, 'g');
  for (const [whole, quoted, plain, end] of source.matchAll(pattern)) {
    if (whole === '') break;
    row.push(quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'));
    if (end === separator) continue;
    found.push(row);
    row = [];
  }
  if (row.length > 0) found.push([...row, '']);
  return found.filter((each) => each.length > 1 || each[0] !== '');
}

function fromTable(source: string, separator: string): YqNode {
  const [head = [], ...rest] = rows(source, separator);
  return seq(
    rest.map((row) => {
      const made = map();
      head.forEach((name, i) => {
        made.put(text(name), field(row[i] ?? ''));
      });
      return made;
    }),
  );
}

/** A field is read as YAML if it is a collection or a scalar of it. */
function field(value: string): YqNode {
  if (value === '') return new YqNode('scalar', '!!str', '');
  try {
    const [root] = readYaml(value, '', 0);
    if (root && (root.kind !== 'scalar' || root.tag !== '!!str')) {
      root.isRoot = false;
      return root;
    }
  } catch {
    // no YAML: a text
  }
  return resolveTag(value) === '!!str' ? text(value) : scalar(value);
}

function table(node: YqNode, separator: string): string {
  const { real } = node;
  if (real.kind === 'scalar') return `${real.value}\n`;
  if (real.kind !== 'seq') throw new YqError(`csv encoding only works for arrays, got: ${real.tag}`);
  const cell = (item: YqNode | undefined, at: number) => {
    if (!item) return '';
    const each = item.real;
    if (each.kind !== 'scalar')
      throw new YqError(
        `csv encoding only works for arrays of scalars (string/numbers/booleans), child[${at}] is a ${each.tag}`,
      );
    const value = each.value;
    const quotes = value.includes(separator) || /["\n\r]/.test(value) || /^\s/.test(value) || value === '\\.';
    return quotes ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const line = (items: readonly (YqNode | undefined)[]) => `${items.map(cell).join(separator)}\n`;
  const [first] = real.content;
  if (!first) return '';
  if (first.real.kind === 'map') {
    const names = [...first.real.pairs()].map(([key]) => key.value);
    return line(names.map(text)) + real.content.map((item) => line(names.map((name) => item.real.get(name)))).join('');
  }
  if (first.real.kind === 'seq') return real.content.map((item) => line(item.real.content)).join('');
  return line(real.content);
}

function shellVariables(node: YqNode): string {
  let out = '';
  const visit = (at: YqNode, path: string) => {
    const { real } = at;
    if (real.kind === 'map')
      for (const [key, value] of real.pairs()) visit(value, path ? `${path}_${key.value}` : key.value);
    else if (real.kind === 'seq')
      for (const [i, item] of real.content.entries()) visit(item, path ? `${path}_${i}` : String(i));
    else {
      const name = path.replace(/[^\w]/g, '_').replace(/^(?=\d)/, '_');
      const value = real.isNull ? '' : real.value;
      out += `${name || 'value'}=${/^[\w.,:/@%+-]*$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`}\n`;
    }
  };
  visit(node, '');
  return out;
}
