// From the click on "Start" to the prompt: cold (no process kept ready) and warm; memory of a sandbox and a console.
import { readdirSync, readFileSync } from 'node:fs';
import { begin, finish, memory, openBench, prompt, quantile } from './product';

const ROUNDS = 9;
const REST_MS = 4000; // lets the pool fill up again between rounds

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function start(): Promise<object> {
  const cold = await rounds(0);
  const warm = await rounds(2);
  return { coldMs: summary(cold.times), warmMs: summary(warm.times), memoryMb: warm.memory };
}

const summary = (times: number[]) => ({ median: quantile(times, 0.5), max: quantile(times, 1) });

async function rounds(warm: number): Promise<{ times: number[]; memory: object }> {
  const [bench] = await openBench(warm);
  if (!bench) throw new Error('nobody is signed in');
  const times: number[] = [];
  let seen: object = {};
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(REST_MS);
      const before = performance.now();
      const attempt = await begin(bench);
      const socket = await prompt(bench, attempt, 1);
      times.push(performance.now() - before);
      if (round === ROUNDS - 1) {
        await sleep(REST_MS);
        seen = processes(bench.server.supervisor.pidOf(attempt));
      }
      socket.terminate();
      await finish(bench, attempt);
    }
  } finally {
    await bench.close();
  }
  return { times, memory: seen };
}

/** The sandbox in use, and the console of the only terminal. */
function processes(sandbox: number | undefined): object {
  const consoles = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandOf(pid).includes('console.mjs'));
  return { sandbox: sandbox && memory(sandbox), consoles: consoles.map(memory) };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
