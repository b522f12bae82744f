// Turns the bytes a terminal sends into keys: characters, control keys, escape sequences.

/** A printable character, or a name: `C-a`, `M-b`, `up`, `delete`, `enter`, `paste-start`. */
export interface Key {
  name: string;
  text: string;
  /** Bytes that made it. */
  size: number;
}

const SEQUENCES: Record<string, string> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  '[H': 'home',
  '[F': 'end',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[2~': 'C-v',
  '[3~': 'delete',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[Z': 'backtab',
  '[1;5C': 'M-f',
  '[1;5D': 'M-b',
  '[1;3C': 'M-f',
  '[1;3D': 'M-b',
  '[200~': 'paste-start',
};

const decoder = new TextDecoder();

/** The first key of the bytes; undefined when it is not all there yet. */
export function nextKey(bytes: Uint8Array): Key | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first === 27) return escapeKey(bytes);
  if (first === 13 || first === 10) return { name: 'enter', text: '', size: 1 };
  if (first === 9) return { name: 'tab', text: '\t', size: 1 };
  if (first === 127 || first === 8) return { name: 'backspace', text: '', size: 1 };
  if (first === 31) return { name: 'C-_', text: '', size: 1 };
  if (first < 32) return { name: controlName(first), text: String.fromCharCode(first), size: 1 };
  const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (bytes.length < size) return undefined;
  return { name: 'text', text: decoder.decode(bytes.subarray(0, size)), size };
}

/** All the plain text in front, as one key: what a paste without brackets brings costs no key each. */
export function textRun(bytes: Uint8Array): Key | undefined {
  let size = 0;
  for (let next = 0; next < bytes.length && isPlain(bytes[next] as number); size = next) {
    next += lengthOf(bytes[next] as number);
    if (next > bytes.length) break;
  }
  return size < LEAST_RUN ? undefined : { name: 'text', text: decoder.decode(bytes.subarray(0, size)), size };
}

const isPlain = (byte: number): boolean => byte >= 32 && byte !== 127;

/** Bytes of a character by its first. */
const lengthOf = (first: number): number => (first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);

const LEAST_RUN = 64; // bytes: nobody types so many between two reads

const controlName = (code: number): string => `C-${String.fromCharCode(code + 64).toLowerCase()}`;

function escapeKey(bytes: Uint8Array): Key | undefined {
  if (bytes.length < 2) return undefined;
  const text = decoder.decode(bytes.subarray(1, MAX_SEQUENCE));
  const sequence = /^(\[[0-9;?]*[@-~]|O[A-Z])/.exec(text);
  if (sequence) return { name: SEQUENCES[sequence[0]] ?? 'unknown', text: '', size: 1 + sequence[0].length };
  if (/^(\[[0-9;?]*|O)$/.test(text)) return undefined;
  const [c = ''] = text;
  if (c === '\x7f' || c === '\b') return { name: 'M-backspace', text: '', size: 2 };
  const named = c < ' ' ? controlName(c.charCodeAt(0)) : c.toLowerCase();
  return { name: `M-${named}`, text: '', size: 1 + new TextEncoder().encode(c).length };
}

/** The first character as it is, for C-v. */
export function literal(bytes: Uint8Array): Key | undefined {
  const [first] = bytes;
  if (first === undefined) return undefined;
  const size = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return bytes.length < size ? undefined : { name: 'text', text: decoder.decode(bytes.subarray(0, size)), size };
}

/** What a terminal sends after pasted text. */
export const PASTE_END = '\x1b[201~';

const MAX_SEQUENCE = 16; // bytes of the longest escape sequence looked for
