// The singletons `cluster` of config.openshift.io that say how a cluster behaves, and what its nodes are configured by. They are
// there to be read: nothing here would follow a change, and the API refuses one.
import { type Pool, poolOf, renderedConfig } from '../bootstrap/machine-config';
import type { ObjectInput } from '../store/types';
import type { Surroundings } from './index';

type Make = (of: Surroundings) => ObjectInput[];

const cluster =
  (kind: string, spec: object, status?: object): Make =>
  () => [
    {
      apiVersion: 'config.openshift.io/v1',
      kind,
      metadata: { name: 'cluster', generation: 1 },
      spec,
      ...(status && { status }),
    },
  ];

const CONFIG: readonly [plural: string, Make][] = [
  ['apiservers', cluster('APIServer', { audit: { profile: 'Default' } })],
  [
    'authentications',
    cluster(
      'Authentication',
      { oauthMetadata: { name: '' }, serviceAccountIssuer: '', type: '' },
      { integratedOAuthMetadata: { name: 'oauth-openshift' } },
    ),
  ],
  ['featuregates', cluster('FeatureGate', {})],
  ['images', cluster('Image', {}, { internalRegistryHostname: 'image-registry.openshift-image-registry.svc:5000' })],
  ['oauths', cluster('OAuth', {})],
  ['projects', cluster('Project', { projectRequestMessage: '', projectRequestTemplate: { name: '' } })],
  ['proxies', cluster('Proxy', { trustedCA: { name: '' } }, {})],
  ['schedulers', cluster('Scheduler', { mastersSchedulable: false, policy: { name: '' } }, {})],
];

export const singletons: Readonly<Record<string, Make>> = Object.fromEntries(
  CONFIG.map(([plural, make]) => [`${plural}.config.openshift.io`, make]),
);

const POOLS: readonly Pool[] = ['master', 'worker'];
const GROUP = 'machineconfiguration.openshift.io';
const ROLE = `${GROUP}/role`;

/** Of each pool: what its nodes are made of, and the sum of it. */
export const machineConfigs: Make = ({ release, sshKey }) =>
  POOLS.flatMap((pool) => {
    const users = [{ name: 'core', sshAuthorizedKeys: [sshKey] }];
    const config = (passwd?: object) => ({ ignition: { version: '3.4.0' }, ...(passwd && { passwd }) });
    const object = (name: string, spec: object, isRendered: boolean) => ({
      apiVersion: `${GROUP}/v1`,
      kind: 'MachineConfig',
      metadata: {
        name,
        generation: 1,
        ...(!isRendered && { labels: { [ROLE]: pool } }),
        ...(isRendered && { annotations: { [`${GROUP}/release-image-version`]: release } }),
      },
      spec,
    });
    return [
      object(`99-${pool}-ssh`, { config: config({ users }) }, false),
      object(renderedConfig(pool, release), { config: config({ users }), osImageURL: '' }, true),
    ];
  });

export const machineConfigPools: Make = ({ created, release, nodes }) =>
  POOLS.map((pool) => {
    const machineCount = nodes.filter(({ roles }) => poolOf(roles) === pool).length;
    const name = renderedConfig(pool, release);
    const source = [{ apiVersion: `${GROUP}/v1`, kind: 'MachineConfig', name: `99-${pool}-ssh` }];
    const condition = (type: string, status: string, message = '') => ({
      type,
      status,
      reason: '',
      message,
      lastTransitionTime: created,
    });
    return {
      apiVersion: `${GROUP}/v1`,
      kind: 'MachineConfigPool',
      metadata: { name: pool, generation: 1, labels: { [`pools.operator.${GROUP}/${pool}`]: '' } },
      spec: {
        configuration: { name, source },
        machineConfigSelector: { matchLabels: { [ROLE]: pool } },
        nodeSelector: { matchLabels: { [`node-role.kubernetes.io/${pool}`]: '' } },
        paused: false,
      },
      status: {
        conditions: [
          condition('RenderDegraded', 'False'),
          condition('NodeDegraded', 'False'),
          condition('Degraded', 'False'),
          condition('Updated', 'True', `All nodes are updated with MachineConfig ${name}`),
          condition('Updating', 'False'),
        ],
        configuration: { name, source },
        degradedMachineCount: 0,
        machineCount,
        observedGeneration: 1,
        readyMachineCount: machineCount,
        unavailableMachineCount: 0,
        updatedMachineCount: machineCount,
      },
    };
  });
