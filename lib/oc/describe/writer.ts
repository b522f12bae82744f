// Lines of `describe`: indented by level, cells at tabs, aligned when flushed (k8s.io/kubectl/pkg/describe PrefixWriter).
import { humanDuration } from '../flags/duration';
import type { Dyn } from '../object';
import { DESCRIBE, type TabOptions, tabulate } from '../printers/tabwriter';

export class Writer {
  private done = '';
  private open = '';

  constructor(
    /** Milliseconds since the epoch. */
    readonly now: number,
    private readonly tabs: TabOptions = DESCRIBE,
  ) {}

  line(level: number, text: string): this {
    this.open += `${'  '.repeat(level)}${text}\n`;
    return this;
  }

  raw(text: string): this {
    this.open += text;
    return this;
  }

  /** What stands so far is aligned on its own. */
  flush(): this {
    this.done += tabulate(this.open, this.tabs);
    this.open = '';
    return this;
  }

  toString(): string {
    this.flush();
    return this.done;
  }

  labels(title: string, labels: Record<string, string> | undefined): this {
    const keys = Object.keys(labels ?? {}).sort();
    if (keys.length === 0) return this.line(0, `${title}:\t<none>`);
    return this.raw(keys.map((key, i) => `${i === 0 ? `${title}:` : ''}\t${key}=${labels?.[key]}\n`).join(''));
  }

  annotations(title: string, annotations: Record<string, string> | undefined): this {
    const keys = Object.keys(annotations ?? {})
      .filter((key) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
      .sort();
    if (keys.length === 0) return this.line(0, `${title}:\t<none>`);
    keys.forEach((key, i) => {
      const value = (annotations?.[key] ?? '').replace(/\n$/, '');
      const head = i === 0 ? `${title}:\t` : '\t';
      if (value.length + key.length + 2 <= MAX_ANNOTATION && !value.includes('\n'))
        this.raw(`${head}${key}: ${value}\n`);
      else {
        this.raw(`${head}${key}:\n`);
        for (const part of value.split('\n')) this.raw(`\t  ${shorten(part, MAX_ANNOTATION - 2)}\n`);
      }
    });
    return this;
  }

  /** A list under a title, one item a line. */
  list(title: string, items: string[]): this {
    if (items.length === 0) return this.line(0, `${title}:\t<none>`);
    return this.raw(items.map((item, i) => `${i === 0 ? `${title}:` : ''}\t${item}\n`).join(''));
  }

  age(timestamp: string | undefined | null): string {
    return timestamp ? humanDuration(this.now - Date.parse(timestamp)) : '<unknown>';
  }
}

const MAX_ANNOTATION = 140; // characters
const shorten = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max)}...` : text);

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Go's RFC1123Z in UTC: `Thu, 01 Jan 2026 00:00:00 +0000`. */
export function rfc1123(timestamp: string | undefined | null): string {
  const date = new Date(timestamp ? Date.parse(timestamp) : -62135596800000);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${String(date.getUTCFullYear()).padStart(4, '0')}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

export function controller(object: Dyn): string {
  const owner = (object.metadata.ownerReferences ?? []).find((one: Dyn) => one.controller);
  return owner ? `${owner.kind}/${owner.name}` : '';
}

/** The section of events; the part before it is aligned by itself. */
export function events(w: Writer, items: Dyn[] | undefined): void {
  if (!items) return;
  if (items.length === 0) {
    w.line(0, 'Events:\t<none>');
    return;
  }
  w.flush();
  w.line(0, 'Events:').line(1, 'Type\tReason\tAge\tFrom\tMessage').line(1, '----\t------\t----\t----\t-------');
  const time = (e: Dyn) =>
    Date.parse(e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? e.firstTimestamp ?? 0) || 0;
  for (const e of [...items].sort((a, b) => time(a) - time(b))) {
    const first = w.age(e.eventTime ?? e.firstTimestamp);
    const age = e.series
      ? `${w.age(e.series.lastObservedTime)} (x${e.series.count} over ${first})`
      : e.count > 1
        ? `${w.age(e.lastTimestamp)} (x${e.count} over ${first})`
        : first;
    const message = (e.message ?? '').trim();
    w.line(1, [e.type, e.reason, age, e.source?.component || e.reportingComponent || '', message].join('\t'));
  }
}
