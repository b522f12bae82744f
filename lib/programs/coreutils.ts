// The seldom used of the coreutils: sums, base32 and basenc, shred, fmt, hostid.
import { Errno } from '../machine/errno';
import { concat, type Process, type Program } from '../machine/process';
import { getopt } from './getopt';
import { attempt, chunks, eachFile, fail, lines, parseSize, quote, refused, refuseOperands, usage } from './tool';

async function bytesOf(proc: Process, path: string): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks(proc, path)) all.push(chunk.slice());
  return concat(all);
}

/** BSD's sum, with blocks of 1024 bytes; `-s` System V's, with blocks of 512. */
export const sum: Program = async (proc) => {
  const options = getopt(proc.argv, 'rs', { sysv: 's' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  return eachFile(proc, options.rest, async (path) => {
    const bytes = await bytesOf(proc, path);
    const name = options.rest.length > 0 ? ` ${path}` : '';
    if (options.has('s')) {
      const total = bytes.reduce((all, byte) => all + byte, 0);
      const folded = (total & 0xffff) + (Math.floor(total / 65536) & 0xffff);
      return proc.print(`${(folded & 0xffff) + (folded >> 16)} ${Math.ceil(bytes.length / 512)}${name}\n`);
    }
    const check = bytes.reduce((all, byte) => (((all >> 1) | ((all & 1) << 15)) + byte) & 0xffff, 0);
    return proc.print(
      `${String(check).padStart(5, '0')} ${String(Math.ceil(bytes.length / 1024)).padStart(5)}${name}\n`,
    );
  });
};

const POLYNOMIAL = 0x04c11db7; // of POSIX' cksum
const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value >>> 0;
});

export const cksum: Program = async (proc) => {
  const options = getopt(proc.argv, '');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  return eachFile(proc, options.rest, async (path) => {
    const bytes = await bytesOf(proc, path);
    let crc = 0;
    const add = (byte: number) => {
      crc = ((crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
    };
    bytes.forEach(add);
    for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) add(length & 0xff);
    return proc.print(`${~crc >>> 0} ${bytes.length}${options.rest.length > 0 ? ` ${path}` : ''}\n`);
  });
};

const WIDTH = 76; // of a line of base32 and its kin

/** Writes in digits of so many bits each, filled up to whole groups. */
function encode(bytes: Uint8Array, alphabet: string, bits: number, padded: boolean): string {
  let text = '';
  let held = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (held += 8; held >= bits; held -= bits) text += alphabet.charAt((value >> (held - bits)) & ((1 << bits) - 1));
    value &= (1 << held) - 1;
  }
  if (held > 0) text += alphabet.charAt((value << (bits - held)) & ((1 << bits) - 1));
  const group = bits === 5 ? 8 : 4;
  return padded && text.length % group !== 0 ? text + '='.repeat(group - (text.length % group)) : text;
}

function decode(text: string, alphabet: string, bits: number): Uint8Array | undefined {
  const out: number[] = [];
  let held = 0;
  let value = 0;
  for (const digit of text.replace(/=+$/, '')) {
    const at = alphabet.indexOf(digit);
    if (at < 0) return undefined;
    value = (value << bits) | at;
    held += bits;
    if (held >= 8) {
      held -= 8;
      out.push((value >> held) & 0xff);
      value &= (1 << held) - 1;
    }
  }
  return Uint8Array.from(out);
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CODES: Record<string, { alphabet: string; bits: number; padded: boolean }> = {
  base32: { alphabet: `${UPPER}234567`, bits: 5, padded: true },
  base32hex: { alphabet: `0123456789${UPPER.slice(0, 22)}`, bits: 5, padded: true },
  base64: { alphabet: `${UPPER}${UPPER.toLowerCase()}0123456789+/`, bits: 6, padded: true },
  base64url: { alphabet: `${UPPER}${UPPER.toLowerCase()}0123456789-_`, bits: 6, padded: true },
  base16: { alphabet: '0123456789ABCDEF', bits: 4, padded: false },
  base2msbf: { alphabet: '01', bits: 1, padded: false },
};

/** base32, and basenc with the code among its options. */
export const basenc: Program = async (proc) => {
  const names = Object.fromEntries(Object.keys(CODES).map((name) => [name, name]));
  const options = getopt(proc.argv, 'diw:', {
    decode: 'd',
    'ignore-garbage': 'i',
    'wrap=': 'w',
    ...(proc.name === 'basenc' ? names : {}),
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const code = CODES[proc.name === 'base32' ? 'base32' : (Object.keys(CODES).find((name) => options.has(name)) ?? '')];
  if (!code) return usage(proc, 'basenc: missing encoding type');
  if (options.rest.length > 1)
    return usage(proc, `${proc.name}: extra operand ${quote(proc, options.rest[1] as string)}`);
  const width = Number(options.get('w') ?? WIDTH);
  let isInvalid = false;
  const status = await eachFile(proc, options.rest, async (path) => {
    const bytes = await bytesOf(proc, path);
    if (options.has('d')) {
      const decoded = decode(new TextDecoder().decode(bytes).replace(/\s/g, ''), code.alphabet, code.bits);
      isInvalid = decoded === undefined;
      return decoded && proc.print(decoded);
    }
    const text = encode(bytes, code.alphabet, code.bits, code.padded);
    const wrapped = width > 0 ? text.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n') : text;
    return proc.print(text === '' || width === 0 ? wrapped : `${wrapped}\n`);
  });
  return isInvalid ? fail(proc, 'invalid input') : status;
};

const BLOCK_BYTES = 4096;

export const shred: Program = async (proc) => {
  const options = getopt(proc.argv, 'fn:s:uvxz', {
    force: 'f',
    'iterations=': 'n',
    'size=': 's',
    remove: 'u',
    verbose: 'v',
    exact: 'x',
    zero: 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'shred: missing file operand');
  const given = options.get('n') ?? '3';
  if (!/^\d+$/.test(given)) return fail(proc, `invalid number of passes: ${quote(proc, given)}`);
  const length = parseSize(options.get('s') ?? '0');
  if (length === undefined) return fail(proc, `invalid file size: ${quote(proc, options.get('s') ?? '')}`);
  const passes = Number(given);
  const total = passes + (options.has('z') ? 1 : 0);
  let status = 0;
  for (const path of options.rest) {
    const failed = await attempt(
      proc,
      async () => {
        const { size: own, type } = proc.files.stat(path);
        if (type === 'dir') throw new Errno('EISDIR', path);
        const size = length || (options.has('x') ? own : Math.ceil(own / BLOCK_BYTES) * BLOCK_BYTES);
        for (let pass = 1; pass <= total; pass++) {
          const isLast = pass > passes;
          proc.files.write(path, isLast ? new Uint8Array(size) : proc.machine.random.bytes(size));
          if (options.has('v'))
            await proc.complain(`shred: ${path}: pass ${pass}/${total} (${isLast ? '000000' : 'random'})...\n`);
        }
        if (options.has('u')) await removed(proc, path, options.has('v'));
      },
      (reason) => `${path}: failed to open for writing: ${reason}`,
    );
    status = failed || status;
  }
  return status;
};

/** Takes a file away after its name has been made shorter and shorter, all of noughts. */
async function removed(proc: Process, path: string, tells: boolean): Promise<void> {
  const [, dir = '', name = ''] = /^(.*\/)?([^/]*)$/.exec(path) ?? [];
  const say = async (text: string) => void (tells && (await proc.complain(`shred: ${path}: ${text}\n`)));
  await say('removing');
  let now = path;
  for (let length = name.length; length > 0; length--) {
    const next = `${dir}${'0'.repeat(length)}`;
    if (next === now || proc.files.exists(next)) continue;
    proc.files.rename(now, next);
    if (tells) await proc.complain(`shred: ${now}: renamed to ${next}\n`);
    now = next;
  }
  proc.files.unlink(now);
  await say('removed');
}

/** Fills the lines of a paragraph up to a width; a blank line or another indentation begins a new one. */
export const fmt: Program = async (proc) => {
  const argv = proc.argv.map((arg, i) => (i === 1 && /^-\d+$/.test(arg) ? `-w${arg.slice(1)}` : arg));
  const options = getopt(argv, 'cg:p:stuw:', {
    'width=': 'w',
    'goal=': 'g',
    'split-only': 's',
    'uniform-spacing': 'u',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const width = Number(options.get('w') ?? 75);
  if (!Number.isInteger(width) || width < 0) return fail(proc, `invalid width: ${quote(proc, options.get('w') ?? '')}`);
  const goal = Number(options.get('g') ?? Math.floor((width * 187) / 200)); // 93 per cent and a half, as coreutils aim
  return eachFile(
    proc,
    options.rest,
    async (path) => {
      let paragraph: Word[] = [];
      let indent = '';
      const flush = async () => {
        const last = paragraph.at(-1);
        if (last) Object.assign(last, { period: true, final: true }); // a paragraph ends as a sentence does
        if (last) await proc.print(filled(paragraph, indent, width, goal));
        paragraph = [];
      };
      for await (const line of lines(chunks(proc, path))) {
        const own = /^[ \t]*/.exec(line)?.[0] ?? '';
        if (line.trim() === '') {
          await flush();
          await proc.print('\n');
          continue;
        }
        if (paragraph.length > 0 && (own !== indent || options.has('s'))) await flush();
        if (paragraph.length === 0) indent = own;
        paragraph.push(...wordsOf(line, options.has('u')));
      }
      await flush();
    },
    (path, reason) => `cannot open ${quote(proc, path)} for reading: ${reason}`,
  );
};

/** What fmt of coreutils weighs: the square of each number. */
const COST = { line: 70, short: 10, sentence: 50, noBreak: 600, bracket: 40, punctuation: 40, widow: 200, orphan: 150 };

interface Word {
  text: string;
  /** Blanks behind it, when the line goes on. */
  space: number;
  /** Whether a sentence ends with it, as the two blanks or the end of the line behind its mark say. */
  final: boolean;
  /** Whether it has such a mark. */
  period: boolean;
}

function wordsOf(line: string, uniform: boolean): Word[] {
  return [...line.trim().matchAll(/(\S+)([ \t]*)/g)].map(([, text = '', blanks = '']) => {
    const period = /[.?!][)\]'"]*$/.test(text);
    const final = period && blanks.length !== 1;
    const space = uniform || blanks === '' ? (final ? 2 : 1) : blanks.length;
    return { text, space, final, period };
  });
}

/** The breaks that cost least: lines near the goal and near one another in length, that end with sentences and not with orphans. */
function filled(words: readonly Word[], indent: string, width: number, goal: number): string {
  const cost = new Array<number>(words.length + 1).fill(Number.POSITIVE_INFINITY);
  const next = new Array<number>(words.length).fill(words.length);
  const lengths = new Array<number>(words.length).fill(0);
  cost[words.length] = 0;
  for (let from = words.length - 1; from >= 0; from--) {
    let length = indent.length;
    for (let to = from; to < words.length; to++) {
      length += (to > from ? (words[to - 1] as Word).space : 0) + (words[to] as Word).text.length;
      if (length >= width && to > from) break;
      const isLast = to === words.length - 1;
      const short = isLast ? 0 : ((goal - length) * COST.short) ** 2;
      const follows = to + 1 < words.length && next[to + 1] !== words.length;
      const ragged = follows ? ((length - (lengths[to + 1] as number)) * COST.short) ** 2 / 2 : 0;
      const own = short + ragged + (cost[to + 1] as number);
      if (own < (cost[from] as number)) {
        cost[from] = own;
        next[from] = to + 1;
        lengths[from] = length;
      }
    }
    cost[from] = (cost[from] as number) + breakCost(words, from);
  }
  let text = '';
  for (let at = 0; at < words.length; at = next[at] as number)
    text += `${indent}${words
      .slice(at, next[at])
      .map((word) => word.text + ' '.repeat(word.space))
      .join('')
      .trimEnd()}\n`;
  return text;
}

/** What it costs to begin a line with this word. */
function breakCost(words: readonly Word[], at: number): number {
  let cost = COST.line ** 2;
  const [before, word] = [words[at - 1], words[at] as Word];
  if (before) {
    if (before.period) cost += before.final ? -(COST.sentence ** 2) : COST.noBreak ** 2;
    else if (/[!-/:-@[-`{-~]$/.test(before.text)) cost -= COST.punctuation ** 2;
    else if (words[at - 2]?.final) cost += COST.widow ** 2 / (before.text.length + 2);
  }
  if (/^[(['`"]/.test(word.text)) cost -= COST.bracket ** 2;
  else if (word.final) cost += COST.orphan ** 2 / (word.text.length + 2);
  return cost;
}

export const hostid: Program = async (proc) => {
  const bad = await refuseOperands(proc, getopt(proc.argv, ''));
  if (bad !== undefined) return bad;
  const address = proc.machine.net.addresses().find((each) => each.includes('.')) ?? '127.0.0.1';
  const [a = 0, b = 0, c = 0, d = 0] = address.split('/')[0]?.split('.').map(Number) ?? [];
  const hex = (n: number) => n.toString(16).padStart(2, '0');
  return proc.print(`${hex(b)}${hex(a)}${hex(d)}${hex(c)}\n`).then(() => 0); // as gethostid(3) turns it round
};
