// Writes ../field-numbers.json: the protobuf field numbers of the built-in types, which kubectl 1.32 and later needs. They are read
// from the compressed file descriptors inside a kubectl binary (1.34 or older: later ones carry none). Run it by hand:
//   node lib/cluster/resources/schema/testing/generate-field-numbers.mjs PATH_OF_KUBECTL
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { gunzipSync } from 'node:zlib';

const binary = readFileSync(argv[2]);
const types = JSON.parse(readFileSync(new URL('../types.json', import.meta.url), 'utf8'));

/** Field number, wire type and value of each field of a message. */
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('short');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) yield [tag >> 3, varint()];
    else if (wire === 2) {
      const size = varint();
      yield [tag >> 3, bytes.subarray(at, at + size)];
      at += size;
    } else if (wire === 5) at += 4;
    else if (wire === 1) at += 8;
    else throw new Error('wire');
  }
}

const text = (bytes) => Buffer.from(bytes).toString();

/** FileDescriptorProto: 1 name, 2 package, 4 messages; DescriptorProto: 1 name, 2 fields; FieldDescriptorProto: 1 name, 3 number, 6 type. */
function readFile(bytes) {
  const file = { name: '', package: '', messages: {} };
  for (const [number, value] of fields(bytes)) {
    if (number === 1) file.name = text(value);
    if (number === 2) file.package = text(value);
    if (number !== 4) continue;
    let name = '';
    const own = {};
    for (const [n, v] of fields(value)) {
      if (n === 1) name = text(v);
      if (n !== 2) continue;
      let field = '';
      let id = 0;
      let type = '';
      for (const [m, w] of fields(v)) {
        if (m === 1) field = text(w);
        if (m === 3) id = w;
        if (m === 6) type = text(w);
      }
      own[field] = { id, type };
    }
    file.messages[name] = own;
  }
  return file;
}

const packages = {};
for (
  let at = binary.indexOf(Buffer.from([0x1f, 0x8b, 8]));
  at >= 0;
  at = binary.indexOf(Buffer.from([0x1f, 0x8b, 8]), at + 1)
) {
  try {
    // the end is not known: a gzip stream ends by itself, what follows it is an error of its own
    const file = readFile(gunzipSync(binary.subarray(at, at + 400_000), { finishFlush: 2 }));
    if (file.package.startsWith('k8s.io.')) packages[file.package] = file.messages;
  } catch {}
}

/** Where a type of types.json lives; a prefix names its group, the rest is looked for in this order. */
const PREFIXES = {
  discovery: 'discovery.v1',
  events: 'events.v1',
  rbac: 'rbac.v1',
  storage: 'storage.v1',
  v2: 'autoscaling.v2',
  admissionregistration: 'admissionregistration.v1',
  apiextensions: '',
  apiregistration: '',
};
const ORDER = [
  'core.v1',
  'apps.v1',
  'batch.v1',
  'networking.v1',
  'rbac.v1',
  'policy.v1',
  'storage.v1',
  'autoscaling.v1',
  'authentication.v1',
  'authorization.v1',
  'discovery.v1',
  'coordination.v1',
  'scheduling.v1',
  'certificates.v1',
  'node.v1',
  'admissionregistration.v1',
];

function find(type) {
  const [prefix, name] = type.includes('.') ? type.split('.') : ['', type];
  if (prefix) return packages[`k8s.io.api.${PREFIXES[prefix]}`]?.[name];
  const meta = packages['k8s.io.apimachinery.pkg.apis.meta.v1']?.[name];
  if (meta) return meta;
  for (const each of ORDER) if (packages[`k8s.io.api.${each}`]?.[name]) return packages[`k8s.io.api.${each}`][name];
  return undefined;
}

/** A structure that JSON shows as if its fields were its owner's: [its number, the field's number in it]. */
function inlined(name, id, declared) {
  const at = name.lastIndexOf('.');
  const message = packages[name.slice(1, at)]?.[name.slice(at + 1)] ?? {};
  return Object.fromEntries(
    Object.entries(message).flatMap(([field, inner]) => (declared[field] ? [[field, [id, inner.id]]] : [])),
  );
}

const result = {};
for (const [type, declared] of Object.entries(types)) {
  const numbers = find(type);
  if (!numbers) continue;
  const own = {};
  for (const [field, { id, type: of }] of Object.entries(numbers))
    if (declared[field]) own[field] = id;
    else Object.assign(own, inlined(of, id, declared));
  if (Object.keys(own).length > 0) result[type] = own;
}
const lines = Object.entries(result).map(([type, numbers]) => `${JSON.stringify(type)}: ${JSON.stringify(numbers)}`);
writeFileSync(new URL('../field-numbers.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
console.log(Object.keys(packages).length, 'packages,', lines.length, 'of', Object.keys(types).length, 'types');
