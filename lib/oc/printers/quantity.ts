// Kubernetes quantities: `500m`, `1Gi`, `2e3`.

const SUFFIXES: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
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
};

/** The number that a quantity means; undefined when it is none. */
export function parseQuantity(text: string): number | undefined {
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+))(?:([eE][-+]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  if (!match) return undefined;
  const [, digits, exponent, suffix] = match;
  return exponent ? Number(`${digits}${exponent}`) : Number(digits) * (SUFFIXES[suffix ?? ''] as number);
}

/** Compares two quantities; undefined where one of them is none. */
export function compareQuantities(a: string, b: string): number | undefined {
  const [x, y] = [parseQuantity(a), parseQuantity(b)];
  return x === undefined || y === undefined ? undefined : x - y;
}

/** What kubectl says of a malformed quantity. */
export const QUANTITY_ERROR =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const BINARY = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'];
const DECIMAL = ['E', 'P', 'T', 'G', 'M', 'k', '', 'm', 'u'];

/** A quantity as Go writes it again: the largest suffix of its format that leaves no fraction. Undefined when it is none. */
export function canonicalQuantity(text: string): string | undefined {
  const value = parseQuantity(text);
  if (value === undefined) return undefined;
  if (value === 0) return '0';
  const shown = (suffixes: string[]) => {
    for (const suffix of suffixes) {
      const scaled = value / (SUFFIXES[suffix] as number);
      const whole = Math.round(scaled);
      if (whole !== 0 && Math.abs(scaled - whole) < Math.abs(whole) * 1e-12) return `${whole}${suffix}`;
    }
    return undefined;
  };
  if (/[eE][-+]?\d/.test(text)) {
    const [, digits = '', suffix = ''] = /^(-?\d+)(.*)$/.exec(shown(DECIMAL) ?? '') ?? [];
    const power = 18 - 3 * DECIMAL.indexOf(suffix);
    return power === 0 ? digits : `${digits}e${power}`;
  }
  return (text.endsWith('i') && shown([...BINARY, ''])) || (shown(DECIMAL) ?? `${Math.ceil(value * 1e9)}n`);
}
