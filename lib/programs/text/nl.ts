// nl: numbers lines.
import type { Program } from '../../machine/process';
import { getopt } from '../getopt';
import { compilePattern, PatternError, translate } from '../regex';
import { chunks, eachFile, fail, lines, Output, quote, refused } from '../tool';

type Section = 'h' | 'b' | 'f';

export const nl: Program = async (proc) => {
  const options = getopt(proc.argv, 'b:d:f:h:i:l:n:ps:v:w:', {
    'body-numbering=': 'b',
    'section-delimiter=': 'd',
    'footer-numbering=': 'f',
    'header-numbering=': 'h',
    'line-increment=': 'i',
    'join-blank-lines=': 'l',
    'number-format=': 'n',
    'no-renumber': 'p',
    'number-separator=': 's',
    'starting-line-number=': 'v',
    'number-width=': 'w',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const number = (letter: string, fallback: number) => Number(options.get(letter) ?? fallback);
  for (const [letter, what] of [
    ['v', 'starting line number'],
    ['i', 'line number increment'],
    ['l', 'line number of blank lines'],
    ['w', 'line number field width'],
  ] as const)
    if (!Number.isInteger(number(letter, 1)) || (/[lw]/.test(letter) && number(letter, 1) < 1))
      return fail(proc, `invalid ${what}: ${quote(proc, options.get(letter) ?? '')}`);
  const format = options.get('n') ?? 'rn';
  if (!['ln', 'rn', 'rz'].includes(format)) return fail(proc, `invalid line numbering format: ${quote(proc, format)}`);
  const styles = {} as Record<Section, (line: string) => boolean>;
  for (const [section, name, fallback] of [
    ['h', 'header', 'n'],
    ['b', 'body', 't'],
    ['f', 'footer', 'n'],
  ] as const) {
    const style = options.get(section) ?? fallback;
    const numbers = numbering(style);
    if (typeof numbers === 'string') return fail(proc, numbers);
    if (!numbers) return fail(proc, `invalid ${name} numbering style: ${quote(proc, style)}`);
    styles[section] = numbers;
  }
  const mark = options.get('d') ?? '\\:';
  const delimiter = mark.length === 1 ? `${mark}:` : mark;
  const width = number('w', 6);
  const separator = options.get('s') ?? '\t';
  const join = number('l', 1);
  let section: Section = 'b';
  let next = number('v', 1);
  let blanks = 0;
  const out = new Output(proc);
  const status = await eachFile(proc, options.rest, async (path) => {
    for await (const line of lines(chunks(proc, path))) {
      const turned = delimiter
        ? ({ [delimiter]: 'f', [delimiter.repeat(2)]: 'b', [delimiter.repeat(3)]: 'h' } as Record<string, Section>)[
            line
          ]
        : undefined;
      if (turned) {
        section = turned;
        if (!options.has('p')) next = number('v', 1);
        await out.add('\n');
        continue;
      }
      blanks = line === '' ? blanks + 1 : 0;
      const counts = styles[section](line) && (line !== '' || blanks % join === 0);
      if (!counts) {
        await out.add(`${' '.repeat(width + separator.length)}${line}\n`);
        continue;
      }
      await out.add(`${numeral(next, format, width)}${separator}${line}\n`);
      next += number('i', 1);
    }
  });
  await out.flush();
  return status;
};

const numeral = (value: number, format: string, width: number): string => {
  if (format === 'ln') return String(value).padEnd(width);
  if (format === 'rn') return String(value).padStart(width);
  return value < 0 ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0');
};

/** Which lines a style numbers: a all, t all but empty ones, n none, pBRE those that match. */
function numbering(style: string): ((line: string) => boolean) | string | undefined {
  if (style === 'a') return () => true;
  if (style === 't') return (line) => line !== '';
  if (style === 'n') return () => false;
  if (!style.startsWith('p')) return undefined;
  try {
    const pattern = compilePattern(translate(style.slice(1), false), '');
    return (line) => pattern.test(line);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}
