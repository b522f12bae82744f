// The `:` commands of vi.
import { Errno, strerror } from '../../machine/errno';
import type { Vi } from './vi';

export function runEx(vi: Vi, text: string): void {
  const { buffer } = vi;
  const substitute = /^(%|\d+,(?:\d+|\$)|\.)?s\/((?:[^/\\]|\\.)*)\/((?:[^/\\]|\\.)*)\/?([gi]*)$/.exec(text);
  if (substitute) return substituteLines(vi, substitute);
  const removal = /^(%|\d+(?:,(?:\d+|\$))?)d$/.exec(text);
  if (removal) {
    buffer.remember();
    const [from, to] = range(vi, removal[1] ?? '');
    vi.register = buffer.cutLines(from, to);
    return;
  }
  if (/^(\d+|\$)$/.test(text)) {
    buffer.row = text === '$' ? buffer.lines.length - 1 : Number(text) - 1;
    return buffer.clamp();
  }
  const match = /^(wq|x|xit|w|write|q|quit|qa|wqa|e|edit|set|noh|nohlsearch)(!?)(?:\s+(.*))?$/.exec(text.trim());
  if (!match) {
    if (text.trim() !== '') vi.message = `E492: Not an editor command: ${text}`;
    return;
  }
  const [, command = '', bang, argument] = match;
  if (/^(wq|wqa|x|xit|w|write)$/.test(command)) {
    if ((!/^x/.test(command) || buffer.changed) && !write(vi, argument)) return;
    if (!/^w(rite)?$/.test(command)) vi.done = 0;
  } else if (/^q/.test(command)) {
    if (buffer.changed && !bang) vi.message = 'E37: No write since last change (add ! to override)';
    else vi.done = 0;
  } else if (/^e/.test(command)) {
    if (buffer.changed && !bang) vi.message = 'E37: No write since last change (add ! to override)';
    else {
      vi.path = argument ?? vi.path;
      vi.buffer = vi.load();
    }
  } else if (command === 'set') {
    if (/^(nu|number)$/.test(argument ?? '')) vi.numbers = true;
    if (/^(nonu|nonumber)$/.test(argument ?? '')) vi.numbers = false;
  }
}

function write(vi: Vi, argument: string | undefined): boolean {
  const path = argument ?? vi.path;
  if (path === undefined) {
    vi.message = 'E32: No file name';
    return false;
  }
  try {
    const isNew = !vi.proc.files.exists(path);
    const { text } = vi.buffer;
    vi.proc.files.write(path, text);
    vi.path ??= path;
    vi.buffer.changed = false;
    vi.message = `"${path}"${isNew ? ' [New]' : ''} ${text === '' ? 0 : vi.buffer.lines.length}L, ${new TextEncoder().encode(text).length}B written`;
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    vi.message =
      error.code === 'EACCES' || error.code === 'EROFS'
        ? "E45: 'readonly' option is set (add ! to override)"
        : `"${path}" E212: Can't open file for writing: ${strerror(error)}`;
    return false;
  }
}

function range(vi: Vi, text: string): [number, number] {
  const last = vi.buffer.lines.length - 1;
  if (text === '%') return [0, last];
  if (text === '' || text === '.') return [vi.buffer.row, vi.buffer.row];
  const [from = '1', to = from] = text.split(',');
  return [Number(from) - 1, to === '$' ? last : Math.min(last, Number(to) - 1)];
}

function substituteLines(vi: Vi, [, where = '', source = '', replacement = '', flags = '']: RegExpExecArray): void {
  const { buffer } = vi;
  const [from, to] = range(vi, where);
  let pattern: RegExp;
  try {
    pattern = new RegExp(source, flags.includes('g') ? `g${flags.replace('g', '')}` : flags);
  } catch {
    vi.message = `E486: Pattern not found: ${source}`;
    return;
  }
  buffer.remember();
  let count = 0;
  for (let row = from; row <= to; row++) {
    const line = buffer.lines[row] ?? '';
    const changed = line.replace(
      pattern,
      replacement
        .replace(/\\(\d)/g, '$$$1')
        .replace(/(?<!\\)&/g, '$$&')
        .replaceAll('\\/', '/'),
    );
    if (changed === line) continue;
    count++;
    buffer.lines[row] = changed;
    buffer.row = row;
  }
  if (count === 0) vi.message = `E486: Pattern not found: ${source}`;
  else buffer.changed = true;
  buffer.clamp();
}
