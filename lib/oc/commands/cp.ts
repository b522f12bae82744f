// oc cp: files from and to containers, as tar through exec.

import { basename, dirname, join, normalize } from '../../machine/path';
import type { Cli, Command } from '../cli';
import { CliError } from '../errors';
import { chooseContainer, findPod } from '../resources/pods';
import { runRemote } from '../terminal/remote';
import { packTar, type TarEntry, unpackTar } from './tar';

interface Place {
  namespace?: string;
  pod: string;
  path: string;
}

export const cp: Command = {
  path: 'cp',
  async run(cli) {
    const [from, to] = cli.args;
    if (cli.args.length !== 2 || !from || !to) throw new CliError('source and destination are required');
    const [source, target] = [parsePlace(from), parsePlace(to)];
    if (source.pod && target.pod) throw new CliError('one of src or dest must be a local file specification');
    if (!source.pod && !target.pod) throw new CliError('one of src or dest must be a remote file specification');
    if (source.path === '' || target.path === '') throw new CliError('filepath can not be empty');
    if (source.pod) await download(cli, source, target.path);
    else await upload(cli, source.path, target);
  },
};

/** `pod:path`, `namespace/pod:path` or a local path. */
function parsePlace(text: string): Place {
  const colon = text.indexOf(':');
  if (colon === 0) throw new CliError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  if (colon < 0) return { pod: '', path: text };
  const [head, path] = [text.slice(0, colon), text.slice(colon + 1)];
  const parts = head.split('/');
  if (parts.length === 1) return { pod: head, path };
  if (parts.length === 2) return { namespace: parts[0] as string, pod: parts[1] as string, path };
  throw new CliError('filespec must match the canonical format: [[namespace/]pod:]file/path');
}

async function execute(
  cli: Cli,
  place: Place,
  command: string[],
  streams: {
    input?: () => Promise<Uint8Array | null>;
    output?: (bytes: Uint8Array) => void;
    errors?: (bytes: Uint8Array) => Promise<void> | void;
  },
): Promise<void> {
  const namespace = place.namespace ?? cli.namespace;
  const pod = place.namespace
    ? await cli.client.json('GET', `/api/v1/namespaces/${namespace}/pods/${place.pod}`)
    : await findPod(cli, place.pod);
  const container = await chooseContainer(cli, pod, cli.flags.str('container'));
  await runRemote(
    cli,
    `/api/v1/namespaces/${namespace}/pods/${place.pod}/exec`,
    [...command.map((word) => ['command', word] as [string, string]), ['container', container]],
    { stdin: streams.input !== undefined, tty: false, ...streams },
  );
}

async function upload(cli: Cli, path: string, target: Place): Promise<void> {
  const { files } = cli.proc;
  if (!files.exists(path)) throw new CliError(`${path} doesn't exist in local filesystem`);
  const isDirectory = await execute(cli, target, ['test', '-d', target.path], {
    output: () => {},
    errors: () => {},
  }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof CliError && error.options.code) return false;
      throw error;
    },
  );
  const trimmed = target.path.replace(/(.)\/+$/, '$1');
  const whole = isDirectory ? `${trimmed}/${basename(normalize(cli.proc.cwd, path))}` : trimmed;
  const directory = whole.includes('/') ? dirname(whole) || '/' : '.';
  const archive = packTar(collect(cli, path, basename(whole)));
  let sent = false;
  const input = async () => {
    if (sent) return null;
    sent = true;
    return archive;
  };
  const extra = cli.flags.bool('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : [];
  await execute(cli, target, ['tar', ...extra, '-xmf', '-', ...(directory === '.' ? [] : ['-C', directory])], {
    input,
  });
}

/** `oc rsync`: the directory itself, or with a slash behind it what is in it. */
export async function copyDirectory(cli: Cli, from: string, to: string): Promise<void> {
  const [source, target] = [parsePlace(from), parsePlace(to)];
  if (source.pod && target.pod)
    throw new CliError(
      'rsync is only valid between a local directory and a pod directory; specify a local directory as the source or destination',
    );
  if (!source.pod && !target.pod)
    throw new CliError(
      'rsync is only valid between a local directory and a pod directory; specify a pod directory as the source or destination',
    );
  const contents = (path: string) => path.endsWith('/');
  if (source.pod)
    return download(
      cli,
      source,
      contents(source.path) ? target.path : `${target.path.replace(/\/$/, '')}/${basename(source.path)}`,
    );
  const { files } = cli.proc;
  if (!files.exists(source.path))
    throw new CliError(`invalid path ${source.path}: stat ${source.path}: no such file or directory`);
  if (files.stat(source.path).type !== 'dir') throw new CliError(`path ${source.path} must point to a directory`);
  const trimmed = source.path.replace(/(.)\/+$/, '$1');
  const name = contents(source.path) || trimmed === '.' ? '.' : basename(normalize(cli.proc.cwd, trimmed));
  const archive = packTar(collect(cli, trimmed, name));
  const sent = { done: false };
  const input = async () => {
    if (sent.done) return null;
    sent.done = true;
    return archive;
  };
  await execute(cli, target, ['tar', '-C', target.path.replace(/(.)\/+$/, '$1'), '-xmf', '-'], { input });
}

/** A file, or a directory with all below it. */
function collect(cli: Cli, path: string, name: string): TarEntry[] {
  const { files } = cli.proc;
  const stat = files.stat(path);
  if (stat.type !== 'dir') return [{ name, mode: stat.mode, mtime: stat.mtime, data: files.readBytes(path) }];
  const children = files.list(path);
  return [
    { name: `${name}/`, mode: stat.mode, mtime: stat.mtime, data: undefined },
    ...children.flatMap((child) => collect(cli, join(path.replace(/(.)\/+$/, '$1'), child), `${name}/${child}`)),
  ];
}

async function download(cli: Cli, source: Place, path: string): Promise<void> {
  const chunks: Uint8Array[] = [];
  // what tar complains of goes to standard output, as kubectl wires it
  await execute(cli, source, ['tar', 'cf', '-', source.path], {
    output: (bytes) => void chunks.push(bytes),
    errors: (bytes) => cli.out(bytes),
  });
  const { files } = cli.proc;
  const prefix = source.path.replace(/^\/+/, '').replace(/\/+$/, '');
  const into = files.find(path)?.type === 'dir' ? join(path.replace(/(.)\/+$/, '$1'), basename(prefix)) : path;
  for (const entry of unpackTar(Buffer.concat(chunks))) {
    const rest = entry.name.replace(/^\/+/, '').replace(/\/+$/, '').slice(prefix.length).replace(/^\/+/, '');
    const target = rest ? `${into}/${rest}` : into;
    if (target.split('/').includes('..')) continue;
    if (entry.data === undefined) {
      if (!files.exists(target)) files.mkdir(target);
    } else files.write(target, entry.data);
  }
}
