// oc set image-lookup: whether pods may name an image stream instead of an image (openshift/oc pkg/cli/set/imagelookup.go).
import type { Cli, Command } from '../../cli';
import { throwAll } from '../../errors';
import { boolFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { RowWriter } from '../../printers/tabwriter';
import { select, selectionOf } from '../../resources/select';
import { changeObjects } from '../../resources/template';
import { OBJECT_FLAGS } from './flags';

const RESOLVE = 'alpha.image.policy.openshift.io/resolve-names';

export const setImageLookup: Command = {
  path: 'set image-lookup',
  only: 'oc',
  help: {
    usage: 'oc set image-lookup STREAMNAME [...] [options]',
    flags: [
      boolFlag('all', 'All image streams.'),
      boolFlag('enabled', 'Whether names are looked up.', { value: 'true' }),
      boolFlag('list', 'Only show.'),
      ...OBJECT_FLAGS,
    ],
  },
  async run(cli) {
    const words = cli.args;
    const named = words.length > 0 || cli.flags.bool('all') || cli.flags.list('filename').length > 0;
    const args = words.some((word) => word.includes('/')) ? words : ['imagestreams', ...words];
    if (!named || cli.flags.bool('list')) return list(cli, named ? args : ['imagestreams']);
    await changeObjects(cli, (object) => change(object, cli.flags.bool('enabled')), {
      done: 'image lookup updated',
      silentWhenSame: true,
      selection: cli.flags.list('filename').length > 0 ? {} : { args },
    });
  },
};

/** A stream says it of itself, a workload for its pods. */
function change(object: Dyn, enabled: boolean): void {
  if (object.kind === 'ImageStream') {
    object.spec = { ...object.spec, lookupPolicy: { local: enabled } };
    return;
  }
  const meta = object.spec?.template ? (object.spec.template.metadata ??= {}) : object.metadata;
  meta.annotations = { ...meta.annotations };
  if (enabled) meta.annotations[RESOLVE] = '*';
  else delete meta.annotations[RESOLVE];
}

async function list(cli: Cli, args: string[]): Promise<void> {
  const { infos, errors } = await select(cli, selectionOf(cli, { args, all: args.length === 1, emptyMeansAll: true }));
  const rows = infos.map(({ name, object }) => {
    const notes = object.spec?.template?.metadata?.annotations ?? object.metadata.annotations;
    const local = object.kind === 'ImageStream' ? object.spec?.lookupPolicy?.local : notes?.[RESOLVE] === '*';
    return [name, String(local ?? false)];
  });
  if (rows.length > 0) await cli.out(new RowWriter().format([['NAME', 'LOCAL'], ...rows]));
  throwAll(errors);
}
