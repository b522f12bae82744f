// SHOW and DESCRIBE.
import { errors } from '../../mysql-protocol/errors';
import type { Column, SqlType, SqlValue } from '../../mysql-protocol/types';
import { grantsOf, mayGlobally, sees, shown } from '../accounts';
import type { Statement } from '../ast';
import { keyKind, type Table } from '../catalog';
import type { SessionContext } from '../context';
import { createTableText, defaultText, quoteName, typeText } from '../describe';
import type { Virtual } from '../emit/context';
import { instant } from '../emit/expressions';
import { QueryEmitter, tableId } from '../emit/queries';
import { likePattern } from '../natives';
import { systemTable, systemTableNames } from '../schema/system-tables';
import type { Result, Session } from '../session';

type Show = Extract<Statement, { k: 'show' }>;

const text = (name: string, length = 64): Column => ({ name, type: { name: 'varchar', length } });
const long = (name: string): Column => ({ name, type: { name: 'mediumtext' } });
const number = (name: string, type: SqlType = { name: 'bigint', unsigned: true }): Column => ({ name, type });

export class Shower {
  constructor(
    private readonly session: Session,
    private readonly context: SessionContext,
  ) {}

  private get catalog() {
    return this.session.instance.catalog;
  }

  show(statement: Show): Result {
    const make = this.kinds[statement.what];
    if (!make) throw errors.unsupported(`SHOW ${statement.what.toUpperCase()}`);
    const { columns, rows } = make(statement);
    return { k: 'rows', columns, rows: this.filtered(statement, columns, rows) };
  }

  /** Only the columns, for a prepared SHOW. */
  columns(statement: Show): Column[] {
    return this.kinds[statement.what]?.(statement).columns ?? [];
  }

  private filtered(statement: Show, columns: Column[], rows: SqlValue[][]): SqlValue[][] {
    const { like, where } = statement;
    if (like !== undefined) {
      const pattern = likePattern(like, '\\', false);
      return rows.filter((row) => pattern.test(String(row[0])));
    }
    if (!where || rows.length === 0) return rows;
    const emitter = new QueryEmitter(this.context);
    const named = columns.map((column) => ({ name: column.name, type: column.type }));
    const from = emitter.virtual({ columns: named, rows });
    const condition = emitter.condition(where, { from, clause: 'where clause' });
    const list = named.map((_, i) => `s.c${i}`).join(', ');
    return this.session.query(`SELECT ${list} FROM ${from.sql} WHERE ${condition}`);
  }

  private database(db: string | undefined): string {
    const name = db ?? this.context.database();
    if (!sees(this.session.account, name))
      throw errors.dbAccessDenied(this.session.account.user, this.session.account.host, name);
    this.catalog.getDatabase(name);
    return name;
  }

  private readonly kinds: Record<string, (statement: Show) => Virtual> = {
    databases: () => ({
      columns: [text('Database')],
      rows: [...this.catalog.databases.keys()]
        .filter((name) => sees(this.session.account, name))
        .sort()
        .map((name) => [name]),
    }),
    tables: (statement) => this.tables(statement),
    'table status': (statement) => this.tableStatus(statement),
    columns: (statement) => this.describe(statement),
    index: (statement) => this.index(statement),
    'create table': (statement) => this.createTable(statement),
    'create view': (statement) => this.createTable(statement),
    'create database': ({ db = '' }) => {
      const { name, charset, collate } = this.catalog.getDatabase(this.database(db));
      const definition = `CREATE DATABASE ${quoteName(name)} /*!40100 DEFAULT CHARACTER SET ${charset} COLLATE ${collate} */ /*!80016 DEFAULT ENCRYPTION='N' */`;
      return { columns: [text('Database'), text('Create Database', 1024)], rows: [[name, definition]] };
    },
    'create user': ({ account }) => {
      const row = account && this.session.instance.accounts.find(account);
      if (!row) throw errors.cannotUser('SHOW CREATE USER', account ? shown(account) : '');
      const secret = row.verifier.native
        ? ` AS '${row.plugin === 'mysql_native_password' ? row.verifier.native : `$A$005$${row.verifier.sha2 ?? ''}`}'`
        : '';
      const definition = `CREATE USER ${quoteName(row.user)}@${quoteName(row.host)} IDENTIFIED WITH '${row.plugin}'${secret} REQUIRE NONE PASSWORD EXPIRE DEFAULT ACCOUNT UNLOCK PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT`;
      return { columns: [long(`CREATE USER for ${row.user}@${row.host}`)], rows: [[definition]] };
    },
    grants: ({ account }) => {
      const own = !account || account.host === 'CURRENT_USER';
      const row = own ? this.session.account : this.session.instance.accounts.find(account);
      if (!row) throw errors.nonexistingGrant(account?.user ?? '', account?.host ?? '');
      if (!own && row !== this.session.account && !mayGlobally(this.session.account, 'SELECT'))
        throw errors.dbAccessDenied(this.session.user, this.session.host, 'mysql');
      return { columns: [text(`Grants for ${row.user}@${row.host}`, 1024)], rows: grantsOf(row).map((line) => [line]) };
    },
    variables: ({ scope }) => this.pairs(`performance_schema.${scope === 'global' ? 'global' : 'session'}_variables`),
    status: () => this.pairs('performance_schema.global_status'),
    processlist: ({ full }) => {
      const { rows } = systemTable(this.session, 'information_schema', 'processlist') as Virtual;
      const columns = [
        number('Id'),
        text('User', 32),
        text('Host', 261),
        text('db'),
        text('Command', 16),
        number('Time', { name: 'int' }),
        text('State'),
        long('Info'),
      ];
      return {
        columns,
        rows: rows.map((row) =>
          row.map((value, i) => (i === 7 && !full && typeof value === 'string' ? value.slice(0, 100) : value)),
        ),
      };
    },
    warnings: () => ({
      columns: [text('Level', 7), number('Code', { name: 'int', unsigned: true }), text('Message', 512)],
      rows: this.session.warnings.map(({ level, code, message }) => [level, BigInt(code), message]),
    }),
    errors: () => ({
      columns: [text('Level', 7), number('Code', { name: 'int', unsigned: true }), text('Message', 512)],
      rows: this.session.warnings
        .filter(({ level }) => level === 'Error')
        .map(({ level, code, message }) => [level, BigInt(code), message]),
    }),
    'count warnings': () => ({
      columns: [number('@@session.warning_count')],
      rows: [[BigInt(this.session.warnings.length)]],
    }),
    'count errors': () => ({
      columns: [number('@@session.error_count')],
      rows: [[BigInt(this.session.warnings.filter(({ level }) => level === 'Error').length)]],
    }),
    engines: () =>
      this.renamed('information_schema', 'engines', [
        'Engine',
        'Support',
        'Comment',
        'Transactions',
        'XA',
        'Savepoints',
      ]),
    charset: () =>
      this.renamed(
        'information_schema',
        'character_sets',
        ['Charset', 'Description', 'Default collation', 'Maxlen'],
        [0, 2, 1, 3],
      ),
    collation: () => ({
      columns: [
        text('Collation'),
        text('Charset'),
        number('Id'),
        text('Default', 3),
        text('Compiled', 3),
        number('Sortlen'),
        text('Pad_attribute', 9),
      ],
      rows: [
        ['binary', 'binary', 63n, 'Yes', 'Yes', 1n, 'NO PAD'],
        ['latin1_swedish_ci', 'latin1', 8n, 'Yes', 'Yes', 1n, 'PAD SPACE'],
        ['utf8mb4_0900_ai_ci', 'utf8mb4', 255n, 'Yes', 'Yes', 0n, 'NO PAD'],
        ['utf8mb4_bin', 'utf8mb4', 46n, '', 'Yes', 1n, 'PAD SPACE'],
        ['utf8mb4_general_ci', 'utf8mb4', 45n, '', 'Yes', 1n, 'PAD SPACE'],
        ['utf8mb4_unicode_ci', 'utf8mb4', 224n, '', 'Yes', 8n, 'PAD SPACE'],
      ],
    }),
    triggers: () => ({
      columns: [
        'Trigger',
        'Event',
        'Table',
        'Statement',
        'Timing',
        'Created',
        'sql_mode',
        'Definer',
        'character_set_client',
        'collation_connection',
        'Database Collation',
      ].map((name) => text(name)),
      rows: [],
    }),
    routines: () => ({
      columns: [
        'Db',
        'Name',
        'Type',
        'Definer',
        'Modified',
        'Created',
        'Security_type',
        'Comment',
        'character_set_client',
        'collation_connection',
        'Database Collation',
      ].map((name) => text(name)),
      rows: [],
    }),
    'open tables': () => ({
      columns: [text('Database'), text('Table'), number('In_use'), number('Name_locked')],
      rows: [],
    }),
    plugins: () => ({
      columns: ['Name', 'Status', 'Type', 'Library', 'License'].map((name) => text(name)),
      rows: [
        ['mysql_native_password', 'ACTIVE', 'AUTHENTICATION', null, 'GPL'],
        ['caching_sha2_password', 'ACTIVE', 'AUTHENTICATION', null, 'GPL'],
        ['InnoDB', 'ACTIVE', 'STORAGE ENGINE', null, 'GPL'],
      ],
    }),
    'replica status': () => ({ columns: [text('Slave_IO_State')], rows: [] }),
  };

  private pairs(name: string): Virtual {
    const [db = '', table = ''] = name.split('.');
    const { rows } = systemTable(this.session, db, table) as Virtual;
    return { columns: [text('Variable_name'), text('Value', 1024)], rows };
  }

  private renamed(db: string, table: string, names: string[], order = names.map((_, i) => i)): Virtual {
    const { columns, rows } = systemTable(this.session, db, table) as Virtual;
    return {
      columns: names.map((name, i) => ({ ...(columns[order[i] ?? i] as Column), name })),
      rows: rows.map((row) => order.map((i) => row[i] ?? null)),
    };
  }

  private tables({ db, full, like }: Show): Virtual {
    const name = this.database(db);
    const rows = [
      ...this.catalog.allTables(name).map((table): SqlValue[] => [table.name, 'BASE TABLE']),
      ...this.catalog.allViews(name).map((view): SqlValue[] => [view.name, 'VIEW']),
      ...systemTableNames(name).map((table): SqlValue[] => [
        table,
        name === 'information_schema' ? 'SYSTEM VIEW' : 'BASE TABLE',
      ]),
    ].sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
    const column = text(`Tables_in_${name}${like !== undefined ? ` (${like})` : ''}`);
    return full
      ? { columns: [column, text('Table_type', 11)], rows }
      : { columns: [column], rows: rows.map(([table = null]) => [table]) };
  }

  private tableStatus({ db }: Show): Virtual {
    const name = this.database(db);
    const names = [
      'Name',
      'Engine',
      'Version',
      'Row_format',
      'Rows',
      'Avg_row_length',
      'Data_length',
      'Max_data_length',
      'Index_length',
      'Data_free',
      'Auto_increment',
      'Create_time',
      'Update_time',
      'Check_time',
      'Collation',
      'Checksum',
      'Create_options',
      'Comment',
    ];
    const rows = this.catalog.allTables(name).map((table): SqlValue[] => {
      const count = this.session.query(`SELECT count(*) FROM ${tableId(table)}`)[0]?.[0] ?? 0n;
      return [
        table.name,
        'InnoDB',
        10n,
        'Dynamic',
        count,
        0n,
        16384n,
        0n,
        0n,
        0n,
        table.columns.some((c) => c.autoIncrement) ? table.nextAuto : null,
        instant(table.createdAt, 0),
        null,
        null,
        table.options.collate ?? 'utf8mb4_0900_ai_ci',
        null,
        '',
        table.options.comment ?? '',
      ];
    });
    return {
      columns: names.map((column) => (/Rows|length|free|Version|Auto/.test(column) ? number(column) : text(column))),
      rows,
    };
  }

  private describe({ table: name, full, db }: Show): Virtual {
    if (!name) throw errors.parse('', 1);
    const relation = this.context.relation(name.db ?? db ?? this.context.database(), name.name, 'SELECT');
    const columns = [text('Field'), long('Type'), text('Null', 3), text('Key', 3), long('Default'), text('Extra', 256)];
    const rows =
      relation.k === 'table'
        ? relation.table.columns.map((column): SqlValue[] => this.describeColumn(relation.table, column))
        : this.describeQuery(name, db);
    if (!full) return { columns, rows };
    const wide = [
      text('Field'),
      long('Type'),
      text('Collation'),
      text('Null', 3),
      text('Key', 3),
      long('Default'),
      text('Extra', 256),
      text('Privileges', 154),
      long('Comment'),
    ];
    return {
      columns: wide,
      rows: rows.map((row, i) => {
        const column = relation.k === 'table' ? relation.table.columns[i] : undefined;
        const collation = /char|text|enum|set\(/.test(String(row[1]))
          ? (column?.collate ?? 'utf8mb4_0900_ai_ci')
          : null;
        return [
          row[0] ?? null,
          row[1] ?? null,
          collation,
          ...row.slice(2),
          'select,insert,update,references',
          column?.comment ?? '',
        ];
      }),
    };
  }

  private describeColumn(table: Table, column: Table['columns'][number]): SqlValue[] {
    const extra = [
      column.autoIncrement ? 'auto_increment' : '',
      column.default?.k === 'call' ? 'DEFAULT_GENERATED' : '',
      column.onUpdateNow ? 'on update CURRENT_TIMESTAMP' : '',
    ];
    return [
      column.name,
      typeText(column.type),
      column.notNull ? 'NO' : 'YES',
      keyKind(table, column),
      defaultText(column),
      extra.filter(Boolean).join(' '),
    ];
  }

  private describeQuery(name: { db?: string; name: string }, db: string | undefined): SqlValue[][] {
    const from = new QueryEmitter(this.context).from(
      { k: 'table', name: { db: name.db ?? db ?? this.context.database(), name: name.name } },
      undefined,
    );
    return (from.sources[0]?.columns ?? []).map(({ name: column, meta }) => [
      column,
      typeText(meta.type),
      meta.notNull ? 'NO' : 'YES',
      '',
      null,
      '',
    ]);
  }

  private index({ table: name, db }: Show): Virtual {
    const table = this.context.table(name?.db ?? db, name?.name ?? '', 'SELECT');
    const count = this.session.query(`SELECT count(*) FROM ${tableId(table)}`)[0]?.[0] ?? 0n;
    const columns = [
      text('Table'),
      number('Non_unique', { name: 'int' }),
      text('Key_name'),
      number('Seq_in_index', { name: 'int', unsigned: true }),
      text('Column_name'),
      text('Collation', 1),
      number('Cardinality', { name: 'bigint' }),
      number('Sub_part'),
      text('Packed'),
      text('Null', 3),
      text('Index_type', 11),
      text('Comment', 8),
      text('Index_comment', 2048),
      text('Visible', 3),
      long('Expression'),
    ];
    const rows = table.indexes.flatMap((index) =>
      index.columns.map(({ name: column, desc, length }, i): SqlValue[] => [
        table.name,
        /primary|unique/.test(index.kind) ? 0n : 1n,
        index.name,
        BigInt(i + 1),
        column,
        desc ? 'D' : 'A',
        count,
        length ? BigInt(length) : null,
        null,
        table.columns.find((c) => c.name.toLowerCase() === column.toLowerCase())?.notNull ? '' : 'YES',
        index.kind === 'fulltext' ? 'FULLTEXT' : 'BTREE',
        '',
        '',
        'YES',
        null,
      ]),
    );
    return { columns, rows };
  }

  private createTable({ table: name }: Show): Virtual {
    const db = name?.db ?? this.context.database();
    const relation = this.context.relation(db, name?.name ?? '', 'SELECT');
    if (relation.k === 'table')
      return {
        columns: [text('Table'), text('Create Table', 1024)],
        rows: [[relation.table.name, createTableText(relation.table, { autoIncrement: true })]],
      };
    const view = this.catalog.findView(db, name?.name ?? '');
    if (!view) throw errors.noSuchTable(`${db}.${name?.name ?? ''}`);
    const [user = '', host = ''] = view.definer.split('@');
    const definition = `CREATE ALGORITHM=UNDEFINED DEFINER=${quoteName(user)}@${quoteName(host)} SQL SECURITY DEFINER VIEW ${quoteName(view.name)} AS ${view.text}`;
    return {
      columns: [text('View'), text('Create View', 1024), text('character_set_client'), text('collation_connection')],
      rows: [[view.name, definition, 'utf8mb4', 'utf8mb4_0900_ai_ci']],
    };
  }
}
