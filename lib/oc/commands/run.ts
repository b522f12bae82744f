// oc run: a pod of an image, with a service where asked for, joined at once with -i or --attach.
import type { Cli, Command } from '../cli';
import { type Resource, resourcePath } from '../client/discovery';
import { CliError, ExitStatus, isReason } from '../errors';
import type { Dyn } from '../object';
import { applyJsonPatch } from '../resources/json-patch';
import { mergePatch } from '../resources/merge-patch';
import { waitFor } from '../resources/pods';
import { strategicMerge } from '../resources/strategic';
import { createObject, printResult } from '../resources/write';
import { attachTo } from './attach';
import { printLog } from './logs';

const PODS = { group: '', version: 'v1', name: 'pods', kind: 'Pod', namespaced: true } as Resource;
const SERVICES = { ...PODS, name: 'services', kind: 'Service' } as Resource;
const IMAGE = /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w][\w.-]{0,127})?(@[A-Za-z][\w+.-]*:[0-9a-fA-F]{32,})?$/;

export const run: Command = {
  path: 'run',
  required: ['image'],
  async run(cli) {
    validate(cli);
    const pod = override(cli, podOf(cli));
    const made = await create(cli, PODS, pod);
    const service = cli.flags.bool('expose') ? await create(cli, SERVICES, serviceOf(cli)) : undefined;
    if (service) {
      await printResult(cli, service, 'created');
      if (cli.flags.str('output') === 'yaml') await cli.out('---\n---\n');
    }
    if (!attaches(cli)) return printResult(cli, made, 'created');
    try {
      await session(cli, made);
    } finally {
      if (cli.flags.bool('rm') && !cli.proc.killed.aborted) {
        await remove(cli, PODS, made);
        if (service) await remove(cli, SERVICES, service);
      }
    }
  },
};

const attaches = ({ flags }: Cli): boolean => (flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin'));

function validate(cli: Cli): void {
  const { flags, args, dash } = cli;
  const image = flags.str('image');
  if (args.length === 0 || dash === 0) throw cli.usage('NAME is required for run');
  if (image === '') throw new CliError('--image is required');
  if (!IMAGE.test(image)) throw new CliError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
  if (flags.bool('tty') && !flags.bool('stdin'))
    throw cli.usage('-i/--stdin is required for containers with -t/--tty=true');
  if (flags.bool('expose') && !flags.str('port')) throw cli.usage('--port must be set when exposing a service');
  const port = flags.str('port');
  if (port && !/^[-+]?\d+$/.test(port))
    throw new CliError(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  if (!['Always', 'OnFailure', 'Never', ''].includes(flags.str('restart')))
    throw cli.usage(`invalid restart policy: ${flags.str('restart')}`);
  if (flags.bool('rm') && !attaches(cli)) throw cli.usage('--rm should only be used for attached containers');
  if (attaches(cli) && cli.dryRun !== 'none')
    throw cli.usage(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
}

function labelsOf(cli: Cli): Record<string, string> {
  const text = cli.flags.str('labels');
  if (!text) return { run: cli.args[0] as string };
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [key = '', value, ...more] = pair.split('=');
      if (value === undefined || more.length > 0 || key === '') throw new CliError(`unexpected label spec: ${pair}`);
      return [key, value];
    }),
  );
}

function podOf(cli: Cli): Dyn {
  const { flags } = cli;
  const [name = '', ...words] = cli.args;
  const env = flags.list('env').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new CliError(`invalid env: ${pair}`);
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
  const annotations = Object.fromEntries(
    flags.list('annotations').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const stdin = flags.bool('stdin');
  const container = {
    ...(words.length > 0 ? { [flags.bool('command') ? 'command' : 'args']: words } : {}),
    ...(env.length > 0 ? { env } : {}),
    image: flags.str('image'),
    ...(flags.str('image-pull-policy') ? { imagePullPolicy: flags.str('image-pull-policy') } : {}),
    name,
    ...(flags.str('port') ? { ports: [{ containerPort: Number(flags.str('port')) }] } : {}),
    resources: {},
    ...(flags.bool('privileged') ? { securityContext: { privileged: true } } : {}),
    ...(stdin ? { stdin: true, ...(flags.bool('leave-stdin-open') ? {} : { stdinOnce: true }) } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      creationTimestamp: null,
      labels: labelsOf(cli),
      name,
      ...(flags.changed('namespace') ? { namespace: cli.namespace } : {}),
    },
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: flags.str('restart') || 'Always' },
    status: {},
  };
}

/** `--overrides`: a piece of JSON over what the flags made. */
function override(cli: Cli, pod: Dyn): Dyn {
  const text = cli.flags.str('overrides');
  if (!text) return pod;
  const type = cli.flags.str('override-type') || 'merge';
  let piece: Dyn;
  try {
    piece = JSON.parse(text);
  } catch {
    throw new CliError('Invalid JSON Patch');
  }
  if (type === 'merge') return mergePatch(pod, piece);
  if (type === 'strategic') return strategicMerge(pod, piece);
  if (type !== 'json') throw new CliError(`invalid merge type: ${type}`);
  applyJsonPatch(pod, piece);
  return pod;
}

function serviceOf(cli: Cli): Dyn {
  const port = Number(cli.flags.str('port'));
  const labels = labelsOf(cli);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      creationTimestamp: null,
      name: cli.args[0],
      ...(cli.flags.changed('namespace') ? { namespace: cli.namespace } : {}),
    },
    spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector: labels },
    status: { loadBalancer: {} },
  };
}

async function create(cli: Cli, resource: Resource, object: Dyn): Promise<Dyn> {
  const made = await createObject(cli, { resource, namespace: cli.namespace, object });
  return { apiVersion: 'v1', kind: resource.kind, ...made };
}

async function remove(cli: Cli, resource: Resource, object: Dyn): Promise<void> {
  const { name, namespace } = object.metadata;
  try {
    await cli.client.json('DELETE', resourcePath(resource, namespace, name), {
      body: { propagationPolicy: 'Background' },
    });
    if (!cli.flags.bool('quiet')) await cli.out(`${resource.kind.toLowerCase()} "${name}" deleted\n`);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

const ended = (pod: Dyn | undefined): boolean => ['Succeeded', 'Failed'].includes(pod?.status?.phase);
const isReady = (pod: Dyn): boolean =>
  pod?.status?.phase === 'Running' &&
  (pod.status.conditions ?? []).some((c: Dyn) => c.type === 'Ready' && c.status === 'True');

/** Waits for the pod, joins it, and takes over its exit status. */
async function session(cli: Cli, made: Dyn): Promise<void> {
  const { flags } = cli;
  const at = { namespace: made.metadata.namespace as string, name: made.metadata.name as string };
  const timeout = flags.duration('pod-running-timeout');
  const started = await waitFor(cli, PODS, at, (pod) => pod === undefined || ended(pod) || isReady(pod), timeout);
  if (started === undefined) throw new CliError(`pods ${JSON.stringify(at.name)} not found`);
  await join(cli, started);
  const policy = flags.str('restart') || 'Always';
  if (flags.bool('leave-stdin-open') || policy === 'Always') return;
  const over = (pod: Dyn | undefined) =>
    pod === undefined || (policy === 'Never' ? ended(pod) : pod.status?.phase === 'Succeeded');
  const pod = await waitFor(cli, PODS, at, over, timeout);
  if (pod?.status?.phase === 'Succeeded') return;
  if (pod?.status?.phase !== 'Failed')
    throw new CliError(`pod ${at.namespace}/${at.name} left in phase ${pod?.status?.phase ?? ''}`);
  const terminated = pod.status.containerStatuses?.[0]?.state?.terminated;
  if (!terminated?.exitCode) throw new CliError(`pod ${at.namespace}/${at.name} failed with unknown exit code`);
  const text = `pod ${at.namespace}/${at.name} terminated (${terminated.reason ?? ''})\n${terminated.message ?? ''}`;
  throw new CliError(text.replace(/\n$/, ''), { raw: true, code: terminated.exitCode });
}

async function join(cli: Cli, pod: Dyn): Promise<void> {
  const { flags } = cli;
  if (ended(pod)) return printLog(cli, pod);
  try {
    await attachTo(cli, pod, { stdin: flags.bool('stdin'), tty: flags.bool('tty'), quiet: flags.bool('quiet') });
  } catch (error) {
    if (!(error instanceof Error) || cli.proc.killed.aborted || error instanceof ExitStatus) throw error;
    if (error instanceof CliError && error.options.code) return; // the exit status is taken from the pod
    await cli.err(
      `warning: couldn't attach to pod/${pod.metadata.name}, falling back to streaming logs: ${error.message}\n`,
    );
    await printLog(cli, pod);
  }
}
