// The keys of a Redis server and the commands on them. Kept as JSON, one value a key.
import type { Reply } from './resp';

type Value = string | string[] | { hash: Record<string, string> } | { set: string[] };
interface Entry {
  value: Value;
  /** Milliseconds since the epoch. */
  expires?: number;
}

const OK: Reply = { status: 'OK' };
const WRONG_TYPE: Reply = { error: 'WRONGTYPE Operation against a key holding the wrong kind of value' };
const NOT_INTEGER: Reply = { error: 'ERR value is not an integer or out of range' };

class WrongType extends Error {}

export class Keys {
  private entries: Map<string, Entry>;
  /** True after a command that changed something. */
  changed = false;

  constructor(
    private readonly now: () => number,
    stored?: string,
  ) {
    this.entries = new Map(stored ? (JSON.parse(stored) as [string, Entry][]) : []);
  }

  save(): string {
    this.changed = false;
    return JSON.stringify([...this.entries]);
  }

  get size(): number {
    return this.names().length;
  }

  run(words: string[]): Reply {
    const [name = '', ...args] = words;
    const command = COMMANDS[name.toUpperCase()];
    if (!command)
      return {
        error: `ERR unknown command '${name}', with args beginning with: ${args
          .slice(0, 2)
          .map((arg) => `'${arg}' `)
          .join('')}`,
      };
    if (args.length < command[0]) return { error: `ERR wrong number of arguments for '${name.toLowerCase()}' command` };
    try {
      return command[1](this, args);
    } catch (error) {
      if (error instanceof WrongType) return WRONG_TYPE;
      throw error;
    }
  }

  entry(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry?.expires === undefined || entry.expires > this.now()) return entry;
    this.entries.delete(key);
    return undefined;
  }

  put(key: string, value: Value, expires?: number): void {
    this.entries.set(key, { value, ...(expires !== undefined ? { expires } : {}) });
    this.changed = true;
  }

  remove(key: string): boolean {
    const there = this.entry(key) !== undefined;
    this.entries.delete(key);
    this.changed ||= there;
    return there;
  }

  clear(): void {
    this.entries.clear();
    this.changed = true;
  }

  names(): string[] {
    return [...this.entries.keys()].filter((key) => this.entry(key));
  }

  text(key: string): string | undefined {
    const value = this.entry(key)?.value;
    if (value !== undefined && typeof value !== 'string') throw new WrongType();
    return value;
  }

  list(key: string): string[] {
    const value = this.entry(key)?.value ?? [];
    if (!Array.isArray(value)) throw new WrongType();
    return value;
  }

  hash(key: string): Record<string, string> {
    const value = this.entry(key)?.value ?? { hash: {} };
    if (typeof value === 'string' || !('hash' in value)) throw new WrongType();
    return value.hash;
  }

  set(key: string): string[] {
    const value = this.entry(key)?.value ?? { set: [] };
    if (typeof value === 'string' || !('set' in value)) throw new WrongType();
    return value.set;
  }

  /** Seconds left: -1 for ever, -2 for no such key. */
  left(key: string): number {
    const entry = this.entry(key);
    if (!entry) return -2;
    return entry.expires === undefined ? -1 : Math.ceil((entry.expires - this.now()) / 1000);
  }

  expire(key: string, ms: number): number {
    const entry = this.entry(key);
    if (!entry) return 0;
    this.put(key, entry.value, this.now() + ms);
    return 1;
  }

  add(key: string, by: number): Reply {
    const old = this.text(key) ?? '0';
    if (!/^-?\d+$/.test(old) || !Number.isSafeInteger(by)) return NOT_INTEGER;
    const sum = Number(old) + by;
    this.put(key, String(sum), this.entry(key)?.expires);
    return sum;
  }

  /** SET with its options EX, PX, NX, XX. */
  assign([key = '', value = '', ...options]: string[]): Reply {
    const upper = options.map((option) => option.toUpperCase());
    if (upper.includes('NX') && this.entry(key)) return null;
    if (upper.includes('XX') && !this.entry(key)) return null;
    const after = (word: string, unit: number) =>
      upper.includes(word) ? Number(options[upper.indexOf(word) + 1]) * unit : undefined;
    const ms = after('EX', 1000) ?? after('PX', 1);
    this.put(key, value, ms === undefined ? undefined : this.now() + ms);
    return OK;
  }
}

const range = (list: string[], from: number, to: number): string[] =>
  list.slice(from < 0 ? Math.max(0, list.length + from) : from, (to < 0 ? list.length + to : to) + 1);

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^$(){}|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

/** Fewest arguments, and what the command does. */
const COMMANDS: Record<string, [number, (keys: Keys, args: string[]) => Reply]> = {
  PING: [0, (_, [text]) => text ?? { status: 'PONG' }],
  ECHO: [1, (_, [text = '']) => text],
  SELECT: [1, () => OK],
  COMMAND: [0, () => []],
  CLIENT: [0, () => OK],
  HELLO: [0, () => ({ error: 'NOPROTO unsupported protocol version' })],
  SET: [2, (keys, args) => keys.assign(args)],
  SETNX: [2, (keys, [key = '', value = '']) => (keys.assign([key, value, 'NX']) ? 1 : 0)],
  SETEX: [3, (keys, [key = '', seconds = '', value = '']) => keys.assign([key, value, 'EX', seconds])],
  GET: [1, (keys, [key = '']) => keys.text(key) ?? null],
  MGET: [1, (keys, names) => names.map((key) => keys.text(key) ?? null)],
  MSET: [
    2,
    (keys, args) => {
      for (let i = 0; i + 1 < args.length; i += 2) keys.put(args[i] as string, args[i + 1] as string);
      return OK;
    },
  ],
  APPEND: [
    2,
    (keys, [key = '', more = '']) => {
      const text = (keys.text(key) ?? '') + more;
      keys.put(key, text);
      return text.length;
    },
  ],
  STRLEN: [1, (keys, [key = '']) => (keys.text(key) ?? '').length],
  INCR: [1, (keys, [key = '']) => keys.add(key, 1)],
  DECR: [1, (keys, [key = '']) => keys.add(key, -1)],
  INCRBY: [2, (keys, [key = '', by = '']) => keys.add(key, Number(by))],
  DECRBY: [2, (keys, [key = '', by = '']) => keys.add(key, -Number(by))],
  DEL: [1, (keys, names) => names.filter((key) => keys.remove(key)).length],
  UNLINK: [1, (keys, names) => names.filter((key) => keys.remove(key)).length],
  EXISTS: [1, (keys, names) => names.filter((key) => keys.entry(key)).length],
  KEYS: [1, (keys, [pattern = '*']) => keys.names().filter((key) => glob(pattern).test(key))],
  DBSIZE: [0, (keys) => keys.size],
  TYPE: [
    1,
    (keys, [key = '']) => {
      const value = keys.entry(key)?.value;
      return {
        status:
          value === undefined
            ? 'none'
            : typeof value === 'string'
              ? 'string'
              : Array.isArray(value)
                ? 'list'
                : 'hash' in value
                  ? 'hash'
                  : 'set',
      };
    },
  ],
  EXPIRE: [2, (keys, [key = '', seconds = '']) => keys.expire(key, Number(seconds) * 1000)],
  PEXPIRE: [2, (keys, [key = '', ms = '']) => keys.expire(key, Number(ms))],
  TTL: [1, (keys, [key = '']) => keys.left(key)],
  PERSIST: [
    1,
    (keys, [key = '']) => {
      const entry = keys.entry(key);
      if (entry?.expires === undefined) return 0;
      keys.put(key, entry.value);
      return 1;
    },
  ],
  FLUSHALL: [
    0,
    (keys) => {
      keys.clear();
      return OK;
    },
  ],
  FLUSHDB: [
    0,
    (keys) => {
      keys.clear();
      return OK;
    },
  ],
  LPUSH: [
    2,
    (keys, [key = '', ...items]) => {
      const list = [...items.reverse(), ...keys.list(key)];
      keys.put(key, list);
      return list.length;
    },
  ],
  RPUSH: [
    2,
    (keys, [key = '', ...items]) => {
      const list = [...keys.list(key), ...items];
      keys.put(key, list);
      return list.length;
    },
  ],
  LPOP: [
    1,
    (keys, [key = '']) => {
      const [first, ...rest] = keys.list(key);
      if (first === undefined) return null;
      if (rest.length > 0) keys.put(key, rest);
      else keys.remove(key);
      return first;
    },
  ],
  RPOP: [
    1,
    (keys, [key = '']) => {
      const list = keys.list(key);
      const last = list.at(-1);
      if (last === undefined) return null;
      if (list.length > 1) keys.put(key, list.slice(0, -1));
      else keys.remove(key);
      return last;
    },
  ],
  LLEN: [1, (keys, [key = '']) => keys.list(key).length],
  LRANGE: [3, (keys, [key = '', from = '0', to = '-1']) => range(keys.list(key), Number(from), Number(to))],
  HSET: [
    3,
    (keys, [key = '', ...pairs]) => {
      const hash = { ...keys.hash(key) };
      let added = 0;
      for (let i = 0; i + 1 < pairs.length; i += 2) {
        if (!((pairs[i] as string) in hash)) added++;
        hash[pairs[i] as string] = pairs[i + 1] as string;
      }
      keys.put(key, { hash });
      return added;
    },
  ],
  HGET: [2, (keys, [key = '', field = '']) => keys.hash(key)[field] ?? null],
  HGETALL: [1, (keys, [key = '']) => Object.entries(keys.hash(key)).flat()],
  HKEYS: [1, (keys, [key = '']) => Object.keys(keys.hash(key))],
  HLEN: [1, (keys, [key = '']) => Object.keys(keys.hash(key)).length],
  HDEL: [
    2,
    (keys, [key = '', ...fields]) => {
      const hash = { ...keys.hash(key) };
      const gone = fields.filter((field) => field in hash);
      for (const field of gone) delete hash[field];
      keys.put(key, { hash });
      return gone.length;
    },
  ],
  SADD: [
    2,
    (keys, [key = '', ...items]) => {
      const set = new Set(keys.set(key));
      const before = set.size;
      for (const item of items) set.add(item);
      keys.put(key, { set: [...set] });
      return set.size - before;
    },
  ],
  SREM: [
    2,
    (keys, [key = '', ...items]) => {
      const old = keys.set(key);
      const kept = old.filter((item) => !items.includes(item));
      keys.put(key, { set: kept });
      return old.length - kept.length;
    },
  ],
  SMEMBERS: [1, (keys, [key = '']) => keys.set(key)],
  SISMEMBER: [2, (keys, [key = '', item = '']) => (keys.set(key).includes(item) ? 1 : 0)],
  SCARD: [1, (keys, [key = '']) => keys.set(key).length],
};
