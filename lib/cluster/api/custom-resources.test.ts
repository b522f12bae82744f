import { expect, it } from 'vitest';
import { openWorld } from './testing/world';

const crd = (extra: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'crontabs.stable.example.com' },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['cronSpec'],
                properties: {
                  cronSpec: { type: 'string', pattern: '^(\\S+ ){4}\\S+$' },
                  replicas: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
                },
              },
              status: { type: 'object', properties: { ready: { type: 'boolean' } } },
            },
          },
        },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [
          { name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
    ...extra,
  },
});
const PATH = '/apis/stable.example.com/v1/namespaces/t1/crontabs';
const tab = (name: string, spec: object) => ({
  apiVersion: 'stable.example.com/v1',
  kind: 'CronTab',
  metadata: { name },
  spec,
});

it('serves a custom kind with its schema, columns and subresources', async () => {
  const { call } = openWorld();
  expect((await call('GET', PATH)).status).toBe(404);
  expect((await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { body: crd() })).status).toBe(
    201,
  );
  const stored = await call(
    'GET',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crontabs.stable.example.com',
  );
  expect(stored.json.status.conditions.map((c: { type: string; status: string }) => `${c.type}=${c.status}`)).toEqual([
    'NamesAccepted=True',
    'Established=True',
  ]);
  expect(
    (await call('GET', '/apis/stable.example.com/v1')).json.resources.map((r: { name: string }) => r.name),
  ).toEqual(['crontabs', 'crontabs/scale', 'crontabs/status']);

  const made = await call('POST', PATH, { body: tab('a', { cronSpec: '* * * * *', odd: 1 }) });
  expect([made.status, made.json.spec, made.json.metadata.generation]).toEqual([
    201,
    { cronSpec: '* * * * *', replicas: 1 },
    1,
  ]);
  const table = await call('GET', PATH, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
  expect(table.json.columnDefinitions.map((c: { name: string }) => c.name)).toEqual(['Name', 'Spec', 'Age']);
  expect(table.json.rows[0].cells).toEqual(['a', '* * * * *', '0s']);
  const patched = await call('PATCH', `${PATH}/a`, {
    body: { spec: { replicas: 3 } },
    type: 'application/merge-patch+json',
  });
  expect([patched.json.spec.replicas, patched.json.metadata.generation]).toEqual([3, 2]);
});

it.each([
  [{}, 'CronTab.stable.example.com "b" is invalid: spec.cronSpec: Required value'],
  [{ cronSpec: 'x' }, 'spec.cronSpec: Invalid value: "x": spec.cronSpec in body should match \'^(\\S+ ){4}\\S+$\''],
  [
    { cronSpec: '* * * * *', replicas: 11 },
    'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
  ],
  [
    { cronSpec: '* * * * *', replicas: 'x' },
    'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
  ],
])('refuses %j', async (spec, message) => {
  const { call } = openWorld();
  await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { body: crd() });
  const reply = await call('POST', PATH, { body: tab('b', spec) });
  expect(reply.status).toBe(422);
  expect(reply.json.message).toContain(message);
});

it('empties a kind before its definition goes', async () => {
  const { call, operations } = openWorld();
  await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { body: crd() });
  await call('POST', PATH, { body: tab('a', { cronSpec: '* * * * *' }) });
  expect(
    (await call('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crontabs.stable.example.com'))
      .status,
  ).toBe(200);
  expect(operations.store.count('crontabs.stable.example.com')).toBe(0);
  expect((await call('GET', PATH)).status).toBe(404);
});

it('takes only names that fit', async () => {
  const { call } = openWorld();
  const reply = await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body: { ...crd(), metadata: { name: 'x' } },
  });
  expect(reply.json.message).toBe(
    'CustomResourceDefinition.apiextensions.k8s.io "x" is invalid: metadata.name: Invalid value: "x": must be spec.names.plural+"."+spec.group',
  );
});

it('takes definitions in their first version where old clients are expected', async () => {
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1beta1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'foos.company.com' },
    spec: { group: 'company.com', version: 'v1', scope: 'Namespaced', names: { plural: 'foos', kind: 'Foo' } },
  };
  const path = '/apis/apiextensions.k8s.io/v1beta1/customresourcedefinitions';
  expect((await openWorld().call('POST', path, { body })).status).toBe(404);
  const { call } = openWorld({ legacy: true });
  const made = await call('POST', path, { body });
  expect([made.status, made.json.spec.version, made.json.spec.preserveUnknownFields]).toEqual([201, 'v1', true]);
  expect(made.headers['warning']).toContain(
    'apiextensions.k8s.io/v1beta1 CustomResourceDefinition is deprecated in v1.16+',
  );
  const foo = await call('POST', '/apis/company.com/v1/namespaces/t1/foos', {
    body: { apiVersion: 'company.com/v1', kind: 'Foo', metadata: { name: 'a' }, some: { field: 1 } },
  });
  expect([foo.status, foo.json.some]).toEqual([201, { field: 1 }]);
});
