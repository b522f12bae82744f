// The client's side of a MySQL connection: greeting, password, queries.
import { type AuthPlugin, isPlugin, scramble } from '../mysql-protocol/auth';
import { CAPABILITY, CHARSET, COMMAND, STATUS } from '../mysql-protocol/constants';
import { SqlError } from '../mysql-protocol/errors';
import { type ByteStream, type PacketReader, PacketStream, PacketWriter } from '../mysql-protocol/packets';

export interface ClientColumn {
  name: string;
  table: string;
  type: number;
  charset: number;
  flags: number;
  length: number;
}

export type ClientResult =
  | { k: 'ok'; affected: number; insertId: number; info: string; warnings: number }
  | { k: 'rows'; columns: ClientColumn[]; rows: (Uint8Array | null)[][]; warnings: number };

/** The server went away in the middle of something. */
export class LostConnection extends Error {}

const CAPABILITIES =
  CAPABILITY.longPassword |
  CAPABILITY.longFlag |
  CAPABILITY.protocol41 |
  CAPABILITY.transactions |
  CAPABILITY.secureConnection |
  CAPABILITY.multiResults |
  CAPABILITY.pluginAuth |
  CAPABILITY.pluginAuthLenenc;

export interface Credentials {
  user: string;
  password: string;
  database: string | undefined;
}

export class ClientConnection {
  private readonly packets: PacketStream;
  serverVersion = '';
  id = 0;

  constructor(
    private readonly stream: ByteStream & { close(): void },
    signal?: AbortSignal,
  ) {
    this.packets = new PacketStream(stream, signal);
  }

  /** Logs in. Throws SqlError with the server's refusal. */
  async login({ user, password, database }: Credentials): Promise<void> {
    const greeting = await this.read();
    if (greeting.int(1) !== 10) throw new SqlError(2007, 'HY000', 'Protocol mismatch');
    this.serverVersion = greeting.nulText();
    this.id = greeting.int(4);
    const first = greeting.take(8);
    greeting.at += 1 + 2 + 1 + 2 + 2 + 1 + 10;
    const nonce = Uint8Array.of(...first, ...greeting.take(12));
    greeting.at += 1;
    const offered = greeting.nulText();
    const plugin: AuthPlugin = isPlugin(offered) ? offered : 'mysql_native_password';
    const capabilities = CAPABILITIES | (database ? CAPABILITY.connectWithDb : 0);
    const answer = new PacketWriter()
      .int(capabilities, 4)
      .int(2 ** 24, 4)
      .int(CHARSET.utf8mb4, 1)
      .raw(new Uint8Array(23))
      .nulText(user);
    answer.lenencBytes(scramble(plugin, password, nonce));
    if (database) answer.nulText(database);
    await this.packets.send(answer.nulText(plugin).done());
    await this.finishLogin(password);
  }

  private async finishLogin(password: string): Promise<void> {
    while (true) {
      const reply = await this.read();
      const head = reply.int(1);
      if (head === 0) return;
      if (head !== 0xfe) continue; // more data of the method: the password was accepted
      const plugin = reply.nulText();
      const nonce = reply.take(20);
      if (!isPlugin(plugin)) throw new SqlError(2059, 'HY000', `Authentication plugin '${plugin}' cannot be loaded`);
      await this.packets.send(scramble(plugin, password, nonce));
    }
  }

  /** Runs a text; a result for each statement in it. */
  async *query(sql: string): AsyncGenerator<ClientResult> {
    await this.command(COMMAND.query, new TextEncoder().encode(sql));
    for (let more = true; more; ) {
      const { result, status } = await this.result();
      more = (status & STATUS.moreResults) !== 0;
      yield result;
    }
  }

  async initDb(name: string): Promise<void> {
    await this.command(COMMAND.initDb, new TextEncoder().encode(name));
    await this.read();
  }

  async ping(): Promise<void> {
    await this.command(COMMAND.ping, new Uint8Array());
    await this.read();
  }

  async statistics(): Promise<string> {
    await this.command(COMMAND.statistics, new Uint8Array());
    return (await this.read()).restText();
  }

  async quit(): Promise<void> {
    await this.command(COMMAND.quit, new Uint8Array()).catch(() => {});
    this.stream.close();
  }

  private command(command: number, payload: Uint8Array): Promise<void> {
    this.packets.sequence = 0;
    return this.packets.send(Uint8Array.of(command, ...payload));
  }

  /** The next packet; an error packet is thrown. */
  private async read(): Promise<PacketReader> {
    const packet = await this.packets.read();
    if (!packet) throw new LostConnection();
    if (packet.bytes[0] !== 0xff) return packet;
    packet.at = 1;
    const code = packet.int(2);
    const text = packet.restText();
    const state = text.startsWith('#') ? text.slice(1, 6) : 'HY000';
    throw new SqlError(code, state, text.startsWith('#') ? text.slice(6) : text);
  }

  private async result(): Promise<{ result: ClientResult; status: number }> {
    const packet = await this.read();
    if (packet.bytes[0] === 0) {
      packet.at = 1;
      const affected = packet.lenenc() ?? 0;
      const insertId = packet.lenenc() ?? 0;
      const status = packet.int(2);
      const warnings = packet.int(2);
      const info = packet.left > 0 ? packet.lenencText() : '';
      return { result: { k: 'ok', affected, insertId, info, warnings }, status };
    }
    const count = packet.lenenc() ?? 0;
    const columns: ClientColumn[] = [];
    for (let i = 0; i < count; i++) columns.push(readColumn(await this.read()));
    await this.read(); // the end of the columns
    const rows: (Uint8Array | null)[][] = [];
    while (true) {
      const row = await this.read();
      if (row.bytes[0] === 0xfe && row.bytes.length < 9) {
        row.at = 1;
        const warnings = row.int(2);
        return { result: { k: 'rows', columns, rows, warnings }, status: row.int(2) };
      }
      rows.push(columns.map(() => row.lenencBytes()?.slice() ?? null));
    }
  }
}

function readColumn(packet: PacketReader): ClientColumn {
  packet.lenencText();
  packet.lenencText();
  const table = packet.lenencText();
  packet.lenencText();
  const name = packet.lenencText();
  packet.lenencText();
  packet.lenenc();
  const charset = packet.int(2);
  const length = packet.int(4);
  const type = packet.int(1);
  return { name, table, charset, length, type, flags: packet.int(2) };
}
