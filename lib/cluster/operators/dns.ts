// The DNS operator: CoreDNS on every node, its service at the tenth address, its configuration from dns.operator/default.
import { type DnsOperatorSpec, openShiftCorefile } from '../../network/dns/corefile';
import type { Controller, ControllerContext } from '../controllers/controller';
import { apply, container, DNS_IMAGE, daemonSetOf, deploymentOf, type Manifest } from './manifest';
import { operator, VERSION } from './operator';

const NAMESPACE = 'openshift-dns';
const DNSES = 'dnses.operator.openshift.io';
const DAEMON = 'dns.operator.openshift.io/daemonset-dns';
const OWNING = 'dns.operator.openshift.io/owning-dns';

const corefileMount = { name: 'config-volume', mountPath: '/etc/coredns', readOnly: true };
const corefile = {
  name: 'config-volume',
  configMap: { name: 'dns-default', items: [{ key: 'Corefile', path: 'Corefile' }] },
};

const manifests = (dnsAddress: string) => (): Manifest[] => [
  ...deploymentOf({
    namespace: 'openshift-dns-operator',
    name: 'dns-operator',
    labels: { name: 'dns-operator' },
    containers: [
      container('dns-operator', { env: [{ name: 'RELEASE_VERSION', value: VERSION }] }),
      container('kube-rbac-proxy'),
    ],
    where: 'masters',
    spec: { dnsPolicy: 'Default' },
  }),
  {
    resource: 'configmaps',
    object: {
      metadata: { name: 'dns-default', namespace: NAMESPACE, labels: { [OWNING]: 'default' } },
      data: { Corefile: openShiftCorefile() },
    },
  },
  { resource: 'serviceaccounts', object: { metadata: { name: 'dns', namespace: NAMESPACE } } },
  ...daemonSetOf({
    namespace: NAMESPACE,
    name: 'dns-default',
    labels: { [DAEMON]: 'default' },
    containers: [
      container('dns', {
        image: DNS_IMAGE,
        args: ['-conf', '/etc/coredns/Corefile'],
        ports: [
          { name: 'dns', containerPort: 5353, protocol: 'UDP' },
          { name: 'dns-tcp', containerPort: 5353, protocol: 'TCP' },
        ],
        volumeMounts: [corefileMount],
        resources: { requests: { cpu: '50m', memory: '70Mi' } },
      }),
      container('kube-rbac-proxy', { ports: [{ name: 'metrics', containerPort: 9154, protocol: 'TCP' }] }),
    ],
    where: 'all',
    spec: { dnsPolicy: 'Default', serviceAccountName: 'dns', volumes: [corefile] },
  }).filter(({ resource }) => resource === 'daemonsets.apps'),
  ...daemonSetOf({
    namespace: NAMESPACE,
    name: 'node-resolver',
    labels: { 'dns.operator.openshift.io/daemonset-node-resolver': '' },
    containers: [container('dns-node-resolver')],
    where: 'all',
    spec: { hostNetwork: true, dnsPolicy: 'Default' },
  }),
  {
    resource: 'services',
    object: {
      metadata: { name: 'dns-default', namespace: NAMESPACE, labels: { [OWNING]: 'default' } },
      spec: {
        clusterIP: dnsAddress,
        selector: { [DAEMON]: 'default' },
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 'dns-tcp' },
          { name: 'metrics', port: 9154, protocol: 'TCP', targetPort: 'metrics' },
        ],
      },
    },
  },
  { resource: DNSES, object: { metadata: { name: 'default' }, spec: defaultSpec } },
];

const defaultSpec = {
  logLevel: 'Normal',
  nodePlacement: {},
  operatorLogLevel: 'Normal',
  upstreamResolvers: {
    policy: 'Sequential',
    transportConfig: {},
    upstreams: [{ type: 'SystemResolvConf', port: 53 }],
  },
};

const related = [
  { group: '', resource: 'namespaces', name: 'openshift-dns-operator' },
  { group: 'operator.openshift.io', resource: 'dnses', name: 'default' },
  { group: '', resource: 'namespaces', name: NAMESPACE },
];

/** The Corefile and the pods' placement follow the specification; the status says where the DNS answers. */
function configure(context: ControllerContext, dnsAddress: string): undefined {
  const { store, client, clock, serves } = context;
  const dns = serves(DNSES) ? store.get(DNSES, undefined, 'default') : undefined;
  if (!dns) return;
  const spec: DnsOperatorSpec & { nodePlacement?: { nodeSelector?: object; tolerations?: object[] } } =
    dns['spec'] ?? {};
  const data = { Corefile: openShiftCorefile('cluster.local', spec) };
  apply(context, { resource: 'configmaps', object: { metadata: { name: 'dns-default', namespace: NAMESPACE }, data } });
  if (dns['status']?.clusterIP === dnsAddress) return;
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: clock.timestamp(),
  });
  const status = {
    clusterDomain: 'cluster.local',
    clusterIP: dnsAddress,
    conditions: [
      condition(
        'Available',
        'True',
        'AsExpected',
        'The DNS daemonset has available pods, and the DNS service has a cluster IP address.',
      ),
      condition(
        'Progressing',
        'False',
        'AsExpected',
        'All DNS and node-resolver pods are available, and the DNS service has a cluster IP address.',
      ),
      condition(
        'Degraded',
        'False',
        'AsExpected',
        'Enough DNS pods are available, and the DNS service has a cluster IP address.',
      ),
      condition('Upgradeable', 'True', 'AsExpected', 'DNS Operator can be upgraded'),
    ],
  };
  client.updateStatus(DNSES, { ...dns, status });
}

export const dnsOperator = (context: ControllerContext, dnsAddress: string): Controller =>
  operator(context, {
    name: 'dns',
    manifests: manifests(dnsAddress),
    watches: context.serves(DNSES) ? [DNSES] : [],
    related,
    configure: (each) => configure(each, dnsAddress),
    message: 'DNS "default" is available.',
  });
