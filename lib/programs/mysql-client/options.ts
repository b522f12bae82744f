// Options that all MySQL client programs share, as my_getopt reads them.
import type { Process } from '../../machine/process';
import { optionsOfFiles } from './option-files';

export interface ClientOptions {
  user: string;
  password: string | undefined;
  host: string | undefined;
  port: number;
  socket: string;
  protocol: string | undefined;
  database: string | undefined;
  /** -e, possibly several. */
  execute: string[];
  flags: Set<string>;
  values: Map<string, string>;
  /** How often -v and -s were given. */
  verbose: number;
  silent: number;
  rest: string[];
  /** The password stood on the command line. */
  visiblePassword: boolean;
  askPassword: boolean;
}

const TAKES: Record<string, string> = {
  u: 'user',
  h: 'host',
  P: 'port',
  S: 'socket',
  e: 'execute',
  D: 'database',
};
const LONG_VALUES = new Set([
  ...Object.values(TAKES),
  'protocol',
  'default-character-set',
  'delimiter',
  'prompt',
  'pager',
  'connect-timeout',
  'connect_timeout',
  'max-allowed-packet',
  'ssl-mode',
  'ssl-ca',
  'ssl-cert',
  'ssl-key',
  'default-auth',
  'plugin-dir',
  'defaults-file',
  'defaults-extra-file',
  'defaults-group-suffix',
  'init-command',
  'tls-version',
  'result-file',
  'where',
  'ignore-table',
  'sleep',
  'wait',
  'count',
]);
const SHORT_FLAGS: Record<string, string> = {
  B: 'batch',
  N: 'skip-column-names',
  t: 'table',
  E: 'vertical',
  r: 'raw',
  f: 'force',
  A: 'no-auto-rehash',
  n: 'unbuffered',
  C: 'compress',
  H: 'html',
  X: 'xml',
  V: 'version',
  '?': 'help',
  I: 'help',
  q: 'quick',
  i: 'ignore-spaces',
  w: 'wait',
  L: 'skip-line-numbers',
  o: 'one-database',
  b: 'no-beep',
  c: 'comments',
  U: 'safe-updates',
  d: 'no-data',
};
const FLAGS = new Set([
  ...Object.values(SHORT_FLAGS),
  'column-names',
  'skip-table',
  'binary-as-hex',
  'skip-binary-as-hex',
  'skip-batch',
  'auto-rehash',
  'skip-auto-rehash',
  'silent',
  'verbose',
  'skip-ssl',
  'ssl',
  'disable-ssl',
  'skip-ssl-verify-server-cert',
  'get-server-public-key',
  'enable-cleartext-plugin',
  'connect-expired-password',
  'line-numbers',
  'show-warnings',
  'no-defaults',
  'print-defaults',
  'i-am-a-dummy',
  'all-databases',
  'databases',
  'single-transaction',
  'skip-lock-tables',
  'lock-tables',
  'no-create-info',
  'no-create-db',
  'no-tablespaces',
  'add-drop-table',
  'skip-add-drop-table',
  'add-drop-database',
  'compact',
  'skip-comments',
  'complete-insert',
  'skip-extended-insert',
  'extended-insert',
  'routines',
  'triggers',
  'events',
  'opt',
  'skip-opt',
  'quick',
  'set-gtid-purged',
  'column-statistics',
  'hex-blob',
  'relative',
  'no-beep',
  'skip-auto-vertical-output',
  'auto-vertical-output',
  'reconnect',
  'skip-reconnect',
]);

/** Reads the arguments; a string is what the program complains of. */
export function readOptions(proc: Process): ClientOptions | string {
  const options: ClientOptions = {
    user: proc.env['USER'] ?? proc.machine.user(proc.uid)?.name ?? 'root',
    password: proc.env['MYSQL_PWD'],
    host: proc.env['MYSQL_HOST'],
    port: Number(proc.env['MYSQL_TCP_PORT'] ?? 3306),
    socket: proc.env['MYSQL_UNIX_PORT'] ?? '/var/lib/mysql/mysql.sock',
    protocol: undefined,
    database: undefined,
    execute: [],
    flags: new Set(),
    values: new Map(),
    verbose: 0,
    silent: 0,
    rest: [],
    visiblePassword: false,
    askPassword: false,
  };
  const args = proc.argv.slice(1);
  const name = proc.name;
  for (const [key, value] of optionsOfFiles(proc)) {
    const problem = long(options, name, value === undefined ? key : `${key}=${value}`, () => undefined);
    if (problem) return problem;
    options.visiblePassword = false; // a file is not seen by others
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (word === '--') {
      options.rest.push(...args.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      options.rest.push(word);
      continue;
    }
    const problem = word.startsWith('--')
      ? long(options, name, word.slice(2), () => args[++i])
      : short(options, name, word.slice(1), () => args[++i]);
    if (problem) return problem;
  }
  return options;
}

function long(
  options: ClientOptions,
  program: string,
  word: string,
  next: () => string | undefined,
): string | undefined {
  const at = word.indexOf('=');
  const given = (at < 0 ? word : word.slice(0, at)).replaceAll('_', '-');
  const value = at < 0 ? undefined : word.slice(at + 1);
  const known = [...LONG_VALUES, ...FLAGS, 'password'];
  const candidates = known.includes(given) ? [given] : known.filter((candidate) => candidate.startsWith(given));
  const [key] = candidates;
  if (!key) return `${program}: [ERROR] unknown option '--${given}'.`;
  if (key === 'password') {
    if (value === undefined) options.askPassword = true;
    else setPassword(options, value);
    return undefined;
  }
  if (LONG_VALUES.has(key)) {
    const text = value ?? next();
    if (text === undefined) return `${program}: [ERROR] ${program}: option '--${key}' requires an argument.`;
    return setValue(options, program, key, text);
  }
  if (key === 'verbose') options.verbose++;
  else if (key === 'silent') options.silent++;
  else if (value !== undefined && /^(0|off|false)$/i.test(value)) options.flags.add(`skip-${key}`);
  else options.flags.add(key);
  return undefined;
}

function short(
  options: ClientOptions,
  program: string,
  letters: string,
  next: () => string | undefined,
): string | undefined {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string;
    const rest = letters.slice(at + 1);
    const key = TAKES[letter];
    if (letter === 'p') {
      if (rest) setPassword(options, rest);
      else options.askPassword = true;
      return undefined;
    }
    if (key) {
      const text = rest || next();
      if (text === undefined) return `${program}: [ERROR] ${program}: option '-${letter}' requires an argument.`;
      return setValue(options, program, key, text);
    }
    if (letter === 'v') options.verbose++;
    else if (letter === 's') options.silent++;
    else if (SHORT_FLAGS[letter]) options.flags.add(SHORT_FLAGS[letter]);
    else return `${program}: [ERROR] unknown option '-${letter}'.`;
  }
  return undefined;
}

function setPassword(options: ClientOptions, password: string): void {
  options.password = password;
  options.visiblePassword = true;
  options.askPassword = false;
}

function setValue(options: ClientOptions, program: string, key: string, text: string): string | undefined {
  if (key === 'execute') options.execute.push(text);
  else if (key === 'user') options.user = text;
  else if (key === 'host') options.host = text;
  else if (key === 'port') {
    if (!/^\d+$/.test(text))
      return `${program}: [ERROR] Unknown suffix '${text.replace(/^\d*/, '')[0] ?? ''}' used for variable 'port' (value '${text}').`;
    options.port = Number(text);
  } else if (key === 'socket') options.socket = text;
  else if (key === 'database') options.database = text;
  else if (key === 'protocol') {
    if (!/^(tcp|socket|pipe|memory)$/i.test(text)) return `Unknown option to protocol: ${text}`;
    options.protocol = text.toLowerCase();
  } else options.values.set(key, text);
  return undefined;
}
