// `read`.
import { Errno, strerror } from '../../machine/errno';
import type { Shell } from '../shell';
import { ReadonlyError } from '../variables';
import { badOption, complain, fault, options } from './builtin';
import { readLine } from './read-line';

const USAGE =
  'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]';
const TIMED_OUT = 142; // 128 + SIGALRM

class Timeout extends Error {}

export async function read(shell: Shell, argv: string[]): Promise<number> {
  const flags = { bash: 'ers', dash: 'r', ash: 'rs' }[shell.dialect];
  const valued = { bash: 'adinNptu', dash: 'p', ash: 'dnptu' }[shell.dialect];
  const { found, rest, bad, missing } = options(argv.slice(1), flags, valued);
  if (bad) return badOption(shell, 'read', bad, USAGE);
  if (shell.dialect === 'dash' && rest.length === 0) return fault(shell, 'read', '', 'arg count');
  if (missing) {
    await shell.complain(`read: ${missing}: option requires an argument`);
    await shell.proc.complain(`read: usage: ${USAGE}\n`);
    return 2;
  }
  const wrong = rest.find((name) => !/^[A-Za-z_]\w*(\[.*\])?$/s.test(name));
  if (wrong !== undefined) return complain(shell, 'read', `\`${wrong}': not a valid identifier`);
  const descriptor = found.get('u') ?? '0';
  if (!/^\d+$/.test(descriptor)) return complain(shell, 'read', `${descriptor}: invalid file descriptor specification`);
  for (const letter of ['n', 'N']) {
    const count = found.get(letter);
    if (count !== undefined && !/^\d+$/.test(count)) return complain(shell, 'read', `${count}: invalid number`);
  }
  const fd = Number(descriptor);
  const seconds = found.get('t');
  if (seconds !== undefined && !/^\d*\.?\d*$/.test(seconds))
    return complain(shell, 'read', `${seconds}: invalid timeout specification`);
  const file = shell.proc.fds.get(fd);
  if (!file) return complain(shell, 'read', `${fd}: invalid file descriptor: Bad file descriptor`);
  const terminal = file.description.terminal;
  if (found.has('p') && terminal) await shell.proc.complain(found.get('p') ?? '');
  const termios = terminal?.termios;
  if (terminal && termios) {
    if (found.has('s')) terminal.termios = { ...terminal.termios, echo: false };
    if (found.has('n') || found.has('N') || found.has('d')) terminal.termios = { ...terminal.termios, icanon: false };
  }
  try {
    return await readInto(shell, found, rest, fd, seconds);
  } catch (error) {
    if (error instanceof Timeout) return TIMED_OUT;
    if (error instanceof ReadonlyError) {
      await shell.complain(error.message);
      return 1;
    }
    if (error instanceof Errno) return complain(shell, 'read', `read error: ${fd}: ${strerror(error)}`);
    throw error;
  } finally {
    if (terminal && termios) terminal.termios = termios;
  }
}

async function readInto(
  shell: Shell,
  found: Map<string, string>,
  names: string[],
  fd: number,
  seconds: string | undefined,
): Promise<number> {
  const abort = new AbortController();
  const cancel =
    seconds === undefined
      ? () => {}
      : shell.proc.machine.clock.after(Number(seconds) * 1000, () => abort.abort(new Timeout()));
  const raw = found.has('r');
  const exact = found.get('N');
  const count = exact ?? found.get('n');
  try {
    const { text, ended } = await readLine(shell, {
      fd,
      delimiter: exact === undefined ? (found.get('d') ?? '\n') : '\uffff',
      escapes: !raw,
      signal: AbortSignal.any([abort.signal, shell.wakeup.signal]),
      ...(count === undefined ? {} : { count: Number(count) }),
    });
    store(shell, found.get('a'), names, text, raw, exact !== undefined);
    return ended ? 1 : 0;
  } finally {
    cancel();
  }
}

function store(
  shell: Shell,
  array: string | undefined,
  names: string[],
  text: string,
  raw: boolean,
  exact: boolean,
): void {
  const line = raw ? text : text.replaceAll('\\\n', '');
  if (array !== undefined) {
    shell.vars.setArray(
      array,
      splitFields(shell, line, raw, Number.POSITIVE_INFINITY).map((value) => ({ value })),
    );
    return;
  }
  if (names.length === 0) {
    shell.vars.set('REPLY', raw ? line : line.replace(/\\([\s\S])/g, '$1'));
    return;
  }
  const values = exact ? [line] : splitFields(shell, line, raw, names.length);
  names.forEach((name, i) => {
    const element = /^(\w+)\[(.*)\]$/s.exec(name);
    if (element) shell.vars.setElement(element[1] as string, element[2] as string, values[i] ?? '');
    else shell.vars.set(name, values[i] ?? '');
  });
}

/** Cuts at IFS into at most `most` fields; the last takes the rest. A backslash keeps the next character. */
function splitFields(shell: Shell, line: string, raw: boolean, most: number): string[] {
  const ifs = shell.vars.get('IFS') ?? ' \t\n';
  const isIfs = (c: string) => c !== '' && ifs.includes(c);
  const isWhite = (c: string) => isIfs(c) && /[ \t\n]/.test(c);
  const fields: string[] = [];
  let i = 0;
  const skip = () => {
    while (isWhite(line.charAt(i))) i++;
  };
  skip();
  while (i < line.length) {
    if (fields.length === most - 1) {
      fields.push(lastField(line.slice(i), isIfs, isWhite, raw));
      return fields;
    }
    let field = '';
    while (i < line.length && !isIfs(line.charAt(i))) {
      if (!raw && line.charAt(i) === '\\' && i + 1 < line.length) i++;
      field += line.charAt(i++);
    }
    fields.push(field);
    skip();
    if (isIfs(line.charAt(i)) && !isWhite(line.charAt(i))) {
      i++;
      skip();
    }
  }
  return fields;
}

/** The rest of the line without the blanks at its end, and without one separator if it is the only one. */
function lastField(rest: string, isIfs: (c: string) => boolean, isWhite: (c: string) => boolean, raw: boolean): string {
  let end = rest.length;
  while (end > 0 && isWhite(rest.charAt(end - 1)) && (raw || rest.charAt(end - 2) !== '\\')) end--;
  const trimmed = rest.slice(0, end);
  const separators = [...trimmed].filter((c) => isIfs(c) && !isWhite(c)).length;
  const one = separators === 1 && isIfs(trimmed.charAt(trimmed.length - 1)) ? trimmed.slice(0, -1) : trimmed;
  return raw ? one : one.replace(/\\([\s\S])/g, '$1');
}
