// What curl sends: data of a form, parts of one, a file.
import { toBytes } from '../../machine/fs';
import { basename } from '../../machine/path';
import type { Process } from '../../machine/process';
import type { Options } from '../getopt';
import { CurlError } from './error';

export interface Body {
  bytes: Uint8Array;
  type: string | undefined;
  /** The method, unless -X says otherwise. */
  method: 'POST' | 'PUT';
}

const FORM = 'application/x-www-form-urlencoded';

/** The bytes of `@FILE`, or of standard input for `@-`. */
async function fileBytes(proc: Process, name: string): Promise<Uint8Array> {
  if (name === '-') return proc.readAll();
  if (proc.files.exists(name)) return proc.files.readBytes(name);
  // curl warns and sends nothing
  await proc.complain(`Warning: Couldn't read data from file "${name}", this makes an empty POST.\n`);
  return new Uint8Array();
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** The data options, in the order given, joined by `&`; as bytes in latin1. Undefined when there are none. */
export async function dataOf(proc: Process, options: Options, argv: readonly string[]): Promise<string | undefined> {
  const pieces: string[] = [];
  for (const [option, value] of inOrder(options, argv)) {
    if (option === 'data-urlencode') pieces.push(await encoded(proc, value));
    else if (option !== 'data-raw' && value.startsWith('@')) {
      const read = text(await fileBytes(proc, value.slice(1)));
      pieces.push(option === 'd' ? read.replace(/[\r\n\0]/g, '') : read);
    } else pieces.push(text(toBytes(value)));
  }
  return pieces.length > 0 ? pieces.join('&') : undefined;
}

const DATA: Record<string, string> = {
  '-d': 'd',
  '--data': 'd',
  '--data-ascii': 'd',
  '--data-binary': 'data-binary',
  '--data-raw': 'data-raw',
  '--data-urlencode': 'data-urlencode',
};

/** getopt keeps the order within an option only; several kinds of data are rare, and then looked up in the command line. */
function inOrder(options: Options, argv: readonly string[]): [string, string][] {
  const kinds = ['d', 'data-binary', 'data-raw', 'data-urlencode'].filter((name) => options.has(name));
  if (kinds.length < 2)
    return kinds.flatMap((name) => options.all(name).map((value) => [name, value] as [string, string]));
  const left = new Map(kinds.map((name) => [name, [...options.all(name)]]));
  const order = argv.flatMap((word) => {
    const name = DATA[word.replace(/=.*/s, '')] ?? (/^-d./.test(word) ? 'd' : undefined);
    return name ? [name] : [];
  });
  return order.flatMap((name) => {
    const value = left.get(name)?.shift();
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
}

/** `content`, `=content`, `name=content`, `@file`, `name@file`. */
async function encoded(proc: Process, value: string): Promise<string> {
  const at = /[=@]/.exec(value);
  if (!at) return encodeURIComponent(value);
  const [name, rest] = [value.slice(0, at.index), value.slice(at.index + 1)];
  const content = at[0] === '@' ? new TextDecoder().decode(await fileBytes(proc, rest)) : rest;
  return `${name}${name ? '=' : ''}${encodeURIComponent(content)}`;
}

export async function bodyOf(proc: Process, options: Options, data: string | undefined): Promise<Body | undefined> {
  const parts = [
    ...options.all('F').map((part) => [part, true] as const),
    ...options.all('form-string').map((part) => [part, false] as const),
  ];
  if (parts.length > 0) return multipart(proc, parts);
  const file = options.get('T');
  if (file !== undefined) {
    if (file !== '-' && file !== '.' && !proc.files.exists(file)) throw new CurlError(26, `Can't open '${file}'!`);
    const bytes = file === '-' || file === '.' ? await proc.readAll() : proc.files.readBytes(file);
    return { bytes, type: undefined, method: 'PUT' };
  }
  if (data === undefined || options.has('G')) return undefined;
  return { bytes: new Uint8Array(Buffer.from(data, 'latin1')), type: FORM, method: 'POST' };
}

const TYPES: Record<string, string> = {
  gif: 'image/gif',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  pdf: 'application/pdf',
  xml: 'application/xml',
};

/** RFC 7578, as curl writes it. */
async function multipart(proc: Process, parts: readonly (readonly [string, boolean])[]): Promise<Body> {
  const boundary = `------------------------${proc.machine.random.hex(16)}`;
  const chunks: Uint8Array[] = [];
  for (const [part, special] of parts) {
    const [, name = '', given = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    const [value = '', ...settings] = special ? given.split(';') : [given];
    const set = Object.fromEntries(settings.map((each) => each.split('=', 2) as [string, string]));
    const isFile = special && (value.startsWith('@') || value.startsWith('<'));
    const path = value.slice(1);
    if (isFile && path !== '-' && !proc.files.exists(path)) throw new CurlError(26, `couldn't open file "${path}"`);
    const content = isFile ? (path === '-' ? await proc.readAll() : proc.files.readBytes(path)) : toBytes(value);
    const shown = special && value.startsWith('@') ? `; filename="${set['filename'] ?? basename(path)}"` : '';
    const known = shown ? (TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream') : undefined;
    const type = set['type'] ?? known;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${shown}\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n`;
    chunks.push(toBytes(head), content, toBytes('\r\n'));
  }
  chunks.push(toBytes(`--${boundary}--\r\n`));
  return {
    bytes: new Uint8Array(Buffer.concat(chunks)),
    type: `multipart/form-data; boundary=${boundary}`,
    method: 'POST',
  };
}
