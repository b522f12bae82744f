// One Deployment of very many pods on nodes enough, until all of them run.
import { readFileSync } from 'node:fs';
import { Plane, podNamed } from './plane';
import { memory, quantile } from './product';

const ASK_MS = 50; // meanwhile somebody asks for a node each so many milliseconds
const GIVE_UP_MS = 1_200_000;
const PATH = '/apis/apps/v1/namespaces/default/deployments';

/** A hundred thousand pods on a thousand nodes: minutes, so not a part of `api`. */
export async function scale(): Promise<object> {
  const { runningS, answerMs, peakMb, memoryMb } = await deployment(100_000, 1000, [
    ...['--cluster-network', '10.128.0.0/13', '--host-prefix', '23'],
  ]);
  return {
    pods100000RunningS: runningS,
    answerMeanwhileMs: answerMs,
    memoryMb,
    peakMb,
    ratios: { peak: peakMb / 2048 },
  };
}

/** Seconds until all run, what an answer took meanwhile, and the process' memory: at the end and at most, MB. */
export async function deployment(pods: number, nodes: number, options: string[] = []) {
  const plane = await Plane.start(
    ...['--profile', 'kubernetes', '--nodes', String(nodes + 1), '--pace', 'instant', ...options],
  );
  const name = 'many';
  const app = { app: name };
  const body = {
    metadata: { name },
    spec: {
      replicas: pods,
      selector: { matchLabels: app },
      template: { metadata: { labels: app }, spec: podNamed('').spec },
    },
  };
  const answers: number[] = [];
  let isRunning = true;
  const asking = (async () => {
    while (isRunning) {
      const before = performance.now();
      await plane.call('GET', '/api/v1/nodes/node01');
      answers.push(performance.now() - before);
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
  })();
  const before = performance.now();
  await plane.call('POST', PATH, body);
  for (let ready = 0; ready < pods; ) {
    if (performance.now() - before > GIVE_UP_MS) throw new Error(`only ${ready} pods are ready`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { status } = JSON.parse(await plane.call('GET', `${PATH}/${name}`)) as { status: { readyReplicas?: number } };
    ready = status.readyReplicas ?? 0;
  }
  const runningS = Math.round((performance.now() - before) / 100) / 10;
  isRunning = false;
  await asking;
  const { pss } = memory(plane.pid);
  const peakMb = peak(plane.pid);
  await plane.stop();
  return { runningS, answerMs: { p95: quantile(answers, 0.95), max: quantile(answers, 1) }, memoryMb: pss, peakMb };
}

const peak = (pid: number): number =>
  Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
