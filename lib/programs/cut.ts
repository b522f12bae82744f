// cut.
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { chunks, eachFile, lines, quote, refused, usage } from './tool';

type Ranges = (n: number) => boolean;

export const cut: Program = async (proc) => {
  const options = getopt(proc.argv, 'b:c:d:f:ns', {
    'bytes=': 'b',
    'characters=': 'c',
    'delimiter=': 'd',
    'fields=': 'f',
    'only-delimited': 's',
    complement: 'complement',
    'output-delimiter=': 'output-delimiter',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const given = ['b', 'c', 'f'].filter((letter) => options.has(letter));
  if (given.length === 0) return usage(proc, 'cut: you must specify a list of bytes, characters, or fields');
  if (given.length > 1) return usage(proc, 'cut: only one type of list may be specified');
  const delimiter = options.get('d') ?? '\t';
  if (delimiter.length > 1) return usage(proc, 'cut: the delimiter must be a single character');
  if (options.has('d') && !options.has('f'))
    return usage(proc, 'cut: an input delimiter may be specified only when operating on fields');
  const ranges = parseRanges(proc, options.get(given[0] as string) ?? '', options.has('complement'));
  if (typeof ranges === 'string')
    return usage(
      proc,
      `cut: ${options.has('f') ? ranges : ranges.replace('fields are', 'byte/character positions are').replace('field value', 'byte/character position')}`,
    );
  return eachFile(proc, options.rest, async (path) => {
    for await (const chunk of batches(lines(chunks(proc, path)))) {
      const text = chunk.map((line) => pick(line, options, ranges, delimiter)).join('');
      if (text) await proc.print(text);
    }
  });
};

/** Lines as they come, one by one: a reader of a stream wants each at once. */
async function* batches(source: AsyncIterable<string>): AsyncGenerator<string[]> {
  for await (const line of source) yield [line];
}

function pick(line: string, options: Options, ranges: Ranges, delimiter: string): string {
  if (!options.has('f')) {
    const joint = options.get('output-delimiter') ?? '';
    return `${[...line].filter((_, i) => ranges(i + 1)).join(joint)}\n`;
  }
  if (!line.includes(delimiter)) return options.has('s') ? '' : `${line}\n`;
  const fields = line.split(delimiter).filter((_, i) => ranges(i + 1));
  return `${fields.join(options.get('output-delimiter') ?? delimiter)}\n`;
}

function parseRanges(proc: Process, text: string, complement: boolean): Ranges | string {
  const ranges: [number, number][] = [];
  for (const part of text.split(/[, ]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || (match[1] === '' && match[3] === ''))
      return part === '-' ? 'invalid range with no endpoint: -' : `invalid field value ${quote(proc, part)}`;
    const from = match[1] === '' ? 1 : Number(match[1]);
    const to = match[2] === '' ? from : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (from === 0) return 'fields are numbered from 1';
    if (to < from) return 'invalid decreasing range';
    ranges.push([from, to]);
  }
  return (n) => ranges.some(([from, to]) => n >= from && n <= to) !== complement;
}
