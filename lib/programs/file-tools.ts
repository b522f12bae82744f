// install, link, unlink, sync, file, whereis: small tools for files.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { parseMode, parseOwner } from './chmod';
import { getopt } from './getopt';
import { attempt, chunks, fail, quote, refused, twoOperands, usage } from './tool';

const EXECUTABLE = 0o755; // what install gives unless -m says otherwise

export const install: Program = async (proc) => {
  const options = getopt(proc.argv, 'bcCdDg:m:o:psS:t:Tv', {
    'suffix=': 'S',
    directory: 'd',
    'mode=': 'm',
    'owner=': 'o',
    'group=': 'g',
    'target-directory=': 't',
    'no-target-directory': 'T',
    'preserve-timestamps': 'p',
    strip: 's',
    verbose: 'v',
    compare: 'C',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [given, mode] = [options.get('m'), parseMode(options.get('m') ?? EXECUTABLE.toString(8), 0)];
  if (mode === undefined) return fail(proc, `invalid mode ${quote(proc, given ?? '')}`);
  const owner = parseOwner(proc, `${options.get('o') ?? ''}:${options.get('g') ?? ''}`);
  if (typeof owner === 'string')
    return fail(proc, `invalid ${owner} ${quote(proc, options.get(owner === 'user' ? 'o' : 'g') ?? '')}`);
  const settle = (path: string) => {
    proc.files.chmod(path, mode);
    const { uid, gid } = proc.files.stat(path);
    if (options.has('o') || options.has('g')) proc.files.chown(path, owner.uid ?? uid, owner.gid ?? gid);
  };
  if (options.rest.length === 0) return usage(proc, 'install: missing file operand');
  const tell = async (path: string) => {
    if (options.has('v')) await proc.print(`install: creating directory ${quote(proc, path)}\n`);
  };
  if (options.has('d')) return makeAll(proc, options.rest, settle, tell);
  const named = options.get('t');
  const sources = named === undefined ? options.rest.slice(0, -1) : options.rest;
  const target = named ?? (options.rest.at(-1) as string);
  if (sources.length === 0)
    return usage(proc, `install: missing destination file operand after ${quote(proc, target)}`);
  const parent = named ?? (target.includes('/') ? target.replace(/\/[^/]*$/, '') : '.');
  if (options.has('D')) for (const path of makePath(proc, parent || '/')) await tell(path);
  const into = named !== undefined || (proc.files.find(target)?.type === 'dir' && !options.has('T'));
  if (!into && sources.length > 1)
    return fail(
      proc,
      proc.files.exists(target)
        ? `target ${quote(proc, target)} is not a directory`
        : `target ${quote(proc, target)}: No such file or directory`,
    );
  if (!into && proc.files.find(target)?.type === 'dir')
    return fail(proc, `cannot overwrite directory ${quote(proc, target)} with non-directory`);
  let status = 0;
  for (const source of sources) {
    const path = into ? `${target.replace(/\/$/, '')}/${source.split('/').at(-1)}` : target;
    const found = proc.files.find(source);
    if (!found) status = await fail(proc, `cannot stat ${quote(proc, source)}: No such file or directory`);
    else if (found.type === 'dir') status = await fail(proc, `omitting directory ${quote(proc, source)}`);
    else {
      const failed = await attempt(
        proc,
        async () => {
          const bytes = proc.files.readBytes(source);
          const isOld = proc.files.exists(path);
          if (isOld && options.has('C') && Buffer.compare(bytes, proc.files.readBytes(path)) === 0) return;
          if (isOld && (options.has('b') || options.has('S')))
            proc.files.rename(path, path + (options.get('S') ?? '~'));
          proc.files.write(path, bytes);
          settle(path);
          if (options.has('p')) proc.files.touch(path, found.mtime);
          if (options.has('v')) await proc.print(`${quote(proc, source)} -> ${quote(proc, path)}\n`);
        },
        (reason) => `cannot create regular file ${quote(proc, path)}: ${reason}`,
      );
      status = failed || status;
    }
  }
  return status;
};

/** Makes every directory of a path. @returns those that were not there. */
function makePath(proc: Process, path: string, settle?: (path: string) => void): string[] {
  const made: string[] = [];
  const parts = path.split('/');
  for (let i = 1; i <= parts.length; i++) {
    const part = parts.slice(0, i).join('/');
    if (!part || proc.files.exists(part)) continue;
    proc.files.mkdir(part, EXECUTABLE);
    made.push(part);
  }
  settle?.(path);
  return made;
}

async function makeAll(
  proc: Process,
  paths: string[],
  settle: (path: string) => void,
  tell: (path: string) => Promise<void>,
): Promise<number> {
  let status = 0;
  for (const path of paths) {
    const failed = await attempt(
      proc,
      async () => {
        for (const made of makePath(proc, path.replace(/(.)\/+$/, '$1'), settle)) await tell(made);
      },
      (reason) => `cannot create directory ${quote(proc, path)}: ${reason}`,
    );
    status = failed || status;
  }
  return status;
}

export const unlink: Program = async (proc) => {
  const options = getopt(proc.argv, '');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [path, extra] = options.rest;
  if (path === undefined) return usage(proc, 'unlink: missing operand');
  if (extra !== undefined) return usage(proc, `unlink: extra operand ${quote(proc, extra)}`);
  return attempt(
    proc,
    () => proc.files.unlink(path),
    (reason) => `cannot unlink ${quote(proc, path)}: ${reason}`,
  );
};

/** link(1): one hard link, nothing asked. */
export const link: Program = async (proc) => {
  const options = getopt(proc.argv, '');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const operands = await twoOperands(proc, options);
  if (typeof operands === 'number') return operands;
  const [from, to] = operands;
  return attempt(
    proc,
    () => {
      if (proc.files.exists(to)) throw new Errno('EEXIST', to);
      proc.files.write(to, proc.files.readBytes(from)); // DIFFERS: a copy, as with ln
    },
    (reason) => `cannot create link ${quote(proc, to)} to ${quote(proc, from)}: ${reason}`,
  );
};

/** Everything is in memory: there is nothing that waits to be written. */
export const sync: Program = async (proc) => {
  const options = getopt(proc.argv, 'df', { data: 'd', 'file-system': 'f' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.has('d') && options.has('f')) return fail(proc, 'cannot specify both --data and --file-system');
  if (options.has('d') && options.rest.length === 0) return fail(proc, '--data needs at least one argument');
  let status = 0;
  for (const path of options.rest)
    if (!proc.files.exists(path))
      status = await fail(proc, `error opening ${quote(proc, path)}: No such file or directory`);
  return status;
};

export const whereis: Program = async (proc) => {
  const names = proc.argv.slice(1).filter((arg) => !arg.startsWith('-'));
  if (names.length === 0)
    return proc.complain("whereis: not enough arguments\nTry 'whereis --help' for more information.\n").then(() => 1);
  for (const name of names) {
    const found = [
      ...new Set(
        ['/usr/bin', '/usr/sbin', '/usr/local/bin'].flatMap((dir) => proc.machine.which(proc, name, dir) ?? []),
      ),
    ];
    await proc.print(`${[`${name}:`, ...found].join(' ')}\n`);
  }
  return 0;
};

export const file: Program = async (proc) => {
  const options = getopt(proc.argv, 'biLhzk', { brief: 'b', mime: 'i', dereference: 'L', 'no-dereference': 'h' });
  if (options.about === 'version') return proc.print('file-5.39\n').then(() => 0);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0)
    return proc
      .complain('Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n')
      .then(() => 1);
  const width = Math.max(...options.rest.map((path) => path.length)) + 2;
  for (const path of options.rest) {
    const head = options.has('b') ? '' : `${path}:`.padEnd(width);
    const kind = path === '-' ? await inputKind(proc) : kindOf(proc, path, options.has('L'));
    await proc.print(`${path === '-' && head ? '/dev/stdin: ' : head}${kind}\n`);
  }
  return 0;
};

async function inputKind(proc: Process): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of chunks(proc, '-')) parts.push(part);
  const bytes = Buffer.concat(parts);
  return bytes.length === 0 ? 'empty' : contentOf(bytes);
}

function kindOf(proc: Process, path: string, follow: boolean): string {
  const found = proc.files.find(path, follow);
  if (!found) return `cannot open \`${path}' (No such file or directory)`;
  if (found.type === 'dir') return (found.mode & 0o1000) !== 0 ? 'sticky, directory' : 'directory';
  if (found.type === 'link')
    return `${proc.files.exists(path) ? 'symbolic link to' : 'broken symbolic link to'} ${found.target}`;
  if (found.type === 'fifo') return 'fifo (named pipe)';
  if (found.type === 'device') return 'character special';
  if (found.size === 0) return 'empty';
  try {
    return contentOf(proc.files.readBytes(path));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return `regular file, no read permission (${strerror(error)})`.replace(/ \(.*/, '');
  }
}

const SHELLS: Record<string, string> = {
  bash: 'Bourne-Again shell script',
  sh: 'POSIX shell script',
  python: 'Python script',
  perl: 'Perl script',
};

function contentOf(bytes: Uint8Array): string {
  const starts = (...head: number[]) => head.every((byte, i) => bytes[i] === byte);
  if (starts(0x7f, 0x45, 0x4c, 0x46))
    return 'ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked';
  if (starts(0x1f, 0x8b)) return 'gzip compressed data, from Unix';
  if (starts(0x50, 0x4b, 3, 4)) return 'Zip archive data, at least v2.0 to extract';
  if (starts(0x89, 0x50, 0x4e, 0x47)) return 'PNG image data';
  if (new TextDecoder().decode(bytes.subarray(257, 262)) === 'ustar') return 'POSIX tar archive (GNU)';
  const text = new TextDecoder('utf-8', { fatal: false }).decode(bytes);
  if (bytes.includes(0) || text.includes('\ufffd')) return 'data';
  const charset = /[^\x00-\x7f]/.test(text) ? 'UTF-8 Unicode' : 'ASCII';
  const script = /^#! ?\S*\/(?:env )?(bash|sh|python|perl)/.exec(text)?.[1];
  if (script) return `${SHELLS[script]}, ${charset} text executable`;
  if (text.startsWith('-----BEGIN CERTIFICATE-----')) return 'PEM certificate';
  if (/^-----BEGIN (\w+ )?PRIVATE KEY-----/.test(text)) return 'PEM private key';
  if (/^\s*[[{]/.test(text) && isJson(text)) return 'JSON data';
  return `${charset} text${text.includes('\r\n') ? ', with CRLF line terminators' : ''}${text.includes('\n') ? '' : ', with no line terminators'}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
