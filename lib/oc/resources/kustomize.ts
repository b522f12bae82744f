// `-k` and `kustomize`: the fields of a kustomization that courses use.
import type { Cli } from '../cli';
import { CliError } from '../errors';
import { clone, type Dyn, quote } from '../object';
import { type Manifest, parseYaml, readManifests } from './files';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export async function readKustomization(cli: Cli, dir: string): Promise<Manifest[]> {
  const { files } = cli.proc;
  const base = dir.replace(/\/$/, '');
  const file = NAMES.map((name) => `${base}/${name}`).find((path) => files.exists(path));
  if (!files.exists(base))
    throw new CliError(
      `must build at directory: not a valid directory: evalsymlink failure on '${dir}' : lstat ${dir}: no such file or directory`,
    );
  if (!file)
    throw new CliError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${base}'`,
    );
  const spec: Dyn = parseYaml(files.readText(file))[0] ?? {};
  const out: Manifest[] = [];
  for (const entry of [...(spec.resources ?? []), ...(spec.bases ?? [])]) {
    const path = /^https?:/.test(entry) ? entry : `${base}/${entry}`;
    if (files.find(path)?.type === 'dir') out.push(...(await readKustomization(cli, path)));
    else out.push(...(await readManifests(cli, [path], false)));
  }
  return transform(
    spec,
    out.map((manifest) => ({ ...manifest, object: clone(manifest.object) })),
  );
}

const UNSUPPORTED = [
  'configMapGenerator',
  'secretGenerator',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'components',
  'replacements',
  'vars',
  'helmCharts',
  'generators',
  'transformers',
];

function transform(spec: Dyn, manifests: Manifest[]): Manifest[] {
  const refused = UNSUPPORTED.find((field) => spec[field]);
  if (refused) throw new CliError(`not supported: the field ${quote(refused)} of a kustomization`);
  for (const { object } of manifests) {
    const meta = (object.metadata ??= {});
    meta.name = `${spec.namePrefix ?? ''}${meta.name}${spec.nameSuffix ?? ''}`;
    if (spec.namespace && object.kind !== 'Namespace') meta.namespace = spec.namespace;
    if (spec.commonAnnotations) meta.annotations = { ...meta.annotations, ...spec.commonAnnotations };
    if (spec.commonLabels) label(object, spec.commonLabels, true);
    for (const { pairs, includeSelectors } of spec.labels ?? []) label(object, pairs, includeSelectors ?? false);
    for (const image of spec.images ?? []) for (const container of containers(object)) retag(container, image);
    for (const { name, count } of spec.replicas ?? [])
      if (meta.name === name && object.spec) object.spec.replicas = count;
  }
  return manifests;
}

function label(object: Dyn, labels: Record<string, string>, selectors: boolean): void {
  object.metadata.labels = { ...object.metadata.labels, ...labels };
  if (!selectors) return;
  const template = object.spec?.template;
  if (template) (template.metadata ??= {}).labels = { ...template.metadata.labels, ...labels };
  if (object.spec?.selector?.matchLabels) Object.assign(object.spec.selector.matchLabels, labels);
  else if (object.kind === 'Service' && object.spec?.selector) Object.assign(object.spec.selector, labels);
}

const containers = (object: Dyn): Dyn[] => {
  const pod = object.kind === 'Pod' ? object.spec : object.spec?.template?.spec;
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
};

function retag(container: Dyn, image: { name: string; newName?: string; newTag?: string; digest?: string }): void {
  const [, name = ''] = /^(.*?)(?::[\w.-]+)?(?:@.*)?$/.exec(container.image) ?? [];
  if (name !== image.name) return;
  const tail = image.digest
    ? `@${image.digest}`
    : image.newTag
      ? `:${image.newTag}`
      : container.image.slice(name.length);
  container.image = (image.newName ?? name) + tail;
}
