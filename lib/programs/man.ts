// man, whatis, apropos: no manual pages are installed, as in containers and on minimal systems.
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { refused } from './tool';

const NOT_FOUND = 16;

export const man: Program = async (proc) => {
  const options = getopt(proc.argv, 'acfhkKlP:wS:s:M:L:', {
    all: 'a',
    apropos: 'k',
    'pager=': 'P',
    'sections=': 's',
    whatis: 'f',
    where: 'w',
    path: 'w',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const words = [...options.rest];
  if (options.has('k') || options.has('f'))
    return nothing(proc, words, `${proc.name} -${options.has('k') ? 'k' : 'f'}`);
  const first = words[0] ?? '';
  const section = options.get('s') ?? (words.length > 1 && /^(\d\w*|n|l)$/.test(first) ? words.shift() : undefined);
  if (words.length === 0) {
    const about = section ?? (/^\d\w*$/.test(first) ? first : undefined);
    await proc.complain(
      about === undefined
        ? "What manual page do you want?\nFor example, try 'man man'.\n"
        : `No manual entry for ${about}\n`,
    );
    return about === undefined ? 1 : NOT_FOUND;
  }
  for (const word of words)
    await proc.complain(`No manual entry for ${word}${section === undefined ? '' : ` in section ${section}`}\n`);
  return NOT_FOUND;
};

export const whatis: Program = async (proc) => {
  const options = getopt(proc.argv, 'dlrs:wem:', {
    regex: 'r',
    wildcard: 'w',
    exact: 'e',
    long: 'l',
    'sections=': 's',
  });
  const bad = await refused(proc, options);
  return bad ?? nothing(proc, options.rest, proc.name);
};

async function nothing(proc: Parameters<Program>[0], words: readonly string[], name: string): Promise<number> {
  if (words.length === 0) {
    await proc.complain(`${name} what?\n`);
    return 1;
  }
  for (const word of words) await proc.complain(`${word}: nothing appropriate.\n`);
  return NOT_FOUND;
}
