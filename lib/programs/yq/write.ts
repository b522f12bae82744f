// Trees to YAML text, as yaml.v3 writes them: two columns an indent, sequences indented below their key, quotes as they were.
import { resolveTag, type YqNode } from './node';

export interface Writing {
  indent: number;
}

/** The text of a document, with its newline. */
export function writeYaml(root: YqNode, { indent }: Writing = { indent: 2 }): string {
  return new Writer(indent).document(root);
}

class Writer {
  private out = '';

  constructor(private readonly indent: number) {}

  document(root: YqNode): string {
    if (root.leading) this.out += root.leading;
    else this.comments(root.head, 0);
    const named = this.isBlock(root) ? this.properties(root, false) : '';
    if (named) this.out += `${named}\n`;
    if (root.kind === 'map' && root.style !== 'flow' && root.content.length > 0) this.map(root, 0, false);
    else if (root.kind === 'seq' && root.style !== 'flow' && root.content.length > 0) this.seq(root, 0, false);
    else {
      this.out += this.properties(root, true) + this.inline(root, 0);
      this.end(root.line);
    }
    if (root.foot) {
      this.foot(root.foot, 0);
    }
    return this.out;
  }

  private comments(text: string, column: number, head = true): void {
    if (!text) return;
    if (this.footColumn === column && head) this.out += '\n';
    for (const line of text.split('\n')) this.out += line === '' ? '\n' : `${' '.repeat(column)}${line}\n`;
    this.footColumn = -1;
  }

  /** A comment below; one above that follows it at the same column is parted from it by a blank line. */
  private foot(text: string, column: number): void {
    if (!text) return;
    this.comments(text, column, false);
    this.footColumn = column;
  }

  private footColumn = -1;

  private end(line: string): void {
    this.out += line ? ` ${line.split('\n')[0]}\n` : '\n';
  }

  /** `!tag &anchor `, with a blank behind unless nothing follows. */
  private properties(node: YqNode, follows: boolean): string {
    const words = [
      ...(node.kind !== 'alias' && needsTag(node) ? [node.tag] : []),
      ...(node.anchor && node.kind !== 'alias' ? [`&${node.anchor}`] : []),
    ];
    return words.length > 0 ? words.join(' ') + (follows ? ' ' : '') : '';
  }

  private isBlock(node: YqNode): boolean {
    return (node.kind === 'map' || node.kind === 'seq') && node.style !== 'flow' && node.content.length > 0;
  }

  private map(node: YqNode, column: number, begun: boolean): void {
    let first = begun;
    for (const [key, value] of node.pairs()) {
      if (first && key.head) {
        // behind a dash the comment goes on its line, and what follows below it
        this.out += `${key.head.split('\n').join(`\n${' '.repeat(column)}`)}\n`;
        first = false;
      } else if (!first) this.comments(key.head, column);
      this.footColumn = -1;
      if (!first) this.out += ' '.repeat(column);
      first = false;
      const long = this.isBlock(key) || (key.kind === 'scalar' && (key.style === 'literal' || key.style === 'folded'));
      if (long) {
        this.out += '? ';
        this.value(key, column + 2, column);
        this.out += `${' '.repeat(column)}:`;
      } else {
        this.out += `${this.properties(key, true)}${this.inline(key, column, true)}:`;
      }
      const line = value.line || key.line;
      if (this.isBlock(value)) {
        this.out += this.space(this.properties(value, false));
        this.end(line);
        this.comments(value.head, column + this.indent);
        if (value.kind === 'map') this.map(value, column + this.indent, false);
        else this.seq(value, column + this.indent, false);
        this.foot(value.foot, column + this.indent);
      } else {
        this.scalarValue(value, column);
        if (!this.isLiteral(value)) this.end(line);
        this.comments(value.head, column); // of a scalar it comes out behind, as yaml.v3 has it
        this.foot(value.foot, column);
      }
      this.foot(key.foot, column);
    }
  }

  private space(text: string): string {
    return text ? ` ${text}` : '';
  }

  /** A value behind its colon. */
  private scalarValue(value: YqNode, column: number): void {
    const properties = this.properties(value, true);
    const inline = this.inline(value, column);
    const whole = (properties + inline).trimEnd();
    if (this.isLiteral(value)) this.out += ` ${properties}${inline}`;
    else this.out += whole === '' ? '' : ` ${whole}`;
  }

  private isLiteral(node: YqNode): boolean {
    return node.kind === 'scalar' && (scalarStyle(node) === 'literal' || scalarStyle(node) === 'folded');
  }

  private value(node: YqNode, column: number, _outer: number): void {
    if (node.kind === 'map' && this.isBlock(node)) {
      const properties = this.properties(node, false);
      if (properties) {
        this.out += properties;
        this.end(node.line);
        this.map(node, column, false);
      } else this.map(node, column, true);
      this.foot(node.foot, column - 2);
      return;
    }
    if (node.kind === 'seq' && this.isBlock(node)) {
      const properties = this.properties(node, false);
      if (properties) {
        this.out += properties;
        this.end(node.line);
        this.seq(node, column, false);
      } else this.seq(node, column, true);
      this.foot(node.foot, column - 2);
      return;
    }
    const properties = this.properties(node, true);
    const inline = this.inline(node, column - 2);
    if (this.isLiteral(node)) this.out += properties + inline;
    else {
      const whole = (properties + inline).trimEnd();
      if (whole === '') this.out = this.out.replace(/ $/, '');
      this.out += whole;
      this.end(node.line);
    }
    this.foot(node.foot, column - 2);
  }

  private seq(node: YqNode, column: number, begun: boolean): void {
    let first = begun;
    for (const item of node.content) {
      if (item.head) {
        if (first) {
          this.out += `${item.head.split('\n').join(`\n${' '.repeat(column)}`)}\n`;
          first = false;
        } else this.comments(item.head, column);
      }
      this.footColumn = -1;
      if (!first) this.out += ' '.repeat(column);
      first = false;
      this.out += '- ';
      this.value(item, column + 2, column);
    }
  }

  /** A node on one line; a literal block goes on below. */
  private inline(node: YqNode, column: number, isKey = false): string {
    if (node.kind === 'alias') return `*${node.value}`;
    if (node.kind === 'map') {
      const pairs = [...node.pairs()].map(([key, value]) => {
        const shown = this.properties(value, true) + this.inline(value, column);
        return `${this.properties(key, true)}${this.inline(key, column, true)}:${shown.trim() === '' ? '' : ` ${shown}`}`;
      });
      return `{${pairs.join(', ')}}`;
    }
    if (node.kind === 'seq')
      return `[${node.content.map((item) => this.properties(item, true) + this.inline(item, column)).join(', ')}]`;
    return this.scalar(node, column, isKey);
  }

  private scalar(node: YqNode, column: number, isKey: boolean): string {
    const style = scalarStyle(node);
    const { value } = node;
    if (style === 'double') return doubleQuoted(value);
    if (style === 'single') return `'${value.replaceAll("'", "''").replace(/\n/g, '\n\n')}'`;
    if ((style === 'literal' || style === 'folded') && !isKey && !this.inFlow(node))
      return this.block(node, style, column);
    if (style === 'literal' || style === 'folded') return doubleQuoted(value);
    return value;
  }

  private inFlow(node: YqNode): boolean {
    for (let at = node.parent; at; at = at.parent) if (at.style === 'flow') return true;
    return false;
  }

  private block(node: YqNode, style: 'literal' | 'folded', column: number): string {
    const { value } = node;
    const chomp = value.endsWith('\n') ? (/\n\n$/.test(value) || value === '\n' ? '+' : '') : '-';
    const hint = /^\n* /.test(value) ? String(this.indent) : '';
    const pad = ' '.repeat(column + this.indent);
    const lines = value.replace(/\n$/, '').split('\n');
    const shown = style === 'literal' ? lines : folded(value);
    const comment = node.line ? ` ${node.line}` : '';
    return `${style === 'literal' ? '|' : '>'}${hint}${chomp}${comment}\n${shown.map((line) => (line === '' ? '\n' : `${pad}${line}\n`)).join('')}`;
  }
}

/** Whether a tag has to be written for the value to be read back as it is. */
function needsTag(node: YqNode): boolean {
  if (node.tag === '') return false;
  if (node.kind === 'map') return node.tag !== '!!map' || node.tagged;
  if (node.kind === 'seq') return node.tag !== '!!seq' || node.tagged;
  return node.tagged || (node.tag !== '!!str' && (node.tag === '!!merge' || resolveTag(node.value) !== node.tag));
}

/** The style a scalar is written in: its own, unless its value would be read as something else. */
function scalarStyle(node: YqNode): YqNode['style'] {
  if (node.style === 'flow') return '';
  if (node.style !== '')
    return (node.style === 'literal' || node.style === 'folded') && !blockable(node.value) ? 'double' : node.style;
  const { value } = node;
  if (node.tag !== '!!str') return '';
  if (value.includes('\n')) return blockable(value) ? 'literal' : 'double';
  if (resolveTag(value) !== '!!str' && !node.tagged) return 'double';
  return isPlain(value) ? '' : singleable(value) ? 'single' : 'double';
}

const blockable = (value: string): boolean =>
  !/[^\n\t\x20-\x7e\u00a0-\uffff\u{10000}-\u{10ffff}]/u.test(value) && !/ +(\n|$)/.test(value.replace(/\n$/, ''));
const singleable = (value: string): boolean => !/[^\x20-\x7e\u00a0-\uffff\u{10000}-\u{10ffff}]/u.test(value);

/** Whether a text can stand without quotes. */
function isPlain(value: string): boolean {
  if (value === '' || /^\s|\s$/.test(value)) return false;
  if (/^[-?:](\s|$)/.test(value) || /^[,[\]{}#&*!|>'"%@`]/.test(value)) return false;
  if (/^(---|\.\.\.)(\s|$)/.test(value)) return false;
  if (/: |:$| #|\t/.test(value)) return false;
  return !/[^\x20-\x7e\u00a0-\uffff\u{10000}-\u{10ffff}]/u.test(value);
}

const ESCAPES: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

const numbered = (code: number): string =>
  code < 0x100
    ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
    : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;

export const doubleQuoted = (value: string): string =>
  `"${value.replace(/["\\\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]/g, (letter) => ESCAPES[letter] ?? numbered(letter.charCodeAt(0)))}"`;

/** The lines of a folded block: yaml.v3 parts its lines by empty ones, unless a line begins with a blank. */
function folded(value: string): string[] {
  const lines: string[] = [];
  let line = '';
  let broke = true;
  let blank = false;
  [...value].forEach((letter) => {
    if (letter === '\n') {
      lines.push(line);
      if (!broke && !blank && !/^[\s]/.test(value)) lines.push('');
      line = '';
      broke = true;
      return;
    }
    if (broke) blank = /\s/.test(letter);
    broke = false;
    line += letter;
  });
  if (line !== '') lines.push(line);
  return lines;
}
