// Commands that just-bash does well on finite input: yq, diff and the small text filters. It gets our files and the
// whole of standard input, and gives its output at the end.
// DIFFERS: of an endless input nothing is printed before its end; grep, sed, cut, tr, head and tail stream and are our own.
import type { Bash, IFileSystem } from 'just-bash';
import { Errno } from '../machine/errno';
import type { Stat } from '../machine/files';
import { normalize } from '../machine/path';
import type { Process, Program } from '../machine/process';
import { version } from './about';

const HEREDOCS = /^\/dev\/std(in|out|err)$/;

/** Runs `name` of the library with this process' arguments, files, environment and input. */
export const library =
  (name: string): Program =>
  (proc) =>
    run(proc, name);

const ASKS_VERSION: Record<string, RegExp> = {
  yq: /^(--version|-V)$/,
};

async function run(proc: Process, name: string): Promise<number> {
  if ((ASKS_VERSION[name] ?? /^--version$/).test(proc.argv[1] ?? '')) return version(proc);
  const { clock } = proc.machine;
  const { Bash: Library } = await clock.busy(import('just-bash'));
  const stdin = readsInput(proc) ? Buffer.from(await proc.readAll()).toString('latin1') : '';
  const bash: Bash = new Library({
    fs: new Adapter(proc),
    cwd: proc.cwd,
    env: proc.env,
    defenseInDepth: false,
    commands: [name as 'yq'],
  });
  const result = await clock.busy(
    bash.exec(name, {
      args: proc.argv.slice(1),
      stdin,
      stdinKind: 'bytes',
      cwd: proc.cwd,
      signal: proc.killed,
      rawScript: true,
    }),
  );
  await proc.enter();
  const bytes = result.stdoutKind === 'bytes' || result.stdoutEncoding === 'binary';
  await proc.print(bytes ? new Uint8Array(Buffer.from(result.stdout, 'latin1')) : result.stdout);
  if (result.stderr) await proc.complain(hinted(name, result.stderr.replace(/^bash: (line \d+: )?/, '')));
  return result.exitCode;
}

const HINTED = new Set(['column', 'comm', 'expand', 'fold', 'join', 'nl', 'rev', 'split', 'tac', 'unexpand']);

/** The hint that coreutils and util-linux put behind a usage error. */
const hinted = (name: string, message: string): string =>
  HINTED.has(name) &&
  /: (unrecognized option|invalid option|missing operand|missing file operand|extra operand)/.test(message)
    ? `${message
        .replace(/\nTry .*/, '')
        .replace('missing file operand', 'missing operand')
        .trimEnd()}\nTry '${name} --help' for more information.\n`
    : message;

/**
 * Input is read only when no file is named: the library reads all of it before it begins, and what a loop around the command reads
 * must be left.
 */
function readsInput(proc: Process): boolean {
  const words = proc.argv.slice(1);
  if (words.includes('-')) return true;
  const isFile = (path: string) => {
    const type = path === '' ? undefined : proc.files.find(path)?.type;
    return type === 'file' || type === 'device';
  };
  return !words.some((word) => !word.startsWith('-') && isFile(word));
}

/** The library's view of a process' files. */
class Adapter implements IFileSystem {
  constructor(private readonly proc: Process) {}

  async readFile(path: string, options?: unknown): Promise<string> {
    const encoding = typeof options === 'string' ? options : (options as { encoding?: string } | undefined)?.encoding;
    const bytes = Buffer.from(await this.readFileBuffer(path));
    return bytes.toString(encoding === 'binary' || encoding === 'latin1' ? 'latin1' : 'utf8');
  }

  async readFileBuffer(path: string): Promise<Uint8Array> {
    if (HEREDOCS.test(path) || path.startsWith('/dev/fd/')) return this.readDevice(path);
    return explain(path, () => this.proc.files.readBytes(path));
  }

  private async readDevice(path: string): Promise<Uint8Array> {
    const file = this.proc.files.open(path, { read: true });
    const chunks: Uint8Array[] = [];
    for (let chunk = await file.description.read(65536); chunk; chunk = await file.description.read(65536))
      chunks.push(chunk.slice());
    file.release();
    return new Uint8Array(Buffer.concat(chunks));
  }

  async writeFile(path: string, content: string | Uint8Array, options?: unknown): Promise<void> {
    const binary = options === 'binary' || (options as { encoding?: string } | undefined)?.encoding === 'binary';
    explain(path, () =>
      this.proc.files.write(
        path,
        typeof content === 'string' && binary ? new Uint8Array(Buffer.from(content, 'latin1')) : content,
      ),
    );
  }

  async appendFile(path: string, content: string | Uint8Array): Promise<void> {
    const old = this.proc.files.exists(path) ? this.proc.files.readBytes(path) : new Uint8Array();
    const added = typeof content === 'string' ? Buffer.from(content) : content;
    explain(path, () => this.proc.files.write(path, new Uint8Array(Buffer.concat([old, added]))));
  }

  async exists(path: string): Promise<boolean> {
    return this.proc.files.exists(path);
  }

  async stat(path: string) {
    return explain(path, () => described(this.proc.files.stat(path)));
  }

  async lstat(path: string) {
    return explain(path, () => described(this.proc.files.stat(path, false)));
  }

  async mkdir(path: string, options?: { recursive?: boolean }): Promise<void> {
    if (options?.recursive && this.proc.files.exists(path)) return;
    explain(path, () => this.proc.files.mkdir(path));
  }

  async readdir(path: string): Promise<string[]> {
    return explain(path, () => this.proc.files.list(path));
  }

  async rm(path: string): Promise<void> {
    explain(path, () =>
      this.proc.files.stat(path, false).type === 'dir' ? this.proc.files.rmdir(path) : this.proc.files.unlink(path),
    );
  }

  async cp(from: string, to: string): Promise<void> {
    explain(from, () => this.proc.files.write(to, this.proc.files.readBytes(from)));
  }

  async mv(from: string, to: string): Promise<void> {
    explain(from, () => this.proc.files.rename(from, to));
  }

  resolvePath(base: string, path: string): string {
    return normalize(base, path);
  }

  getAllPaths(): string[] {
    return [];
  }

  async chmod(path: string, mode: number): Promise<void> {
    explain(path, () => this.proc.files.chmod(path, mode));
  }

  async symlink(target: string, path: string): Promise<void> {
    explain(path, () => this.proc.files.symlink(target, path));
  }

  async link(from: string, to: string): Promise<void> {
    return this.cp(from, to);
  }

  async readlink(path: string): Promise<string> {
    return explain(path, () => this.proc.files.readlink(path));
  }

  async realpath(path: string): Promise<string> {
    return explain(path, () => this.proc.files.realpath(path));
  }

  async utimes(path: string, _atime: Date, mtime: Date): Promise<void> {
    explain(path, () => this.proc.files.touch(path, mtime.getTime()));
  }
}

function described(stat: Stat) {
  return {
    isFile: stat.type === 'file' || stat.type === 'device',
    isDirectory: stat.type === 'dir',
    isSymbolicLink: stat.type === 'link',
    mode: stat.mode,
    size: stat.size,
    mtime: new Date(stat.mtime),
  };
}

/** The library looks for Node's error codes and texts. */
function explain<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw Object.assign(new Error(`${error.code}: ${error.message.toLowerCase()}, '${path}'`), { code: error.code });
  }
}
