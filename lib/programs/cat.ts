// cat.
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { chunks, eachFile, lines, Output, refused } from './tool';

const LONG = {
  'show-all': 'A',
  'number-nonblank': 'b',
  'show-ends': 'E',
  number: 'n',
  'squeeze-blank': 's',
  'show-tabs': 'T',
  'show-nonprinting': 'v',
};

export const cat: Program = async (proc) => {
  const options = getopt(proc.argv, 'AbeEnstTuv', LONG);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const shapes = ['A', 'b', 'e', 'E', 'n', 's', 't', 'T', 'v'].some((letter) => options.has(letter));
  const number = { at: 0, blank: false };
  return eachFile(proc, options.rest, async (path) => {
    if (shapes) return shaped(proc, options, path, number);
    for await (const chunk of chunks(proc, path)) await proc.print(chunk);
  });
};

async function shaped(
  proc: Process,
  options: Options,
  path: string,
  number: { at: number; blank: boolean },
): Promise<void> {
  const has = (...letters: string[]) => letters.some((letter) => options.has(letter));
  const out = new Output(proc);
  for await (const line of lines(chunks(proc, path))) {
    if (has('s') && line === '' && number.blank) continue;
    number.blank = line === '';
    let text = line;
    if (has('v', 'A', 'e', 't'))
      text = text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (c) =>
        c === '\x7f' ? '^?' : `^${String.fromCharCode(c.charCodeAt(0) + 64)}`,
      );
    if (has('T', 'A', 't')) text = text.replaceAll('\t', '^I');
    const numbered = has('b') ? line !== '' : has('n');
    await out.add(`${numbered ? `${String(++number.at).padStart(6)}\t` : ''}${text}${has('E', 'A', 'e') ? '$' : ''}\n`);
  }
  await out.flush();
}
