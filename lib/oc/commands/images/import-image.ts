// oc import-image: asks a registry about a tag of an image stream, and keeps what it says.
import type { Cli, Command } from '../../cli';
import { describeImage, describeImageStream } from '../../describe/images';
import { Writer } from '../../describe/writer';
import { CliError, isReason } from '../../errors';
import { boolFlag, stringFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { DESCRIBE_OPENSHIFT } from '../../printers/tabwriter';
import { exactReference, IMAGE_API, importImages, parseReference } from './reference';

export const importImage: Command = {
  path: 'import-image',
  only: 'oc',
  help: {
    usage: 'oc import-image IMAGESTREAM[:TAG] [options]',
    flags: [
      boolFlag('all', 'All tags that point outside.'),
      boolFlag('confirm', 'Make the image stream if it is not there.'),
      boolFlag('insecure', 'The registry may be asked without TLS.'),
      boolFlag('scheduled', 'Import again and again.'),
      stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
      stringFlag('from', 'The image to import.'),
      stringFlag('import-mode', 'Legacy or PreserveOriginal.'),
      stringFlag('output', 'Output format.', { short: 'o' }),
      stringFlag('reference-policy', 'source or local.', { value: 'source' }),
      stringFlag('template', 'The template of -o go-template.'),
    ],
  },
  async run(cli) {
    const [target] = cli.args;
    if (!target) throw new CliError('you must specify the name of an image stream');
    const reference = parseReference(target);
    if (reference.id) throw new CliError("to import images by ID, use the 'tag' command");
    if (cli.flags.bool('all') && reference.tag)
      throw new CliError(`cannot specify a tag ${JSON.stringify(target)} as well as --all`);
    const from = cli.flags.str('from') || (reference.registry || reference.namespace ? exactReference(reference) : '');
    await run(cli, reference.name, reference.tag, from);
  },
};

async function streamOf(cli: Cli, name: string): Promise<Dyn> {
  try {
    return await cli.client.json('GET', `${IMAGE_API}/namespaces/${cli.namespace}/imagestreams/${name}`);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** The pull spec to import for a tag; throws what oc says of one that cannot be. */
function sourceFor(stream: Dyn, name: string, tag: string, from: string): string {
  const known = (stream?.spec?.tags ?? []).find((one: Dyn) => one.name === tag);
  if (!stream || (from && !known)) return from || exactReference(parseReference(name), tag);
  if (!known)
    throw new CliError(
      `the tag ${JSON.stringify(tag)} does not exist on the image stream - choose an existing tag to import or use the 'tag' command to create a new tag`,
    );
  if (known.from?.kind !== 'DockerImage')
    throw new CliError(
      `tag ${JSON.stringify(tag)} points to existing ${known.from?.kind} ${JSON.stringify(known.from?.name)}, it cannot be re-imported`,
    );
  if (from && from !== known.from.name)
    throw new CliError(
      `the tag ${JSON.stringify(tag)} points to ${JSON.stringify(known.from.name)} - use the 'tag' command if you want to change the source to ${JSON.stringify(from)}`,
    );
  return known.from.name;
}

async function run(cli: Cli, name: string, tag: string, from: string): Promise<void> {
  const stream = await streamOf(cli, name);
  if (!stream && !cli.flags.bool('confirm'))
    throw new CliError(`no image stream named ${JSON.stringify(name)} exists, pass --confirm to create and import`);
  const tags: string[] = cli.flags.bool('all')
    ? (stream?.spec?.tags ?? []).filter((one: Dyn) => one.from?.kind === 'DockerImage').map((one: Dyn) => one.name)
    : [tag || parseReference(from).tag || 'latest'];
  if (tags.length === 0) throw new CliError('image stream does not have tags pointing to external container images');
  for (const one of tags) await importTag(cli, stream, name, one, sourceFor(stream, name, one, from));
}

async function importTag(cli: Cli, stream: Dyn, name: string, tag: string, from: string): Promise<void> {
  const policy = {
    importPolicy: {
      importMode: cli.flags.str('import-mode') || 'Legacy',
      ...(cli.flags.bool('scheduled') ? { scheduled: true } : {}),
    },
    referencePolicy: { type: cli.flags.str('reference-policy') === 'local' ? 'Local' : 'Source' },
  };
  const result = await importImages(cli, name, [from], cli.dryRun === 'none', tag, policy);
  const failed = (result.status.images ?? []).some((one: Dyn) => one.status?.status === 'Failure');
  let text = failed ? 'imported with errors' : 'imported';
  if (cli.dryRun !== 'none') text += ' (dry run)';
  text += '\n\n';
  const current = cli.dryRun === 'none' ? await settled(cli, name, tag) : undefined;
  if (current) text += `${print(cli, (w) => describeImageStream(w, current))}\n`;
  for (const { image, tag: one, status } of result.status.images ?? [])
    if (image) text += `${print(cli, (w) => describeImage(w, image, `${name}:${one}`))}\n`;
    else await cli.err(`error: tag ${one} failed: ${status.message}\n`);
  const printer = cli.printer();
  await cli.out(printer ? printer(current ?? stream) : `imagestream.image.openshift.io/${name} ${text}\n`);
  if (failed) throw new CliError('imported completed with errors');
}

function print(cli: Cli, describe: (w: Writer) => void): string {
  const w = new Writer(cli.now(), DESCRIBE_OPENSHIFT);
  describe(w);
  return w.toString();
}

const TRIES = 20;

/** The stream once the server has looked at the tag. */
async function settled(cli: Cli, name: string, tag: string): Promise<Dyn> {
  for (let i = 0; ; i++) {
    const stream = await streamOf(cli, name);
    const wanted = (stream?.spec?.tags ?? []).find((one: Dyn) => one.name === tag)?.generation ?? 0;
    const known = (stream?.status?.tags ?? []).find((one: Dyn) => one.tag === tag);
    const seen = Math.max(known?.items?.[0]?.generation ?? 0, known?.conditions?.[0]?.generation ?? 0);
    if (seen >= wanted || i >= TRIES) return stream;
    await cli.proc.sleep(100);
  }
}
