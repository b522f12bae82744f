// The rules of a container's environment.
import type { FieldErrors } from '../validation/field-errors';
import { configKey, dnsSubdomain, envName, qualifiedName } from '../validation/names';
import { type Part, partsOf } from '../validation/values';

/** What the downward API can name, in environments and in volumes. */
const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const VOLUME_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
/** Labels that pods convert at all; the rest is another error. */
const KNOWN = new Set([...ENV_FIELDS, ...VOLUME_FIELDS, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase']);

const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

export function validateFieldRef(source: Part, volume: boolean, at: string, errors: FieldErrors): void {
  const path: string = source['fieldPath'] ?? '';
  if (!source['apiVersion']) return errors.required(`${at}.apiVersion`);
  if (!path) return errors.required(`${at}.fieldPath`);
  const [, of, key] = /^(.*)\['(.*)'\]$/.exec(path) ?? [];
  if (of !== undefined && key !== undefined) {
    if (of !== 'metadata.annotations' && of !== 'metadata.labels')
      return errors.invalid(
        `${at}.fieldPath`,
        path,
        `error converting fieldPath: field label does not support subscript`,
      );
    const name = of === 'metadata.annotations' ? key.toLowerCase() : key;
    for (const problem of qualifiedName(name)) errors.invalid(at, name, problem);
    return;
  }
  const allowed = volume ? VOLUME_FIELDS : ENV_FIELDS;
  if (!KNOWN.has(path))
    errors.invalid(`${at}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`);
  else if (!allowed.includes(path)) errors.notSupported(`${at}.fieldPath`, path, allowed);
}

export function validateResourceFieldRef(source: Part, volume: boolean, at: string, errors: FieldErrors): void {
  const resource: string = source['resource'] ?? '';
  if (volume && !source['containerName']) errors.required(`${at}.containerName`);
  else if (!resource) errors.required(`${at}.resource`);
  else if (!RESOURCES.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource))
    errors.notSupported(`${at}.resource`, resource, RESOURCES);
}

function validateKeyRef(source: Part, at: string, errors: FieldErrors): void {
  if (!source['name']) errors.required(`${at}.name`);
  if (!source['key']) errors.required(`${at}.key`);
  else for (const problem of configKey(source['key'])) errors.invalid(`${at}.key`, source['key'], problem);
}

function validateSource(env: Part, at: string, errors: FieldErrors): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = env['valueFrom'];
  if (fieldRef) validateFieldRef(fieldRef, false, `${at}.fieldRef`, errors);
  if (resourceFieldRef) validateResourceFieldRef(resourceFieldRef, false, `${at}.resourceFieldRef`, errors);
  if (configMapKeyRef) validateKeyRef(configMapKeyRef, `${at}.configMapKeyRef`, errors);
  if (secretKeyRef) validateKeyRef(secretKeyRef, `${at}.secretKeyRef`, errors);
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter(Boolean).length;
  if (sources === 0)
    errors.invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`');
  else if (env['value']) errors.invalid(at, '', 'may not be specified when `value` is not empty');
  else if (sources > 1) errors.invalid(at, '', 'may not have more than one field specified at a time');
}

export function validateEnv(env: unknown, at: string, errors: FieldErrors): void {
  for (const [i, each] of partsOf(env).entries()) {
    if (!each['name']) errors.required(`${at}[${i}].name`);
    else for (const problem of envName(each['name'])) errors.invalid(`${at}[${i}].name`, each['name'], problem);
    if (each['valueFrom']) validateSource(each, `${at}[${i}].valueFrom`, errors);
  }
}

export function validateEnvFrom(list: unknown, at: string, errors: FieldErrors): void {
  for (const [i, from] of partsOf(list).entries()) {
    if (from['prefix'])
      for (const problem of envName(from['prefix'])) errors.invalid(`${at}[${i}].prefix`, from['prefix'], problem);
    const kinds = ['configMapRef', 'secretRef'].filter((kind) => from[kind]);
    for (const kind of kinds) {
      const { name } = from[kind];
      if (!name) errors.required(`${at}[${i}].${kind}.name`);
      else for (const problem of dnsSubdomain(name)) errors.invalid(`${at}[${i}].${kind}.name`, name, problem);
    }
    if (kinds.length === 0) errors.invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`');
    else if (kinds.length > 1) errors.invalid(at, '', 'may not have more than one field specified at a time');
  }
}
