// The shape of one entry of `checks:`. What its grader takes under `with` is declared by the grader itself.
import { z } from 'zod';

/** A DNS label, as Kubernetes names. */
export const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const hint = z.union([
  z
    .string()
    .min(1)
    .transform((text) => ({ text, price: 0 })),
  z.strictObject({
    text: z.string().min(1),
    price: z.number().min(0).max(100).default(0).describe('Points that it costs.'),
  }),
]);

export const checkSchema = z.strictObject({
  id: z
    .string()
    .regex(NAME, 'lower-case letters, digits and dashes')
    .describe('What `needs`, steps and hints call it.'),
  title: z.string().min(1).max(120).describe('What holds when it passes, for the report.'),
  points: z
    .number()
    .positive()
    .max(100)
    .describe('In whole; a grader that looks at several things gives an equal share for each.'),
  grader: z.string().describe('The name of a grader.'),
  with: z.record(z.string(), z.unknown()).default({}).describe('The parameters of the grader.'),
  not: z.boolean().default(false).describe('Expects the contrary.'),
  needs: z.array(z.string()).default([]).describe('Checks that have to pass before this one counts.'),
  required: z.boolean().default(false).describe('The lab is not passed without it.'),
  bonus: z
    .boolean()
    .default(false)
    .describe('Its points are not in the maximum; they make up for points lost elsewhere.'),
  objective: z.number().int().min(1).optional().describe('The number of the objective that it proves, from 1.'),
  lesson: z
    .array(z.string().regex(/^L\d\d[a-i]?$/, 'a row of the lesson, like L07'))
    .default([])
    .describe('Rows of the lesson that it grades.'),
  hints: z.array(hint).default([]).describe('Given one at a time, in this order.'),
});
