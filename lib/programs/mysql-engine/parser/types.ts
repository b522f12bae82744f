// Column types as they are written.
import type { SqlType, TypeName } from '../../mysql-protocol/types';
import { Queries } from './queries';

const SYNONYMS: Record<string, TypeName> = {
  INTEGER: 'int',
  INT1: 'tinyint',
  INT2: 'smallint',
  INT3: 'mediumint',
  INT4: 'int',
  INT8: 'bigint',
  MIDDLEINT: 'mediumint',
  DEC: 'decimal',
  FIXED: 'decimal',
  NUMERIC: 'decimal',
  REAL: 'double',
  FLOAT4: 'float',
  FLOAT8: 'double',
  CHARACTER: 'char',
  NCHAR: 'char',
  NVARCHAR: 'varchar',
  VARCHARACTER: 'varchar',
};

const PLAIN = new Set<string>([
  'TINYINT',
  'SMALLINT',
  'MEDIUMINT',
  'INT',
  'BIGINT',
  'DECIMAL',
  'FLOAT',
  'DOUBLE',
  'BIT',
  'CHAR',
  'VARCHAR',
  'BINARY',
  'VARBINARY',
  'TINYTEXT',
  'TEXT',
  'MEDIUMTEXT',
  'LONGTEXT',
  'TINYBLOB',
  'BLOB',
  'MEDIUMBLOB',
  'LONGBLOB',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'TIME',
  'YEAR',
  'ENUM',
  'SET',
  'JSON',
]);

const DEFAULT_LENGTH: Partial<Record<TypeName, number>> = { char: 1, binary: 1, bit: 1, decimal: 10 };
const FRACTIONAL = new Set<TypeName>(['datetime', 'timestamp', 'time']);

export abstract class Types extends Queries {
  protected override type(): SqlType {
    const { token } = this;
    if (token.type !== 'word') this.fail();
    const { text } = token;
    this.at++;
    if (text === 'BOOL' || text === 'BOOLEAN') return { name: 'tinyint', length: 1 };
    if (text === 'SERIAL') return { name: 'bigint', unsigned: true };
    if (text === 'LONG') return { name: this.accept('VARBINARY') ? 'mediumblob' : 'mediumtext' };
    if (text === 'NATIONAL') return this.type();
    if (text === 'DOUBLE') this.accept('PRECISION');
    if ((text === 'CHAR' || text === 'CHARACTER') && this.accept('VARYING')) return this.attributes('varchar');
    const name = SYNONYMS[text] ?? (PLAIN.has(text) ? (text.toLowerCase() as TypeName) : undefined);
    return name ? this.attributes(name) : this.fail(token);
  }

  private attributes(name: TypeName): SqlType {
    if (name === 'enum' || name === 'set') {
      const values = this.parenthesised(() => this.list(() => this.string()));
      this.charset();
      return { name, values };
    }
    const numbers = this.seesOp('(') ? this.parenthesised(() => this.list(() => this.integer())) : [];
    if (numbers.length === 0 && (name === 'varchar' || name === 'varbinary') && !this.inCast()) this.fail();
    const type: SqlType = { name };
    const [length = DEFAULT_LENGTH[name], scale] = numbers;
    if (FRACTIONAL.has(name)) {
      if (length) type.scale = length;
    } else if (length !== undefined) type.length = length;
    if (name === 'decimal') type.scale = scale ?? 0;
    else if (scale !== undefined) type.scale = scale;
    for (let word = this.sign(); word; word = this.sign()) {
      if (word !== 'SIGNED') type.unsigned = true;
      if (word === 'ZEROFILL') type.zerofill = true;
    }
    this.charset();
    return type;
  }

  /** In CAST a string type needs no length. */
  private inCast(): boolean {
    return this.seesOp(')');
  }

  private sign(): string | undefined {
    return this.acceptOneOf('UNSIGNED', 'SIGNED', 'ZEROFILL');
  }

  private charset(): void {
    this.accept('BINARY');
    if (this.accept('CHARSET') || this.accept('CHARACTER', 'SET') || this.accept('CHAR', 'SET')) this.charsetName();
    this.acceptOneOf('ASCII', 'UNICODE');
  }

  protected charsetName(): string {
    if (this.accept('BINARY')) return 'binary';
    return this.nameOrString();
  }
}
