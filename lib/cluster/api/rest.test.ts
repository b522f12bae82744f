// The verbs over HTTP, and what bad requests are answered with.
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { duplexPair } from './testing/duplex-pair';
import { openWorld } from './testing/world';

const MAPS = '/api/v1/namespaces/t1/configmaps';
const map = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>) => ({
  metadata: { name, ...(labels && { labels }) },
  data,
});
const DEPLOYMENTS = '/apis/apps/v1/namespaces/t1/deployments';
const deployment = {
  metadata: { name: 'd' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'd' } },
    template: {
      metadata: { labels: { app: 'd' } },
      spec: { containers: [{ name: 'a', image: 'x', env: [{ name: 'A', value: '1' }] }] },
    },
  },
};

describe('patches', () => {
  it.each([
    ['merge', 'application/merge-patch+json', { data: { a: null, b: '2' } }, { b: '2' }],
    ['json', 'application/json-patch+json', [{ op: 'add', path: '/data/c', value: '3' }], { a: '1', c: '3' }],
    ['strategic', 'application/strategic-merge-patch+json', { data: { a: '9' } }, { a: '9' }],
    ['apply', 'application/apply-patch+yaml', 'apiVersion: v1\nkind: ConfigMap\ndata: {d: "4"}', { a: '1', d: '4' }],
  ])('%s', async (_name, type, body, data) => {
    const world = openWorld();
    await world.call('POST', MAPS, { body: map('m', { a: '1' }) });
    const reply = await world.call('PATCH', `${MAPS}/m?fieldManager=me`, { type, body });
    expect([reply.status, reply.json.data]).toEqual([200, data]);
  });

  it('strategic merges containers and variables by name', async () => {
    const world = openWorld();
    await world.call('POST', DEPLOYMENTS, { body: deployment });
    const containers = [
      { name: 'a', env: [{ name: 'B', value: '2' }] },
      { name: 'b', image: 'y' },
    ];
    const reply = await world.call('PATCH', `${DEPLOYMENTS}/d`, {
      type: 'application/strategic-merge-patch+json',
      body: { spec: { template: { spec: { containers, $setElementOrder: undefined } } } },
    });
    const names = reply.json.spec.template.spec.containers.map(({ name }: { name: string }) => name);
    expect(names.sort()).toEqual(['a', 'b']);
    const a = reply.json.spec.template.spec.containers.find(({ name }: { name: string }) => name === 'a');
    expect(a).toMatchObject({ image: 'x', env: [{ name: 'A' }, { name: 'B' }] });
  });
});

describe('server-side apply', () => {
  const apply = (world: ReturnType<typeof openWorld>, manager: string, data: object, query = '') =>
    world.call('PATCH', `${MAPS}/m?fieldManager=${manager}${query}`, {
      type: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data },
    });

  it('creates, takes back what is no longer named, and keeps what others own', async () => {
    const world = openWorld();
    expect((await apply(world, 'one', { a: '1', b: '2' })).status).toBe(201);
    await apply(world, 'two', { c: '3' });
    const { json } = await apply(world, 'one', { a: '1' });
    expect(json.data).toEqual({ a: '1', c: '3' });
    expect(json.metadata.managedFields.map(({ manager }: { manager: string }) => manager).sort()).toEqual([
      'one',
      'two',
    ]);
  });

  it('refuses to take over, unless forced', async () => {
    const world = openWorld();
    await apply(world, 'one', { a: '1' });
    const refused = await apply(world, 'two', { a: '2' });
    expect(refused.json).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }] },
    });
    expect((await apply(world, 'two', { a: '2' }, '&force=true')).json.data).toEqual({ a: '2' });
  });

  it('that changes nothing writes nothing', async () => {
    const world = openWorld();
    const first = await apply(world, 'one', { a: '1' });
    await world.clock.advance(5000);
    const second = await apply(world, 'one', { a: '1' });
    expect(second.json.metadata.resourceVersion).toBe(first.json.metadata.resourceVersion);
  });
});

describe('lists', () => {
  it('come in pages', async () => {
    const world = openWorld();
    for (const name of ['a', 'b', 'c']) await world.call('POST', MAPS, { body: map(name) });
    const first = await world.call('GET', `${MAPS}?limit=2`);
    expect(first.json.items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual(['a', 'b']);
    expect(first.json.metadata.remainingItemCount).toBe(1);
    const second = await world.call('GET', `${MAPS}?limit=2&continue=${first.json.metadata.continue}`);
    expect(second.json.items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual(['c']);
    expect(second.json.metadata.continue).toBeUndefined();
  });

  it('stay what they were at their first page, until nobody knows that any more', async () => {
    const world = openWorld();
    for (const name of ['a', 'b', 'c', 'd']) await world.call('POST', MAPS, { body: map(name) });
    const names = (reply: Awaited<ReturnType<typeof world.call>>) =>
      reply.json.items.map((each: { metadata: { name: string } }) => each.metadata.name);
    const first = await world.call('GET', `${MAPS}?limit=2`);
    const { resourceVersion, continue: token } = first.json.metadata;
    await world.call('DELETE', `${MAPS}/c`);
    await world.call('PUT', `${MAPS}/d`, { body: { ...map('d'), data: { later: 'yes' } } });
    await world.call('POST', MAPS, { body: map('cc') });
    const second = await world.call('GET', `${MAPS}?limit=2&continue=${token}`);
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.json.items[1].data).toBeUndefined();
    expect(second.json.metadata.resourceVersion).toBe(resourceVersion);
    expect(
      names(await world.call('GET', `${MAPS}?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`)),
    ).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd']));
    const { store } = world.operations;
    for (let i = 0; i < 9000; i++) store.update('configmaps', store.getExisting('configmaps', 't1', 'a'));
    const expired = await world.call('GET', `${MAPS}?limit=2&continue=${token}`);
    expect(expired.json).toMatchObject({
      code: 410,
      reason: 'Expired',
      message: expect.stringMatching(/too old to display/),
    });
    const rest = await world.call('GET', `${MAPS}?continue=${expired.json.metadata.continue}`);
    expect(names(rest)).toEqual(expect.arrayContaining(['cc', 'd']));
  });

  it.each([
    ['resourceVersionMatch=Exact', 422, 'resourceVersionMatch is forbidden unless resourceVersion is provided'],
    ['resourceVersion=0&resourceVersionMatch=Exact', 422, 'is forbidden for resourceVersion "0"'],
    ['resourceVersion=1&resourceVersionMatch=Sometimes', 422, 'supported values: "Exact", "NotOlderThan"'],
    ['sendInitialEvents=true', 422, 'sendInitialEvents is forbidden for list'],
  ])('refuse %s', async (query, code, message) => {
    const { json } = await openWorld().call('GET', `${MAPS}?${query}`);
    expect(json).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each([
    ['labelSelector=app%3Dweb', ['b']],
    ['labelSelector=app', ['b']],
    ['labelSelector=!app', ['a', 'c']],
    ['labelSelector=app%20in%20(web,db)', ['b']],
    ['fieldSelector=metadata.name%3Dc', ['c']],
    ['fieldSelector=metadata.name!%3Dc', ['a', 'b']],
  ])('selected by %s', async (query, names) => {
    const world = openWorld();
    await world.call('POST', MAPS, { body: map('a') });
    await world.call('POST', MAPS, { body: map('b', {}, { app: 'web' }) });
    await world.call('POST', MAPS, { body: map('c') });
    const { json } = await world.call('GET', `${MAPS}?${query}`);
    expect(json.items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual(names);
  });

  it('are deleted as they are listed', async () => {
    const world = openWorld();
    await world.call('POST', MAPS, { body: map('a') });
    await world.call('POST', MAPS, { body: map('b', {}, { app: 'web' }) });
    await world.call('DELETE', `${MAPS}?labelSelector=app%3Dweb`);
    const { json } = await world.call('GET', MAPS);
    expect(json.items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual(['a']);
  });
});

describe('dry run', () => {
  it.each([
    ['POST', MAPS, map('new'), 201],
    ['PUT', `${MAPS}/m`, map('m', { a: '2' }), 200],
    ['DELETE', `${MAPS}/m`, undefined, 200],
  ])('%s %s leaves everything as it was', async (method, path, body, status) => {
    const world = openWorld();
    await world.call('POST', MAPS, { body: map('m', { a: '1' }) });
    const before = world.operations.store.resourceVersion;
    const reply = await world.call(method, `${path}?dryRun=All`, { ...(body && { body }) });
    expect([reply.status, world.operations.store.resourceVersion]).toEqual([status, before]);
  });
});

describe('unknown fields', () => {
  const body = { ...map('m'), dta: {} };
  it.each([
    [
      'Strict',
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"',
      undefined,
    ],
    ['Warn', 201, undefined, '299 - "unknown field \\"dta\\""'],
    ['Ignore', 201, undefined, undefined],
  ])('%s', async (mode, status, message, warning) => {
    const reply = await openWorld().call('POST', `${MAPS}?fieldValidation=${mode}`, { body });
    expect([reply.status, reply.json.message, reply.headers['warning']]).toEqual([status, message, warning]);
  });
});

describe('subresources', () => {
  it('scale reads and writes replicas', async () => {
    const world = openWorld();
    await world.call('POST', DEPLOYMENTS, { body: deployment });
    const read = await world.call('GET', `${DEPLOYMENTS}/d/scale`);
    expect(read.json).toMatchObject({ kind: 'Scale', spec: { replicas: 2 }, status: { selector: 'app=d' } });
    await world.call('PUT', `${DEPLOYMENTS}/d/scale`, { body: { ...read.json, spec: { replicas: 5 } } });
    expect((await world.call('GET', `${DEPLOYMENTS}/d`)).json.spec.replicas).toBe(5);
    const refused = await world.call('PUT', `${DEPLOYMENTS}/d/scale`, {
      body: { ...read.json, spec: { replicas: -1 } },
    });
    expect([refused.status, refused.json.message]).toEqual([
      422,
      'Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });

  it('status changes the status alone', async () => {
    const world = openWorld();
    const { json } = await world.call('POST', DEPLOYMENTS, { body: deployment });
    const body = { ...json, spec: { ...json.spec, replicas: 9 }, status: { replicas: 2 } };
    const reply = await world.call('PUT', `${DEPLOYMENTS}/d/status`, { body });
    expect(reply.json).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 2 }, metadata: { generation: 1 } });
  });

  it('binding puts a pod on a node, once', async () => {
    const world = openWorld();
    const pods = '/api/v1/namespaces/t1/pods';
    await world.call('POST', pods, {
      body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    });
    const bind = () => world.call('POST', `${pods}/p/binding`, { body: { target: { kind: 'Node', name: 'n1' } } });
    expect((await bind()).status).toBe(201);
    expect((await world.call('GET', `${pods}/p`)).json.spec.nodeName).toBe('n1');
    expect((await bind()).status).toBe(409);
  });

  it('a Binding on its own names the pod', async () => {
    const world = openWorld();
    await world.call('POST', '/api/v1/namespaces/t1/pods', {
      body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    });
    const bind = (name: string) =>
      world.call('POST', '/api/v1/namespaces/t1/bindings', { body: { metadata: { name }, target: { name: 'n1' } } });
    expect((await bind('p')).status).toBe(201);
    expect((await world.call('GET', '/api/v1/namespaces/t1/pods/p')).json.spec.nodeName).toBe('n1');
    expect((await bind('none')).json.message).toBe('pods "none" not found');
  });
});

describe('bad input', () => {
  const deep = (levels: number) => `{"metadata":{"name":"m"},"data":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  it.each([
    ['3 MB and more', 'POST', MAPS, `{"data":{"a":"${'x'.repeat(3 * 1024 * 1024)}"}}`, 'application/json', 413],
    ['10,000 levels', 'POST', MAPS, deep(10_000), 'application/json', 400],
    ['10,000 levels of yaml', 'POST', MAPS, deep(10_000), 'application/yaml', 400],
    ['broken JSON', 'POST', MAPS, '{"metadata":', 'application/json', 400],
    ['broken YAML', 'POST', MAPS, 'a: [', 'application/yaml', 400],
    ['a list', 'POST', MAPS, '[]', 'application/json', 400],
    ['nothing', 'POST', MAPS, '', 'application/json', 400],
    ['null', 'POST', MAPS, 'null', 'application/json', 400],
    [
      'a laughing billion',
      'POST',
      MAPS,
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}`,
      'application/yaml',
      400,
    ],
    ['no protobuf', 'POST', MAPS, 'k8s\0\xff\xff\xff', 'application/vnd.kubernetes.protobuf', 400],
    [
      'protobuf of a kind that has none',
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      'k8s\0',
      'application/vnd.kubernetes.protobuf',
      415,
    ],
    ['plain text', 'POST', MAPS, 'x', 'text/plain', 415],
    ['a list for a map', 'POST', MAPS, '{"metadata":{"name":"m"},"data":[]}', 'application/json', 400],
    ['a field of a wrong type', 'POST', MAPS, '{"metadata":{"name":"m"},"data":{"a":1}}', 'application/json', 400],
    ['a method for collections', 'PUT', MAPS, '{}', 'application/json', 405],
    ['a bad continue token', 'GET', `${MAPS}?continue=xx`, undefined, 'application/json', 400],
    ['a bad limit', 'GET', `${MAPS}?limit=x`, undefined, 'application/json', 400],
    ['an unknown dryRun', 'POST', `${MAPS}?dryRun=x`, '{"metadata":{"name":"m"}}', 'application/json', 400],
    ['a version of the future', 'GET', `${MAPS}?resourceVersion=999999`, undefined, 'application/json', 504],
    ['a broken escape', 'GET', `${MAPS}/%zz`, undefined, 'application/json', 404],
  ])('%s: %s', async (_name, method, path, body, type, status) => {
    const world = openWorld();
    const reply = await world.call(method, path, { ...(body !== undefined && { body }), type });
    expect([reply.status, reply.json?.kind, world.bugs]).toEqual([status, 'Status', []]);
  });

  it.each(['application/json', 'application/yaml'])('__proto__ is a key like any other in %s', async (type) => {
    const world = openWorld();
    const body = '{"metadata":{"name":"m","__proto__":{"namespace":"kube-system"}},"data":{"__proto__":"x","a":"1"}}';
    await world.call('POST', MAPS, { body, type });
    const { text } = await world.call('GET', `${MAPS}/m`);
    expect(text).toContain('"__proto__":"x"');
    expect(({} as Record<string, unknown>)['namespace']).toBeUndefined();
    const patch = await world.call('PATCH', `${MAPS}/m`, {
      type: 'application/merge-patch+json',
      body: '{"__proto__":{"polluted":true},"data":{"__proto__":"y"}}',
    });
    expect(patch.text).toContain('"__proto__":"y"');
    const operations = '[{"op":"add","path":"/__proto__/polluted","value":true}]';
    expect(
      (await world.call('PATCH', `${MAPS}/m`, { type: 'application/json-patch+json', body: operations })).status,
    ).toBe(422);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('proxy', () => {
  /** A web server behind every address: answers with what it was asked. */
  const dial = (host: string, port: number): Promise<Duplex> => {
    const [near, far] = duplexPair();
    createServer((request, response) => response.end(`${host}:${port} ${request.method} ${request.url}`)).emit(
      'connection',
      far,
    );
    return Promise.resolve(near);
  };
  const absent = () => Promise.reject(new Error('dial tcp 10.8.0.9:80: connect: connection refused'));

  function open(dialing: () => Promise<Duplex> = () => dial('10.8.0.9', 80)) {
    const none = () => {
      throw new Error('not asked for');
    };
    const world = openWorld({
      streams: { usage: () => undefined, log: none, exec: none, attach: none, portforward: none, dial: dialing },
    });
    const { operations } = world;
    const metadata = { name: 'web', namespace: 't1' };
    operations.create('services', { metadata, spec: { ports: [{ port: 8080, targetPort: 80 }] } });
    return {
      ...world,
      ready: () =>
        operations.create('endpoints', {
          metadata,
          subsets: [{ addresses: [{ ip: '10.8.0.9' }], ports: [{ port: 80 }] }],
        }),
    };
  }

  it('passes a request on to an endpoint of a service', async () => {
    const world = open();
    world.ready();
    const reply = await world.call('GET', '/api/v1/namespaces/t1/services/web:8080/proxy/a/b?c=d');
    expect([reply.status, reply.text]).toEqual([200, '10.8.0.9:80 GET /a/b?c=d']);
  });

  it('says what is wrong', async () => {
    const path = '/api/v1/namespaces/t1/services/web/proxy/';
    const empty = await open().call('GET', path);
    expect([empty.status, empty.json.message]).toEqual([503, 'no endpoints available for service "web"']);
    const world = open(absent);
    world.ready();
    expect((await world.call('GET', path)).json.message).toBe(
      'error trying to reach service: dial tcp 10.8.0.9:80: connect: connection refused',
    );
  });
});
