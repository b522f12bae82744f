// CoreDNS of plain Kubernetes, as kubeadm installs it: two pods behind the service kube-dns.
import type { ControllerContext } from '../controllers/controller';
import { ensure, type Manifest } from './manifest';

const IMAGE = 'registry.k8s.io/coredns/coredns:v1.11.3';
const METADATA = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const PORT = 5353; // DIFFERS: kubeadm's CoreDNS listens on 53 in its pod

const manifests = (address: string): Manifest[] => [
  { resource: 'serviceaccounts', object: { metadata: { name: 'coredns', namespace: 'kube-system' } } },
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
                resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
              },
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
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 'dns-tcp' },
        ],
      },
    },
  },
];

/** Installs it once; nobody puts it back when it is deleted. */
export const installKubeDns = (context: ControllerContext, address: string): void =>
  ensure(context, manifests(address));
