// psql's command line, environment and connection strings (libpq).
import type { Process } from '../../machine/process';
import { getopt } from '../getopt';
import type { Target } from './connection';

export interface PsqlOptions {
  target: Target;
  /** `-c` and `-f` in order. */
  actions: { kind: 'command' | 'file'; text: string }[];
  list: boolean;
  askPassword: 'never' | 'always' | 'wanted';
  quiet: boolean;
  tuplesOnly: boolean;
  unaligned: boolean;
  csv: boolean;
  expanded: boolean;
  separator: string;
  echo: boolean;
  single: boolean;
  output: string | undefined;
  variables: Map<string, string>;
  pset: string[];
}

const SHORT = 'c:d:f:lv:VXbeEnq1aAF:HP:R:tT:xzh:p:U:wWo:s?';
const LONG: Record<string, string> = {
  'command=': 'c',
  'dbname=': 'd',
  'file=': 'f',
  list: 'l',
  'set=': 'v',
  'variable=': 'v',
  version: 'V',
  'no-psqlrc': 'X',
  'echo-queries': 'e',
  'echo-errors': 'b',
  'echo-hidden': 'E',
  'echo-all': 'a',
  quiet: 'q',
  'no-align': 'A',
  csv: 'csv',
  'field-separator=': 'F',
  'pset=': 'P',
  'tuples-only': 't',
  expanded: 'x',
  'host=': 'h',
  'port=': 'p',
  'username=': 'U',
  'no-password': 'w',
  password: 'W',
  'output=': 'o',
  'single-transaction': '1',
  'no-readline': 'n',
  help: '?',
  html: 'H',
};

/** The options, or getopt's complaint. */
export function readOptions(proc: Process): PsqlOptions | { error: string } | { show: 'version' | 'help' } {
  const options = getopt(proc.argv, SHORT, LONG);
  if (options.error !== undefined) return { error: options.error };
  if (options.has('V')) return { show: 'version' };
  if (options.has('?')) return { show: 'help' };
  const [first, second] = options.rest;
  const named = options.get('d') ?? first;
  const from = named === undefined ? {} : connectionString(named);
  const { env } = proc;
  const user =
    options.get('U') ?? (options.get('d') ? first : second) ?? from['user'] ?? env['PGUSER'] ?? userName(proc);
  const target: Target = {
    host: options.get('h') ?? from['host'] ?? env['PGHOST'] ?? '/var/run/postgresql',
    port: Number(options.get('p') ?? from['port'] ?? env['PGPORT'] ?? 5432),
    user,
    database: from['dbname'] ?? env['PGDATABASE'] ?? user,
    password: from['password'] ?? env['PGPASSWORD'],
  };
  return {
    target,
    actions: inOrder(proc.argv),
    list: options.has('l'),
    askPassword: options.has('W') ? 'always' : options.has('w') ? 'never' : 'wanted',
    quiet: options.has('q'),
    tuplesOnly: options.has('t'),
    unaligned: options.has('A'),
    csv: options.has('csv'),
    expanded: options.has('x'),
    separator: options.get('F') ?? '|',
    echo: options.has('e') || options.has('a'),
    single: options.has('1'),
    output: options.get('o'),
    variables: new Map(
      options
        .all('v')
        .map((text) => [text.split('=')[0] ?? '', text.includes('=') ? text.slice(text.indexOf('=') + 1) : '']),
    ),
    pset: options.all('P'),
  };
}

/** `-c` and `-f` keep their order. */
function inOrder(argv: string[]): PsqlOptions['actions'] {
  const actions: PsqlOptions['actions'] = [];
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    const match = /^(?:--(command|file)(?:=([\s\S]*))?|-([A-Za-z1?]*?)([cf])([\s\S]*))$/.exec(word);
    if (!match || (match[3] && /[dhpUFvPo]/.test(match[3]))) {
      if (/^-[A-Za-z]*[dhpUFvPoRT]$/.test(word)) i++;
      continue;
    }
    const text = match[1] ? (match[2] ?? argv[++i]) : match[5] || argv[++i];
    actions.push({ kind: (match[1] ?? match[4])?.startsWith('c') ? 'command' : 'file', text: text ?? '' });
  }
  return actions;
}

export function userName(proc: Process): string {
  const line = (proc.machine.text('/etc/passwd') ?? '')
    .split('\n')
    .find((entry) => entry.split(':')[2] === String(proc.uid));
  return line?.split(':')[0] ?? proc.env['USER'] ?? 'postgres';
}

/** `postgresql://user:secret@host:5432/db` or `host=… dbname=…`. */
export function connectionString(text: string): Record<string, string> {
  const url =
    /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:/?]*)(?::(\d+))?(?:\/([^?]*))?(?:\?.*)?$/.exec(
      text,
    );
  if (url) {
    const [, user, password, host, port, dbname] = url.map((part) => (part ? decodeURIComponent(part) : undefined));
    return Object.fromEntries(
      Object.entries({ user, password, host, port, dbname }).filter(([, value]) => value),
    ) as Record<string, string>;
  }
  if (!text.includes('=')) return { dbname: text };
  return Object.fromEntries(
    [...text.matchAll(/(\w+)\s*=\s*(?:'([^']*)'|(\S*))/g)].map(([, name = '', quoted, bare]) => [
      name,
      quoted ?? bare ?? '',
    ]),
  );
}
