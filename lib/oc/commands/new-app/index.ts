// oc new-app: an application out of images and templates. DIFFERS: source code needs builds, which are not supported.
import type { Cli, Command } from '../../cli';
import { printedName } from '../../client/discovery';
import { ApiError, CliError, ExitStatus, isReason } from '../../errors';
import { arrayFlag, boolFlag, stringFlag, stringsFlag } from '../../flags/spec';
import { type Dyn, groupVersion } from '../../object';
import { readManifests } from '../../resources/files';
import { readEnvFile } from '../../resources/key-values';
import { infoOf } from '../../resources/select';
import { createObject } from '../../resources/write';
import { findStream, IMAGE_API, lookUpImage, parseReference } from '../images/reference';
import { objectsOf, parameterValues } from '../process';
import { describeComponent, describeTemplate } from './describe';
import { type Component, configOf, deploymentOf, serviceOf, streamOf } from './objects';

const GENERATED_BY = { 'openshift.io/generated-by': 'OpenShiftNewApp' };
const ANNOTATION = 'openshift.io/generated-by';

export const newApp: Command = {
  path: 'new-app',
  only: 'oc',
  help: {
    usage: 'oc new-app (IMAGE | IMAGESTREAM | TEMPLATE | PATH | URL ...) [options]',
    flags: [
      arrayFlag('env', 'Environment variables, NAME=VALUE.', { short: 'e' }),
      arrayFlag('env-file', 'Files of environment variables.'),
      arrayFlag('param', 'Parameters of a template, NAME=VALUE.', { short: 'p' }),
      arrayFlag('param-file', 'Files of parameters.'),
      boolFlag('allow-missing-images', 'Images that are not there yet are no error.'),
      boolFlag('allow-missing-imagestream-tags', 'Tags that are not there yet are no error.'),
      boolFlag('as-deployment-config', 'DeploymentConfigs instead of Deployments.'),
      boolFlag('dry-run', 'Show what would be made.'),
      boolFlag('ignore-unknown-parameters', 'Parameters that the template has not are no error.'),
      boolFlag('insecure-registry', 'Registries may be asked without TLS.'),
      boolFlag('list', 'List the templates and image streams there are.', { short: 'L' }),
      boolFlag('no-install', 'Do not run images that install themselves.'),
      boolFlag('search', 'Search instead of making anything.', { short: 'S' }),
      stringFlag('import-mode', 'Legacy or PreserveOriginal.'),
      stringFlag('labels', 'Labels for all objects.', { short: 'l' }),
      stringFlag('name', 'The name of the application.'),
      stringFlag('output', 'Output format.', { short: 'o' }),
      stringFlag('template-format', 'The template of -o go-template.'),
      stringsFlag('code', 'Source code.'),
      stringsFlag('docker-image', 'Images.'),
      stringsFlag('file', 'Files of templates.', { short: 'f' }),
      stringsFlag('image', 'Images.'),
      stringsFlag('image-stream', 'Image streams.', { short: 'i' }),
      stringsFlag('template', 'Stored templates.'),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    if (flags.bool('list') || flags.bool('search')) return search(cli);
    const words = cli.args.filter((word) => !isVariable(word));
    const named = ['docker-image', 'image', 'image-stream', 'template', 'file', 'code'].some(
      (flag) => flags.list(flag).length > 0,
    );
    if (words.length === 0 && !named) throw new CliError(NO_INPUT);
    const code = [...flags.list('code'), ...words].find(isSource);
    if (code !== undefined)
      throw new CliError(`not supported: new-app from source code (${code}): there are no builds here`);
    const quiet = flags.str('output') !== '';
    const objects: Dyn[] = [];
    let name = '';
    for (const found of await resolveAll(cli, words)) {
      if (!quiet) await cli.out(found.text);
      objects.push(...found.objects);
      name ||= found.name;
    }
    label(cli, objects, name);
    if (quiet) return print(cli, objects);
    await createAll(cli, objects);
    await finish(cli, objects);
  },
};

const isVariable = (word: string): boolean => /^[A-Za-z_][\w.-]*=/.test(word);
const isSource = (word: string): boolean => /^(https?|git|ssh):\/\/|^git@|~(https?|git)|^\.{0,2}\/|^\.$/.test(word);

const NO_INPUT = `You must specify one or more images, image streams, templates, or source code locations to create an application.

To list all local templates and image streams, use:

  oc new-app -L

To search templates, image streams, and container images that match the arguments provided, use:

  oc new-app -S php
  oc new-app -S --template=rails
  oc new-app -S --image-stream=mysql
  oc new-app -S --image=registry.access.redhat.com/ubi8/python-38

For details on how to use the results from those searches to provide images, image streams, templates, or source code locations as inputs into 'oc new-app', use:

  oc help new-app


See 'oc new-app -h' for help and examples`;

interface Found {
  text: string;
  objects: Dyn[];
  /** What the application is called; '' for a template. */
  name: string;
}

async function resolveAll(cli: Cli, words: string[]): Promise<Found[]> {
  const { flags } = cli;
  const out: Found[] = [];
  for (const file of flags.list('file')) out.push(await fromFile(cli, file));
  for (const word of flags.list('template')) out.push(await fromTemplate(cli, word, true));
  for (const word of flags.list('image-stream'))
    out.push(await fromComponent(cli, await streamComponent(cli, word, true)));
  for (const word of [...flags.list('docker-image'), ...flags.list('image')])
    out.push(await fromComponent(cli, await imageComponent(cli, word)));
  for (const word of words) out.push(await anything(cli, word));
  return out;
}

/** A word that may be a template, an image stream or an image. */
async function anything(cli: Cli, word: string): Promise<Found> {
  const template = /^[\w.-]+(\/[\w.-]+)?$/.test(word) ? await findTemplate(cli, word) : undefined;
  if (template) return fill(cli, template, word);
  const stream = await streamComponent(cli, word, false);
  return fromComponent(cli, stream ?? (await imageComponent(cli, word)));
}

async function findTemplate(cli: Cli, word: string): Promise<Dyn> {
  const [namespace, name] = word.includes('/') ? word.split('/') : ['', word];
  for (const where of namespace ? [namespace] : [cli.namespace, 'openshift']) {
    try {
      return await cli.client.json('GET', `/apis/template.openshift.io/v1/namespaces/${where}/templates/${name}`);
    } catch (error) {
      if (!isReason(error, 'NotFound', 'Forbidden')) throw error;
    }
  }
  return undefined;
}

async function fromTemplate(cli: Cli, word: string, must: boolean): Promise<Found> {
  const template = await findTemplate(cli, word);
  if (!template && must) throw noMatch('templates loaded in accessible projects', word);
  return fill(cli, template, word);
}

async function fromFile(cli: Cli, file: string): Promise<Found> {
  const [manifest] = await readManifests(cli, [file], false);
  if (manifest?.object.kind !== 'Template') throw noMatch('template files', file);
  return fill(cli, manifest.object, file);
}

function fill(cli: Cli, template: Dyn, word: string): Found {
  const variables = cli.args.filter(isVariable);
  const given = [...cli.flags.list('param'), ...variables];
  const values = parameterValues(cli, template, given);
  const objects = objectsOf(cli, template, values);
  const set = new Set(given.map((pair) => pair.slice(0, pair.indexOf('='))));
  return { text: describeTemplate(cli, template, word, values, set), objects, name: '' };
}

async function streamComponent(cli: Cli, word: string, must: true): Promise<Component>;
async function streamComponent(cli: Cli, word: string, must: boolean): Promise<Component | undefined>;
async function streamComponent(cli: Cli, word: string, must: boolean): Promise<Component | undefined> {
  const reference = parseReference(word);
  const namespaces = reference.namespace ? [reference.namespace] : undefined;
  const stream = reference.registry ? undefined : await findStream(cli, reference.name, namespaces);
  const tag = reference.tag || 'latest';
  const event = (stream?.status?.tags ?? []).find((one: Dyn) => one.tag === tag)?.items?.[0];
  if (!stream || !event) {
    if (must) throw noMatch('image streams', word);
    return undefined;
  }
  const { namespace, name } = stream.metadata;
  const held = await cli.client.json('GET', `${IMAGE_API}/namespaces/${namespace}/imagestreamtags/${name}:${tag}`);
  return component(cli, word, reference, held.image, { name, namespace, tag });
}

async function imageComponent(cli: Cli, word: string): Promise<Component> {
  const reference = parseReference(word);
  const { image } = await lookUpImage(cli, word);
  if (image) return component(cli, word, reference, image);
  if (!cli.flags.bool('allow-missing-images')) throw noMatch('local docker images', word);
  return component(cli, word, reference, { metadata: { name: '' }, dockerImageMetadata: {} });
}

function component(
  cli: Cli,
  word: string,
  reference: Component['reference'],
  image: Dyn,
  stream?: Component['stream'],
): Component {
  const suggested = (cli.flags.str('name') || stream?.name || reference.name)
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+|-+$/g, '');
  if (!/^[a-z]([-a-z0-9]{0,56}[a-z0-9])?$/.test(cli.flags.str('name') || suggested))
    throw new CliError(
      `invalid name: ${cli.flags.str('name') || suggested}. Must be an a lower case alphanumeric (a-z, and 0-9) string with a maximum length of 58 characters, where the first character is a letter (a-z), and the '-' character is allowed anywhere except the first or last character.`,
    );
  return { word, name: suggested, reference, image, env: environment(cli), ...(stream ? { stream } : {}) };
}

function environment(cli: Cli): { name: string; value: string }[] {
  const pairs = [...cli.flags.list('env'), ...cli.args.filter(isVariable)];
  const all = new Map<string, string>();
  for (const file of cli.flags.list('env-file'))
    for (const [name, value] of readEnvFile(cli, file)) all.set(name, value);
  for (const pair of pairs) all.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  return [...all].map(([name, value]) => ({ name, value }));
}

function fromComponent(cli: Cli, found: Component): Found {
  const config = cli.flags.bool('as-deployment-config');
  const service = serviceOf(found, config ? { deploymentconfig: found.name } : { deployment: found.name });
  const objects = [
    ...(found.stream ? [] : [streamOf(found)]),
    config ? configOf(found) : deploymentOf(found),
    ...(service ? [service] : []),
  ];
  return { text: describeComponent(cli, found), objects, name: found.name };
}

function noMatch(what: string, word: string): CliError {
  return new CliError(`unable to locate any ${what} with name ${JSON.stringify(word)}

The 'oc new-app' command will match arguments to the following types:

  1. Images tagged into image streams in the current project or the 'openshift' project
     - if you don't specify a tag, we'll add ':latest'
  2. Images in the container storage, on remote registries, or on the local container engine
  3. Templates in the current project or the 'openshift' project
  4. Git repository URLs or local paths that point to Git repositories

--allow-missing-images can be used to point to an image that does not exist yet.

See 'oc new-app -h' for examples.`);
}

const givenLabels = (cli: Cli): [string, string][] =>
  cli.flags
    .str('labels')
    .split(',')
    .filter(Boolean)
    .map((pair) => {
      const [key = '', value] = pair.split('=');
      if (value === undefined) throw new CliError(`unexpected label spec: ${pair}`);
      return [key, value];
    });

function label(cli: Cli, objects: Dyn[], name: string): void {
  const given = Object.fromEntries(givenLabels(cli));
  const hasApp = objects.some((object) => ({ ...object.metadata?.labels, ...given })['app'] !== undefined);
  const own =
    name && !hasApp ? { app: name, 'app.kubernetes.io/component': name, 'app.kubernetes.io/instance': name } : {};
  for (const object of objects) {
    const meta = (object.metadata ??= {});
    meta.labels = { ...own, ...meta.labels, ...given };
    if (Object.keys(meta.labels).length === 0) delete meta.labels;
    meta.annotations = { ...meta.annotations, ...GENERATED_BY };
    const template = object.spec?.template?.metadata;
    if (template) {
      template.labels = { ...template.labels, ...given };
      template.annotations = { ...template.annotations, [ANNOTATION]: GENERATED_BY[ANNOTATION] };
    }
  }
}

async function print(cli: Cli, objects: Dyn[]): Promise<void> {
  await cli.out(cli.printer()?.({ apiVersion: 'v1', items: objects, kind: 'List', metadata: {} }) ?? '');
}

async function createAll(cli: Cli, objects: Dyn[]): Promise<void> {
  const labels = givenLabels(cli).map(([key, value]) => `${key}=${value}`);
  const dry = cli.flags.bool('dry-run') ? ' (dry run)' : '';
  await cli.out(
    `--> Creating resources ${labels.length > 0 ? `with label ${labels.join(',')} ` : ''}...${dry ? dry : ''}\n`,
  );
  let failed = false;
  for (const object of objects) {
    try {
      const info = await infoOf(cli, { object, source: '' });
      const made = dry ? object : await createObject(cli, info);
      const [group] = groupVersion(object.apiVersion);
      const [kind = ''] = printedName({ group, kind: object.kind }, '').split('/');
      await cli.out(`    ${kind} ${JSON.stringify(made.metadata.name)} created${dry}\n`);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof CliError)) throw error;
      failed = true;
      await cli.err(`    error: ${error.message}\n`);
    }
  }
  await cli.out(failed ? '--> Failed\n' : `--> Success${dry}\n`);
  if (failed) throw new ExitStatus(1);
}

async function finish(cli: Cli, objects: Dyn[]): Promise<void> {
  if (cli.flags.bool('dry-run')) return;
  const routes = objects.filter(({ kind }) => kind === 'Route');
  for (const { metadata } of routes) {
    const route = await cli.client.json(
      'GET',
      `/apis/route.openshift.io/v1/namespaces/${cli.namespace}/routes/${metadata.name}`,
    );
    if (route.spec.host) await cli.out(`    Access your application via route '${route.spec.host}' \n`);
  }
  const services = objects.filter(({ kind }) => kind === 'Service');
  if (routes.length === 0 && services.length > 0) {
    await cli.out(
      '    Application is not exposed. You can expose services to the outside world by executing one or more of the commands below:\n',
    );
    for (const { metadata } of services) await cli.out(`     'oc expose service/${metadata.name}' \n`);
  }
  await cli.out("    Run 'oc status' to view your app.\n");
}

/** `-L` and `-S`: templates and image streams by name. */
async function search(cli: Cli): Promise<void> {
  const words = [
    ...cli.args,
    ...cli.flags.list('template'),
    ...cli.flags.list('image-stream'),
    ...cli.flags.list('image'),
  ];
  const hit = (name: string) => words.length === 0 || words.some((word) => name.includes(word));
  const items = async (path: string): Promise<Dyn[]> => {
    const lists = await Promise.all(
      [...new Set([cli.namespace, 'openshift'])].map((namespace) =>
        cli.client.json('GET', path.replace('NS', namespace)).catch((error: unknown) => {
          if (isReason(error, 'Forbidden', 'NotFound')) return { items: [] };
          throw error;
        }),
      ),
    );
    return lists.flatMap((list) => list.items).filter(({ metadata }: Dyn) => hit(metadata.name));
  };
  const templates = await items('/apis/template.openshift.io/v1/namespaces/NS/templates');
  const streams = await items(`${IMAGE_API}/namespaces/NS/imagestreams`);
  if (templates.length + streams.length === 0) throw new CliError('no matches found');
  if (templates.length > 0) {
    await cli.out('Templates (oc new-app --template=<template>)\n-----\n');
    for (const { metadata } of templates)
      await cli.out(
        `${metadata.name}\n  Project: ${metadata.namespace}\n  ${metadata.annotations?.description ?? ''}\n`,
      );
    await cli.out('\n');
  }
  if (streams.length === 0) return;
  await cli.out('Image streams (oc new-app --image-stream=<image-stream> [--code=<source>])\n-----\n');
  for (const { metadata, status } of streams) {
    const tags = (status?.tags ?? []).map((one: Dyn) => one.tag).join(', ');
    await cli.out(`${metadata.name}\n  Project: ${metadata.namespace}\n  Tags:    ${tags || '<none>'}\n`);
  }
  await cli.out('\n');
}
