// One client's connection to the server: start-up, proof of the password, simple and extended queries, COPY.

import type { OutputColumn, Query } from '../postgres-engine/compiler';
import { PgError } from '../postgres-engine/error';
import type { Instance } from '../postgres-engine/instance';
import { type Peer, type Result, Session } from '../postgres-engine/session';
import { REPORTED } from '../postgres-engine/settings';
import { typeByOid, typeNamed, typmodOf } from '../postgres-engine/types';
import type { LiteValue } from '../sql/engine';
import { characters, type Parsed, type Tree } from '../sql/postgres-parser';
import { fromBinary, toBinary } from './binary';
import { type Body, type ByteStream, Message, MessageStream } from './messages';
import { ScramServer } from './scram';

const VERSION_3 = 196608;
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

export interface ServerHooks {
  /** Whether clients from there need no password. */
  trusts(peer: Peer): boolean;
  log(text: string): Promise<void>;
  nextPid(): number;
  serverAddress(peer: Peer): string | null;
}

interface Statement {
  parsed: Parsed | undefined;
  sql: string;
  types: string[];
  query?: Query | undefined;
}

interface Portal {
  statement: Statement;
  values: (string | null)[];
  formats: number[];
  result?: Result;
  sent: number;
}

/** Serves a client until it goes. */
export async function serveConnection(
  instance: Instance,
  stream: ByteStream,
  peer: Peer,
  hooks: ServerHooks,
  signal: AbortSignal,
): Promise<void> {
  const messages = new MessageStream(stream, signal);
  const connection = new ServerConnection(instance, messages, peer, hooks);
  try {
    if (await connection.start()) await connection.loop();
  } catch (error) {
    const fatal = error instanceof PgError ? error : signal.reason instanceof PgError ? signal.reason : undefined;
    if (!fatal) throw error;
    await connection.fail(fatal, '');
  } finally {
    connection.close();
  }
}

class ServerConnection {
  private session: Session | undefined;
  private readonly statements = new Map<string, Statement>();
  private readonly portals = new Map<string, Portal>();
  /** After an error of the extended protocol, everything up to Sync is passed over. */
  private skipping = false;

  constructor(
    private readonly instance: Instance,
    private readonly messages: MessageStream,
    private readonly peer: Peer,
    private readonly hooks: ServerHooks,
  ) {}

  close(): void {
    this.session?.close();
  }

  // Start

  async start(): Promise<boolean> {
    for (;;) {
      const body = await this.messages.start();
      if (!body) return false;
      const code = body.int32();
      if (code === SSL_REQUEST || code === GSS_REQUEST) {
        await this.messages.send(Uint8Array.of('N'.charCodeAt(0)));
        continue;
      }
      if (code === CANCEL_REQUEST) return false;
      if (code >> 16 !== VERSION_3 >> 16)
        throw new PgError(
          '0A000',
          `unsupported frontend protocol ${code >> 16}.${code & 0xffff}: server supports 3.0 to 3.0`,
          { severity: 'FATAL' },
        );
      await this.login(body);
      return true;
    }
  }

  private async login(body: Body): Promise<void> {
    const options: Record<string, string> = {};
    for (let name = body.text(); name !== '' && body.left > 0; name = body.text()) options[name] = body.text();
    const user = options['user'];
    if (!user) throw new PgError('28000', 'no PostgreSQL user name specified in startup packet', { severity: 'FATAL' });
    const database = options['database'] || user;
    if (this.instance.sessions.size >= this.instance.options.facts.maxConnections)
      throw new PgError('53300', 'sorry, too many clients already', { severity: 'FATAL' });
    await this.authenticate(user);
    this.admit(user, database);
    const session = new Session(
      this.instance,
      user,
      database,
      this.peer,
      this.hooks.serverAddress(this.peer),
      this.hooks.nextPid(),
    );
    this.session = session;
    this.apply(session, options);
    this.messages.put(new Message('R').int32(0));
    for (const name of REPORTED) this.reportParameter(name);
    session.changed.clear();
    this.messages.put(new Message('K').int32(session.pid).int32(this.instance.options.random.int(2 ** 31)));
    await this.ready();
  }

  private apply(session: Session, options: Record<string, string>): void {
    for (const [name, value] of Object.entries(options))
      if (!['user', 'database', 'options', 'replication'].includes(name) && !name.startsWith('_pq_'))
        session.set(name, value, false);
    for (const [, name = '', value = ''] of (options['options'] ?? '').matchAll(/-c\s*([\w.]+)=((?:\\.|\S)*)/g))
      session.set(name, value.replaceAll('\\', ''), false);
  }

  /** What a login must be besides proven. */
  private admit(user: string, database: string): void {
    const { roles, databases } = this.instance.globals;
    const role = roles.get(user);
    const fatal = (code: string, message: string, detail?: string) =>
      new PgError(code, message, { severity: 'FATAL', ...(detail ? { detail } : {}) });
    if (!role) throw fatal('28000', `role "${user}" does not exist`);
    if (!role.login) throw fatal('28000', `role "${user}" is not permitted to log in`);
    const found = databases.get(database);
    if (!found) throw fatal('3D000', `database "${database}" does not exist`);
    if (database === 'template0') throw fatal('55000', 'database "template0" is not currently accepting connections');
    const may =
      !found.acl ||
      role.superuser ||
      found.owner === user ||
      found.acl['']?.includes('c') ||
      found.acl[user]?.includes('c');
    if (!may)
      throw fatal('42501', `permission denied for database "${database}"`, 'User does not have CONNECT privilege.');
  }

  private async authenticate(user: string): Promise<void> {
    if (this.hooks.trusts(this.peer)) return;
    const { random } = this.instance.options;
    const bytes = (count: number) =>
      Buffer.from(Array.from({ length: count }, () => random.int(256))).toString('base64');
    const scram = new ScramServer(this.instance.globals.roles.get(user)?.verifier, bytes(18), bytes(16));
    await this.messages.send(new Message('R').int32(10).text('SCRAM-SHA-256').byte(0));
    const first = await this.password();
    if (!first) throw new Gone();
    first.text();
    const challenge = scram.challenge(new TextDecoder().decode(first.take(first.int32())));
    await this.messages.send(new Message('R').int32(11).raw(Buffer.from(challenge)));
    const final = await this.password();
    if (!final) throw new Gone();
    const proof = scram.finish(new TextDecoder().decode(final.rest()));
    if (proof === undefined)
      throw new PgError('28P01', `password authentication failed for user "${user}"`, { severity: 'FATAL' });
    this.messages.put(new Message('R').int32(12).raw(Buffer.from(proof)));
  }

  private async password(): Promise<Body | undefined> {
    const message = await this.messages.read();
    return message?.kind === 'p' ? message.body : undefined;
  }

  // Messages

  async loop(): Promise<void> {
    for (;;) {
      const message = await this.messages.read();
      if (!message || message.kind === 'X') return;
      const session = this.session as Session;
      session.stopped.throwIfAborted();
      if (this.skipping && message.kind !== 'S') continue;
      if (message.kind === 'Q') await this.simple(session, message.body.text());
      else await this.extended(session, message.kind, message.body);
    }
  }

  private async simple(session: Session, sql: string): Promise<void> {
    try {
      let any = false;
      for await (const result of session.simple(sql)) {
        any = true;
        await this.result(session, result);
      }
      if (!any) this.messages.put(new Message('I'));
    } catch (error) {
      await this.fail(error, sql);
    }
    await this.ready();
  }

  private async result(session: Session, result: Result): Promise<void> {
    if (result.copyIn) return this.copyIn(session, result.copyIn);
    if (result.copyOut) await this.copyOut(result.copyOut);
    if (result.columns) {
      this.describeRows(result.columns, []);
      await this.rows(session, result.columns, result.rows ?? [], []);
    }
    this.notices(session);
    this.messages.put(new Message('C').text(result.tag));
  }

  private async rows(session: Session, columns: OutputColumn[], rows: LiteValue[][], formats: number[]): Promise<void> {
    for (const row of rows) {
      const message = new Message('D').int16(columns.length);
      for (const [i, value] of row.entries())
        message.value(this.encode(session, columns[i] as OutputColumn, value, formatOf(formats, i)));
      this.messages.put(message);
      if (this.messages.full) await this.messages.flush();
    }
  }

  private encode(session: Session, column: OutputColumn, value: LiteValue, format: number): Uint8Array | null {
    if (value === null) return null;
    const type = column.type === 'unknown' ? 'text' : column.type;
    const text = () => session.textOf(type, value);
    return format === 1 ? toBinary(type, value, text) : new TextEncoder().encode(text());
  }

  private describeRows(columns: OutputColumn[], formats: number[]): void {
    const message = new Message('T').int16(columns.length);
    for (const [i, column] of columns.entries()) {
      const type = typeNamed(column.type === 'unknown' ? 'text' : column.type);
      const oid = type.oid || this.session?.catalog.enums.find(({ name }) => name === type.name)?.oid || 25;
      message
        .text(column.name)
        .int32(column.source?.table ?? 0)
        .int16(column.source?.number ?? 0)
        .int32(oid)
        .int16(type.length)
        .int32(typmodOf(column))
        .int16(formatOf(formats, i));
    }
    this.messages.put(message);
  }

  // COPY

  private async copyIn(session: Session, { columns, finish }: NonNullable<Result['copyIn']>): Promise<void> {
    const open = new Message('G').byte(0).int16(columns);
    for (let i = 0; i < columns; i++) open.int16(0);
    await this.messages.send(open);
    const parts: Uint8Array[] = [];
    for (;;) {
      const message = await this.messages.read();
      if (!message) throw new Gone();
      if (message.kind === 'd') parts.push(message.body.rest());
      else if (message.kind === 'f') throw new PgError('57014', `COPY from stdin failed: ${message.body.text()}`);
      else if (message.kind === 'c') break;
    }
    const result = await finish(new Uint8Array(Buffer.concat(parts)));
    if (session.state === 'I') await session.commit();
    this.notices(session);
    this.messages.put(new Message('C').text(result.tag));
  }

  private async copyOut({ columns, lines }: NonNullable<Result['copyOut']>): Promise<void> {
    const open = new Message('H').byte(0).int16(columns);
    for (let i = 0; i < columns; i++) open.int16(0);
    this.messages.put(open);
    for (const line of lines) {
      this.messages.put(new Message('d').raw(Buffer.from(`${line}\n`)));
      if (this.messages.full) await this.messages.flush();
    }
    this.messages.put(new Message('c'));
  }

  // The extended protocol

  private async extended(session: Session, kind: string, body: Body): Promise<void> {
    let sql = '';
    try {
      if (kind === 'P')
        this.parse(session, body, (text) => {
          sql = text;
        });
      else if (kind === 'B') this.bind(body);
      else if (kind === 'D')
        this.describe(session, body, (text) => {
          sql = text;
        });
      else if (kind === 'E')
        await this.execute(session, body, (text) => {
          sql = text;
        });
      else if (kind === 'C') this.closeNamed(body);
      else if (kind === 'H') await this.messages.flush();
      else if (kind === 'S') await this.sync();
      else throw new PgError('08P01', `invalid frontend message type ${kind.charCodeAt(0)}`, { severity: 'FATAL' });
    } catch (error) {
      this.skipping = true;
      if (session.state === 'T') session.state = 'E';
      await this.fail(error, sql);
    }
  }

  private parse(session: Session, body: Body, about: (sql: string) => void): void {
    const name = body.text();
    const sql = body.text();
    about(sql);
    const types = Array.from({ length: body.int16() }, () => typeByOid(body.int32())?.name ?? 'unknown');
    const statements = session.parse(sql);
    if (statements.length > 1) throw new PgError('42601', 'cannot insert multiple commands into a prepared statement');
    if (name && this.statements.has(name)) throw new PgError('42P05', `prepared statement "${name}" already exists`);
    this.statements.set(name, {
      parsed: statements[0],
      sql,
      types: types.map((type) => (type === 'unknown' ? (undefined as unknown as string) : type)),
    });
    this.messages.put(new Message('1'));
  }

  private statementNamed(name: string): Statement {
    const found = this.statements.get(name);
    if (!found)
      throw new PgError(
        '26000',
        name ? `prepared statement "${name}" does not exist` : 'unnamed prepared statement does not exist',
      );
    return found;
  }

  private bind(body: Body): void {
    const portal = body.text();
    const statement = this.statementNamed(body.text());
    const formats = Array.from({ length: body.int16() }, () => body.int16());
    const values = Array.from({ length: body.int16() }, (_, i) => {
      const size = body.int32();
      if (size < 0) return null;
      const bytes = body.take(size);
      return formatOf(formats, i) === 1
        ? fromBinary(statement.types[i] ?? 'unknown', bytes)
        : new TextDecoder().decode(bytes);
    });
    const wanted = statement.parsed ? parametersIn(statement.parsed.stmt) : 0;
    if (values.length !== wanted)
      throw new PgError(
        '08P01',
        `bind message supplies ${values.length} parameters, but prepared statement "" requires ${wanted}`,
      );
    const results = Array.from({ length: body.int16() }, () => body.int16());
    this.portals.set(portal, { statement, values, formats: results, sent: 0 });
    this.messages.put(new Message('2'));
  }

  private describe(session: Session, body: Body, about: (sql: string) => void): void {
    const portal = body.byte() === 'P'.charCodeAt(0);
    const name = body.text();
    const statement = portal ? this.portalNamed(name).statement : this.statementNamed(name);
    about(statement.sql);
    const columns = statement.parsed ? this.columnsOf(session, statement) : undefined;
    if (!portal) {
      const count = statement.parsed ? parametersIn(statement.parsed.stmt) : 0;
      const message = new Message('t').int16(count);
      for (let i = 0; i < count; i++) message.int32(typeNamed(statement.types[i] ?? 'text').oid);
      this.messages.put(message);
    }
    if (columns) this.describeRows(columns, portal ? this.portalNamed(name).formats : []);
    else this.messages.put(new Message('n'));
  }

  private columnsOf(session: Session, statement: Statement): OutputColumn[] | undefined {
    statement.query ??= session.describe((statement.parsed as Parsed).stmt, statement.types);
    return statement.query?.columns;
  }

  private portalNamed(name: string): Portal {
    const found = this.portals.get(name);
    if (!found) throw new PgError('34000', `portal "${name}" does not exist`);
    return found;
  }

  private async execute(session: Session, body: Body, about: (sql: string) => void): Promise<void> {
    const portal = this.portalNamed(body.text());
    const limit = body.int32();
    const { statement } = portal;
    about(statement.sql);
    if (!statement.parsed) {
      this.messages.put(new Message('I'));
      return;
    }
    session.running = statement.sql;
    portal.result ??= await session.one(statement.parsed, statement.sql, {
      values: portal.values,
      types: [...statement.types],
    });
    const { result } = portal;
    if (result.copyIn || result.copyOut) {
      await this.result(session, result);
      return;
    }
    const rows = result.rows ?? [];
    const end = limit > 0 ? Math.min(rows.length, portal.sent + limit) : rows.length;
    if (result.columns) await this.rows(session, result.columns, rows.slice(portal.sent, end), portal.formats);
    portal.sent = end;
    this.notices(session);
    this.messages.put(end < rows.length ? new Message('s') : new Message('C').text(result.tag));
  }

  private closeNamed(body: Body): void {
    if (body.byte() === 'S'.charCodeAt(0)) this.statements.delete(body.text());
    else this.portals.delete(body.text());
    this.messages.put(new Message('3'));
  }

  private async sync(): Promise<void> {
    this.skipping = false;
    this.portals.clear();
    await this.ready();
  }

  // Answers

  private async ready(): Promise<void> {
    const session = this.session as Session;
    for (const name of session.changed) if (REPORTED.includes(name)) this.reportParameter(name);
    session.changed.clear();
    await this.messages.send(new Message('Z').byte(session.state.charCodeAt(0)));
  }

  private reportParameter(name: string): void {
    this.messages.put(new Message('S').text(name).text(this.session?.setting(name) ?? ''));
  }

  private notices(session: Session): void {
    for (const notice of session.notices.splice(0)) this.messages.put(errorMessage('N', notice, ''));
  }

  async fail(error: unknown, sql: string): Promise<void> {
    if (error instanceof Gone) throw error;
    const own =
      error instanceof PgError
        ? error
        : new PgError('XX000', `not supported: ${error instanceof Error ? error.message : String(error)}`);
    if (this.session) this.notices(this.session);
    const severity = own.fields.severity ?? 'ERROR';
    await this.messages.send(errorMessage('E', own, sql));
    await this.hooks.log(
      `${severity}:  ${own.message}${own.fields.detail ? `\nDETAIL:  ${own.fields.detail}` : ''}${own.fields.hint ? `\nHINT:  ${own.fields.hint}` : ''}${sql ? `\nSTATEMENT:  ${sql}` : ''}`,
    );
    if (severity === 'FATAL') throw new Gone();
  }
}

/** The client is gone, or has been sent away. */
export class Gone extends Error {}

const formatOf = (formats: number[], i: number): number =>
  formats.length === 1 ? (formats[0] ?? 0) : (formats[i] ?? 0);

function errorMessage(kind: 'E' | 'N', error: PgError, sql: string): Message {
  const { detail, hint, at, severity = 'ERROR' } = error.fields;
  const message = new Message(kind);
  const field = (letter: string, text: string | undefined) => {
    if (text !== undefined) message.raw(Buffer.from(letter)).text(text);
  };
  field('S', severity);
  field('V', severity);
  field('C', error.code);
  field('M', error.message);
  field('D', detail);
  field('H', hint);
  const position =
    (error as { position?: number }).position ??
    (at !== undefined && at >= 0 && sql ? characters(sql, at) + 1 : undefined);
  field('P', position === undefined ? undefined : String(position));
  field('F', 'postgres.c');
  field('R', 'exec_simple_query');
  return message.byte(0);
}

/** The highest parameter of a statement. */
function parametersIn(node: Tree): number {
  if (node === null || typeof node !== 'object') return 0;
  if (node.ParamRef) return node.ParamRef.number;
  return Math.max(0, ...Object.values(node).map((value) => parametersIn(value as Tree)));
}
