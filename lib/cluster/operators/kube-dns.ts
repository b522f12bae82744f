// CoreDNS of plain Kubernetes, as kubeadm installs it: two pods behind the service kube-dns.
import type { ControllerContext } from '../controllers/controller';
import { ensure, type Manifest } from './manifest';

const IMAGE = 'registry.k8s.io/coredns/coredns:v1.11.3';
const METADATA = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const RBAC = 'rbac.authorization.k8s.io';
const PORT = 53;
const METRICS = 9153; // DIFFERS: nothing answers there, so neither pod nor service name the port

/** The Corefile of kubeadm (cmd/kubeadm/app/phases/addons/dns/manifests.go). */
const corefile = (clusterDomain: string): string => `.:${PORT} {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :${METRICS}
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`;

const manifests = (address: string, clusterDomain: string): Manifest[] => [
  { resource: 'serviceaccounts', object: { metadata: { name: 'coredns', namespace: 'kube-system' } } },
  {
    resource: `clusterroles.${RBAC}`,
    object: {
      metadata: { name: 'system:coredns' },
      rules: [
        { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
  },
  {
    resource: `clusterrolebindings.${RBAC}`,
    object: {
      metadata: { name: 'system:coredns' },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace: 'kube-system' }],
    },
  },
  {
    resource: 'configmaps',
    object: {
      metadata: { name: 'coredns', namespace: 'kube-system' },
      data: { Corefile: corefile(clusterDomain) },
    },
  },
  {
    resource: 'deployments.apps',
    object: {
      metadata: { ...METADATA, name: 'coredns' },
      spec: {
        replicas: 2,
        selector: { matchLabels: METADATA.labels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
        template: {
          metadata: { labels: METADATA.labels },
          spec: {
            containers: [
              {
                name: 'coredns',
                image: IMAGE,
                args: ['-conf', '/etc/coredns/Corefile'],
                ports: [
                  { name: 'dns', containerPort: PORT, protocol: 'UDP' },
                  { name: 'dns-tcp', containerPort: PORT, protocol: 'TCP' },
                ],
                volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
                resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
              },
            ],
            volumes: [
              { name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } },
            ],
            dnsPolicy: 'Default',
            priorityClassName: 'system-cluster-critical',
            serviceAccountName: 'coredns',
            tolerations: [
              { key: 'CriticalAddonsOnly', operator: 'Exists' },
              { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
            ],
          },
        },
      },
    },
  },
  {
    resource: 'services',
    object: {
      metadata: {
        name: 'kube-dns',
        namespace: 'kube-system',
        labels: { ...METADATA.labels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      },
      spec: {
        clusterIP: address,
        selector: METADATA.labels,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: PORT },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: PORT },
        ],
      },
    },
  },
];

/** Installs it once; nobody puts it back when it is deleted. */
export const installKubeDns = (context: ControllerContext, address: string, clusterDomain = 'cluster.local'): void =>
  ensure(context, manifests(address, clusterDomain));
