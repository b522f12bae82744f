// Kubernetes quantities: `500m`, `1Gi`, `2e3`. apimachinery pkg/api/resource.

const PATTERN = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E))?$/;
const FACTOR: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}; // prettier-ignore
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['k', 'M', 'G', 'T', 'P', 'E'];

/** What the real server answers to a malformed quantity. */
export const QUANTITY_ERROR =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** The number a quantity stands for, in its base unit; undefined if it is malformed. */
export function parseQuantity(text: string | number): number | undefined {
  if (typeof text === 'number') return text;
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, sign, digits, exponent, suffix] = match;
  const number = Number(digits) * (exponent ? 10 ** Number(exponent.slice(1)) : suffix ? (FACTOR[suffix] ?? 1) : 1);
  return sign === '-' ? -number : number;
}

/** For values known to be valid. */
export const quantityValue = (text: string | number | undefined): number => parseQuantity(text ?? 0) ?? 0;

/** The canonical text: as given if whole in its own format, else with the largest suffix without a fraction. */
export function canonicalQuantity(text: string | number): string {
  const value = parseQuantity(text);
  if (value === undefined) return String(text);
  const [, , , exponent, suffix = ''] = PATTERN.exec(String(text)) ?? [];
  if (exponent) return exponential(value);
  return suffix.endsWith('i') ? binary(value) : decimal(value);
}

/** As `100e6`: the exponent is a multiple of three. */
function exponential(value: number): string {
  const [, digits = '', suffix = ''] = /^(-?\d+)(.*)$/.exec(decimal(value)) ?? [];
  const power = suffix === '' ? 0 : Math.round(Math.log10(FACTOR[suffix] ?? 1));
  return power === 0 ? digits : `${digits}e${power}`;
}

function binary(value: number): string {
  let unit = -1;
  let rest = value;
  while (unit + 1 < BINARY.length && rest !== 0 && Number.isInteger(rest / 1024)) {
    rest /= 1024;
    unit++;
  }
  return Number.isInteger(rest) ? `${rest}${BINARY[unit] ?? ''}` : decimal(value);
}

function decimal(value: number): string {
  if (!Number.isInteger(value)) return fraction(value);
  let unit = -1;
  let rest = value;
  while (unit + 1 < DECIMAL.length && rest !== 0 && Number.isInteger(rest / 1000)) {
    rest /= 1000;
    unit++;
  }
  return `${rest}${DECIMAL[unit] ?? ''}`;
}

function fraction(value: number): string {
  for (const [suffix, scale] of [
    ['m', 1e3],
    ['u', 1e6],
    ['n', 1e9],
  ] as const) {
    const scaled = Math.round(value * scale * 1e3) / 1e3;
    if (Number.isInteger(scaled)) return `${scaled}${suffix}`;
  }
  return `${Math.ceil(value * 1e9)}n`; // rounded up, as the real one does below a billionth
}

/** Adds quantities, in the format of the first. */
export function addQuantities(a: string, b: string): string {
  const sum = quantityValue(a) + quantityValue(b);
  const suffix = PATTERN.exec(a)?.[4] ?? PATTERN.exec(b)?.[4] ?? '';
  return suffix.endsWith('i') ? binary(sum) : decimal(Math.round(sum * 1e9) / 1e9);
}
