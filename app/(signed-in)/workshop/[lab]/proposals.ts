// What can stand where the cursor is, from the JSON Schema of the lab format. Written here because the completion libraries for
// CodeMirror know JSON Schema up to draft 7, and the parameters of a grader hang on `if`/`then` of the current one.
import { type Spot, spotAt } from './yaml-spot';

/** As much of JSON Schema as zod writes. */
export interface Schema {
  description?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  if?: Schema;
  then?: Schema;
  $ref?: string;
  $defs?: Record<string, Schema>;
}

interface Proposal {
  label: string;
  /** What is put into the text. */
  apply: string;
  detail: string;
  info: string;
  required: boolean;
}

export interface Proposals {
  /** Where the word that they complete begins. */
  from: number;
  options: Proposal[];
}

const FILE = /A file of the lab folder/;

/** @param files of the lab, proposed where one is wanted */
export function proposalsAt(
  text: string,
  offset: number,
  schema: Schema,
  files: readonly string[],
): Proposals | undefined {
  const spot = spotAt(text, offset);
  if (!spot) return undefined;
  const schemas = inside(spot, schema);
  const options = spot.kind === 'key' ? keys(spot, schemas) : values(spot, schemas, schema, files);
  return options.length > 0 ? { from: offset - spot.word.length, options } : undefined;
}

/** The schemas of the map or list in which the cursor stands, all forms that it may have. */
function inside({ frames }: Spot, root: Schema): Schema[] {
  const [top, ...steps] = frames;
  let schemas = forms([root], top?.children, root);
  for (const { key, children } of steps)
    schemas = forms(
      schemas.flatMap((each) => into(each, key)),
      children,
      root,
    );
  return schemas;
}

function into(schema: Schema, key: string | undefined): Schema[] {
  if (key === undefined) return schema.items ? [schema.items] : [];
  const own = schema.properties?.[key];
  if (own) return [own];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

/** Without references, alternatives and conditions: those that hold are taken. */
function forms(schemas: readonly Schema[], beside: ReadonlyMap<string, string> | undefined, root: Schema): Schema[] {
  return schemas.flatMap((schema) => {
    const target = schema.$ref ? root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] : undefined;
    const then = schema.if && schema.then && holds(schema.if, beside) ? [schema.then] : [];
    const more = [
      ...(target ? [target] : []),
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...(schema.allOf ?? []),
    ];
    return [schema, ...forms([...more, ...then], beside, root)];
  });
}

const holds = (condition: Schema, beside: ReadonlyMap<string, string> | undefined): boolean =>
  Object.entries(condition.properties ?? {}).every(([key, { const: wanted }]) => beside?.get(key) === wanted);

function keys({ frames, word }: Spot, schemas: readonly Schema[]): Proposal[] {
  const there = frames.at(-1)?.children;
  const found = new Map<string, Proposal>();
  for (const { properties = {}, required = [] } of schemas)
    for (const [key, schema] of Object.entries(properties)) {
      if (there?.has(key) && key !== word) continue;
      const before = found.get(key);
      found.set(key, {
        label: key,
        apply: `${key}: `,
        detail: before?.detail || typeOf(schema),
        info: before?.info || (schema.description ?? ''),
        required: (before?.required ?? false) || required.includes(key),
      });
    }
  return [...found.values()];
}

function values({ key, frames }: Spot, schemas: readonly Schema[], root: Schema, files: readonly string[]): Proposal[] {
  const candidates = forms(
    schemas.flatMap((schema) => into(schema, key)),
    frames.at(-1)?.children,
    root,
  );
  const texts = candidates.flatMap((schema) => [
    ...(schema.enum ?? []),
    ...(schema.const === undefined ? [] : [schema.const]),
    ...(schema.type === 'boolean' ? [true, false] : []),
    ...(FILE.test(schema.description ?? '') ? files : []),
    ...(isScalar(schema.default) ? [schema.default] : []),
  ]);
  const info = candidates.find(({ description }) => description)?.description ?? '';
  return [...new Set(texts.map(String))].map((text) => ({
    label: text,
    apply: text,
    detail: '',
    info,
    required: false,
  }));
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value) && value !== '';

function typeOf({ type, enum: choices, anyOf, oneOf }: Schema): string {
  if (choices) return choices.length > 3 ? 'one of' : choices.join(' | ');
  return (
    { object: 'map', array: 'list', string: 'text', integer: 'number' }[type ?? ''] ??
    type ??
    (anyOf || oneOf ? 'several forms' : '')
  );
}
