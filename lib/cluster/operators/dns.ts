// The DNS operator: CoreDNS on every node, its service at the tenth address, its configuration from dns.operator/default.
import { dnsSpecError, openShiftCorefile } from '../../network/dns/corefile';
import type { Controller, ControllerContext } from '../controllers/controller';
import { equal } from '../controllers/equal';
import type { Condition } from '../kinds';
import { type DnsSpec, dnsConditions, operatorConditions } from './dns-status';
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

/** The Corefile and the pods' placement follow the specification; the status says how the pods do. */
function configure(context: ControllerContext, dnsAddress: string): { conditions: Condition[]; again?: number } {
  const { store, client, serves } = context;
  const dns = serves(DNSES) ? store.get(DNSES, undefined, 'default') : undefined;
  if (!dns) return { conditions: [] };
  const spec: DnsSpec = dns['spec'] ?? {};
  const refused = spec.managementState === 'Unmanaged' ? undefined : manage(context, spec);
  const { conditions, again } = dnsConditions(context, spec, dns['status']?.conditions ?? []);
  const status = { clusterDomain: 'cluster.local', clusterIP: dnsAddress, conditions };
  if (!equal(status, dns['status'])) client.updateStatus(DNSES, { ...dns, status });
  if (refused) context.events.record(dns, 'Warning', 'FailedConfiguration', refused, { component: 'dns-operator' });
  return { conditions: operatorConditions(conditions), ...(again !== undefined && { again }) };
}

/** Gives what is wrong with the specification; nothing of a wrong one is applied. */
function manage(context: ControllerContext, spec: DnsSpec): string | undefined {
  const wrong = dnsSpecError(spec);
  if (wrong) return `failed to build configmap: ${wrong}`;
  const data = { Corefile: openShiftCorefile('cluster.local', spec) };
  apply(context, { resource: 'configmaps', object: { metadata: { name: 'dns-default', namespace: NAMESPACE }, data } });
  const { nodeSelector, tolerations } = spec.nodePlacement ?? {};
  const placed = {
    nodeSelector: nodeSelector ?? { 'kubernetes.io/os': 'linux' },
    tolerations: tolerations ?? [{ key: 'node-role.kubernetes.io/master', operator: 'Exists' }],
  };
  const metadata = { name: 'dns-default', namespace: NAMESPACE };
  apply(context, { resource: 'daemonsets.apps', object: { metadata, spec: { template: { spec: placed } } } });
  return undefined;
}

export const dnsOperator = (context: ControllerContext, dnsAddress: string): Controller =>
  operator(context, {
    name: 'dns',
    manifests: manifests(dnsAddress),
    watches: context.serves(DNSES) ? [DNSES, 'configmaps'] : [],
    related,
    configure: (each) => configure(each, dnsAddress),
    message: 'DNS "default" is available.',
  });
