// Are fields of an object as they should be? By kubectl's JSONPath, or by an expression in CEL (@marcbachmann/cel-js).
import { evaluate, parse } from '@marcbachmann/cel-js';
import { z } from 'zod';
import { defineGrader, type Finding, type KubeObject, type Lens } from '../lib/grading/contract';
import { expectation, inWords, meets, textOf } from './compare';
import { findObjects, reference, title } from './objects';
import { brief, count } from './parameters';

const field = z.strictObject({ path: z.string().min(1).describe('A JSONPath: `.spec.replicas`.'), ...expectation });

const parameters = z.strictObject({
  ...reference,
  fields: z.array(field).default([]).describe('Each that holds gives its part of the points.'),
  cel: z
    .string()
    .refine(isExpression, 'not an expression of CEL')
    .optional()
    .describe('An expression over `object` (the first) and `objects` (all): `object.spec.replicas >= 2`.'),
  atLeast: z.coerce.number().int().min(0).default(1).describe('So many objects, without `name`.'),
});
type Parameters = z.infer<typeof parameters>;

function isExpression(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

export const resource = defineGrader<Parameters>({
  name: 'resource',
  summary:
    'Fields of an object have expected values. For what shows only in the object; effects are better graded by what the network does.',
  example: {
    apiVersion: 'v1',
    kind: 'Service',
    namespace: 'shop',
    name: 'db',
    fields: [{ path: '.spec.sessionAffinity', equals: 'ClientIP' }],
  },
  parameters,
  expects(given, not) {
    const fields = given.fields.map(({ path, ...wanted }) => `${path} is ${inWords(wanted)}`);
    const told = [...fields, ...(given.cel ? [given.cel] : [])].join(', ');
    return `${title(given)}${not ? ' is not so:' : told ? ':' : ' is there'} ${told}`.trim();
  },
  async look(lens, given) {
    const objects = await findObjects(lens, given);
    if (typeof objects === 'string')
      return { holds: 0, observed: objects, why: objects, moot: objects.startsWith('the cluster knows') };
    if (objects.length < given.atLeast) {
      const observed = `${count(objects.length, 'such object')}`;
      return {
        holds: objects.length / given.atLeast,
        observed,
        why: `there ${objects.length === 1 ? 'is' : 'are'} ${observed}`,
      };
    }
    return judge(lens, objects, given);
  },
});

function judge(lens: Lens, objects: KubeObject[], { fields, cel }: Parameters): Finding {
  const [first] = objects;
  const seen = fields.map(({ path, ...wanted }) => {
    const values = lens.values(path, first);
    return { path, ok: meets(values, wanted), found: values.map(textOf).join(' ') || 'nothing' };
  });
  const expression = cel ? [{ path: cel, ...calculate(cel, objects) }] : [];
  const parts = [...seen, ...expression];
  if (parts.length === 0) return { holds: 1, observed: `${count(objects.length, 'object')} found`, why: '' };
  const wrong = parts.filter(({ ok }) => !ok);
  const observed = parts.map(({ path, found }) => `${path} is ${brief(found)}`).join(', ');
  const why = wrong.map(({ path, found }) => `${path} is ${brief(found)}`).join(', ');
  return { holds: 1 - wrong.length / parts.length, observed, why };
}

/** A field that is not there makes an expression fail; that is no fault of the check. */
function calculate(cel: string, objects: KubeObject[]): { ok: boolean; found: string } {
  try {
    const value = evaluate(cel, { object: objects[0], objects });
    return { ok: value === true, found: String(value) };
  } catch (error) {
    return { ok: false, found: `not to be calculated (${(error as Error).message.split('\n')[0]})` };
  }
}
