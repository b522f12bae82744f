// oc apply: makes objects be as files say, by a three-way merge here or by the server.
import type { Cli, Command } from '../cli';
import { resourcePath } from '../client/discovery';
import { klog } from '../client/trace';
import { ApiError, CliError, isReason, throwAll, withSource } from '../errors';
import { clone, type Dyn, quote } from '../object';
import { toCompactJson } from '../printers/json';
import { readManifests, validateHere } from '../resources/files';
import { readKustomization } from '../resources/kustomize';
import { threeWayMerge } from '../resources/merge-patch';
import { fetchOne, type Info, infoOf, list } from '../resources/select';
import { threeWay } from '../resources/strategic';
import { isBuiltIn } from '../resources/template';
import { createObject, fieldValidation, patchObject, printResult, writeQuery } from '../resources/write';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const PRUNE_WARNING =
  'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.';

export const apply: Command = {
  path: 'apply',
  async run(cli) {
    const { flags } = cli;
    const filenames = flags.list('filename');
    if (cli.args.length > 0) throw cli.usage(`Unexpected args: [${cli.args.join(' ')}]`);
    if (filenames.length === 0 && !flags.str('kustomize')) throw new CliError('must specify one of -f and -k');
    if (filenames.length > 0 && flags.str('kustomize')) throw new CliError('only one of -f or -k can be specified');
    if (flags.bool('force') && cli.dryRun === 'server')
      throw new CliError('--dry-run=server cannot be used with --force');
    if (flags.bool('all') && flags.str('selector'))
      throw new CliError('cannot set --all and --selector at the same time');
    const serverSide = flags.bool('server-side');
    if (serverSide && cli.dryRun === 'client')
      throw new CliError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
    if (flags.bool('force-conflicts') && !serverSide)
      throw new CliError('--force-conflicts only works with --server-side');
    if (flags.bool('prune') && !flags.bool('all') && !flags.str('selector'))
      throw new CliError(
        'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
      );
    const manifests = flags.str('kustomize')
      ? await readKustomization(cli, flags.str('kustomize'))
      : await readManifests(cli, filenames, flags.bool('recursive'));
    if (manifests.length === 0) throw new CliError('no objects passed to apply');
    const errors: Error[] = [];
    const applied: Dyn[] = [];
    for (const manifest of manifests) {
      try {
        validateHere(cli, manifest);
        const info = await infoOf(cli, manifest);
        cli.record(info.object);
        if (!info.name && !manifest.object.metadata?.generateName) throw noName(info);
        if (!info.name && manifest.object.metadata?.generateName)
          throw new CliError(`from ${manifest.object.metadata.generateName}: cannot use generate name with apply`);
        applied.push(serverSide ? await applyOnServer(cli, info) : await applyHere(cli, info));
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof CliError)) throw error;
        errors.push(error);
      }
    }
    if (flags.bool('prune') && errors.length === 0) {
      if (flags.list('prune-allowlist').length === 0) await cli.err(klog(cli.proc, 'W', 'prune.go:71', PRUNE_WARNING));
      await prune(cli, applied);
    }
    throwAll(errors);
  },
};

async function applyOnServer(cli: Cli, info: Info): Promise<Dyn> {
  const { flags } = cli;
  const manager = flags.changed('field-manager') ? flags.str('field-manager') : 'kubectl';
  const query = {
    ...writeQuery(cli),
    fieldManager: manager,
    fieldValidation: fieldValidation(cli),
    ...(flags.bool('force-conflicts') ? { force: 'true' } : {}),
  };
  try {
    const made = await cli.client.json('PATCH', resourcePath(info.resource, info.namespace, info.name), {
      query,
      type: 'application/apply-patch+yaml',
      body: JSON.stringify(info.object),
    });
    await printResult(cli, made, 'serverside-applied');
    return made;
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
    throw new CliError(
      `Apply failed with ${conflictText(error as ApiError)}\nPlease review the fields above--they currently have other managers. Here\nare the ways you can resolve this warning:\n* If you intend to manage all of these fields, please re-run the apply\n  command with the \`--force-conflicts\` flag.\n* If you do not intend to manage all of the fields, please edit your\n  manifest to remove references to the fields that should keep their\n  current managers.\n* You may co-own fields by updating your manifest to match the existing\n  value; in this case, you'll become the manager if the other manager(s)\n  stop managing the field (remove it from their configuration).\nSee https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`,
    );
  }
}

const conflictText = (error: ApiError): string => error.message.replace(/^Apply failed with /, '');

/** The object with its own text in the annotation, as the next apply will want it. */
export function withLastApplied(object: Dyn): Dyn {
  const out = clone(object);
  const { [LAST_APPLIED]: _, ...annotations } = out.metadata.annotations ?? {};
  out.metadata.annotations = annotations;
  const text = `${toCompactJson(out)}\n`;
  out.metadata.annotations = { ...annotations, [LAST_APPLIED]: text };
  return out;
}

async function applyHere(cli: Cli, info: Info): Promise<Dyn> {
  const source = info.source ?? '';
  const modified = withLastApplied(info.object);
  let current: Dyn;
  try {
    current = await fetchOne(cli, info);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw retrieving(info, error);
    try {
      const made = await createObject(cli, { ...info, object: modified });
      await printResult(cli, made, 'created');
      return made;
    } catch (failure) {
      throw withSource('creating', source, failure);
    }
  }
  return update(cli, info, modified, current);
}

const where = (info: Info): string =>
  `Resource: "${groupAndVersion(info)}, Resource=${info.resource.name}", GroupVersionKind: "${groupAndVersion(info)}, Kind=${info.resource.kind}"\nName: ${quote(info.name)}, Namespace: ${quote(info.namespace)}`;

const groupAndVersion = ({ resource }: Info): string => `${resource.group}/${resource.version}`;

function noName(info: Info): CliError {
  return new CliError(
    `error when retrieving current configuration of:\n${where(info)}\nfrom server for: ${quote(info.source ?? '')}: resource name may not be empty`,
  );
}

function retrieving(info: Info, error: unknown): Error {
  if (!(error instanceof ApiError)) return error as Error;
  const text = `error when retrieving current configuration of:\n${where(info)}\nfrom server for: ${quote(info.source ?? '')}: ${error.message}`;
  return new ApiError({ ...error.status, message: text });
}

async function update(cli: Cli, info: Info, modified: Dyn, current: Dyn): Promise<Dyn> {
  const recorded = current.metadata.annotations?.[LAST_APPLIED];
  if (recorded === undefined)
    await cli.err(
      `Warning: resource ${info.resource.name}/${info.name} is missing the ${LAST_APPLIED} annotation which is required by ${cli.program} apply. ${cli.program} apply should only be used on resources created declaratively by either ${cli.program} create --save-config or ${cli.program} apply. The missing annotation will be patched automatically.\n`,
    );
  const original = recorded ? JSON.parse(recorded) : {};
  const builtIn = isBuiltIn(info);
  const patch = builtIn ? threeWay(original, modified, current) : threeWayMerge(original, modified, current);
  if (Object.keys(patch).length === 0) {
    await printResult(cli, current, 'unchanged');
    return current;
  }
  if (cli.dryRun === 'client') {
    await printResult(cli, current, 'configured'); // what kubectl prints is the object that is there
    return current;
  }
  try {
    const made = await patchObject(cli, info, builtIn ? 'strategic-merge-patch' : 'merge-patch', patch, {
      query: { fieldValidation: fieldValidation(cli) },
    });
    await printResult(cli, made, 'configured'); // whatever the server made of the patch
    return made;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const text = `error when applying patch:\n${toCompactJson(patch)}\nto:\n${where(info)}\nfor: ${quote(info.source ?? '')}: error when patching ${quote(info.source ?? '')}: ${error.message}`;
    throw new ApiError({ ...error.status, message: text });
  }
}

/** Kinds that --prune looks at unless told otherwise. */
const PRUNED = [
  'configmaps',
  'endpoints',
  'namespaces',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'replicationcontrollers',
  'secrets',
  'services',
  'jobs.batch',
  'cronjobs.batch',
  'ingresses.networking.k8s.io',
  'daemonsets.apps',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
];

async function prune(cli: Cli, applied: Dyn[]): Promise<void> {
  const keep = new Set(applied.map((object) => object.metadata.uid));
  const selector = cli.flags.str('selector');
  for (const word of PRUNED) {
    const resource = await cli.discovery.find(word);
    if (!resource || (!resource.namespaced && word !== 'namespaces' && word !== 'persistentvolumes')) continue;
    for (const info of await list(cli, { args: [], ...(selector ? { selector } : {}) }, resource)) {
      if (keep.has(info.object.metadata.uid) || !info.object.metadata.annotations?.[LAST_APPLIED]) continue;
      if (cli.dryRun === 'none')
        await cli.client.json('DELETE', resourcePath(resource, info.namespace, info.name), {
          body: { propagationPolicy: 'Background' },
        });
      await printResult(cli, info.object, 'pruned');
    }
  }
}
