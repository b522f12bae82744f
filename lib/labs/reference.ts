// The reference page of the format, made from the same definition: every field with its type, default and meaning.
import { stringify } from 'yaml';
import { z } from 'zod';
import { graders } from '../../graders';
import { labSchema } from './schema';

const HEAD = `# Reference of lab.yaml

<!-- Made by \`npm run lab -- docs\`; change lib/labs/schema.ts or the grader instead. -->

A lab is a folder in \`labs/\`. This page lists every field of its \`lab.yaml\`, and every grader. How to make a lab is told in
[authoring.md](authoring.md), images in [lab-images.md](lab-images.md). \`npm run lab -- schema\` prints the JSON Schema for editors.

Where a field has several forms, as \`{ pod, namespace }\` or \`{ node }\`, one of them is written, whole; a \`?\` marks what may be left out.
\`in its form\` in a table means: required in the forms that have it.
`;

export function labReference(): string {
  const fields = table(labSchema, (name) => name !== 'images');
  const parts = [...graders.values()].map((grader) => {
    const example = stringify({ grader: grader.name, with: grader.example }).trimEnd();
    return `### ${grader.name}\n\n${grader.summary}\n\n${table(grader.parameters)}\n\n\`\`\`yaml\n${example}\n\`\`\`\n`;
  });
  return `${HEAD}\n## Fields\n\n${fields}\n\n## Graders\n\nEach is named by \`grader\` and takes its parameters in \`with\`. With \`not: true\` the contrary is expected; where the question
cannot be put (no such project, nothing to reach), neither form passes. Numbers may be variables.\n\n${parts.join('\n')}`;
}

function table(schema: z.ZodType, wanted: (name: string) => boolean = () => true): string {
  const rows = rowsOf(schema, '').filter(({ name }) => wanted(name.split(/[.[]/)[0] as string));
  if (rows.length === 0) return 'It takes no parameters.';
  const lines = rows.map(({ name, type, needed, text }) => `| \`${name}\` | ${type} | ${needed} | ${text} |`);
  return ['| field | type | default | meaning |', '|---|---|---|---|', ...lines].join('\n');
}

interface Row {
  name: string;
  type: string;
  /** Its default, or `required`, or nothing. */
  needed: string;
  text: string;
}

function rowsOf(schema: z.ZodType, prefix: string): Row[] {
  const object = objectOf(schema);
  if (!object) return [];
  return Object.entries(object.shape).flatMap(([key, field]) => {
    const name = prefix ? `${prefix}.${key}` : key;
    return [rowOf(name, field as z.ZodType), ...below(name, field as z.ZodType)];
  });
}

/** The rows of what a field holds. */
function below(name: string, schema: z.ZodType): Row[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodArray) return below(`${name}[]`, inner.element as z.ZodType);
  if (inner instanceof z.ZodRecord) return below(`${name}.NAME`, inner.valueType as z.ZodType);
  if (inner instanceof z.ZodUnion) {
    const rows = inner.options.flatMap((option) => below(name, option as z.ZodType));
    return rows
      .filter((row, i) => rows.findIndex((other) => other.name === row.name) === i)
      .map((row) =>
        isDirect(name, row) && !isInAll(inner, row) && row.needed === 'required'
          ? { ...row, needed: 'in its form' }
          : row,
      );
  }
  return rowsOf(inner, name);
}

const isDirect = (name: string, row: Row): boolean => !/[.[]/.test(row.name.slice(name.length + 1));

const isInAll = ({ options }: z.ZodUnion, { name }: Row): boolean =>
  options.every((option) => objectOf(option as z.ZodType)?.shape[name.slice(name.lastIndexOf('.') + 1)]);

/** `{ namespace, labels? }` */
const formOf = ({ shape }: z.ZodObject): string =>
  `\`{ ${Object.entries(shape)
    .map(([key, field]) => ((field as z.ZodType).safeParse(undefined).success ? `${key}?` : key))
    .join(', ')} }\``;

function rowOf(name: string, schema: z.ZodType): Row {
  const value = defaultOf(schema);
  const optional = schema.safeParse(undefined).success;
  const needed = value === undefined ? (optional ? '' : 'required') : `\`${JSON.stringify(value)}\``;
  return { name, type: typeOf(schema), needed, text: (descriptionOf(schema) ?? '').replaceAll('|', '\\|') };
}

const descriptionOf = (schema: z.ZodType): string | undefined =>
  schema.description ?? (bare(schema) === schema ? undefined : bare(schema).description);

function defaultOf(schema: z.ZodType): unknown {
  if (!(schema instanceof z.ZodDefault)) return undefined;
  const { defaultValue } = schema.def;
  return Array.isArray(defaultValue) && defaultValue.length === 0
    ? undefined
    : isEmpty(defaultValue)
      ? undefined
      : defaultValue;
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function typeOf(schema: z.ZodType): string {
  const inner = bare(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map((each) => `\`${each}\``).join(', ');
  if (inner instanceof z.ZodLiteral) return [...inner.values].map((each) => `\`${each}\``).join(', ');
  if (inner instanceof z.ZodArray) return `list of ${typeOf(inner.element as z.ZodType)}`;
  if (inner instanceof z.ZodRecord) return `map of ${typeOf(inner.valueType as z.ZodType)}`;
  if (inner instanceof z.ZodUnion)
    return [...new Set(inner.options.map((each) => formOrType(each as z.ZodType)))].join(' or ');
  if (inner instanceof z.ZodNumber) return 'number';
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodObject) return 'map';
  return inner instanceof z.ZodString ? 'text' : 'anything';
}

function formOrType(schema: z.ZodType): string {
  const object = objectOf(schema);
  return object ? formOf(object) : typeOf(schema);
}

function objectOf(schema: z.ZodType): z.ZodObject | undefined {
  const inner = bare(schema);
  return inner instanceof z.ZodObject ? inner : undefined;
}

/** Without defaults, optionality and transformations. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return bare(schema.in as z.ZodType);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return bare(schema.unwrap() as z.ZodType);
  return schema;
}
