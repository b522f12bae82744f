// The product as a person runs it: `npm start` as a child process with a data folder of its own, and clients of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { find, ROOT } from './tools';

const READY = /Podlab is running on (\S+) \(cluster API on (\S+)\)/;
const START_LIMIT_MS = 170_000; // the first start of a clone builds the pages

export class Product {
  url = '';
  apiUrl = '';
  output = '';
  private child: ChildProcess | undefined;

  private constructor(
    readonly data: string,
    private readonly ports: { web: number; api: number },
    /** A folder of labs other than the product's own. */
    private readonly labs?: string,
  ) {}

  /** Starts it on free ports, which a later start uses again. */
  static async start(labs?: string): Promise<Product> {
    const product = new Product(mkdtempSync(join(tmpdir(), 'podlab-test-')), { web: 0, api: 0 }, labs);
    await product.start();
    return product;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const env = {
      ...process.env,
      NODE_ENV: 'production' as const,
      PODLAB_DATA: this.data,
      PORT: String(this.ports.web),
      API_PORT: String(this.ports.api),
      ...(this.labs && { PODLAB_LABS: this.labs }),
    };
    const child = spawn(process.execPath, ['lib/cli/start.mjs'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.output = '';
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no start in time:\n${this.output}`)), START_LIMIT_MS);
      const read = (chunk: Buffer) => {
        this.output += chunk;
        const [, url, apiUrl] = READY.exec(this.output) ?? [];
        if (!url || !apiUrl) return;
        clearTimeout(timer);
        this.url = url;
        this.apiUrl = apiUrl;
        this.ports.web = Number(new URL(url).port);
        this.ports.api = Number(new URL(apiUrl).port);
        resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${this.output}`)));
    });
  }

  /** As a power cut for the server alone. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.child?.once('exit', resolve));
    this.child?.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child?.once('exit', resolve));
    this.child?.kill('SIGTERM');
    await gone;
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Signs in; the answer's cookie is the session. */
  async signIn(role: 'student' | 'instructor' | 'author'): Promise<Session> {
    const response = await fetch(`${this.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.url },
      body: JSON.stringify({ email: `${role}@podlab.example`, password: `${role}-demo` }),
    });
    if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    return new Session(this.url, cookie);
  }
}

/** A signed-in person without a browser. */
export class Session {
  constructor(
    readonly url: string,
    readonly cookie: string,
  ) {}

  fetch(path: string, options: { method?: string; body?: unknown } = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: options.method ?? 'GET',
      headers: { cookie: this.cookie, origin: this.url, 'content-type': 'application/json' },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  }

  async json<T>(path: string, options: { method?: string; body?: unknown } = {}): Promise<T> {
    const response = await this.fetch(path, options);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<T>;
  }

  async startLab(lab = 'deploy-services'): Promise<string> {
    return (await this.json<{ id: string }>('/api/attempts', { method: 'POST', body: { lab } })).id;
  }

  terminal(attempt: string, number = 1): Promise<TerminalClient> {
    return TerminalClient.open(this, attempt, number);
  }
}

const PROMPT = /(\[[a-z]+@workstation [^\]]*\][$#] |sh-[\d.]+[$#] )$/;
const CONTROL = /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007]*\u0007|\u001b[=>]|\r/g;

/** A terminal over its WebSocket, as the page opens it. */
export class TerminalClient {
  text = '';
  private readonly waiting: (() => void)[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.text = (this.text + data.toString()).replaceAll('\r\n', '\n').replace(CONTROL, '');
      for (const go of this.waiting.splice(0)) go();
    });
  }

  static async open(session: Session, attempt: string, number: number): Promise<TerminalClient> {
    const address = `${session.url.replace('http', 'ws')}/api/attempts/${attempt}/terminals/${number}?columns=200&rows=50`;
    const socket = new WebSocket(address, { headers: { cookie: session.cookie, origin: session.url } });
    const client = new TerminalClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return client;
  }

  send(text: string): void {
    this.socket.send(Buffer.from(text));
  }

  /** Types a line, waits for the next prompt, gives what was printed between. */
  async type(line: string, limitMs = 60_000): Promise<string> {
    await this.until(PROMPT, limitMs);
    this.text = '';
    this.send(`${line}\r`);
    await this.until(new RegExp(`\\n[\\s\\S]*${PROMPT.source}`), limitMs);
    const printed = this.text.replace(PROMPT, '');
    return printed.slice(printed.indexOf('\n') + 1);
  }

  async until(pattern: RegExp, limitMs = 60_000): Promise<void> {
    const end = Date.now() + limitMs;
    while (!pattern.test(this.text)) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`${pattern} was not seen; the screen shows:\n${this.text}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Debian's Chromium, with every request to the outside noted. */
export async function openBrowser(): Promise<{
  browser: Browser;
  newPage(url: string): Promise<{ page: Page; foreign: string[] }>;
}> {
  const executablePath = find('chromium');
  if (!executablePath) throw new Error("chromium is missing: install Debian's package chromium");
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    browser,
    async newPage(url) {
      const context = await browser.newContext({ viewport: { width: 1500, height: 950 } });
      const page = await context.newPage();
      const foreign: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
      });
      await page.goto(url);
      return { page, foreign };
    },
  };
}
