// perl as Kubernetes' tutorial on jobs calls it: `perl -Mbignum=bpi -wle 'print bpi(2000)'`.
// Only `print` and `sleep` of texts, numbers and bpi(); anything else says that it is not supported.
import type { Program } from '../machine/process';
import { getopt } from './getopt';

const MAX_DIGITS = 20_000; // a second of work

export const perl: Program = async (proc) => {
  const options = getopt(proc.argv, 'M:we:E:lnpiav', {}, true);
  if (options.error !== undefined)
    return proc.complain(`Unrecognized switch: ${proc.argv[1]}  (-h will show valid options).\n`).then(() => 29);
  if (options.has('v'))
    return proc
      .print('\nThis is perl 5, version 34, subversion 1 (v5.34.1) built for x86_64-linux-gnu\n')
      .then(() => 0);
  const program = options.get('e') ?? options.get('E');
  if (program === undefined) return proc.complain('perl: not supported: programs in files\n').then(() => 2);
  const end = options.has('l') || options.has('E') ? '\n' : '';
  for (const statement of program
    .split(';')
    .map((text) => text.trim())
    .filter(Boolean)) {
    const pause = /^sleep\s*\(?\s*(\d+)\s*\)?$/.exec(statement);
    const printed = /^(?:print|say)\s*\(?([\s\S]*?)\)?$/.exec(statement.replace(/bpi\((\d+)\)/g, 'bpi<$1>'));
    if (pause) await proc.sleep(Number(pause[1]) * 1000);
    else if (printed) {
      const parts = (printed[1] ?? '').split(/\s*,\s*/).map(value);
      if (parts.includes(undefined)) return proc.complain(`perl: not supported: ${statement}\n`).then(() => 255);
      await proc.print(parts.join('') + end);
    } else return proc.complain(`perl: not supported: ${statement}\n`).then(() => 255);
  }
  return 0;
};

function value(text: string): string | undefined {
  const pi = /^bpi<(\d+)>$/.exec(text.trim());
  if (pi) return piDigits(Math.min(Number(pi[1]), MAX_DIGITS));
  const quoted = /^"((?:[^"\\$@]|\\.)*)"$|^'([^']*)'$/.exec(text.trim());
  if (quoted) return quoted[1]?.replaceAll('\\n', '\n').replaceAll('\\t', '\t') ?? quoted[2];
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? text.trim() : undefined;
}

/** pi with so many digits that matter, by Machin's formula. */
function piDigits(digits: number): string {
  const scale = 10n ** BigInt(digits + 10);
  const arctan = (x: bigint): bigint => {
    let [power, sum, sign] = [scale / x, scale / x, -1n];
    for (let n = 3n; power > 0n; n += 2n, sign = -sign) {
      power /= x * x;
      sum += (sign * power) / n;
    }
    return sum;
  };
  const pi = 4n * (4n * arctan(5n) - arctan(239n));
  const rounded = String((pi / 10n ** 10n + 5n) / 10n);
  return `3.${rounded.slice(1)}`;
}
