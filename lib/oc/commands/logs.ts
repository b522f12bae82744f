// oc logs: prints and follows the logs of containers.
import type { Cli, Command } from '../cli';
import type { Query } from '../client/client';
import { ApiError, CliError, isReason } from '../errors';
import { stringFlag } from '../flags/spec';
import type { Dyn } from '../object';
import { listContainers, podSelector, podsBySelector } from '../resources/pods';
import { select } from '../resources/select';

const USAGE = `expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command`;
const SELECTOR_TAIL = 10; // lines, when a selector chooses the pods

export const logs: Command = {
  path: 'logs',
  ocFlags: [stringFlag('version', 'Logs of an earlier deployment or build.')],
  async run(cli) {
    const query = readOptions(cli);
    const sources = await findSources(cli);
    const { flags } = cli;
    const limit = flags.int('max-log-requests');
    if (flags.bool('follow') && sources.length > 1 && sources.length > limit)
      throw new CliError(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${limit}, use --max-log-requests to increase the limit`,
      );
    const prefix = flags.bool('prefix') || flags.bool('all-pods');
    const one = ({ pod, container }: Source) =>
      copyLog(cli, pod, { ...query, container }, prefix ? `[pod/${pod.metadata.name}/${container}] ` : '');
    if (flags.bool('follow')) await Promise.all(sources.map(one));
    else for (const source of sources) await one(source);
  },
};

interface Source {
  pod: Dyn;
  container: string;
}

function readOptions(cli: Cli): Query {
  const { flags, args } = cli;
  const selector = flags.str('selector');
  if ((args.length === 0 && !selector) || args.length > 2) throw cli.usage(USAGE);
  if (args.length === 1 && selector) throw cli.usage('only a selector (-l) or a POD name is allowed');
  if (flags.str('since-time') && flags.changed('since'))
    throw new CliError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (flags.changed('container') && args.length === 2)
    throw new CliError('only one of -c or an inline [CONTAINER] arg is allowed');
  const container = flags.str('container') || args[1] || '';
  if (flags.bool('all-containers') && container)
    throw new CliError(`--all-containers=true should not be specified with container name ${container}`);
  if (flags.int('limit-bytes') < 0) throw new CliError('--limit-bytes must be greater than 0');
  if (flags.duration('since') < 0) throw new CliError('--since must be greater than 0');
  const time = flags.str('since-time');
  if (time && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(time))
    throw new CliError(
      `parsing time ${JSON.stringify(time)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(time)} as "2006"`,
    );
  const tail = flags.int('tail');
  if (tail < -1) throw new CliError('--tail must be greater than or equal to -1');
  const lines = tail !== -1 ? tail : selector && !flags.changed('tail') ? SELECTOR_TAIL : undefined;
  return {
    follow: flags.bool('follow') || undefined,
    previous: flags.bool('previous') || undefined,
    timestamps: flags.bool('timestamps') || undefined,
    tailLines: lines,
    limitBytes: flags.int('limit-bytes') || undefined,
    sinceSeconds: flags.duration('since') ? Math.max(1, Math.round(flags.duration('since') / 1000)) : undefined,
    sinceTime: flags.str('since-time') || undefined,
  };
}

async function findSources(cli: Cli): Promise<Source[]> {
  const { flags, args } = cli;
  const selector = flags.str('selector');
  const pods = selector ? await selected(cli, selector) : await named(cli, args[0] as string);
  const wanted = flags.str('container') || args[1] || '';
  const out: Source[] = [];
  for (const pod of pods) for (const container of await containersOf(cli, pod, wanted)) out.push({ pod, container });
  return out;
}

async function selected(cli: Cli, selector: string): Promise<Dyn[]> {
  const pods = await podsBySelector(cli, selector);
  if (pods.length === 0) await cli.err(`No resources found in ${cli.namespace} namespace.\n`);
  return pods;
}

async function named(cli: Cli, word: string): Promise<Dyn[]> {
  const { infos, errors } = await select(cli, { args: word.includes('/') ? [word] : ['pods', word] });
  const [error] = errors;
  if (isReason(error, 'NotFound'))
    throw new CliError(`error from server (NotFound): ${error?.message} in namespace ${JSON.stringify(cli.namespace)}`);
  if (error) throw error;
  const object = infos[0]?.object;
  if (object.kind === 'Pod') return [object];
  const pods = await newestOf(cli, object);
  if (pods.length > 1 && !cli.flags.bool('all-pods')) {
    await cli.err(`Found ${pods.length} pods, using pod/${pods[0].metadata.name}\n`);
    return pods.slice(0, 1);
  }
  return pods;
}

/** A workload's pods, the one with most to tell first; waits for the first one to come. */
async function newestOf(cli: Cli, object: Dyn): Promise<Dyn[]> {
  let selector: string;
  try {
    selector = podSelector(object);
  } catch (error) {
    throw new CliError(`cannot get the logs from ${goTypeOf(object)}: ${(error as Error).message}`);
  }
  const end = cli.now() + cli.flags.duration('pod-running-timeout');
  for (;;) {
    const pods = await podsBySelector(cli, selector);
    if (pods.length > 0) return pods.sort(byLogging);
    if (cli.now() >= end) throw new CliError('timed out waiting for the condition');
    await cli.proc.sleep(1000);
  }
}

const goTypeOf = ({ apiVersion, kind }: Dyn): string => `*${apiVersion.split('/').at(-1)}.${kind}`;

/** client-go's ByLogging: scheduled, running, ready, restarted more, older. */
function byLogging(a: Dyn, b: Dyn): number {
  const scheduled = (pod: Dyn) => (pod.spec.nodeName ? 0 : 1);
  const phase = (pod: Dyn) => ({ Running: 0, Unknown: 1, Pending: 2 })[pod.status?.phase as string] ?? 0;
  const ready = (pod: Dyn) =>
    (pod.status?.conditions ?? []).some((c: Dyn) => c.type === 'Ready' && c.status === 'True') ? 0 : 1;
  const restarts = (pod: Dyn) =>
    Math.max(0, ...(pod.status?.containerStatuses ?? []).map((c: Dyn) => c.restartCount ?? 0));
  const age = (pod: Dyn) => Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
  return (
    scheduled(a) - scheduled(b) ||
    phase(a) - phase(b) ||
    ready(a) - ready(b) ||
    restarts(b) - restarts(a) ||
    age(b) - age(a)
  );
}

async function containersOf(cli: Cli, pod: Dyn, wanted: string): Promise<string[]> {
  const { spec, metadata } = pod;
  const names = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
    (c: Dyn) => c.name as string,
  );
  if (cli.flags.bool('all-containers')) return names;
  if (wanted) {
    if (!names.includes(wanted)) throw new CliError(`container ${wanted} is not valid for pod ${metadata.name}`);
    return [wanted];
  }
  const preferred = metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && names.includes(preferred)) return [preferred];
  if (preferred)
    await cli.err(`Default container name ${JSON.stringify(preferred)} not found in pod ${metadata.name}\n`);
  const first = spec.containers[0].name as string;
  if (names.length > 1) await cli.err(`Defaulted container ${JSON.stringify(first)} out of: ${listContainers(pod)}\n`);
  return [first];
}

/** The whole log of a pod's first container. */
export async function printLog(cli: Cli, pod: Dyn): Promise<void> {
  await copyLog(cli, pod, { container: pod.spec.containers[0].name, follow: true }, '');
}

/** Copies a log to standard output, each line behind a prefix. */
export async function copyLog(cli: Cli, pod: Dyn, query: Query, prefix: string): Promise<void> {
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/log`;
  try {
    const stream = await cli.client.stream('GET', path, { query, accept: '*/*' });
    let rest = '';
    for await (const chunk of stream) {
      if (!prefix) {
        await cli.out(new Uint8Array(chunk as Buffer));
        continue;
      }
      const lines = (rest + (chunk as Buffer).toString()).split('\n');
      rest = lines.pop() as string;
      await cli.out(lines.map((line) => `${prefix}${line}\n`).join(''));
    }
    if (rest) await cli.out(`${prefix}${rest}`);
  } catch (error) {
    if (!(error instanceof ApiError) || !cli.flags.has('ignore-errors') || !cli.flags.bool('ignore-errors'))
      throw error;
    await cli.out(`error: ${error.message}\n`);
  }
}
