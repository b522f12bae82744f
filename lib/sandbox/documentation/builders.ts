// Objects of the Kubernetes API in few words, for the documentation's manifests.

export type Manifest = Record<string, unknown>;
export type Amounts = Record<string, string | number>;

export const object = (
  apiVersion: string,
  kind: string,
  name: string,
  rest: Manifest,
  metadata: Manifest = {},
): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
  ...rest,
});
export const spec = (
  apiVersion: string,
  kind: string,
  name: string,
  what: Manifest,
  metadata: Manifest = {},
): Manifest => object(apiVersion, kind, name, { spec: what }, metadata);

export const pod = (name: string, container: Manifest, more: Manifest = {}, metadata: Manifest = {}): Manifest =>
  spec('v1', 'Pod', name, { containers: [container], ...more }, metadata);

/** A pod with one container, called `NAME-ctr`, that asks for something. */
export const asking = (name: string, image: string, resources?: { requests?: Amounts; limits?: Amounts }): Manifest =>
  pod(name, { name: `${name}-ctr`, image, ...(resources && { resources }) });

export const claim = (name: string, storage: string, more: Manifest = {}, metadata: Manifest = {}): Manifest =>
  spec(
    'v1',
    'PersistentVolumeClaim',
    name,
    { ...more, accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    metadata,
  );

export const workload = (
  kind: string,
  name: string,
  labels: Record<string, string>,
  more: Manifest,
  podSpec: Manifest,
) =>
  spec('apps/v1', kind, name, {
    ...more,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec },
  });
export const labelled = (manifest: Manifest, labels: Record<string, string>, more: Manifest = {}): Manifest => ({
  ...manifest,
  metadata: { ...(manifest['metadata'] as Manifest), labels, ...more },
});
export const NGINX = { app: 'nginx' };
export const nginx = (image: string): Manifest => ({ name: 'nginx', image, ports: [{ containerPort: 80 }] });
export const service = (
  name: string,
  selector: Record<string, string>,
  port: Manifest,
  more: Manifest = {},
): Manifest => spec('v1', 'Service', name, { ...more, ports: [port], selector });
export const HEADLESS = { clusterIP: 'None' };
