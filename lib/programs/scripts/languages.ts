// Interpreters and tool chains of languages, as far as a container is looked at with them: versions, one-liners, an empty input.
import type { Process, Program } from '../../machine/process';
import { type Dialect, interpret, sourceOf, type Value } from './interpret';

const inBrackets = (statement: string, name: RegExp): string | undefined => {
  const match = new RegExp(`^(?:${name.source})\\s*\\(([\\s\\S]*)\\)$`).exec(statement);
  return match?.[1];
};

/** `KEY` of `prefix["KEY"]`, `prefix('KEY')` or `prefix.KEY`. */
function variable(proc: Process, expression: string, prefix: RegExp): Value | undefined {
  const match = new RegExp(`^(?:${prefix.source})(?:[[(]\\s*["'](\\w+)["']\\s*[\\])]|\\.([A-Za-z_]\\w*))$`).exec(
    expression,
  );
  const key = match?.[1] ?? match?.[2];
  return key === undefined ? undefined : (proc.env[key] ?? '');
}

export const PYTHON: Dialect = {
  name: 'python3',
  print(statement) {
    const list = inBrackets(statement, /print/);
    if (list === undefined) return undefined;
    const bare = list.replace(/,\s*flush\s*=\s*True\s*$/, '');
    return { list: bare.trim() === '' ? '""' : bare, end: '\n' };
  },
  pause: (statement) => inBrackets(statement, /(?:time\.)?sleep/),
  exit: (statement) => inBrackets(statement, /(?:sys\.)?exit|quit/),
  isSilent: (statement) =>
    /^(#|import\s+(time|sys|os|socket|platform)(\s*,\s*\w+)*$|from\s+(time|os)\s+import\s)/.test(statement),
  known(proc, expression) {
    if (expression === 'socket.gethostname()' || expression === 'platform.node()') return proc.machine.hostname;
    if (expression === 'platform.python_version()') return proc.env['PYTHON_VERSION'] || '3.12.7';
    if (expression === 'os.getpid()') return proc.pid;
    if (expression === 'os.getuid()') return proc.uid;
    if (expression === 'os.getcwd()') return proc.cwd;
    return variable(proc, expression, /os\.environ(?:\.get)?|os\.getenv/);
  },
  separator: ' ',
};

const NODE: Dialect = {
  name: 'node',
  print(statement) {
    const list = inBrackets(statement, /console\.(?:log|info|error)/);
    return list === undefined ? undefined : { list: list.trim() === '' ? '""' : list, end: '\n' };
  },
  pause: () => undefined,
  exit: (statement) => inBrackets(statement, /process\.exit/),
  isSilent: (statement) =>
    /^(\/\/|['"]use strict['"]|(const|var|let)\s+os\s*=\s*require\(['"](node:)?os['"]\)$)/.test(statement),
  known(proc, expression) {
    if (/^(os|require\(['"](node:)?os['"]\))\.hostname\(\)$/.test(expression)) return proc.machine.hostname;
    if (expression === 'process.version') return `v${nodeVersion(proc)}`;
    if (expression === 'process.pid') return proc.pid;
    return variable(proc, expression, /process\.env/);
  },
  separator: ' ',
};

const nodeVersion = (proc: Process): string => proc.env['NODE_VERSION'] || '22.11.0';

/** node: `--version`, `-e`, `-p`, a file, standard input. */
export const node: Program = async (proc) => {
  const [first, second] = proc.argv.slice(1);
  if (first === '-v' || first === '--version') return said(proc, `v${nodeVersion(proc)}\n`);
  if (proc.stdin.terminal && first === undefined) return refuse(proc, 'node', 'its prompt');
  if (first === '-p' || first === '--print') return interpret(proc, `console.log(${second ?? '""'})`, NODE);
  const source = await sourceOf(proc, first === '-e' || first === '--eval' ? (second ?? '') : undefined, first);
  if ('text' in source) return interpret(proc, source.text, NODE);
  const path = source.missing.startsWith('/') ? source.missing : `${proc.cwd}/${source.missing}`.replace('//', '/');
  await proc.complain(
    `node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '${path}'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15) {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v${nodeVersion(proc)}\n`,
  );
  return 1;
};

const RUBY: Dialect = {
  name: 'ruby',
  print(statement) {
    const match = /^(puts|print)\b\s*(\(?)([\s\S]*?)\)?$/.exec(statement);
    return match ? { list: match[3]?.trim() ? match[3] : '""', end: match[1] === 'puts' ? '\n' : '' } : undefined;
  },
  pause: (statement) => /^sleep\s*\(?\s*([\d.]+)\s*\)?$/.exec(statement)?.[1],
  exit: (statement) => /^exit\s*\(?\s*(\d*)\s*\)?$/.exec(statement)?.[1],
  isSilent: (statement) => /^(#|require\s+['"]socket['"]$)/.test(statement),
  known(proc, expression) {
    if (expression === 'RUBY_VERSION') return proc.env['RUBY_VERSION'] || '3.3.6';
    if (expression === 'Socket.gethostname') return proc.machine.hostname;
    return variable(proc, expression, /ENV/);
  },
  separator: '\n',
};

/** ruby and irb. */
export const ruby: Program = async (proc) => {
  const version = proc.env['RUBY_VERSION'] || '3.3.6';
  const [first, second] = proc.argv.slice(1);
  if (first === '-v' || first === '--version') return said(proc, `ruby ${version} [x86_64-linux]\n`);
  if (proc.stdin.terminal && first === undefined) return refuse(proc, proc.name, 'its prompt');
  const source = await sourceOf(proc, first === '-e' ? (second ?? '') : undefined, first);
  if ('text' in source) return interpret(proc, source.text, RUBY);
  await proc.complain(`ruby: No such file or directory -- ${source.missing} (LoadError)\n`);
  return 1;
};

const PHP: Dialect = {
  name: 'php',
  print(statement) {
    const match = /^(?:echo|print)\b\s*([\s\S]*)$/.exec(statement);
    return match?.[1] ? { list: match[1].replaceAll(/(["')])\s*\.\s*/g, '$1 + '), end: '' } : undefined;
  },
  pause: (statement) => inBrackets(statement, /sleep/),
  exit: (statement) => inBrackets(statement, /exit|die/),
  isSilent: (statement) => /^(\/\/|#|<\?php$|\?>$)/.test(statement),
  known(proc, expression) {
    if (expression === 'PHP_EOL') return '\n';
    if (expression === 'gethostname()' || expression === 'php_uname("n")') return proc.machine.hostname;
    if (expression === 'phpversion()' || expression === 'PHP_VERSION') return proc.env['PHP_VERSION'] || '8.4.1';
    return variable(proc, expression, /getenv|\$_ENV|\$_SERVER/);
  },
  separator: '',
};

/** php on the command line. */
export const php: Program = async (proc) => {
  const version = proc.env['PHP_VERSION'] || '8.4.1';
  const [first, second] = proc.argv.slice(1);
  if (first === '-v' || first === '--version')
    return said(
      proc,
      `PHP ${version} (cli) (NTS)\nCopyright (c) The PHP Group\nZend Engine v4.4.1, Copyright (c) Zend Technologies\n`,
    );
  if (first === '-a' || (proc.stdin.terminal && first === undefined)) return refuse(proc, 'php', 'its prompt');
  if (first === '-S') return refuse(proc, 'php', 'its server');
  const source = await sourceOf(proc, first === '-r' ? (second ?? '') : undefined, first === '-f' ? second : first);
  if ('missing' in source) {
    await proc.print(`Could not open input file: ${source.missing}\n`);
    return 1;
  }
  if (first === '-r') return interpret(proc, source.text, PHP);
  if (!source.text.includes('<?php')) return said(proc, source.text);
  return interpret(proc, source.text.replace(/^\s*<\?php/, '').replace(/\?>\s*$/, ''), PHP);
};

/** java and jshell: the version. */
export const java: Program = async (proc) => {
  const version = proc.env['JAVA_VERSION'] || '21.0.5';
  const words = proc.argv.slice(1);
  if (words.some((word) => /^-?-version$/.test(word))) {
    const number = version
      .replace(/^jdk-?/, '')
      .replace(/^8u(\d+).*$/, '1.8.0_$1')
      .replace(/\+.*$/, '');
    const text = `openjdk version "${number}"\nOpenJDK Runtime Environment (build ${version})\nOpenJDK 64-Bit Server VM (build ${version}, mixed mode, sharing)\n`;
    await (words.includes('--version') ? proc.print(text.replace(/ version "([^"]+)"/, ' $1')) : proc.complain(text));
    return 0;
  }
  if (proc.name === 'jshell' && !proc.stdin.terminal && (await proc.readAll()).length === 0) return 0;
  return refuse(proc, proc.name, words.length > 0 ? words.join(' ') : 'its prompt');
};

/** go: `version` and `env GOVERSION`. */
export const go: Program = async (proc) => {
  const version = proc.env['GOLANG_VERSION'] || '1.23.3';
  const [command = 'help', ...rest] = proc.argv.slice(1);
  if (command === 'version') return said(proc, `go version go${version} linux/amd64\n`);
  if (command === 'env' && rest.length === 1) {
    const known: Record<string, string> = {
      GOVERSION: `go${version}`,
      GOPATH: '/go',
      GOROOT: '/usr/local/go',
      GOOS: 'linux',
      GOARCH: 'amd64',
    };
    return said(proc, `${known[rest[0] ?? ''] ?? ''}\n`);
  }
  return refuse(proc, 'go', [command, ...rest].join(' '));
};

const said = (proc: Process, text: string): Promise<number> => proc.print(text).then(() => 0);

async function refuse(proc: Process, name: string, what: string): Promise<number> {
  await proc.complain(`${name}: not supported: ${what}\n`);
  return 1;
}
