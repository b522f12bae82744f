// mysqldump: the statements that make a database anew, as a client of the server reads them off it.
// DIFFERS: views, routines, triggers and events are not dumped; bytes above 127 of binary values are written as --hex-blob does.
import type { Process, Program } from '../machine/process';
import { strftime } from '../shell/strftime';
import { askPassword, connect } from './mysql-client/connect';
import { type ClientColumn, type ClientConnection, LostConnection } from './mysql-client/connection';
import { type ClientOptions, readOptions } from './mysql-client/options';
import { quoteName } from './mysql-engine/describe';
import { SqlError } from './mysql-protocol/errors';

const USAGE = `Usage: mysqldump [OPTIONS] database [tables]
OR     mysqldump [OPTIONS] --databases [OPTIONS] DB1 [DB2 DB3...]
OR     mysqldump [OPTIONS] --all-databases [OPTIONS]
For more options, use mysqldump --help
`;
const STATUS = { usage: 1, server: 2, noTable: 6 };
const ROWS_BYTES = 1_000_000; // of one INSERT, as net_buffer_length has it
const OWN = new Set(['information_schema', 'performance_schema', 'sys', 'mysql']);
const BINARY_CHARSET = 63;
const NUMERIC = new Set([0, 1, 2, 3, 4, 5, 8, 9, 13, 246]); // types of the protocol that stand without quotes
const TEXT_TYPES = new Set([15, 249, 250, 251, 252, 253, 254]);
const BIT = 16;

/** Ends the dump with a status of its own. */
class Failed extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export const mysqldump: Program = async (proc) => {
  const options = readOptions(proc);
  if (typeof options === 'string') return proc.complain(`${options}\n`).then(() => STATUS.usage);
  if (options.flags.has('version'))
    return proc.print('mysqldump  Ver 8.0.36 for Linux on x86_64 (Source distribution)\n').then(() => 0);
  const [all, several] = [asks(options, 'all-databases', 'no-auto-rehash'), asks(options, 'databases', 'batch')];
  if (!all && options.rest.length === 0) return proc.print(USAGE).then(() => STATUS.usage);
  if (options.visiblePassword)
    await proc.complain('mysqldump: [Warning] Using a password on the command line interface can be insecure.\n');
  if (options.askPassword) options.password = await askPassword(proc);
  try {
    const connection = await open(proc, options);
    try {
      await new Dump(proc, connection, options).run(all ? 'all' : several ? 'several' : 'one');
    } finally {
      await connection.quit();
    }
    return 0;
  } catch (error) {
    if (error instanceof Failed) return proc.complain(`mysqldump: ${error.message}\n`).then(() => error.status);
    if (error instanceof LostConnection)
      return proc
        .complain('mysqldump: Got error: 2013: Lost connection to MySQL server during query\n')
        .then(() => STATUS.server);
    throw error;
  }
};

/** A flag by its long name, or by the letter that means something else to the other clients. */
const asks = ({ flags }: ClientOptions, name: string, letter: string): boolean => flags.has(name) || flags.has(letter);

async function open(proc: Process, options: ClientOptions): Promise<ClientConnection> {
  try {
    return await connect(proc, { ...options, database: undefined });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new Failed(`Got error: ${error.code}: ${error.message} when trying to connect`, STATUS.server);
  }
}

type Row = (Uint8Array | null)[];

class Dump {
  private readonly flags: Set<string>;
  private readonly comments: boolean;

  constructor(
    private readonly proc: Process,
    private readonly connection: ClientConnection,
    private readonly options: ClientOptions,
  ) {
    this.flags = options.flags;
    this.comments = !this.flags.has('skip-comments') && !this.flags.has('compact');
  }

  async run(which: 'all' | 'several' | 'one'): Promise<void> {
    const { rest } = this.options;
    const [first = ''] = rest;
    const names =
      which === 'all'
        ? (await this.names('SHOW DATABASES')).filter((name) => !OWN.has(name) || name === 'mysql')
        : which === 'several'
          ? rest
          : [first];
    await this.begin(which === 'one' ? first : '');
    if (!this.flags.has('no-tablespaces')) await this.tellOfTablespaces();
    for (const name of names.filter((each) => which !== 'all' || each !== 'mysql')) {
      await this.use(name);
      if (which !== 'one') await this.database(name);
      await this.tables(name, which === 'one' ? rest.slice(1) : []);
    }
    await this.end();
  }

  private async rows(sql: string): Promise<{ columns: ClientColumn[]; rows: Row[] }> {
    for await (const result of this.connection.query(sql)) if (result.k === 'rows') return result;
    return { columns: [], rows: [] };
  }

  private async names(sql: string): Promise<string[]> {
    return (await this.rows(sql)).rows.map(([name]) => text(name));
  }

  /** Who may not look at them is told so, and gets the dump all the same. */
  private async tellOfTablespaces(): Promise<void> {
    const grants = await this.names('SHOW GRANTS');
    if (grants.some((grant) => /^GRANT .*(ALL PRIVILEGES|PROCESS).* ON \*\.\* /.test(grant))) return;
    await this.proc.complain(
      "mysqldump: Error: 'Access denied; you need (at least one of) the PROCESS privilege(s) for this operation' when trying to dump tablespaces\n",
    );
  }

  private async use(name: string): Promise<void> {
    try {
      await this.connection.initDb(name);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw new Failed(`Got error: ${error.code}: ${error.message} when selecting the database`, STATUS.server);
    }
  }

  private print(lines: string): Promise<void> {
    return this.proc.print(lines);
  }

  private title(what: string): string {
    return this.comments ? `\n--\n-- ${what}\n--\n` : '';
  }

  private async begin(database: string): Promise<void> {
    const { host } = this.options;
    if (this.comments)
      await this.print(
        `-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: ${host ?? 'localhost'}    Database: ${database}\n-- ${'-'.repeat(54)}\n-- Server version\t${this.connection.serverVersion}\n\n`,
      );
    if (!this.flags.has('compact')) await this.print(`${SETTINGS.map((line) => `${line};\n`).join('')}`);
  }

  private async end(): Promise<void> {
    if (!this.flags.has('compact'))
      await this.print(
        `${RESTORED[0]};\n\n${RESTORED.slice(1)
          .map((line) => `${line};\n`)
          .join('')}`,
      );
    if (this.comments)
      await this.print(`\n-- Dump completed on ${strftime('%Y-%m-%d %k:%M:%S', this.proc.machine.clock.now())}\n`);
  }

  private async database(name: string): Promise<void> {
    const [row] = (await this.rows(`SHOW CREATE DATABASE IF NOT EXISTS ${quoteName(name)}`)).rows;
    const made = text(row?.[1]).replace('/*!32312 IF NOT EXISTS*/ ', '');
    await this.print(
      `${this.title(`Current Database: ${quoteName(name)}`)}\n${made.replace('CREATE DATABASE ', 'CREATE DATABASE /*!32312 IF NOT EXISTS*/ ')};\n\nUSE ${quoteName(name)};\n`,
    );
  }

  private async tables(database: string, wanted: string[]): Promise<void> {
    const { rows } = await this.rows('SHOW FULL TABLES');
    const tables = rows.filter(([, kind]) => text(kind) === 'BASE TABLE').map(([name]) => text(name));
    for (const name of wanted)
      if (!tables.includes(name)) throw new Failed(`Couldn't find table: "${name}"`, STATUS.noTable);
    const ignored = this.options.values.get('ignore-table');
    for (const name of wanted.length > 0 ? wanted : tables)
      if (ignored !== `${database}.${name}`) await this.table(name);
  }

  private async table(name: string): Promise<void> {
    const quoted = quoteName(name);
    const compact = this.flags.has('compact');
    if (!asks(this.options, 'no-create-info', 'table')) {
      const [row] = (await this.rows(`SHOW CREATE TABLE ${quoted}`)).rows;
      const drop = compact || this.flags.has('skip-add-drop-table') ? '' : `DROP TABLE IF EXISTS ${quoted};\n`;
      await this.print(
        `${this.title(`Table structure for table ${quoted}`)}${compact ? '' : '\n'}${drop}/*!40101 SET @saved_cs_client     = @@character_set_client */;\n/*!50503 SET character_set_client = utf8mb4 */;\n${text(row?.[1])};\n/*!40101 SET character_set_client = @saved_cs_client */;\n`,
      );
    }
    if (!this.flags.has('no-data')) await this.data(quoted, compact);
  }

  private async data(quoted: string, compact: boolean): Promise<void> {
    const where = this.options.values.get('where');
    const { columns, rows } = await this.rows(`SELECT * FROM ${quoted}${where ? ` WHERE ${where}` : ''}`);
    const locks = !compact && !this.flags.has('skip-add-locks');
    const keys = (what: string) => (compact ? '' : `/*!40000 ALTER TABLE ${quoted} ${what} KEYS */;\n`);
    const named = this.flags.has('complete-insert')
      ? ` (${columns.map(({ name }) => quoteName(name)).join(', ')})`
      : '';
    await this.print(
      `${this.title(`Dumping data for table ${quoted}`)}${compact ? '' : '\n'}${locks ? `LOCK TABLES ${quoted} WRITE;\n` : ''}${keys('DISABLE')}`,
    );
    const single = this.flags.has('skip-extended-insert') || this.flags.has('skip-opt');
    let held: string[] = [];
    let bytes = 0;
    const flush = async () => {
      if (held.length > 0) await this.print(`INSERT INTO ${quoted}${named} VALUES ${held.join(',')};\n`);
      held = [];
      bytes = 0;
    };
    for (const row of rows) {
      const values = `(${row.map((value, i) => literal(value, columns[i] as ClientColumn, this.flags.has('hex-blob'))).join(',')})`;
      held.push(values);
      bytes += values.length;
      if (single || bytes > ROWS_BYTES) await flush();
    }
    await flush();
    await this.print(`${keys('ENABLE')}${locks ? 'UNLOCK TABLES;\n' : ''}`);
  }
}

const text = (bytes: Uint8Array | null | undefined): string => (bytes ? new TextDecoder().decode(bytes) : '');

const ESCAPES: Record<string, string> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\u001a': '\\Z',
  "'": "\\'",
  '"': '\\"',
  '\\': '\\\\',
};
const ESCAPED = /[\0\n\r\x1a'"\\]/g;

function literal(value: Uint8Array | null, { type, charset }: ClientColumn, hex: boolean): string {
  if (value === null) return 'NULL';
  if (NUMERIC.has(type)) return text(value);
  const isBinary = type === BIT || (TEXT_TYPES.has(type) && charset === BINARY_CHARSET);
  if (isBinary && value.length > 0 && (hex || value.some((byte) => byte > 127)))
    return `0x${Buffer.from(value).toString('hex').toUpperCase()}`;
  const plain = isBinary ? Buffer.from(value).toString('latin1') : text(value);
  return `${isBinary ? '_binary ' : ''}'${plain.replace(ESCAPED, (character) => ESCAPES[character] ?? character)}'`;
}

const SETTINGS = [
  '/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */',
  '/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */',
  '/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */',
  '/*!50503 SET NAMES utf8mb4 */',
  '/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */',
  "/*!40103 SET TIME_ZONE='+00:00' */",
  '/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */',
  '/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */',
  "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */",
  '/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */',
];
const RESTORED = [
  '/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */',
  '/*!40101 SET SQL_MODE=@OLD_SQL_MODE */',
  '/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */',
  '/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */',
  '/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */',
  '/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */',
  '/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */',
  '/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */',
];
