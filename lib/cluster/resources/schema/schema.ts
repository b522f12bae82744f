// The types of the API: which fields a type has, and of what type each is. Built-in types come from types.json (field names
// and types only), others are written beside their kind in the same notation.
import builtin from './types.json';

/** Scalars of the notation; anything else names a type. `any` is kept as it comes. */
export type Scalar =
  | 'string'
  | 'int32'
  | 'int64'
  | 'double'
  | 'boolean'
  | 'date'
  | 'micro'
  | 'byte'
  | 'intstr'
  | 'quantity'
  | 'any';

/** A field's type: a scalar or a named type, in as many lists and maps as `wraps` says, outermost first. */
export interface FieldType {
  base: string;
  wraps: readonly ('list' | 'map')[];
  required: boolean;
}

export type TypeFields = ReadonlyMap<string, FieldType>;

/** Types in the notation of types.json: `{ Pod: { spec: 'PodSpec', … } }`; `[]X` a list, `{}X` a map, `X!` required. */
export type TypeSource = Record<string, Record<string, string>>;

const SCALARS = new Set('string int32 int64 double boolean date micro byte intstr quantity any'.split(' '));

export const isScalar = (base: string): base is Scalar => SCALARS.has(base);

function parseType(text: string): FieldType {
  const wraps: ('list' | 'map')[] = [];
  const required = text.endsWith('!');
  let rest = required ? text.slice(0, -1) : text;
  for (; rest.startsWith('[]') || rest.startsWith('{}'); rest = rest.slice(2))
    wraps.push(rest.startsWith('[]') ? 'list' : 'map');
  return { base: rest, wraps, required };
}

/** A field's type without its outermost list or map. */
export const elementType = (type: FieldType): FieldType => ({ ...type, wraps: type.wraps.slice(1), required: false });

const BUILTIN = builtin as unknown as TypeSource;
const builtinFields = new Map<string, TypeFields>();

/** The types of one API server: the built-in ones, which all servers have in common, and those added. Parsed on first use. */
export class Schema {
  private readonly parsed = new Map<string, TypeFields>();
  private readonly added: TypeSource = {};

  constructor(added: TypeSource = {}) {
    this.add(added);
  }

  /** undefined for a scalar or an unknown type. */
  fields(type: string): TypeFields | undefined {
    return parsed(this.added, this.parsed, type) ?? parsed(BUILTIN, builtinFields, type);
  }

  /** Types of a custom kind; a newer definition replaces them. */
  add(types: TypeSource): void {
    Object.assign(this.added, types);
    for (const name of Object.keys(types)) this.parsed.delete(name);
  }

  names(): string[] {
    return [...new Set([...Object.keys(BUILTIN), ...Object.keys(this.added)])];
  }
}

function parsed(sources: TypeSource, known: Map<string, TypeFields>, type: string): TypeFields | undefined {
  const before = known.get(type);
  if (before) return before;
  const source = Object.hasOwn(sources, type) ? sources[type] : undefined;
  if (!source) return undefined;
  const fields = new Map(Object.entries(source).map(([name, text]) => [name, parseType(text)]));
  known.set(type, fields);
  return fields;
}
