// SET, SHOW and the parameters of the server.
import { PgError } from './error';

export const PARAMETERS: Record<string, string> = {
  application_name: '',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  client_min_messages: 'notice',
  data_directory: '/var/lib/postgresql/data',
  DateStyle: 'ISO, MDY',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  extra_float_digits: '1',
  hba_file: '/var/lib/postgresql/data/pg_hba.conf',
  config_file: '/var/lib/postgresql/data/postgresql.conf',
  idle_in_transaction_session_timeout: '0',
  in_hot_standby: 'off',
  integer_datetimes: 'on',
  IntervalStyle: 'postgres',
  is_superuser: 'on',
  lc_collate: 'en_US.utf8',
  lc_messages: 'en_US.utf8',
  listen_addresses: '*',
  lock_timeout: '0',
  log_min_messages: 'warning',
  log_statement: 'none',
  maintenance_work_mem: '64MB',
  max_connections: '100',
  password_encryption: 'scram-sha-256',
  port: '5432',
  search_path: '"$user", public',
  server_encoding: 'UTF8',
  server_version: '',
  server_version_num: '',
  session_authorization: '',
  shared_buffers: '128MB',
  ssl: 'off',
  standard_conforming_strings: 'on',
  statement_timeout: '0',
  synchronous_commit: 'on',
  TimeZone: 'Etc/UTC',
  transaction_isolation: 'read committed',
  transaction_read_only: 'off',
  unix_socket_directories: '/var/run/postgresql',
  wal_level: 'replica',
  work_mem: '4MB',
  xmloption: 'content',
  row_security: 'on',
  default_table_access_method: 'heap',
  default_tablespace: '',
  check_function_bodies: 'on',
  synchronize_seqscans: 'on',
};

const FIXED = new Set([
  'server_version',
  'server_version_num',
  'server_encoding',
  'integer_datetimes',
  'in_hot_standby',
  'is_superuser',
  'lc_collate',
]);
const AT_START = new Set([
  'max_connections',
  'port',
  'shared_buffers',
  'listen_addresses',
  'wal_level',
  'data_directory',
  'unix_socket_directories',
  'hba_file',
  'config_file',
]);

/** The spelling of a parameter; any prefixed name is one of the user's own. */
export function parameterName(name: string): string | undefined {
  const wanted = name.toLowerCase();
  if (wanted === 'time zone') return 'TimeZone';
  return (
    Object.keys(PARAMETERS).find((known) => known.toLowerCase() === wanted) ??
    (wanted.includes('.') ? wanted : undefined)
  );
}

export const unknownParameter = (name: string): PgError =>
  new PgError('42704', `unrecognized configuration parameter "${name}"`);

/** The name, when a session may set it. */
export function settable(name: string): string {
  const known = parameterName(name);
  if (!known) throw unknownParameter(name);
  if (FIXED.has(known)) throw new PgError('55P02', `parameter "${known}" cannot be changed`);
  if (AT_START.has(known))
    throw new PgError('55P02', `parameter "${known}" cannot be changed without restarting the server`);
  return known;
}

/** Reported to the client at the start and when they change. */
export const REPORTED = [
  'application_name',
  'client_encoding',
  'DateStyle',
  'default_transaction_read_only',
  'in_hot_standby',
  'integer_datetimes',
  'IntervalStyle',
  'is_superuser',
  'search_path',
  'server_encoding',
  'server_version',
  'session_authorization',
  'standard_conforming_strings',
  'TimeZone',
];
