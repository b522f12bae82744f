// The Cluster Network Operator: itself, the plug-in's pods and Multus.
import type { ControllerContext } from '../controllers/controller';
import { container, daemonSetOf, deploymentOf, type Manifest } from './manifest';
import { operator, VERSION } from './operator';

const HOST = { hostNetwork: true, dnsPolicy: 'Default' };

const manifests = (): Manifest[] => [
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
  ...daemonSetOf({
    namespace: 'openshift-ovn-kubernetes',
    name: 'ovnkube-node',
    labels: { app: 'ovnkube-node' },
    containers: [
      'ovn-controller',
      'ovn-acl-logging',
      'kube-rbac-proxy-node',
      'kube-rbac-proxy-ovn-metrics',
      'northd',
      'nbdb',
      'sbdb',
      'ovnkube-controller',
    ].map((name) => container(name)),
    where: 'all',
    spec: HOST,
  }),
  ...deploymentOf({
    namespace: 'openshift-ovn-kubernetes',
    name: 'ovnkube-control-plane',
    labels: { app: 'ovnkube-control-plane' },
    containers: [container('kube-rbac-proxy'), container('ovnkube-cluster-manager')],
    where: 'masters',
    spec: HOST,
  }),
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

const related = [
  { group: '', resource: 'namespaces', name: 'openshift-multus' },
  { group: '', resource: 'namespaces', name: 'openshift-ovn-kubernetes' },
  { group: 'apps', resource: 'daemonsets', name: 'multus', namespace: 'openshift-multus' },
  { group: 'apps', resource: 'daemonsets', name: 'ovnkube-node', namespace: 'openshift-ovn-kubernetes' },
  { group: 'apps', resource: 'deployments', name: 'ovnkube-control-plane', namespace: 'openshift-ovn-kubernetes' },
  { group: '', resource: 'namespaces', name: 'openshift-network-operator' },
];

export const networkOperator = (context: ControllerContext) =>
  operator(context, { name: 'network', manifests, watches: [], related, message: '' });
