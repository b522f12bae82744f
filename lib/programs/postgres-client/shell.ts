// The work of psql: reads statements and backslash commands, runs them, prints.
import { Errno, strerror } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { askPassword } from '../mysql-client/connect';
import { Client, ConnectFailure, messageText, type Reply } from './connection';
import {
  type Described,
  describeNamed,
  isSimple,
  listDatabases,
  listRelations,
  listRoles,
  listSimple,
} from './describe';
import { drawTable, isRight, type Shown, type TableStyle } from './format';
import { connectionString, type PsqlOptions } from './options';
import { bareStatement, interpolate, scan } from './split';

export const PSQL_VERSION = '15.8';

export class Psql {
  readonly variables: Map<string, string>;
  private readonly style: TableStyle;
  private timing = false;
  private buffer = '';
  private last = '';
  private failed = false;
  private done: number | undefined;
  /** `file:line: ` before messages of a script. */
  private where = '';
  private lines: AsyncIterator<string> | undefined;

  constructor(
    private readonly proc: Process,
    public client: Client,
    private readonly options: PsqlOptions,
  ) {
    this.variables = options.variables;
    this.style = {
      format: options.csv ? 'csv' : options.unaligned ? 'unaligned' : 'aligned',
      expanded: options.expanded,
      tuplesOnly: options.tuplesOnly,
      separator: options.separator,
      none: '',
      border: 1,
    };
    for (const text of options.pset) this.pset(text.split('=')[0] ?? '', text.split('=')[1] ?? '');
  }

  async main(): Promise<number> {
    const { actions, list } = this.options;
    if (list) {
      await this.show(await listDatabases(this.client));
      return 0;
    }
    if (actions.length > 0) return this.batch();
    const interactive = this.proc.stdin.terminal !== undefined;
    if (interactive && !this.options.quiet) await this.banner();
    await this.loop(this.proc.lines(), interactive ? undefined : '<stdin>');
    return this.done ?? (this.failed && this.stops ? 3 : 0);
  }

  private get stops(): boolean {
    return /^(on|1|true)$/i.test(this.variables.get('ON_ERROR_STOP') ?? '');
  }

  private async banner(): Promise<void> {
    const server = (this.client.parameters.get('server_version') ?? '').split(' ');
    const [mine, theirs] = [PSQL_VERSION, server.join(' ')];
    await this.proc.print(
      mine === server[0]
        ? `psql (${theirs})\n`
        : `psql (${mine}, server ${theirs})\n${Number.parseFloat(theirs) >= 16 ? `WARNING: psql major version 15, server major version ${server[0]?.split('.')[0]}.\n         Some psql features might not work.\n` : ''}`,
    );
    await this.proc.print('Type "help" for help.\n\n');
  }

  private async batch(): Promise<number> {
    const { actions, single } = this.options;
    if (single) await this.client.all('BEGIN');
    for (const { kind, text } of actions) {
      const ok = kind === 'command' ? await this.commandText(text) : await this.file(text);
      if (this.done !== undefined) return this.done;
      if (!ok && (kind === 'command' || this.stops)) {
        if (single) await this.client.all('ROLLBACK');
        return kind === 'command' ? 1 : 3;
      }
    }
    if (single) await this.client.all('COMMIT');
    return 0;
  }

  /** `-c`: one backslash command, or SQL sent as one. */
  private async commandText(text: string): Promise<boolean> {
    this.failed = false;
    if (text.trim().startsWith('\\')) await this.backslash(text.trim());
    else await this.send(interpolate(text, this.variables));
    return !this.failed;
  }

  private async file(path: string): Promise<boolean> {
    if (path === '-') {
      await this.loop(this.proc.lines(), '<stdin>');
      return !this.failed;
    }
    let text: string;
    try {
      text = this.proc.files.readText(path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await this.proc.complain(`${path}: ${strerror(error)}\n`);
      this.failed = true;
      this.done ??= this.options.actions.length > 0 ? 1 : undefined;
      return false;
    }
    await this.loop(eachLine(text), path);
    return !this.failed;
  }

  // Reading

  private async loop(source: AsyncIterable<string>, script: string | undefined): Promise<void> {
    const outer = { lines: this.lines, where: this.where, buffer: this.buffer };
    const lines = source[Symbol.asyncIterator]();
    this.lines = lines;
    this.buffer = '';
    let number = 0;
    for (;;) {
      if (script === undefined) await this.proc.print(this.prompt());
      const next = await lines.next();
      if (next.done) break;
      number++;
      this.where = script === undefined ? '' : `psql:${script}:${number}: `;
      await this.line(next.value, script === undefined);
      if (this.done !== undefined || (this.failed && this.stops && script !== undefined)) break;
    }
    if (bareStatement(this.buffer).trim() !== '' && script !== undefined && this.done === undefined)
      await this.send(interpolate(this.buffer, this.variables));
    if (script === undefined && this.done === undefined) await this.proc.print('\\q\n');
    Object.assign(this, outer);
  }

  private prompt(): string {
    const { open } = scan(this.buffer);
    const mark = this.client.state === 'T' ? '*' : this.client.state === 'E' ? '!' : '';
    const superuser = this.client.parameters.get('is_superuser') === 'on';
    return `${this.client.target.database}${open === '=' ? '=' : open}${mark}${superuser ? '#' : '>'} `;
  }

  private async line(line: string, interactive: boolean): Promise<void> {
    const word = line.trim().toLowerCase();
    if (this.buffer === '' && interactive) {
      if (/^(help)\s*;?$/.test(word)) return this.proc.print(HELP_WORD);
      if (/^(exit|quit)\s*;?$/.test(word)) {
        this.done = 0;
        return;
      }
    }
    this.buffer += `${line}\n`;
    for (
      let found = scan(this.buffer);
      found.statement !== undefined || found.command !== undefined;
      found = scan(this.buffer)
    ) {
      if (found.statement !== undefined) {
        this.buffer = found.rest.replace(/^[ \t]*\n/, '');
        if (bareStatement(found.statement).trim() !== ';')
          await this.send(interpolate(bareStatement(found.statement), this.variables));
      } else {
        this.buffer = found.rest.trim() === '' ? '' : found.rest;
        await this.backslash(found.command as string);
      }
      if (this.done !== undefined || (this.failed && this.stops && !interactive)) return;
    }
    if (this.buffer.trim() === '') this.buffer = '';
  }

  // Running

  private async send(sql: string): Promise<void> {
    const before = this.proc.machine.clock.now();
    this.last = sql;
    if (this.options.echo) await this.proc.print(`${sql.trim()}\n`);
    this.failed = false;
    for await (const reply of this.client.query(sql, () => this.copyData())) await this.reply(reply, sql);
    if (this.timing) await this.proc.print(`Time: ${(this.proc.machine.clock.now() - before).toFixed(3)} ms\n`);
  }

  /** The lines after COPY … FROM STDIN, up to `\.`. */
  private async copyData(): Promise<string> {
    const data: string[] = [];
    if (this.proc.stdin.terminal && this.where === '')
      await this.proc.print(
        'Enter data to be copied followed by a newline.\nEnd with a backslash and a period on a line by itself, or an EOF signal.\n',
      );
    for (;;) {
      if (this.proc.stdin.terminal && this.where === '') await this.proc.print('>> ');
      const next = await this.lines?.next();
      if (!next || next.done || next.value === '\\.') break;
      data.push(next.value);
    }
    return data.map((line) => `${line}\n`).join('');
  }

  private async reply(reply: Reply, sql: string): Promise<void> {
    for (const notice of reply.notices) await this.proc.complain(`${this.where}${messageText(notice, sql)}`);
    if (reply.error) {
      this.failed = true;
      await this.proc.complain(`${this.where}${messageText(reply.error, sql)}`);
      return;
    }
    if (reply.copyOut !== undefined) return this.proc.print(reply.copyOut);
    if (reply.columns) await this.proc.print(drawTable(shownReply(reply), this.style));
    if (
      !this.options.quiet &&
      reply.tag &&
      !(reply.columns && /^(SELECT|SHOW|FETCH|EXPLAIN|EXECUTE)/.test(reply.tag)) &&
      !(reply.columns && this.style.tuplesOnly)
    )
      await this.proc.print(`${reply.tag}\n`);
  }

  private async show(described: Described): Promise<void> {
    if ('nothing' in described) {
      if (!this.options.quiet) await this.proc.complain(`${this.where}${described.nothing}\n`);
      return;
    }
    const style: TableStyle = { ...this.style, expanded: false };
    await this.proc.print(drawTable(described.table, style));
  }

  // Backslash commands

  private async backslash(text: string): Promise<void> {
    const [, name = '', rest = ''] = /^\\(\S+|\?)\s*([\s\S]*)$/.exec(text) ?? [];
    const args = [...rest.matchAll(/'((?:[^']|'')*)'|(\S+)/g)].map(
      ([, quoted, bare]) => quoted?.replaceAll("''", "'") ?? bare ?? '',
    );
    const known = this.commands[name];
    if (known) return known(args, rest);
    const described = await this.describe(name, args[0]);
    if (described) {
      for (const one of described) await this.show(one);
      return;
    }
    this.failed = true;
    await this.proc.complain(
      `${this.where}error: invalid command \\${name}\nTry \\? for help.\n`.replace(
        /^(psql:.*: )?error: /,
        (_, where = '') => where,
      ),
    );
  }

  private async describe(name: string, pattern: string | undefined): Promise<Described[] | undefined> {
    const match = /^d([A-Za-z]*)([S+]*)$/.exec(name);
    if (/^l\+?$/.test(name)) return [await listDatabases(this.client)];
    if (name === 'z') return [await listSimple(this.client, 'p', pattern)];
    if (!match) return undefined;
    const letters = (match[1] ?? '').replace(/S$/, '');
    const system = /S/.test(name.slice(1).replace(/[a-z]/g, ''));
    const verbose = name.includes('+');
    if (letters === '' && pattern !== undefined) return describeNamed(this.client, pattern, verbose);
    if (/^[tvism]*$/.test(letters)) return [await listRelations(this.client, letters, pattern, system, verbose)];
    if (letters === 'u' || letters === 'g') return [await listRoles(this.client, pattern)];
    return isSimple(letters) ? [await listSimple(this.client, letters, pattern)] : undefined;
  }

  private readonly commands: Record<string, (args: string[], rest: string) => Promise<void>> = {
    q: async () => {
      this.done = 0;
    },
    c: (args) => this.reconnect(args),
    connect: (args) => this.reconnect(args),
    conninfo: async () => {
      const { database, user, host, port } = this.client.target;
      const place = host.startsWith('/')
        ? `via socket in "${host}"`
        : this.client.address === host
          ? `on host "${host}"`
          : `on host "${host}" (address "${this.client.address}")`;
      await this.proc.print(
        `You are connected to database "${database}" as user "${user}" ${place} at port "${port}".\n`,
      );
    },
    x: async ([value]) => {
      this.style.expanded = value === undefined ? !this.style.expanded : value === 'on';
      await this.tell(`Expanded display is ${this.style.expanded ? 'on' : 'off'}.`);
    },
    t: async ([value]) => {
      this.style.tuplesOnly = value === undefined ? !this.style.tuplesOnly : value === 'on';
      await this.tell(`Tuples only is ${this.style.tuplesOnly ? 'on' : 'off'}.`);
    },
    a: async () => {
      this.style.format = this.style.format === 'aligned' ? 'unaligned' : 'aligned';
      await this.tell(`Output format is ${this.style.format}.`);
    },
    timing: async ([value]) => {
      this.timing = value === undefined ? !this.timing : value === 'on';
      await this.tell(`Timing is ${this.timing ? 'on' : 'off'}.`);
    },
    pset: async ([name = '', value = '']) => this.pset(name, value),
    echo: (_args, rest) => this.proc.print(`${interpolate(rest, this.variables).replace(/^'(.*)'$/, '$1')}\n`),
    qecho: (_args, rest) => this.proc.print(`${rest}\n`),
    set: async ([name, ...values]) => {
      if (name === undefined) for (const [key, value] of this.variables) await this.proc.print(`${key} = '${value}'\n`);
      else this.variables.set(name, values.join(''));
    },
    unset: async ([name = '']) => {
      this.variables.delete(name);
    },
    i: async ([path = '']) => {
      await this.file(path);
    },
    include: async ([path = '']) => {
      await this.file(path);
    },
    g: async () => {
      const sql = this.buffer.trim() === '' ? this.last : this.buffer;
      this.buffer = '';
      await this.send(interpolate(sql, this.variables));
    },
    gx: async () => {
      const sql = this.buffer.trim() === '' ? this.last : this.buffer;
      this.buffer = '';
      this.style.expanded = true;
      await this.send(interpolate(sql, this.variables));
      this.style.expanded = false;
    },
    p: () => this.proc.print(`${this.buffer.trim() || this.last}\n`),
    r: async () => {
      this.buffer = '';
      await this.tell('Query buffer reset (cleared).');
    },
    encoding: () => this.proc.print('UTF8\n'),
    password: ([user]) => this.changePassword(user ?? this.client.target.user),
    '?': () => this.proc.print(COMMANDS),
    h: () =>
      this.proc.print(
        'Available help:\n  ABORT  ALTER TABLE  BEGIN  COMMIT  COPY  CREATE DATABASE  CREATE INDEX  CREATE ROLE  CREATE SCHEMA\n  CREATE TABLE  CREATE VIEW  DELETE  DROP TABLE  GRANT  INSERT  REVOKE  ROLLBACK  SELECT  UPDATE\n',
      ),
    copyright: () =>
      this.proc.print('PostgreSQL Database Management System\n(formerly known as Postgres, then as Postgres95)\n'),
    copy: (_args, rest) => this.copy(rest),
    '!': () => this.proc.complain('\\!: not supported: shell commands inside psql\n'),
    e: () => this.proc.complain('\\e: not supported: an editor inside psql\n'),
  };

  private tell(text: string): Promise<void> {
    return this.options.quiet ? Promise.resolve() : this.proc.print(`${text}\n`);
  }

  private pset(name: string, value: string): void {
    if (name === 'format' && (value === 'aligned' || value === 'unaligned' || value === 'csv'))
      this.style.format = value;
    else if (name === 'border') this.style.border = Number(value);
    else if (name === 'null') this.style.none = value;
    else if (name === 'tuples_only') this.style.tuplesOnly = value !== 'off';
    else if (name === 'expanded') this.style.expanded = value !== 'off';
    else if (name === 'fieldsep') this.style.separator = value;
  }

  private async reconnect([database, user, host, port]: string[]): Promise<void> {
    const old = this.client.target;
    const given = (value: string | undefined): string | undefined => (value === '-' ? undefined : value);
    const from = database?.includes('=') || database?.includes('://') ? connectionString(database) : {};
    const target = {
      ...old,
      database: from['dbname'] ?? given(database) ?? old.database,
      user: from['user'] ?? given(user) ?? old.user,
      host: from['host'] ?? given(host) ?? old.host,
      port: Number(from['port'] ?? given(port) ?? old.port),
      password: from['password'] ?? old.password,
    };
    try {
      const client = await Client.connect(this.proc, target);
      this.client.close();
      this.client = client;
      await this.tell(`You are now connected to database "${target.database}" as user "${target.user}".`);
    } catch (error) {
      if (!(error instanceof ConnectFailure)) throw error;
      this.failed = true;
      await this.proc.complain(
        `${this.where || ''}${this.where ? 'error: ' : ''}${error.message}\n${this.where ? '' : 'Previous connection kept\n'}`,
      );
    }
  }

  private async changePassword(user: string): Promise<void> {
    const first = await askPassword(this.proc, `Enter new password for user "${user}": `);
    const again = await askPassword(this.proc, 'Enter it again: ');
    if (first !== again) return this.proc.complain("Passwords didn't match.\n");
    await this.send(`ALTER USER "${user.replaceAll('"', '""')}" PASSWORD '${first.replaceAll("'", "''")}'`);
  }

  /** `\copy t from 'file' …`: a file of this machine. */
  private async copy(rest: string): Promise<void> {
    const match = /^([\s\S]*?)\s+(from|to)\s+(?:'([^']*)'|(\S+))([\s\S]*)$/i.exec(rest);
    if (!match) return this.proc.complain('\\copy: parse error at end of line\n');
    const [, what, direction = '', quoted, bare = '', options = ''] = match;
    const path = quoted ?? bare;
    const from = direction.toLowerCase() === 'from';
    const standard = /^(p?std(in|out))$/i.test(path);
    const sql = `COPY ${what} ${from ? 'FROM STDIN' : 'TO STDOUT'}${options.replace(/;\s*$/, '')}`;
    try {
      const data = from && !standard ? this.proc.files.readText(path) : '';
      for await (const reply of this.client.query(sql, async () => (from && standard ? this.copyData() : data))) {
        if (reply.copyOut !== undefined && !standard) this.proc.files.write(path, reply.copyOut);
        const { copyOut, ...others } = reply;
        await this.reply(standard && copyOut !== undefined ? reply : others, sql);
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.failed = true;
      await this.proc.complain(`${path}: ${strerror(error)}\n`);
    }
  }
}

function shownReply({ columns = [], rows }: Reply): Shown {
  return { headers: columns.map(({ name }) => name), rows, right: columns.map(({ oid }) => isRight(oid)) };
}

async function* eachLine(text: string): AsyncGenerator<string> {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  yield* lines;
}

const HELP_WORD = `You are using psql, the command-line interface to PostgreSQL.
Type:  \\copyright for distribution terms
       \\h for help with SQL commands
       \\? for help with psql commands
       \\g or terminate with semicolon to execute query
       \\q to quit
`;

const COMMANDS = `General
  \\copyright             show PostgreSQL usage and distribution terms
  \\g                     execute query (and send result to file or |pipe)
  \\gx                    as \\g, but forces expanded output mode
  \\q                     quit psql

Informational
  (options: S = show system objects, + = additional detail)
  \\d[S+]                 list tables, views, and sequences
  \\d[S+]  NAME           describe table, view, sequence, or index
  \\di[S+] [PATTERN]      list indexes
  \\dn[S+] [PATTERN]      list schemas
  \\dp     [PATTERN]      list table, view, and sequence access privileges
  \\ds[S+] [PATTERN]      list sequences
  \\dt[S+] [PATTERN]      list tables
  \\du[S+] [PATTERN]      list roles
  \\dv[S+] [PATTERN]      list views
  \\dx[+]  [PATTERN]      list extensions
  \\l[+]   [PATTERN]      list databases

Formatting
  \\a                     toggle between unaligned and aligned output mode
  \\pset [NAME [VALUE]]   set table output option
  \\t [on|off]            show only rows
  \\x [on|off|auto]       toggle expanded output

Connection
  \\c[onnect] {[DBNAME|- USER|- HOST|- PORT|-] | conninfo}
                         connect to new database
  \\conninfo              display information about current connection
  \\password [USERNAME]   securely change the password for a user
`;
