// The types of PostgreSQL that are on board: numbers, names, sizes (src/include/catalog/pg_type.dat).
import type { Tree } from '../sql/postgres-parser';
import { PgError, unsupported } from './error';

export interface PgType {
  name: string;
  oid: number;
  arrayOid: number;
  /** As format_type and error messages say it. */
  display: string;
  /** pg_type.typcategory */
  category: 'N' | 'B' | 'S' | 'D' | 'T' | 'U' | 'I' | 'A' | 'E' | 'P' | 'X';
  /** Bytes, -1 when it varies. */
  length: number;
}

/** name, oid, array's oid, display, category, length */
const ROWS: [string, number, number, string, PgType['category'], number][] = [
  ['bool', 16, 1000, 'boolean', 'B', 1],
  ['bytea', 17, 1001, 'bytea', 'U', -1],
  ['char', 18, 1002, '"char"', 'S', 1],
  ['name', 19, 1003, 'name', 'S', 64],
  ['int8', 20, 1016, 'bigint', 'N', 8],
  ['int2', 21, 1005, 'smallint', 'N', 2],
  ['int2vector', 22, 1006, 'int2vector', 'A', -1],
  ['int4', 23, 1007, 'integer', 'N', 4],
  ['regproc', 24, 1008, 'regproc', 'N', 4],
  ['text', 25, 1009, 'text', 'S', -1],
  ['oid', 26, 1028, 'oid', 'N', 4],
  ['xid', 28, 1011, 'xid', 'U', 4],
  ['oidvector', 30, 1013, 'oidvector', 'A', -1],
  ['json', 114, 199, 'json', 'U', -1],
  ['pg_node_tree', 194, 0, 'pg_node_tree', 'S', -1],
  ['float4', 700, 1021, 'real', 'N', 4],
  ['float8', 701, 1022, 'double precision', 'N', 8],
  ['unknown', 705, 0, 'unknown', 'X', -2],
  ['money', 790, 791, 'money', 'N', 8],
  ['macaddr', 829, 1040, 'macaddr', 'U', 6],
  ['inet', 869, 1041, 'inet', 'I', -1],
  ['cidr', 650, 651, 'cidr', 'I', -1],
  ['aclitem', 1033, 1034, 'aclitem', 'U', 16],
  ['bpchar', 1042, 1014, 'character', 'S', -1],
  ['varchar', 1043, 1015, 'character varying', 'S', -1],
  ['date', 1082, 1182, 'date', 'D', 4],
  ['time', 1083, 1183, 'time without time zone', 'D', 8],
  ['timestamp', 1114, 1115, 'timestamp without time zone', 'D', 8],
  ['timestamptz', 1184, 1185, 'timestamp with time zone', 'D', 8],
  ['interval', 1186, 1187, 'interval', 'T', 16],
  ['numeric', 1700, 1231, 'numeric', 'N', -1],
  ['regclass', 2205, 2210, 'regclass', 'N', 4],
  ['regtype', 2206, 2211, 'regtype', 'N', 4],
  ['regrole', 4096, 4097, 'regrole', 'N', 4],
  ['regnamespace', 4089, 4090, 'regnamespace', 'N', 4],
  ['record', 2249, 2287, 'record', 'P', -1],
  ['void', 2278, 0, 'void', 'P', 4],
  ['uuid', 2950, 2951, 'uuid', 'U', 16],
  ['jsonb', 3802, 3807, 'jsonb', 'U', -1],
];

const BY_NAME = new Map<string, PgType>(
  ROWS.flatMap(([name, oid, arrayOid, display, category, length]) => {
    const type: PgType = { name, oid, arrayOid, display, category, length };
    const array: PgType = {
      name: `_${name}`,
      oid: arrayOid,
      arrayOid: 0,
      display: `${display}[]`,
      category: 'A',
      length: -1,
    };
    return arrayOid ? [[name, type] as const, [array.name, array] as const] : [[name, type] as const];
  }),
);
const BY_OID = new Map([...BY_NAME.values()].map((type) => [type.oid, type]));

export const allTypes = (): Iterable<PgType> => BY_NAME.values();
export const findType = (name: string): PgType | undefined => BY_NAME.get(name);
export const typeByOid = (oid: number): PgType | undefined => BY_OID.get(oid);

/** An enumeration or unknown name is a type of category E with its own name. */
export const typeNamed = (name: string): PgType =>
  BY_NAME.get(name) ?? { name, oid: 0, arrayOid: 0, display: name, category: 'E', length: 4 };

export const isArray = (type: string): boolean => type.startsWith('_');
export const elementOf = (type: string): string =>
  type === 'int2vector' ? 'int2' : type === 'oidvector' ? 'oid' : type.slice(1);
export const categoryOf = (type: string): PgType['category'] => typeNamed(type).category;
export const isInteger = (type: string): boolean => type === 'int2' || type === 'int4' || type === 'int8';
export const isFloat = (type: string): boolean => type === 'float4' || type === 'float8';
export const isText = (type: string): boolean => categoryOf(type) === 'S';
const REG = new Set(['regclass', 'regtype', 'regrole', 'regnamespace', 'regproc']);
export const isReg = (type: string): boolean => REG.has(type);

/** A type with its modifier: varchar(20) has 20, numeric(10,2) 10<<16|2; undefined is none. */
export interface Typed {
  type: string;
  mod?: number | undefined;
}

const INTEGER_ALIASES: Record<string, string> = {
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  boolean: 'bool',
  serial: 'int4',
  bigserial: 'int8',
  smallserial: 'int2',
  serial4: 'int4',
  serial8: 'int8',
  serial2: 'int2',
  string: 'text',
};

/** The type that a TypeName of the tree names; `known` has the enumerations. */
export function readTypeName(node: Tree, known: (name: string) => boolean): Typed {
  const written = node.names.map((part: Tree) => part.String.sval).at(-1) as string;
  const base = INTEGER_ALIASES[written] ?? written;
  if (!BY_NAME.has(base) && !known(base))
    throw new PgError('42704', `type "${written}" does not exist`, { at: node.location });
  const mods = (node.typmods ?? []).map((mod: Tree) => mod.A_Const?.ival?.ival ?? 0) as number[];
  const type = node.arrayBounds ? `_${base}` : base;
  if (mods.length === 0) return base === 'bpchar' && written === 'bpchar' ? { type } : { type };
  if (base === 'interval') return { type };
  if (base === 'numeric') return { type, mod: ((mods[0] ?? 0) << 16) | (mods[1] ?? 0) };
  if (mods.length > 1) throw unsupported(`type modifiers of ${written}`);
  return { type, mod: mods[0] };
}

/** `serial` and its kin: an integer with a sequence. */
export const isSerial = (node: Tree): boolean => /serial[248]?$/.test(node.names.at(-1).String.sval);

/** format_type: `character varying(20)`. */
export function displayType({ type, mod }: Typed): string {
  if (isArray(type)) return `${displayType({ type: elementOf(type), mod })}[]`;
  const { display } = typeNamed(type);
  if (mod === undefined || mod < 0) return display;
  if (type === 'numeric') return `numeric(${mod >> 16},${mod & 0xffff})`;
  if (type === 'timestamp' || type === 'timestamptz' || type === 'time')
    return display.replace(/^(timestamp|time)/, `$1(${mod})`);
  return type === 'varchar' || type === 'bpchar' ? `${display}(${mod})` : display;
}

/** pg_attribute.atttypmod */
export const typmodOf = ({ type, mod }: Typed): number =>
  mod === undefined ? -1 : /^_?(varchar|bpchar|numeric)$/.test(type) ? mod + 4 : mod;
export const fromTypmod = (type: string, typmod: number): Typed =>
  typmod < 0 ? { type } : { type, mod: /^_?(varchar|bpchar|numeric)$/.test(type) ? typmod - 4 : typmod };

export const isNumberType = (type: string): boolean => categoryOf(type) === 'N' && !isReg(type);
