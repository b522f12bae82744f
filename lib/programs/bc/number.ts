// The numbers of bc and dc: whole numbers of so many places, cut and never rounded.

export interface Decimal {
  value: bigint;
  /** Places behind the point. */
  scale: number;
}

export const ZERO: Decimal = { value: 0n, scale: 0 };
export const ONE: Decimal = { value: 1n, scale: 0 };

export const whole = (value: number | bigint): Decimal => ({ value: BigInt(value), scale: 0 });

export const tens = (power: number): bigint => 10n ** BigInt(power);

/** With other places; what is beyond them is cut off. */
export function rescaled({ value, scale }: Decimal, to: number): Decimal {
  if (scale === to) return { value, scale };
  return { value: to > scale ? value * tens(to - scale) : value / tens(scale - to), scale: to };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { value: rescaled(a, scale).value + rescaled(b, scale).value, scale };
}

export const negated = ({ value, scale }: Decimal): Decimal => ({ value: -value, scale });
export const subtract = (a: Decimal, b: Decimal): Decimal => add(a, negated(b));

export function compare(a: Decimal, b: Decimal): number {
  const { value } = subtract(a, b);
  return value < 0n ? -1 : Number(value > 0n);
}

export function multiply(a: Decimal, b: Decimal, scale: number): Decimal {
  const exact = { value: a.value * b.value, scale: a.scale + b.scale };
  return rescaled(exact, Math.min(exact.scale, Math.max(scale, a.scale, b.scale)));
}

/** The divisor is not zero. */
export function divide(a: Decimal, b: Decimal, scale: number): Decimal {
  const shift = scale + b.scale - a.scale;
  const [over, under] = shift >= 0 ? [a.value * tens(shift), b.value] : [a.value, b.value * tens(-shift)];
  return { value: over / under, scale };
}

/** What is left of a division to so many places. */
export function remainder(a: Decimal, b: Decimal, scale: number): Decimal {
  const places = Math.max(a.scale, b.scale + scale);
  const quotient = divide(a, b, scale);
  const product = rescaled({ value: quotient.value * b.value, scale: quotient.scale + b.scale }, places);
  return subtract(rescaled(a, places), product);
}

/** A whole power of a number; of a negative one the inverse to so many places. */
export function power(base: Decimal, exponent: bigint, scale: number): Decimal {
  if (exponent === 0n) return ONE;
  const times = exponent < 0n ? -exponent : exponent;
  const exact = { value: base.value ** times, scale: base.scale * Number(times) };
  if (exponent < 0n) return divide(ONE, exact, scale);
  return rescaled(exact, Math.min(exact.scale, Math.max(scale, base.scale)));
}

/** The whole root, cut off. */
export function rootOf(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(16).length * 4 + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

export function squareRoot(number: Decimal, scale: number): Decimal {
  const places = Math.max(scale, number.scale);
  return { value: rootOf(rescaled(number, places * 2).value), scale: places };
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A number as it is written in a base; digits beyond the base count as its largest, but for one that stands alone. */
export function parseNumber(text: string, base: number): Decimal {
  const [integer = '', fraction = ''] = text.split('.');
  if (base === 10 && /^[0-9]*$/.test(integer + fraction))
    return { value: BigInt(integer + fraction || '0'), scale: fraction.length };
  if (text.length === 1) return whole(Math.max(0, DIGITS.indexOf(text)));
  const readDigits = (digits: string) =>
    Array.from(digits).reduce(
      (sum, digit) => sum * BigInt(base) + BigInt(Math.min(base - 1, DIGITS.indexOf(digit))),
      0n,
    );
  const below = divide(whole(readDigits(fraction)), whole(BigInt(base) ** BigInt(fraction.length)), fraction.length);
  return add(whole(readDigits(integer)), below);
}

/** As bc prints it: no nought before the point, and digits of large bases as numbers with blanks between. */
export function printed(number: Decimal, base: number): string {
  if (number.value === 0n) return '0';
  const sign = number.value < 0n ? '-' : '';
  const size = number.value < 0n ? -number.value : number.value;
  if (base === 10) {
    const digits = size.toString().padStart(number.scale, '0');
    const point = digits.length - number.scale;
    return sign + digits.slice(0, point) + (number.scale > 0 ? `.${digits.slice(point)}` : '');
  }
  return sign + inBase({ value: size, scale: number.scale }, base);
}

function inBase({ value, scale }: Decimal, base: number): string {
  const width = String(base - 1).length;
  const unit = tens(scale);
  const digit = (n: bigint) => (base <= 16 ? DIGITS.charAt(Number(n)) : String(n).padStart(width, '0'));
  const integer: string[] = [];
  for (let left = value / unit; left > 0n; left /= BigInt(base)) integer.unshift(digit(left % BigInt(base)));
  const fraction: string[] = [];
  let part = value % unit;
  // as many digits as the places of ten call for
  for (let reached = 1n; scale > 0 && reached.toString().length <= scale; reached *= BigInt(base)) {
    part *= BigInt(base);
    fraction.push(digit(part / unit));
    part %= unit;
  }
  const before = base <= 16 ? integer.join('') : integer.map((each) => ` ${each}`).join('');
  return before + (scale > 0 ? `.${fraction.join(base <= 16 ? '' : ' ')}` : '');
}
