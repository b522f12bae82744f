// scp: files to and from another machine, over ssh.
// DIFFERS: no progress is shown; between two other machines and directories from there are not supported.
import { OpenFile, pipeReader, pipeWriter } from '../../machine/descriptor';
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { Pipe } from '../../sim/pipe';
import { getopt } from '../getopt';

const USAGE = `usage: scp [-346ABCpqrTv] [-c cipher] [-F ssh_config] [-i identity_file]
            [-J destination] [-l limit] [-o ssh_option] [-P port]
            [-S program] source ... target
`;

interface Place {
  /** `user@host`; undefined for a file of this machine. */
  host: string | undefined;
  path: string;
}

/** `host:path`, unless a slash stands before the colon. */
function placeOf(word: string): Place {
  const match = /^([^/:]+):(.*)$/s.exec(word);
  return match ? { host: match[1], path: match[2] || '.' } : { host: undefined, path: word };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const nameIn = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';

export const scp: Program = async (proc) => {
  const options = getopt(proc.argv, '346ABCpqrTvc:F:i:J:l:o:P:S:');
  if (options.error !== undefined)
    return proc.complain(`${options.error.replace(/^.*'(.)'$/, 'unknown option -- $1')}\n${USAGE}`).then(() => 1);
  const places = options.rest.map(placeOf);
  const target = places.pop();
  if (!target || places.length === 0) return proc.complain(USAGE).then(() => 1);
  const given = ['i', 'o', 'F', 'J', 'c'].flatMap((letter) => options.all(letter).map((value) => `-${letter}${value}`));
  const port = options.get('P');
  const client = ['ssh', '-T', ...given, ...(port ? ['-p', port] : [])];
  let status = 0;
  for (const source of places) {
    const failed =
      source.host === undefined && target.host !== undefined
        ? await send(proc, client, source.path, target, options.has('r'))
        : source.host !== undefined && target.host === undefined
          ? await fetch(proc, client, source, target.path)
          : source.host === undefined
            ? await copy(proc, source.path, target.path, options.has('r'))
            : await refuse(proc, 'from one remote machine to another');
    status = failed || status;
  }
  return status;
};

const refuse = (proc: Process, what: string): Promise<number> =>
  proc.complain(`scp: not supported: ${what}\n`).then(() => 1);

/** Runs a program of this machine with other descriptors; its status. */
async function run(proc: Process, words: string[], fds: [number, OpenFile][]): Promise<number> {
  const path = proc.machine.which(proc, words[0] ?? '', proc.env['PATH'] ?? '');
  if (!path) return proc.complain(`${words[0]}: No such file or directory\n`).then(() => 1);
  const own = [...proc.fds]
    .filter(([fd]) => !fds.some(([other]) => other === fd))
    .map(([fd, file]) => [fd, file.share()] as const);
  const child = proc.spawn([path, ...words.slice(1)], { fds: new Map([...own, ...fds]) });
  return (await child.exited).code;
}

const NO_CONNECTION = 255; // ssh's own status

async function ended(proc: Process, status: number): Promise<number> {
  if (status === NO_CONNECTION) await proc.complain('scp: Connection closed\n');
  return status === 0 || status === NO_CONNECTION ? status : 1;
}

async function send(
  proc: Process,
  client: string[],
  path: string,
  { host = '', path: to }: Place,
  all: boolean,
): Promise<number> {
  const found = proc.files.find(path);
  if (!found) return proc.complain(`scp: stat local "${path}": No such file or directory\n`).then(() => 1);
  if (found.type === 'dir' && !all) return proc.complain(`scp: local "${path}" is not a regular file\n`).then(() => 1);
  if (found.type === 'dir') return sendTree(proc, client, path, host, to);
  const [name, there] = [quoted(nameIn(path)), quoted(to)];
  const script = `t=${there}; if [ -d "$t" ]; then t=$t/${name}; fi; cat > "$t" && chmod ${(found.mode & 0o777).toString(8)} "$t"`;
  try {
    return ended(proc, await run(proc, [...client, host, script], [[0, proc.files.open(path, { read: true })]]));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return proc.complain(`scp: open local "${path}": ${strerror(error)}\n`).then(() => 1);
  }
}

/** A directory goes as an archive. */
async function sendTree(proc: Process, client: string[], path: string, host: string, to: string): Promise<number> {
  const pipe = new Pipe();
  const parent = path.includes('/') ? path.replace(/\/+$/, '').replace(/\/?[^/]*$/, '') || '/' : '.';
  const script = `mkdir -p ${quoted(to)} && tar xf - -C ${quoted(to)}`;
  const [packed, unpacked] = await Promise.all([
    run(proc, ['tar', 'cf', '-', '-C', parent, nameIn(path)], [[1, new OpenFile(pipeWriter(pipe))]]),
    run(proc, [...client, host, script], [[0, new OpenFile(pipeReader(pipe))]]),
  ]);
  return packed === 0 ? ended(proc, unpacked) : 1;
}

async function fetch(proc: Process, client: string[], { host = '', path }: Place, to: string): Promise<number> {
  const isDirectory = proc.files.find(to)?.type === 'dir';
  const into = isDirectory ? `${to.replace(/\/$/, '')}/${nameIn(path)}` : to;
  const pipe = new Pipe();
  const script = `f=${quoted(path)}; if [ -d "$f" ]; then echo "scp: $f: not a regular file" >&2; exit 1; elif [ ! -e "$f" ]; then echo "scp: $f: No such file or directory" >&2; exit 1; fi; cat "$f"`;
  const [status, bytes] = await Promise.all([
    run(proc, [...client, host, script], [[1, new OpenFile(pipeWriter(pipe))]]),
    collect(proc, pipe),
  ]);
  if (status !== 0) return ended(proc, status);
  return write(proc, into, bytes);
}

async function collect(proc: Process, pipe: Pipe): Promise<Uint8Array> {
  const reader = pipeReader(pipe);
  const parts: Uint8Array[] = [];
  for (let chunk = await reader.read(1 << 16, proc.killed); chunk; chunk = await reader.read(1 << 16, proc.killed))
    parts.push(chunk.slice());
  return Buffer.concat(parts);
}

async function write(proc: Process, path: string, bytes: Uint8Array): Promise<number> {
  try {
    proc.files.write(path, bytes);
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return proc.complain(`scp: open local "${path}": ${strerror(error)}\n`).then(() => 1);
  }
}

const copy = (proc: Process, from: string, to: string, all: boolean): Promise<number> =>
  run(proc, ['cp', ...(all ? ['-r'] : []), from, to], []);
