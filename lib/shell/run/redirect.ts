// Redirections: applied to the shell's own descriptors, and taken back after the command.
import { type Description, OpenFile, type OpenFlags } from '../../machine/descriptor';
import { Errno, strerror } from '../../machine/errno';
import { toBytes } from '../../machine/fs';
import { NameError } from '../../machine/resolve';
import { Interrupted } from '../control';
import { expandWords, hereDocument, wordText } from '../expand/expand';
import type { Shell } from '../shell';
import type { Redirection, WordNode } from '../syntax/ast';

/** A redirection that failed; the message is complete but for the shell's prefix. */
export class RedirectionError extends Error {}

const FLAGS: Record<string, OpenFlags> = {
  '<': { read: true },
  '>': { write: true, create: true, truncate: true },
  '>|': { write: true, create: true, truncate: true },
  '>>': { write: true, append: true, create: true },
  '<>': { read: true, write: true, create: true },
  '&>': { write: true, create: true, truncate: true },
  '&>>': { write: true, append: true, create: true },
};

const FIRST_HIGH_FD = 10; // where {name}> begins

/** What was done with descriptors: taken back, or left as it is (`exec`), which closes what stood there before. */
interface Applied {
  undo(): void;
  keep(): void;
}

/** Applies redirections in order. */
export async function redirect(shell: Shell, list: Redirection[]): Promise<Applied> {
  const saved: [number, OpenFile | undefined][] = [];
  const undo = () => {
    for (const [fd, file] of saved.reverse()) {
      shell.proc.close(fd);
      if (file) shell.proc.fds.set(fd, file);
    }
  };
  const put = (fd: number, file: OpenFile | undefined) => {
    saved.push([fd, shell.proc.fds.get(fd)]);
    shell.proc.fds.delete(fd);
    if (file) shell.proc.fds.set(fd, file);
  };
  try {
    for (const each of list) await one(shell, each, put);
  } catch (error) {
    undo();
    throw error;
  }
  const keep = () => {
    for (const [, file] of saved) file?.release();
  };
  return { undo, keep };
}

/** Runs with redirections that are taken back afterwards. */
export async function redirected(shell: Shell, list: Redirection[], body: () => Promise<number>): Promise<number> {
  if (list.length === 0) return body();
  let applied: Applied;
  try {
    applied = await redirect(shell, list);
  } catch (error) {
    if (!(error instanceof RedirectionError)) throw error;
    await shell.complain(error.message);
    return shell.dialect === 'dash' ? 2 : 1;
  }
  try {
    return await body();
  } finally {
    applied.undo();
  }
}

type Put = (fd: number, file: OpenFile | undefined) => void;

async function one(shell: Shell, node: Redirection, put: Put): Promise<void> {
  const { operator } = node;
  const fd = await descriptorOf(shell, node);
  if (node.target.type === 'HereDoc') return put(fd, new OpenFile(text(await hereDocument(shell, node.target))));
  if (operator === '<<<') return put(fd, new OpenFile(text(`${await wordText(shell, node.target)}\n`)));
  if (operator === '>&' || operator === '<&') return duplicate(shell, node, node.target, fd, put);
  const file = await openTarget(shell, await targetName(shell, node.target), operator);
  put(fd, file);
  if (operator === '&>' || operator === '&>>') put(2, file.share());
}

async function descriptorOf(shell: Shell, node: Redirection): Promise<number> {
  if (!node.fdVariable) return node.fd ?? (node.operator.startsWith('<') ? 0 : 1);
  if (node.target.type === 'Word' && (node.operator === '>&' || node.operator === '<&')) {
    const known = shell.vars.get(node.fdVariable);
    if ((await wordText(shell, node.target)) === '-' && known) return Number(known);
  }
  let fd = FIRST_HIGH_FD;
  while (shell.proc.fds.has(fd)) fd++;
  shell.vars.set(node.fdVariable, String(fd));
  return fd;
}

async function targetName(shell: Shell, word: WordNode): Promise<string> {
  const names = await expandWords(shell, [word]);
  if (names.length !== 1) throw new RedirectionError(`${await wordText(shell, word)}: ambiguous redirect`);
  return names[0] as string;
}

async function duplicate(shell: Shell, node: Redirection, word: WordNode, fd: number, put: Put): Promise<void> {
  const name = await targetName(shell, word);
  if (name === '-') return put(fd, undefined);
  const digits = /^(\d+)(-?)$/.exec(name);
  if (!digits) {
    if (node.operator === '<&' || node.fd !== null) throw new RedirectionError(`${name}: ambiguous redirect`);
    const file = await openTarget(shell, name, '&>');
    put(1, file);
    return put(2, file.share());
  }
  const source = shell.proc.fds.get(Number(digits[1]));
  if (!source) throw new RedirectionError(`${digits[1]}: Bad file descriptor`);
  put(fd, source.share());
  if (digits[2]) put(Number(digits[1]), undefined);
}

async function openTarget(shell: Shell, name: string, operator: string): Promise<OpenFile> {
  const network = /^\/dev\/(tcp|udp)\/([^/]+)\/(\w+)$/.exec(name);
  if (network && shell.dialect === 'bash') return openNetwork(shell, name, network);
  const clobbers = operator === '>' || operator === '&>';
  if (clobbers && shell.option('noclobber') && shell.proc.files.find(name)?.type === 'file')
    throw new RedirectionError(
      shell.posixLike ? failure(shell, name, operator, new Errno('EEXIST')) : `${name}: cannot overwrite existing file`,
    );
  try {
    return await opened(shell, shell.proc.files.open(name, FLAGS[operator] ?? { read: true }));
  } catch (error) {
    if (error instanceof Errno) throw new RedirectionError(failure(shell, name, operator, error));
    throw error;
  }
}

/** A file that may be used: a named pipe's other side is waited for. */
async function opened(shell: Shell, file: OpenFile): Promise<OpenFile> {
  try {
    await file.description.ready?.(AbortSignal.any([shell.proc.killed, shell.wakeup.signal]));
    return file;
  } catch (error) {
    file.release();
    const trapped = error instanceof Interrupted && !shell.interrupted;
    throw trapped ? new Errno('EINTR') : error;
  }
}

function failure(shell: Shell, name: string, operator: string, error: Errno): string {
  if (shell.dialect === 'bash') return `${name}: ${strerror(error)}`;
  const reads = operator === '<';
  if (shell.dialect === 'dash') {
    const reason = error.code === 'ENOENT' ? (reads ? 'No such file' : 'Directory nonexistent') : strerror(error);
    return `cannot ${reads ? 'open' : 'create'} ${name}: ${reason}`;
  }
  const reason = error.code === 'ENOENT' ? (reads ? 'no such file' : 'nonexistent directory') : strerror(error);
  return `can't ${reads ? 'open' : 'create'} ${name}: ${reason}`;
}

/** Bash's own /dev/tcp/HOST/PORT. */
async function openNetwork(shell: Shell, name: string, [, , host = '', port = '']: RegExpExecArray): Promise<OpenFile> {
  const { proc } = shell;
  try {
    const [address = ''] = await proc.resolve(host, 4);
    const connection = await proc.connect(address, Number(port));
    return new OpenFile({
      name,
      read: (max, signal) => connection.read(max, signal),
      write: (bytes, signal) => connection.write(bytes, signal),
      close: () => connection.close(),
    });
  } catch (error) {
    if (error instanceof NameError) {
      await shell.complain(`${host}: ${error.message}`);
      throw new RedirectionError(`${name}: Invalid argument`);
    }
    if (!(error instanceof Errno)) throw error;
    await shell.complain(`connect: ${strerror(error)}`);
    throw new RedirectionError(`${name}: ${strerror(error)}`);
  }
}

/** A fixed text to be read: here-documents and here-strings. */
function text(content: string): Description {
  let bytes = toBytes(content);
  return {
    name: 'here-document',
    async read(max) {
      if (bytes.length === 0) return null;
      const chunk = bytes.subarray(0, max);
      bytes = bytes.subarray(chunk.length);
      return chunk;
    },
    async write() {
      throw new Errno('EBADF');
    },
    close() {},
  };
}
