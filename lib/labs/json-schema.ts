// The format as JSON Schema, for editors: the zod definition, with each grader's parameters where that grader is named.
import { z } from 'zod';
import { graders } from '../../graders';
import { labSchema } from './schema';

type Json = { [key: string]: unknown };

const toJson = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;

/** Draft 2020-12. */
export function labJsonSchema(): Json {
  const schema = toJson(labSchema) as { properties: { checks: { items: Json & { properties: Json } } } } & Json;
  const { items } = schema.properties.checks;
  items['properties'] = {
    ...items.properties,
    grader: { ...(items.properties['grader'] as Json), enum: [...graders.keys()] },
  };
  items['allOf'] = [...graders.values()].map(({ name, parameters }) => {
    const { $schema: _, ...own } = toJson(parameters);
    return {
      if: { properties: { grader: { const: name } }, required: ['grader'] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
      then: { properties: { with: own } },
    };
  });
  return { title: 'A Podlab lab', ...schema };
}
