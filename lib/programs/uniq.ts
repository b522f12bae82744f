// uniq.
import { Errno, strerror } from '../machine/errno';
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { chunks, fail, lines, refused } from './tool';

export const uniq: Program = async (proc) => {
  const options = getopt(proc.argv, 'cdDf:is:uw:', {
    count: 'c',
    repeated: 'd',
    'skip-fields=': 'f',
    'ignore-case': 'i',
    'skip-chars=': 's',
    unique: 'u',
    'check-chars=': 'w',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [input = '-', output] = options.rest;
  const fields = Number(options.get('f') ?? 0);
  const key = (line: string) => {
    let text = line;
    for (let i = 0; i < fields; i++) text = text.replace(/^\s*\S*/, '');
    text = text.slice(Number(options.get('s') ?? 0));
    if (options.has('w')) text = text.slice(0, Number(options.get('w')));
    return options.has('i') ? text.toLowerCase() : text;
  };
  const written: string[] = [];
  const emit = async (line: string, count: number) => {
    if (options.has('u') && count > 1) return;
    if (options.has('d') && count < 2) return;
    const text = `${options.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`;
    if (output === undefined) await proc.print(text);
    else written.push(text);
  };
  let last: string | undefined;
  let count = 0;
  try {
    for await (const line of lines(chunks(proc, input))) {
      if (last !== undefined && key(last) === key(line)) {
        count++;
        if (options.has('D')) await proc.print(`${count === 2 ? `${last}\n` : ''}${line}\n`);
        continue;
      }
      if (last !== undefined && !options.has('D')) await emit(last, count);
      last = line;
      count = 1;
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `${input}: ${strerror(error)}`);
  }
  if (last !== undefined && !options.has('D')) await emit(last, count);
  if (output !== undefined) proc.files.write(output, written.join(''));
  return 0;
};
