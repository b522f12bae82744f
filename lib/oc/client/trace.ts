// What `-v` shows of requests: a line each from 6 on, their heads from 7, answers and bodies from 8, a curl line and the connection
// from 9. client-go transport/round_trippers.go and rest/request.go.
import type { IncomingMessage } from 'node:http';
import type { Process } from '../../machine/process';

const LINE = 6;
const HEAD = 7;
const BODY = 8;
const CURL = 9;
/** Characters of a body that each level shows; more levels show all. */
const SHOWN: Record<number, number> = { [BODY]: 1024, [CURL]: 10_240 };

/** A line of Go's klog. */
export function klog(proc: Process, level: 'I' | 'W' | 'E', where: string, text: string): string {
  const time = new Date(proc.machine.clock.now()).toISOString();
  const day = time.slice(5, 10).replace('-', '');
  return `${level}${day} ${time.slice(11, 23)}000 ${String(proc.pid).padStart(7)} ${where}] ${text}\n`;
}

export interface Traced {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

export class Trace {
  /** Where a connection was made since the last request was told of. */
  private dialed: { address: string; name?: string } | undefined;

  constructor(
    private readonly proc: Process,
    private readonly verbosity: number,
    /** The file that said where the server is, until that is told. */
    private kubeconfig?: string,
  ) {}

  get isOn(): boolean {
    return this.verbosity >= LINE;
  }

  /** `address`: `192.168.50.10:6443`; `name`, where that was looked up. */
  connected(address: string, name?: string): void {
    this.dialed = { address, ...(name === undefined ? {} : { name }) };
  }

  async request({ method, url, headers, body }: Traced): Promise<void> {
    const file = this.kubeconfig;
    this.kubeconfig = undefined;
    if (this.isOn && file) await this.say('loader.go:395', `Config loaded from file:  ${file}`);
    if (this.verbosity < HEAD) return;
    if (body !== undefined) await this.body('Request', body);
    const shown = Object.entries(headers).map(([name, value]) => [
      name,
      name === 'Authorization' ? masked(value) : value,
    ]);
    if (this.verbosity >= CURL) {
      const flags = shown.map(([name, value]) => ` -H "${name}: ${value}"`).join('');
      return this.say('round_trippers.go:466', `curl -v -X${method} ${flags} '${url}'`);
    }
    await this.say('round_trippers.go:463', `${method} ${url}`);
    await this.say('round_trippers.go:469', 'Request Headers:');
    for (const [name, value] of shown) await this.say('round_trippers.go:473', `    ${name}: ${value}`);
  }

  /** `answer` is undefined when none came. */
  async answer({ method, url }: Traced, answer: IncomingMessage | undefined, ms: number): Promise<void> {
    if (!this.isOn) return;
    const status = answer ? `${answer.statusCode} ${answer.statusMessage}` : '';
    const took = Math.round(ms);
    if (this.verbosity >= CURL) await this.connection();
    if (this.verbosity === HEAD || this.verbosity === BODY)
      await this.say('round_trippers.go:574', `Response Status: ${status} in ${took} milliseconds`);
    else await this.say('round_trippers.go:553', `${method} ${url} ${status} in ${took} milliseconds`);
    if (this.verbosity >= CURL) {
      const setUp = this.dialed ? 'DNSLookup 0 ms Dial 0 ms TLSHandshake 0 ms' : 'GetConnection 0 ms';
      await this.say(
        'round_trippers.go:570',
        `HTTP Statistics: ${setUp} ServerProcessing ${took} ms Duration ${took} ms`,
      );
    }
    this.dialed = undefined;
    if (this.verbosity < BODY) return;
    await this.say('round_trippers.go:577', 'Response Headers:');
    for (const [name, value] of pairs(answer?.rawHeaders ?? []))
      await this.say('round_trippers.go:580', `    ${name}: ${value}`);
  }

  async body(what: 'Request' | 'Response', text: string): Promise<void> {
    if (this.verbosity < BODY) return;
    const most = SHOWN[this.verbosity] ?? text.length;
    const shown = text.length > most ? `${text.slice(0, most)} [truncated ${text.length - most} chars]` : text;
    await this.say('request.go:1351', `${what} Body: ${shown.replace(/\n$/, '')}`);
  }

  private async connection(): Promise<void> {
    if (!this.dialed) return;
    const { address, name } = this.dialed;
    const resolved = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
    if (name)
      await this.say('round_trippers.go:495', `HTTP Trace: DNS Lookup for ${name} resolved to [{${resolved} }]`);
    await this.say('round_trippers.go:510', `HTTP Trace: Dial to tcp:${address} succeed`);
  }

  private say(where: string, text: string): Promise<void> {
    return this.proc.complain(klog(this.proc, 'I', where, text));
  }
}

const masked = (authorization: string): string => `${authorization.split(' ')[0]} <masked>`;

const pairs = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ''] as [string, string]] : []));
