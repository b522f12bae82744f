// INFORMATION_SCHEMA, and the few tables of mysql and performance_schema that people look into.
import type { Column, SqlType, SqlValue } from '../../mysql-protocol/types';
import { isText } from '../../mysql-protocol/types';
import { may, sees } from '../accounts';
import type { ColumnDef } from '../ast';
import { DEFAULT_COLLATION, keyKind, type Table } from '../catalog';
import { defaultText, typeText } from '../describe';
import type { Virtual } from '../emit/context';
import { instant } from '../emit/expressions';
import { tableId } from '../emit/queries';
import type { Session } from '../session';
import { shownValue } from '../variables';
import { status } from './status';

const text = (name: string, length = 64): Column => ({ name, type: { name: 'varchar', length } });
const long = (name: string): Column => ({ name, type: { name: 'longtext' } });
const big = (name: string): Column => ({ name, type: { name: 'bigint', unsigned: true } });
const time = (name: string): Column => ({ name, type: { name: 'timestamp' } });

type Maker = (session: Session) => Virtual;

/** Tables and views that a session may know of. */
function visible(session: Session): Table[] {
  return session.instance.catalog
    .allTables()
    .filter((table) =>
      ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER'].some((p) =>
        may(session.account, p, table.db, table.name),
      ),
    );
}

const COLLATION_OF = (table: Table): string =>
  table.options.collate ??
  (table.options.charset && table.options.charset !== 'utf8mb4'
    ? `${table.options.charset}_general_ci`
    : DEFAULT_COLLATION);

const rowsOf = (session: Session, table: Table): bigint =>
  BigInt((session.query(`SELECT count(*) FROM ${tableId(table)}`)[0]?.[0] as bigint) ?? 0n);

/** Where the numbers of a type go in COLUMNS. */
function numbers(type: SqlType): { precision: SqlValue; scale: SqlValue } {
  const digits: Record<string, bigint> = {
    tinyint: 3n,
    smallint: 5n,
    mediumint: 7n,
    int: 10n,
    bigint: type.unsigned ? 20n : 19n,
    float: 12n,
    double: 22n,
  };
  if (type.name === 'decimal') return { precision: BigInt(type.length ?? 10), scale: BigInt(type.scale ?? 0) };
  if (type.name === 'bit') return { precision: BigInt(type.length ?? 1), scale: null };
  const precision = digits[type.name] ?? null;
  return { precision, scale: precision !== null && !/float|double/.test(type.name) ? 0n : null };
}

function columnRow(table: Table, column: ColumnDef, position: number): SqlValue[] {
  const { type } = column;
  const { precision, scale } = numbers(type);
  const characters =
    isText(type) && type.name !== 'json'
      ? BigInt(
          type.length ??
            (type.values
              ? Math.max(...type.values.map((v) => v.length))
              : /^tiny/.test(type.name)
                ? 255
                : /^medium/.test(type.name)
                  ? 16777215
                  : /^long/.test(type.name)
                    ? 4294967295
                    : 65535),
        )
      : null;
  const extra = [
    column.autoIncrement ? 'auto_increment' : '',
    column.default?.k === 'call' ? 'DEFAULT_GENERATED' : '',
    column.onUpdateNow ? 'on update CURRENT_TIMESTAMP' : '',
  ];
  return [
    'def',
    table.db,
    table.name,
    column.name,
    BigInt(position),
    defaultText(column),
    column.notNull ? 'NO' : 'YES',
    type.name,
    characters,
    characters === null ? null : /text$/.test(type.name) ? characters : characters * 4n,
    precision,
    scale,
    /datetime|timestamp|^time$/.test(type.name) ? BigInt(type.scale ?? 0) : null,
    characters === null ? null : 'utf8mb4',
    characters === null ? null : (column.collate ?? COLLATION_OF(table)),
    typeText(type),
    keyKind(table, column),
    extra.filter(Boolean).join(' '),
    'select,insert,update,references',
    column.comment ?? '',
    '',
  ];
}

const MAKERS: Record<string, Maker> = {
  'information_schema.schemata': (session) => ({
    columns: [
      text('CATALOG_NAME'),
      text('SCHEMA_NAME'),
      text('DEFAULT_CHARACTER_SET_NAME'),
      text('DEFAULT_COLLATION_NAME'),
      text('SQL_PATH'),
      text('DEFAULT_ENCRYPTION'),
    ],
    rows: [...session.instance.catalog.databases.values()]
      .filter(({ name }) => sees(session.account, name))
      .map(({ name, charset, collate }) => ['def', name, charset, collate, null, 'NO']),
  }),
  'information_schema.tables': (session) => ({
    columns: [
      text('TABLE_CATALOG'),
      text('TABLE_SCHEMA'),
      text('TABLE_NAME'),
      text('TABLE_TYPE'),
      text('ENGINE'),
      big('VERSION'),
      text('ROW_FORMAT'),
      big('TABLE_ROWS'),
      big('AVG_ROW_LENGTH'),
      big('DATA_LENGTH'),
      big('MAX_DATA_LENGTH'),
      big('INDEX_LENGTH'),
      big('DATA_FREE'),
      big('AUTO_INCREMENT'),
      time('CREATE_TIME'),
      time('UPDATE_TIME'),
      time('CHECK_TIME'),
      text('TABLE_COLLATION'),
      big('CHECKSUM'),
      text('CREATE_OPTIONS'),
      text('TABLE_COMMENT', 2048),
    ],
    rows: [
      ...visible(session).map((table): SqlValue[] => {
        const rows = rowsOf(session, table);
        const auto = table.columns.some((column) => column.autoIncrement) && rows > 0n ? table.nextAuto : null;
        return [
          'def',
          table.db,
          table.name,
          'BASE TABLE',
          'InnoDB',
          10n,
          'Dynamic',
          rows,
          rows > 0n ? 16384n / rows : 0n,
          16384n,
          0n,
          0n,
          0n,
          auto,
          instant(table.createdAt, 0),
          null,
          null,
          COLLATION_OF(table),
          null,
          '',
          table.options.comment ?? '',
        ];
      }),
      ...session.instance.catalog
        .allViews()
        .filter((view) => may(session.account, 'SELECT', view.db, view.name))
        .map((view): SqlValue[] => [
          'def',
          view.db,
          view.name,
          'VIEW',
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          'VIEW',
        ]),
      ...Object.keys(MAKERS).map((name): SqlValue[] => {
        const [db = '', table = ''] = name.split('.');
        return [
          'def',
          db,
          db === 'information_schema' ? table.toUpperCase() : table,
          db === 'information_schema' ? 'SYSTEM VIEW' : 'BASE TABLE',
          null,
          10n,
          null,
          0n,
          0n,
          0n,
          0n,
          0n,
          0n,
          null,
          null,
          null,
          null,
          null,
          null,
          '',
          '',
        ];
      }),
    ],
  }),
  'information_schema.columns': (session) => ({
    columns: [
      text('TABLE_CATALOG'),
      text('TABLE_SCHEMA'),
      text('TABLE_NAME'),
      text('COLUMN_NAME'),
      big('ORDINAL_POSITION'),
      long('COLUMN_DEFAULT'),
      text('IS_NULLABLE', 3),
      long('DATA_TYPE'),
      big('CHARACTER_MAXIMUM_LENGTH'),
      big('CHARACTER_OCTET_LENGTH'),
      big('NUMERIC_PRECISION'),
      big('NUMERIC_SCALE'),
      big('DATETIME_PRECISION'),
      text('CHARACTER_SET_NAME'),
      text('COLLATION_NAME'),
      long('COLUMN_TYPE'),
      text('COLUMN_KEY'),
      text('EXTRA', 256),
      text('PRIVILEGES', 154),
      long('COLUMN_COMMENT'),
      long('GENERATION_EXPRESSION'),
    ],
    rows: visible(session).flatMap((table) => table.columns.map((column, i) => columnRow(table, column, i + 1))),
  }),
  'information_schema.statistics': (session) => ({
    columns: [
      text('TABLE_CATALOG'),
      text('TABLE_SCHEMA'),
      text('TABLE_NAME'),
      big('NON_UNIQUE'),
      text('INDEX_SCHEMA'),
      text('INDEX_NAME'),
      big('SEQ_IN_INDEX'),
      text('COLUMN_NAME'),
      text('COLLATION'),
      big('CARDINALITY'),
      text('NULLABLE'),
      text('INDEX_TYPE'),
    ],
    rows: visible(session).flatMap((table) =>
      table.indexes.flatMap((index) =>
        index.columns.map(({ name, desc }, i): SqlValue[] => [
          'def',
          table.db,
          table.name,
          /primary|unique/.test(index.kind) ? 0n : 1n,
          table.db,
          index.name,
          BigInt(i + 1),
          name,
          desc ? 'D' : 'A',
          rowsOf(session, table),
          table.columns.find((column) => column.name === name)?.notNull ? '' : 'YES',
          index.kind === 'fulltext' ? 'FULLTEXT' : 'BTREE',
        ]),
      ),
    ),
  }),
  'information_schema.table_constraints': (session) => ({
    columns: [
      text('CONSTRAINT_CATALOG'),
      text('CONSTRAINT_SCHEMA'),
      text('CONSTRAINT_NAME'),
      text('TABLE_SCHEMA'),
      text('TABLE_NAME'),
      text('CONSTRAINT_TYPE'),
      text('ENFORCED'),
    ],
    rows: visible(session).flatMap((table) => [
      ...table.indexes
        .filter((index) => /primary|unique/.test(index.kind))
        .map((index): SqlValue[] => [
          'def',
          table.db,
          index.name,
          table.db,
          table.name,
          index.kind === 'primary' ? 'PRIMARY KEY' : 'UNIQUE',
          'YES',
        ]),
      ...table.foreigns.map((foreign): SqlValue[] => [
        'def',
        table.db,
        foreign.name,
        table.db,
        table.name,
        'FOREIGN KEY',
        'YES',
      ]),
      ...table.checks.map((check): SqlValue[] => ['def', table.db, check.name, table.db, table.name, 'CHECK', 'YES']),
    ]),
  }),
  'information_schema.key_column_usage': (session) => ({
    columns: [
      text('CONSTRAINT_CATALOG'),
      text('CONSTRAINT_SCHEMA'),
      text('CONSTRAINT_NAME'),
      text('TABLE_CATALOG'),
      text('TABLE_SCHEMA'),
      text('TABLE_NAME'),
      text('COLUMN_NAME'),
      big('ORDINAL_POSITION'),
      big('POSITION_IN_UNIQUE_CONSTRAINT'),
      text('REFERENCED_TABLE_SCHEMA'),
      text('REFERENCED_TABLE_NAME'),
      text('REFERENCED_COLUMN_NAME'),
    ],
    rows: visible(session).flatMap((table) => [
      ...table.indexes
        .filter((index) => /primary|unique/.test(index.kind))
        .flatMap((index) =>
          index.columns.map(({ name }, i): SqlValue[] => [
            'def',
            table.db,
            index.name,
            'def',
            table.db,
            table.name,
            name,
            BigInt(i + 1),
            null,
            null,
            null,
            null,
          ]),
        ),
      ...table.foreigns.flatMap((foreign) =>
        foreign.columns.map((name, i): SqlValue[] => [
          'def',
          table.db,
          foreign.name,
          'def',
          table.db,
          table.name,
          name,
          BigInt(i + 1),
          BigInt(i + 1),
          foreign.table.db ?? table.db,
          foreign.table.name,
          foreign.refColumns[i] ?? null,
        ]),
      ),
    ]),
  }),
  'information_schema.views': (session) => ({
    columns: [
      text('TABLE_CATALOG'),
      text('TABLE_SCHEMA'),
      text('TABLE_NAME'),
      long('VIEW_DEFINITION'),
      text('CHECK_OPTION'),
      text('IS_UPDATABLE'),
      text('DEFINER', 288),
      text('SECURITY_TYPE'),
    ],
    rows: session.instance.catalog
      .allViews()
      .filter((view) => may(session.account, 'SELECT', view.db, view.name))
      .map((view) => ['def', view.db, view.name, view.text, 'NONE', 'NO', view.definer, 'DEFINER']),
  }),
  'information_schema.triggers': () =>
    nothing(
      'TRIGGER_SCHEMA',
      'TRIGGER_NAME',
      'EVENT_MANIPULATION',
      'EVENT_OBJECT_SCHEMA',
      'EVENT_OBJECT_TABLE',
      'ACTION_STATEMENT',
      'ACTION_TIMING',
    ),
  'information_schema.routines': () => nothing('ROUTINE_SCHEMA', 'ROUTINE_NAME', 'ROUTINE_TYPE', 'ROUTINE_DEFINITION'),
  'information_schema.events': () => nothing('EVENT_SCHEMA', 'EVENT_NAME', 'DEFINER', 'STATUS'),
  'information_schema.partitions': () => nothing('TABLE_SCHEMA', 'TABLE_NAME', 'PARTITION_NAME'),
  'information_schema.files': () =>
    nothing(
      'FILE_ID',
      'FILE_NAME',
      'FILE_TYPE',
      'TABLESPACE_NAME',
      'LOGFILE_GROUP_NAME',
      'TOTAL_EXTENTS',
      'INITIAL_SIZE',
      'ENGINE',
      'EXTRA',
    ),
  'information_schema.plugins': () => nothing('PLUGIN_NAME', 'PLUGIN_VERSION', 'PLUGIN_STATUS', 'PLUGIN_TYPE'),
  'information_schema.engines': () => ({
    columns: [
      text('ENGINE'),
      text('SUPPORT', 8),
      text('COMMENT', 80),
      text('TRANSACTIONS', 3),
      text('XA', 3),
      text('SAVEPOINTS', 3),
    ],
    rows: [['InnoDB', 'DEFAULT', 'Supports transactions, row-level locking, and foreign keys', 'YES', 'YES', 'YES']],
  }),
  'information_schema.character_sets': () => ({
    columns: [text('CHARACTER_SET_NAME'), text('DEFAULT_COLLATE_NAME'), text('DESCRIPTION', 2048), big('MAXLEN')],
    rows: [
      ['utf8mb4', DEFAULT_COLLATION, 'UTF-8 Unicode', 4n],
      ['utf8mb3', 'utf8mb3_general_ci', 'UTF-8 Unicode', 3n],
      ['latin1', 'latin1_swedish_ci', 'cp1252 West European', 1n],
      ['ascii', 'ascii_general_ci', 'US ASCII', 1n],
      ['binary', 'binary', 'Binary pseudo charset', 1n],
    ],
  }),
  'information_schema.processlist': (session) => processes(session),
  'performance_schema.processlist': (session) => processes(session),
  'performance_schema.global_variables': (session) => variables(session, 'global'),
  'performance_schema.session_variables': (session) => variables(session, 'session'),
  'performance_schema.global_status': (session) => statuses(session),
  'performance_schema.session_status': (session) => statuses(session),
  'mysql.user': (session) => ({
    columns: [
      text('Host', 255),
      text('User', 32),
      text('plugin'),
      long('authentication_string'),
      text('account_locked', 1),
      text('Select_priv', 1),
      text('Insert_priv', 1),
      text('Update_priv', 1),
      text('Delete_priv', 1),
      text('Create_priv', 1),
      text('Drop_priv', 1),
      text('Grant_priv', 1),
      text('Super_priv', 1),
    ],
    rows: session.instance.accounts.all().map((row) => {
      const yes = (privilege: string) => (row.global.includes('ALL') || row.global.includes(privilege) ? 'Y' : 'N');
      const secret =
        row.plugin === 'mysql_native_password'
          ? row.verifier.native
          : row.verifier.native === ''
            ? ''
            : `$A$005$${row.verifier.sha2 ?? 'THISISACOMBINATIONOFINVALIDSALTANDPASSWORDTHATMUSTNEVERBRBEUSED'}`;
      return [
        row.host,
        row.user,
        row.plugin,
        secret,
        row.user.startsWith('mysql.') ? 'Y' : 'N',
        yes('SELECT'),
        yes('INSERT'),
        yes('UPDATE'),
        yes('DELETE'),
        yes('CREATE'),
        yes('DROP'),
        row.global.includes('GRANT OPTION') ? 'Y' : 'N',
        yes('SUPER'),
      ];
    }),
  }),
  'mysql.db': (session) => ({
    columns: [
      text('Host', 255),
      text('Db'),
      text('User', 32),
      text('Select_priv', 1),
      text('Insert_priv', 1),
      text('Update_priv', 1),
      text('Delete_priv', 1),
    ],
    rows: session.instance.accounts.all().flatMap((row) =>
      Object.entries(row.databases).map(([db, list]): SqlValue[] => {
        const yes = (privilege: string) => (list.includes('ALL') || list.includes(privilege) ? 'Y' : 'N');
        return [row.host, db, row.user, yes('SELECT'), yes('INSERT'), yes('UPDATE'), yes('DELETE')];
      }),
    ),
  }),
};

/** A table for what this server does not have. */
const nothing = (...names: string[]): Virtual => ({ columns: names.map((name) => text(name)), rows: [] });

function processes(session: Session): Virtual {
  const all = [...session.instance.sessions.values()].filter(
    (other) => other.account.user === session.account.user || may(session.account, 'PROCESS', ''),
  );
  return {
    columns: [
      { name: 'ID', type: { name: 'bigint', unsigned: true } },
      text('USER', 32),
      text('HOST', 261),
      text('DB'),
      text('COMMAND', 16),
      { name: 'TIME', type: { name: 'int' } },
      text('STATE'),
      long('INFO'),
    ],
    rows: all.map((other) => {
      const running = other === session || other.running !== '';
      const seconds = BigInt(Math.floor((session.instance.clock.now() - other.since) / 1000));
      return [
        BigInt(other.id),
        other.user,
        other.port ? `${other.host}:${other.port}` : other.host,
        other.db ?? null,
        running ? 'Query' : 'Sleep',
        seconds,
        other === session ? 'executing' : '',
        running ? other.running : null,
      ];
    }),
  };
}

const PAIR = [text('VARIABLE_NAME'), text('VARIABLE_VALUE', 1024)];

function variables(session: Session, scope: 'global' | 'session'): Virtual {
  const { globals } = session.instance;
  const value = (name: string) => (scope === 'global' ? (globals.get(name) ?? null) : session.variable(name));
  return { columns: PAIR, rows: [...globals.keys()].sort().map((name) => [name, shownValue(name, value(name))]) };
}

const statuses = (session: Session): Virtual => ({ columns: PAIR, rows: status(session.instance) });

/** A made-up table by name; names in INFORMATION_SCHEMA have no case. */
export function systemTable(session: Session, db: string, name: string): Virtual | undefined {
  const database = /^information_schema$/i.test(db) ? 'information_schema' : db;
  return MAKERS[`${database}.${database === 'mysql' ? name : name.toLowerCase()}`]?.(session);
}

/** Names of the tables of a system database, for SHOW TABLES. */
export const systemTableNames = (db: string): string[] =>
  Object.keys(MAKERS)
    .filter((name) => name.startsWith(`${db}.`))
    .map((name) => name.slice(db.length + 1))
    .map((name) => (db === 'information_schema' ? name.toUpperCase() : name));
