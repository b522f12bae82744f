// Descriptions speak of types and fields that exist, and the kinds of the lesson have one for each of their own fields.
import { describe, expect, it } from 'vitest';
import { Registry } from '../../registry';
import { CLUSTER } from './cluster';
import { describeField } from './index';
import { NETWORK } from './network';
import { POD } from './pod';
import { WORKLOADS } from './workloads';

const { schema } = new Registry('openshift');
const all = Object.entries({ ...POD, ...WORKLOADS, ...NETWORK, ...CLUSTER });

it.each(all)('%s', (type, fields) => {
  const known = schema.fields(type);
  expect(known, type).toBeDefined();
  expect(Object.keys(fields).filter((field) => field !== '' && !known?.has(field))).toEqual([]);
});

describe('nothing is left without words', () => {
  const TOLD = [
    'Pod',
    'Container',
    'Service',
    'ServiceSpec',
    'ServicePort',
    'Endpoints',
    'NetworkPolicySpec',
    'Route',
    'RouteSpec',
    'Deployment',
    'DeploymentSpec',
    'JobSpec',
    'ConfigMap',
    'Secret',
    'IngressSpec',
    'PersistentVolumeClaimSpec',
    'NodeSpec',
    'ObjectMeta',
  ];
  it.each(TOLD)('%s', (type) => {
    const bare = [...(schema.fields(type)?.keys() ?? [])].filter((field) => !describeField(type, field, true));
    expect(bare).toEqual([]);
  });
});
