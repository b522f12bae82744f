// uniq.
import { Errno, strerror } from '../machine/errno';
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { chunks, fail, lines, Output, quote, refused, usage } from './tool';

export const uniq: Program = async (proc) => {
  const argv = proc.argv.map((arg) =>
    arg === '--all-repeated' ? '-D' : arg === '--group' ? '--group=separate' : arg.replace(/^-(\d+)$/, '-f$1'),
  );
  const options = getopt(argv, 'cdDf:is:uw:z', {
    'all-repeated=': 'all-repeated',
    'group=': 'group',
    'zero-terminated': 'z',
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
  const [input = '-', output, extra] = options.rest;
  if (extra !== undefined) return usage(proc, `uniq: extra operand ${quote(proc, extra)}`);
  const grouping = options.get('group');
  if (grouping !== undefined && ['c', 'd', 'D', 'u', 'all-repeated'].some((letter) => options.has(letter)))
    return usage(proc, 'uniq: --group is mutually exclusive with -c/-d/-D/-u');
  const repeated = options.has('D') || options.has('all-repeated');
  const between = grouping ?? options.get('all-repeated') ?? 'none';
  const ways = grouping === undefined ? ['none', 'prepend', 'separate'] : ['prepend', 'append', 'separate', 'both'];
  if (!ways.includes(between) && !(grouping === undefined && between === 'none'))
    return usage(
      proc,
      `uniq: invalid argument ${quote(proc, between)} for ${quote(proc, grouping === undefined ? '--all-repeated' : '--group')}`,
    );
  const end = options.has('z') ? '\0' : '\n';
  const fields = Number(options.get('f') ?? 0);
  const key = (line: string) => {
    let text = line;
    for (let i = 0; i < fields; i++) text = text.replace(/^\s*\S*/, '');
    text = text.slice(Number(options.get('s') ?? 0));
    if (options.has('w')) text = text.slice(0, Number(options.get('w')));
    return options.has('i') ? text.toLowerCase() : text;
  };
  const written: string[] = [];
  const out = new Output(proc);
  const write = async (text: string) => (output === undefined ? out.add(text) : void written.push(text));
  let groups = 0;
  const emit = async (group: string[], count: number) => {
    if (repeated || grouping !== undefined) {
      if (repeated && count < 2) return;
      const first = groups++ === 0;
      if (/prepend|both/.test(between) || (between === 'separate' && !first)) await write(end);
      for (const line of group) await write(line + end);
      if (between === 'append') await write(end);
      return;
    }
    if (options.has('u') && count > 1) return;
    if (options.has('d') && count < 2) return;
    await write(`${options.has('c') ? `${String(count).padStart(7)} ` : ''}${group[0]}${end}`);
    if (output === undefined) await out.flush();
  };
  const whole = repeated || grouping !== undefined; // all lines of a group are shown
  let group: string[] = [];
  let count = 0;
  try {
    for await (const line of lines(chunks(proc, input), end.charCodeAt(0))) {
      if (count > 0 && key(group[0] as string) === key(line)) {
        count++;
        if (whole) group.push(line);
        continue;
      }
      if (count > 0) await emit(group, count);
      group = [line];
      count = 1;
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `${input}: ${strerror(error)}`);
  }
  if (count > 0) await emit(group, count);
  if (between === 'both' && groups > 0) await write(end);
  await out.flush();
  if (output !== undefined) proc.files.write(output, written.join(''));
  return 0;
};
