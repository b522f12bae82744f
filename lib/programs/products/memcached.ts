// memcached: keys over its text protocol, in memory only. Source: memcached's doc/protocol.txt.
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { concat } from '../../machine/process';
import { getopt } from '../getopt';
import { serveTcp } from './tcp-server';

const VERSION = '1.6.39';
const KEY_LIMIT = 250;
const VALUE_LIMIT = 1024 * 1024;
const MONTH_SECONDS = 30 * 86_400; // a longer expiry is a point in time
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Item {
  flags: string;
  data: Uint8Array;
  cas: number;
  /** Milliseconds; infinite when it does not expire. */
  until: number;
}

export const memcached: Program = async (proc) => {
  const options = getopt(proc.argv, 'p:m:c:t:u:U:l:I:vVh', {
    'port=': 'p',
    'memory-limit=': 'm',
    'conn-limit=': 'c',
    'threads=': 't',
    'user=': 'u',
    version: 'V',
  });
  const version = proc.env['MEMCACHED_VERSION'] || VERSION;
  if (options.has('V')) return proc.print(`memcached ${version}\n`).then(() => 0);
  if (options.has('h'))
    return proc
      .print(
        `memcached ${version}\n-p, --port=<num>          TCP port to listen on (default: 11211)\n-m, --memory-limit=<num>  item memory in megabytes (default: 64)\n-c, --conn-limit=<num>    max simultaneous connections (default: 1024)\n`,
      )
      .then(() => 0);
  const port = Number(options.get('p') ?? 11211);
  const cache = new Cache(proc, version, Number(options.get('m') ?? 64) * 1024 * 1024);
  return serveTcp(
    proc,
    port,
    (connection) => cache.converse(connection),
    async (reason) => {
      await proc.complain(`failed to listen on TCP port ${port}: ${reason}\n`);
      return 71; // EX_OSERR
    },
  );
};

class Cache {
  private readonly items = new Map<string, Item>();
  private readonly startedAt: number;
  private readonly counts = { connections: 0, total: 0, get: 0, set: 0, flush: 0, hits: 0, misses: 0, stored: 0 };
  private cas = 0;

  constructor(
    private readonly proc: Process,
    private readonly version: string,
    private readonly limitBytes: number,
  ) {
    this.startedAt = proc.machine.clock.now();
  }

  async converse(connection: Connection): Promise<void> {
    this.counts.connections++;
    this.counts.total++;
    let rest = new Uint8Array();
    /** More bytes until there are `size`, or a line when it is undefined. */
    const take = async (size?: number): Promise<Uint8Array | undefined> => {
      for (;;) {
        const end = size ?? rest.indexOf(10);
        if (end >= 0 && (size === undefined ? true : rest.length >= size)) {
          const taken = rest.subarray(0, end);
          rest = rest.slice(size === undefined ? end + 1 : end);
          return taken;
        }
        const chunk = await connection.read(65536, this.proc.killed);
        if (!chunk) return undefined;
        rest = new Uint8Array(concat([rest, chunk]));
      }
    };
    try {
      for (let line = await take(); line; line = await take()) {
        const words = decoder.decode(line).replace(/\r$/, '').trim().split(/\s+/);
        if (words[0] === 'quit') return;
        const reply = await this.answer(words, take);
        if (reply === undefined) return;
        if (reply.length > 0 && words.at(-1) !== 'noreply') await connection.write(reply, this.proc.killed);
      }
    } finally {
      this.counts.connections--;
    }
  }

  private async answer(
    words: string[],
    take: (size: number) => Promise<Uint8Array | undefined>,
  ): Promise<Uint8Array | undefined> {
    const [command = '', key = '', ...args] = words;
    const say = (text: string) => encoder.encode(`${text}\r\n`);
    if (/^(set|add|replace|append|prepend|cas)$/.test(command)) {
      const size = Number(args[2]);
      if (!(size >= 0) || args.length < 3) return say('ERROR');
      const data = await take(size + 2);
      if (!data) return undefined;
      if (decoder.decode(data.subarray(size)) !== '\r\n') return say('CLIENT_ERROR bad data chunk');
      if (key.length > KEY_LIMIT) return say('CLIENT_ERROR line too long');
      if (size > VALUE_LIMIT) return say('SERVER_ERROR object too large for cache');
      return say(this.store(command, key, args, data.slice(0, size)));
    }
    switch (command) {
      case 'get':
      case 'gets':
        return key ? this.get([key, ...args], command === 'gets') : say('ERROR');
      case 'delete':
        return say(this.find(key) && this.items.delete(key) ? 'DELETED' : 'NOT_FOUND');
      case 'incr':
      case 'decr':
        return say(this.count(key, (command === 'incr' ? 1n : -1n) * BigInt(/^\d+$/.exec(args[0] ?? '')?.[0] ?? 0)));
      case 'touch': {
        const item = this.find(key);
        if (!item) return say('NOT_FOUND');
        item.until = this.expiry(Number(args[0]));
        return say('TOUCHED');
      }
      case 'flush_all':
        this.counts.flush++;
        this.items.clear();
        return say('OK');
      case 'version':
        return say(`VERSION ${this.version}`);
      case 'verbosity':
        return say('OK');
      case 'stats':
        return key === '' ? encoder.encode(this.stats()) : say('END');
      default:
        return say('ERROR');
    }
  }

  private find(key: string): Item | undefined {
    const item = this.items.get(key);
    if (!item || item.until > this.proc.machine.clock.now()) return item;
    this.items.delete(key);
    return undefined;
  }

  private expiry(seconds: number): number {
    if (seconds === 0 || Number.isNaN(seconds)) return Number.POSITIVE_INFINITY;
    return seconds > MONTH_SECONDS ? seconds * 1000 : this.proc.machine.clock.now() + seconds * 1000;
  }

  private store(command: string, key: string, args: string[], data: Uint8Array): string {
    this.counts.set++;
    const old = this.find(key);
    if (command === 'add' && old) return 'NOT_STORED';
    if (/^(replace|append|prepend)$/.test(command) && !old) return 'NOT_STORED';
    if (command === 'cas') {
      if (!old) return 'NOT_FOUND';
      if (old.cas !== Number(args[3])) return 'EXISTS';
    }
    const whole =
      command === 'append' && old
        ? concat([old.data, data])
        : command === 'prepend' && old
          ? concat([data, old.data])
          : data;
    const kept = /pend$/.test(command) && old ? old : { flags: args[0] ?? '0', until: this.expiry(Number(args[1])) };
    this.items.set(key, { flags: kept.flags, until: kept.until, data: whole, cas: ++this.cas });
    this.counts.stored++;
    return 'STORED';
  }

  private get(keys: string[], withCas: boolean): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const key of keys) {
      this.counts.get++;
      const item = this.find(key);
      if (!item) {
        this.counts.misses++;
        continue;
      }
      this.counts.hits++;
      parts.push(
        encoder.encode(`VALUE ${key} ${item.flags} ${item.data.length}${withCas ? ` ${item.cas}` : ''}\r\n`),
        item.data,
        encoder.encode('\r\n'),
      );
    }
    return concat([...parts, encoder.encode('END\r\n')]);
  }

  private count(key: string, by: bigint): string {
    const item = this.find(key);
    if (!item) return 'NOT_FOUND';
    const text = decoder.decode(item.data);
    if (!/^\d+$/.test(text)) return 'CLIENT_ERROR cannot increment or decrement non-numeric value';
    const sum = BigInt(text) + by;
    const value = String(sum < 0n ? 0n : BigInt.asUintN(64, sum));
    item.data = encoder.encode(value);
    item.cas = ++this.cas;
    return value;
  }

  private stats(): string {
    const now = this.proc.machine.clock.now();
    const { connections, total, get, set, flush, hits, misses, stored } = this.counts;
    const bytes = [...this.items].reduce((sum, [key, item]) => sum + key.length + item.data.length + 50, 0);
    const rows: [string, string | number][] = [
      ['pid', this.proc.pid],
      ['uptime', Math.floor((now - this.startedAt) / 1000)],
      ['time', Math.floor(now / 1000)],
      ['version', this.version],
      ['pointer_size', 64],
      ['max_connections', 1024],
      ['curr_connections', connections],
      ['total_connections', total],
      ['cmd_get', get],
      ['cmd_set', set],
      ['cmd_flush', flush],
      ['get_hits', hits],
      ['get_misses', misses],
      ['limit_maxbytes', this.limitBytes],
      ['threads', 4],
      ['bytes', bytes],
      ['curr_items', this.items.size],
      ['total_items', stored],
      ['evictions', 0],
    ];
    return `${rows.map(([name, value]) => `STAT ${name} ${value}\r\n`).join('')}END\r\n`;
  }
}
