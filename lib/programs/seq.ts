// seq and yes.
import type { Program } from '../machine/process';
import { format } from '../shell/builtins/format';
import { fail, Output, quote, usage } from './tool';

export const seq: Program = async (proc) => {
  const numbers: string[] = [];
  let separator = '\n';
  let width = false;
  let shape: string | undefined;
  const argv = proc.argv.slice(1);
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] as string;
    if (arg === '-w' || arg === '--equal-width') width = true;
    else if (arg === '-s') separator = argv[++i] ?? '';
    else if (arg.startsWith('-s')) separator = arg.slice(2);
    else if (arg.startsWith('--separator=')) separator = arg.slice(12);
    else if (arg === '-f') shape = argv[++i] ?? '';
    else if (/^-[a-zA-Z]/.test(arg)) return usage(proc, `seq: invalid option -- '${arg.charAt(1)}'`);
    else numbers.push(arg);
  }
  if (numbers.length === 0) return usage(proc, 'seq: missing operand');
  if (numbers.length > 3) return usage(proc, `seq: extra operand ${quote(proc, numbers[3] ?? '')}`);
  const conversions = shape?.replaceAll('%%', '').match(/%[-+ #0']*\d*(\.\d*)?L?[^%]/g) ?? [];
  if (shape !== undefined && conversions.length === 0)
    return fail(proc, `format ${quote(proc, shape)} has no % directive`);
  if (shape !== undefined && conversions.length > 1)
    return fail(proc, `format ${quote(proc, shape)} has too many % directives`);
  const letter = conversions[0]?.at(-1) ?? 'g';
  if (!/[efgaEFGA]/.test(letter))
    return fail(proc, `format ${quote(proc, shape ?? '')} has unknown %${letter} directive`);
  if (shape !== undefined && width)
    return usage(proc, 'seq: format string may not be specified when printing equal width strings');
  for (const text of numbers)
    if (!/^[-+]?((\d+\.?\d*|\.\d+)(e[-+]?\d+)?|inf(inity)?)$/i.test(text))
      return usage(proc, `seq: invalid floating point argument: ${quote(proc, text)}`);
  const [first, step, last] =
    numbers.length === 1
      ? ['1', '1', numbers[0]!]
      : numbers.length === 2
        ? [numbers[0]!, '1', numbers[1]!]
        : (numbers as [string, string, string]);
  if (Number(step) === 0) return usage(proc, `seq: invalid Zero increment value: ${quote(proc, step)}`);
  const decimals = Math.max(...[first, step].map((text) => text.split('.')[1]?.length ?? 0));
  const number = (text: string) => Number(text.replace(/inf(inity)?/i, 'Infinity'));
  const count = Math.floor((number(last) - Number(first)) / Number(step) + 1e-10) + 1;
  const text = (i: number) => (Number(first) + i * Number(step)).toFixed(decimals);
  const widest = width ? Math.max(text(0).length, text(Math.max(0, count - 1)).length) : 0;
  const out = new Output(proc);
  for (let i = 0; i < count; i++) {
    const value = text(i);
    const padded = value.startsWith('-') ? `-${value.slice(1).padStart(widest - 1, '0')}` : value.padStart(widest, '0');
    const shown = shape === undefined ? padded : format(shape, [value], { now: 0, startedAt: 0 }).text;
    await out.add(shown + (i + 1 < count ? separator : '\n'));
  }
  await out.flush();
  return 0;
};

const BLOCK = 65536; // bytes of one write

export const yes: Program = async (proc) => {
  const line = `${proc.argv.length > 1 ? proc.argv.slice(1).join(' ') : 'y'}\n`;
  const bytes = new TextEncoder().encode(line.repeat(Math.max(1, Math.floor(BLOCK / line.length))));
  while (true) await proc.print(bytes);
};
