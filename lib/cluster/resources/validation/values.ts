// Rules of single values that many kinds share: pkg/apis/core/validation.
import type { FieldErrors } from './field-errors';

// biome-ignore lint/suspicious/noExplicitAny: parts of an object, already shaped by the schema
export type Part = Record<string, any>;

/** One of a closed set, listed in the order of the real message. An empty value is a missing one. */
export const oneOf = (value: unknown, allowed: readonly string[], field: string, errors: FieldErrors): void => {
  if (value === undefined || value === '') errors.required(field);
  else if (!allowed.includes(value as string)) errors.notSupported(field, value, allowed);
};

export const nonNegative = (value: unknown, field: string, errors: FieldErrors): void => {
  if (typeof value === 'number' && value < 0) errors.invalid(field, value, 'must be greater than or equal to 0');
};

export const between = (value: unknown, first: number, last: number, field: string, errors: FieldErrors): void => {
  if (typeof value === 'number' && (value < first || value > last))
    errors.invalid(field, value, `must be between ${first} and ${last}, inclusive`);
};

/** A list of parts, or none. */
export const partsOf = (list: unknown): Part[] => (list ?? []) as Part[];

const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A number of pods or a percentage of them; `bounded` to a hundred. */
export function validateShare(
  value: number | string | undefined,
  field: string,
  bounded: boolean,
  errors: FieldErrors,
): void {
  if (typeof value === 'number') return nonNegative(value, field, errors);
  if (value === undefined) return;
  if (!/^[0-9]+%$/.test(value)) errors.invalid(field, value, PERCENT);
  else if (bounded && Number(value.slice(0, -1)) > 100) errors.invalid(field, value, 'must not be greater than 100%');
}
