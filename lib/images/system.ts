// Images of the platform itself: the DNS server, the pause container, and one light image for operators and agents whose
// work is done by the simulation.
import { image, onBoard, ubi } from './base';

const MIB = 1024 * 1024;

export const corednsImage = image({
  repositories: ['quay.io/openshift-release-dev/coredns', 'registry.k8s.io/coredns/coredns'],
  tags: ['latest', 'v1.11.3'],
  files: ubi(9, ['coredns']),
  entrypoint: ['/usr/bin/coredns'],
  cmd: [],
  ports: [
    { port: 5353, protocol: 'UDP' },
    { port: 5353, protocol: 'TCP' },
  ],
  sizeBytes: 61 * MIB,
});

export const pauseImage = image({
  repositories: [
    'registry.k8s.io/pause',
    'k8s.gcr.io/pause',
    'gcr.io/google_containers/pause',
    'quay.io/openshift-release-dev/ocp-v4.0-art-dev-pod',
  ],
  tags: ['latest', '2.0', '3.0', '3.1', '3.2', '3.5', '3.6', '3.7', '3.8', '3.9', '3.10'],
  files: ubi(9, [], onBoard(['pause'])),
  entrypoint: ['/usr/bin/pause'],
  cmd: [],
  sizeBytes: MIB,
});

/** Its processes stay up; what an operator or agent does is done by lib/cluster. */
export const platformImage = image({
  repositories: ['quay.io/openshift-release-dev/ocp-v4.0-art-dev'],
  files: ubi(9, ['pause']),
  entrypoint: ['/usr/bin/pause'],
  cmd: [],
  sizeBytes: 300 * MIB,
});
