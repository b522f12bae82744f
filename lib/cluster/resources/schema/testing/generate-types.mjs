// Writes ../types.json: the field names and types of the built-in kinds, read from the Kubernetes JavaScript client's own
// type maps (a development dependency). Run it by hand after that package changes:
//   node lib/cluster/resources/schema/testing/generate-types.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const models = new URL('../../../../../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url);
const SKIP =
  /^(V1alpha|V1beta|ObjectSerializer|all$|.*List$|ResourceV1|V1Device|V1ResourceSlice|V1ResourceClaimT|Flowcontrol)/;
// Maps and strings that hold quantities: the client's types do not tell them from strings.
const QUANTITIES = {
  ResourceRequirements: ['limits', 'requests'],
  VolumeResourceRequirements: ['limits', 'requests'],
  ResourceQuotaSpec: ['hard'],
  ResourceQuotaStatus: ['hard', 'used'],
  LimitRangeItem: ['default', 'defaultRequest', 'max', 'maxLimitRequestRatio', 'min'],
  NodeStatus: ['allocatable', 'capacity'],
  PersistentVolumeSpec: ['capacity'],
  PersistentVolumeClaimStatus: ['allocatedResources', 'capacity'],
  ContainerStatus: ['allocatedResources'],
  PodSpec: ['overhead'],
  Overhead: ['podFixed'],
  EmptyDirVolumeSource: ['sizeLimit'],
  ResourceFieldSelector: ['divisor'],
  'v2.MetricTarget': ['averageValue', 'value'],
  'v2.MetricValueStatus': ['averageValue', 'value'],
};
const rename = (type) =>
  type
    .replace(/^V1(?=[A-Z])/, '')
    .replace(/^V2(?=[A-Z])/, 'v2.')
    .replace(
      /^(Core|Events|Rbac|Discovery|Apiextensions|Admissionregistration|Apiregistration|Storage|Authentication)V1/,
      (_, g) => (g === 'Core' || g === 'Authentication' ? '' : `${g.toLowerCase()}.`),
    );

function typeOf(type, format) {
  const list = /^Array<(.*)>$/.exec(type);
  if (list) return `[]${typeOf(list[1], format)}`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) return `{}${typeOf(map[1], '')}`;
  if (type === 'Date') return format === 'date-time-micro' ? 'micro' : 'date';
  if (type === 'number') return format || 'int64';
  if (type === 'V1MicroTime') return 'micro';
  if (type === 'IntOrString') return 'intstr';
  if (type === 'string' && format === 'byte') return 'byte';
  return ['string', 'boolean', 'any'].includes(type) ? type : rename(type);
}

const types = {};
for (const file of readdirSync(models)
  .filter((f) => f.endsWith('.js'))
  .sort()) {
  const name = file.slice(0, -3);
  if (SKIP.test(name)) continue;
  const text = readFileSync(new URL(file, models), 'utf8');
  const map = /attributeTypeMap = (\[[\s\S]*?\n\]|\[\]);/.exec(text);
  if (!map) continue;
  const required = new Set(
    [...readFileSync(new URL(`${name}.d.ts`, models), 'utf8').matchAll(/^ {4}'([^']+)': /gm)].map((m) => m[1]),
  );
  const short = rename(name);
  types[short] = Object.fromEntries(
    JSON.parse(map[1]).map(({ name: own, baseName, type, format }) => {
      let written = typeOf(type, format);
      if (/^(Secret\.data|ConfigMap\.binaryData)$/.test(`${short}.${baseName}`)) written = '{}byte';
      if (QUANTITIES[short]?.includes(baseName)) written = written.replace('string', 'quantity');
      return [baseName, written + (required.has(own) ? '!' : '')];
    }),
  );
}
const BASIC = /^(string|int32|int64|double|boolean|date|micro|byte|intstr|quantity|any)$/;
for (const fields of Object.values(types))
  for (const [name, type] of Object.entries(fields)) {
    const base = type.replace(/\[\]|\{\}|!/g, '');
    if (!BASIC.test(base) && !types[base]) fields[name] = type.replace(base, 'any');
  }
const lines = Object.entries(types).map(([name, fields]) => `${JSON.stringify(name)}: ${JSON.stringify(fields)}`);
writeFileSync(new URL('../types.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
