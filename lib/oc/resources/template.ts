// Commands that change a pod template (`set env`, `set image`, …) or another part of objects, and send the difference.
import type { Cli } from '../cli';
import { ApiError, CliError, throwAll } from '../errors';
import { clone, type Dyn } from '../object';
import { diffMerge } from './merge-patch';
import { type Info, type Selection, select, selectionOf } from './select';
import { twoWay } from './strategic';
import { patchObject, printResult } from './write';

/** The pod spec of an object; undefined where it has none. */
export function podSpec(object: Dyn): Dyn {
  if (object.kind === 'Pod') return object.spec;
  if (object.kind === 'CronJob') return object.spec?.jobTemplate?.spec?.template?.spec;
  if (object.kind === 'PodTemplate') return object.template?.spec;
  return object.spec?.template?.spec;
}

/** `*`, `web*` and names, as `-c` takes them. */
export function matching(containers: Dyn[] | undefined, pattern: string): Dyn[] {
  const test = new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  return (containers ?? []).filter((container) => test.test(container.name));
}

/** `deployments/x`, as messages of `set` name an object. */
export const pluralName = ({ resource, name }: Pick<Info, 'resource' | 'name'>): string => `${resource.name}/${name}`;

export interface ChangeOptions {
  /** What is printed behind the name: `image updated`. */
  done: string;
  /** Where an unchanged object says nothing. */
  silentWhenSame?: boolean;
  /** The error of an object that does not change. */
  whenSame?: (name: string) => string;
  /** What stands before the server's message of a failure. */
  failure?: string;
  selection?: Partial<Selection>;
}

/** Applies a change to every object that the command line names. A thrown CliError is told and the rest goes on. */
export async function changeObjects(
  cli: Cli,
  change: (object: Dyn, info: Info) => Promise<void> | void,
  options: ChangeOptions,
): Promise<void> {
  const local = cli.flags.has('local') && cli.flags.bool('local');
  const { infos, errors } = await select(
    cli,
    selectionOf(cli, {
      all: false,
      emptyMeansAll: cli.flags.has('all') && cli.flags.bool('all'),
      local,
      ...options.selection,
    }),
  );
  for (const info of infos) {
    try {
      await changeOne(cli, info, change, options, local);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof CliError)) throw error;
      errors.push(
        error instanceof ApiError && options.failure ? new CliError(`${options.failure}${error.message}`) : error,
      );
    }
  }
  throwAll(errors);
}

async function changeOne(
  cli: Cli,
  info: Info,
  change: (object: Dyn, info: Info) => Promise<void> | void,
  options: ChangeOptions,
  local: boolean,
): Promise<void> {
  const after = clone(info.object);
  await change(after, info);
  cli.record(after);
  if (local || cli.dryRun === 'client') return printResult(cli, local ? asTyped(after) : after, options.done);
  const patch = isBuiltIn(info) ? twoWay(info.object, after) : diffMerge(info.object, after);
  if (options.whenSame && (!patch || Object.keys(patch).length === 0)) throw new CliError(options.whenSame(info.name));
  if (options.silentWhenSame && (!patch || Object.keys(patch).length === 0)) return;
  const made = await patchObject(cli, info, isBuiltIn(info) ? 'strategic-merge-patch' : 'merge-patch', patch ?? {});
  await printResult(cli, made, options.done);
}

const TYPED: Record<string, Dyn> = {
  Pod: { status: {} },
  Deployment: { spec: { strategy: {} }, status: {} },
  ReplicaSet: { status: { replicas: 0 } },
  StatefulSet: { spec: { updateStrategy: {} }, status: { availableReplicas: 0, replicas: 0 } },
  DaemonSet: {
    spec: { updateStrategy: {} },
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  },
  Job: { status: {} },
};

/** An object as it looks once it has been a Go struct: fields that are never left out stand there empty. */
function asTyped(object: Dyn): Dyn {
  const empty = TYPED[object.kind];
  if (!empty) return object;
  const template = object.spec?.template;
  if (template) template.metadata = { creationTimestamp: null, ...template.metadata };
  for (const container of podSpec(object)?.containers ?? []) container.resources ??= {};
  return {
    ...object,
    metadata: { creationTimestamp: null, ...object.metadata },
    spec: { ...empty.spec, ...object.spec },
    status: { ...empty.status, ...object.status },
  };
}

/** Kinds that the server has Go types for; others take only merge patches. */
export const isBuiltIn = ({ resource }: Info): boolean =>
  !resource.group.includes('.') || /(\.k8s\.io|\.openshift\.io)$/.test(resource.group);
