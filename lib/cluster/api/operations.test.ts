import { describe, expect, it } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { State } from '../../sim/state';
import type { ClusterSettings } from '../resources/definition';
import { Registry } from '../resources/registry';
import { ObjectStore } from '../store/store';
import type { ObjectInput } from '../store/types';
import { Client } from './client';
import { Operations } from './operations';

const settings: ClusterSettings = {
  profile: 'openshift',
  serviceNetwork: '172.30.0.0/24',
  clusterNetwork: '10.8.0.0/14',
  hostPrefix: 23,
  baseDomain: 'ocp4.example.com',
  apiUrl: 'https://api.ocp4.example.com:6443',
};

function open() {
  const clock = new Clock(Date.parse('2026-01-01T00:00:00Z'));
  const random = new Random(1);
  const operations = new Operations(
    new Registry('openshift'),
    new ObjectStore(new State(), clock, random),
    clock,
    random,
    settings,
  );
  const client = new Client(operations);
  client.create('namespaces', { metadata: { name: 'demo' } });
  client.create('serviceaccounts', { metadata: { name: 'default', namespace: 'demo' } });
  return { clock, operations, client, store: operations.store };
}

const meta = (name: string) => ({ name, namespace: 'demo' });
const containers = [{ name: 'c', image: 'mysql' }];
const deployment = (spec: object = {}): ObjectInput => ({
  metadata: meta('d'),
  spec: {
    selector: { matchLabels: { app: 'd' } },
    template: { metadata: { labels: { app: 'd' } }, spec: { containers } },
    ...spec,
  },
});

describe('create', () => {
  it('fills in defaults, the service account and its token', () => {
    const pod = open().client.create('pods', { metadata: meta('p'), spec: { containers } });
    expect(pod).toMatchObject({ kind: 'Pod', apiVersion: 'v1', status: { phase: 'Pending', qosClass: 'BestEffort' } });
    expect(pod['spec']).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
    });
    expect(pod['spec'].containers[0]).toMatchObject({ imagePullPolicy: 'Always', volumeMounts: [{ readOnly: true }] });
  });

  it('draws names from generateName and addresses from the service network', () => {
    const { client } = open();
    expect(
      client.create('pods', { metadata: { generateName: 'web-', namespace: 'demo' }, spec: { containers } }).metadata
        .name,
    ).toMatch(/^web-[b-z2-9]{5}$/);
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++)
      seen.add(
        client.create('services', { metadata: meta(`s${i}`), spec: { ports: [{ port: 80 }] } })['spec'].clusterIP,
      );
    expect(seen.size).toBe(200);
    for (const ip of seen) expect(ip).toMatch(/^172\.30\.0\.\d+$/);
  });

  it.each([
    [
      'no namespace',
      'pods',
      { metadata: { name: 'p', namespace: 'nope' }, spec: { containers } },
      'namespaces "nope" not found',
    ],
    [
      'no account',
      'pods',
      { metadata: meta('p'), spec: { containers, serviceAccountName: 'x' } },
      'pods "p" is forbidden: error looking up service account demo/x: serviceaccount "x" not found',
    ],
    [
      'selector',
      'deployments.apps',
      deployment({ selector: { matchLabels: { app: 'x' } } }),
      'Deployment.apps "d" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"d"}: `selector` does not match template `labels`',
    ],
  ] as [string, string, ObjectInput, string][])('refuses: %s', (_title, resource, object, message) => {
    expect(() => open().client.create(resource, object)).toThrow(message);
  });
});

describe('update', () => {
  it('counts generations of the specification, not of status or labels', () => {
    const { client } = open();
    const made = client.create('deployments.apps', deployment());
    expect(client.patch('deployments.apps', 'demo', 'd', { spec: { replicas: 3 } }).metadata.generation).toBe(2);
    expect(
      client.patch('deployments.apps', 'demo', 'd', { metadata: { labels: { a: 'b' } } }).metadata.generation,
    ).toBe(2);
    expect(
      client.updateStatus('deployments.apps', { metadata: meta('d'), status: { replicas: 3 } })['spec'].replicas,
    ).toBe(3);
    expect(() => client.update('deployments.apps', made)).toThrow(/the object has been modified/);
    expect(() =>
      client.patch('deployments.apps', 'demo', 'd', { spec: { selector: { matchLabels: { app: 'd', b: 'c' } } } }),
    ).toThrow(/field is immutable/);
  });

  it('keeps the version when nothing changes', () => {
    const { client } = open();
    const made = client.create('deployments.apps', deployment());
    expect(client.update('deployments.apps', made)).toBe(client.get('deployments.apps', 'demo', 'd'));
  });
});

describe('delete', () => {
  it('waits for the kubelet, and only for pods that have one', () => {
    const { client } = open();
    client.create('pods', { metadata: meta('a'), spec: { containers } });
    client.create('pods', { metadata: meta('b'), spec: { containers, nodeName: 'n' } });
    expect(client.delete('pods', 'demo', 'a')).toBe(true);
    expect(client.delete('pods', 'demo', 'b')).toBe(false);
    expect(client.get('pods', 'demo', 'b')?.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
    client.delete('pods', 'demo', 'b', { gracePeriodSeconds: 5 });
    expect(client.get('pods', 'demo', 'b')?.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:05Z',
      deletionGracePeriodSeconds: 5,
    });
    expect(client.delete('pods', 'demo', 'b', { gracePeriodSeconds: 0 })).toBe(true);
  });

  it('waits for finalizers', () => {
    const { client } = open();
    client.create('configmaps', { metadata: { ...meta('c'), finalizers: ['example.com/hold'] } });
    expect(client.delete('configmaps', 'demo', 'c')).toBe(false);
    client.patch('configmaps', 'demo', 'c', { metadata: { finalizers: null } });
    expect(client.get('configmaps', 'demo', 'c')).toBeUndefined();
  });

  it('marks a namespace as terminating and refuses new content', () => {
    const { client } = open();
    expect(client.delete('namespaces', undefined, 'demo')).toBe(false);
    expect(() => client.create('configmaps', { metadata: meta('x') })).toThrow(
      'configmaps "x" is forbidden: unable to create new content in namespace demo because it is being terminated',
    );
    client.patch('namespaces', undefined, 'demo', {});
  });
});

it('warns what a restricted namespace would not take', () => {
  const { operations, client } = open();
  client.patch('namespaces', undefined, 'demo', {
    metadata: {
      labels: { 'pod-security.kubernetes.io/warn': 'restricted', 'pod-security.kubernetes.io/warn-version': 'v1.24' },
    },
  });
  const warnings: string[] = [];
  operations.create('deployments.apps', deployment(), { warn: (text) => warnings.push(text) });
  expect(warnings).toEqual([
    'would violate PodSecurity "restricted:v1.24": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ]);
});
