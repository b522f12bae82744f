// secrets
import { age, columns } from './columns';
import { immutableData } from './config-map';
import type { ResourceDefinition } from './definition';
import { configKey, dnsSubdomain } from './validation/names';

const REQUIRED = new Map(
  Object.entries({
    'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
    'kubernetes.io/dockercfg': ['.dockercfg'],
    'kubernetes.io/tls': ['tls.crt', 'tls.key'],
    'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  }),
);
const SERVICE_ACCOUNT_NAME = 'kubernetes.io/service-account.name';

const encode = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const MAX_BYTES = 1024 * 1024;

/** What Go's parser says of a text that is no JSON object. */
function jsonProblem(encoded: string): string | undefined {
  const text = atob(encoded);
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const first = text.trimStart()[0];
    if (first === undefined || '{["0123456789-tfn'.includes(first)) return 'unexpected end of JSON input';
    return `invalid character '${first}' looking for beginning of value`;
  }
}

export const secret: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  namespaced: true,
  columns: columns('Name', 'Type', 'Data', 'Age'),
  row: (object, now) => [
    object.metadata.name,
    object['type'] ?? '',
    Object.keys(object['data'] ?? {}).length,
    age(object, now),
  ],
  nameRule: dnsSubdomain,
  selectable: ({ type }) => ({ type: type ?? '' }),
  default(object) {
    object['type'] ??= 'Opaque';
    for (const [key, text] of Object.entries(object['stringData'] ?? {}))
      (object['data'] ??= {})[key] = encode(text as string);
    delete object['stringData'];
  },
  validate(object, errors) {
    const data = object['data'] ?? {};
    for (const key of Object.keys(data))
      for (const problem of configKey(key)) errors.invalid(`data[${key}]`, key, problem);
    for (const key of REQUIRED.get(object['type']) ?? []) if (data[key] === undefined) errors.required(`data[${key}]`);
    for (const key of ['.dockerconfigjson', '.dockercfg']) {
      const problem = REQUIRED.get(object['type'])?.includes(key) && data[key] !== undefined && jsonProblem(data[key]);
      if (problem) errors.invalid(`data[${key}]`, '<secret contents redacted>', problem);
    }
    const size = Object.values(data as Record<string, string>).reduce((sum, text) => sum + (text.length * 3) / 4, 0);
    if (size > MAX_BYTES) errors.tooLong('data', MAX_BYTES);
    if (object['type'] === 'kubernetes.io/basic-auth' && data.username === undefined && data.password === undefined) {
      errors.required('data[username]');
      errors.required('data[password]');
    }
    if (
      object['type'] === 'kubernetes.io/service-account-token' &&
      !object.metadata.annotations?.[SERVICE_ACCOUNT_NAME]
    )
      errors.required(`metadata.annotations[${SERVICE_ACCOUNT_NAME}]`);
  },
  validateUpdate(object, old, errors) {
    if (object['type'] !== old['type']) errors.invalid('type', object['type'], 'field is immutable');
    immutableData(object, old, ['data'], errors);
  },
};
