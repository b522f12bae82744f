// look: the lines of a sorted file that begin with a string.
import type { Program } from '../../machine/process';
import { getopt } from '../getopt';
import { attempt, chunks, lines, Output, refused } from '../tool';

const WORDS = '/usr/share/dict/words';

export const look: Program = async (proc) => {
  const options = getopt(proc.argv, 'abdft:', {
    alternative: 'a',
    alphanum: 'd',
    'ignore-case': 'f',
    'terminate=': 't',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [given, path = WORDS] = options.rest;
  if (given === undefined) {
    await proc.complain("look: bad usage\nTry 'look --help' for more information.\n");
    return 1;
  }
  const isDictionary = options.rest.length === 1;
  const end = options.get('t')?.charAt(0);
  const cut = end !== undefined && given.includes(end) ? given.slice(0, given.indexOf(end) + 1) : given;
  const key = (text: string) => {
    const kept = options.has('d') || isDictionary ? text.replace(/[^A-Za-z0-9 \t]/g, '') : text;
    return options.has('f') || isDictionary ? kept.toLowerCase() : kept;
  };
  const [wanted, out] = [key(cut), new Output(proc)];
  let found = false;
  const status = await attempt(
    proc,
    async () => {
      for await (const line of lines(chunks(proc, path))) {
        if (!key(line).startsWith(wanted)) continue;
        found = true;
        await out.add(`${line}\n`);
      }
    },
    (reason) => `${path}: ${reason}`,
  );
  await out.flush();
  return status || (found ? 0 : 1);
};
