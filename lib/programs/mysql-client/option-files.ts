// Option files of MySQL's clients: /etc/my.cnf, /etc/mysql/my.cnf, ~/.my.cnf, and those of --defaults-file and --defaults-extra-file.
// Source: MySQL reference manual, "Using Option Files".
import type { Process } from '../../machine/process';
import { matchGlob } from '../glob';

const GLOBAL = ['/etc/my.cnf', '/etc/mysql/my.cnf'];
const MAX_DEPTH = 10; // of includes

/** Options of the groups `client` and the program's own, in the order in which they count. */
export function optionsOfFiles(proc: Process): [name: string, value: string | undefined][] {
  const first = proc.argv.slice(1, 3);
  const given = (name: string) =>
    first.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ??
    (first[0] === `--${name}` ? first[1] : undefined);
  if (first[0] === '--no-defaults') return [];
  const only = given('defaults-file');
  const extra = given('defaults-extra-file');
  const own = proc.env['HOME'] ? [`${proc.env['HOME']}/.my.cnf`] : [];
  const files = only !== undefined ? [only] : [...GLOBAL, ...(extra === undefined ? [] : [extra]), ...own];
  const groups = [
    'client',
    proc.name,
    ...(proc.name === 'mariadb' ? ['mysql', 'client-server', 'client-mariadb'] : []),
  ];
  return files.flatMap((file) => read(proc, file, groups, 0));
}

function read(proc: Process, file: string, groups: string[], depth: number): [string, string | undefined][] {
  const stat = proc.files.find(file);
  if (stat?.type !== 'file' || !proc.files.may(stat, 'read') || depth > MAX_DEPTH) return [];
  const found: [string, string | undefined][] = [];
  let group = '';
  for (const text of proc.files.readText(file).split('\n')) {
    const line = text.trim();
    const included = /^!include(dir)?\s+(\S+)/.exec(line);
    if (included) {
      const paths = included[1] ? matchGlob(proc, `${included[2]}/*.cnf`) : [included[2] ?? ''];
      for (const path of paths) found.push(...read(proc, path, groups, depth + 1));
    }
    group = /^\[(.+)\]$/.exec(line)?.[1] ?? group;
    const option = /^([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(line);
    if (option && groups.includes(group)) found.push([option[1] ?? '', unquoted(option[2])]);
  }
  return found;
}

const unquoted = (value: string | undefined): string | undefined => value?.replace(/^(["'])(.*)\1$/, '$2');
