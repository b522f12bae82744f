// Fills in what a pod's specification leaves out: pkg/apis/core/v1/defaults.go.

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod's specification, already shaped by the schema
type Part = Record<string, any>;

const FILE_MODE = 0o644;
const TOKEN_SECONDS = 3600;

const fill = (target: Part, defaults: Part) => {
  for (const [key, value] of Object.entries(defaults)) target[key] ??= value;
};

/** `Always` for images without a tag or with `latest`, else `IfNotPresent`. */
function defaultPullPolicy(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  if (last.includes('@')) return 'IfNotPresent';
  const tag = last.includes(':') ? last.slice(last.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultHandler(handler: Part | undefined): void {
  if (handler?.['httpGet']) fill(handler['httpGet'], { path: '/', scheme: 'HTTP' });
  if (handler?.['grpc']) fill(handler['grpc'], { service: '' });
}

function defaultProbe(probe: Part | undefined): void {
  if (!probe) return;
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  defaultHandler(probe);
}

function defaultContainer(container: Part): void {
  fill(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: defaultPullPolicy(container['image'] ?? ''),
  });
  for (const port of container['ports'] ?? []) fill(port, { protocol: 'TCP' });
  for (const env of container['env'] ?? [])
    if (env.valueFrom?.fieldRef) fill(env.valueFrom.fieldRef, { apiVersion: 'v1' });
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(container[name]);
  defaultHandler(container['lifecycle']?.postStart);
  defaultHandler(container['lifecycle']?.preStop);
  const { limits, requests } = container['resources'];
  if (limits) container['resources'].requests = { ...limits, ...requests };
}

function defaultVolume(volume: Part): void {
  if (Object.keys(volume).length === 1) volume['emptyDir'] = {};
  for (const name of ['secret', 'configMap', 'downwardAPI', 'projected'])
    if (volume[name]) fill(volume[name], { defaultMode: FILE_MODE });
  if (volume['hostPath']) fill(volume['hostPath'], { type: '' });
  for (const item of volume['downwardAPI']?.items ?? []) if (item.fieldRef) fill(item.fieldRef, { apiVersion: 'v1' });
  for (const source of volume['projected']?.sources ?? []) {
    if (source.serviceAccountToken) fill(source.serviceAccountToken, { expirationSeconds: TOKEN_SECONDS });
    for (const item of source.downwardAPI?.items ?? []) if (item.fieldRef) fill(item.fieldRef, { apiVersion: 'v1' });
  }
  if (volume['ephemeral']?.volumeClaimTemplate?.spec)
    fill(volume['ephemeral'].volumeClaimTemplate.spec, { volumeMode: 'Filesystem' });
}

/** Works in place. */
export function defaultPodSpec(spec: Part): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  if (spec['serviceAccountName']) spec['serviceAccount'] = spec['serviceAccountName'];
  else if (spec['serviceAccount']) spec['serviceAccountName'] = spec['serviceAccount'];
  for (const container of [...(spec['initContainers'] ?? []), ...(spec['containers'] ?? [])]) {
    defaultContainer(container);
    if (spec['hostNetwork']) for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
  }
  for (const container of spec['ephemeralContainers'] ?? []) defaultContainer(container);
  for (const volume of spec['volumes'] ?? []) defaultVolume(volume);
}

/** A workload's template; `creationTimestamp: null` is what the real server shows there. */
export function defaultTemplate(owner: Part | undefined): void {
  const template = owner?.['template'];
  if (!template) return;
  template.metadata = { creationTimestamp: null, ...template.metadata };
  if (template.spec) defaultPodSpec(template.spec);
}
