import { describe, expect, it } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { State } from '../../sim/state';
import { ObjectStore } from './store';
import type { KubeObject } from './types';

const pod = (name: string, namespace = 'default', extra: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid: name, resourceVersion: '', creationTimestamp: '' },
  ...extra,
});
const open = (state = new State()) => new ObjectStore(state, new Clock(0), new Random(1));

describe('ObjectStore', () => {
  it('keeps objects sorted by namespace and name, each write with a new version', () => {
    const store = open();
    for (const [name, namespace] of [
      ['b', 'z'],
      ['a', 'z'],
      ['c', 'a'],
    ])
      store.create('pods', pod(name as string, namespace));
    expect(store.list('pods').map((p) => p.metadata.name)).toEqual(['c', 'a', 'b']);
    expect(new Set(store.list('pods').map((p) => p.metadata.resourceVersion)).size).toBe(3);
    expect(store.list('pods', 'nowhere')).toEqual([]);
  });

  it.each([
    ['create twice', (s: ObjectStore) => s.create('pods', pod('a')), 'pods "a" already exists'],
    ['update of none', (s: ObjectStore) => s.update('deployments.apps', pod('x')), 'deployments.apps "x" not found'],
    [
      'stale update',
      (s: ObjectStore) => s.update('pods', { ...pod('a'), metadata: { ...pod('a').metadata, resourceVersion: '1' } }),
      'Operation cannot be fulfilled on pods "a": the object has been modified; please apply your changes to the latest version and try again',
    ],
    ['delete of none', (s: ObjectStore) => s.delete('pods', 'default', 'zz'), 'pods "zz" not found'],
  ])('refuses: %s', (_title, act, message) => {
    const store = open();
    store.create('pods', pod('a'));
    expect(() => act(store)).toThrow(message);
  });

  it('tells subscribers in the order of the writes, also when a handler writes', () => {
    const store = open();
    const seen: string[] = [];
    store.subscribe('pods', ({ type, object }) => {
      if (type === 'ADDED') store.update('pods', { ...object, spec: {} });
    });
    store.subscribe('*', ({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
    store.create('pods', pod('a'));
    store.delete('pods', 'default', 'a');
    expect(seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  it('keeps indexes through changes', () => {
    const store = open();
    store.create('pods', pod('a', 'default', { spec: { nodeName: 'n1' } }));
    store.index('pods', 'node', (p) => [p['spec']?.nodeName ?? '']);
    store.create('pods', pod('b'));
    store.update('pods', pod('b', 'default', { spec: { nodeName: 'n1' } }));
    store.delete('pods', 'default', 'a');
    expect(store.byIndex('pods', 'node', 'n1').map((p) => p.metadata.name)).toEqual(['b']);
    expect(store.byIndex('pods', 'node', '')).toEqual([]);
  });

  it('replays missed events to a watch and refuses versions it no longer has', () => {
    const store = open();
    store.create('pods', pod('a'));
    const since = store.resourceVersion;
    store.create('pods', pod('b'));
    const seen: string[] = [];
    const cancel = store.watch('pods', since, ({ object }) => seen.push(object.metadata.name));
    store.create('pods', pod('c'));
    cancel();
    store.create('pods', pod('d'));
    expect(seen).toEqual(['b', 'c']);
    expect(() => store.watch('pods', '0', () => {})).toThrow(/too old resource version: 0/);
    for (let i = 0; i < 9000; i++) store.update('pods', pod('a'));
    expect(() => store.watch('pods', since, () => {})).toThrow(/too old resource version/);
  });

  it('is restored from a snapshot with its versions going on', () => {
    const state = new State();
    const store = open(state);
    store.create('pods', pod('a'));
    const copy = open(new State(state.snapshot()));
    expect(copy.list('pods')).toEqual(store.list('pods'));
    expect(Number(copy.create('pods', pod('b')).metadata.resourceVersion)).toBeGreaterThan(
      Number(store.resourceVersion),
    );
    expect(store.list('pods')).toHaveLength(1);
  });

  it('works out what it is furnished with when somebody looks, and remembers what became of it', () => {
    const state = new State();
    let made = 0;
    const furnished = () => {
      const store = open(state);
      store.furnish('pods', () => {
        made++;
        return ['a', 'b', 'c'].map((name) => pod(name));
      });
      return store;
    };
    const store = furnished();
    expect(store.listKnown('pods')).toEqual([]);
    expect([made, state.table('objects').size]).toEqual([0, 0]);
    expect(store.list('pods').map((p) => p.metadata.name)).toEqual(['a', 'b', 'c']);
    store.list('pods');
    expect(made).toBe(1);
    store.update('pods', pod('a', 'default', { spec: 1 }));
    store.delete('pods', 'default', 'b');
    const again = furnished();
    expect(again.list('pods').map((p) => [p.metadata.name, p['spec']])).toEqual([
      ['a', 1],
      ['c', undefined],
    ]);
    again.create('pods', pod('b', 'default', { spec: 2 }));
    expect(furnished().get('pods', 'default', 'b')?.['spec']).toBe(2);
    expect(state.table('objects').size).toBe(2);
  });
});
