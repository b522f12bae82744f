// oc set volume: volumes and mounts of pod templates, and claims for them. oc pkg/cli/set/volume.go.

import { normalize } from '../../../machine/path';
import type { Cli, Command } from '../../cli';
import { CliError, ExitStatus, isReason } from '../../errors';
import { boolFlag, stringFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { canonicalQuantity, QUANTITY_ERROR } from '../../printers/quantity';
import { type Info, select, selectionOf } from '../../resources/select';
import { changeObjects, matching, podSpec } from '../../resources/template';
import { printResult } from '../../resources/write';
import { common } from './parts';

const DONE = 'volume updated';
const MODE = /\b0?[0-7]{3}\b/;
const ONLY_ADDING = ['source', 'path', 'secret-name', 'configmap-name', 'claim-name', 'default-mode'];
const ACCESS: Record<string, string> = {
  rom: 'ReadOnlyMany',
  readonlymany: 'ReadOnlyMany',
  rwo: 'ReadWriteOnce',
  readwriteonce: 'ReadWriteOnce',
  rwm: 'ReadWriteMany',
  readwritemany: 'ReadWriteMany',
};

/** What --add is told, once the flags that imply others are read. */
interface Addition {
  name: string;
  type: string;
  /** A volume of the same name gets another source; else it keeps its own. */
  typed: boolean;
  claim: string;
  size: string;
  access: string;
  mode: string;
}

export const setVolume: Command = {
  path: 'set volume',
  only: 'oc',
  help: {
    usage: 'oc set volumes RESOURCE/NAME --add|--remove [options]',
    aliases: ['volumes'],
    flags: [
      ...common,
      boolFlag('add', 'Add a volume.'),
      boolFlag('remove', 'Remove a volume.'),
      boolFlag('confirm', 'Remove without naming the volume.'),
      boolFlag('overwrite', 'Change a volume of the same name.'),
      stringFlag('name', 'The name of the volume.'),
      stringFlag('type', 'emptyDir, hostPath, persistentVolumeClaim, configmap or secret.', { short: 't' }),
      stringFlag('mount-path', 'Where it is mounted.', { short: 'm' }),
      stringFlag('sub-path', 'A path inside the volume.'),
      stringFlag('path', 'The path on the node.'),
      stringFlag('source', 'The volume as JSON.'),
      stringFlag('default-mode', 'The mode of the files of a config map or secret.'),
      stringFlag('claim-name', 'The claim.'),
      stringFlag('claim-size', 'Make a claim of this size.'),
      stringFlag('claim-class', 'The storage class of the claim that is made.'),
      stringFlag('claim-mode', 'ReadWriteOnce (rwo), ReadWriteMany (rwm) or ReadOnlyMany (rom).', {
        value: 'ReadWriteOnce',
      }),
      stringFlag('secret-name', 'The secret.'),
      stringFlag('configmap-name', 'The config map.'),
      boolFlag('read-only', 'Mount it read-only.'),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    const [isAdding, isRemoving] = [flags.bool('add'), flags.bool('remove')];
    if (isAdding && isRemoving) throw new CliError('you may only specify one operation at a time');
    const addition = isAdding ? readAddition(cli) : undefined;
    if (cli.args.length === 0 && flags.list('filename').length === 0)
      throw new CliError('provide one or more resources to add, list, or delete volumes on as TYPE/NAME');
    if (addition) validate(cli, addition);
    else if (ONLY_ADDING.some((flag) => flags.str(flag) !== '') || flags.bool('overwrite'))
      throw new CliError(
        '--type|--path|--configmap-name|--secret-name|--claim-name|--source|--default-mode|--overwrite are only valid for --add operation',
      );
    if (isRemoving && !flags.str('name') && !flags.bool('confirm'))
      throw new CliError('must provide --confirm for removing more than one volume');
    if (!isAdding && !isRemoving) return list(cli);
    await change(cli, addition);
  },
};

function readAddition(cli: Cli): Addition {
  const { flags } = cli;
  const given = flags.str('type').toLowerCase();
  const implied = impliedType(cli);
  const type = flags.str('source') ? '' : given || implied || 'emptydir';
  const isFiles = type === 'configmap' || type === 'secret';
  if (!isFiles && flags.str('default-mode'))
    throw new CliError('--default-mode is only available for secrets and configmaps');
  const wanted = flags.str('claim-size');
  const size = wanted && canonicalQuantity(wanted);
  if (size === undefined) throw new CliError(`--claim-size is not valid: ${QUANTITY_ERROR}`);
  const access = ACCESS[flags.str('claim-mode').toLowerCase()];
  if (!access)
    throw new CliError('--claim-mode must be one of ReadWriteOnce (rwo), ReadWriteMany (rwm), or ReadOnlyMany (rom)');
  return {
    name: flags.str('name'),
    type,
    typed: given !== '' || implied !== '' || flags.str('source') !== '',
    claim: flags.str('claim-name') || (size ? `pvc-${cli.proc.machine.random.suffix(5)}` : ''),
    size,
    access,
    mode: flags.str('default-mode') || '644',
  };
}

function impliedType({ flags }: Cli): string {
  if (flags.str('claim-name') || flags.str('claim-size')) return 'persistentvolumeclaim';
  if (flags.str('secret-name')) return 'secret';
  if (flags.str('configmap-name')) return 'configmap';
  return flags.str('path') ? 'hostpath' : '';
}

const isClaim = (type: string): boolean => type === 'pvc' || type === 'persistentvolumeclaim';

function validate({ flags }: Cli, { type, claim, mode }: Addition): void {
  if (flags.str('type') && flags.str('source'))
    throw new CliError('either specify --type or --source but not both for --add operation');
  const needs: Record<string, string> = { hostpath: 'path', secret: 'secret-name', configmap: 'configmap-name' };
  const need = needs[type];
  const written = type === 'hostpath' ? 'hostPath' : type;
  if (need && !flags.str(need)) throw new CliError(`must provide --${need} for --type=${written}`);
  if (!MODE.test(mode)) throw new CliError('--default-mode must be between 0000 and 0777');
  if (isClaim(type) && !claim)
    throw new CliError('must provide --claim-name or --claim-size (to create a new claim) for --type=pvc');
  if (!need && !isClaim(type) && type !== 'emptydir' && type !== '')
    throw new CliError('invalid volume type. Supported types: emptyDir, hostPath, secret, persistentVolumeClaim');
  if (!flags.str('claim-class')) return;
  if (!isClaim(type)) throw new CliError('must provide --type as persistentVolumeClaim');
  if (!flags.str('claim-size')) throw new CliError('must provide --claim-size to create new pvc with claim-class');
}

async function change(cli: Cli, addition: Addition | undefined): Promise<void> {
  const { flags } = cli;
  const isReal = !flags.bool('local') && cli.dryRun !== 'client';
  const isSingle = cli.args.length === 1 && (cli.args[0] as string).includes('/');
  let isClaimed = false;
  await changeObjects(
    cli,
    async (object, { name }) => {
      const spec = podSpec(object);
      if (!spec) throw new CliError(`the  ${name} is not a pod or does not have a pod template`);
      if (!addition) return removeVolume(cli, spec);
      await addVolume(cli, spec, addition, isSingle);
      if (addition.size && isReal && !isClaimed) await createClaim(cli, addition);
      isClaimed = true;
    },
    { done: DONE, silentWhenSame: true, failure: 'failed to patch volume update to pod template: ' },
  );
  if (addition?.size && !isReal) await printResult(cli, claimOf(cli, addition), DONE);
}

const claimOf = (cli: Cli, { claim, size, access }: Addition): Dyn => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: claim },
  spec: {
    accessModes: [access],
    resources: { requests: { storage: size } },
    ...(cli.flags.changed('claim-class') && { storageClassName: cli.flags.str('claim-class') }),
  },
});

async function createClaim(cli: Cli, addition: Addition): Promise<void> {
  const path = `/api/v1/namespaces/${cli.namespace}/persistentvolumeclaims`;
  await cli.client.json('POST', path, {
    body: claimOf(cli, addition),
    ...(cli.dryRun === 'server' && { query: { dryRun: 'All' } }),
  });
}

async function addVolume(cli: Cli, spec: Dyn, addition: Addition, isSingle: boolean): Promise<void> {
  const { flags } = cli;
  const isOverwriting = flags.bool('overwrite');
  const volumes: Dyn[] = spec.volumes ?? [];
  const claimed = volumes.find(
    ({ persistentVolumeClaim }) => persistentVolumeClaim && persistentVolumeClaim.claimName === addition.claim,
  );
  // One name serves every object of the command line, as there.
  if (!addition.name)
    addition.name = isOverwriting ? mountedAt(cli, spec, isSingle) : (claimed?.name ?? (await generated(cli)));
  const { name } = addition;
  const old = volumes.find((one) => one.name === name);
  if (old && !isOverwriting && !claimed)
    throw new CliError(`volume '${name}' already exists. Use --overwrite to replace`);
  if (!old && isOverwriting && !flags.str('output'))
    await cli.err(
      `warning: volume ${JSON.stringify(name)} did not previously exist and was not overwritten. A new volume with this name has been created instead.`,
    );
  const kept = old && !addition.typed ? old : { name, ...volumeSource(cli, addition) };
  spec.volumes = [...volumes.filter((one) => one !== old), kept];
  if (flags.str('mount-path')) await mount(cli, spec, name);
}

async function generated(cli: Cli): Promise<string> {
  const name = `volume-${cli.proc.machine.random.suffix(5)}`;
  if (!cli.flags.str('output')) await cli.err(`info: Generated volume name: ${name}\n`);
  return name;
}

/** The volume that --overwrite without a name means. */
function mountedAt(cli: Cli, spec: Dyn, isSingle: boolean): string {
  if (!isSingle) throw new CliError('you must specify --name for the volume name when dealing with multiple resources');
  const path = cli.flags.str('mount-path');
  if (!path) throw new CliError('ambiguous --overwrite, specify --name or --mount-path');
  const found = matching(spec.containers, cli.flags.str('containers')).flatMap(({ volumeMounts = [] }: Dyn) =>
    volumeMounts.filter((one: Dyn) => clean(one.mountPath) === clean(path)).slice(0, 1),
  );
  if (found.length === 0) throw new CliError(`unable to find the volume for mount-path: ${path}`);
  if (found.length > 1) throw new CliError(`found multiple volumes with same mount-path: ${path}`);
  return found[0].name;
}

/** Go's path.Clean. */
const clean = (path: string): string =>
  path.startsWith('/') ? normalize('/', path) : normalize('/', path).slice(1) || '.';

async function mount(cli: Cli, spec: Dyn, name: string): Promise<void> {
  const { flags } = cli;
  const path = flags.str('mount-path');
  for (const container of await containersOf(cli, spec)) {
    const mounts: Dyn[] = container.volumeMounts ?? [];
    if (mounts.some((one) => clean(one.mountPath) === clean(path) && one.name !== name))
      throw new CliError(`volume mount '${path}' already exists for container '${container.name}'`);
    const replaced = flags.bool('overwrite') ? mounts.findIndex((one) => one.name === name) : -1;
    container.volumeMounts = [
      ...mounts.filter((_, i) => i !== replaced),
      {
        mountPath: clean(path),
        name,
        ...(flags.bool('read-only') && { readOnly: true }),
        ...(flags.str('sub-path') && { subPath: clean(flags.str('sub-path')) }),
      },
    ];
  }
}

async function containersOf(cli: Cli, spec: Dyn): Promise<Dyn[]> {
  const pattern = cli.flags.str('containers');
  const found = matching(spec.containers, pattern);
  if (found.length === 0 && pattern !== '*')
    await cli.err(`warning: / does not have any containers matching ${JSON.stringify(pattern)}\n`);
  return found;
}

function volumeSource({ flags }: Cli, { type, claim, mode }: Addition): Dyn {
  const defaultMode = Number.parseInt(mode, 8);
  if (type === '') return JSON.parse(flags.str('source'));
  if (isClaim(type)) return { persistentVolumeClaim: { claimName: claim } };
  if (type === 'secret') return { secret: { secretName: flags.str('secret-name'), defaultMode } };
  if (type === 'configmap') return { configMap: { name: flags.str('configmap-name'), defaultMode } };
  if (type === 'hostpath') return { hostPath: { path: flags.str('path') } };
  return { emptyDir: {} };
}

async function removeVolume(cli: Cli, spec: Dyn): Promise<void> {
  const name = cli.flags.str('name');
  const chosen = await containersOf(cli, spec);
  if (chosen.length === 0) return;
  for (const container of chosen)
    container.volumeMounts = name ? (container.volumeMounts ?? []).filter((one: Dyn) => one.name !== name) : [];
  if (!name) {
    spec.volumes = [];
    return;
  }
  if (spec.containers.some((one: Dyn) => one.volumeMounts?.some((mounted: Dyn) => mounted.name === name))) return;
  const volumes: Dyn[] = spec.volumes ?? [];
  if (!volumes.some((one) => one.name === name)) throw new CliError(`volume '${name}' not found`);
  spec.volumes = volumes.filter((one) => one.name !== name);
}

async function list(cli: Cli): Promise<void> {
  if (cli.flags.str('output')) throw new CliError('--list and --output may not be specified together');
  const { infos, errors } = await select(
    cli,
    selectionOf(cli, { all: false, emptyMeansAll: cli.flags.bool('all'), local: cli.flags.bool('local') }),
  );
  if (errors[0]) throw errors[0];
  let failed = false;
  for (const info of infos) {
    const missing = await listOne(cli, info);
    if (missing === undefined) continue;
    failed = true;
    await cli.err(`error: ${info.resource.name}/${info.name} ${missing}\n`);
  }
  if (failed) throw new ExitStatus(1);
}

/** Prints the volumes of one object; returns what is wrong with the request. The kind before the name is empty there, too. */
async function listOne(cli: Cli, { object, name }: Info): Promise<string | undefined> {
  const wanted = cli.flags.str('name');
  const spec = podSpec(object);
  if (!spec) return undefined;
  await cli.out(` ${name}\n`);
  const volumes: Dyn[] = (spec.volumes ?? []).filter((one: Dyn) => !wanted || one.name === wanted);
  for (const volume of volumes) {
    await cli.out(`  ${describeSource(volume)}${await claimState(cli, object, volume)} as ${volume.name}\n`);
    for (const container of matching(spec.containers, cli.flags.str('containers')))
      for (const { mountPath } of (container.volumeMounts ?? []).filter((one: Dyn) => one.name === volume.name))
        await cli.out(
          `    mounted at ${mountPath}${spec.containers.length > 1 ? ` in container ${container.name}` : ''}\n`,
        );
  }
  return wanted && volumes.length === 0 ? `volume ${JSON.stringify(wanted)} not found` : undefined;
}

function describeSource({ emptyDir, hostPath, nfs, persistentVolumeClaim, secret, configMap }: Dyn): string {
  if (emptyDir) return 'empty directory';
  if (hostPath) return `host path ${hostPath.path}`;
  if (nfs) return `NFS ${nfs.server}:${nfs.path}${nfs.readOnly ? ' read-only' : ''}`;
  if (persistentVolumeClaim)
    return `pvc/${persistentVolumeClaim.claimName}${persistentVolumeClaim.readOnly ? ' read-only' : ''}`;
  if (secret) return `secret/${secret.secretName}`;
  return configMap ? `configMap/${configMap.name}` : 'unknown';
}

async function claimState(cli: Cli, { metadata }: Dyn, { persistentVolumeClaim }: Dyn): Promise<string> {
  if (!persistentVolumeClaim) return '';
  const path = `/api/v1/namespaces/${metadata.namespace}/persistentvolumeclaims/${persistentVolumeClaim.claimName}`;
  const claim = await cli.client.json('GET', path).catch((error: unknown) => {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  });
  if (!claim) return ' (does not exist)';
  const asked = claim.spec.resources?.requests?.storage;
  if (!claim.spec.volumeName) return asked ? ` (waiting for ${asked}B allocation)` : ' (waiting to allocate)';
  const got = claim.status?.capacity?.storage;
  return got ? ` (allocated ${got}B)` : ' (allocated unknown size)';
}
