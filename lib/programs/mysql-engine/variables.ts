// System variables: their values at start, which may be set, and how values are read.
import { errors } from '../mysql-protocol/errors';
import type { SqlValue } from '../mysql-protocol/types';

const SQL_MODE =
  'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

const SWITCHES = new Set(
  'autocommit foreign_key_checks unique_checks sql_log_bin sql_safe_updates general_log slow_query_log read_only super_read_only local_infile transaction_read_only sql_notes big_tables event_scheduler log_bin have_ssl skip_networking skip_name_resolve innodb_file_per_table low_priority_updates old_alter_table sql_auto_is_null sql_big_selects sql_quote_show_create session_track_schema session_track_state_change tx_read_only'.split(
    ' ',
  ),
);

const READ_ONLY = new Set(
  'version version_comment version_compile_os version_compile_machine datadir basedir port socket hostname have_ssl lower_case_table_names log_bin license pid_file protocol_version server_uuid innodb_version innodb_file_per_table innodb_buffer_pool_instances skip_networking skip_name_resolve system_time_zone bind_address tmpdir log_error character_sets_dir'.split(
    ' ',
  ),
);

const GLOBAL_ONLY = new Set(
  'max_connections general_log slow_query_log read_only super_read_only local_infile event_scheduler innodb_buffer_pool_size innodb_flush_log_at_trx_commit'.split(
    ' ',
  ),
);

export interface ServerFacts {
  version: string;
  comment: string;
  port: number;
  datadir: string;
  socket: string;
  hostname: string;
  maxConnections: number;
}

export function defaults(facts: ServerFacts): Map<string, SqlValue> {
  const values: Record<string, SqlValue> = {
    auto_increment_increment: 1n,
    auto_increment_offset: 1n,
    autocommit: 1n,
    basedir: '/usr/',
    bind_address: '*',
    character_set_client: 'utf8mb4',
    character_set_connection: 'utf8mb4',
    character_set_database: 'utf8mb4',
    character_set_filesystem: 'binary',
    character_set_results: 'utf8mb4',
    character_set_server: 'utf8mb4',
    character_set_system: 'utf8mb3',
    collation_connection: 'utf8mb4_0900_ai_ci',
    collation_database: 'utf8mb4_0900_ai_ci',
    collation_server: 'utf8mb4_0900_ai_ci',
    connect_timeout: 10n,
    datadir: `${facts.datadir}/`,
    default_authentication_plugin: 'caching_sha2_password',
    default_storage_engine: 'InnoDB',
    default_tmp_storage_engine: 'InnoDB',
    explicit_defaults_for_timestamp: 1n,
    foreign_key_checks: 1n,
    general_log: 0n,
    group_concat_max_len: 1024n,
    have_ssl: 0n,
    hostname: facts.hostname,
    init_connect: '',
    innodb_buffer_pool_size: 33554432n,
    innodb_file_per_table: 1n,
    innodb_flush_log_at_trx_commit: 1n,
    innodb_lock_wait_timeout: 50n,
    innodb_version: facts.version,
    interactive_timeout: 28800n,
    license: 'GPL',
    local_infile: 0n,
    log_bin: 1n,
    log_error: 'stderr',
    long_query_time: '10.000000',
    lower_case_table_names: 0n,
    max_allowed_packet: 209715200n,
    max_connections: BigInt(facts.maxConnections),
    max_execution_time: 0n,
    net_buffer_length: 16384n,
    net_read_timeout: 30n,
    net_write_timeout: 60n,
    performance_schema: 1n,
    pid_file: `${facts.datadir}/mysqld.pid`,
    port: BigInt(facts.port),
    profiling: 0n,
    protocol_version: 10n,
    query_cache_size: 0n,
    query_cache_type: 'OFF',
    read_only: 0n,
    server_id: 1n,
    session_track_schema: 1n,
    skip_name_resolve: 1n,
    skip_networking: 0n,
    slow_query_log: 0n,
    socket: facts.socket,
    sql_auto_is_null: 0n,
    sql_big_selects: 1n,
    sql_log_bin: 1n,
    sql_mode: SQL_MODE,
    sql_notes: 1n,
    sql_quote_show_create: 1n,
    sql_safe_updates: 0n,
    sql_select_limit: 18446744073709551615n,
    super_read_only: 0n,
    system_time_zone: 'UTC',
    table_open_cache: 400n,
    thread_cache_size: 9n,
    time_zone: 'SYSTEM',
    tmpdir: '/tmp',
    transaction_isolation: 'REPEATABLE-READ',
    transaction_read_only: 0n,
    tx_isolation: 'REPEATABLE-READ',
    unique_checks: 1n,
    version: facts.version,
    version_comment: facts.comment,
    version_compile_machine: 'x86_64',
    version_compile_os: 'Linux',
    wait_timeout: 28800n,
  };
  return new Map(Object.entries(values));
}

/** Checks and converts what SET gives. Throws 1193, 1238, 1231. */
export function setting(name: string, value: SqlValue, scope: 'global' | 'session'): SqlValue {
  if (READ_ONLY.has(name)) throw errors.readOnlyVariable(name);
  if (scope === 'session' && GLOBAL_ONLY.has(name)) throw errors.globalVariable(name);
  if (SWITCHES.has(name)) {
    const text = String(value).toUpperCase();
    if (text === '1' || text === 'ON' || text === 'TRUE') return 1n;
    if (text === '0' || text === 'OFF' || text === 'FALSE') return 0n;
    throw errors.wrongVariableValue(name, String(value));
  }
  if (name === 'sql_mode' && value === '') return '';
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : value;
}

/** A value as SHOW VARIABLES prints it. */
export function shownValue(name: string, value: SqlValue): string {
  if (SWITCHES.has(name)) return value === 1n ? 'ON' : 'OFF';
  return value === null ? '' : String(value);
}
