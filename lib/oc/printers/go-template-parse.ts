// Go's text/template: the grammar of actions, pipelines and blocks.

/** A template that does not parse or execute, with Go's message. */
export class TemplateError extends Error {}

/** `at` is the offset in the template that messages name. */
export type Expr = { at: number } & (
  | { type: 'field'; path: string[] }
  | { type: 'variable'; name: string; path: string[] }
  | { type: 'literal'; value: string | number | bigint | boolean | null }
  | { type: 'function'; name: string }
  | { type: 'pipe'; pipe: Pipe }
  | { type: 'chain'; base: Expr; path: string[] }
);

export interface Pipe {
  declare: string[];
  assign: boolean;
  commands: Expr[][];
  /** As it was written, for messages. */
  text: string;
}

export type TemplateNode =
  | { type: 'text'; text: string }
  | { type: 'action'; pipe: Pipe }
  | { type: 'if' | 'with' | 'range'; pipe: Pipe; body: TemplateNode[]; otherwise: TemplateNode[] }
  | { type: 'template'; name: string; pipe: Pipe | undefined }
  | { type: 'break' | 'continue' };

export interface Template {
  nodes: TemplateNode[];
  named: Map<string, TemplateNode[]>;
}

/** @param functions the names that a template may call */
export function parseTemplate(text: string, functions: ReadonlySet<string>): Template {
  return new TemplateParser(chunks(text), functions).parse();
}

type Chunk = { text: string } | { action: string; at: number };

/** Cuts a template into text and actions, with `{{-` and `-}}` trimming the text beside them. */
function chunks(source: string): Chunk[] {
  const out: Chunk[] = [];
  let rest = source;
  let trimNext = false;
  while (rest !== '') {
    const open = rest.indexOf('{{');
    let text = open < 0 ? rest : rest.slice(0, open);
    if (trimNext) text = text.trimStart();
    if (open < 0) {
      out.push({ text });
      break;
    }
    const trimsBefore = /^\{\{- /.test(rest.slice(open, open + 4));
    out.push({ text: trimsBefore ? text.trimEnd() : text });
    const inner = rest.slice(open + (trimsBefore ? 4 : 2));
    const end = closing(inner);
    trimNext = / -$/.test(inner.slice(0, end));
    const padded = inner.slice(0, trimNext ? end - 2 : end);
    const action = padded.trim();
    const at = source.length - inner.length + (padded.length - padded.trimStart().length);
    if (!/^\/\*[\s\S]*\*\/$/.test(action)) out.push({ action, at });
    rest = inner.slice(end + 2);
  }
  return out.filter((chunk) => !('text' in chunk) || chunk.text !== '');
}

function closing(inner: string): number {
  let quote = '';
  for (let i = 0; i < inner.length; i++) {
    const c = inner[i] as string;
    if (quote) {
      if (c === '\\' && quote !== '`') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === '`') quote = c;
    else if (inner.startsWith('}}', i)) return i;
  }
  throw new TemplateError('template: output:1: unclosed action');
}

class TemplateParser {
  private at = 0;
  /** The action that is read, and where it begins. */
  private whole = '';
  private start = 0;
  private readonly named = new Map<string, TemplateNode[]>();

  constructor(
    private readonly chunks: Chunk[],
    private readonly functions: ReadonlySet<string>,
  ) {}

  parse(): Template {
    const { nodes, end } = this.block();
    if (end) throw new TemplateError(`template: output:1: unexpected {{${end}}}`);
    return { nodes, named: this.named };
  }

  private block(): { nodes: TemplateNode[]; end: string } {
    const nodes: TemplateNode[] = [];
    while (this.at < this.chunks.length) {
      const chunk = this.chunks[this.at++] as Chunk;
      if ('text' in chunk) {
        nodes.push({ type: 'text', text: chunk.text });
        continue;
      }
      const [, word = '', rest = ''] = /^(\w*)\s*([\s\S]*)$/.exec(chunk.action) ?? [];
      if (word === 'end' || word === 'else') return { nodes, end: chunk.action };
      this.start = chunk.at;
      this.whole = chunk.action;
      nodes.push(...this.action(word, rest, chunk.action));
    }
    return { nodes, end: '' };
  }

  private action(word: string, rest: string, whole: string): TemplateNode[] {
    if (word === 'if' || word === 'with' || word === 'range') return [this.control(word, rest)];
    if (word === 'define' || word === 'block') return this.definition(word, rest);
    if (word === 'break' || word === 'continue') return [{ type: word }];
    if (word !== 'template') return [{ type: 'action', pipe: this.pipeOf(whole) }];
    const [, name = '', argument = ''] = /^("[^"]*")\s*([\s\S]*)$/.exec(rest) ?? [];
    return [{ type: 'template', name: JSON.parse(name || '""'), pipe: argument ? this.pipeOf(argument) : undefined }];
  }

  private pipeOf(text: string): Pipe {
    const at = this.start + Math.max(0, this.whole.length - text.length); // a pipe is the tail of its action
    return new PipeParser(tokens(text, at), text, this.functions).pipe();
  }

  private control(type: 'if' | 'with' | 'range', text: string): TemplateNode {
    if (text === '') throw new TemplateError(`template: output:1: missing value for ${type}`);
    const pipe = this.pipeOf(text);
    const { nodes: body, end } = this.block();
    if (end === '') throw new TemplateError('template: output:1: unexpected EOF');
    if (end === 'end') return { type, pipe, body, otherwise: [] };
    const again = /^else\s+(if|with)\s+([\s\S]+)$/.exec(end);
    if (again) return { type, pipe, body, otherwise: [this.control(again[1] as 'if', again[2] as string)] };
    const otherwise = this.block();
    if (otherwise.end !== 'end') throw new TemplateError('template: output:1: unexpected EOF');
    return { type, pipe, body, otherwise: otherwise.nodes };
  }

  private definition(word: string, rest: string): TemplateNode[] {
    const [, name = '""', argument = ''] = /^("[^"]*")\s*([\s\S]*)$/.exec(rest) ?? [];
    const { nodes, end } = this.block();
    if (end !== 'end') throw new TemplateError('template: output:1: unexpected EOF');
    this.named.set(JSON.parse(name), nodes);
    return word === 'block' ? [{ type: 'template', name: JSON.parse(name), pipe: this.pipeOf(argument) }] : [];
  }
}

const TOKEN =
  /\s*("(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)+'|:=|[=|(),]|\$\w*(?:\.\w+)*|(?:\.[\p{L}_][\p{L}\p{N}_]*)+|\.|[-+]?\d[\w.]*|[\p{L}_][\p{L}\p{N}_]*)/uy;

interface Token {
  text: string;
  at: number;
}

function tokens(text: string, start: number): Token[] {
  const out: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    if (text.slice(TOKEN.lastIndex).trim() === '') break;
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match)
      throw new TemplateError(`template: output:1: unexpected ${JSON.stringify(text.slice(at).trim()[0])} in operand`);
    const glued = match[0] === match[1] && match[1]?.startsWith('.') && out.at(-1)?.text === ')';
    const word = match[1] as string;
    out.push({ text: glued ? `\0${word}` : word, at: start + TOKEN.lastIndex - word.length });
  }
  return out;
}

class PipeParser {
  private at = 0;
  private readonly words: string[];

  constructor(
    private readonly tokens: Token[],
    private readonly text: string,
    private readonly functions: ReadonlySet<string>,
  ) {
    this.words = tokens.map((token) => token.text);
  }

  pipe(until?: string): Pipe {
    const declare: string[] = [];
    let assign = false;
    const head = this.words.slice(this.at);
    const single = head[0]?.startsWith('$') && (head[1] === ':=' || head[1] === '=');
    const double = head[0]?.startsWith('$') && head[1] === ',' && head[2]?.startsWith('$') && head[3] === ':=';
    if (single) {
      declare.push(head[0] as string);
      assign = head[1] === '=';
      this.at += 2;
    } else if (double) {
      declare.push(head[0] as string, head[2] as string);
      this.at += 4;
    }
    const commands: Expr[][] = [[]];
    for (; this.at < this.words.length; ) {
      const word = this.words[this.at++] as string;
      if (word === until) return { declare, assign, commands, text: this.text };
      if (word === '|') commands.push([]);
      else (commands.at(-1) as Expr[]).push(this.operand(word));
    }
    if (until) throw new TemplateError('template: output:1: unclosed left paren');
    if (commands.some((command) => command.length === 0))
      throw new TemplateError('template: output:1: missing value for command');
    return { declare, assign, commands, text: this.text };
  }

  private operand(word: string): Expr {
    const at = this.tokens[this.at - 1]?.at ?? 0;
    if (word === '(') {
      const base: Expr = { type: 'pipe', pipe: this.pipe(')'), at };
      if (!this.words[this.at]?.startsWith('\0')) return base;
      return { type: 'chain', base, path: (this.words[this.at++] as string).slice(2).split('.'), at };
    }
    if (word.startsWith('$')) {
      const [name = '', ...path] = word.split('.');
      return { type: 'variable', name, path, at: at + (path.length > 0 ? name.length : 0) };
    }
    if (word === '.') return { type: 'field', path: [], at };
    if (word.startsWith('.')) {
      const path = word.slice(1).split('.');
      // Go takes the second field's place for a chain of them
      return { type: 'field', path, at: at + (path.length > 1 ? (path[0] as string).length + 1 : 0) };
    }
    if (/^[\p{L}_]/u.test(word) && !LITERALS.has(word)) {
      if (!this.functions.has(word))
        throw new TemplateError(`template: output:1: function ${JSON.stringify(word)} not defined`);
      return { type: 'function', name: word, at };
    }
    return { type: 'literal', value: literal(word), at };
  }
}

const LITERALS = new Set(['true', 'false', 'nil']);

function literal(word: string): string | number | bigint | boolean | null {
  if (word.startsWith('"')) return JSON.parse(word.replaceAll("\\'", "'"));
  if (word.startsWith('`')) return word.slice(1, -1);
  if (word.startsWith("'")) return BigInt(word.codePointAt(1) as number);
  if (/^[-+]?\d/.test(word)) return /^[-+]?\d+$/.test(word) ? BigInt(word.replace('+', '')) : Number(word);
  if (LITERALS.has(word)) return word === 'nil' ? null : word === 'true';
  throw new TemplateError(`template: output:1: unexpected ${JSON.stringify(word)} in operand`);
}
