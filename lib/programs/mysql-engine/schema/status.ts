// The counters of SHOW STATUS.
import type { SqlValue } from '../../mysql-protocol/types';
import type { Instance } from '../instance';

export function status(instance: Instance): SqlValue[][] {
  const { counters, sessions } = instance;
  const values: Record<string, number> = {
    Aborted_clients: 0,
    Aborted_connects: counters.aborted,
    Connections: counters.connections,
    Innodb_buffer_pool_pages_total: 2048,
    Max_used_connections: counters.maxUsed,
    Open_tables: instance.catalog.allTables().length,
    Queries: counters.questions,
    Questions: counters.questions,
    Slow_queries: 0,
    Threads_cached: 0,
    Threads_connected: sessions.size,
    Threads_created: counters.connections,
    Threads_running: [...sessions.values()].filter((session) => session.running !== '').length,
    Uptime: Math.floor((instance.clock.now() - instance.startedAt) / 1000),
  };
  return Object.entries(values).map(([name, value]) => [name, String(value)]);
}
