// oc cordon, uncordon, drain and taint; in oc also below `adm`.
import type { Cli, Command } from '../cli';
import { resourcePath } from '../client/discovery';
import { type ApiError, CliError, isReason, throwAll } from '../errors';
import type { Dyn } from '../object';
import { waitFor } from '../resources/pods';
import { type Info, select, selectionOf } from '../resources/select';
import { patchObject, printResult } from '../resources/write';

function nodes(cli: Cli, verb: string) {
  if (cli.args.length === 0 && !cli.flags.str('selector')) throw cli.usage(`USAGE: ${verb} NODE [flags]`);
  if (cli.args.length > 0 && cli.flags.str('selector'))
    throw cli.usage('error: cannot specify both a node name and a --selector option');
  return select(cli, selectionOf(cli, { args: ['nodes', ...cli.args] }));
}

async function setSchedulable(cli: Cli, info: Info, unschedulable: boolean): Promise<void> {
  const word = unschedulable ? 'cordoned' : 'uncordoned';
  if (Boolean(info.object.spec.unschedulable) === unschedulable)
    return printResult(cli, info.object, `already ${word}`);
  if (cli.dryRun !== 'client')
    await patchObject(cli, info, 'strategic-merge-patch', { spec: { unschedulable: unschedulable || null } });
  await printResult(cli, info.object, word);
}

const toggler = (verb: 'cordon' | 'uncordon'): Command => ({
  path: verb,
  async run(cli) {
    const { infos, errors } = await nodes(cli, verb);
    throwAll(errors);
    for (const info of infos) await setSchedulable(cli, info, verb === 'cordon');
  },
});

export const cordon = toggler('cordon');
export const uncordon = toggler('uncordon');

export const drain: Command = {
  path: 'drain',
  async run(cli) {
    const { infos, errors } = await nodes(cli, 'drain');
    throwAll(errors);
    for (const info of infos) await setSchedulable(cli, info, true);
    for (const info of infos) await drainNode(cli, info);
  },
};

async function drainNode(cli: Cli, info: Info): Promise<void> {
  const { flags } = cli;
  const all = await cli.client.json('GET', '/api/v1/pods', {
    query: {
      fieldSelector: `spec.nodeName=${info.name}`,
      ...(flags.str('pod-selector') ? { labelSelector: flags.str('pod-selector') } : {}),
    },
  });
  const { evicted, warnings, problems } = sort(cli, all.items ?? []);
  if (problems.length > 0) {
    await cli.err(
      `error: unable to drain node "${info.name}" due to error: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}, continuing command...\nThere are pending nodes to be drained:\n ${info.name}\n`,
    );
    throw new CliError(problems.join('\n').trim(), { raw: true });
  }
  if (warnings.length > 0) await cli.err(`Warning: ${warnings.join('; ')}\n`);
  for (const pod of evicted)
    await cli.out(`evicting pod ${pod.metadata.namespace}/${pod.metadata.name}${cli.dryRunSuffix}\n`);
  if (cli.dryRun === 'none') for (const pod of evicted) await evict(cli, pod);
  await printResult(cli, info.object, 'drained');
}

const named = (pods: Dyn[]): string => pods.map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`).join(', ');

/** Which pods go, which stay with a word about it, and which forbid to begin. */
function sort(cli: Cli, pods: Dyn[]): { evicted: Dyn[]; warnings: string[]; problems: string[] } {
  const { flags } = cli;
  const live = pods.filter((pod) => !pod.metadata.annotations?.['kubernetes.io/config.mirror']);
  const owner = (pod: Dyn) => (pod.metadata.ownerReferences ?? []).find((one: Dyn) => one.controller);
  const finished = (pod: Dyn) => ['Succeeded', 'Failed'].includes(pod.status?.phase);
  const daemons = live.filter((pod) => owner(pod)?.kind === 'DaemonSet' && !finished(pod));
  const rest = live.filter((pod) => !daemons.includes(pod));
  const local = rest.filter((pod) => (pod.spec.volumes ?? []).some((volume: Dyn) => volume.emptyDir) && !finished(pod));
  const bare = rest.filter((pod) => !owner(pod) && !finished(pod));
  const problems: string[] = [];
  const warnings: string[] = [];
  if (daemons.length > 0) {
    if (flags.bool('ignore-daemonsets')) warnings.push(`ignoring DaemonSet-managed Pods: ${named(daemons)}`);
    else problems.push(`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${named(daemons)}`);
  }
  if (local.length > 0 && !flags.bool('delete-emptydir-data'))
    problems.push(`cannot delete Pods with local storage (use --delete-emptydir-data to override): ${named(local)}`);
  if (bare.length > 0) {
    if (flags.bool('force')) warnings.push(`deleting Pods that declare no controller: ${named(bare)}`);
    else
      problems.push(
        `cannot delete cannot delete Pods that declare no controller (use --force to override): ${named(bare)}`,
      );
  }
  return { evicted: rest, warnings, problems };
}

async function evict(cli: Cli, pod: Dyn): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const resource = await cli.resource('pods');
  const grace = cli.flags.int('grace-period');
  for (;;) {
    try {
      await cli.client.json('POST', resourcePath(resource, namespace, name, 'eviction'), {
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace },
          ...(grace >= 0 ? { deleteOptions: { gracePeriodSeconds: grace } } : {}),
        },
      });
      break;
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      if (!isReason(error, 'TooManyRequests')) throw error;
      await cli.err(
        `error when evicting pods/"${name}" -n "${namespace}" (will retry after 5s): ${(error as ApiError).message}\n`,
      );
      await cli.proc.sleep(5000);
    }
  }
  await waitFor(
    cli,
    resource,
    { namespace, name },
    (object) => object === undefined || object.metadata.uid !== uid,
    cli.flags.duration('timeout') || Number.POSITIVE_INFINITY,
  );
  await cli.out(`pod/${name} evicted\n`);
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export const taint: Command = {
  path: 'taint',
  async run(cli) {
    const [type, ...words] = cli.args;
    const first = words.findIndex((word) => /[:=]/.test(word) || word.endsWith('-'));
    const names = first < 0 ? words : words.slice(0, first);
    const specs = first < 0 ? [] : words.slice(first);
    if (!type || (names.length === 0 && !cli.flags.bool('all') && !cli.flags.str('selector')))
      throw new CliError('one or more resources must be specified as <resource> <name>');
    if (specs.length === 0) throw new CliError('at least one taint update is required');
    const added = specs.filter((spec) => !spec.endsWith('-')).map((spec) => parseTaint(cli, spec));
    const removed = specs.filter((spec) => spec.endsWith('-')).map((spec) => spec.slice(0, -1).split(/[:=]/));
    const resource = await cli.resource(type);
    if (resource.kind !== 'Node')
      throw new CliError(`invalid resource type ${resource.name}, only node types are supported`);
    const { infos, errors } = await select(cli, selectionOf(cli, { args: [type, ...names] }));
    throwAll(errors);
    for (const info of infos) {
      const old: Dyn[] = info.object.spec.taints ?? [];
      const clash = added.find((one) =>
        old.some(
          (other) => other.key === one.key && other.effect === one.effect && (other.value ?? '') !== (one.value ?? ''),
        ),
      );
      const same = added.find((one) => old.some((other) => other.key === one.key && other.effect === one.effect));
      if ((clash ?? same) && !cli.flags.bool('overwrite'))
        throw new CliError(
          `node ${info.name} already has ${(clash ?? same)?.key} taint(s) with same effect(s) and --overwrite is false`,
        );
      const gone = (one: Dyn) =>
        removed.some(([key, a, b]) => one.key === key && (a === undefined || one.effect === (b ?? a)));
      const missing = removed.find(
        ([key, a, b]) => !old.some((one) => one.key === key && (a === undefined || one.effect === (b ?? a))),
      );
      if (missing)
        throw new CliError(
          `taint ${JSON.stringify(missing.length > 1 ? `${missing[0]}:${missing.at(-1)}` : missing[0])} not found`,
        );
      const kept = old.filter(
        (one) => !gone(one) && !added.some((other) => other.key === one.key && other.effect === one.effect),
      );
      const taints = [...added, ...kept];
      if (cli.dryRun !== 'client')
        await patchObject(cli, info, 'merge-patch', { spec: { taints: taints.length > 0 ? taints : null } });
      await printResult(
        cli,
        info.object,
        removed.length > 0 && added.length === 0 ? 'untainted' : removed.length > 0 || same ? 'modified' : 'tainted',
      );
    }
  },
};

function parseTaint(cli: Cli, spec: string): Dyn {
  const [, key = '', value, effect = ''] = /^([^:=]+)(?:=([^:]*))?:(\w+)$/.exec(spec) ?? [];
  if (!key)
    throw cli.usage(
      `invalid taint spec: ${spec}, name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    );
  if (!EFFECTS.includes(effect)) throw cli.usage(`invalid taint effect: ${effect}, unsupported taint effect`);
  return { effect, key, ...(value ? { value } : {}) };
}
