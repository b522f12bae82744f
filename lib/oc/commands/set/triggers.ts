// oc set triggers: what makes a deployment roll out by itself (openshift/oc pkg/cli/set/triggers.go).
import type { Cli, Command } from '../../cli';
import { CliError, throwAll } from '../../errors';
import { boolFlag, stringFlag, stringsFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { DESCRIBE, tabulate } from '../../printers/tabwriter';
import { type Info, select, selectionOf } from '../../resources/select';
import { changeObjects } from '../../resources/template';

const ANNOTATION = 'image.openshift.io/triggers';

interface ImageTrigger {
  from: string;
  namespace: string;
  containers: string[];
  auto: boolean;
}

export const setTriggers: Command = {
  path: 'set triggers',
  only: 'oc',
  help: {
    usage: 'oc set triggers RESOURCE/NAME [--from-config|--from-image] [--auto|--manual] [options]',
    aliases: ['trigger'],
    flags: [
      boolFlag('all', 'All objects of the kind.'),
      boolFlag('auto', 'By itself.'),
      boolFlag('from-config', 'When the configuration changes.'),
      boolFlag('local', 'Change what the file says.'),
      boolFlag('manual', 'Not by itself.'),
      boolFlag('remove', 'Take the trigger away.'),
      boolFlag('remove-all', 'Take all triggers away.'),
      stringFlag('containers', 'The containers that get the image.', { short: 'c' }),
      stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
      stringFlag('from-image', 'An image stream tag.'),
      stringFlag('output', 'Output format.', { short: 'o' }),
      stringFlag('selector', 'Only objects whose labels match.', { short: 'l' }),
      stringFlag('template', 'The template of -o go-template.'),
      stringsFlag('filename', 'Files that name the objects.', { short: 'f' }),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    validate(cli);
    const asked = ['auto', 'manual', 'remove', 'remove-all', 'from-config'].some((flag) => flags.bool(flag));
    if (!asked && !flags.str('from-image')) return list(cli);
    await changeObjects(cli, (object) => change(cli, object), { done: 'triggers updated', silentWhenSame: true });
  },
};

function validate({ flags }: Cli): void {
  const image = flags.str('from-image');
  const chosen = flags.bool('from-config') || image !== '';
  if (flags.bool('auto') && flags.bool('manual'))
    throw new CliError('you must specify at most one of --auto or --manual');
  if (flags.bool('remove') && flags.bool('remove-all'))
    throw new CliError('you must specify either --remove or --remove-all');
  if (flags.bool('remove-all') && (chosen || flags.bool('auto') || flags.bool('manual')))
    throw new CliError('--remove-all may not be used with any other flag');
  if (flags.bool('remove') && !chosen)
    throw new CliError('--remove requires a flag defining a trigger type to be specified');
  if (flags.bool('from-config') && image) throw new CliError('you may only set one trigger type at a time');
  if (image && !image.includes(':'))
    throw new CliError('the value of --from-image must include the tag you wish to pull from');
}

/** The triggers of a deployment's annotation or of a DeploymentConfig. */
function read(object: Dyn): { images: ImageTrigger[]; config: boolean } {
  if (object.kind === 'DeploymentConfig') {
    const all: Dyn[] = object.spec.triggers ?? [];
    return {
      config: all.some(({ type }) => type === 'ConfigChange'),
      images: all.flatMap(({ imageChangeParams: p }) =>
        p
          ? [
              {
                from: p.from.name,
                namespace: p.from.namespace ?? '',
                containers: p.containerNames ?? [],
                auto: p.automatic ?? false,
              },
            ]
          : [],
      ),
    };
  }
  const entries: Dyn[] = JSON.parse(object.metadata.annotations?.[ANNOTATION] ?? '[]');
  return {
    config: true,
    images: entries.map(({ from, fieldPath, paused }) => ({
      from: from.name,
      namespace: from.namespace ?? '',
      containers: [/@\.name==["']([^"']+)["']/.exec(fieldPath)?.[1] ?? ''],
      auto: String(paused) !== 'true',
    })),
  };
}

function write(object: Dyn, { images, config }: ReturnType<typeof read>): void {
  if (object.kind === 'DeploymentConfig') {
    object.spec.triggers = [
      ...(config ? [{ type: 'ConfigChange' }] : []),
      ...images.map(({ from, namespace, containers, auto }) => ({
        imageChangeParams: {
          ...(auto ? { automatic: true } : {}),
          containerNames: containers,
          from: { kind: 'ImageStreamTag', name: from, ...(namespace ? { namespace } : {}) },
        },
        type: 'ImageChange',
      })),
    ];
    return;
  }
  const entries = images.flatMap(({ from, namespace, containers, auto }) =>
    containers.map((name) => ({
      from: { kind: 'ImageStreamTag', name: from, ...(namespace ? { namespace } : {}) },
      fieldPath: `spec.template.spec.containers[?(@.name=="${name}")].image`,
      ...(auto ? {} : { paused: 'true' }),
    })),
  );
  const { [ANNOTATION]: _, ...others } = object.metadata.annotations ?? {};
  object.metadata.annotations = { ...others, ...(entries.length > 0 ? { [ANNOTATION]: JSON.stringify(entries) } : {}) };
}

function change({ flags }: Cli, object: Dyn): void {
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'DeploymentConfig'].includes(object.kind))
    throw new CliError(`the object does not support triggers: ${object.kind}`);
  const triggers = read(object);
  if (flags.bool('remove-all')) return write(object, { images: [], config: false });
  if (flags.str('from-image'))
    triggers.images = withImage(
      flags.str('from-image'),
      flags.str('containers'),
      triggers,
      object,
      flags.bool('remove'),
      !flags.bool('manual'),
    );
  else if (flags.bool('from-config')) triggers.config = !flags.bool('remove');
  else for (const one of triggers.images) one.auto = flags.bool('auto');
  write(object, triggers);
}

function withImage(
  word: string,
  given: string,
  { images }: ReturnType<typeof read>,
  object: Dyn,
  remove: boolean,
  auto: boolean,
): ImageTrigger[] {
  const [namespace, from] = word.includes('/') ? (word.split('/') as [string, string]) : ['', word];
  const others = images.filter((one) => one.from !== from);
  if (remove) return others;
  const names: string[] = object.spec.template.spec.containers.map((one: Dyn) => one.name);
  const containers = given ? given.split(',') : names;
  if (!given && names.length > 1) throw new CliError('you must specify --containers when setting --from-image');
  const unknown = containers.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new CliError(`not all container names exist: ${unknown.join(', ')} (accepts: ${names.join(', ')})`);
  return [...others, { from, namespace, containers, auto }];
}

async function list(cli: Cli): Promise<void> {
  const { infos, errors } = await select(cli, selectionOf(cli, { emptyMeansAll: true }));
  throwAll(errors);
  await cli.out(tabulate(`NAME\tTYPE\tVALUE\tAUTO\n${infos.flatMap(rows).join('')}`, DESCRIBE));
}

function rows({ object, resource, name }: Info): string[] {
  const { images, config } = read(object);
  const who = `${resource.name}${resource.group ? `.${resource.group}` : ''}/${name}`;
  return [
    `${who}\tconfig\t\t${config}\n`,
    ...images.map(({ from, namespace, containers, auto }) => {
      const value = `${namespace ? `${namespace}/` : ''}${from} (${containers.join(', ')})`;
      return `${who}\timage\t${value}\t${auto}\n`;
    }),
  ];
}
