// The words of a yq expression.
import { YqError } from './problem';

export interface Token {
  kind: 'op' | 'word' | 'string' | 'number' | 'key' | 'variable' | 'end';
  text: string;
  /** Of `key`: whether it was quoted and so is no pattern. */
  quoted?: boolean;
  /** Whether it stands directly behind what was before. */
  glued: boolean;
  at: number;
}

const OPERATORS =
  /^(\.\.\.|\.\.|\|=|\+=|-=|\*=[+?dnc]*|\/\/=|\/\/|\/=|%=|==|!=|<=|>=|<|>|=c|=|\*[+?dnc]*|\+|-|\/|%|\||,|;|:|\(|\)|\[|\]|\{|\}|\?)/;
const SHOWN = 16; // letters of what is wrong that a message repeats

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let glued = false;
  const add = (kind: Token['kind'], text: string, length: number, more: Partial<Token> = {}) => {
    tokens.push({ kind, text, glued, at, ...more });
    at += length;
    glued = true;
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const blank = /^(\s+|#[^\n]*)/.exec(rest);
    if (blank) {
      at += blank[0].length;
      glued = false;
      continue;
    }
    const before = tokens.at(-1);
    const operand = before && (before.kind !== 'op' || /^[)\]}?]$/.test(before.text) || before.text === '.');
    let found: RegExpExecArray | null;
    if ((found = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(rest))) add('string', unescaped(found[1] as string), found[0].length);
    else if (
      (found =
        /^\.(?:"((?:[^"\\]|\\[\s\S])*)"|([A-Za-z_*?@0-9][^ ;\]:,|.(){}[=\n\t"+?!<>&]*(?:\?(?=[^ ;\]:,|.(){}[=\n]))?))/.exec(
          rest,
        ))
    )
      add('key', found[1] === undefined ? (found[2] as string) : unescaped(found[1]), found[0].length, {
        quoted: found[1] !== undefined,
      });
    else if (rest.startsWith('.[')) {
      add('op', '.', 1);
    } else if ((found = /^\$[A-Za-z_\-0-9]+/.exec(rest))) add('variable', found[0].slice(1), found[0].length);
    else if (!operand && (found = /^-?(?:0x[\da-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/.exec(rest)))
      add('number', found[0], found[0].length);
    else if ((found = /^(?:0x[\da-fA-F]+|\d+(?:\.\d+)?)/.exec(rest))) add('number', found[0], found[0].length);
    else if ((found = /^@?[A-Za-z_][A-Za-z_0-9]*/.exec(rest))) add('word', found[0], found[0].length);
    else if (rest.startsWith('~')) add('word', 'null', 1, { text: '~' });
    else if ((found = OPERATORS.exec(rest))) add('op', found[0], found[0].length);
    else if (rest.startsWith('.')) add('op', '.', 1);
    else throw invalid(source, at);
  }
  tokens.push({ kind: 'end', text: '', glued: false, at });
  return tokens;
}

/** What the real one says of a word that it does not know. */
export function invalid(source: string, at: number): YqError {
  const rest = source.slice(at);
  const shown = rest.length > SHOWN ? `${rest.slice(0, SHOWN)}...` : rest;
  const lines = source.slice(0, at).split('\n');
  return new YqError(`${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}: invalid input text ${JSON.stringify(shown)}`);
}

const unescaped = (text: string): string => text.replace(/\\"/g, '"').replace(/\\n/g, '\n').replace(/\\t/g, '\\t');
