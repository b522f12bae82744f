// How a value is compared with what is expected: one object of expectations for fields, texts, answers.
import { z } from 'zod';
import { brief, regexp } from './parameters';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const expectation = {
  equals: scalar.optional(),
  oneOf: z.array(scalar).optional(),
  contains: z.string().optional().describe('Text that it holds.'),
  matches: regexp.optional().describe('A regular expression.'),
  atLeast: z.coerce.number().optional(),
  atMost: z.coerce.number().optional(),
  exists: z.boolean().optional(),
};

export interface Expectation {
  equals?: string | number | boolean | undefined;
  oneOf?: (string | number | boolean)[] | undefined;
  contains?: string | undefined;
  matches?: string | undefined;
  atLeast?: number | undefined;
  atMost?: number | undefined;
  exists?: boolean | undefined;
}

/** Whether the values found at a place are as expected; nothing found is as expected only where nothing is. */
export function meets(values: readonly unknown[], wanted: Expectation): boolean {
  const { exists, ...rest } = wanted;
  const found = values.filter((value) => value !== undefined && value !== null);
  if (exists !== undefined && exists !== found.length > 0) return false;
  if (Object.values(rest).every((each) => each === undefined)) return exists !== undefined || found.length > 0;
  return found.length > 0 && found.every((value) => fits(value, rest));
}

function fits(value: unknown, { equals, oneOf, contains, matches, atLeast, atMost }: Expectation): boolean {
  const text = textOf(value);
  return (
    (equals === undefined || text === String(equals)) &&
    (oneOf === undefined || oneOf.map(String).includes(text)) &&
    (contains === undefined || text.includes(contains)) &&
    (matches === undefined || new RegExp(matches, 'm').test(text)) &&
    (atLeast === undefined || Number(value) >= atLeast) &&
    (atMost === undefined || Number(value) <= atMost)
  );
}

export const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The expectation in words. */
export function inWords({ equals, oneOf, contains, matches, atLeast, atMost, exists }: Expectation): string {
  const words = [
    equals === undefined ? '' : String(equals),
    oneOf ? `one of ${oneOf.join(', ')}` : '',
    contains === undefined ? '' : `holds “${brief(contains)}”`,
    matches === undefined ? '' : `matches ${matches}`,
    atLeast === undefined ? '' : `at least ${atLeast}`,
    atMost === undefined ? '' : `at most ${atMost}`,
    exists === undefined ? '' : exists ? 'set' : 'not set',
  ];
  return words.filter(Boolean).join(' and ') || 'set';
}
