// The environment of a container: image, service variables, spec with $(VAR) references. kubernetes pkg/kubelet/kubelet_pods.go.
import type { Container, EnvVar, Pod } from '../kinds';
import { quantityValue } from '../resources/quantity';
import { envName } from '../resources/validation/names';
import type { ObjectStore } from '../store/store';
import type { KubeObject } from '../store/types';

/** Something that the spec refers to is not there: CreateContainerConfigError. */
export class ConfigError extends Error {}

/** Keys of a config map or secret that cannot be variables. */
export interface Skipped {
  kind: 'configMap' | 'secret';
  name: string;
  keys: string[];
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString();

/** What the kubelet hands to the runtime; the image's own variables come below it. */
export function containerEnvironment(
  store: ObjectStore,
  pod: Pod,
  container: Container,
  node: { name: string; address: string; addresses: string[] },
  onSkipped: (skipped: Skipped) => void = () => {},
): Record<string, string> {
  const services = serviceVariables(store, pod);
  const result: Record<string, string> = {};
  for (const source of container.envFrom ?? []) Object.assign(result, fromSource(store, pod, source, onSkipped));
  for (const variable of container.env ?? []) {
    const value = variableValue(store, pod, container, variable, { ...services, ...result }, node);
    if (value !== undefined) result[variable.name] = value;
  }
  for (const [name, value] of Object.entries(services)) if (!(name in result)) result[name] = value;
  return result;
}

function fromSource(
  store: ObjectStore,
  pod: Pod,
  { prefix = '', configMapRef, secretRef }: NonNullable<Container['envFrom']>[number],
  onSkipped: (skipped: Skipped) => void,
): Record<string, string> {
  const reference = configMapRef ?? secretRef;
  if (!reference?.name) return {};
  const [resource, kind] = configMapRef ? ['configmaps', 'configmap'] : ['secrets', 'secret'];
  const found = store.get(resource as string, pod.metadata.namespace, reference.name);
  if (!found && !reference.optional) throw new ConfigError(`${kind} "${reference.name}" not found`);
  const data: Record<string, string> = found?.['data'] ?? {};
  const wrong = Object.keys(data).filter((key) => envName(prefix + key).length > 0);
  if (wrong.length > 0)
    onSkipped({ kind: configMapRef ? 'configMap' : 'secret', name: reference.name, keys: wrong.sort() });
  return Object.fromEntries(
    Object.entries(data)
      .filter(([key]) => !wrong.includes(key))
      .map(([key, value]) => [prefix + key, secretRef ? decode(value) : value]),
  );
}

function variableValue(
  store: ObjectStore,
  pod: Pod,
  container: Container,
  { value, valueFrom }: EnvVar,
  known: Record<string, string>,
  node: { name: string; address: string; addresses: string[] },
): string | undefined {
  if (!valueFrom) return expand(value ?? '', known);
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (fieldRef) return podField(pod, fieldRef.fieldPath, node);
  if (resourceFieldRef) return resourceField(pod, container, resourceFieldRef, allocatableOf(store, node.name));
  if (configMapKeyRef) return keyOf(store, pod, 'configmaps', 'ConfigMap', configMapKeyRef);
  if (secretKeyRef) {
    const encoded = keyOf(store, pod, 'secrets', 'Secret', secretKeyRef);
    return encoded === undefined ? undefined : decode(encoded);
  }
  return '';
}

function keyOf(
  store: ObjectStore,
  pod: Pod,
  resource: string,
  kind: string,
  { name = '', key, optional }: { name?: string; key: string; optional?: boolean },
): string | undefined {
  const { namespace } = pod.metadata;
  const found = store.get(resource, namespace, name);
  if (!found && !optional) throw new ConfigError(`${kind.toLowerCase()} "${name}" not found`);
  const value: string | undefined = found?.['data']?.[key];
  if (value === undefined && !optional)
    throw new ConfigError(`couldn't find key ${key} in ${kind} ${namespace}/${name}`);
  return value;
}

/** Replaces `$(NAME)`; `$$` is a dollar; what is not known stays. third_party/forked/golang/expansion. */
export function expand(text: string, known: Record<string, string>): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (all, what: string, name: string) =>
    what === '$' ? '$' : (known[name] ?? all),
  );
}

/** A field of the downward API; undefined when there is no such field. */
export function podField(
  pod: Pod,
  path: string,
  node: { name: string; address: string; addresses: string[] },
): string | undefined {
  const { metadata, spec, status } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) return metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? '';
  const pairs = (map: Record<string, string> = {}) =>
    Object.entries(map)
      .sort()
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join('\n');
  const fields: Record<string, () => string> = {
    'metadata.name': () => metadata.name,
    'metadata.namespace': () => metadata.namespace ?? '',
    'metadata.uid': () => metadata.uid,
    'metadata.labels': () => pairs(metadata.labels),
    'metadata.annotations': () => pairs(metadata.annotations),
    'spec.nodeName': () => spec.nodeName ?? '',
    'spec.serviceAccountName': () => spec.serviceAccountName ?? '',
    'status.hostIP': () => node.address,
    'status.hostIPs': () => node.addresses.join(','),
    'status.podIP': () => status?.podIP ?? '',
    'status.podIPs': () => (status?.podIPs ?? []).map(({ ip }) => ip).join(','),
  };
  return fields[path]?.();
}

export function resourceField(
  pod: Pod,
  container: Container,
  { containerName, resource, divisor }: { containerName?: string; resource: string; divisor?: string },
  allocatable: Record<string, string> = {},
): string {
  const of = containerName ? (pod.spec.containers.find(({ name }) => name === containerName) ?? container) : container;
  const [kind, name = ''] = resource.split('.') as ['limits' | 'requests', string?];
  const none = kind === 'limits' ? allocatable[name] : undefined; // without a limit it is what the node has
  const amount = of.resources?.[kind]?.[name] ?? of.resources?.limits?.[name] ?? none;
  const unit = quantityValue(divisor && divisor !== '0' ? divisor : 1);
  return String(Math.ceil(quantityValue(amount) / unit));
}

export const allocatableOf = (store: ObjectStore, node: string): Record<string, string> =>
  store.get('nodes', undefined, node)?.['status']?.allocatable ?? {};

const variableName = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** `DB_POD_SERVICE_HOST` and its kin, of the services that stand when the container starts. pkg/kubelet/envvars. */
function serviceVariables(store: ObjectStore, pod: Pod): Record<string, string> {
  const api = store.get('services', 'default', 'kubernetes');
  const own = pod.spec.enableServiceLinks === false ? [] : store.list('services', pod.metadata.namespace);
  const result: Record<string, string> = {};
  for (const service of [...own, ...(api && pod.metadata.namespace !== 'default' ? [api] : [])])
    Object.assign(result, variablesOf(service));
  if (pod.metadata.namespace === 'default' && pod.spec.enableServiceLinks === false && api)
    Object.assign(result, variablesOf(api));
  return result;
}

function variablesOf(service: KubeObject): Record<string, string> {
  const { clusterIP, ports = [] } = service['spec'] as {
    clusterIP?: string;
    ports?: { name?: string; port: number; protocol?: string }[];
  };
  const [first] = ports;
  if (!clusterIP || clusterIP === 'None' || !first) return {};
  const prefix = variableName(service.metadata.name);
  const host = clusterIP.includes(':') ? `[${clusterIP}]` : clusterIP;
  const url = (port: { port: number; protocol?: string }) =>
    `${(port.protocol ?? 'TCP').toLowerCase()}://${host}:${port.port}`;
  const result: Record<string, string> = {
    [`${prefix}_SERVICE_HOST`]: clusterIP,
    [`${prefix}_SERVICE_PORT`]: String(first.port),
  };
  for (const { name, port } of ports) if (name) result[`${prefix}_SERVICE_PORT_${variableName(name)}`] = String(port);
  result[`${prefix}_PORT`] = url(first);
  for (const port of ports) {
    const protocol = (port.protocol ?? 'TCP').toUpperCase();
    const each = `${prefix}_PORT_${port.port}_${protocol}`;
    result[each] = url(port);
    result[`${each}_PROTO`] = protocol.toLowerCase();
    result[`${each}_PORT`] = String(port.port);
    result[`${each}_ADDR`] = clusterIP;
  }
  return result;
}
