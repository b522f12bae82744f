// MySQL's errors: number, SQLSTATE and the exact text of the server (messages_to_clients.txt of MySQL 8.0).

/** An error that the server answers to a client. */
export class SqlError extends Error {
  constructor(
    readonly code: number,
    readonly state: string,
    message: string,
  ) {
    super(message);
  }
}

const MANUAL = 'check the manual that corresponds to your MySQL server version for the right syntax to use';

/** One constructor an error, named as the server names it. */
export const errors = {
  parse: (near: string, line: number) =>
    new SqlError(
      1064,
      '42000',
      `You have an error in your SQL syntax; ${MANUAL} near '${near.slice(0, 80)}' at line ${line}`,
    ),
  emptyQuery: () => new SqlError(1065, '42000', 'Query was empty'),
  accessDenied: (user: string, host: string, password: boolean) =>
    new SqlError(
      1045,
      '28000',
      `Access denied for user '${user}'@'${host}' (using password: ${password ? 'YES' : 'NO'})`,
    ),
  dbAccessDenied: (user: string, host: string, db: string) =>
    new SqlError(1044, '42000', `Access denied for user '${user}'@'${host}' to database '${db}'`),
  tableAccessDenied: (command: string, user: string, host: string, table: string) =>
    new SqlError(1142, '42000', `${command} command denied to user '${user}'@'${host}' for table '${table}'`),
  specificAccess: (privilege: string) =>
    new SqlError(
      1227,
      '42000',
      `Access denied; you need (at least one of) the ${privilege} privilege(s) for this operation`,
    ),
  noDb: () => new SqlError(1046, '3D000', 'No database selected'),
  badDb: (db: string) => new SqlError(1049, '42000', `Unknown database '${db}'`),
  dbCreateExists: (db: string) => new SqlError(1007, 'HY000', `Can't create database '${db}'; database exists`),
  dbDropExists: (db: string) => new SqlError(1008, 'HY000', `Can't drop database '${db}'; database doesn't exist`),
  tableExists: (table: string) => new SqlError(1050, '42S01', `Table '${table}' already exists`),
  badTable: (tables: string) => new SqlError(1051, '42S02', `Unknown table '${tables}'`),
  noSuchTable: (table: string) => new SqlError(1146, '42S02', `Table '${table}' doesn't exist`),
  badField: (column: string, where: string) => new SqlError(1054, '42S22', `Unknown column '${column}' in '${where}'`),
  nonUniq: (column: string, where: string) =>
    new SqlError(1052, '23000', `Column '${column}' in ${where} is ambiguous`),
  nonUniqTable: (table: string) => new SqlError(1066, '42000', `Not unique table/alias: '${table}'`),
  wrongFieldWithGroup: (n: number, column: string) =>
    new SqlError(
      1055,
      '42000',
      `Expression #${n} of SELECT list is not in GROUP BY clause and contains nonaggregated column '${column}' which is not functionally dependent on columns in GROUP BY clause; this is incompatible with sql_mode=only_full_group_by`,
    ),
  mixOfGroup: (n: number, column: string) =>
    new SqlError(
      1140,
      '42000',
      `In aggregated query without GROUP BY, expression #${n} of SELECT list contains nonaggregated column '${column}'; this is incompatible with sql_mode=only_full_group_by`,
    ),
  invalidGroupFunc: () => new SqlError(1111, 'HY000', 'Invalid use of group function'),
  dupEntry: (value: string, key: string) => new SqlError(1062, '23000', `Duplicate entry '${value}' for key '${key}'`),
  dupFieldname: (column: string) => new SqlError(1060, '42S21', `Duplicate column name '${column}'`),
  dupKeyname: (key: string) => new SqlError(1061, '42000', `Duplicate key name '${key}'`),
  multiplePrimary: () => new SqlError(1068, '42000', 'Multiple primary key defined'),
  keyColumnMissing: (column: string) => new SqlError(1072, '42000', `Key column '${column}' doesn't exist in table`),
  cantDrop: (name: string) => new SqlError(1091, '42000', `Can't DROP '${name}'; check that column/key exists`),
  wrongAutoKey: () =>
    new SqlError(
      1075,
      '42000',
      'Incorrect table definition; there can be only one auto column and it must be defined as a key',
    ),
  badNull: (column: string) => new SqlError(1048, '23000', `Column '${column}' cannot be null`),
  noDefault: (column: string) => new SqlError(1364, 'HY000', `Field '${column}' doesn't have a default value`),
  valueCount: (row: number) => new SqlError(1136, '21S01', `Column count doesn't match value count at row ${row}`),
  fieldTwice: (column: string) => new SqlError(1110, '42000', `Column '${column}' specified twice`),
  dataTooLong: (column: string, row: number) =>
    new SqlError(1406, '22001', `Data too long for column '${column}' at row ${row}`),
  dataTruncated: (column: string, row: number) =>
    new SqlError(1265, '01000', `Data truncated for column '${column}' at row ${row}`),
  outOfRange: (column: string, row: number) =>
    new SqlError(1264, '22003', `Out of range value for column '${column}' at row ${row}`),
  wrongValue: (type: string, value: string, column: string, row: number) =>
    new SqlError(
      type === 'date' || type === 'datetime' || type === 'time' ? 1292 : 1366,
      type === 'date' || type === 'datetime' || type === 'time' ? '22007' : 'HY000',
      `Incorrect ${type} value: '${value}' for column '${column}' at row ${row}`,
    ),
  subqueryRows: () => new SqlError(1242, '21000', 'Subquery returns more than 1 row'),
  operandColumns: (n: number) => new SqlError(1241, '21000', `Operand should contain ${n} column(s)`),
  unionColumns: () => new SqlError(1222, '21000', 'The used SELECT statements have a different number of columns'),
  noFunction: (name: string) => new SqlError(1305, '42000', `FUNCTION ${name} does not exist`),
  wrongParamCount: (name: string) =>
    new SqlError(1582, '42000', `Incorrect parameter count in the call to native function '${name}'`),
  unknownVariable: (name: string) => new SqlError(1193, 'HY000', `Unknown system variable '${name}'`),
  readOnlyVariable: (name: string) => new SqlError(1238, 'HY000', `Variable '${name}' is a read only variable`),
  unknownCharset: (name: string) => new SqlError(1115, '42000', `Unknown character set: '${name}'`),
  unknownCollation: (name: string) => new SqlError(1273, 'HY000', `Unknown collation: '${name}'`),
  unknownEngine: (name: string) => new SqlError(1286, '42000', `Unknown storage engine '${name}'`),
  lockWait: () => new SqlError(1205, 'HY000', 'Lock wait timeout exceeded; try restarting transaction'),
  noReferencedRow: (constraint: string) =>
    new SqlError(1452, '23000', `Cannot add or update a child row: a foreign key constraint fails (${constraint})`),
  rowIsReferenced: (constraint: string) =>
    new SqlError(1451, '23000', `Cannot delete or update a parent row: a foreign key constraint fails (${constraint})`),
  cannotAddForeign: () => new SqlError(1215, 'HY000', 'Cannot add foreign key constraint'),
  fkNoParent: (table: string) => new SqlError(1824, 'HY000', `Failed to open the referenced table '${table}'`),
  fkDropParent: (table: string, constraint: string, child: string) =>
    new SqlError(
      3730,
      'HY000',
      `Cannot drop table '${table}' referenced by a foreign key constraint '${constraint}' on table '${child}'.`,
    ),
  checkViolated: (name: string) => new SqlError(3819, 'HY000', `Check constraint '${name}' is violated.`),
  cannotUser: (operation: string, users: string) =>
    new SqlError(1396, 'HY000', `Operation ${operation} failed for ${users}`),
  nonexistingGrant: (user: string, host: string) =>
    new SqlError(1141, '42000', `There is no such grant defined for user '${user}' on host '${host}'`),
  cantCreateUserWithGrant: () => new SqlError(1410, '42000', 'You are not allowed to create a user with GRANT'),
  savepoint: (name: string) => new SqlError(1305, '42000', `SAVEPOINT ${name} does not exist`),
  unknownThread: (id: number) => new SqlError(1094, 'HY000', `Unknown thread id: ${id}`),
  unknownStatement: (id: number, call: string) =>
    new SqlError(1243, 'HY000', `Unknown prepared statement handler (${id}) given to ${call}`),
  unknownCommand: () => new SqlError(1047, '08S01', 'Unknown command'),
  tooManyConnections: () => new SqlError(1040, '08004', 'Too many connections'),
  identTooLong: (name: string) => new SqlError(1059, '42000', `Identifier name '${name}' is too long`),
  interrupted: () => new SqlError(1317, '70100', 'Query execution was interrupted'),
  viewNotUpdatable: (table: string, command: string) =>
    new SqlError(1288, 'HY000', `The target table ${table} of the ${command} is not updatable`),
  invalidJson: (column: string) =>
    new SqlError(3140, '22032', `Invalid JSON text: "Invalid value." at position 0 in value for column '${column}'.`),
  illegalGrant: () =>
    new SqlError(
      1144,
      '42000',
      'Illegal GRANT/REVOKE command; please consult the manual to see which privileges can be used',
    ),
  unknownPlugin: (name: string) => new SqlError(1524, 'HY000', `Plugin '${name}' is not loaded`),
  globalVariable: (name: string) =>
    new SqlError(1229, 'HY000', `Variable '${name}' is a GLOBAL variable and should be set with SET GLOBAL`),
  wrongVariableValue: (name: string, value: string) =>
    new SqlError(1231, '42000', `Variable '${name}' can't be set to the value of '${value}'`),
  unknownDeleteTable: (name: string) => new SqlError(1109, '42S02', `Unknown table '${name}' in MULTI DELETE`),
  fkMissingIndex: (constraint: string, table: string) =>
    new SqlError(
      1822,
      'HY000',
      `Failed to add the foreign key constraint. Missing index for constraint '${constraint}' in the referenced table '${table}'`,
    ),
  fkColumnDrop: (column: string, constraint: string) =>
    new SqlError(1828, 'HY000', `Cannot drop column '${column}': needed in a foreign key constraint '${constraint}'`),
  fkTruncate: (constraint: string) =>
    new SqlError(1701, '42000', `Cannot truncate a table referenced in a foreign key constraint (${constraint})`),
  keyMissing: (key: string, table: string) =>
    new SqlError(1176, '42000', `Key '${key}' doesn't exist in table '${table}'`),
  noColumnsLeft: () =>
    new SqlError(1090, '42000', "You can't delete all columns with ALTER TABLE; use DROP TABLE instead"),
  unknownNamed: (name: string, call: string) =>
    new SqlError(1243, 'HY000', `Unknown prepared statement handler (${name}) given to ${call}`),
  wrongArguments: (call: string) => new SqlError(1210, 'HY000', `Incorrect arguments to ${call}`),
  hostNotAllowed: (host: string) =>
    new SqlError(1130, 'HY000', `Host '${host}' is not allowed to connect to this MySQL server`),
  unknownInSchema: (table: string) => new SqlError(1109, '42S02', `Unknown table '${table}' in information_schema`),
  unsupported: (what: string) => new SqlError(1235, '42000', `This version of MySQL doesn't yet support '${what}'`),
} as const;
