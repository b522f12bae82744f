// pg_catalog: the tables that psql and other clients read, made from the catalog when they are asked for.
import type { LiteValue } from '../sql/engine';
import { type AnyRelation, type Catalog, liveColumns, type Sequence, type Table } from './catalog';
import { stampText } from './dates';
import { defaultText } from './definitions';
import type { FunctionContext } from './function-context';
import { aclText } from './privileges';
import { allTypes, findType, typeNamed, typmodOf } from './types';

/** `name type`, comma after comma; rows in that order. */
export interface SystemTable {
  columns: string;
  rows(c: FunctionContext): LiteValue[][];
}

const roleOid = (c: FunctionContext, name: string): number => c.roles.get(name)?.oid ?? 10;
const schemaOid = (c: FunctionContext, name: string): number => c.catalog.schemas[name]?.oid ?? 2200;
const bool = (value: unknown): number => (value ? 1 : 0);
export const tablesOf = (catalog: Catalog): Table[] => catalog.relations.filter((r): r is Table => r.k === 'table');

const KINDS = { table: 'r', view: 'v', sequence: 'S' } as const;
const HEAP = 2;
const BTREE = 403;

const kindOf = (relation: AnyRelation): string =>
  relation.k === 'view' && relation.materialized ? 'm' : KINDS[relation.k];

/** Foreign keys work by triggers, on both sides. */
const hasTriggers = (c: FunctionContext, table: Table): boolean =>
  tablesOf(c.catalog).some((other) =>
    other.constraints.some((one) => one.k === 'foreign' && (other.oid === table.oid || one.table === table.oid)),
  );

function classRow(c: FunctionContext, relation: AnyRelation): LiteValue[] {
  const table = relation.k === 'table' ? relation : undefined;
  const columns = relation.k === 'sequence' ? 3 : liveColumns(relation).length;
  return [
    relation.oid,
    relation.name,
    schemaOid(c, relation.schema),
    0,
    0,
    roleOid(c, relation.owner),
    table ? HEAP : 0,
    relation.oid,
    0,
    0,
    -1,
    0,
    0,
    bool(table && table.indexes.length > 0),
    0,
    table?.temporary ? 't' : 'p',
    kindOf(relation),
    columns,
    table ? table.constraints.filter((constraint) => constraint.k === 'check').length : 0,
    bool(relation.k === 'view'),
    bool(table && hasTriggers(c, table)),
    0,
    0,
    0,
    1,
    relation.k === 'sequence' ? 'n' : 'd',
    0,
    aclText(relation.acl, relation.owner),
    null,
    null,
  ];
}

const indexClassRow = (c: FunctionContext, table: Table, index: Table['indexes'][number]): LiteValue[] => [
  index.oid,
  index.name,
  schemaOid(c, table.schema),
  0,
  0,
  roleOid(c, table.owner),
  BTREE,
  index.oid,
  0,
  0,
  -1,
  0,
  0,
  0,
  0,
  'p',
  'i',
  index.elements.length,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
  'n',
  0,
  null,
  null,
  null,
];

const CLASS_COLUMNS =
  'oid oid,relname name,relnamespace oid,reltype oid,reloftype oid,relowner oid,relam oid,relfilenode oid,reltablespace oid,relpages int4,reltuples float4,relallvisible int4,reltoastrelid oid,relhasindex bool,relisshared bool,relpersistence char,relkind char,relnatts int2,relchecks int2,relhasrules bool,relhastriggers bool,relhassubclass bool,relrowsecurity bool,relforcerowsecurity bool,relispopulated bool,relreplident char,relispartition bool,relacl _aclitem,reloptions _text,relpartbound pg_node_tree';

function attributeRows(relation: AnyRelation): LiteValue[][] {
  if (relation.k === 'sequence') return [];
  return relation.columns.map((column) => [
    relation.oid,
    column.name,
    typeNamed(column.type).oid,
    typeNamed(column.type).length,
    column.number,
    typmodOf(column),
    bool(column.notNull),
    bool(column.default || column.generated),
    column.identity ?? '',
    column.generated ? 's' : '',
    bool(column.dropped),
    1,
    findType(column.type)?.category === 'S' ? 100 : 0,
    null,
    -1,
    typeNamed(column.type).length > 0 ? 'p' : column.type === 'numeric' ? 'm' : 'x',
    '',
    0,
    0,
    null,
  ]);
}

function attrdefRows(relation: AnyRelation): LiteValue[][] {
  if (relation.k !== 'table') return [];
  return liveColumns(relation)
    .filter((column) => column.default || column.generated)
    .map((column) => [
      relation.oid * 1000 + column.number,
      relation.oid,
      column.number,
      defaultText(column.default ?? column.generated, column.type),
    ]);
}

const list = (numbers: number[]): string => `{${numbers.join(',')}}`;

function indexRows(table: Table): LiteValue[][] {
  return table.indexes.map((index) => {
    const keys = index.elements.map(
      (element) => table.columns.find((column) => column.name === element.name && !column.dropped)?.number ?? 0,
    );
    const primary = table.constraints.some(
      (constraint) => constraint.k === 'key' && constraint.primary && constraint.name === index.constraint,
    );
    return [
      index.oid,
      table.oid,
      keys.length,
      keys.length,
      bool(index.unique),
      bool(primary),
      0,
      1,
      0,
      1,
      0,
      1,
      1,
      0,
      keys.join(' '),
      index.where ? 'x' : null,
      null,
    ];
  });
}

function constraintRows(c: FunctionContext, table: Table): LiteValue[][] {
  return table.constraints.map((constraint) => {
    const index =
      constraint.k === 'key' ? table.indexes.find(({ constraint: name }) => name === constraint.name)?.oid : 0;
    const foreign = constraint.k === 'foreign' ? constraint : undefined;
    const type = constraint.k === 'key' ? (constraint.primary ? 'p' : 'u') : constraint.k === 'foreign' ? 'f' : 'c';
    return [
      constraint.oid,
      constraint.name,
      schemaOid(c, table.schema),
      type,
      0,
      0,
      1,
      table.oid,
      0,
      index ?? 0,
      0,
      foreign?.table ?? 0,
      foreign?.onUpdate ?? ' ',
      foreign?.onDelete ?? ' ',
      foreign ? 's' : ' ',
      1,
      0,
      1,
      constraint.k === 'check' ? null : list(constraint.columns),
      foreign ? list(foreign.references) : null,
    ];
  });
}

const roles = (c: FunctionContext) => [...c.roles.values()];

function typeRows(c: FunctionContext): LiteValue[][] {
  const own = [...allTypes()].map((type) => {
    const element = type.name.startsWith('_') ? (findType(type.name.slice(1))?.oid ?? 0) : 0;
    return [
      type.oid,
      type.name,
      11,
      10,
      type.length,
      bool(type.length > 0 && type.length <= 8),
      type.category === 'P' ? 'p' : 'b',
      type.category,
      0,
      1,
      ',',
      0,
      element,
      type.arrayOid,
      0,
      0,
      -1,
      type.category === 'S' ? 100 : 0,
      null,
    ];
  });
  const enums = c.catalog.enums.map((type) => [
    type.oid,
    type.name,
    schemaOid(c, type.schema),
    roleOid(c, type.owner),
    4,
    1,
    'e',
    'E',
    0,
    1,
    ',',
    0,
    0,
    0,
    0,
    0,
    -1,
    0,
    null,
  ]);
  return [...own, ...enums];
}

const sequences = (c: FunctionContext) => c.catalog.relations.filter((r): r is Sequence => r.k === 'sequence');

/** Tables that are there and empty: nothing of their kind can be made here. */
const empty = (columns: string): SystemTable => ({ columns, rows: () => [] });

export const PG_CATALOG: Record<string, SystemTable> = {
  pg_class: {
    columns: CLASS_COLUMNS,
    rows: (c) => [
      ...c.catalog.relations.map((relation) => classRow(c, relation)),
      ...tablesOf(c.catalog).flatMap((table) => table.indexes.map((index) => indexClassRow(c, table, index))),
    ],
  },
  pg_namespace: {
    columns: 'oid oid,nspname name,nspowner oid,nspacl _aclitem',
    rows: (c) => [
      [99, 'pg_toast', 10, null],
      ...Object.entries(c.catalog.schemas).map(([name, schema]) => [
        schema.oid,
        name,
        schema.owner === 'pg_database_owner' ? 6171 : roleOid(c, schema.owner),
        aclText(schema.acl, schema.owner),
      ]),
    ],
  },
  pg_attribute: {
    columns:
      'attrelid oid,attname name,atttypid oid,attlen int2,attnum int2,atttypmod int4,attnotnull bool,atthasdef bool,attidentity char,attgenerated char,attisdropped bool,attislocal bool,attcollation oid,attacl _aclitem,attstattarget int2,attstorage char,attcompression char,attndims int2,attinhcount int2,attoptions _text',
    rows: (c) => c.catalog.relations.flatMap(attributeRows),
  },
  pg_attrdef: {
    columns: 'oid oid,adrelid oid,adnum int2,adbin text',
    rows: (c) => c.catalog.relations.flatMap(attrdefRows),
  },
  pg_type: {
    columns:
      'oid oid,typname name,typnamespace oid,typowner oid,typlen int2,typbyval bool,typtype char,typcategory char,typispreferred bool,typisdefined bool,typdelim char,typrelid oid,typelem oid,typarray oid,typbasetype oid,typndims int4,typtypmod int4,typcollation oid,typdefault text',
    rows: typeRows,
  },
  pg_enum: {
    columns: 'oid oid,enumtypid oid,enumsortorder float4,enumlabel name',
    rows: (c) =>
      c.catalog.enums.flatMap((type) => type.labels.map((label, i) => [type.oid * 100 + i, type.oid, i + 1, label])),
  },
  pg_index: {
    columns:
      'indexrelid oid,indrelid oid,indnatts int2,indnkeyatts int2,indisunique bool,indisprimary bool,indisexclusion bool,indimmediate bool,indisclustered bool,indisvalid bool,indcheckxmin bool,indisready bool,indislive bool,indisreplident bool,indkey int2vector,indpred text,indexprs text',
    rows: (c) => tablesOf(c.catalog).flatMap(indexRows),
  },
  pg_constraint: {
    columns:
      'oid oid,conname name,connamespace oid,contype char,condeferrable bool,condeferred bool,convalidated bool,conrelid oid,contypid oid,conindid oid,conparentid oid,confrelid oid,confupdtype char,confdeltype char,confmatchtype char,conislocal bool,coninhcount int2,connoinherit bool,conkey _int2,confkey _int2',
    rows: (c) => tablesOf(c.catalog).flatMap((table) => constraintRows(c, table)),
  },
  pg_sequence: {
    columns:
      'seqrelid oid,seqtypid oid,seqstart int8,seqincrement int8,seqmax int8,seqmin int8,seqcache int8,seqcycle bool',
    rows: (c) =>
      sequences(c).map((s) => [
        s.oid,
        findType(s.type)?.oid ?? 20,
        BigInt(s.start),
        BigInt(s.increment),
        BigInt(s.max),
        BigInt(s.min),
        1,
        bool(s.cycle),
      ]),
  },
  pg_depend: {
    columns: 'classid oid,objid oid,objsubid int4,refclassid oid,refobjid oid,refobjsubid int4,deptype char',
    rows: (c) =>
      sequences(c).flatMap((s) =>
        s.ownedBy ? [[1259, s.oid, 0, 1259, s.ownedBy.table, s.ownedBy.column, s.ownedBy.identity ? 'i' : 'a']] : [],
      ),
  },
  pg_roles: {
    columns:
      'rolname name,rolsuper bool,rolinherit bool,rolcreaterole bool,rolcreatedb bool,rolcanlogin bool,rolreplication bool,rolconnlimit int4,rolpassword text,rolvaliduntil timestamptz,rolbypassrls bool,rolconfig _text,oid oid',
    rows: (c) =>
      roles(c).map((r) => [
        r.name,
        bool(r.superuser),
        bool(r.inherit),
        bool(r.createRole),
        bool(r.createDb),
        bool(r.login),
        bool(r.replication),
        r.connectionLimit,
        '********',
        r.validUntil ?? null,
        bool(r.bypassRls),
        configOf(r.settings),
        r.oid,
      ]),
  },
  pg_authid: {
    columns:
      'oid oid,rolname name,rolsuper bool,rolinherit bool,rolcreaterole bool,rolcreatedb bool,rolcanlogin bool,rolreplication bool,rolbypassrls bool,rolconnlimit int4,rolpassword text,rolvaliduntil timestamptz',
    rows: (c) =>
      roles(c).map((r) => [
        r.oid,
        r.name,
        bool(r.superuser),
        bool(r.inherit),
        bool(r.createRole),
        bool(r.createDb),
        bool(r.login),
        bool(r.replication),
        bool(r.bypassRls),
        r.connectionLimit,
        r.verifier ?? null,
        r.validUntil ?? null,
      ]),
  },
  pg_user: {
    columns:
      'usename name,usesysid oid,usecreatedb bool,usesuper bool,userepl bool,usebypassrls bool,passwd text,valuntil timestamptz,useconfig _text',
    rows: (c) =>
      roles(c)
        .filter((r) => r.login)
        .map((r) => [
          r.name,
          r.oid,
          bool(r.createDb),
          bool(r.superuser),
          bool(r.replication),
          bool(r.bypassRls),
          '********',
          r.validUntil ?? null,
          configOf(r.settings),
        ]),
  },
  pg_shadow: {
    columns: 'usename name,usesysid oid,usecreatedb bool,usesuper bool,passwd text',
    rows: (c) =>
      roles(c)
        .filter((r) => r.login)
        .map((r) => [r.name, r.oid, bool(r.createDb), bool(r.superuser), r.verifier ?? null]),
  },
  pg_auth_members: {
    columns: 'oid oid,roleid oid,member oid,grantor oid,admin_option bool,inherit_option bool,set_option bool',
    rows: (c) =>
      roles(c).flatMap((r) => r.memberOf.map((parent, i) => [r.oid * 100 + i, roleOid(c, parent), r.oid, 10, 0, 1, 1])),
  },
  pg_database: {
    columns:
      'oid oid,datname name,datdba oid,encoding int4,datlocprovider char,datistemplate bool,datallowconn bool,datconnlimit int4,datfrozenxid xid,dattablespace oid,datcollate text,datctype text,daticulocale text,datlocale text,daticurules text,datcollversion text,datacl _aclitem',
    rows: (c) =>
      [...c.databases.values()].map((d) => [
        d.oid,
        d.name,
        roleOid(c, d.owner),
        6,
        'c',
        bool(d.template),
        bool(d.name !== 'template0'),
        d.connectionLimit,
        722,
        1663,
        'en_US.utf8',
        'en_US.utf8',
        null,
        null,
        null,
        '2.36',
        aclText(d.acl, d.owner),
      ]),
  },
  pg_tablespace: {
    columns: 'oid oid,spcname name,spcowner oid,spcacl _aclitem,spcoptions _text',
    rows: () => [
      [1663, 'pg_default', 10, null, null],
      [1664, 'pg_global', 10, null, null],
    ],
  },
  pg_am: {
    columns: 'oid oid,amname name,amhandler regproc,amtype char',
    rows: () => [
      [2, 'heap', 3, 't'],
      [403, 'btree', 330, 'i'],
      [405, 'hash', 331, 'i'],
      [783, 'gist', 332, 'i'],
      [2742, 'gin', 333, 'i'],
    ],
  },
  pg_collation: {
    columns:
      'oid oid,collname name,collnamespace oid,collowner oid,collprovider char,collencoding int4,collcollate text,collctype text',
    rows: () => [
      [100, 'default', 11, 10, 'd', -1, null, null],
      [950, 'C', 11, 10, 'c', -1, 'C', 'C'],
    ],
  },
  pg_extension: {
    columns:
      'oid oid,extname name,extowner oid,extnamespace oid,extrelocatable bool,extversion text,extconfig _oid,extcondition _text',
    rows: (c) =>
      Object.entries(c.catalog.extensions).map(([name, e]) => [
        e.oid,
        name,
        10,
        schemaOid(c, e.schema),
        0,
        e.version,
        null,
        null,
      ]),
  },
  pg_description: {
    columns: 'objoid oid,classoid oid,objsubid int4,description text',
    rows: (c) => [
      [13500, 3079, 0, 'PL/pgSQL procedural language'],
      ...c.catalog.relations.flatMap((r) => [
        ...(r.comment === undefined ? [] : [[r.oid, 1259, 0, r.comment]]),
        ...(r.k === 'sequence'
          ? []
          : r.columns.flatMap((column) =>
              column.comment === undefined ? [] : [[r.oid, 1259, column.number, column.comment]],
            )),
      ]),
    ],
  },
  pg_tables: {
    columns:
      'schemaname name,tablename name,tableowner name,tablespace name,hasindexes bool,hasrules bool,hastriggers bool,rowsecurity bool',
    rows: (c) => tablesOf(c.catalog).map((t) => [t.schema, t.name, t.owner, null, bool(t.indexes.length > 0), 0, 0, 0]),
  },
  pg_views: {
    columns: 'schemaname name,viewname name,viewowner name,definition text',
    rows: (c) => c.catalog.relations.flatMap((v) => (v.k === 'view' ? [[v.schema, v.name, v.owner, v.text]] : [])),
  },
  pg_indexes: {
    columns: 'schemaname name,tablename name,indexname name,tablespace name,indexoid oid',
    rows: (c) => tablesOf(c.catalog).flatMap((t) => t.indexes.map((i) => [t.schema, t.name, i.name, null, i.oid])),
  },
  pg_sequences: {
    columns:
      'schemaname name,sequencename name,sequenceowner name,data_type regtype,start_value int8,min_value int8,max_value int8,increment_by int8,cycle bool,cache_size int8',
    rows: (c) =>
      sequences(c).map((s) => [
        s.schema,
        s.name,
        s.owner,
        findType(s.type)?.oid ?? 20,
        BigInt(s.start),
        BigInt(s.min),
        BigInt(s.max),
        BigInt(s.increment),
        bool(s.cycle),
        1,
      ]),
  },
  pg_stat_user_tables: {
    columns: 'relid oid,schemaname name,relname name,seq_scan int8,n_live_tup int8,n_dead_tup int8',
    rows: (c) => tablesOf(c.catalog).map((t) => [t.oid, t.schema, t.name, 0, Math.round(c.sizeOf(t.oid) / 64), 0]),
  },
  pg_stat_activity: {
    columns:
      'datid oid,datname name,pid int4,leader_pid int4,usesysid oid,usename name,application_name text,client_addr inet,client_hostname text,client_port int4,backend_start timestamptz,xact_start timestamptz,query_start timestamptz,state_change timestamptz,wait_event_type text,wait_event text,state text,query text,backend_type text',
    rows: (c) =>
      c
        .activity()
        .map((a) => [
          c.databases.get(a.database)?.oid ?? 0,
          a.database,
          a.pid,
          null,
          roleOid(c, a.user),
          a.user,
          a.application,
          a.address,
          null,
          a.port,
          stampText(a.since),
          null,
          null,
          null,
          null,
          null,
          a.state,
          a.query,
          'client backend',
        ]),
  },
  pg_settings: {
    columns: 'name text,setting text,unit text,category text,short_desc text,context text,vartype text,source text',
    rows: (c) => c.settings().map(([name, value]) => [name, value, null, '', '', 'user', 'string', 'default']),
  },
  pg_language: {
    columns: 'oid oid,lanname name,lanowner oid,lanispl bool,lanpltrusted bool',
    rows: () => [
      [12, 'internal', 10, 0, 0],
      [14, 'sql', 10, 0, 1],
      [13501, 'plpgsql', 10, 1, 1],
    ],
  },
  pg_timezone_names: {
    columns: 'name text,abbrev text,utc_offset interval,is_dst bool',
    rows: () => [['UTC', 'UTC', '00:00:00', 0]],
  },
  pg_proc: empty(
    'oid oid,proname name,pronamespace oid,proowner oid,prolang oid,prokind char,prosecdef bool,proretset bool,provolatile char,proparallel char,proacl _aclitem,prosrc text,proargtypes oidvector,prorettype oid,pronargs int2',
  ),
  pg_trigger: empty(
    'oid oid,tgrelid oid,tgparentid oid,tgname name,tgfoid oid,tgtype int2,tgenabled char,tgisinternal bool,tgconstraint oid',
  ),
  pg_policy: empty(
    'oid oid,polname name,polrelid oid,polcmd char,polpermissive bool,polroles _oid,polqual text,polwithcheck text',
  ),
  pg_inherits: empty('inhrelid oid,inhparent oid,inhseqno int4,inhdetachpending bool'),
  pg_statistic_ext: empty(
    'oid oid,stxrelid oid,stxname name,stxnamespace oid,stxowner oid,stxkeys int2vector,stxkind _char,stxstattarget int4',
  ),
  pg_publication: empty(
    'oid oid,pubname name,pubowner oid,puballtables bool,pubinsert bool,pubupdate bool,pubdelete bool,pubtruncate bool,pubviaroot bool',
  ),
  pg_publication_rel: empty('oid oid,prpubid oid,prrelid oid,prqual text,prattrs int2vector'),
  pg_publication_namespace: empty('oid oid,pnpubid oid,pnnspid oid'),
  pg_partitioned_table: empty('partrelid oid,partstrat char,partnatts int2,partdefid oid'),
  pg_rewrite: empty('oid oid,rulename name,ev_class oid,ev_type char,ev_enabled char,is_instead bool'),
  pg_foreign_table: empty('ftrelid oid,ftserver oid,ftoptions _text'),
  pg_foreign_server: empty('oid oid,srvname name,srvowner oid'),
  pg_foreign_data_wrapper: empty('oid oid,fdwname name,fdwowner oid'),
  pg_event_trigger: empty('oid oid,evtname name,evtevent name,evtowner oid,evtenabled char'),
  pg_default_acl: empty('oid oid,defaclrole oid,defaclnamespace oid,defaclobjtype char,defaclacl _aclitem'),
  pg_opclass: empty('oid oid,opcname name'),
  pg_locks: empty('locktype text,database oid,relation oid,mode text,granted bool,pid int4'),
};

const configOf = (settings: Record<string, string>): string | null => {
  const entries = Object.entries(settings);
  return entries.length === 0 ? null : `{${entries.map(([name, value]) => `"${name}=${value}"`).join(',')}}`;
};
