// psql's `\d` family: queries of the catalog and the tables they make (src/bin/psql/describe.c).
import type { Client } from './connection';
import type { Shown } from './format';

/** What `\d…` shows: a table, or a sentence when there is nothing. */
export type Described = { table: Shown } | { nothing: string };

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A pattern of psql as a regular expression: `*`, `?`, quotes, folding. */
function patternOf(pattern: string): { schema?: string; name: string } {
  const parts: string[] = [''];
  let quoted = false;
  for (const ch of pattern) {
    if (ch === '"') quoted = !quoted;
    else if (ch === '.' && !quoted) parts.push('');
    else
      parts[parts.length - 1] += quoted
        ? ch.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        : ch === '*'
          ? '.*'
          : ch === '?'
            ? '.'
            : ch === '$'
              ? '\\$'
              : ch.toLowerCase();
  }
  const [schema, name] = parts.length > 1 ? [parts.at(-2), parts.at(-1) ?? ''] : [undefined, parts[0] ?? ''];
  return schema === undefined ? { name: `^(${name})$` } : { schema: `^(${schema})$`, name: `^(${name})$` };
}

function conditions(pattern: string | undefined, name: string, visible: string): string {
  if (pattern === undefined) return ` AND ${visible}`;
  const found = patternOf(pattern);
  return `${found.name === '^(.*)$' ? '' : ` AND ${name} ~ ${literal(found.name)}`}${found.schema ? (found.schema === '^(.*)$' ? '' : ` AND n.nspname ~ ${literal(found.schema)}`) : ` AND ${visible}`}`;
}

const KINDS = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' END`;
const NAMES: Record<string, string> = { t: 'r', v: 'v', i: 'i', s: 'S', m: 'm' };

async function rows(client: Client, sql: string): Promise<(string | null)[][]> {
  const [reply] = await client.all(sql);
  if (reply?.error) throw new Error(reply.error.message);
  return reply?.rows ?? [];
}

const listed = (title: string, headers: string[], found: (string | null)[][]): Described => ({
  table: { title, headers, rows: found, right: headers.map(() => false) },
});

/** `\d` without a name, `\dt`, `\dv`, `\di`, `\ds`. */
export async function listRelations(
  client: Client,
  letters: string,
  pattern: string | undefined,
  system: boolean,
  verbose: boolean,
): Promise<Described> {
  const kinds = letters === '' ? ['r', 'v', 'm', 'S'] : [...letters].map((letter) => NAMES[letter] ?? 'r');
  const withTable = kinds.includes('i');
  const hidden =
    system || pattern !== undefined
      ? ''
      : ` AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_toast' AND n.nspname <> 'information_schema'`;
  const found = await rows(
    client,
    `SELECT n.nspname, c.relname, ${KINDS}, pg_get_userbyid(c.relowner)${withTable ? ', c2.relname' : ''}${verbose ? `, CASE c.relpersistence WHEN 'p' THEN 'permanent' WHEN 't' THEN 'temporary' END, am.amname, pg_size_pretty(pg_table_size(c.oid)), obj_description(c.oid, 'pg_class')` : ''} FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam ${withTable ? 'LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class c2 ON i.indrelid = c2.oid ' : ''}WHERE c.relkind IN (${kinds.map(literal).join(',')})${hidden}${conditions(pattern, 'c.relname', 'pg_table_is_visible(c.oid)')} ORDER BY 1, 2`,
  );
  if (found.length === 0)
    return {
      nothing: pattern === undefined ? 'Did not find any relations.' : `Did not find any relation named "${pattern}".`,
    };
  return listed(
    'List of relations',
    [
      'Schema',
      'Name',
      'Type',
      'Owner',
      ...(withTable ? ['Table'] : []),
      ...(verbose ? ['Persistence', 'Access method', 'Size', 'Description'] : []),
    ],
    found,
  );
}

export async function listDatabases(client: Client): Promise<Described> {
  const found = await rows(
    client,
    `SELECT d.datname, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, d.daticulocale, CASE d.datlocprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' END, array_to_string(d.datacl, E'\\n') FROM pg_database d ORDER BY 1`,
  );
  return listed(
    'List of databases',
    ['Name', 'Owner', 'Encoding', 'Collate', 'Ctype', 'ICU Locale', 'Locale Provider', 'Access privileges'],
    found,
  );
}

export async function listRoles(client: Client, pattern: string | undefined): Promise<Described> {
  const where = pattern === undefined ? `r.rolname !~ '^pg_'` : `r.rolname ~ ${literal(patternOf(pattern).name)}`;
  const found = await rows(
    client,
    `SELECT r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolconnlimit, r.rolvaliduntil, ARRAY(SELECT b.rolname FROM pg_auth_members m JOIN pg_roles b ON (m.roleid = b.oid) WHERE m.member = r.oid), r.rolreplication, r.rolbypassrls FROM pg_roles r WHERE ${where} ORDER BY 1`,
  );
  const table = found.map((r) => {
    const words = [
      r[1] === 't' && 'Superuser',
      r[2] === 'f' && 'No inheritance',
      r[3] === 't' && 'Create role',
      r[4] === 't' && 'Create DB',
      r[5] === 'f' && 'Cannot login',
      r[9] === 't' && 'Replication',
      r[10] === 't' && 'Bypass RLS',
    ].filter(Boolean);
    const limit = Number(r[6]);
    const more = [
      ...(limit >= 0 ? [limit === 0 ? 'No connections' : `${limit} connection${limit === 1 ? '' : 's'}`] : []),
      ...(r[7] ? [`Password valid until ${r[7]}`] : []),
    ];
    return [r[0] ?? null, [words.join(', '), ...more].filter(Boolean).join('\n'), r[8] ?? null];
  });
  return {
    table: {
      title: 'List of roles',
      headers: ['Role name', 'Attributes', 'Member of'],
      rows: table,
      right: [false, false, false],
      noCount: true,
    },
  };
}

const SIMPLE: Record<string, { title: string; headers: string[]; sql: (pattern: string | undefined) => string }> = {
  n: {
    title: 'List of schemas',
    headers: ['Name', 'Owner'],
    sql: (p) =>
      `SELECT n.nspname, pg_get_userbyid(n.nspowner) FROM pg_namespace n WHERE ${p === undefined ? `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'` : `n.nspname ~ ${literal(patternOf(p).name)}`} ORDER BY 1`,
  },
  p: {
    title: 'Access privileges',
    headers: ['Schema', 'Name', 'Type', 'Access privileges', 'Column privileges', 'Policies'],
    sql: (p) =>
      `SELECT n.nspname, c.relname, ${KINDS}, array_to_string(c.relacl, E'\\n'), '', '' FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r','v','m','S')${p === undefined ? ` AND n.nspname !~ '^pg_' AND pg_table_is_visible(c.oid)` : conditions(p, 'c.relname', 'pg_table_is_visible(c.oid)')} ORDER BY 1, 2`,
  },
  f: {
    title: 'List of functions',
    headers: ['Schema', 'Name', 'Result data type', 'Argument data types', 'Type'],
    sql: () => `SELECT '', proname, '', '', '' FROM pg_proc WHERE false`,
  },
  x: {
    title: 'List of installed extensions',
    headers: ['Name', 'Version', 'Schema', 'Description'],
    sql: () =>
      `SELECT e.extname, e.extversion, n.nspname, c.description FROM pg_extension e LEFT JOIN pg_namespace n ON n.oid = e.extnamespace LEFT JOIN pg_description c ON c.objoid = e.oid ORDER BY 1`,
  },
  T: {
    title: 'List of data types',
    headers: ['Schema', 'Name', 'Description'],
    sql: () =>
      `SELECT n.nspname, t.typname, '' FROM pg_type t LEFT JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' ORDER BY 1, 2`,
  },
};

export const isSimple = (letter: string): boolean => letter in SIMPLE;

export async function listSimple(client: Client, letter: string, pattern: string | undefined): Promise<Described> {
  const what = SIMPLE[letter] as (typeof SIMPLE)[string];
  return listed(what.title, what.headers, await rows(client, what.sql(pattern)));
}

/** `\d name`: each relation that fits. */
export async function describeNamed(client: Client, pattern: string, verbose: boolean): Promise<Described[]> {
  const found = await rows(
    client,
    `SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE true${conditions(pattern, 'c.relname', 'pg_table_is_visible(c.oid)')} ORDER BY 2, 3`,
  );
  if (found.length === 0) return [{ nothing: `Did not find any relation named "${pattern}".` }];
  const all: Described[] = [];
  for (const [oid = '', schema = '', name = '', kind] of found)
    all.push(await describeOne(client, oid ?? '', `${schema}.${name}`, kind ?? 'r', verbose));
  return all;
}

async function describeOne(
  client: Client,
  oid: string,
  name: string,
  kind: string,
  verbose: boolean,
): Promise<Described> {
  if (kind === 'S') return describeSequence(client, oid, name);
  if (kind === 'i') return describeIndex(client, oid, name);
  const columns = await rows(
    client,
    `SELECT a.attname, format_type(a.atttypid, a.atttypmod), (SELECT pg_get_expr(d.adbin, d.adrelid, true) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, col_description(a.attrelid, a.attnum) FROM pg_attribute a WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  );
  const STORAGE: Record<string, string> = { p: 'plain', x: 'extended', m: 'main', e: 'external' };
  const cells = columns.map(([column, type, fallback, notNull, identity, generated, storage, comment]) => [
    column ?? null,
    type ?? null,
    '',
    notNull === 't' ? 'not null' : '',
    identity === 'a'
      ? 'generated always as identity'
      : identity === 'd'
        ? 'generated by default as identity'
        : generated === 's'
          ? `generated always as (${fallback}) stored`
          : (fallback ?? ''),
    ...(verbose ? [STORAGE[storage ?? 'p'] ?? '', ...(kind === 'r' ? ['', ''] : []), comment ?? ''] : []),
  ]);
  const headers = [
    'Column',
    'Type',
    'Collation',
    'Nullable',
    'Default',
    ...(verbose ? ['Storage', ...(kind === 'r' ? ['Compression', 'Stats target'] : []), 'Description'] : []),
  ];
  const footers =
    kind === 'r'
      ? await tableFooters(client, oid)
      : verbose
        ? ['View definition:', ...(await viewText(client, oid))]
        : [];
  if (verbose && kind === 'r') footers.push('Access method: heap');
  return {
    table: {
      title: `${kind === 'v' ? 'View' : 'Table'} "${name}"`,
      headers,
      rows: cells,
      right: headers.map(() => false),
      footers,
      noCount: true,
    },
  };
}

const viewText = async (client: Client, oid: string): Promise<string[]> =>
  ((await rows(client, `SELECT pg_get_viewdef(${oid}, true)`))[0]?.[0] ?? '').split('\n');

async function tableFooters(client: Client, oid: string): Promise<string[]> {
  const footers: string[] = [];
  const section = (title: string, lines: string[]) => {
    if (lines.length > 0) footers.push(`${title}:`, ...lines.map((line) => `    ${line}`));
  };
  const indexes = await rows(
    client,
    `SELECT c2.relname, i.indisprimary, i.indisunique, pg_get_indexdef(i.indexrelid, 0, true), con.contype FROM pg_class c, pg_class c2, pg_index i LEFT JOIN pg_constraint con ON (con.conrelid = i.indrelid AND con.conindid = i.indexrelid AND con.contype IN ('p','u','x')) WHERE c.oid = ${oid} AND c.oid = i.indrelid AND i.indexrelid = c2.oid ORDER BY i.indisprimary DESC, c2.relname`,
  );
  section(
    'Indexes',
    indexes.map(
      ([name, primary, unique, definition, type]) =>
        `"${name}"${primary === 't' ? ' PRIMARY KEY,' : type === 'u' ? ' UNIQUE CONSTRAINT,' : unique === 't' ? ' UNIQUE,' : ''} ${(definition ?? '').replace(/^.* USING /, '')}`,
    ),
  );
  const constraints = async (type: string) =>
    (
      await rows(
        client,
        `SELECT conname, pg_get_constraintdef(oid, true) FROM pg_constraint WHERE conrelid = ${oid} AND contype = '${type}' ORDER BY 1`,
      )
    ).map(([name, text]) => `"${name}" ${text}`);
  section('Check constraints', await constraints('c'));
  section('Foreign-key constraints', await constraints('f'));
  const referenced = await rows(
    client,
    `SELECT conname, conrelid::regclass, pg_get_constraintdef(oid, true) FROM pg_constraint WHERE confrelid = ${oid} AND contype = 'f' ORDER BY conname`,
  );
  section(
    'Referenced by',
    referenced.map(([name, table, text]) => `TABLE "${table}" CONSTRAINT "${name}" ${text}`),
  );
  return footers;
}

async function describeSequence(client: Client, oid: string, name: string): Promise<Described> {
  const found = await rows(
    client,
    `SELECT format_type(seqtypid, NULL), seqstart, seqmin, seqmax, seqincrement, CASE WHEN seqcycle THEN 'yes' ELSE 'no' END, seqcache FROM pg_sequence WHERE seqrelid = ${oid}`,
  );
  const owner = await rows(
    client,
    `SELECT quote_ident(nspname) || '.' || quote_ident(relname) || '.' || quote_ident(attname), d.deptype FROM pg_class c INNER JOIN pg_depend d ON c.oid = d.refobjid INNER JOIN pg_namespace n ON n.oid = c.relnamespace INNER JOIN pg_attribute a ON (a.attrelid = c.oid AND a.attnum = d.refobjsubid) WHERE d.objid = ${oid} AND d.deptype IN ('a', 'i')`,
  );
  const footers = owner.map(([column, type]) =>
    type === 'i' ? `Sequence for identity column: ${column}` : `Owned by: ${column}`,
  );
  return {
    table: {
      title: `Sequence "${name}"`,
      headers: ['Type', 'Start', 'Minimum', 'Maximum', 'Increment', 'Cycles?', 'Cache'],
      rows: found,
      right: [false, true, true, true, true, false, true],
      footers,
      noCount: true,
    },
  };
}

async function describeIndex(client: Client, oid: string, name: string): Promise<Described> {
  const [found = []] = await rows(
    client,
    `SELECT pg_get_indexdef(i.indexrelid), i.indisunique, i.indisprimary, c.relname, n.nspname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.indexrelid = ${oid}`,
  );
  const columns = (/ USING \w+ \((.*?)\)(?: WHERE .*)?$/.exec(found[0] ?? '')?.[1] ?? '').split(', ');
  const types = await rows(
    client,
    `SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_index i ON i.indrelid = a.attrelid WHERE i.indexrelid = ${oid}`,
  );
  const cells = columns.map((column) => [
    column.replace(/\(.*$/, ''),
    types.find(([attname]) => attname === column)?.[1] ?? 'text',
    'yes',
    column,
  ]);
  const kind = found[2] === 't' ? 'primary key, ' : found[1] === 't' ? 'unique, ' : '';
  return {
    table: {
      title: `${found[1] === 't' && found[2] !== 't' ? 'Index' : 'Index'} "${name}"`,
      headers: ['Column', 'Type', 'Key?', 'Definition'],
      rows: cells,
      right: [false, false, false, false],
      footers: [`${kind}btree, for table "${found[4]}.${found[3]}"`],
      noCount: true,
    },
  };
}
