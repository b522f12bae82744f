// MySQL's functions as SQLite's SQL. A function that SQLite lacks is one of `natives.ts` (`my_…`).
import { errors } from '../../mysql-protocol/errors';
import { isInteger, isNumber, isTemporal, type SqlType } from '../../mysql-protocol/types';
import {
  asNumber,
  asText,
  BIGINT,
  BOOL,
  DATETIME,
  DOUBLE,
  type Fragment,
  isExact,
  merge,
  NULL_TYPE,
  VARCHAR,
} from './fragment';

type Make = (args: Fragment[]) => Fragment;
/** Fewest and most arguments. */
type Entry = [number, number, Make];

const MANY = 1000;
const text = (length: number | undefined): SqlType => ({ name: 'varchar', length: length ?? 255 });
const lengthOf = (f: Fragment | undefined): number => f?.type.length ?? 255;
const sum = (fragments: Fragment[]): number => fragments.reduce((total, f) => total + lengthOf(f), 0);

const native =
  (name: string, type: SqlType, as: (f: Fragment) => string = (f) => f.sql): Make =>
  (args) => ({ sql: `${name}(${args.map(as).join(', ')})`, type });
const ofText = (name: string, type: SqlType): Make => native(name, type, asText);
const ofNumber = (name: string, type: SqlType): Make => native(name, type, asNumber);
/** A function of `natives.ts` that is named by its number of arguments too. */
const counted =
  (name: string, type: SqlType): Make =>
  (args) => ({ sql: `${name}${args.length}(${args.map(asText).join(', ')})`, type });

export const mergeTypes = (args: Fragment[]): SqlType => args.map((f) => f.type).reduce(merge, NULL_TYPE);

/** Arguments made suited for a common type. */
export const suited = (f: Fragment, type: SqlType): string =>
  isNumber(type) || type.name === 'null' ? f.sql : asText(f);

const first = (args: Fragment[]): Fragment => args[0] as Fragment;
const sameType =
  (name: string): Make =>
  (args) => {
    const type = mergeTypes(args);
    return { sql: `${name}(${args.map((f) => suited(f, type)).join(', ')})`, type };
  };

const concat: Make = (args) => ({
  sql: `(${args.map((f) => `CAST(${asText(f)} AS TEXT)`).join(' || ')})`,
  type: text(sum(args)),
});

const round: Make = (args) => {
  const [value, digits] = args as [Fragment, Fragment | undefined];
  const scale = digits?.literal ? Number(digits.sql) : digits ? undefined : 0;
  const exact = isExact(value.type);
  const sql = `my_round(${asNumber(value)}, ${digits ? asNumber(digits) : 0})`;
  if (!exact) return { sql, type: scale !== undefined && scale >= 0 && digits ? { ...DOUBLE, scale } : DOUBLE };
  if (isInteger(value.type) && (scale ?? 0) >= 0) return { sql: value.sql, type: BIGINT };
  if (scale === undefined) return { sql, type: value.type };
  const kept = Math.min(Math.max(scale, 0), value.type.scale ?? 0);
  return {
    sql,
    type: kept > 0 ? { name: 'decimal', length: 65, scale: kept } : { name: 'decimal', length: 65, scale: 0 },
  };
};

const truncate: Make = (args) => {
  const [value, digits] = args as [Fragment, Fragment];
  const scale = digits.literal ? Math.max(0, Number(digits.sql)) : (value.type.scale ?? 0);
  const type: SqlType = isExact(value.type)
    ? { name: 'decimal', length: 65, scale: Math.min(scale, value.type.scale ?? 0) }
    : DOUBLE;
  return { sql: `my_truncate(${asNumber(value)}, ${asNumber(digits)})`, type };
};

const mod: Make = (args) => {
  const [a, b] = args as [Fragment, Fragment];
  const integers = isInteger(a.type) && isInteger(b.type);
  if (integers) return { sql: `(${a.sql} % ${b.sql})`, type: BIGINT };
  const type =
    isExact(a.type) && isExact(b.type)
      ? ({ name: 'decimal', length: 65, scale: Math.max(a.type.scale ?? 0, b.type.scale ?? 0) } as const)
      : DOUBLE;
  return { sql: `my_mod(${asNumber(a)}, ${asNumber(b)})`, type };
};

/** The type of adding an interval to a date. */
const shifted = (of: Fragment): SqlType =>
  of.type.name === 'date' || of.type.name === 'datetime' || of.type.name === 'timestamp' || of.type.name === 'time'
    ? of.type
    : VARCHAR;

/** `date + INTERVAL n unit`; a DATE stays one unless the unit is smaller than a day. */
export function addInterval(of: Fragment, amount: Fragment, unit: string, sign: 1 | -1): Fragment {
  const small = /SECOND|MINUTE|HOUR/.test(unit);
  const type = of.type.name === 'date' && small ? DATETIME : shifted(of);
  return { sql: `my_date_add(${asText(of)}, ${asText(amount)}, '${unit}', ${sign})`, type };
}

const DATE: SqlType = { name: 'date' };
const TIME: SqlType = { name: 'time' };
const INT: SqlType = { name: 'bigint', length: 10 };
const HASH = (length: number): SqlType => ({ name: 'varchar', length });
const JSON_TYPE: SqlType = { name: 'json' };

const FUNCTIONS: Record<string, Entry> = {
  // Control
  IF: [
    3,
    3,
    (args) => {
      const type = mergeTypes(args.slice(1));
      const [condition, then, otherwise] = args as [Fragment, Fragment, Fragment];
      return {
        sql: `CASE WHEN ${asNumber(condition)} THEN ${suited(then, type)} ELSE ${suited(otherwise, type)} END`,
        type,
      };
    },
  ],
  IFNULL: [2, 2, sameType('IFNULL')],
  COALESCE: [1, MANY, (args) => (args.length === 1 ? first(args) : sameType('COALESCE')(args))],
  NULLIF: [2, 2, (args) => ({ sql: `NULLIF(${args.map((f) => f.sql).join(', ')})`, type: first(args).type })],
  ISNULL: [1, 1, (args) => ({ sql: `(${first(args).sql} IS NULL)`, type: BOOL })],
  GREATEST: [2, MANY, sameType('max')],
  LEAST: [2, MANY, sameType('min')],
  INTERVAL: [
    2,
    MANY,
    (args) => {
      const [value, ...bounds] = args as [Fragment, ...Fragment[]];
      const whens = bounds.map((bound, i) => `WHEN ${value.sql} < ${bound.sql} THEN ${i}`).join(' ');
      return { sql: `CASE WHEN ${value.sql} IS NULL THEN -1 ${whens} ELSE ${bounds.length} END`, type: BIGINT };
    },
  ],
  // Strings
  CONCAT: [1, MANY, concat],
  CONCAT_WS: [2, MANY, (args) => ({ sql: `concat_ws(${args.map(asText).join(', ')})`, type: text(sum(args)) })],
  LENGTH: [1, 1, (args) => ({ sql: `length(CAST(${asText(first(args))} AS BLOB))`, type: INT })],
  OCTET_LENGTH: [1, 1, (args) => ({ sql: `length(CAST(${asText(first(args))} AS BLOB))`, type: INT })],
  BIT_LENGTH: [1, 1, (args) => ({ sql: `(8 * length(CAST(${asText(first(args))} AS BLOB)))`, type: INT })],
  CHAR_LENGTH: [1, 1, ofText('length', INT)],
  CHARACTER_LENGTH: [1, 1, ofText('length', INT)],
  UPPER: [1, 1, (args) => ofText('my_upper', text(lengthOf(first(args))))(args)],
  UCASE: [1, 1, (args) => ofText('my_upper', text(lengthOf(first(args))))(args)],
  LOWER: [1, 1, (args) => ofText('my_lower', text(lengthOf(first(args))))(args)],
  LCASE: [1, 1, (args) => ofText('my_lower', text(lengthOf(first(args))))(args)],
  SUBSTRING: [
    2,
    3,
    (args) => ({
      sql: `my_substring${args.length}(${args.map(asText).join(', ')})`,
      type: text(lengthOf(first(args))),
    }),
  ],
  LEFT: [2, 2, (args) => ofText('my_left', text(lengthOf(first(args))))(args)],
  RIGHT: [2, 2, (args) => ofText('my_right', text(lengthOf(first(args))))(args)],
  TRIM: [
    1,
    3,
    (args) => ({
      sql: `my_trim(${asText(first(args))}, ${args[1]?.sql ?? "'BOTH'"}, ${args[2] ? asText(args[2]) : "' '"})`,
      type: text(lengthOf(first(args))),
    }),
  ],
  LTRIM: [1, 1, (args) => ({ sql: `ltrim(${asText(first(args))})`, type: text(lengthOf(first(args))) })],
  RTRIM: [1, 1, (args) => ({ sql: `rtrim(${asText(first(args))})`, type: text(lengthOf(first(args))) })],
  LPAD: [3, 3, ofText('my_lpad', VARCHAR)],
  RPAD: [3, 3, ofText('my_rpad', VARCHAR)],
  REPEAT: [2, 2, ofText('my_repeat', VARCHAR)],
  SPACE: [1, 1, (args) => ({ sql: `my_repeat(' ', ${first(args).sql})`, type: VARCHAR })],
  REPLACE: [3, 3, ofText('replace', VARCHAR)],
  REVERSE: [1, 1, ofText('my_reverse', VARCHAR)],
  INSTR: [2, 2, (args) => ({ sql: `my_locate2(${asText(args[1] as Fragment)}, ${asText(first(args))})`, type: INT })],
  LOCATE: [2, 3, counted('my_locate', INT)],
  INSERT: [4, 4, ofText('my_insert', VARCHAR)],
  SUBSTRING_INDEX: [3, 3, ofText('my_substring_index', VARCHAR)],
  STRCMP: [2, 2, ofText('my_strcmp', INT)],
  ASCII: [1, 1, ofText('my_ascii', INT)],
  ORD: [1, 1, ofText('my_ascii', INT)],
  CHAR: [1, MANY, (args) => ({ sql: `char(${args.map(asNumber).join(', ')})`, type: VARCHAR })],
  HEX: [
    1,
    1,
    (args) =>
      isNumber(first(args).type) && first(args).type.name !== 'bit'
        ? ofNumber('my_hex_number', VARCHAR)(args)
        : ofText('hex', VARCHAR)(args),
  ],
  UNHEX: [1, 1, native('unhex', { name: 'varbinary', length: 255 })],
  BIN: [1, 1, ofNumber('my_bin', VARCHAR)],
  OCT: [1, 1, ofNumber('my_oct', VARCHAR)],
  CONV: [3, 3, ofText('my_conv', VARCHAR)],
  FORMAT: [
    2,
    3,
    (args) => ({ sql: `my_format(${asNumber(first(args))}, ${asNumber(args[1] as Fragment)})`, type: VARCHAR }),
  ],
  QUOTE: [1, 1, ofText('my_quote', VARCHAR)],
  SOUNDEX: [1, 1, ofText('my_soundex', VARCHAR)],
  ELT: [
    2,
    MANY,
    (args) => {
      const type = mergeTypes(args.slice(1));
      const whens = args
        .slice(1)
        .map((f, i) => `WHEN ${i + 1} THEN ${suited(f, type)}`)
        .join(' ');
      return { sql: `CASE ${asNumber(first(args))} ${whens} END`, type };
    },
  ],
  FIELD: [
    2,
    MANY,
    (args) => {
      const whens = args
        .slice(1)
        .map((f, i) => `WHEN ${f.sql} THEN ${i + 1}`)
        .join(' ');
      return { sql: `CASE ${first(args).sql} ${whens} ELSE 0 END`, type: INT };
    },
  ],
  FIND_IN_SET: [2, 2, ofText('my_find_in_set', INT)],
  REGEXP_LIKE: [
    2,
    3,
    (args) => ({ sql: `my_regexp(${asText(first(args))}, ${asText(args[1] as Fragment)})`, type: BOOL }),
  ],
  REGEXP_REPLACE: [3, 3, ofText('my_regexp_replace', VARCHAR)],
  REGEXP_SUBSTR: [2, 2, ofText('my_regexp_substr', VARCHAR)],
  TO_BASE64: [1, 1, ofText('my_to_base64', VARCHAR)],
  FROM_BASE64: [1, 1, native('my_from_base64', { name: 'varbinary', length: 255 })],
  MD5: [1, 1, ofText('my_md5', HASH(32))],
  SHA: [1, 1, ofText('my_sha1', HASH(40))],
  SHA1: [1, 1, ofText('my_sha1', HASH(40))],
  SHA2: [2, 2, ofText('my_sha2', HASH(128))],
  CRC32: [1, 1, ofText('my_crc32', INT)],
  // Numbers
  ABS: [
    1,
    1,
    (args) => ({ sql: `abs(${asNumber(first(args))})`, type: isExact(first(args).type) ? first(args).type : DOUBLE }),
  ],
  SIGN: [1, 1, ofNumber('sign', INT)],
  ROUND: [1, 2, round],
  TRUNCATE: [2, 2, truncate],
  FLOOR: [
    1,
    1,
    (args) => ({
      sql: `CAST(my_floor(${asNumber(first(args))}) AS INTEGER)`,
      type: isExact(first(args).type) ? BIGINT : DOUBLE,
    }),
  ],
  CEIL: [
    1,
    1,
    (args) => ({
      sql: `CAST(my_ceil(${asNumber(first(args))}) AS INTEGER)`,
      type: isExact(first(args).type) ? BIGINT : DOUBLE,
    }),
  ],
  CEILING: [
    1,
    1,
    (args) => ({
      sql: `CAST(my_ceil(${asNumber(first(args))}) AS INTEGER)`,
      type: isExact(first(args).type) ? BIGINT : DOUBLE,
    }),
  ],
  MOD: [2, 2, mod],
  POW: [2, 2, ofNumber('pow', DOUBLE)],
  POWER: [2, 2, ofNumber('pow', DOUBLE)],
  SQRT: [1, 1, ofNumber('my_sqrt', DOUBLE)],
  EXP: [1, 1, ofNumber('exp', DOUBLE)],
  LN: [1, 1, ofNumber('ln', DOUBLE)],
  LOG: [
    1,
    2,
    (args) => ({
      sql: args.length === 1 ? `ln(${asNumber(first(args))})` : `log(${args.map(asNumber).join(', ')})`,
      type: DOUBLE,
    }),
  ],
  LOG2: [1, 1, ofNumber('log2', DOUBLE)],
  LOG10: [1, 1, ofNumber('log10', DOUBLE)],
  PI: [0, 0, () => ({ sql: 'pi()', type: { name: 'double', scale: 6 } })],
  SIN: [1, 1, ofNumber('sin', DOUBLE)],
  COS: [1, 1, ofNumber('cos', DOUBLE)],
  TAN: [1, 1, ofNumber('tan', DOUBLE)],
  ASIN: [1, 1, ofNumber('asin', DOUBLE)],
  ACOS: [1, 1, ofNumber('acos', DOUBLE)],
  ATAN: [1, 1, ofNumber('atan', DOUBLE)],
  ATAN2: [2, 2, ofNumber('atan2', DOUBLE)],
  DEGREES: [1, 1, ofNumber('degrees', DOUBLE)],
  RADIANS: [1, 1, ofNumber('radians', DOUBLE)],
  RAND: [
    0,
    1,
    (args) => ({ sql: args.length ? `my_rand_seeded(${asNumber(first(args))})` : 'my_rand()', type: DOUBLE }),
  ],
  UUID: [0, 0, () => ({ sql: 'my_uuid()', type: HASH(36) })],
  BIT_COUNT: [1, 1, ofNumber('my_bit_count', INT)],
  INET_ATON: [1, 1, ofText('my_inet_aton', BIGINT)],
  INET_NTOA: [1, 1, ofNumber('my_inet_ntoa', VARCHAR)],
  // Dates
  DATE: [1, 1, ofText('my_to_date', DATE)],
  TIME: [1, 1, ofText('my_to_time', TIME)],
  TIMESTAMP: [1, 1, ofText('my_to_datetime', DATETIME)],
  YEAR: [1, 1, ofText('my_year', { name: 'year' })],
  QUARTER: [1, 1, ofText('my_quarter', INT)],
  MONTH: [1, 1, ofText('my_month', INT)],
  MONTHNAME: [1, 1, ofText('my_monthname', VARCHAR)],
  WEEK: [1, 2, (args) => ({ sql: `my_week(${asText(first(args))}, ${args[1]?.sql ?? 0})`, type: INT })],
  WEEKOFYEAR: [1, 1, (args) => ({ sql: `my_week(${asText(first(args))}, 3)`, type: INT })],
  WEEKDAY: [1, 1, ofText('my_weekday', INT)],
  DAY: [1, 1, ofText('my_day', INT)],
  DAYOFMONTH: [1, 1, ofText('my_day', INT)],
  DAYNAME: [1, 1, ofText('my_dayname', VARCHAR)],
  DAYOFWEEK: [1, 1, ofText('my_dayofweek', INT)],
  DAYOFYEAR: [1, 1, ofText('my_dayofyear', INT)],
  HOUR: [1, 1, ofText('my_hour', INT)],
  MINUTE: [1, 1, ofText('my_minute', INT)],
  SECOND: [1, 1, ofText('my_second', INT)],
  MICROSECOND: [1, 1, ofText('my_microsecond', INT)],
  LAST_DAY: [1, 1, ofText('my_last_day', DATE)],
  DATEDIFF: [2, 2, ofText('my_datediff', INT)],
  TIMEDIFF: [2, 2, ofText('my_timediff', TIME)],
  TIMESTAMPDIFF: [3, 3, ofText('my_timestampdiff', BIGINT)],
  TIMESTAMPADD: [
    3,
    3,
    (args) => addInterval(args[2] as Fragment, args[1] as Fragment, first(args).sql.slice(1, -1), 1),
  ],
  DATE_FORMAT: [2, 2, ofText('my_date_format', VARCHAR)],
  TIME_FORMAT: [2, 2, ofText('my_date_format', VARCHAR)],
  STR_TO_DATE: [2, 2, ofText('my_str_to_date', DATETIME)],
  FROM_UNIXTIME: [
    1,
    2,
    (args) =>
      args.length === 1
        ? ofNumber('my_from_unixtime', DATETIME)(args)
        : {
            sql: `my_date_format(my_from_unixtime(${asNumber(first(args))}), ${(args[1] as Fragment).sql})`,
            type: VARCHAR,
          },
  ],
  TO_DAYS: [1, 1, ofText('my_to_days', INT)],
  FROM_DAYS: [1, 1, ofNumber('my_from_days', DATE)],
  MAKEDATE: [2, 2, ofNumber('my_makedate', DATE)],
  SEC_TO_TIME: [1, 1, ofNumber('my_sec_to_time', TIME)],
  TIME_TO_SEC: [1, 1, ofText('my_time_to_sec', INT)],
  EXTRACT: [2, 2, ofText('my_extract', BIGINT)],
  // JSON
  JSON_EXTRACT: [2, 2, (args) => ({ sql: `my_json(${args.map((f) => f.sql).join(' -> ')})`, type: JSON_TYPE })],
  JSON_UNQUOTE: [1, 1, ofText('my_json_unquote', { name: 'longtext' })],
  JSON_OBJECT: [
    0,
    MANY,
    (args) => ({ sql: `my_json(json_object(${args.map(jsonArgument).join(', ')}))`, type: JSON_TYPE }),
  ],
  JSON_ARRAY: [
    0,
    MANY,
    (args) => ({ sql: `my_json(json_array(${args.map(jsonArgument).join(', ')}))`, type: JSON_TYPE }),
  ],
  JSON_VALID: [1, 1, native('json_valid', BOOL)],
  JSON_LENGTH: [1, 1, ofText('my_json_length', INT)],
  JSON_TYPE: [1, 1, (args) => ({ sql: `my_json_type(${first(args).sql})`, type: VARCHAR })],
  JSON_KEYS: [1, 1, (args) => ({ sql: `my_json_keys(${first(args).sql})`, type: JSON_TYPE })],
  JSON_CONTAINS: [2, 2, native('my_json_contains', BOOL)],
  JSON_SET: [3, MANY, (args) => ({ sql: `my_json(json_set(${args.map(jsonArgument).join(', ')}))`, type: JSON_TYPE })],
  JSON_INSERT: [
    3,
    MANY,
    (args) => ({ sql: `my_json(json_insert(${args.map(jsonArgument).join(', ')}))`, type: JSON_TYPE }),
  ],
  JSON_REPLACE: [
    3,
    MANY,
    (args) => ({ sql: `my_json(json_replace(${args.map(jsonArgument).join(', ')}))`, type: JSON_TYPE }),
  ],
  JSON_REMOVE: [
    2,
    MANY,
    (args) => ({ sql: `my_json(json_remove(${args.map((f) => f.sql).join(', ')}))`, type: JSON_TYPE }),
  ],
  // Others
  GET_LOCK: [2, 2, () => ({ sql: '1', type: BOOL })],
  RELEASE_LOCK: [1, 1, () => ({ sql: '1', type: BOOL })],
  BENCHMARK: [2, 2, () => ({ sql: '0', type: BIGINT })],
  SLEEP: [1, 1, () => ({ sql: '0', type: BIGINT })],
  ANY_VALUE: [1, 1, (args) => first(args)],
  COERCIBILITY: [1, 1, () => ({ sql: '4', type: BIGINT })],
  CHARSET: [
    1,
    1,
    (args) => ({
      sql: isNumber(first(args).type) || isTemporal(first(args).type) ? "'binary'" : "'utf8mb4'",
      type: VARCHAR,
    }),
  ],
  COLLATION: [
    1,
    1,
    (args) => ({
      sql: isNumber(first(args).type) || isTemporal(first(args).type) ? "'binary'" : "'utf8mb4_0900_ai_ci'",
      type: VARCHAR,
    }),
  ],
};

function jsonArgument(f: Fragment): string {
  return f.type.name === 'json' ? `json(${f.sql})` : f.sql;
}

/** A call by name; throws 1305 for an unknown function, 1582 for a wrong number of arguments. */
export function callFunction(name: string, args: Fragment[], db: string | undefined): Fragment {
  const entry = FUNCTIONS[name];
  if (!entry) throw errors.noFunction(`${db ? `${db}.` : ''}${name.toLowerCase()}`);
  const [least, most, make] = entry;
  if (args.length < least || args.length > most) throw errors.wrongParamCount(name.toLowerCase());
  return make(args);
}
