// The API of `npm run cluster` over loopback HTTPS, as a lean client sees it, beside what a real kube-apiserver 1.20 with etcd
// does on a machine of this size.
import { Plane, podNamed } from './plane';
import { memory, quantile } from './product';
import { deployment } from './scale';

/** Measured beside this product's on a machine of two cores: seconds, MB, per second, ms. */
const REAL = {
  createsPerS: 300,
  createsPerS16: 900,
  getsPerS: 480,
  getsPerS16: 2000,
  list2000Ms: 77,
  watchMs: 3.4,
  readyMs: 5500,
  memoryMb: 350,
};
const ROUNDS = 5;
const WARM_UP = 1500; // requests until the compiler has seen enough
const SAMPLE = 2000;
const LISTED = 2000;
const PAGE = 500;
const MANY = 10_000;
const PODS = '/api/v1/namespaces/default/pods';

export async function api(): Promise<object> {
  const starts = await startTimes();
  const plane = await Plane.start('--bare');
  const rates = await requestRates(plane);
  const lists = await listTimes(plane);
  const watch = await watchTimes(plane);
  await plane.stop();
  const { runningS, answerMs, memoryMb } = await deployment(MANY, MANY / 100);
  const seen = { ...starts, ...rates, ...lists, ...watch };
  const scale = { pods10000RunningS: runningS, answerMeanwhileMs: answerMs, memory10000Mb: memoryMb };
  return { ...seen, ...scale, timesBetter: ratios(seen) };
}

/** How many times better than the real one each figure is. */
function ratios(seen: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(REAL).flatMap(([name, real]) => {
      const ours = seen[name];
      if (ours === undefined) return [];
      return [[name, Math.round((name.includes('PerS') ? ours / real : real / ours) * 10) / 10]];
    }),
  );
}

async function startTimes(): Promise<{ readyMs: number; memoryMb: number; rssMb: number }> {
  const times: number[] = [];
  const sizes: { rss: number; pss: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = performance.now();
    const plane = await Plane.start();
    if (round > 0) times.push(performance.now() - before); // the first may have to build
    sizes.push(memory(plane.pid));
    await plane.stop();
  }
  const middle = (values: number[]) => quantile(values, 0.5);
  return {
    readyMs: middle(times),
    memoryMb: middle(sizes.map(({ pss }) => pss)),
    rssMb: middle(sizes.map(({ rss }) => rss)),
  };
}

async function requestRates(plane: Plane) {
  let next = 0;
  const create = () => plane.call('POST', PODS, podNamed(`load-${next++}`));
  const get = () => plane.call('GET', `${PODS}/load-${next++ % WARM_UP}`);
  await rate(create, 4, WARM_UP);
  const createsPerS = await rate(create, 1, SAMPLE);
  const createsPerS16 = await rate(create, 16, SAMPLE);
  await rate(get, 4, WARM_UP);
  return {
    createsPerS,
    createsPerS16,
    getsPerS: await rate(get, 1, SAMPLE),
    getsPerS16: await rate(get, 16, SAMPLE * 2),
  };
}

/** Calls a second of so many clients at once. */
async function rate(call: () => Promise<unknown>, clients: number, count: number): Promise<number> {
  let left = count;
  const before = performance.now();
  const client = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: clients }, client));
  return Math.round((count / (performance.now() - before)) * 1000);
}

async function listTimes(plane: Plane): Promise<{ list2000Ms: number; page500Ms: number }> {
  await plane.call('DELETE', PODS);
  for (let i = 0; i < LISTED; i++) await plane.call('POST', PODS, podNamed(`listed-${i}`));
  const time = async (path: string) => {
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = performance.now();
      await plane.call('GET', path);
      times.push(performance.now() - before);
    }
    return quantile(times.slice(2), 0.5);
  };
  return { list2000Ms: await time(PODS), page500Ms: await time(`${PODS}?limit=${PAGE}`) };
}

/** From a create's sending to its event at a watcher. */
async function watchTimes(plane: Plane): Promise<{ watchMs: number }> {
  const sent = new Map<string, number>();
  const times: number[] = [];
  const stop = await plane.watch('/api/v1/namespaces/default/configmaps?watch=1', (event) => {
    const before = sent.get(/"name":"(seen-\d+)"/.exec(event)?.[1] ?? '');
    if (before !== undefined) times.push(performance.now() - before);
  });
  for (let i = 0; i < 500; i++) {
    const name = `seen-${i}`;
    sent.set(name, performance.now());
    await plane.call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name } });
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop();
  return { watchMs: quantile(times.slice(100), 0.5) };
}
