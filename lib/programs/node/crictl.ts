// crictl: what the container runtime of a node has (cri-tools cmd/crictl). Reads; what would change something is done by the kubelet.
import { toText } from '../../machine/fs';
import type { NodeAgent, NodeContainer, NodePod } from '../../machine/node-agent';
import type { Process, Program } from '../../machine/process';
import { getopt, type Options } from '../getopt';
import { agentOf } from './agent';

const SHORT_ID = 13;
const COLUMN = 20;
const GAP = 3;
const SOCKETS = { 'cri-o': '/var/run/crio/crio.sock', containerd: '/run/containerd/containerd.sock' };

interface Call {
  proc: Process;
  agent: NodeAgent;
  options: Options;
}
type Command = (call: Call) => Promise<number>;

interface Definition {
  run: Command;
  short?: string;
  long?: Record<string, string>;
}

const LIST = {
  short: 'aqs:o:n:p:l',
  long: {
    all: 'a',
    quiet: 'q',
    'state=': 's',
    'name=': 'name',
    'pod=': 'p',
    'no-trunc': 'no-trunc',
    'output=': 'o',
    latest: 'l',
    'last=': 'n',
  },
};
const INSPECT = { short: 'o:q', long: { 'output=': 'o', quiet: 'q' } };

const COMMANDS: Record<string, Definition> = {
  ps: { ...LIST, run: listContainers },
  pods: { ...LIST, long: { ...LIST.long, 'namespace=': 'namespace' }, run: listPods },
  images: {
    short: 'qo:v',
    long: { quiet: 'q', 'output=': 'o', digests: 'digests', 'no-trunc': 'no-trunc' },
    run: listImages,
  },
  logs: { short: 'ft', long: { follow: 'f', timestamps: 't', 'tail=': 'tail' }, run: logs },
  inspect: { ...INSPECT, run: inspect },
  inspectp: { ...INSPECT, run: inspectPod },
  version: { run: version },
};
const ALIASES: Record<string, string> = { image: 'images', img: 'images' };

/** The flags before the command; all but one take a value. */
const GLOBAL = /^(-r|-i|-c|-t|--(runtime-endpoint|image-endpoint|config|timeout))$/;

export const crictl: Program = async (proc) => {
  const words = proc.argv.slice(1);
  while (words[0]?.startsWith('-')) {
    const word = words.shift() ?? '';
    if (word === '--version' || word === '-v') return fatal(proc, 'not supported: --version');
    if (GLOBAL.test(word)) words.shift();
  }
  const [asked] = words;
  if (asked === undefined || asked === 'help') return proc.print(HELP).then(() => 0);
  const definition = COMMANDS[ALIASES[asked] ?? asked];
  if (!definition) return fatal(proc, OTHERS.has(asked) ? `not supported: ${asked}` : `command "${asked}" not found`);
  const options = getopt(['crictl', ...words.slice(1)], definition.short ?? '', definition.long);
  if (options.error !== undefined) return wrong(proc, options.error);
  const agent = agentOf(proc);
  const socket = SOCKETS[agent?.runtime.name ?? 'cri-o'];
  if (!agent) return unreachable(proc, socket, 'no such file or directory');
  if (proc.uid !== 0) return unreachable(proc, socket, 'permission denied');
  if (options.get('o') !== undefined && !(definition.run === inspect || definition.run === inspectPod))
    return fatal(proc, `not supported: --output ${options.get('o')}`);
  for (const flag of ['n', 'tail'])
    if (options.has(flag) && !/^-?\d+$/.test(options.get(flag) ?? ''))
      return incorrect(
        proc,
        `invalid value ${JSON.stringify(options.get(flag))} for flag -${flag === 'n' ? 'last' : flag}: parse error`,
      );
  for (const flag of ['name', 'namespace'])
    try {
      contains(options.get(flag), '');
    } catch {
      return fatal(proc, `error parsing regexp: ${JSON.stringify(options.get(flag))}`);
    }
  return definition.run({ proc, agent, options });
};

const HELP = `NAME:
   crictl - client for CRI

USAGE:
   crictl [global options] command [command options] [arguments...]

COMMANDS:
   images, image, img  List images
   inspect             Display the status of one or more containers
   inspectp            Display the status of one or more pods
   logs                Fetch the logs of a container
   pods                List pods
   ps                  List containers
   version             Display runtime version information
`;

const OTHERS = new Set(
  'attach create exec imagefsinfo info inspecti metricdescs metricsp port-forward pull rm rmi rmp run runp runtime-config start stats statsp stop stopp update update-runtime-config checkpoint config completion events'.split(
    ' ',
  ),
);

async function fatal(proc: Process, text: string): Promise<number> {
  await proc.complain(`FATA[0000] ${text}\n`);
  return 1;
}

function wrong(proc: Process, error: string): Promise<number> {
  const [, flag = ''] = /['](-*[^']*)[']/.exec(error) ?? [];
  const name = flag.replace(/^-+/, '');
  return incorrect(
    proc,
    /requires an argument/.test(error) ? `flag needs an argument: -${name}` : `flag provided but not defined: -${name}`,
  );
}

async function incorrect(proc: Process, text: string): Promise<number> {
  await proc.print(`Incorrect Usage: ${text}\n`);
  return fatal(proc, text);
}

const unreachable = (proc: Process, socket: string, reason: string) =>
  fatal(
    proc,
    `validate service connection: validate CRI v1 runtime API for endpoint "unix://${socket}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${socket}: connect: ${reason}"`,
  );

/** Rows as Go's tabwriter sets them out: cells at least twenty wide, three apart. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(COLUMN, ...rows.map((row) => (row[i] ?? '').length + GAP)));
  return rows
    .map((row) => `${row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell)).join('')}\n`)
    .join('');
}

/** HumanDuration of docker/go-units. */
function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.round(ms / 3_600_000);
  const days = Math.floor(hours / 24);
  if (seconds < 1) return 'Less than a second ago';
  if (seconds < 60) return `${seconds} second${seconds === 1 ? '' : 's'} ago`;
  if (minutes < 60) return minutes === 1 ? 'About a minute ago' : `${minutes} minutes ago`;
  if (hours < 48) return hours === 1 ? 'About an hour ago' : `${hours} hours ago`;
  if (days < 14) return `${days} days ago`;
  if (days < 60) return `${Math.floor(days / 7)} weeks ago`;
  return days < 730 ? `${Math.floor(days / 30)} months ago` : `${Math.floor(days / 365)} years ago`;
}

/** HumanSizeWithPrecision(3): decimal units, three digits. */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))}${units[power]}`;
}

const short = (id: string, options: Options) =>
  options.has('no-trunc') ? id : id.replace('sha256:', '').slice(0, SHORT_ID);

const contains = (pattern: string | undefined, text: string): boolean =>
  pattern === undefined || new RegExp(pattern).test(text);

/** All containers with their pods, newest first. */
const containersOf = (agent: NodeAgent): { pod: NodePod; container: NodeContainer }[] =>
  agent
    .pods()
    .flatMap((pod) => pod.containers.map((container) => ({ pod, container })))
    .sort((a, b) => b.container.createdAt - a.container.createdAt);

const few = <T>(list: readonly T[], options: Options): readonly T[] =>
  options.has('l') ? list.slice(0, 1) : options.has('n') ? list.slice(0, Number(options.get('n'))) : list;

async function listContainers({ proc, agent, options }: Call): Promise<number> {
  const state = options.get('s')?.toLowerCase();
  const isAll = options.has('a') || options.has('l') || options.has('n') || state !== undefined;
  if (state !== undefined && !/^(created|running|exited|unknown)$/.test(state))
    return fatal(proc, '--state should be one of created, running, exited or unknown');
  const found = containersOf(agent).filter(
    ({ pod, container }) =>
      (isAll || container.state === 'Running') &&
      (state === undefined || container.state.toLowerCase() === state) &&
      (options.rest[0] === undefined || container.id.startsWith(options.rest[0])) &&
      contains(options.get('name'), container.name) &&
      pod.id.startsWith(options.get('p') ?? ''),
  );
  const shown = few(found, options);
  const now = proc.machine.clock.now();
  await proc.print(
    options.has('q')
      ? shown.map(({ container }) => `${container.id}\n`).join('')
      : table([
          ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD'],
          ...shown.map(({ pod, container }) => [
            short(container.id, options),
            short(container.digest, options),
            ago(now - container.createdAt),
            container.state,
            container.name,
            String(container.attempt),
            short(pod.id, options),
            pod.name,
          ]),
        ]),
  );
  return 0;
}

async function listPods({ proc, agent, options }: Call): Promise<number> {
  const found = [...agent.pods()]
    .sort((a, b) => b.createdAt - a.createdAt)
    .filter(
      ({ name, namespace, state, id }) =>
        contains(options.get('name'), name) &&
        contains(options.get('namespace'), namespace) &&
        (options.rest[0] === undefined || id.startsWith(options.rest[0])) &&
        (!options.has('s') || state.toLowerCase() === options.get('s')?.toLowerCase()),
    );
  const shown = few(found, options);
  const now = proc.machine.clock.now();
  await proc.print(
    options.has('q')
      ? shown.map(({ id }) => `${id}\n`).join('')
      : table([
          ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
          ...shown.map(({ id, createdAt, state, name, namespace }) => [
            short(id, options),
            ago(now - createdAt),
            state,
            name,
            namespace,
            '0',
            '(default)',
          ]),
        ]),
  );
  return 0;
}

async function listImages({ proc, agent, options }: Call): Promise<number> {
  const [only] = options.rest;
  const found = agent
    .images()
    .filter(({ repository, tag }) => !only || only === repository || only === `${repository}:${tag}`);
  await proc.print(
    options.has('q')
      ? found.map(({ digest }) => `${digest}\n`).join('')
      : table([
          ['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'],
          ...found.map(({ repository, tag, digest, bytes }) => [repository, tag, short(digest, options), size(bytes)]),
        ]),
  );
  return 0;
}

/** The thing whose id begins like this; else the runtime's words are printed. */
async function only<T>(
  { proc, agent }: Call,
  list: readonly T[],
  idOf: (each: T) => string,
  id: string | undefined,
  kind: 'container' | 'pod',
): Promise<T | number> {
  if (id === undefined) return fatal(proc, 'ID cannot be empty');
  const found = list.filter((each) => idOf(each).startsWith(id));
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  const what = kind === 'pod' ? 'sandbox' : 'container';
  return fatal(
    proc,
    agent.runtime.name === 'cri-o'
      ? `rpc error: code = NotFound desc = could not find ${kind} "${id}": ${kind} with ID starting with ${id} not found: ID does not exist`
      : `rpc error: code = NotFound desc = an error occurred when try to find ${what} "${id}": not found`,
  );
}

async function logs(call: Call): Promise<number> {
  const { proc, agent, options } = call;
  if (options.has('f')) return fatal(proc, 'not supported: --follow');
  const found = await only(call, containersOf(agent), ({ container }) => container.id, options.rest[0], 'container');
  if (typeof found === 'number') return found;
  const all = await agent.log(found.pod, found.container);
  const tail = Number(options.get('tail') ?? -1);
  for (const { at, stream, bytes } of tail < 0 ? all : tail === 0 ? [] : all.slice(-tail)) {
    const stamp = options.has('t') ? `${new Date(at).toISOString().slice(0, -1)}000000Z ` : '';
    const line = stamp + toText(bytes);
    await (stream === 'stdout' ? proc.print(line) : proc.complain(line));
  }
  return 0;
}

const iso = (ms: number | undefined) => (ms === undefined ? '0001-01-01T00:00:00Z' : new Date(ms).toISOString());
const ownLabels = ({ name, namespace, uid }: NodePod) => ({
  'io.kubernetes.pod.name': name,
  'io.kubernetes.pod.namespace': namespace,
  'io.kubernetes.pod.uid': uid,
});

async function print({ proc, options }: Call, status: object): Promise<number> {
  const format = options.get('o') ?? 'json';
  if (format !== 'json') return fatal(proc, `not supported: --output ${format}`);
  await proc.print(`${JSON.stringify({ status }, null, 2)}\n`);
  return 0;
}

async function inspect(call: Call): Promise<number> {
  const { agent, options } = call;
  const found = await only(call, containersOf(agent), ({ container }) => container.id, options.rest[0], 'container');
  if (typeof found === 'number') return found;
  const { pod, container } = found;
  return print(call, {
    createdAt: iso(container.createdAt),
    exitCode: container.exitCode ?? 0,
    finishedAt: iso(container.finishedAt),
    id: container.id,
    image: { image: container.image },
    imageRef: container.digest,
    labels: { 'io.kubernetes.container.name': container.name, ...ownLabels(pod) },
    logPath: `/var/log/pods/${pod.namespace}_${pod.name}_${pod.uid}/${container.name}/${container.attempt}.log`,
    metadata: { attempt: container.attempt, name: container.name },
    startedAt: iso(container.createdAt),
    state: `CONTAINER_${container.state.toUpperCase()}`,
  });
}

async function inspectPod(call: Call): Promise<number> {
  const { agent, options } = call;
  const found = await only(call, agent.pods(), ({ id }) => id, options.rest[0], 'pod');
  if (typeof found === 'number') return found;
  const { name, namespace, uid } = found;
  return print(call, {
    createdAt: iso(found.createdAt),
    id: found.id,
    labels: { ...found.labels, ...ownLabels(found) },
    metadata: { attempt: 0, name, namespace, uid },
    network: { additionalIps: [], ip: found.ip },
    state: `SANDBOX_${found.state.toUpperCase()}`,
  });
}

async function version({ proc, agent: { runtime } }: Call): Promise<number> {
  await proc.print(
    `Version:  0.1.0\nRuntimeName:  ${runtime.name}\nRuntimeVersion:  ${runtime.version}\nRuntimeApiVersion:  v1\n`,
  );
  return 0;
}
