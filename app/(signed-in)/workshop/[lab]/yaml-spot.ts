// Where in a YAML text the cursor stands: the keys that lead there, what stands beside, and what is being typed. Goes by
// indentation, line by line, because a text that is being typed is no valid YAML.

/** A step of the way: a key of a map, or an entry of a list (`key` is undefined). */
interface Frame {
  indent: number;
  key: string | undefined;
  /** The keys of the map below it, with their values if they stand on the line. */
  children: Map<string, string>;
}

export interface Spot {
  /** From the top of the text down to the map or list in which the cursor stands. */
  frames: readonly Frame[];
  /** A key is being typed, or the value of `key` (of an entry of the list, without one). */
  kind: 'key' | 'value';
  key?: string | undefined;
  /** What is typed of it so far. */
  word: string;
}

const KEY = /^([A-Za-z_][\w.-]*)\s*:(?:\s+(.*)|)$/;
const frame = (indent: number, key?: string): Frame => ({ indent, key, children: new Map() });

/** Undefined in a comment, and where nothing can be proposed. */
export function spotAt(text: string, offset: number): Spot | undefined {
  const before = text.slice(0, offset).split('\n');
  const current = before.pop() ?? '';
  if (/(^|\s)#/.test(current)) return undefined;
  const stack: Frame[] = [frame(-1)];
  for (const line of before) read(stack, line);
  const spot = readCurrent(stack, current);
  // What follows belongs to the maps around the cursor, too.
  for (const line of text.slice(offset).split('\n').slice(1)) read(stack, line);
  return spot;
}

/** Takes a whole line into the stack. */
function read(stack: Frame[], line: string): void {
  const content = line.trim();
  if (content === '' || content.startsWith('#')) return;
  const { rest, indent } = readDashes(stack, line);
  const [, key, value = ''] = KEY.exec(rest) ?? [];
  if (key !== undefined) enter(stack, indent, key, value);
}

/** Takes the `- ` at the beginning of a line; what is left begins at `indent`. */
function readDashes(stack: Frame[], line: string): { rest: string; indent: number } {
  let indent = line.length - line.trimStart().length;
  let rest = line.slice(indent);
  while (rest === '-' || rest.startsWith('- ')) {
    while (stack.length > 1 && leaves(stack, indent)) stack.pop();
    stack.push(frame(indent));
    const inner = rest.slice(1).trimStart();
    indent += rest.length - inner.length;
    rest = inner;
  }
  return { rest, indent };
}

/** A list may stand at the indentation of its key. */
function leaves(stack: readonly Frame[], indent: number): boolean {
  const top = stack.at(-1) as Frame;
  return top.indent > indent || (top.indent === indent && top.key === undefined);
}

function enter(stack: Frame[], indent: number, key: string, value: string): void {
  leave(stack, indent);
  stack.at(-1)?.children.set(key, scalar(value));
  stack.push(frame(indent, key));
}

function leave(stack: Frame[], indent: number): void {
  while (stack.length > 1 && (stack.at(-1) as Frame).indent >= indent) stack.pop();
}

const scalar = (value: string): string => value.replace(/\s+#.*$/, '').replace(/^(['"])(.*)\1$/, '$2');

function readCurrent(stack: Frame[], line: string): Spot | undefined {
  const { rest, indent } = readDashes(stack, line);
  const [, key, value] = KEY.exec(rest) ?? [];
  if (key === undefined && /^[[{]/.test(rest)) return inFlow([...stack], rest);
  if (key === undefined) {
    if (!/^[\w.-]*$/.test(rest)) return undefined;
    leave(stack, indent);
    return { frames: [...stack], kind: 'key', word: rest };
  }
  if (value === undefined) return undefined; // right behind the colon
  enter(stack, indent, key, value);
  if (/^[[{]/.test(value)) return inFlow([...stack], value);
  return { frames: stack.slice(0, -1), kind: 'value', key, word: value };
}

/** Inside of `{ … }` or `[ … ]` on one line. */
function inFlow(frames: Frame[], text: string): Spot | undefined {
  const open: { map: boolean; key?: string | undefined }[] = [];
  let word = '';
  let quote = '';
  for (const character of text) {
    const top = open.at(-1);
    if (quote) {
      word += character;
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      word += character;
      quote = character;
    } else if (character === '{' || character === '[') {
      if (top) frames.push(frame(Number.MAX_SAFE_INTEGER, top.map ? top.key : undefined));
      if (character === '[') open.push({ map: false });
      else open.push({ map: true });
      word = '';
    } else if (character === '}' || character === ']') {
      open.pop();
      if (open.length > 0) frames.pop();
      word = '';
    } else if (character === ':' && top?.map && top.key === undefined) {
      top.key = word.trim();
      word = '';
    } else if (character === ',') {
      if (top?.key !== undefined) frames.at(-1)?.children.set(top.key, scalar(word.trim()));
      if (top) top.key = undefined;
      word = '';
    } else word += character;
  }
  const top = open.at(-1);
  if (!top || quote) return undefined;
  const isKey = top.map && top.key === undefined;
  return { frames, kind: isKey ? 'key' : 'value', key: top.key, word: word.trimStart() };
}
