// The Cluster Network Operator: itself, the plug-in's pods and Multus.
import type { CniPlugin } from '../../network/cni/contract';
import type { ControllerContext } from '../controllers/controller';
import { isOperated, pluginManifests } from '../plugins/workloads';
import { container, daemonSetOf, deploymentOf, type Manifest } from './manifest';
import { CONFIG, configureNetwork, NETWORK_RELATED, OPERATOR } from './network-configuration';
import { operator, VERSION } from './operator';

const HOST = { hostNetwork: true, dnsPolicy: 'Default' };

/** For plug-ins of others that leave services to it. */
const openShiftKubeProxy: readonly Manifest[] = [
  {
    resource: 'namespaces',
    object: {
      metadata: {
        name: 'openshift-kube-proxy',
        labels: { 'openshift.io/run-level': '0', 'pod-security.kubernetes.io/enforce': 'privileged' },
        annotations: { 'openshift.io/node-selector': '', 'workload.openshift.io/allowed': 'management' },
      },
    },
  },
  ...daemonSetOf({
    namespace: 'openshift-kube-proxy',
    name: 'openshift-kube-proxy',
    labels: { app: 'kube-proxy' },
    containers: [container('kube-proxy'), container('kube-rbac-proxy')],
    where: 'all',
    spec: HOST,
  }),
];

const manifests = (plugin: CniPlugin) => (): Manifest[] => [
  ...deploymentOf({
    namespace: 'openshift-network-operator',
    name: 'network-operator',
    labels: { name: 'network-operator' },
    containers: [
      container('network-operator', {
        command: ['/usr/bin/pause'],
        env: [{ name: 'RELEASE_VERSION', value: VERSION }],
        ports: [{ name: 'cno', containerPort: 9104, hostPort: 9104, protocol: 'TCP' }],
      }),
    ],
    where: 'masters',
    spec: HOST,
  }),
  ...(isOperated(plugin) ? pluginManifests(plugin, 'openshift') : []),
  ...(plugin.services === 'kube-proxy' && !isOperated(plugin) ? openShiftKubeProxy : []),
  ...daemonSetOf({
    namespace: 'openshift-multus',
    name: 'multus',
    labels: { app: 'multus' },
    containers: [container('kube-multus')],
    where: 'all',
    spec: HOST,
  }),
  ...daemonSetOf({
    namespace: 'openshift-multus',
    name: 'multus-additional-cni-plugins',
    labels: { app: 'multus-additional-cni-plugins' },
    containers: [container('kube-multus-additional-cni-plugins')],
    where: 'all',
    spec: HOST,
  }),
  ...deploymentOf({
    namespace: 'openshift-multus',
    name: 'multus-admission-controller',
    labels: { app: 'multus-admission-controller' },
    containers: [container('multus-admission-controller'), container('kube-rbac-proxy')],
    where: 'masters',
  }),
];

const related = ({ installs }: CniPlugin) => [
  { group: '', resource: 'namespaces', name: 'openshift-multus' },
  ...[...new Set(installs.components.map(({ namespace }) => namespace))].map((name) => ({
    group: '',
    resource: 'namespaces',
    name,
  })),
  { group: 'apps', resource: 'daemonsets', name: 'multus', namespace: 'openshift-multus' },
  ...installs.components.map(({ kind, name, namespace }) => ({
    group: 'apps',
    resource: kind === 'DaemonSet' ? 'daemonsets' : 'deployments',
    name,
    namespace,
  })),
  { group: '', resource: 'namespaces', name: 'openshift-network-operator' },
];

export const networkOperator = (context: ControllerContext, plugin: CniPlugin) =>
  operator(context, {
    name: 'network',
    manifests: manifests(plugin),
    watches: [CONFIG, OPERATOR].filter((resource) => context.serves(resource)),
    related: [...NETWORK_RELATED, ...related(plugin)],
    configure: (each) => ({ conditions: configureNetwork(each) }),
    message: '',
  });
