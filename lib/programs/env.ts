// env and printenv.
import { Errno, strerror } from '../machine/errno';
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, quote, refused } from './tool';

export const env: Program = async (proc) => {
  const options = getopt(
    proc.argv,
    '0C:iS:u:v',
    { 'ignore-environment': 'i', 'unset=': 'u', null: '0', 'chdir=': 'C' },
    true,
  );
  const bad = await refused(proc, options, 125);
  if (bad !== undefined) return bad;
  const words = [...options.rest];
  if (words[0] === '-') words.shift();
  const variables: Record<string, string> = options.has('i') || options.rest[0] === '-' ? {} : { ...proc.env };
  for (const name of options.all('u')) delete variables[name];
  const split = options.get('S');
  if (split !== undefined) words.unshift(...split.trim().split(/\s+/));
  while (/^[^=]+=/.test(words[0] ?? '')) {
    const word = words.shift() as string;
    variables[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
  }
  const [command] = words;
  if (command === undefined) {
    const end = options.has('0') ? '\0' : '\n';
    await proc.print(
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}${end}`)
        .join(''),
    );
    return 0;
  }
  const dir = options.get('C');
  if (dir !== undefined) {
    if (proc.files.find(dir)?.type !== 'dir')
      return fail(proc, `cannot change directory to ${quote(proc, dir)}: No such file or directory`, 125);
    proc.cwd = proc.files.realpath(dir);
  }
  const path = proc.machine.which(proc, command, variables['PATH'] ?? proc.env['PATH'] ?? '');
  try {
    if (!path) throw new Errno('ENOENT', command);
    return await proc.exec([path, ...words.slice(1)], words, variables);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `${quote(proc, command)}: ${strerror(error)}`, error.code === 'ENOENT' ? 127 : 126);
  }
};

export const printenv: Program = async (proc) => {
  const options = getopt(proc.argv, '0', { null: '0' });
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  const names = options.rest;
  if (names.length === 0) {
    await proc.print(
      Object.entries(proc.env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const value = proc.env[name];
    if (value === undefined) status = 1;
    else await proc.print(`${value}\n`);
  }
  return status;
};
