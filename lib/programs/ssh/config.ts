// ssh_config(5): what a user's and the machine's configuration say of a host. The first value of a keyword holds, the command line's
// before all.
// DIFFERS: no `Match` but `Match all`; keywords that need what is not here (proxies, forwards) are read and do nothing.

import type { Process } from '../../machine/process';
import { compile, patternSource } from '../../shell/pattern';
import type { Target } from './client';

/** Fills in what the command line left open. */
export function configure(proc: Process, target: Target, given: { user: boolean; port: boolean }): void {
  const found = settingsOf(proc, target.host);
  const first = (keyword: string) => found.get(keyword)?.[0];
  const user = first('user');
  if (!given.user && user !== undefined) target.user = user;
  const port = Number(first('port'));
  if (!given.port && Number.isInteger(port)) target.port = port;
  for (const path of found.get('identityfile') ?? []) target.identities.push(path);
  for (const [keyword, [value = '']] of found)
    if (!target.settings.has(keyword))
      target.settings.set(keyword, keyword.endsWith('file') ? value : value.toLowerCase());
  if (/^(quiet|error|fatal)$/i.test(first('loglevel') ?? '')) target.quiet = true;
  const name = first('hostname');
  if (name !== undefined) target.host = name.replaceAll('%h', target.host);
}

function settingsOf(proc: Process, host: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const home = proc.env['HOME'] ?? '/';
  for (const path of [`${home}/.ssh/config`, '/etc/ssh/ssh_config']) {
    if (!proc.files.exists(path)) continue;
    let applies = true;
    for (const line of proc.files.readText(path).split('\n')) {
      const [, word = '', rest = ''] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
      const keyword = word.toLowerCase();
      const value = rest.replace(/^"(.*)"$/, '$1');
      if (keyword === 'host') applies = isNamed(host, value.split(/\s+/));
      else if (keyword === 'match') applies = value.toLowerCase() === 'all';
      else if (keyword && applies) found.set(keyword, [...(found.get(keyword) ?? []), value]);
    }
  }
  return found;
}

/** Whether a pattern fits and none behind a `!` does. */
function isNamed(host: string, patterns: readonly string[]): boolean {
  const fits = (pattern: string) => compile(`^(?:${patternSource(pattern)})$`).test(host);
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern));
}
