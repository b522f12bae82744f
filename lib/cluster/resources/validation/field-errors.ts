// Collects the wrong fields of an object, worded as apimachinery's field.Error.
import type { FieldError } from '../../store/errors';

/** A map of strings as Go prints it: `map[string]string{"a":"b"}`. */
const goMap = (map: object): string =>
  `map[string]string{${Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
    .join(', ')}}`;

/** A value that Go prints its own way: `new GoValue('v1.LabelSelector{…}')`. */
export class GoValue {
  constructor(readonly text: string) {}
}

/** A label selector as Go prints it in messages. */
export function goSelector(selector: { matchLabels?: object; matchExpressions?: unknown[] } | undefined): GoValue {
  const labels = selector?.matchLabels ? goMap(selector.matchLabels) : 'map[string]string(nil)';
  const list = selector?.matchExpressions ?? [];
  const expressions =
    list.length > 0
      ? `[]v1.LabelSelectorRequirement{${list.map((each) => JSON.stringify(each))}}`
      : '[]v1.LabelSelectorRequirement(nil)';
  return new GoValue(`v1.LabelSelector{MatchLabels:${labels}, MatchExpressions:${expressions}}`);
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof GoValue) return value.text;
  if (typeof value === 'object' && !Array.isArray(value)) return goMap(value);
  return JSON.stringify(value);
}

/**
 * @example
 * const errors = new FieldErrors();
 * errors.required('spec.containers');
 * errors.list // [{ field: 'spec.containers', reason: 'FieldValueRequired', message: 'Required value' }]
 */
export class FieldErrors {
  readonly list: FieldError[] = [];

  required(field: string, detail = ''): void {
    this.add(field, 'FieldValueRequired', 'Required value', detail);
  }

  invalid(field: string, value: unknown, detail: string): void {
    this.add(field, 'FieldValueInvalid', `Invalid value: ${show(value)}`, detail);
  }

  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    const values = supported.map((each) => JSON.stringify(each)).join(', ');
    this.add(field, 'FieldValueNotSupported', `Unsupported value: ${show(value)}`, `supported values: ${values}`);
  }

  duplicate(field: string, value: unknown): void {
    this.add(field, 'FieldValueDuplicate', `Duplicate value: ${show(value)}`);
  }

  forbidden(field: string, detail: string): void {
    this.add(field, 'FieldValueForbidden', 'Forbidden', detail);
  }

  notFound(field: string, value: unknown): void {
    this.add(field, 'FieldValueNotFound', `Not found: ${show(value)}`);
  }

  tooLong(field: string, max: number): void {
    this.add(field, 'FieldValueTooLong', 'Too long', `may not be more than ${max} bytes`);
  }

  tooMany(field: string, actual: number, max: number): void {
    this.add(field, 'FieldValueTooMany', `Too many: ${actual}`, `must have at most ${max} items`);
  }

  private add(field: string, reason: FieldError['reason'], message: string, detail = ''): void {
    this.list.push({ field, reason, message: detail ? `${message}: ${detail}` : message });
  }
}
