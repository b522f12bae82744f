// The rules of a pod's volumes.
import { quantityValue } from '../quantity';
import type { FieldErrors } from '../validation/field-errors';
import { configKey, dnsLabel } from '../validation/names';
import { type Part, partsOf } from '../validation/values';
import { validateFieldRef, validateResourceFieldRef } from './validate-env';

const MODE = 'must be a number between 0 and 0777 (octal), both inclusive';
const MAX_MODE = 0o777;

/** In the order in which the real server looks: the first one counts, the others are too many. */
const SOURCES = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
];

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

const mode = (value: unknown, field: string, errors: FieldErrors): void => {
  if (typeof value === 'number' && (value < 0 || value > MAX_MODE)) errors.invalid(field, value, MODE);
};

/** A path inside a volume: relative, without steps upwards. */
export function validateDescending(path: string, at: string, errors: FieldErrors): void {
  if (path.startsWith('/')) errors.invalid(at, path, 'must be a relative path');
  if (path.split('/').includes('..')) errors.invalid(at, path, "must not contain '..'");
}

function validateLocalPath(path: string | undefined, at: string, errors: FieldErrors): void {
  if (!path) return errors.required(at);
  validateDescending(path, at, errors);
  if (path.startsWith('..') && !path.startsWith('../')) errors.invalid(at, path, "must not start with '..'");
}

function validateItems(items: unknown, at: string, errors: FieldErrors): void {
  for (const [i, item] of partsOf(items).entries()) {
    const field = `${at}[${i}]`;
    if (!item['key']) errors.required(`${field}.key`);
    else for (const problem of configKey(item['key'])) errors.invalid(`${field}.key`, item['key'], problem);
    validateLocalPath(item['path'], `${field}.path`, errors);
    mode(item['mode'], `${field}.mode`, errors);
  }
}

function validateDownward(source: Part, at: string, errors: FieldErrors): void {
  for (const [i, item] of partsOf(source['items']).entries()) {
    const field = `${at}[${i}]`;
    validateLocalPath(item['path'], `${field}.path`, errors);
    const { fieldRef, resourceFieldRef } = item;
    if (fieldRef) validateFieldRef(fieldRef, true, `${field}.fieldRef`, errors);
    if (fieldRef && resourceFieldRef)
      errors.invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
    else if (resourceFieldRef) validateResourceFieldRef(resourceFieldRef, true, `${field}.resourceFieldRef`, errors);
    else if (!fieldRef) errors.required(field, 'one of fieldRef and resourceFieldRef is required');
    mode(item['mode'], `${field}.mode`, errors);
  }
}

const MIN_TOKEN_SECONDS = 600;

function validateToken({ expirationSeconds, path }: Part, at: string, errors: FieldErrors): void {
  if (expirationSeconds < MIN_TOKEN_SECONDS)
    errors.invalid(`${at}.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes');
  if (expirationSeconds > 2 ** 32)
    errors.invalid(`${at}.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  validateLocalPath(path, `${at}.path`, errors);
}

const PROJECTIONS = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle'];

function validateProjected(source: Part, at: string, errors: FieldErrors): void {
  mode(source['defaultMode'], `${at}.defaultMode`, errors);
  for (const [i, each] of partsOf(source['sources']).entries()) {
    const field = `${at}.sources[${i}]`;
    const kinds = PROJECTIONS.filter((kind) => each[kind]);
    if (kinds.length === 0) errors.required(field, 'must specify a volume type');
    for (const kind of kinds.slice(1)) errors.forbidden(`${field}.${kind}`, 'may not specify more than 1 volume type');
    const [kind = ''] = kinds;
    if (kind === 'secret' || kind === 'configMap') {
      if (!each[kind].name) errors.required(`${field}.${kind}.name`);
      validateItems(each[kind].items, `${field}.${kind}.items`, errors);
    }
    if (kind === 'downwardAPI') validateDownward(each[kind], `${field}.downwardAPI`, errors);
    if (kind === 'serviceAccountToken') validateToken(each[kind], `${field}.serviceAccountToken`, errors);
  }
}

const required = (source: Part, names: readonly string[], at: string, errors: FieldErrors): void => {
  for (const name of names) if (!source[name]) errors.required(`${at}.${name}`);
};

export function validateHostPath(source: Part, at: string, errors: FieldErrors): void {
  const { path = '', type = '' } = source;
  if (!path) return errors.required(`${at}.path`);
  if (path.split('/').includes('..')) errors.invalid(`${at}.path`, path, "must not contain '..'");
  if (!HOST_PATH_TYPES.includes(type)) errors.notSupported(`${at}.type`, type, HOST_PATH_TYPES);
}

type Check = (source: Part, at: string, errors: FieldErrors) => void;

const keyed =
  (name: string): Check =>
  (source, at, errors) => {
    required(source, [name], at, errors);
    mode(source['defaultMode'], `${at}.defaultMode`, errors);
    validateItems(source['items'], `${at}.items`, errors);
  };

const CHECKS: Record<string, Check> = {
  emptyDir: ({ sizeLimit }, at, errors) => {
    if (sizeLimit !== undefined && quantityValue(sizeLimit) < 0)
      errors.forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
  },
  hostPath: validateHostPath,
  secret: keyed('secretName'),
  configMap: keyed('name'),
  nfs: (source, at, errors) => {
    required(source, ['server', 'path'], at, errors);
    if (source['path'] && !source['path'].startsWith('/'))
      errors.invalid(`${at}.path`, source['path'], 'must be an absolute path');
  },
  persistentVolumeClaim: (source, at, errors) => required(source, ['claimName'], at, errors),
  downwardAPI: (source, at, errors) => {
    mode(source['defaultMode'], `${at}.defaultMode`, errors);
    validateDownward(source, at, errors);
  },
  projected: validateProjected,
  gitRepo: (source, at, errors) => required(source, ['repository'], at, errors),
  csi: (source, at, errors) => required(source, ['driver'], at, errors),
  ephemeral: (source, at, errors) => required(source, ['volumeClaimTemplate'], at, errors),
};

function validateSource(volume: Part, at: string, errors: FieldErrors): void {
  const [first, ...rest] = SOURCES.filter((key) => volume[key]);
  if (first === undefined) errors.required(at, 'must specify a volume type');
  else CHECKS[first]?.(volume[first], `${at}.${first}`, errors);
  for (const extra of rest) errors.forbidden(`${at}.${extra}`, 'may not specify more than 1 volume type');
}

/** Returns the names of the volumes that are right, for the mounts to be checked against. */
export function validateVolumes(volumes: unknown, at: string, errors: FieldErrors): Set<string> {
  const names = new Set<string>();
  for (const [i, volume] of partsOf(volumes).entries()) {
    const field = `${at}[${i}]`;
    const before = errors.list.length;
    validateSource(volume, field, errors);
    if (!volume['name']) errors.required(`${field}.name`);
    else for (const problem of dnsLabel(volume['name'])) errors.invalid(`${field}.name`, volume['name'], problem);
    if (names.has(volume['name'])) errors.duplicate(`${field}.name`, volume['name']);
    if (errors.list.length === before) names.add(volume['name']);
  }
  return names;
}
