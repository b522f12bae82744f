// What has the student answered to a question of the instructions?
import { z } from 'zod';
import { defineGrader, type Lens } from '../lib/grading/contract';
import { textOf } from './compare';
import { findObjects, reference } from './objects';
import { name, regexp } from './parameters';

const { kind, ...others } = reference;

const parameters = z
  .strictObject({
    question: name,
    equals: z.union([z.string(), z.number()]).optional().describe('Compared without regard to case and outer spaces.'),
    oneOf: z.array(z.string()).optional(),
    matches: regexp.optional().describe('A regular expression for the whole answer.'),
    near: z
      .strictObject({ value: z.coerce.number(), within: z.coerce.number() })
      .optional()
      .describe('A number, give or take.'),
    field: z
      .strictObject({ ...others, kind, path: z.string() })
      .optional()
      .describe('What stands in a field of an object; of several values, any.'),
  })
  .refine(
    ({ question: _, ...wanted }) => Object.values(wanted).some((each) => each !== undefined),
    'an answer has to be compared with something: equals, oneOf, matches, near or field',
  );
type Parameters = z.infer<typeof parameters>;

export const answer = defineGrader<Parameters>({
  name: 'answer',
  summary: 'A question of the instructions is answered rightly. The right answer is never shown.',
  example: {
    question: 'cluster-dns',
    field: {
      apiVersion: 'v1',
      kind: 'Service',
      namespace: 'openshift-dns',
      name: 'dns-default',
      path: '.spec.clusterIP',
    },
  },
  parameters,
  expects: ({ question }, not) => `the question ${question} is ${not ? 'not ' : ''}answered rightly`,
  async look(lens, given) {
    const said = lens.answer(given.question);
    if (said === undefined || said.trim() === '')
      return { holds: 0, observed: 'it is not answered', why: 'there is no answer yet', moot: true };
    const right = await isRight(lens, given, said);
    return { holds: right ? 1 : 0, observed: `the answer is “${said}”`, why: 'the cluster says otherwise' };
  },
});

const plain = (value: unknown): string => textOf(value).trim().toLowerCase().replace(/\s+/g, ' ');

async function isRight(
  lens: Lens,
  { equals, oneOf, matches, near, field }: Parameters,
  said: string,
): Promise<boolean> {
  if (equals !== undefined && plain(said) !== plain(equals)) return false;
  if (oneOf && !oneOf.map(plain).includes(plain(said))) return false;
  if (matches !== undefined && !new RegExp(`^(?:${matches})$`, 'i').test(said.trim())) return false;
  if (near && !(said.trim() !== '' && Math.abs(Number(said) - near.value) <= near.within)) return false;
  if (!field) return true;
  const objects = await findObjects(lens, field);
  return (
    typeof objects !== 'string' &&
    objects.flatMap((object) => lens.values(field.path, object)).some((value) => plain(value) === plain(said))
  );
}
