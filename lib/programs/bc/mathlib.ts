// The functions of `bc -l`: sine, cosine, arctangent, logarithm, exponential and Bessel, cut to the scale.
// DIFFERS: GNU's own sine and cosine may be off by one in the last place; these are not.
import { type Decimal, divide, negated, ONE, rescaled, rootOf, subtract, tens, whole } from './number';

const GUARD = 12; // digits that are computed beyond those asked for, so that cutting off gives the right ones

/** A number times ten to the digits. */
type Fixed = bigint;

const fixed = (number: Decimal, digits: number): Fixed => rescaled(number, digits).value;
const cut = (value: Fixed, digits: number, scale: number): Decimal => rescaled({ value, scale: digits }, scale);
const integerDigits = ({ value, scale }: Decimal): number => Math.max(1, String(value).replace('-', '').length - scale);

export function exponential(x: Decimal, scale: number): Decimal | undefined {
  if (x.value < 0n) {
    const above = exponential(negated(x), scale + GUARD);
    return above && divide(ONE, above, scale);
  }
  const size = x.value / tens(x.scale);
  if (size > 200_000n) return undefined;
  const digits = scale + GUARD + Math.ceil(Number(size) * 0.44) + 10;
  return cut(expFixed(fixed(x, digits), digits), digits, scale);
}

function expFixed(x: Fixed, digits: number): Fixed {
  const unit = tens(digits);
  let halvings = 0n;
  while (x >> halvings > unit >> 6n) halvings++;
  // every squaring doubles the error
  const more = Number(halvings) + 4;
  const fineUnit = unit * tens(more);
  const small = (x * tens(more)) >> halvings;
  let [sum, term] = [fineUnit, fineUnit];
  for (let n = 1n; term !== 0n; n++) {
    term = (term * small) / (fineUnit * n);
    sum += term;
  }
  for (let n = 0n; n < halvings; n++) sum = (sum * sum) / fineUnit;
  return sum / tens(more);
}

export function logarithm(x: Decimal, scale: number): Decimal {
  if (x.value <= 0n) return divide(subtract(ONE, whole(tens(scale))), ONE, scale);
  const digits = scale + GUARD + integerDigits(x) + x.scale + 30;
  const unit = tens(digits);
  let value = fixed(x, digits);
  let doublings = 0n;
  while (value > unit + unit / 256n || value < unit - unit / 256n) {
    value = rootOf(value * unit);
    doublings++;
  }
  const ratio = ((value - unit) * unit) / (value + unit);
  const square = (ratio * ratio) / unit;
  let [sum, term] = [0n, ratio];
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term / n;
    term = (term * square) / unit;
  }
  return cut((sum << 1n) << doublings, digits, scale);
}

export function arctangent(x: Decimal, scale: number): Decimal {
  const digits = scale + GUARD + integerDigits(x);
  return cut(atanFixed(fixed(x, digits), digits), digits, scale);
}

function atanFixed(x: Fixed, digits: number): Fixed {
  const unit = tens(digits);
  if (x < 0n) return -atanFixed(-x, digits);
  if (x > unit) return piFixed(digits) / 2n - atanFixed((unit * unit) / x, digits);
  let [small, halvings] = [x, 0n];
  while (small > unit / 256n) {
    small = (small * unit) / (unit + rootOf(unit * unit + small * small));
    halvings++;
  }
  const square = (small * small) / unit;
  let [sum, term, sign] = [0n, small, 1n];
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += (sign * term) / n;
    sign = -sign;
    term = (term * square) / unit;
  }
  return sum << halvings;
}

/** By Machin's formula. */
function piFixed(digits: number): Fixed {
  const unit = tens(digits + 5);
  const inverse = (n: bigint): Fixed => {
    let [sum, term, sign] = [0n, unit / n, 1n];
    for (let k = 1n; term !== 0n; k += 2n) {
      sum += (sign * term) / k;
      sign = -sign;
      term /= n * n;
    }
    return sum;
  };
  return (4n * (4n * inverse(5n) - inverse(239n))) / tens(5);
}

export function sine(x: Decimal, scale: number): Decimal {
  return cut(...sineFixed(x, scale, 0n), scale);
}

export function cosine(x: Decimal, scale: number): Decimal {
  return cut(...sineFixed(x, scale, 1n), scale);
}

/** The sine after so many quarters of a turn more. */
function sineFixed(x: Decimal, scale: number, quarters: bigint): [Fixed, number] {
  const digits = scale + GUARD + integerDigits(x);
  const unit = tens(digits);
  const quarter = piFixed(digits + integerDigits(x)) / tens(integerDigits(x)) / 2n;
  const angle = fixed(x, digits);
  const turns = angle / quarter - (angle < 0n ? 1n : 0n);
  const rest = angle - (turns * piFixed(digits + integerDigits(x))) / tens(integerDigits(x)) / 2n;
  const where = (((turns + quarters) % 4n) + 4n) % 4n;
  const value = where % 2n === 0n ? series(rest, unit, 1n) : series(rest, unit, 0n);
  return [where >= 2n ? -value : value, digits];
}

/** Sine's series from the first power on, cosine's from none. */
function series(x: Fixed, unit: bigint, from: bigint): Fixed {
  const square = (x * x) / unit;
  let term = from === 1n ? x : unit;
  let sum = 0n;
  for (let n = from; term !== 0n; n += 2n) {
    sum += term;
    term = -(term * square) / (unit * (n + 1n) * (n + 2n));
  }
  return sum;
}

export function bessel(n: Decimal, x: Decimal, scale: number): Decimal {
  const order = n.value / tens(n.scale);
  const size = order < 0n ? -order : order;
  const sign = order < 0n && size % 2n === 1n ? -1n : 1n;
  const reach = Number((x.value < 0n ? -x.value : x.value) / tens(x.scale));
  const digits = scale + GUARD + Math.ceil(reach * 0.9) + 5; // its terms grow as large as the exponential before they shrink
  const unit = tens(digits);
  const half = fixed(x, digits) / 2n;
  let term = unit;
  for (let k = 1n; k <= size; k++) term = (term * half) / (unit * k);
  const square = (half * half) / unit;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k++) {
    sum += term;
    term = -(term * square) / (unit * k * (k + size));
  }
  return cut(sign * sum, digits, scale);
}
