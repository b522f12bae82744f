// mysql: the command-line client of MySQL 8.0, over the real protocol. Texts: client/mysql.cc.
import type { Process, Program } from '../machine/process';
import { askPassword, connect } from './mysql-client/connect';
import { type ClientConnection, type ClientResult, LostConnection } from './mysql-client/connection';
import { type Format, table, tabs, vertical } from './mysql-client/format';
import { type ClientOptions, readOptions } from './mysql-client/options';
import { type Piece, Splitter } from './mysql-client/split';
import { SqlError } from './mysql-protocol/errors';

const INSECURE = 'mysql: [Warning] Using a password on the command line interface can be insecure.\n';
/** Of the image's own package, or Red Hat's. */
function versionLine(proc: Process): string {
  const packaged = (name: string) => /\d+\.\d+\.\d+/.exec(proc.env[name] ?? '')?.[0];
  const maria = packaged('MARIADB_VERSION');
  if (maria)
    return /^10\.[0-9]\.|^10\.10\./.test(maria)
      ? `mysql  Ver 15.1 Distrib ${maria}-MariaDB, for debian-linux-gnu (x86_64) using  EditLine wrapper\n`
      : `${proc.name} from ${maria}-MariaDB, client 15.2 for debian-linux-gnu (x86_64) using  EditLine wrapper\n`;
  const own = packaged('MYSQL_VERSION');
  if (own?.startsWith('5.')) return `mysql  Ver 14.14 Distrib ${own}, for Linux (x86_64) using  EditLine wrapper\n`;
  return own
    ? `mysql  Ver ${own} for Linux on x86_64 (MySQL Community Server - GPL)\n`
    : 'mysql  Ver 8.0.36 for Linux on x86_64 (Source distribution)\n';
}

export const mysql: Program = async (proc) => {
  const options = readOptions(proc);
  if (typeof options === 'string') {
    await proc.complain(`${options}\n`);
    return 7;
  }
  if (options.flags.has('version')) return proc.print(versionLine(proc)).then(() => 0);
  if (options.flags.has('help'))
    return proc.print(`${versionLine(proc)}Usage: mysql [OPTIONS] [database]\n`).then(() => 0);
  options.database ??= options.rest[0];
  if (options.visiblePassword) await proc.complain(INSECURE);
  if (options.askPassword) options.password = await askPassword(proc);
  const client = new Client(proc, options);
  return client.run();
};

class Client {
  private readonly batch: boolean;
  private readonly silent: number;
  private readonly onTerminal: boolean;
  private readonly splitter = new Splitter();
  private connection!: ClientConnection;
  private database: string | undefined;
  private failed = false;

  constructor(
    private readonly proc: Process,
    private readonly options: ClientOptions,
  ) {
    this.onTerminal = proc.stdin.terminal !== undefined && proc.stdout.terminal !== undefined;
    this.batch = !this.onTerminal || options.flags.has('batch') || options.execute.length > 0;
    this.silent = options.silent + (!this.onTerminal || options.flags.has('batch') ? 1 : 0);
    this.database = options.database;
    this.splitter.delimiter = options.values.get('delimiter') ?? ';';
  }

  async run(): Promise<number> {
    try {
      this.connection = await connect(this.proc, this.options);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      await this.proc.complain(`ERROR ${error.code} (${error.state}): ${error.message}\n`);
      return 1;
    }
    try {
      if (this.options.execute.length > 0) return await this.script(this.options.execute.join('\n').split('\n'));
      if (this.batch) return await this.script(this.proc.lines());
      return await this.interactive();
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
      return this.failed ? 1 : 0;
    } finally {
      await this.connection.quit();
    }
  }

  // Scripts

  private async script(lines: Iterable<string> | AsyncIterable<string>): Promise<number> {
    for await (const line of lines) if (!(await this.line(line))) return 1;
    for (const piece of this.splitter.rest()) if (!(await this.statement(piece))) return 1;
    return this.failed ? 1 : 0;
  }

  /** Handles one line; false when the script must stop. */
  private async line(line: string): Promise<boolean> {
    if (this.splitter.idle) {
      const done = await this.wordCommand(line);
      if (done !== undefined) return done;
    }
    for (const piece of this.splitter.feed(line.replace(/\r$/, ''))) {
      const fine = 'command' in piece ? await this.command(piece.command) : await this.statement(piece);
      if (!fine) return false;
    }
    return true;
  }

  /** Commands that are words at the beginning of a line: `use`, `source`, `exit`, `delimiter`. */
  private async wordCommand(line: string): Promise<boolean | undefined> {
    const match =
      /^\s*(use|source|exit|quit|delimiter|status|help|clear|connect|system|prompt|tee|notee|pager|nopager|warnings|nowarning|rehash)\b\s*(.*?)\s*;?\s*$/i.exec(
        line,
      );
    const letter = match && LETTERS[(match[1] ?? '').toLowerCase()];
    if (!match || !letter) return undefined;
    if (/^(help|status|clear|connect|system|exit|quit)$/i.test(match[1] ?? '') && /;.*\S/.test(match[2] ?? ''))
      return undefined;
    return this.command(
      `\\${letter} ${letter === 'd' ? (/^\s*\S+\s+(\S+)/.exec(line)?.[1] ?? '') : (match[2] ?? '')}`.trimEnd(),
    );
  }

  private async command(text: string): Promise<boolean> {
    const letter = text[1] ?? '';
    const argument = text.slice(2).trim();
    switch (letter) {
      case 'q':
        throw new Quit();
      case 'u':
        return this.use(argument.replace(/^[`'"]|[`'"]$/g, ''));
      case 'd':
        if (argument) this.splitter.delimiter = argument;
        else await this.complain("DELIMITER must be followed by a 'delimiter' character or string");
        return true;
      case '.':
        return this.source(argument);
      case 's':
        await this.status();
        return true;
      case 'h':
      case '?':
        await this.proc.print(HELP);
        return true;
      case '!':
        await this.proc.run(['/bin/sh', '-c', argument]);
        return true;
      case 'r':
      case 'R':
      case 'T':
      case 't':
      case 'P':
      case 'n':
      case 'W':
      case 'w':
      case '#':
      case 'c':
        return true;
      default:
        await this.complain(`Unknown command '\\${letter}'.`);
        return this.mayGoOn();
    }
  }

  private async use(name: string): Promise<boolean> {
    if (!name) {
      await this.complain('USE must be followed by a database name');
      return this.mayGoOn();
    }
    try {
      await this.connection.initDb(name);
    } catch (error) {
      return this.error(error, undefined);
    }
    this.database = name;
    await this.info('Database changed');
    return true;
  }

  private async source(path: string): Promise<boolean> {
    let text: string;
    try {
      text = this.proc.files.readText(path);
    } catch {
      await this.complain(`Failed to open file '${path}', error: 2`);
      return this.mayGoOn();
    }
    for (const line of text.split('\n')) if (!(await this.line(line))) return false;
    return true;
  }

  private mayGoOn(): boolean {
    return !this.batch || this.options.flags.has('force');
  }

  private async complain(text: string): Promise<void> {
    await this.proc.complain(this.batch ? `ERROR at line 1: ${text}\n` : `ERROR: \n${text}\n`);
    if (this.batch) this.failed = true;
  }

  // Statements

  private async statement({ text, vertical: asRows, line }: Piece): Promise<boolean> {
    const { verbose } = this.options;
    if (verbose > 0) await this.proc.print(`--------------\n${text}\n--------------\n\n`);
    const started = this.proc.machine.clock.now();
    try {
      for await (const result of this.connection.query(text)) await this.show(result, asRows, started);
      const use = /^use\s+[`]?([^`\s;]+)/i.exec(text);
      if (use) this.database = use[1];
      return true;
    } catch (error) {
      return this.error(error, line);
    }
  }

  private async error(error: unknown, line: number | undefined): Promise<boolean> {
    const known =
      error instanceof LostConnection
        ? new SqlError(2013, 'HY000', 'Lost connection to MySQL server during query')
        : error;
    if (!(known instanceof SqlError)) throw error;
    const at = this.batch && line !== undefined ? ` at line ${line}` : '';
    await this.proc.complain(`ERROR ${known.code} (${known.state})${at}: ${known.message}\n`);
    if (this.batch) this.failed = true;
    if (error instanceof LostConnection) throw new Quit();
    return this.mayGoOn();
  }

  private get format(): Format {
    const { flags } = this.options;
    return {
      names: !flags.has('skip-column-names'),
      hex: !flags.has('skip-binary-as-hex') && (flags.has('binary-as-hex') || this.onTerminal),
      raw: flags.has('raw'),
    };
  }

  private async show(result: ClientResult, asRows: boolean, started: number): Promise<void> {
    const took = ` (${duration((this.proc.machine.clock.now() - started) / 1000)})`;
    const warned = result.warnings > 0 ? `, ${result.warnings} warning${result.warnings === 1 ? '' : 's'}` : '';
    if (result.k === 'ok') {
      await this.info(`Query OK, ${result.affected} row${result.affected === 1 ? '' : 's'} affected${warned}${took}`);
      if (result.info) await this.info(result.info);
      return this.info('');
    }
    const { rows } = result;
    if (rows.length === 0) await this.info(`Empty set${warned}${took}`);
    else {
      await this.proc.print(this.printed(result, asRows));
      await this.info(`${rows.length} row${rows.length === 1 ? '' : 's'} in set${warned}${took}`);
    }
    return this.info('');
  }

  private printed(result: Extract<ClientResult, { k: 'rows' }>, asRows: boolean): Uint8Array {
    const { flags, verbose } = this.options;
    if (asRows || flags.has('vertical')) return vertical(result, this.format);
    const plain = this.silent > 0 && verbose <= 2 && !flags.has('table');
    return plain ? tabs(result, this.format) : table(result, this.format);
  }

  /** A remark on a result: shown to people, not to scripts. */
  private async info(text: string): Promise<void> {
    if (this.batch ? this.options.verbose > 1 : this.silent === 0) await this.proc.print(`${text}\n`);
  }

  private async status(): Promise<void> {
    const row: string[] = [];
    for await (const result of this.connection.query('select DATABASE(), USER()'))
      if (result.k === 'rows')
        row.push(...(result.rows[0] ?? []).map((cell) => (cell ? new TextDecoder().decode(cell) : '')));
    const statistics = await this.connection.statistics();
    const { host, port } = this.options;
    const how = host && host !== 'localhost' ? `${host} via TCP/IP` : 'Localhost via UNIX socket';
    await this.proc.print(
      `--------------\n${versionLine(this.proc)}\nConnection id:\t\t${this.connection.id}\nCurrent database:\t${row[0] ?? ''}\nCurrent user:\t\t${row[1] ?? ''}\nSSL:\t\t\tNot in use\nCurrent pager:\t\tstdout\nUsing outfile:\t\t''\nUsing delimiter:\t${this.splitter.delimiter}\nServer version:\t\t${this.connection.serverVersion} Source distribution\nProtocol version:\t10\nConnection:\t\t${how}\nServer characterset:\tutf8mb4\nDb     characterset:\tutf8mb4\nClient characterset:\tutf8mb4\nConn.  characterset:\tutf8mb4\n${host && host !== 'localhost' ? `TCP port:\t\t${port}` : `UNIX socket:\t\t${this.options.socket}`}\nBinary data as:\t\tHexadecimal\n\n${statistics}\n--------------\n\n`,
    );
  }

  // Interactive

  private async interactive(): Promise<number> {
    if (this.silent === 0) await this.welcome();
    let interrupt = new AbortController();
    let running = false;
    this.proc.on('SIGINT', () => {
      if (running) void this.killQuery();
      else interrupt.abort(new Interrupted());
    });
    while (true) {
      await this.proc.print(this.prompt());
      const line = await this.typed(interrupt.signal).catch(async (error: unknown) => {
        if (!(error instanceof Interrupted)) throw error;
        interrupt = new AbortController();
        await this.proc.print('\n');
        this.splitter.clear();
        return undefined;
      });
      if (line === undefined) continue;
      if (line === null) break;
      running = true;
      try {
        await this.line(line);
      } catch (error) {
        if (error instanceof Quit) break;
        throw error;
      } finally {
        running = false;
      }
    }
    await this.info('Bye');
    return 0;
  }

  private async killQuery(): Promise<void> {
    try {
      const other = await connect(this.proc, this.options);
      for await (const _ of other.query(`KILL QUERY ${this.connection.id}`));
      await other.quit();
      await this.proc.print('^C -- query aborted\n');
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      await this.proc.print('^C -- Sorry, cannot connect to the server to kill query, giving up ...\n');
    }
  }

  private prompt(): string {
    const { state } = this.splitter;
    if (state === '') return 'mysql> ';
    return `${state.padStart(5)}> `;
  }

  private waiting = new Uint8Array();

  /** The next line from the terminal; null at its end. */
  private async typed(signal: AbortSignal): Promise<string | null> {
    while (!this.waiting.includes(10)) {
      const chunk = await this.proc.read(0, 65536, signal);
      if (!chunk) return null;
      this.waiting = Uint8Array.of(...this.waiting, ...chunk);
    }
    const end = this.waiting.indexOf(10);
    const line = new TextDecoder().decode(this.waiting.subarray(0, end));
    this.waiting = this.waiting.slice(end + 1);
    return line;
  }

  private async welcome(): Promise<void> {
    let comment = '';
    for await (const result of this.connection.query('select @@version_comment limit 1'))
      if (result.k === 'rows') comment = new TextDecoder().decode(result.rows[0]?.[0] ?? new Uint8Array());
    await this.proc.print(
      `Welcome to the MySQL monitor.  Commands end with ; or \\g.\nYour MySQL connection id is ${this.connection.id}\nServer version: ${this.connection.serverVersion} ${comment}\n\nCopyright (c) 2000, 2024, Oracle and/or its affiliates.\n\nOracle is a registered trademark of Oracle Corporation and/or its\naffiliates. Other names may be trademarks of their respective\nowners.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`,
    );
  }
}

class Quit extends Error {}
class Interrupted extends Error {}

const LETTERS: Record<string, string> = {
  use: 'u',
  source: '.',
  exit: 'q',
  quit: 'q',
  delimiter: 'd',
  status: 's',
  help: 'h',
  clear: 'c',
  connect: 'r',
  system: '!',
  prompt: 'R',
  tee: 'T',
  notee: 't',
  pager: 'P',
  nopager: 'n',
  warnings: 'W',
  nowarning: 'w',
  rehash: '#',
};

/** Seconds as the client prints them: `0.00 sec`, `1 min 2.50 sec`. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const parts = [
    hours > 0 ? `${hours} hour${hours > 1 ? 's' : ''} ` : '',
    minutes > 0 ? `${minutes % 60} min ` : '',
    `${(seconds % 60).toFixed(2)} sec`,
  ];
  return parts.join('');
}

const HELP = `
For information about MySQL products and services, visit:
   http://www.mysql.com/
For developer information, including the MySQL Reference Manual, visit:
   http://dev.mysql.com/
To buy MySQL Enterprise support, training, or other products, visit:
   https://shop.mysql.com/

List of all MySQL commands:
Note that all text commands must be first on line and end with ';'
?         (\\?) Synonym for \`help'.
clear     (\\c) Clear the current input statement.
connect   (\\r) Reconnect to the server. Optional arguments are db and host.
delimiter (\\d) Set statement delimiter.
ego       (\\G) Send command to mysql server, display result vertically.
exit      (\\q) Exit mysql. Same as quit.
go        (\\g) Send command to mysql server.
help      (\\h) Display this help.
quit      (\\q) Quit mysql.
source    (\\.) Execute an SQL script file. Takes a file name as an argument.
status    (\\s) Get status information from the server.
system    (\\!) Execute a system shell command.
use       (\\u) Use another database. Takes database name as argument.

For server side help, type 'help contents'

`;
