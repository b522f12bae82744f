// Numbers of the MySQL client/server protocol (include/mysql_com.h).

export const CAPABILITY = {
  longPassword: 1,
  foundRows: 2,
  longFlag: 4,
  connectWithDb: 8,
  protocol41: 0x200,
  interactive: 0x400,
  ssl: 0x800,
  transactions: 0x2000,
  secureConnection: 0x8000,
  multiStatements: 0x10000,
  multiResults: 0x20000,
  psMultiResults: 0x40000,
  pluginAuth: 0x80000,
  connectAttrs: 0x100000,
  pluginAuthLenenc: 0x200000,
  deprecateEof: 0x1000000,
} as const;

export const COMMAND = {
  quit: 0x01,
  initDb: 0x02,
  query: 0x03,
  fieldList: 0x04,
  statistics: 0x09,
  processKill: 0x0c,
  ping: 0x0e,
  changeUser: 0x11,
  stmtPrepare: 0x16,
  stmtExecute: 0x17,
  stmtSendLongData: 0x18,
  stmtClose: 0x19,
  stmtReset: 0x1a,
  setOption: 0x1b,
  resetConnection: 0x1f,
} as const;

export const STATUS = { inTransaction: 1, autocommit: 2, moreResults: 8 } as const;

export const CHARSET = { utf8mb4: 255, binary: 63 } as const;
