// What the server sends back: OK, errors, result sets.
import type { Prepared, Result, Session } from '../mysql-engine/session';
import { CAPABILITY, STATUS } from '../mysql-protocol/constants';
import type { SqlError } from '../mysql-protocol/errors';
import { type PacketStream, PacketWriter } from '../mysql-protocol/packets';
import { binaryRow, columnPacket, textRow } from '../mysql-protocol/rows';
import type { Column } from '../mysql-protocol/types';

const OK = 0x00;
const EOF = 0xfe;
const ERROR = 0xff;
const ROWS_PER_FLUSH = 100; // so that a reader that stops is felt

export class Replies {
  capabilities = 0;

  constructor(private readonly packets: PacketStream) {}

  private status(session: Session | undefined, more: boolean): number {
    const autocommit = session?.autocommit ?? true;
    return (
      (autocommit ? STATUS.autocommit : 0) |
      (session?.inTransaction ? STATUS.inTransaction : 0) |
      (more ? STATUS.moreResults : 0)
    );
  }

  ok(result: Omit<Extract<Result, { k: 'ok' }>, 'k'>, session: Session | undefined, more = false): Promise<void> {
    return this.packets.send(this.okPacket(OK, result, session, more));
  }

  private okPacket(
    head: number,
    result: Omit<Extract<Result, { k: 'ok' }>, 'k'>,
    session: Session | undefined,
    more: boolean,
  ): Uint8Array {
    const packet = new PacketWriter()
      .int(head, 1)
      .lenenc(Number(result.affected ?? 0n))
      .lenenc(Number(result.insertId ?? 0n))
      .int(this.status(session, more), 2)
      .int(result.warnings ?? 0, 2);
    return (result.info ? packet.lenencText(result.info) : packet).done();
  }

  error(error: SqlError): Promise<void> {
    return this.packets.send(
      new PacketWriter().int(ERROR, 1).int(error.code, 2).text(`#${error.state}`).text(error.message).done(),
    );
  }

  private get eofIsOk(): boolean {
    return (this.capabilities & CAPABILITY.deprecateEof) !== 0;
  }

  private eof(session: Session, more: boolean, warnings = 0): Uint8Array {
    if (this.eofIsOk) return this.okPacket(EOF, { warnings }, session, more);
    return new PacketWriter().int(EOF, 1).int(warnings, 2).int(this.status(session, more), 2).done();
  }

  async result(result: Result, session: Session, more: boolean, binary: boolean): Promise<void> {
    if (result.k === 'ok') return this.ok(result, session, more);
    const { columns, rows } = result;
    this.packets.put(new PacketWriter().lenenc(columns.length).done());
    for (const column of columns) this.packets.put(columnPacket(column));
    if (!this.eofIsOk) this.packets.put(this.eof(session, more));
    for (const [i, row] of rows.entries()) {
      this.packets.put(binary ? binaryRow(row, columns) : textRow(row, columns));
      if (i % ROWS_PER_FLUSH === 0) await this.packets.flush();
    }
    await this.packets.send(this.eof(session, more, result.warnings));
  }

  /** COM_FIELD_LIST's answer. */
  async fields(columns: Column[], session: Session): Promise<void> {
    for (const column of columns) this.packets.put(new PacketWriter().raw(columnPacket(column)).int(0xfb, 1).done());
    await this.packets.send(this.eof(session, false));
  }

  /** COM_STMT_PREPARE's answer. */
  async prepared(statement: Prepared, session: Session): Promise<void> {
    const { id, parameters, columns } = statement;
    this.packets.put(
      new PacketWriter().int(OK, 1).int(id, 4).int(columns.length, 2).int(parameters, 2).int(0, 1).int(0, 2).done(),
    );
    const parameter = columnPacket({ name: '?', type: { name: 'varchar', length: 0 } });
    for (let i = 0; i < parameters; i++) this.packets.put(parameter);
    if (parameters > 0 && !this.eofIsOk) this.packets.put(this.eof(session, false));
    for (const column of columns) this.packets.put(columnPacket(column));
    if (columns.length > 0 && !this.eofIsOk) this.packets.put(this.eof(session, false));
    await this.packets.flush();
  }
}
