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

const POWERS: Record<string, number> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** A quantity as Go prints it where a message shows the structure: `resource.Quantity{…}`. */
export function goQuantity(text: string): GoValue {
  const [, digits = '0', suffix = ''] = /^([+-]?\d+)(.*)$/.exec(String(text)) ?? [];
  const binary = suffix.endsWith('i') ? 1024 ** ('KMGTPE'.indexOf(suffix[0] as string) + 1) : 1;
  const value = Number(digits) * binary;
  const format = suffix.endsWith('i') ? 'BinarySI' : 'DecimalSI';
  return new GoValue(
    `resource.Quantity{i:resource.int64Amount{value:${value}, scale:${POWERS[suffix] ?? 0}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:${JSON.stringify(text)}, Format:"${format}"}`,
  );
}

/** Stands for a value that the message leaves out: field.OmitValueType. */
export const OMITTED = Symbol('omitted');

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
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return `[]string{${value.map((each) => JSON.stringify(each)).join(', ')}}`;
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
    const shown = value === OMITTED ? 'Invalid value' : `Invalid value: ${show(value)}`;
    this.add(field, 'FieldValueInvalid', shown, detail);
  }

  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    const values = supported.map((each) => JSON.stringify(each)).join(', ');
    this.add(field, 'FieldValueNotSupported', `Unsupported value: ${show(value)}`, `supported values: ${values}`);
  }

  duplicate(field: string, value: unknown, detail = ''): void {
    this.add(field, 'FieldValueDuplicate', `Duplicate value: ${show(value)}`, detail);
  }

  forbidden(field: string, detail: string): void {
    this.add(field, 'FieldValueForbidden', 'Forbidden', detail);
  }

  notFound(field: string, value: unknown): void {
    this.add(field, 'FieldValueNotFound', `Not found: ${show(value)}`);
  }

  /** 1.32 and later say `may not be more than`. */
  tooLong(field: string, max: number): void {
    this.add(field, 'FieldValueTooLong', 'Too long', `must have at most ${max} bytes`);
  }

  tooMany(field: string, actual: number, max: number): void {
    this.add(field, 'FieldValueTooMany', `Too many: ${actual}`, `must have at most ${max} items`);
  }

  private add(field: string, reason: FieldError['reason'], message: string, detail = ''): void {
    this.list.push({ field, reason, message: detail ? `${message}: ${detail}` : message });
  }
}
