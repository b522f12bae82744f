// git's configuration files: sections, and values under `section.key` or `section.name.key`.
import type { Files } from '../../machine/files';

/** Values in the order of the file. */
export function readConfig(text: string): [key: string, value: string][] {
  const found: [string, string][] = [];
  let section = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const head = /^\[([\w.-]+)(?:\s+"(.*)")?\]$/.exec(line);
    if (head) {
      section = (head[1] ?? '').toLowerCase() + (head[2] === undefined ? '' : `.${head[2]}`);
      continue;
    }
    const [, key = '', value] = /^([\w-]+)\s*(?:=\s*(.*))?$/.exec(line) ?? [];
    if (key) found.push([`${section}.${key.toLowerCase()}`, (value ?? 'true').replace(/^"(.*)"$/, '$1')]);
  }
  return found;
}

const headOf = (key: string): string => {
  const parts = key.split('.');
  const name = parts.slice(1, -1).join('.');
  return name === '' ? `[${parts[0]}]` : `[${parts[0]} "${name}"]`;
};

/** The text with a value set, or taken out when it is undefined. */
export function writeConfig(text: string, key: string, value: string | undefined): string {
  const lines = text.split('\n').filter((line, i, all) => line !== '' || i < all.length - 1);
  const name = key.split('.').at(-1) ?? '';
  const head = headOf(key);
  const start = lines.findIndex((line) => line.trim() === head);
  const row = `\t${name} = ${value}`;
  if (start < 0) return value === undefined ? text : `${[...lines, head, row].join('\n')}\n`;
  let end = start + 1;
  while (end < lines.length && !/^\s*\[/.test(lines[end] ?? '')) end++;
  const at = lines.findIndex(
    (line, i) => i > start && i < end && line.trim().toLowerCase().split(/\s*=/)[0] === name.toLowerCase(),
  );
  if (value === undefined) {
    if (at >= 0) lines.splice(at, 1);
    if (end - start === 2) lines.splice(start, 1);
  } else if (at >= 0) lines[at] = row;
  else lines.splice(end, 0, row);
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

export const textAt = (files: Files, path: string): string => (files.exists(path) ? files.readText(path) : '');
