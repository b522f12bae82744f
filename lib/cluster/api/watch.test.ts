import { expect, test } from 'vitest';
import { duplexPair } from './testing/duplex-pair';
import { openWorld, type WatchEvent } from './testing/world';

const PODS = '/api/v1/namespaces/t1/pods';
const pod = (name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'c', image: 'i' }] },
});
const shown = (events: WatchEvent[]) => events.map(({ type, object }) => `${type} ${object.metadata?.name ?? ''}`);

test('a watch tells what is there, then what happens', async () => {
  const world = openWorld();
  await world.call('POST', PODS, { body: pod('a') });
  const watching = world.watch(`${PODS}?watch=1`);
  expect(shown(await watching.events())).toEqual(['ADDED a']);
  await world.call('PATCH', `${PODS}/a`, {
    type: 'application/merge-patch+json',
    body: { metadata: { labels: { x: '1' } } },
  });
  await world.call('DELETE', `${PODS}/a`);
  expect(shown(await watching.events())).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  watching.close();
});

test('from a version on, only what came later', async () => {
  const world = openWorld();
  const { json } = await world.call('GET', PODS);
  await world.call('POST', PODS, { body: pod('a') });
  const watching = world.watch(`${PODS}?watch=1&resourceVersion=${json.metadata.resourceVersion}`);
  await world.call('POST', PODS, { body: pod('b') });
  expect(shown(await watching.events())).toEqual(['ADDED a', 'ADDED b']);
  watching.close();
});

test('an object that leaves the selection is deleted to the watcher, one that enters it is added', async () => {
  const world = openWorld();
  const label = (value: string) =>
    world.call('PATCH', `${PODS}/a`, {
      type: 'application/merge-patch+json',
      body: { metadata: { labels: { app: value } } },
    });
  const watching = world.watch(`${PODS}?watch=1&labelSelector=app%3Dweb`);
  await world.call('POST', PODS, { body: pod('a', { app: 'db' }) });
  await label('web');
  await label('db');
  expect(shown(await watching.events())).toEqual(['ADDED a', 'DELETED a']);
  watching.close();
});

test('initial events end with a marked bookmark', async () => {
  const world = openWorld();
  await world.call('POST', PODS, { body: pod('a') });
  const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const watching = world.watch(`${PODS}?${query}`);
  const events = await watching.events();
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
  expect(events[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  watching.close();
});

test('bookmarks come by the minute, and a watch ends when its time is over', async () => {
  const world = openWorld();
  const watching = world.watch(`${PODS}?watch=1&allowWatchBookmarks=true&timeoutSeconds=90`);
  await watching.events();
  await world.clock.advance(61_000);
  const events = await watching.events();
  expect(events).toMatchObject([
    { type: 'BOOKMARK', object: { kind: 'Pod', metadata: { resourceVersion: expect.any(String) } } },
  ]);
  await world.clock.advance(30_000);
  await watching.events();
  expect(watching.ended()).toBe(true);
});

test('a version that is no longer known is an ERROR of 410', async () => {
  const world = openWorld();
  const watching = world.watch(`${PODS}?watch=1&resourceVersion=0000`.replace('0000', '0'));
  watching.close();
  for (let i = 0; i < 8200; i++)
    world.operations.create('configmaps', { metadata: { name: `c${i}`, namespace: 't1' } });
  const late = world.watch('/api/v1/namespaces/t1/configmaps?watch=1&resourceVersion=5');
  expect(await late.events()).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
});

test('rows of a table: the columns once, then cells', async () => {
  const world = openWorld();
  const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
  const watching = world.watch(`${PODS}?watch=1`, { headers });
  await world.call('POST', PODS, { body: pod('a') });
  await world.call('POST', PODS, { body: pod('b') });
  const [first, second] = await watching.events();
  expect(first?.object.columnDefinitions[0]).toMatchObject({ name: 'Name', format: 'name' });
  expect(second?.object.columnDefinitions).toBeNull();
  expect(second?.object.rows[0].cells.slice(0, 4)).toEqual(['b', '0/1', 'Pending', '0']);
  expect(second?.object.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'b' } });
  watching.close();
});

test('nothing is told before it is durable', async () => {
  let release = () => {};
  const world = openWorld({ sync: () => new Promise<void>((resolve) => (release = resolve)) });
  const watching = world.watch(`${PODS}?watch=1`);
  await watching.events();
  world.operations.create('pods', { ...pod('a'), metadata: { name: 'a', namespace: 't1' } });
  expect(await watching.events()).toEqual([]);
  release();
  expect(shown(await watching.events())).toEqual(['ADDED a']);
  watching.close();
});

test('a client that never reads is cut off', async () => {
  const world = openWorld();
  const [client, far] = duplexPair();
  world.server.emit('connection', far);
  client.write(
    'GET /api/v1/namespaces/t1/configmaps?watch=1 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer admin-token\r\n\r\n',
  );
  await world.clock.settle();
  const data = { text: 'x'.repeat(500_000) };
  for (let i = 0; i < 30 && !far.destroyed; i++) {
    world.operations.create('configmaps', { metadata: { name: `c${i}`, namespace: 't1' }, data });
    await world.clock.settle();
  }
  expect(far.destroyed).toBe(true);
  expect(world.bugs).toEqual([]);
});
