// The service that pods reach the API by: default/kubernetes, with endpoints that the API server keeps itself.
import { Cidr } from '../../network/address';
import type { Client } from '../api/client';

const PORT = 6443;

/** The blocks that cluster addresses come from, as an object. */
export function createServiceCidr(client: Client, cidrs: string[], now: string): void {
  const resource = 'servicecidrs.networking.k8s.io';
  const made = client.create(resource, { metadata: { name: 'kubernetes' }, spec: { cidrs } });
  const message = 'Kubernetes Service CIDR is ready';
  const ready = { type: 'Ready', status: 'True', reason: '', message, lastTransitionTime: now };
  client.updateStatus(resource, { ...made, status: { conditions: [ready] } });
}

export function createApiService(client: Client, serviceNetwork: string, addresses: string[]): void {
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const metadata = { name: 'kubernetes', namespace: 'default' };
  client.create('services', {
    metadata: { ...metadata, labels },
    spec: {
      clusterIP: Cidr.parse(serviceNetwork).at(1),
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: PORT }],
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
  });
  client.create('endpoints', {
    metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ name: 'https', port: PORT, protocol: 'TCP' }] }],
  });
  client.create('endpointslices.discovery.k8s.io', {
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'https', port: PORT, protocol: 'TCP' }],
  });
}
