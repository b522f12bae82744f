// Exact decimal arithmetic on texts, with the scales that PostgreSQL's numeric gives its results.
import { PgError } from './error';

interface Decimal {
  /** The digits without point. */
  units: bigint;
  /** Digits after the point. */
  scale: number;
}

const SIGNIFICANT = 16; // NUMERIC_MIN_SIG_DIGITS
const MAX_SCALE = 1000;

export const isNumericText = (text: string): boolean =>
  /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,4})?\s*$/i.test(text) || /^\s*(nan|[-+]?inf(inity)?)\s*$/i.test(text);

function read(text: string): Decimal {
  const match = /^\s*([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?\s*$/i.exec(text);
  if (!match) return { units: 0n, scale: 0 };
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const power = Number(exponent);
  let units = BigInt(`${whole}${fraction}` || '0');
  let scale = fraction.length - power;
  if (scale < 0) [units, scale] = [units * 10n ** BigInt(-scale), 0];
  return { units: sign === '-' ? -units : units, scale: Math.min(scale, MAX_SCALE) };
}

function show({ units, scale }: Decimal): string {
  const negative = units < 0n;
  const digits = String(negative ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${negative ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

const at = ({ units, scale }: Decimal, wanted: number): bigint => units * 10n ** BigInt(wanted - scale);

/** Half away from zero. */
function divideRounded(a: bigint, b: bigint): bigint {
  const negative = a < 0n !== b < 0n;
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const result = (2n * x + y) / (2n * y);
  return negative ? -result : result;
}

export const canonical = (text: string): string => show(read(text));

export function add(a: string, b: string, sign = 1n): string {
  const [x, y] = [read(a), read(b)];
  const scale = Math.max(x.scale, y.scale);
  return show({ units: at(x, scale) + sign * at(y, scale), scale });
}

export function multiply(a: string, b: string): string {
  const [x, y] = [read(a), read(b)];
  return show({ units: x.units * y.units, scale: x.scale + y.scale });
}

/** The first base-10000 digit and its weight, from which the scale of a quotient follows (select_div_scale). */
function weightOf({ units, scale }: Decimal): { weight: number; first: number } {
  if (units === 0n) return { weight: 0, first: 0 };
  const digits = String(units < 0n ? -units : units);
  const magnitude = digits.length - scale; // digits before the point
  const weight = Math.floor((magnitude - 1) / 4);
  const lead = magnitude - 4 * weight; // decimal digits in the first base-10000 digit
  return { weight, first: Number(digits.slice(0, lead).padEnd(lead, '0')) };
}

export function divide(a: string, b: string): string {
  const [x, y] = [read(a), read(b)];
  if (y.units === 0n) throw new PgError('22012', 'division by zero');
  const [p, q] = [weightOf(x), weightOf(y)];
  const weight = p.weight - q.weight - (p.first <= q.first ? 1 : 0);
  const scale = Math.min(Math.max(SIGNIFICANT - weight * 4, x.scale, y.scale, 0), MAX_SCALE);
  return show({
    units: divideRounded(x.units * 10n ** BigInt(scale + y.scale), y.units * 10n ** BigInt(x.scale)),
    scale,
  });
}

export function modulo(a: string, b: string): string {
  const [x, y] = [read(a), read(b)];
  if (y.units === 0n) throw new PgError('22012', 'division by zero');
  const scale = Math.max(x.scale, y.scale);
  return show({ units: at(x, scale) % at(y, scale), scale });
}

export function compare(a: string, b: string): number {
  const [x, y] = [read(a), read(b)];
  const scale = Math.max(x.scale, y.scale);
  const difference = at(x, scale) - at(y, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function round(text: string, scale: number): string {
  const x = read(text);
  if (scale >= x.scale) return show({ units: at(x, scale), scale });
  const units = divideRounded(x.units, 10n ** BigInt(x.scale - scale));
  return scale < 0 ? show({ units: units * 10n ** BigInt(-scale), scale: 0 }) : show({ units, scale });
}

export function truncate(text: string, scale: number): string {
  const x = read(text);
  if (scale >= x.scale) return show({ units: at(x, scale), scale });
  const units = x.units / 10n ** BigInt(x.scale - scale);
  return scale < 0 ? show({ units: units * 10n ** BigInt(-scale), scale: 0 }) : show({ units, scale });
}

/** numeric(precision, scale): rounded, or the error of a field too small. */
export function fit(text: string, mod: number): string {
  const [precision, scale] = [mod >> 16, mod & 0xffff];
  const result = round(text, scale);
  const whole = result.replace('-', '').split('.')[0] ?? '';
  if (whole.replace(/^0+/, '').length > precision - scale)
    throw new PgError('22003', 'numeric field overflow', {
      detail: `A field with precision ${precision}, scale ${scale} must round to an absolute value less than ${precision === scale ? '' : '10^'}${precision === scale ? '1' : precision - scale}.`,
    });
  return result;
}

export const ceil = (text: string): string => {
  const whole = truncate(text, 0);
  return compare(whole, text) < 0 ? add(whole, '1') : whole;
};
export const floor = (text: string): string => {
  const whole = truncate(text, 0);
  return compare(whole, text) > 0 ? add(whole, '1', -1n) : whole;
};

/** A double as a numeric: fifteen digits that matter. */
export const fromDouble = (value: number): string => canonical(String(Number(value.toPrecision(15))));
export const scaleOf = (text: string): number => read(text).scale;

/** sqrt(numeric), with sixteen digits that matter. */
export function squareRoot(text: string): string {
  const x = read(text);
  const weight = Math.ceil((String(x.units).length - x.scale) / 2) - 1;
  const scale = Math.max(SIGNIFICANT - Math.floor(weight / 4) * 4, x.scale, 0);
  // one digit more, to round by
  const target = x.units * 10n ** BigInt(2 * (scale + 1) - x.scale);
  let guess = BigInt(Math.floor(Math.sqrt(Number(target))));
  for (
    let next = (guess + target / guess) / 2n;
    next !== guess && next !== guess + 1n;
    next = (guess + target / guess) / 2n
  )
    guess = next;
  return show({ units: (guess + 5n) / 10n, scale });
}
