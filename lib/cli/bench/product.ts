// A server of its own for a measurement, and people on it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { extraStudent } from '../../server/demo';
import { type RunningServer, startServer } from '../../server/start-server';

export interface Bench {
  server: RunningServer;
  cookie: string;
  close(): Promise<void>;
}

/**
 * @param warm processes kept ready
 * @param students people signed in
 */
export async function openBench(warm: number, students = 1): Promise<Bench[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'podlab-bench-'));
  const options = { port: 0, apiPort: 0, dataDir, demo: true, warm, extraStudents: students, report: () => {} };
  const server = await startServer(options);
  const close = async () => {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const benches: Bench[] = [];
  for (let n = 1; n <= students; n++) benches.push({ server, cookie: await signIn(server.url, n), close });
  return benches;
}

async function signIn(url: string, n: number): Promise<string> {
  const { email, password } = extraStudent(n);
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  });
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

/** Begins a new attempt of the guided exercise. */
export async function begin({ server, cookie }: Bench): Promise<string> {
  const headers = { cookie, origin: server.url, 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/api/attempts`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ lab: 'deploy-services' }),
  });
  return ((await response.json()) as { id: string }).id;
}

export async function finish({ server, cookie }: Bench, attempt: string): Promise<void> {
  await fetch(`${server.url}/api/attempts/${attempt}/finish`, {
    method: 'POST',
    headers: { cookie, origin: server.url },
  });
}

/** One terminal of an attempt, its output handed on as it comes. */
export function openTerminal(
  { server, cookie }: Bench,
  attempt: string,
  number: number,
  onData: (text: string) => void,
): WebSocket {
  const address = `${server.url.replace('http', 'ws')}/api/attempts/${attempt}/terminals/${number}?columns=80&rows=24`;
  const socket = new WebSocket(address, { headers: { cookie, origin: server.url } });
  socket.on('message', (data: Buffer) => onData(data.toString()));
  return socket;
}

/** Resolves when a terminal shows a prompt. */
export function prompt(bench: Bench, attempt: string, number: number): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = openTerminal(bench, attempt, number, (chunk) => {
      text += chunk;
      if (text.includes('$ ')) resolve(socket);
    });
    socket.on('error', reject);
  });
}

/** The value below which a share of the samples lies. */
export function quantile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return Math.round(value * 100) / 100;
}

/** Resident and proportional memory of a process, MB. */
export function memory(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 102.4) / 10;
  return { rss: mb('Rss'), pss: mb('Pss') };
}
