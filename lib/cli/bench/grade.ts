// A full grade of the guided exercise: alone, thirty at once over the processors, and the fork of a cluster of two hundred pods.
import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grade as gradeNow } from '../../grading/grade';
import { Bench } from '../../grading/verify/bench';
import { loadLab } from '../../labs/load';
import { loadSqlWasm } from '../../sandbox/host/sql-wasm';
import type { Sandbox } from '../../sandbox/sandbox';
import { LABS } from '../world';
import { quantile } from './product';

const LAB = 'deploy-services';
const SEED = 7;
const WARM_UP = 5;
const ROUNDS = 40;
const AT_ONCE = 30;
const PODS = 200;
const FORKS = 20;
/** What is promised, in milliseconds. */
const TARGETS = { gradeP95: 150, thirty: 2000, fork: 20 };
const SELF = fileURLToPath(import.meta.url);

/** One JSON line: medians, and how the figures stand to what is promised (below 1 is better). */
export async function grade(): Promise<object> {
  const alone = await rounds(ROUNDS);
  const thirty = await atOnce();
  const fork = await forks();
  const p95 = quantile(alone, 0.95);
  return {
    gradeMs: { median: quantile(alone, 0.5), p95 },
    thirtyMs: thirty,
    forkMs: { median: quantile(fork, 0.5), max: quantile(fork, 1) },
    ratios: {
      gradeP95: p95 / TARGETS.gradeP95,
      thirty: thirty / TARGETS.thirty,
      fork: quantile(fork, 0.5) / TARGETS.fork,
    },
  };
}

async function solved(): Promise<{ sandbox: Sandbox; bench: Bench }> {
  loadSqlWasm();
  const bench = new Bench(await loadLab(LABS, LAB));
  const sandbox = await bench.solve(SEED, await readFile(join(LABS, LAB, 'solution.sh'), 'utf8'));
  return { sandbox, bench };
}

async function rounds(count: number): Promise<number[]> {
  const { sandbox, bench } = await solved();
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + count; round++) {
    const before = performance.now();
    const { score, max } = await gradeNow(sandbox, bench.lab);
    if (score !== max) throw new Error(`the solution scores ${score} of ${max}`);
    if (round >= WARM_UP) times.push(performance.now() - before);
  }
  sandbox.stop();
  return times;
}

/** Thirty grades, shared by warm processes, from the first to the last. */
async function atOnce(): Promise<number> {
  const size = availableParallelism();
  const workers = Array.from({ length: size }, () =>
    fork(SELF, ['worker'], { execArgv: ['--import', 'tsx', '--no-warnings'] }),
  );
  await Promise.all(workers.map((worker) => answer(worker)));
  const before = performance.now();
  await Promise.all(workers.map((worker, i) => ask(worker, Math.ceil((AT_ONCE - i) / size))));
  const took = performance.now() - before;
  for (const worker of workers) worker.kill();
  return took;
}

const answer = (worker: ChildProcess): Promise<void> =>
  new Promise((resolve) => worker.once('message', () => resolve()));

function ask(worker: ChildProcess, count: number): Promise<void> {
  worker.send(count);
  return answer(worker);
}

async function work(): Promise<void> {
  const { sandbox, bench } = await solved();
  for (let i = 0; i < WARM_UP; i++) await gradeNow(sandbox, bench.lab);
  process.on('message', async (count: number) => {
    for (let i = 0; i < count; i++) await gradeNow(sandbox, bench.lab);
    process.send?.('done');
  });
  process.send?.('ready');
}

async function forks(): Promise<number[]> {
  const { sandbox } = await solved();
  const create = `oc login -u admin -p redhatocp https://api.ocp4.example.com:6443; oc new-project many
oc create deployment many --image registry.ocp4.example.com:8443/openshift/hello-openshift --replicas ${PODS}
oc rollout status deployment/many`;
  await sandbox.clock.drive(sandbox.run(create).exited, 3_600_000);
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + FORKS; round++) {
    const before = performance.now();
    const copy = await sandbox.fork();
    if (round >= WARM_UP) times.push(performance.now() - before);
    copy.stop();
  }
  return times;
}

if (process.argv[1] === SELF && process.argv[2] === 'worker') await work();
