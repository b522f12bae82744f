// kubectl debug: an ephemeral container in a pod, a changed copy of a pod, or a pod on a node. oc has a debug of its own.
import type { Cli, Command } from '../cli';
import { type Resource, resourcePath } from '../client/discovery';
import { CliError } from '../errors';
import { clone, type Dyn } from '../object';
import { parseYaml } from '../resources/files';
import { waitFor } from '../resources/pods';
import { select } from '../resources/select';
import { attachTo } from './attach';
import { copyLog } from './logs';

const PODS = { group: '', version: 'v1', name: 'pods', kind: 'Pod', namespaced: true } as Resource;
const PROFILES = ['legacy', 'general', 'baseline', 'restricted', 'netadmin', 'sysadmin'];
const FOREVER_MS = 7 * 24 * 3600 * 1000;

export const kubectlDebug: Command = {
  path: 'debug',
  only: 'kubectl',
  async run(cli) {
    const names = cli.dash < 0 ? cli.args : cli.args.slice(0, cli.dash);
    const words = cli.dash < 0 ? [] : cli.args.slice(cli.dash);
    const profile = cli.flags.str('profile') || 'legacy';
    if (!PROFILES.includes(profile)) throw new CliError(`unknown profile: ${profile}`);
    await validate(cli, names, words);
    const targets = names.map((name) => (name.includes('/') ? name : `pods/${name}`));
    const { infos, errors } = await select(cli, { args: targets });
    if (errors[0]) throw errors[0];
    for (const { object, resource } of infos) {
      const made =
        resource.kind === 'Node'
          ? await onNode(cli, object, words, profile)
          : resource.kind === 'Pod'
            ? await inPod(cli, object, words, profile)
            : undefined;
      if (!made)
        throw new CliError(
          `${JSON.stringify(`${resource.group}/${resource.version}, Kind=${resource.kind}`)} not supported by debug`,
        );
      if (attaches(cli) && made.container) await join(cli, made.pod, made.container);
    }
  },
};

const attaches = ({ flags }: Cli): boolean => (flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin'));

async function validate(cli: Cli, names: string[], words: string[]): Promise<void> {
  const { flags } = cli;
  const [image, copyTo, images] = [flags.str('image'), flags.str('copy-to'), flags.list('set-image')];
  if (flags.changed('attach') && flags.bool('attach') && !image && !flags.str('container'))
    throw new CliError('you must specify --container or create a new container using --image in order to attach.');
  if (copyTo && !image && images.length === 0 && words.length === 0)
    throw new CliError('you must specify --image, --set-image or command arguments.');
  if (copyTo && words.length > 0 && !flags.str('container') && !image)
    throw new CliError('you must specify an existing container or a new image when specifying args.');
  if (!copyTo) {
    for (const flag of ['replace', 'same-node'])
      if (flags.bool(flag)) throw new CliError(`--${flag} may only be used with --copy-to.`);
    if (images.length > 0) throw new CliError('--set-image may only be used with --copy-to.');
    if (!image) throw new CliError('you must specify --image when not using --copy-to.');
  }
  if (names.length === 0 && flags.list('filename').length === 0)
    throw new CliError('NAME or filename is required for debug');
  const target = flags.str('target');
  if (target && copyTo) throw new CliError('--target is incompatible with --copy-to. Use --share-processes instead.');
  if (target && !flags.bool('quiet'))
    await cli.out(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  if (flags.bool('tty') && !flags.bool('stdin'))
    throw new CliError('-i/--stdin is required for containers with -t/--tty=true');
}

interface Made {
  pod: Dyn;
  /** Absent where only images of a copy were changed. */
  container: string;
}

/** What a debugging container has from the flags. */
function containerOf(cli: Cli, name: string, words: string[], profile: string): Dyn {
  const { flags } = cli;
  const env = flags.list('env').map((pair) => {
    const equals = pair.indexOf('=');
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
  const custom = flags.str('custom') ? parseYaml(cli.readText(flags.str('custom')))[0] : {};
  const pull = flags.str('image-pull-policy');
  return {
    ...(words.length > 0 ? { [flags.bool('arguments-only') ? 'args' : 'command']: words } : {}),
    ...(env.length > 0 ? { env } : {}),
    image: flags.str('image'),
    ...(pull ? { imagePullPolicy: pull } : {}),
    name,
    ...security(profile),
    ...(flags.bool('stdin') ? { stdin: true } : {}),
    terminationMessagePolicy: 'File',
    ...(flags.bool('tty') ? { tty: true } : {}),
    ...custom,
  };
}

/** What the profiles allow a debugging container. */
function security(profile: string): Dyn {
  if (profile === 'general') return { securityContext: { capabilities: { add: ['SYS_PTRACE'] } } };
  if (profile === 'netadmin') return { securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } } };
  if (profile === 'sysadmin') return { securityContext: { privileged: true } };
  if (profile !== 'restricted') return {};
  return {
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

const allNames = ({ spec }: Dyn): string[] =>
  [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].map((c: Dyn) => c.name);

async function nameFor(cli: Cli, pod: Dyn): Promise<string> {
  const given = cli.flags.str('container');
  if (given) return given;
  let name: string;
  do name = `debugger-${cli.proc.machine.random.suffix(5)}`;
  while (allNames(pod).includes(name));
  if (!cli.flags.bool('quiet')) await cli.out(`Defaulting debug container name to ${name}.\n`);
  return name;
}

async function inPod(cli: Cli, pod: Dyn, words: string[], profile: string): Promise<Made> {
  if (cli.flags.str('copy-to')) return copy(cli, pod, words, profile);
  const name = await nameFor(cli, pod);
  const target = cli.flags.str('target');
  const container = {
    ...containerOf(cli, name, words, profile),
    ...(target ? { targetContainerName: target } : {}),
  };
  const path = resourcePath(PODS, pod.metadata.namespace, pod.metadata.name, 'ephemeralcontainers');
  const made = await cli.client.json('PATCH', path, {
    type: 'application/strategic-merge-patch+json',
    body: { spec: { ephemeralContainers: [container] } },
  });
  return { pod: made, container: name };
}

async function copy(cli: Cli, pod: Dyn, words: string[], profile: string): Promise<Made> {
  const { flags } = cli;
  const { metadata } = pod;
  const spec = clone(pod.spec);
  delete spec.ephemeralContainers;
  if (!flags.bool('same-node')) delete spec.nodeName;
  if (flags.changed('share-processes')) spec.shareProcessNamespace = flags.bool('share-processes');
  else if (profile === 'general' || profile === 'baseline' || profile === 'legacy') spec.shareProcessNamespace = true;
  for (const one of spec.containers) {
    for (const probe of ['liveness', 'readiness', 'startup'])
      if (profile !== 'legacy' && !flags.bool(`keep-${probe}`)) delete one[`${probe}Probe`];
  }
  retag(spec, flags.list('set-image'));
  const container = await changeCopy(cli, { spec }, words, profile);
  const labels = profile === 'legacy' || flags.bool('keep-labels') ? metadata.labels : undefined;
  const annotations = profile === 'legacy' || flags.bool('keep-annotations') ? metadata.annotations : undefined;
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: flags.str('copy-to'), namespace: metadata.namespace, annotations, labels },
    spec,
  };
  const made = await cli.client.json('POST', resourcePath(PODS, metadata.namespace), { body });
  if (flags.bool('replace'))
    await cli.client.json('DELETE', resourcePath(PODS, metadata.namespace, metadata.name), {
      body: { gracePeriodSeconds: 0 },
    });
  return { pod: made, container };
}

function retag(spec: Dyn, pairs: string[]): void {
  const images = new Map(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]));
  for (const one of spec.containers) one.image = images.get(one.name) ?? images.get('*') ?? one.image;
}

/** Adds the debugging container to a copy, or changes the one that is named; gives its name. */
async function changeCopy(cli: Cli, pod: Dyn, words: string[], profile: string): Promise<string> {
  const { flags } = cli;
  const known = pod.spec.containers.find((one: Dyn) => one.name === flags.str('container'));
  if (!known && !flags.str('image')) {
    if (flags.list('set-image').length > 0) return '';
    throw new CliError('you must specify image when creating new container');
  }
  const name = known ? known.name : await nameFor(cli, pod);
  const { image, ...wanted } = containerOf(cli, name, words, profile);
  if (!known) pod.spec.containers.push({ ...wanted, image });
  else {
    if (words.length > 0) delete known.args;
    Object.assign(known, wanted, image ? { image } : {});
  }
  return name;
}

async function onNode(cli: Cli, node: Dyn, words: string[], profile: string): Promise<Made> {
  const container = cli.flags.str('container') || 'debugger';
  const name = `node-debugger-${node.metadata.name}-${cli.proc.machine.random.suffix(5)}`;
  if (!cli.flags.bool('quiet'))
    await cli.out(`Creating debugging pod ${name} with container ${container} on node ${node.metadata.name}.\n`);
  const host = profile !== 'baseline' && profile !== 'restricted';
  const mounts = host ? { volumeMounts: [{ mountPath: '/host', name: 'host-root' }] } : {};
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [{ ...containerOf(cli, container, words, profile === 'general' ? 'legacy' : profile), ...mounts }],
      ...(host ? { hostIPC: true, hostNetwork: true, hostPID: true } : {}),
      nodeName: node.metadata.name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      ...(host ? { volumes: [{ hostPath: { path: '/' }, name: 'host-root' }] } : {}),
    },
  };
  return { pod: await cli.client.json('POST', resourcePath(PODS, cli.namespace), { body }), container };
}

const stateOf = (pod: Dyn | undefined, name: string): Dyn =>
  [
    ...(pod?.status?.containerStatuses ?? []),
    ...(pod?.status?.ephemeralContainerStatuses ?? []),
    ...(pod?.status?.initContainerStatuses ?? []),
  ].find((one: Dyn) => one.name === name)?.state;

async function join(cli: Cli, { metadata }: Dyn, container: string): Promise<void> {
  const { flags } = cli;
  const at = { namespace: metadata.namespace, name: metadata.name };
  const begun = (pod: Dyn | undefined) => {
    if (pod === undefined) throw new CliError(`pods ${JSON.stringify(at.name)} not found`);
    const state = stateOf(pod, container);
    return Boolean(state?.running ?? state?.terminated);
  };
  const pod = await waitFor(cli, PODS, at, begun, FOREVER_MS);
  if (stateOf(pod, container)?.terminated) return copyLog(cli, pod, { container, follow: true }, '');
  await attachTo(cli, pod, {
    container,
    stdin: flags.bool('stdin'),
    tty: flags.bool('tty'),
    quiet: flags.bool('quiet'),
  });
}
