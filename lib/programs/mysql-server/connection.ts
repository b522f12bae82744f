// One client's connection to the server: greeting, proof of the password, commands.
import type { Random } from '../../sim/random';
import { SessionContext } from '../mysql-engine/context';
import type { Instance } from '../mysql-engine/instance';
import { Session } from '../mysql-engine/session';
import { Administrator } from '../mysql-engine/statements/administration';
import { type AuthPlugin, isPlugin, proves } from '../mysql-protocol/auth';
import { CAPABILITY, CHARSET, COMMAND } from '../mysql-protocol/constants';
import { errors, SqlError } from '../mysql-protocol/errors';
import { type ByteStream, type PacketReader, PacketStream, PacketWriter } from '../mysql-protocol/packets';
import { readParameters } from '../mysql-protocol/rows';
import { Replies } from './replies';

/** Where a client comes from. A local socket has host `localhost` and no port. */
export interface Peer {
  host: string;
  address: string;
  port: number;
}

const SERVER_CAPABILITIES =
  CAPABILITY.longPassword |
  CAPABILITY.foundRows |
  CAPABILITY.longFlag |
  CAPABILITY.connectWithDb |
  CAPABILITY.protocol41 |
  CAPABILITY.interactive |
  CAPABILITY.transactions |
  CAPABILITY.secureConnection |
  CAPABILITY.multiStatements |
  CAPABILITY.multiResults |
  CAPABILITY.psMultiResults |
  CAPABILITY.pluginAuth |
  CAPABILITY.connectAttrs |
  CAPABILITY.pluginAuthLenenc |
  CAPABILITY.deprecateEof;

interface Login {
  capabilities: number;
  user: string;
  answer: Uint8Array;
  db: string;
  plugin: string;
}

/** Serves a client until it goes. */
export async function serveConnection(
  instance: Instance,
  stream: ByteStream,
  peer: Peer,
  signal: AbortSignal,
): Promise<void> {
  const packets = new PacketStream(stream, signal);
  const connection = new ServerConnection(instance, packets, peer);
  try {
    if (await connection.login()) await connection.commands();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    await connection.replies.error(error);
  } finally {
    connection.close();
  }
}

class ServerConnection {
  readonly replies: Replies;
  private session: Session | undefined;
  private readonly bound = new Map<number, { types: number[]; long: Map<number, Uint8Array> }>();

  constructor(
    private readonly instance: Instance,
    private readonly packets: PacketStream,
    private readonly peer: Peer,
  ) {
    this.replies = new Replies(packets);
  }

  close(): void {
    this.session?.close();
  }

  // Login

  async login(): Promise<boolean> {
    const { instance, peer } = this;
    instance.counters.connections++;
    const known = instance.accounts.all().some((row) => instance.accounts.match(row.user, peer.host, peer.address));
    if (!known) throw errors.hostNotAllowed(peer.host);
    if (instance.sessions.size > Number(instance.globals.get('max_connections'))) throw errors.tooManyConnections();
    const nonce = makeNonce(instance.options.random);
    await this.packets.send(this.greeting(nonce));
    const packet = await this.packets.read();
    if (!packet) return false;
    const login = readLogin(packet);
    this.replies.capabilities = login.capabilities;
    await this.authenticate(login, nonce);
    await this.replies.ok({ affected: 0n }, this.session);
    return true;
  }

  private greeting(nonce: Uint8Array): Uint8Array {
    return new PacketWriter()
      .int(10, 1)
      .nulText(this.instance.options.facts.version)
      .int(this.instance.takeConnectionId(), 4)
      .raw(nonce.subarray(0, 8))
      .int(0, 1)
      .int(SERVER_CAPABILITIES & 0xffff, 2)
      .int(CHARSET.utf8mb4, 1)
      .int(2, 2)
      .int(SERVER_CAPABILITIES >>> 16, 2)
      .int(nonce.length + 1, 1)
      .raw(new Uint8Array(10))
      .raw(nonce.subarray(8))
      .int(0, 1)
      .nulText('mysql_native_password')
      .done();
  }

  private async authenticate(login: Login, nonce: Uint8Array): Promise<void> {
    const { instance, peer } = this;
    const row = instance.accounts.match(login.user, peer.host, peer.address);
    const { answer, plugin } = await this.answerOf(login, nonce);
    if (!row || !proves(plugin, answer, nonce, row.verifier)) {
      instance.counters.aborted++;
      throw errors.accessDenied(login.user, peer.host, answer.length > 0);
    }
    if (plugin === 'caching_sha2_password' && answer.length > 0) this.packets.put(Uint8Array.of(1, 3)); // fast_auth_success
    this.session?.close();
    const session = new Session(instance, row, login.user, peer.host, peer.port);
    this.session = session;
    instance.counters.maxUsed = Math.max(instance.counters.maxUsed, instance.sessions.size);
    if (login.db) this.administrator(session).enter(login.db);
  }

  /** The client's proof; a client that used another method is asked to switch. */
  private async answerOf(login: Login, nonce: Uint8Array): Promise<{ answer: Uint8Array; plugin: AuthPlugin }> {
    if (isPlugin(login.plugin)) return { answer: login.answer, plugin: login.plugin };
    const plugin = 'mysql_native_password';
    await this.packets.send(new PacketWriter().int(0xfe, 1).nulText(plugin).raw(nonce).int(0, 1).done());
    return { answer: (await this.packets.read())?.rest() ?? new Uint8Array(), plugin };
  }

  private administrator(session: Session): Administrator {
    return new Administrator(session, new SessionContext(session, []));
  }

  // Commands

  async commands(): Promise<void> {
    while (true) {
      this.packets.sequence = 0;
      const packet = await this.packets.read();
      const { session } = this;
      if (!packet || !session || session.killed.aborted) return;
      session.since = this.instance.clock.now();
      const command = packet.int(1);
      if (command === COMMAND.quit) return;
      try {
        await this.command(command, packet, session);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        await this.replies.error(error);
        if (session.killed.aborted) return;
      } finally {
        session.running = '';
        session.since = this.instance.clock.now();
      }
    }
  }

  private async command(command: number, packet: PacketReader, session: Session): Promise<void> {
    switch (command) {
      case COMMAND.ping:
      case COMMAND.setOption:
        return this.replies.ok({ affected: 0n }, session);
      case COMMAND.initDb:
        this.administrator(session).enter(packet.restText());
        return this.replies.ok({ affected: 0n }, session);
      case COMMAND.query:
        return this.query(packet.restText(), session);
      case COMMAND.fieldList:
        return this.fieldList(packet, session);
      case COMMAND.statistics:
        return this.packets.send(new TextEncoder().encode(this.statistics()));
      case COMMAND.processKill:
        return this.query(`KILL ${packet.int(4)}`, session);
      case COMMAND.resetConnection:
        session.reset();
        return this.replies.ok({ affected: 0n }, session);
      case COMMAND.changeUser:
        return this.changeUser(packet);
      case COMMAND.stmtPrepare:
        return this.replies.prepared(session.prepare(packet.restText()), session);
      case COMMAND.stmtExecute:
        return this.executePrepared(packet, session);
      case COMMAND.stmtSendLongData:
        return this.longData(packet);
      case COMMAND.stmtReset:
        this.bound.get(packet.int(4))?.long.clear();
        return this.replies.ok({ affected: 0n }, session);
      case COMMAND.stmtClose: {
        const id = packet.int(4);
        this.bound.delete(id);
        return session.closePrepared(id);
      }
      default:
        throw errors.unknownCommand();
    }
  }

  private async query(sql: string, session: Session): Promise<void> {
    const multiple = (this.replies.capabilities & CAPABILITY.multiStatements) !== 0;
    for await (const { result, more } of session.run(sql)) {
      if (more && !multiple) throw errors.parse(sql.slice(sql.indexOf(';') + 1).trimStart(), 1);
      await this.replies.result(result, session, more, false);
    }
  }

  private async fieldList(packet: PacketReader, session: Session): Promise<void> {
    const table = packet.nulText();
    const relation = new SessionContext(session, []).relation(session.db ?? '', table, 'SELECT');
    if (relation.k !== 'table') return this.replies.fields([], session);
    const columns = relation.table.columns.map(({ name, type }) => ({
      name,
      type,
      table,
      orgTable: table,
      db: session.db ?? '',
    }));
    return this.replies.fields(columns, session);
  }

  private statistics(): string {
    const { instance } = this;
    const uptime = Math.max(1, Math.floor((instance.clock.now() - instance.startedAt) / 1000));
    const { questions } = instance.counters;
    return `Uptime: ${uptime}  Threads: ${instance.sessions.size}  Questions: ${questions}  Slow queries: 0  Opens: ${instance.catalog.allTables().length + 100}  Flush tables: 3  Open tables: ${instance.catalog.allTables().length + 20}  Queries per second avg: ${(questions / uptime).toFixed(3)}`;
  }

  private async changeUser(packet: PacketReader): Promise<void> {
    const user = packet.nulText();
    const answer = packet.take(packet.int(1));
    const db = packet.nulText();
    packet.int(2);
    const nonce = makeNonce(this.instance.options.random);
    // the answer is to the old challenge: ask again with a new one
    await this.authenticate({ capabilities: this.replies.capabilities, user, answer, db, plugin: 'ask again' }, nonce);
    await this.replies.ok({ affected: 0n }, this.session);
  }

  private bindings(id: number): { types: number[]; long: Map<number, Uint8Array> } {
    let bound = this.bound.get(id);
    if (!bound) this.bound.set(id, (bound = { types: [], long: new Map() }));
    return bound;
  }

  private longData(packet: PacketReader): void {
    const { long } = this.bindings(packet.int(4));
    const parameter = packet.int(2);
    const before = long.get(parameter) ?? new Uint8Array();
    const more = packet.rest();
    const joined = new Uint8Array(before.length + more.length);
    joined.set(before);
    joined.set(more, before.length);
    long.set(parameter, joined);
  }

  private async executePrepared(packet: PacketReader, session: Session): Promise<void> {
    const id = packet.int(4);
    const prepared = session.findPrepared(id);
    if (!prepared) throw errors.unknownStatement(id, 'mysqld_stmt_execute');
    packet.at += 5; // cursor flags, iteration count
    const bound = this.bindings(id);
    const { values, types } = readParameters(packet, prepared.parameters, bound.types, bound.long);
    bound.types = types;
    bound.long.clear();
    for await (const { result } of session.run(prepared.sql, values))
      await this.replies.result(result, session, false, true);
  }
}

/** Twenty bytes without zero and `$`, as the server makes them. */
const makeNonce = (random: Random): Uint8Array => Uint8Array.from({ length: 20 }, () => 48 + random.int(74));

function readLogin(packet: PacketReader): Login {
  const capabilities = packet.int(4);
  packet.at += 4 + 1 + 23; // packet limit, character set, filler
  const user = packet.nulText();
  const answer =
    capabilities & CAPABILITY.pluginAuthLenenc
      ? (packet.lenencBytes() ?? new Uint8Array())
      : packet.take(packet.int(1));
  const db = capabilities & CAPABILITY.connectWithDb ? packet.nulText() : '';
  const plugin = capabilities & CAPABILITY.pluginAuth ? packet.nulText() : 'mysql_native_password';
  return { capabilities, user, answer: answer.slice(), db, plugin };
}
