// Where a statement ends in a text that is being typed, and psql's variables.

export interface Scan {
  /** The statement up to its semicolon, or a backslash command; undefined when more is needed. */
  statement?: string;
  command?: string;
  rest: string;
  /** What is open, for the prompt: `'`, `"`, `$`, `*`, `(` or `-` for a plain continuation; `=` for nothing. */
  open: string;
}

/** The first statement or backslash command of a text. */
export function scan(text: string): Scan {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const ch = text[at] as string;
    const ended = skip(text, at, ch);
    if (ended === undefined) return { rest: text, open: ch === '/' ? '*' : ch };
    if (ended > at) {
      at = ended - 1;
      continue;
    }
    if (ch === '(') depth++;
    else if (ch === ')') depth = Math.max(0, depth - 1);
    else if (ch === ';' && depth === 0)
      return { statement: text.slice(0, at + 1), rest: text.slice(at + 1), open: '=' };
    else if (ch === '\\') {
      const end = text.indexOf('\n', at);
      const line = end < 0 ? text.slice(at) : text.slice(at, end);
      const next = /^\\[gx]\b|^\\gx\b/.test(line) ? undefined : line.slice(1).search(/\\(?!\\)/);
      const command = next !== undefined && next > 0 ? line.slice(0, next + 1) : line;
      const before = text.slice(0, at);
      return { command: command.trim(), rest: before + text.slice(at + command.length), open: '=' };
    }
  }
  return { rest: text, open: depth > 0 ? '(' : text.trim() === '' ? '=' : '-' };
}

/** The end of a quoted part, a comment or a dollar quote that begins here; `at` when none does; undefined when it is open. */
function skip(text: string, at: number, ch: string): number | undefined {
  if (ch === "'" || ch === '"') {
    const escapes = ch === "'" && /[eE]$/.test(text.slice(0, at));
    for (let i = at + 1; i < text.length; i++) {
      if (escapes && text[i] === '\\') i++;
      else if (text[i] === ch) {
        if (text[i + 1] !== ch) return i + 1;
        i++;
      }
    }
    return undefined;
  }
  if (text.startsWith('--', at)) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at);
    return end < 0 ? undefined : end + 2;
  }
  const dollar = ch === '$' ? /^\$(\w*)\$/.exec(text.slice(at)) : null;
  if (dollar) {
    const end = text.indexOf(dollar[0], at + dollar[0].length);
    return end < 0 ? undefined : end + dollar[0].length;
  }
  return at;
}

/** `:name`, `:'name'`, `:"name"` outside of quotes. */
export const interpolate = (sql: string, variables: ReadonlyMap<string, string>): string =>
  sql.replace(
    /'(?:[^']|'')*'|"[^"]*"|(?<![:\w]):(?:(\w+)|'(\w+)'|"(\w+)")/g,
    (whole, bare?: string, quoted?: string, name?: string) => {
      const value = variables.get(bare ?? quoted ?? name ?? '');
      if (value === undefined) return whole;
      return quoted ? `'${value.replaceAll("'", "''")}'` : name ? `"${value.replaceAll('"', '""')}"` : value;
    },
  );

/** Without the comments and blanks before it. */
export const bareStatement = (sql: string): string => sql.replace(/^(\s|--[^\n]*\n?|\/\*[\s\S]*?\*\/)+/, '');
