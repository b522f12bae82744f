// What the generators of `create` share: the name argument, the namespace, sending and printing what they made.
import type { Cli } from '../cli';
import { apiVersion, type Resource } from '../client/discovery';
import { ApiError, CliError, UrlError } from '../errors';
import { type Dyn, groupVersion } from '../object';
import { contentHash } from './content-hash';
import { createObject, printResult } from './write';

/** The one NAME that a generator takes; words after `--` are no names. */
export function oneName(cli: Cli): string {
  const count = cli.dash < 0 ? cli.args.length : cli.dash;
  if (count !== 1 || cli.args[0] === '') throw cli.usage(`exactly one NAME is required, got ${count}`);
  return cli.args[0] as string;
}

/** Metadata as the generators write it; the namespace only where it was asked for. */
export function metadata(cli: Cli, name: string, more: Dyn = {}): Dyn {
  return {
    creationTimestamp: null,
    name,
    ...(cli.flags.changed('namespace') ? { namespace: cli.namespace } : {}),
    ...more,
  };
}

/** Sends what a generator made, or prints it in a dry run. Errors are told behind `failure`, where the generator has one. */
export async function generate(cli: Cli, object: Dyn, failure = '', done = 'created'): Promise<void> {
  if (cli.flags.has('append-hash') && cli.flags.bool('append-hash')) object.metadata.name += `-${contentHash(object)}`;
  if (cli.flags.has('save-config') && cli.flags.bool('save-config')) annotate(object);
  cli.record(object);
  if (cli.dryRun === 'client') return printResult(cli, object, done);
  const [group, version] = groupVersion(object.apiVersion);
  const [name, namespaced] = KINDS[object.kind] as [string, boolean];
  const resource = { group, version, name, kind: object.kind, namespaced } as Resource;
  try {
    const made = await createObject(cli, { resource, namespace: namespaced ? cli.namespace : '', object });
    await printResult(cli, { apiVersion: apiVersion(resource), kind: object.kind, ...made }, done);
  } catch (error) {
    if (failure && (error instanceof UrlError || error instanceof ApiError))
      throw new CliError(`${failure} ${error.message}`);
    throw error;
  }
}

function annotate(object: Dyn): void {
  object.metadata.annotations = {
    ...object.metadata.annotations,
    'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n`,
  };
}

const KINDS: Record<string, [name: string, namespaced: boolean]> = {
  ClusterRole: ['clusterroles', false],
  ClusterRoleBinding: ['clusterrolebindings', false],
  ConfigMap: ['configmaps', true],
  CronJob: ['cronjobs', true],
  Deployment: ['deployments', true],
  DeploymentConfig: ['deploymentconfigs', true],
  HorizontalPodAutoscaler: ['horizontalpodautoscalers', true],
  ImageStream: ['imagestreams', true],
  Ingress: ['ingresses', true],
  Job: ['jobs', true],
  Namespace: ['namespaces', false],
  Pod: ['pods', true],
  PodDisruptionBudget: ['poddisruptionbudgets', true],
  PriorityClass: ['priorityclasses', false],
  ResourceQuota: ['resourcequotas', true],
  Role: ['roles', true],
  RoleBinding: ['rolebindings', true],
  Route: ['routes', true],
  Secret: ['secrets', true],
  Service: ['services', true],
  ServiceAccount: ['serviceaccounts', true],
};
