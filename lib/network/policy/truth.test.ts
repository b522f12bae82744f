// The upstream policy matrices, cell for cell, through `path`.
import { describe, expect, test } from 'vitest';
import { Random } from '../../sim/random';
import { Network } from '../network';
import { path } from '../path';
import { hasTruth, readTruth } from '../testing/truth';
import type { Protocol } from '../types';

interface Step {
  policies: { metadata: { name: string; namespace: string } }[] | null;
  namespaces: Record<string, Record<string, string>>;
  pods: { name: string; namespace: string; ip: string; labels: Record<string, string> }[];
  columns: string[];
  expected: Record<string, Record<string, string>>;
}

interface Truth {
  podPorts: { name: string; containerPort: number; protocol: Protocol }[];
  cases: { id: string; description: string; steps: Step[] }[];
}

const truth = hasTruth ? readTruth<Truth>('netpol-cases.json') : { podPorts: [], cases: [] };

function networkOf(step: Step): Network {
  const network = new Network({
    plugin: 'OVNKubernetes',
    clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
    serviceNetwork: ['172.30.0.0/16'],
    machineNetwork: '192.168.50.0/24',
    now: () => 0,
    random: new Random(1),
  });
  for (const [name, labels] of Object.entries(step.namespaces))
    network.apply({ kind: 'Namespace', metadata: { name, labels } as { name: string } });
  for (const { name, namespace, ip, labels } of step.pods) {
    const node = ip.startsWith('10.128.') ? 'worker01' : 'worker02';
    const containers = [{ name: 'c', ports: truth.podPorts }];
    const metadata = { name, namespace, labels };
    network.apply({ kind: 'Pod', metadata, spec: { nodeName: node, containers }, status: { podIP: ip } } as never);
    for (const { protocol, containerPort } of truth.podPorts)
      network.setListener(`pod/${namespace}/${name}`, protocol, containerPort, '0.0.0.0', true);
  }
  for (const policy of step.policies ?? []) network.apply({ ...policy, kind: 'NetworkPolicy' });
  return network;
}

function matrix(network: Network, step: Step, protocol: Protocol, port: number): Record<string, string> {
  const address = new Map(step.pods.map(({ name, namespace, ip }) => [`${namespace}/${name}`, ip]));
  const cell = (from: string, to: string) => {
    const verdict = path(network, { from: `pod/${from}`, to: address.get(to) ?? '', port, protocol }).verdict;
    return from === to ? '=' : verdict === 'delivered' ? '.' : 'X';
  };
  return Object.fromEntries(step.columns.map((from) => [from, step.columns.map((to) => cell(from, to)).join('')]));
}

/** A pod to itself is outside the matrix. */
const blank = (rows: Record<string, string>, columns: string[]) =>
  Object.fromEntries(
    Object.entries(rows).map(([from, row]) => [from, [...row].map((c, i) => (columns[i] === from ? '=' : c)).join('')]),
  );

describe.skipIf(!hasTruth)('policy matrices', () => {
  test.each(truth.cases.map((c) => [c.id, c.description, c] as const))('%s %s', (_id, _description, { steps }) => {
    for (const step of steps) {
      const network = networkOf(step);
      for (const [key, rows] of Object.entries(step.expected)) {
        const [protocol, port] = key.split('/') as [Protocol, string];
        expect({ key, ...matrix(network, step, protocol, Number(port)) }).toEqual({
          key,
          ...blank(rows, step.columns),
        });
      }
    }
  });
});
