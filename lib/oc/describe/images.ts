// oc describe imagestream, and of an image as import-image and `oc describe istag` show it.
import type { Dyn } from '../object';
import { humanWords } from '../printers/words';
import type { Writer } from './writer';

/** What oc writes for the metadata of OpenShift's kinds. */
function head(w: Writer, { metadata }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`);
  if (metadata.namespace) w.line(0, `Namespace:\t${metadata.namespace}`);
  if (metadata.creationTimestamp)
    w.line(0, `Created:\t${humanWords(w.now - Date.parse(metadata.creationTimestamp))} ago`);
  w.labels('Labels', metadata.labels);
  const notes = metadata.annotations ?? {};
  w.list(
    'Annotations',
    Object.keys(notes)
      .sort()
      .map((key) => `${key}=${notes[key]}`),
  );
}

export function describeImageStream(w: Writer, stream: Dyn): void {
  head(w, stream);
  const { publicDockerImageRepository, dockerImageRepository = '' } = stream.status ?? {};
  w.line(0, `Image Repository:\t${publicDockerImageRepository || dockerImageRepository}`);
  w.line(0, `Image Lookup:\tlocal=${stream.spec?.lookupPolicy?.local ?? false}`);
  const spec: Dyn[] = stream.spec?.tags ?? [];
  const status: Dyn[] = stream.status?.tags ?? [];
  const names = [...new Set([...spec.map(({ name }) => name), ...status.map(({ tag }) => tag)])].sort();
  if (names.length === 0) return void w.line(0, 'Tags:\t<none>');
  w.line(
    0,
    `Unique Images:\t${new Set(status.flatMap(({ items }) => (items ?? []).map((one: Dyn) => one.image))).size}`,
  );
  w.line(0, `Tags:\t${names.length}\n`);
  for (const name of names)
    tagLines(
      w,
      name,
      spec.find((one) => one.name === name),
      status.find((one) => one.tag === name),
    );
}

function tagLines(w: Writer, name: string, spec: Dyn, status: Dyn): void {
  w.line(0, name);
  if (!spec?.from) w.line(0, '  no spec tag');
  else if (spec.from.kind === 'DockerImage') w.line(0, `  tagged from ${spec.from.name}`);
  else w.line(0, `  tagged from ${spec.from.namespace ? `${spec.from.namespace}/` : ''}${spec.from.name}`);
  if (spec?.referencePolicy?.type === 'Local') w.line(0, '    prefer registry pullthrough when referencing this tag');
  w.line(0, '');
  for (const { type, status: is, message } of status?.conditions ?? [])
    if (type === 'ImportSuccess' && is === 'False') w.line(0, `  ! error: Import failed (NotFound): ${message}\n`);
  (status?.items ?? []).forEach((event: Dyn, i: number) => {
    w.line(0, `  ${i === 0 ? '*' : ' '} ${event.dockerImageReference}`);
    w.line(0, `      ${humanWords(w.now - Date.parse(event.created))} ago`);
  });
  w.line(0, '');
}

const size = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB'];
  let [n, i] = [bytes, 0];
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return `${Number(n.toPrecision(4))}${units[i]}`;
};

export function describeImage(w: Writer, image: Dyn, name: string): void {
  const meta = image.dockerImageMetadata ?? {};
  const config = meta.Config ?? {};
  w.line(0, `Image Name:\t${name}`).line(0, `Docker Image:\t${image.dockerImageReference}`);
  w.line(0, `Name:\t${image.metadata.name}`);
  if (meta.Created) w.line(0, `Created:\t${humanWords(w.now - Date.parse(meta.Created))} ago`);
  if (meta.Size) w.line(0, `Image Size:\t${size(meta.Size)}`);
  if (meta.Created) w.line(0, `Image Created:\t${humanWords(w.now - Date.parse(meta.Created))} ago`);
  w.line(0, `Author:\t${meta.Author || '<none>'}`).line(0, `Arch:\t${meta.Architecture ?? 'amd64'}`);
  words(w, 'Entrypoint', config.Entrypoint);
  words(w, 'Command', config.Cmd);
  w.line(0, `Working Dir:\t${config.WorkingDir || '<none>'}`).line(0, `User:\t${config.User || '<none>'}`);
  w.line(
    0,
    `Exposes Ports:\t${
      Object.keys(config.ExposedPorts ?? {})
        .sort()
        .join(', ') || '<none>'
    }`,
  );
  w.list(
    'Docker Labels',
    Object.keys(config.Labels ?? {})
      .sort()
      .map((key) => `${key}=${config.Labels[key]}`),
  );
  w.list('Environment', config.Env ?? []);
}

function words(w: Writer, title: string, list: string[] | undefined): void {
  if (list?.length) w.line(0, `${title}:\t${list.join(' ')}`);
}

/** `oc image info`: what the registry tells of an image. */
export function imageInfo(w: Writer, name: string, image: Dyn): void {
  const meta = image.dockerImageMetadata ?? {};
  const config = meta.Config ?? {};
  w.line(0, `Name:\t${name}`).line(0, `Digest:\t${image.metadata.name}`);
  w.line(0, `Media Type:\t${image.dockerImageManifestMediaType}`);
  w.line(0, `Created:\t${meta.Created ? `${shortAge(w.now - Date.parse(meta.Created))} ago` : '<unknown>'}`);
  w.line(0, `Image Size:\t${size(meta.Size ?? 0)} in ${(image.dockerImageLayers ?? []).length} layers`);
  (image.dockerImageLayers ?? []).forEach((layer: Dyn, i: number) => {
    w.line(0, `${i === 0 ? 'Layers:' : ''}\t${size(layer.size)}\t${layer.name}`);
  });
  w.line(0, 'OS:\tlinux').line(0, `Arch:\t${meta.Architecture ?? 'amd64'}`);
  words(w, 'Entrypoint', config.Entrypoint);
  words(w, 'Command', config.Cmd);
  if (config.WorkingDir) w.line(0, `Working Dir:\t${config.WorkingDir}`);
  if (config.User) w.line(0, `User:\t${config.User}`);
  const ports = Object.keys(config.ExposedPorts ?? {}).sort();
  if (ports.length > 0) w.line(0, `Exposes Ports:\t${ports.join(', ')}`);
  if (config.Env?.length) w.list('Environment', config.Env);
  const labels = Object.keys(config.Labels ?? {}).sort();
  if (labels.length > 0)
    w.list(
      'Labels',
      labels.map((key) => `${key}=${config.Labels[key]}`),
    );
  const volumes = Object.keys(config.Volumes ?? {}).sort();
  if (volumes.length > 0) w.list('Volumes', volumes);
}

/** duration.ShortHumanDuration: one unit. */
function shortAge(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  if (days >= 365) return `${Math.floor(days / 365)}y`;
  if (days >= 1) return `${days}d`;
  const hours = Math.floor(ms / 3_600_000);
  return hours >= 1 ? `${hours}h` : `${Math.max(0, Math.floor(ms / 60_000))}m`;
}
