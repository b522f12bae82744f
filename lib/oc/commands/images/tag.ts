// oc tag: lets tags of image streams point to images and other tags.
import type { Cli, Command } from '../../cli';
import { CliError, isReason } from '../../errors';
import { boolFlag, stringFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { exactReference, IMAGE_API, parseReference, type Reference } from './reference';

export const tag: Command = {
  path: 'tag',
  only: 'oc',
  help: {
    usage: 'oc tag [--source=SOURCETYPE] SOURCE DEST [DEST ...] [options]',
    flags: [
      boolFlag('alias', 'Let the destination follow the source.'),
      boolFlag('delete', 'Delete tags.', { short: 'd' }),
      boolFlag('insecure', 'The registry may be asked without TLS.'),
      boolFlag('reference', 'Keep only the reference.'),
      boolFlag('scheduled', 'Import again and again.'),
      stringFlag('import-mode', 'Legacy or PreserveOriginal.'),
      stringFlag('reference-policy', 'source or local.', { value: 'source' }),
      stringFlag('source', 'What the source is: imagestreamtag, istag, imagestreamimage, isimage or docker.'),
    ],
  },
  async run(cli) {
    const { flags, args } = cli;
    const deletes = flags.bool('delete');
    if (args.length < 2 && (args.length < 1 || !deletes))
      throw cli.usage('you must specify a source and at least one destination or one or more tags to delete');
    if (deletes && flags.bool('alias')) throw new CliError('--alias and --delete may not be both specified');
    const policy = flags.str('reference-policy');
    if (policy !== 'source' && policy !== 'local')
      throw new CliError("reference policy must be set to 'source' or 'local'");
    if (deletes) for (const word of args) await deleteTag(cli, word);
    else await setTags(cli, args[0] as string, args.slice(1));
  },
};

/** `namespace/name:tag` or `name:tag`. */
function destination(cli: Cli, text: string): { namespace: string; name: string; tag: string } {
  const parts = text.split('/');
  if (parts.length > 2) throw new CliError(`invalid image stream ${JSON.stringify(text)}`);
  const [stream = '', tag = 'latest', ...more] = (parts.at(-1) as string).split(':');
  if (!stream || more.length > 0) throw new CliError(`${JSON.stringify(text)} must be of the form <stream_name>:<tag>`);
  return { namespace: parts.length === 2 ? (parts[0] as string) : cli.namespace, name: stream, tag };
}

const tagPath = (namespace: string, name: string): string =>
  `${IMAGE_API}/namespaces/${namespace}/imagestreamtags/${name}`;

async function deleteTag(cli: Cli, text: string): Promise<void> {
  const { namespace, name, tag } = destination(cli, text);
  await cli.client.json('DELETE', tagPath(namespace, `${name}:${tag}`));
  await cli.out(`Deleted tag ${namespace}/${name}:${tag}.\n`);
}

async function setTags(cli: Cli, word: string, words: string[]): Promise<void> {
  const { flags } = cli;
  const source = await sourceOf(cli, word);
  if (source.kind !== 'DockerImage' && (flags.bool('scheduled') || flags.bool('insecure')))
    throw new CliError('only container images can have importing flags set');
  for (const text of words) {
    const to = destination(cli, text);
    if (!/^\w[\w.-]{0,127}$/.test(to.tag))
      throw new CliError(
        `invalid tag ${JSON.stringify(to.tag)} format, tags must start with an alphanumeric character followed by alphanumeric, '.' or '-' characters, and have a maximum of 128 characters`,
      );
    if (flags.bool('alias') && (to.namespace !== cli.namespace || to.name !== source.reference.name))
      throw new CliError('cannot set alias across different Image Streams');
    await put(cli, to, source);
    await cli.out(`${message(cli, to, source)}\n`);
  }
}

interface Source {
  kind: 'DockerImage' | 'ImageStreamTag' | 'ImageStreamImage';
  reference: Reference;
}

const KINDS: Record<string, Source['kind']> = {
  imagestreamtag: 'ImageStreamTag',
  istag: 'ImageStreamTag',
  imagestreamimage: 'ImageStreamImage',
  isimage: 'ImageStreamImage',
  docker: 'DockerImage',
  dockerimage: 'DockerImage',
};

async function sourceOf(cli: Cli, word: string): Promise<Source> {
  const reference = parseReference(word);
  const given = cli.flags.str('source');
  const kind = given ? KINDS[given.toLowerCase()] : guess(reference);
  if (!kind)
    throw cli.usage(
      `invalid source ${JSON.stringify(given)}; valid values are ${Object.keys(KINDS).sort().join(', ')}`,
    );
  if (kind === 'ImageStreamTag' && !reference.tag)
    throw new CliError('--source=ImageStreamTag requires a valid <name>:<tag> in SOURCE');
  if (kind !== 'ImageStreamTag' || cli.flags.bool('alias')) return { kind, reference };
  const namespace = reference.namespace || cli.namespace;
  const stream = await cli.client.json('GET', `${IMAGE_API}/namespaces/${namespace}/imagestreams/${reference.name}`);
  const event = (stream.status?.tags ?? []).find((one: Dyn) => one.tag === reference.tag)?.items?.[0];
  if (!event)
    throw new CliError(
      `${JSON.stringify(word)} is not currently pointing to an image, cannot use it as the source of a tag`,
    );
  return { kind: 'ImageStreamImage', reference: { ...reference, tag: '', id: event.image } };
}

function guess({ registry, tag, id }: Reference): Source['kind'] {
  if (registry) return 'DockerImage';
  if (id) return 'ImageStreamImage';
  return tag ? 'ImageStreamTag' : 'DockerImage';
}

async function put(cli: Cli, to: ReturnType<typeof destination>, { kind, reference }: Source): Promise<void> {
  const { flags } = cli;
  const own = reference.namespace || (to.namespace === cli.namespace ? '' : cli.namespace);
  const local = exactReference({ ...reference, registry: '', namespace: '' });
  const body = {
    apiVersion: 'image.openshift.io/v1',
    kind: 'ImageStreamTag',
    metadata: { name: `${to.name}:${to.tag}`, namespace: to.namespace },
    tag: {
      name: to.tag,
      reference: flags.bool('reference') || undefined,
      importPolicy: {
        importMode: flags.str('import-mode') || 'Legacy',
        ...(flags.bool('insecure') ? { insecure: true } : {}),
        ...(flags.bool('scheduled') ? { scheduled: true } : {}),
      },
      referencePolicy: { type: flags.str('reference-policy') === 'local' ? 'Local' : 'Source' },
      from:
        kind === 'DockerImage'
          ? { kind, name: exactReference(reference) }
          : { kind, name: local, ...(own ? { namespace: own } : {}) },
    },
  };
  try {
    await cli.client.json('PUT', tagPath(to.namespace, `${to.name}:${to.tag}`), { body });
  } catch (error) {
    if (!isReason(error, 'NotFound', 'MethodNotAllowed')) throw error;
    await cli.client.json('POST', `${IMAGE_API}/namespaces/${to.namespace}/imagestreamtags`, { body });
  }
}

function message(cli: Cli, to: ReturnType<typeof destination>, { reference }: Source): string {
  const target = `${to.namespace === cli.namespace ? '' : `${to.namespace}/`}${to.name}:${to.tag}`;
  const source = exactReference(reference);
  if (cli.flags.bool('alias')) return `Tag ${target} set up to track ${source}.`;
  return cli.flags.bool('scheduled')
    ? `Tag ${target} set to import ${source} periodically.`
    : `Tag ${target} set to ${source}.`;
}
