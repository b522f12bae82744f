// A client of the server: connects by name or socket, logs in, runs texts of SQL.
import { Errno, strerror } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { connectLocal } from '../local-socket';
import { type Body, type ByteStream, Message, MessageStream } from '../postgres-server/messages';
import { ScramClient } from '../postgres-server/scram';

export interface Target {
  /** A host, or the folder of the socket. */
  host: string;
  port: number;
  user: string;
  database: string;
  password?: string | undefined;
}

interface Column {
  name: string;
  oid: number;
}

export interface Reply {
  columns?: Column[];
  rows: (string | null)[][];
  tag: string;
  error?: ServerMessage;
  notices: ServerMessage[];
  copyOut?: string;
}

export interface ServerMessage {
  severity: string;
  code: string;
  message: string;
  detail?: string;
  hint?: string;
  position?: number;
}

/** A connection that could not be made, in psql's words. */
export class ConnectFailure extends Error {
  constructor(
    message: string,
    readonly wantsPassword = false,
  ) {
    super(message);
  }
}

/** The server went away. */
export class Lost extends Error {}

export class Client {
  readonly parameters = new Map<string, string>();
  state = 'I';
  address = '';

  private constructor(
    readonly target: Target,
    private readonly stream: ByteStream & { close(): void },
    private readonly messages: MessageStream,
  ) {}

  static async connect(proc: Process, target: Target): Promise<Client> {
    const { stream, where, address } = await open(proc, target);
    const client = new Client(target, stream, new MessageStream(stream, proc.killed));
    client.address = address;
    try {
      await client.login(proc, where);
      return client;
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  close(): void {
    void this.messages.send(new Message('X')).catch(() => {});
    this.stream.close();
  }

  private async login(proc: Process, where: string): Promise<void> {
    const { user, database, password } = this.target;
    const start = new Message('').int32(196608).text('user').text(user).text('database').text(database);
    await this.messages.send(start.text('application_name').text('psql').text('client_encoding').text('UTF8').byte(0));
    for (;;) {
      const message = await this.messages.read();
      if (!message)
        throw new ConnectFailure(
          `connection to server ${where} failed: server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.`,
        );
      if (message.kind === 'E')
        throw new ConnectFailure(`connection to server ${where} failed: ${shortText(readFields(message.body))}`);
      if (message.kind === 'Z') return;
      if (message.kind === 'S') this.parameters.set(message.body.text(), message.body.text());
      if (message.kind === 'R' && message.body.int32() === 10) await this.scram(proc, password, where);
    }
  }

  private async scram(proc: Process, password: string | undefined, where: string): Promise<void> {
    if (password === undefined)
      throw new ConnectFailure(`connection to server ${where} failed: fe_sendauth: no password supplied`, true);
    const scram = new ScramClient(password, proc.machine.random.suffix(24));
    const first = Buffer.from(scram.start());
    await this.messages.send(new Message('p').text('SCRAM-SHA-256').int32(first.length).raw(first));
    const challenge = await this.messages.read();
    if (challenge?.kind !== 'R')
      throw new ConnectFailure(
        `connection to server ${where} failed: ${challenge ? shortText(readFields(challenge.body)) : 'closed'}`,
      );
    challenge.body.int32();
    await this.messages.send(
      new Message('p').raw(Buffer.from(scram.answer(new TextDecoder().decode(challenge.body.rest())))),
    );
  }

  /** Runs a text; each statement's reply as it comes. `copyIn` gives the data that COPY FROM STDIN asks for. */
  async *query(sql: string, copyIn?: () => Promise<string>): AsyncGenerator<Reply> {
    await this.messages.send(new Message('Q').text(sql));
    let reply: Reply = { rows: [], tag: '', notices: [] };
    for (;;) {
      const message = await this.messages.read();
      if (!message) throw new Lost();
      const { kind, body } = message;
      if (kind === 'T') reply.columns = readColumns(body);
      else if (kind === 'D') reply.rows.push(readRow(body));
      else if (kind === 'N') reply.notices.push(readFields(body));
      else if (kind === 'd') reply.copyOut = (reply.copyOut ?? '') + new TextDecoder().decode(body.rest());
      else if (kind === 'G') await this.sendCopy(copyIn);
      else if (kind === 'S') this.parameters.set(body.text(), body.text());
      else if (kind === 'C' || kind === 'E' || kind === 'I') {
        if (kind === 'E') reply.error = readFields(body);
        else if (kind === 'C') reply.tag = body.text();
        yield reply;
        reply = { rows: [], tag: '', notices: [] };
        if (kind === 'E') this.state = this.state === 'T' ? 'E' : this.state;
      } else if (kind === 'Z') {
        this.state = String.fromCharCode(body.byte());
        return;
      }
    }
  }

  /** All replies at once. */
  async all(sql: string): Promise<Reply[]> {
    const replies: Reply[] = [];
    for await (const reply of this.query(sql)) replies.push(reply);
    return replies;
  }

  private async sendCopy(copyIn: (() => Promise<string>) | undefined): Promise<void> {
    if (!copyIn) {
      await this.messages.send(new Message('f').text('no data'));
      return;
    }
    this.messages.put(new Message('d').raw(Buffer.from(await copyIn())));
    await this.messages.send(new Message('c'));
  }
}

async function open(
  proc: Process,
  { host, port }: Target,
): Promise<{ stream: ByteStream & { close(): void }; where: string; address: string }> {
  if (host.startsWith('/')) {
    const path = `${host}/.s.PGSQL.${port}`;
    try {
      return { stream: connectLocal(proc, path), where: `on socket "${path}"`, address: '' };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new ConnectFailure(
        `connection to server on socket "${path}" failed: ${strerror(error)}\n\tIs the server running locally and accepting connections on that socket?`,
      );
    }
  }
  let addresses: string[];
  try {
    addresses = await proc.resolve(host);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    throw new ConnectFailure(`could not translate host name "${host}" to address: ${error.message}`);
  }
  let failure = '';
  for (const address of addresses) {
    const where = host === address ? `at "${host}", port ${port}` : `at "${host}" (${address}), port ${port}`;
    try {
      return { stream: await proc.connect(address, port), where, address };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      failure = `connection to server ${where} failed: ${strerror(error)}\n\tIs the server running on that host and accepting TCP/IP connections?`;
    }
  }
  throw new ConnectFailure(failure);
}

function readFields(body: Body): ServerMessage {
  const fields: Record<string, string> = {};
  for (let letter = body.byte(); letter !== 0 && body.left > 0; letter = body.byte())
    fields[String.fromCharCode(letter)] = body.text();
  const { S = 'ERROR', C = '', M = '', D, H, P } = fields;
  return {
    severity: S,
    code: C,
    message: M,
    ...(D === undefined ? {} : { detail: D }),
    ...(H === undefined ? {} : { hint: H }),
    ...(P === undefined ? {} : { position: Number(P) }),
  };
}

const readColumns = (body: Body): Column[] =>
  Array.from({ length: body.int16() }, () => {
    const name = body.text();
    body.take(6);
    const oid = body.int32();
    body.take(8);
    return { name, oid };
  });

const readRow = (body: Body): (string | null)[] =>
  Array.from({ length: body.int16() }, () => {
    const size = body.int32();
    return size < 0 ? null : new TextDecoder().decode(body.take(size));
  });

const shortText = ({ severity, message, detail }: ServerMessage): string =>
  `${severity}:  ${message}${detail ? `\nDETAIL:  ${detail}` : ''}`;

/** A message with the line it is about, as libpq writes it. */
export function messageText({ severity, message, detail, hint, position }: ServerMessage, sql: string): string {
  const lines = [`${severity}:  ${message}`];
  if (position !== undefined) lines.push(...caret(sql, position));
  if (detail !== undefined) lines.push(`DETAIL:  ${detail}`);
  if (hint !== undefined) lines.push(`HINT:  ${hint}`);
  return `${lines.join('\n')}\n`;
}

const SHOWN = 60; // characters of a line that libpq shows

function caret(sql: string, position: number): string[] {
  const letters = [...sql];
  const before = letters.slice(0, position - 1);
  const start = before.lastIndexOf('\n') + 1;
  const end = letters.indexOf('\n', position - 1);
  const line = letters.slice(start, end < 0 ? undefined : end).map((letter) => (letter === '\t' ? ' ' : letter));
  let column = position - 1 - start;
  let [cutFront, cutBack] = ['', ''];
  if (line.length > SHOWN) {
    if (column + 10 < SHOWN) {
      line.length = SHOWN;
      cutBack = '...';
    } else {
      const right = Math.min(line.length, column + 10);
      const left = right - SHOWN;
      if (right < line.length) cutBack = '...';
      line.splice(right);
      line.splice(0, left);
      column -= left;
      cutFront = '...';
    }
  }
  const number = before.filter((letter) => letter === '\n').length + 1;
  const label = `LINE ${number}: ${cutFront}`;
  return [`${label}${line.join('')}${cutBack}`, `${' '.repeat(label.length + column)}^`];
}
