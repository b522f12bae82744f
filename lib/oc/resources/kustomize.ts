// `-k` and `kustomize`: the fields of a kustomization that courses use.
import { normalize } from '../../machine/path';
import type { Cli } from '../cli';
import { CliError } from '../errors';
import { clone, type Dyn, isMap, quote } from '../object';
import { contentHash } from './content-hash';
import { type Manifest, parseYaml, readManifests } from './files';
import { applyJsonPatch } from './json-patch';
import { readEnvFile } from './key-values';
import { strategicMerge } from './strategic';

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
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${normalize(cli.proc.cwd, base)}'`,
    );
  const spec: Dyn = parseYaml(files.readText(file))[0] ?? {};
  const out: Manifest[] = [];
  for (const entry of [...(spec.resources ?? []), ...(spec.bases ?? [])]) {
    const path = /^https?:/.test(entry) ? entry : `${base}/${entry}`;
    if (files.find(path)?.type === 'dir') out.push(...(await readKustomization(cli, path)));
    else out.push(...(await readManifests(cli, [path], false)));
  }
  const copies = out.map((manifest) => ({ ...manifest, object: clone(manifest.object) }));
  for (const object of generated(cli, base, spec)) copies.push({ object, source: file });
  patchAll(cli, base, spec, copies);
  return transform(spec, copies);
}

const UNSUPPORTED = ['components', 'replacements', 'vars', 'helmCharts', 'generators', 'transformers'];

function transform(spec: Dyn, manifests: Manifest[]): Manifest[] {
  const refused = UNSUPPORTED.find((field) => spec[field]);
  if (refused) throw new CliError(`not supported: the field ${quote(refused)} of a kustomization`);
  const renamed = new Map<string, string>();
  for (const { object } of manifests) {
    const meta = (object.metadata ??= {});
    const old = meta.name;
    meta.name = `${spec.namePrefix ?? ''}${meta.name}${spec.nameSuffix ?? ''}`;
    const hashed = hashedGenerators.delete(object);
    if (hashed) meta.name += `-${contentHash(object)}`;
    renamed.set(`${object.kind}/${old}`, meta.name);
    if (spec.namespace && object.kind !== 'Namespace') meta.namespace = spec.namespace;
    if (spec.commonAnnotations) meta.annotations = { ...meta.annotations, ...spec.commonAnnotations };
    if (spec.commonLabels) label(object, spec.commonLabels, true);
    for (const { pairs, includeSelectors } of spec.labels ?? []) label(object, pairs, includeSelectors ?? false);
    for (const image of spec.images ?? []) for (const container of containers(object)) retag(container, image);
    for (const { name, count } of spec.replicas ?? [])
      if (meta.name === name && object.spec) object.spec.replicas = count;
  }
  for (const { object } of manifests) followNames(object, renamed);
  return manifests;
}

/** The fields by which objects name config maps, secrets and the like. */
const REFERENCES: Record<string, [kind: string, name: string]> = {
  configMap: ['ConfigMap', 'name'],
  configMapRef: ['ConfigMap', 'name'],
  configMapKeyRef: ['ConfigMap', 'name'],
  secret: ['Secret', 'secretName'],
  secretRef: ['Secret', 'name'],
  secretKeyRef: ['Secret', 'name'],
  persistentVolumeClaim: ['PersistentVolumeClaim', 'claimName'],
  service: ['Service', 'name'],
};

/** Gives references the names that their objects have now. */
function followNames(value: Dyn, renamed: Map<string, string>): void {
  if (Array.isArray(value)) for (const item of value) followNames(item, renamed);
  if (!isMap(value)) return;
  for (const [key, inner] of Object.entries(value) as [string, Dyn][]) {
    const [kind, field] = REFERENCES[key] ?? [];
    const now = field && isMap(inner) ? renamed.get(`${kind}/${inner[field]}`) : undefined;
    if (now && field) inner[field] = now;
    if (key === 'serviceAccountName') value[key] = renamed.get(`ServiceAccount/${inner}`) ?? inner;
    followNames(inner, renamed);
  }
}

/** Generated objects whose names still want their hash. */
const hashedGenerators = new WeakSet<object>();

/** What configMapGenerator and secretGenerator make. */
function generated(cli: Cli, base: string, spec: Dyn): Dyn[] {
  const make = (entry: Dyn, kind: 'ConfigMap' | 'Secret'): Dyn => {
    const data: Record<string, string> = {};
    const add = (key: string, text: string) => {
      data[key] = kind === 'Secret' ? Buffer.from(text).toString('base64') : text;
    };
    for (const literal of entry.literals ?? []) add(literal.split('=')[0], literal.slice(literal.indexOf('=') + 1));
    for (const source of entry.files ?? []) {
      const [key, path] = source.includes('=') ? source.split('=') : [source.split('/').at(-1), source];
      add(key, cli.readText(`${base}/${path}`));
    }
    for (const file of [...(entry.envs ?? []), ...(entry.env ? [entry.env] : [])])
      for (const [key, value] of readEnvFile(cli, `${base}/${file}`)) add(key, value);
    const options = { ...spec.generatorOptions, ...entry.options };
    const object: Dyn = {
      apiVersion: 'v1',
      data,
      kind,
      metadata: {
        name: entry.name,
        ...(entry.namespace ? { namespace: entry.namespace } : {}),
        ...(options.labels ? { labels: options.labels } : {}),
        ...(options.annotations ? { annotations: options.annotations } : {}),
      },
      ...(kind === 'Secret' ? { type: entry.type ?? 'Opaque' } : {}),
    };
    if (!options.disableNameSuffixHash) hashedGenerators.add(object);
    return object;
  };
  return [
    ...(spec.configMapGenerator ?? []).map((entry: Dyn) => make(entry, 'ConfigMap')),
    ...(spec.secretGenerator ?? []).map((entry: Dyn) => make(entry, 'Secret')),
  ];
}

/** Applies `patches`, and the older patchesStrategicMerge and patchesJson6902. */
function patchAll(cli: Cli, base: string, spec: Dyn, manifests: Manifest[]): void {
  const old = (spec.patchesStrategicMerge ?? []).map((text: string) =>
    text.includes('\n') ? { patch: text } : { path: text },
  );
  for (const { path, patch, target } of [...(spec.patches ?? []), ...old, ...(spec.patchesJson6902 ?? [])]) {
    const pieces = parseYaml(path ? cli.readText(`${base}/${path}`) : patch);
    for (const piece of pieces) {
      const isJson = Array.isArray(piece);
      const wanted = target ?? { kind: piece?.kind, name: piece?.metadata?.name };
      const hits = manifests.filter(({ object }) => isTarget(object, wanted));
      if (hits.length === 0)
        throw new CliError(
          `no matches for Id ${wanted.kind}.${wanted.version ?? 'v1'}/${wanted.name}.[noNs]; failed to find unique target for patch`,
        );
      for (const hit of hits)
        if (isJson) applyJsonPatch(hit.object, piece);
        else if (piece['$patch'] === 'delete') manifests.splice(manifests.indexOf(hit), 1);
        else
          hit.object = strategicMerge(hit.object, {
            ...piece,
            metadata: { ...piece.metadata, name: hit.object.metadata.name },
          });
    }
  }
}

function isTarget(object: Dyn, { kind, name, namespace, labelSelector }: Dyn): boolean {
  const matches = (pattern: string | undefined, text: string) =>
    pattern === undefined || new RegExp(`^(?:${pattern})$`).test(text ?? '');
  const labels = (labelSelector ?? '').split(',').filter(Boolean);
  return (
    matches(kind, object.kind) &&
    matches(name, object.metadata.name) &&
    matches(namespace, object.metadata.namespace) &&
    labels.every((pair: string) => object.metadata.labels?.[pair.split('=')[0] as string] === pair.split('=')[1])
  );
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
