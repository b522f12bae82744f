// oc debug: a copy of a pod to look around in, or a pod on a node with the host's files under /host.
import type { Cli, Command } from '../cli';
import { resourcePath } from '../client/discovery';
import { CliError, isReason, throwAll } from '../errors';
import { boolFlag, stringFlag, stringsFlag } from '../flags/spec';
import { clone, type Dyn } from '../object';
import { toJson } from '../printers/json';
import { toYaml } from '../printers/yaml';
import { waitFor } from '../resources/pods';
import { type Info, select } from '../resources/select';
import { podSpec } from '../resources/template';
import { isTerminal } from '../terminal/prompt';
import { runRemote } from '../terminal/remote';
import { attachTo } from './attach';
import { IMAGE_API, parseReference } from './images/reference';
import { printLog } from './logs';

const TIMEOUT_MS = 15 * 60 * 1000;

export const debug: Command = {
  path: 'debug',
  only: 'oc',
  help: {
    usage: 'oc debug RESOURCE/NAME [ENV1=VAL1 ...] [-c CONTAINER] [flags] [-- COMMAND] [options]',
    flags: [
      stringFlag('container', 'The container to copy.', { short: 'c' }),
      stringFlag('image', 'Another image.'),
      stringFlag('image-stream', 'The image of an image stream, PROJECT/NAME:TAG.'),
      stringFlag('to-namespace', 'Another namespace.'),
      stringFlag('node-name', 'The node to run on.'),
      stringFlag('output', 'Print the pod instead.', { short: 'o' }),
      boolFlag('keep-labels', 'Keep the labels of the pod.'),
      boolFlag('keep-annotations', 'Keep the annotations of the pod.'),
      boolFlag('keep-liveness', 'Keep the liveness probe.'),
      boolFlag('keep-readiness', 'Keep the readiness probe.'),
      boolFlag('one-container', 'Only the container that is debugged.'),
      boolFlag('as-root', 'As root.'),
      stringFlag('as-user', 'As a user.'),
      boolFlag('no-stdin', 'Without standard input.', { short: 'I' }),
      boolFlag('tty', 'With a terminal.', { short: 't' }),
      boolFlag('no-tty', 'Without a terminal.', { short: 'T' }),
      boolFlag('quiet', 'Say less.', { short: 'q' }),
      stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
      stringsFlag('filename', 'A file that names the object.', { short: 'f' }),
    ],
  },
  async run(cli) {
    const before = cli.dash < 0 ? cli.args : cli.args.slice(0, cli.dash);
    const command = cli.dash < 0 ? [] : cli.args.slice(cli.dash);
    const resources = before.filter((word) => !word.includes('='));
    const env = before.filter((word) => word.includes('='));
    if (resources.length === 0) throw new CliError('you must identify a single resource with a pod template to debug');
    const { infos, errors } = await select(cli, {
      args: resources.length === 1 && !resources[0]?.includes('/') ? ['pods', ...resources] : resources,
    });
    throwAll(errors);
    const [info] = infos;
    if (!info || infos.length !== 1)
      throw new CliError('you must identify a single resource with a pod template to debug');
    const image = await imageOf(cli);
    const isNode = info.resource.kind === 'Node';
    const pod = isNode ? nodePod(cli, info, image) : copyOf(cli, info, env, image);
    const wanted = command.length > 0 ? command : ['/bin/sh'];
    pod.spec.containers[0].command = wanted;
    delete pod.spec.containers[0].args;
    const output = cli.flags.str('output');
    if (output) return cli.out(output === 'json' ? `${toJson(pod)}\n` : toYaml(pod));
    await session(cli, pod, command, isNode);
  },
};

function wantsTty(cli: Cli, command: string[]): boolean {
  const { flags } = cli;
  if (flags.bool('no-tty')) return false;
  return flags.bool('tty') || (isTerminal(cli.proc) && command.length === 0);
}

/** The image that the command line names, '' for none. */
async function imageOf(cli: Cli): Promise<string> {
  const word = cli.flags.str('image-stream');
  if (cli.flags.str('image') || !word) return cli.flags.str('image');
  const { namespace, name, tag } = parseReference(word);
  const path = `${IMAGE_API}/namespaces/${namespace || cli.namespace}/imagestreamtags/${name}:${tag || 'latest'}`;
  const found = await cli.client.json('GET', path);
  return found.image.dockerImageReference;
}

function nodePod(cli: Cli, { name }: Info, image: string): Dyn {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      annotations: {
        'debug.openshift.io/source-container': 'container-00',
        'debug.openshift.io/source-resource': `/v1, Resource=nodes/${name}`,
      },
      name: `${name.replace(/\./g, '')}-debug-${cli.proc.machine.random.suffix(5)}`,
    },
    spec: {
      containers: [
        {
          env: [
            { name: 'TMOUT', value: '900' },
            { name: 'HOST', value: '/host' },
          ],
          image: image || 'registry.redhat.io/rhel9/support-tools',
          name: 'container-00',
          securityContext: { privileged: true, runAsUser: 0 },
          volumeMounts: [{ mountPath: '/host', name: 'host' }],
        },
      ],
      hostIPC: true,
      hostNetwork: true,
      hostPID: true,
      nodeName: name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      volumes: [{ hostPath: { path: '/', type: 'Directory' }, name: 'host' }],
    },
  };
}

function copyOf(cli: Cli, info: Info, env: string[], image: string): Dyn {
  const { flags } = cli;
  const spec = clone(podSpec(info.object));
  if (!spec) throw new CliError(`cannot debug ${info.name}: ${info.resource.name} have no pod template`);
  const names = spec.containers.map((one: Dyn) => one.name);
  const wanted = flags.str('container') || names[0];
  if (!names.includes(wanted))
    throw new CliError(
      `the container ${JSON.stringify(wanted)} is not a valid container name; must be one of [${names.join(' ')}]`,
    );
  const container = spec.containers.find((one: Dyn) => one.name === wanted);
  if (!flags.bool('keep-liveness')) delete container.livenessProbe;
  if (!flags.bool('keep-readiness')) delete container.readinessProbe;
  delete container.startupProbe;
  if (image) container.image = image;
  for (const pair of env)
    container.env = [
      ...(container.env ?? []).filter((one: Dyn) => one.name !== pair.split('=')[0]),
      { name: pair.split('=')[0], value: pair.slice(pair.indexOf('=') + 1) },
    ];
  const asUser = flags.bool('as-root') ? 0 : flags.str('as-user') ? Number(flags.str('as-user')) : undefined;
  if (asUser !== undefined) container.securityContext = { ...container.securityContext, runAsUser: asUser };
  const others = flags.bool('one-container') ? [] : spec.containers.filter((one: Dyn) => one !== container);
  const mounts = (one: Dyn) => !/^kube-api-access-/.test(one.name);
  for (const one of [container, ...others]) one.volumeMounts = (one.volumeMounts ?? []).filter(mounts);
  const template = info.object.kind === 'Pod' ? info.object.metadata : info.object.spec.template.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      annotations: {
        ...(flags.bool('keep-annotations') ? template.annotations : {}),
        'debug.openshift.io/source-container': wanted,
        'debug.openshift.io/source-resource': `${info.resource.group}/${info.resource.version}, Resource=${info.resource.name}/${info.name}`,
      },
      ...(flags.bool('keep-labels') && template.labels ? { labels: template.labels } : {}),
      name: `${info.name}-debug-${cli.proc.machine.random.suffix(5)}`,
    },
    spec: {
      ...spec,
      containers: [container, ...others],
      initContainers: undefined,
      nodeName: flags.str('node-name') || undefined,
      restartPolicy: 'Never',
      volumes: (spec.volumes ?? []).filter(mounts),
    },
  };
}

async function session(cli: Cli, pod: Dyn, command: string[], isNode: boolean): Promise<void> {
  const tty = wantsTty(cli, command);
  const stdin = !cli.flags.bool('no-stdin') && (tty || command.length === 0);
  Object.assign(pod.spec.containers[0], { stdin, stdinOnce: stdin, tty });
  const quiet = cli.flags.bool('quiet');
  const say = (text: string) => (quiet ? Promise.resolve() : cli.err(text));
  const temporary = isNode && !cli.flags.str('to-namespace') ? await temporaryNamespace(cli) : undefined;
  if (temporary) await say(`Temporary namespace ${temporary} is created for debugging node...\n`);
  const namespace = temporary ?? (cli.flags.str('to-namespace') || cli.namespace);
  const resource = await cli.resource('pods');
  const made = await cli.client.json('POST', resourcePath(resource, namespace), { body: pod });
  const at = { namespace, name: made.metadata.name as string };
  try {
    await say(`Starting pod/${at.name} ...\n`);
    if (isNode) await say('To use host binaries, run `chroot /host`\n');
    const over = (one: Dyn) => one === undefined || ['Succeeded', 'Failed'].includes(one.status?.phase);
    const running = await waitFor(
      cli,
      resource,
      at,
      (one) => over(one) || one?.status?.phase === 'Running',
      TIMEOUT_MS,
    );
    if (running === undefined) throw new CliError(`pod ${at.name} was deleted`);
    if (over(running)) await printLog(cli, running);
    else {
      if (tty) await say(`Pod IP: ${running.status.podIP}\n`);
      if (tty) await attachTo(cli, running, { stdin, tty, quiet });
      else
        await runRemote(
          cli,
          `/api/v1/namespaces/${namespace}/pods/${at.name}/attach`,
          [['container', running.spec.containers[0].name]],
          { stdin, tty: false },
        );
    }
    const ended = await waitFor(cli, resource, at, over, TIMEOUT_MS);
    const code = ended?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode ?? 0;
    if (code !== 0) throw new CliError('non-zero exit code from debug container', { code });
  } finally {
    if (!cli.proc.killed.aborted) {
      await say('\nRemoving debug pod ...\n');
      await cli.client
        .json('DELETE', resourcePath(resource, namespace, at.name), { body: { gracePeriodSeconds: 0 } })
        .catch((error: unknown) => {
          if (!isReason(error, 'NotFound')) throw error;
        });
      if (temporary) {
        await cli.client.json('DELETE', `/api/v1/namespaces/${temporary}`);
        await say(`Temporary namespace ${temporary} was removed.\n`);
      }
    }
  }
}

/** A namespace that admits the privileged pod of a node, if the current one does not. */
async function temporaryNamespace(cli: Cli): Promise<string | undefined> {
  const current = await cli.client.json('GET', `/api/v1/namespaces/${cli.namespace}`);
  const standard = (level: string) => `pod-security.kubernetes.io/${level}`;
  if (current.metadata.labels?.[standard('enforce')] === 'privileged') return undefined;
  const made = await cli.client.json('POST', '/api/v1/namespaces', {
    body: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        annotations: { 'openshift.io/node-selector': '' },
        generateName: 'openshift-debug-',
        labels: {
          'security.openshift.io/scc.podSecurityLabelSync': 'false',
          ...Object.fromEntries(['audit', 'enforce', 'warn'].map((level) => [standard(level), 'privileged'])),
        },
      },
    },
  });
  return made.metadata.name;
}
