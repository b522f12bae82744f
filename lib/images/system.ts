// Images of the platform itself: the DNS server, the pause container, and one light image for operators and agents whose
// work is done by the simulation.
import { binary } from '../machine/machine';
import { image, NETWORK_COMMANDS, ubi } from './base';
import type { Image } from './image';
import { releasedFiles, single } from './roots';
import { releases, words } from './tags';

const MIB = 1024 * 1024;

const both = (port: number) => (['UDP', 'TCP'] as const).map((protocol) => ({ port, protocol }));

export const corednsImage = image({
  repositories: ['quay.io/openshift-release-dev/coredns'],
  files: ubi(9, ['coredns']),
  entrypoint: ['/usr/bin/coredns'],
  cmd: [],
  ports: both(5353),
  sizeBytes: 61 * MIB,
});

/** As kubeadm installs it. */
export const corednsUpstreamImage = image({
  repositories: ['registry.k8s.io/coredns/coredns', 'docker.io/coredns/coredns'],
  tags: releases({ lines: '1.12.1 1.11.4 1.10.1 1.9.4 1.8.7 1.7.1', prefix: 'v', names: 'latest 1.11.3 1.11.1' }),
  files: single('/coredns', 'coredns', { '/etc/coredns': null }),
  entrypoint: ['/coredns'],
  cmd: [],
  ports: both(53),
  sizeBytes: 61 * MIB,
});

/** OpenShift's router: HAProxy behind a program that follows the routes. */
export const routerImage = image({
  repositories: ['quay.io/openshift-release-dev/haproxy-router'],
  files: ubi(9, ['openshift-router'], { '/usr/sbin/rsyslogd': binary('rsyslogd'), '/var/lib/haproxy/conf': null }),
  workdir: '/var/lib/haproxy/conf',
  entrypoint: ['/usr/bin/openshift-router'],
  cmd: [],
  ports: [80, 443, 1936].map((port) => ({ port, protocol: 'TCP' })),
  sizeBytes: 420 * MIB,
});

export const pauseImage = image({
  repositories: [
    'registry.k8s.io/pause',
    'registry.k8s.io/pause-amd64',
    'quay.io/openshift-release-dev/ocp-v4.0-art-dev-pod',
  ],
  tags: releases({ lines: '3.10.1 3.10 2.0 1.0' }),
  files: single('/pause', 'pause'),
  entrypoint: ['/pause'],
  cmd: [],
  sizeBytes: MIB,
});

/** Its processes stay up; what an operator or agent does is done by lib/cluster. */
export const platformImage = image({
  repositories: ['quay.io/openshift-release-dev/ocp-v4.0-art-dev'],
  files: ubi(9, [...NETWORK_COMMANDS, 'pause', 'ovn-nbctl', 'ovn-sbctl', 'ovn-trace', 'ovs-ofctl', 'ovs-vsctl']),
  entrypoint: ['/usr/bin/pause'],
  cmd: [],
  sizeBytes: 300 * MIB,
});

/** A component of the control plane as kubeadm runs it; its health is asked for on the node's own loopback. */
const component = (name: string): Image => {
  const tags = releases({
    lines: '1.34.2 1.33.6 1.32.10 1.31.14 1.30.14 1.29.15 1.28.15 1.27.16 1.26.15',
    prefix: 'v',
    names: '',
  });
  const files = single(`/usr/local/bin/${name}`, 'control-plane');
  return image({
    repositories: [`registry.k8s.io/${name}`],
    tags,
    files: releasedFiles(files, ''),
    perRelease: (release) => ({ files: releasedFiles(files, release) }),
    entrypoint: [],
    cmd: [`/usr/local/bin/${name}`],
    sizeBytes: 90 * MIB,
  });
};

export const controlPlaneImages = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(component);

/** The agents of network plug-ins that do not come with OpenShift's release. */
export const pluginImage = image({
  repositories: [
    'ghcr.io/flannel-io/flannel',
    'quay.io/tigera/operator',
    ...['node', 'typha', 'kube-controllers', 'apiserver', 'csi', 'node-driver-registrar'].map(
      (name) => `docker.io/calico/${name}`,
    ),
    'docker.io/weaveworks/weave-kube',
    'docker.io/weaveworks/weave-npc',
    'quay.io/cilium/cilium',
    'quay.io/cilium/cilium-envoy',
    'quay.io/cilium/operator-generic',
    'registry.k8s.io/kube-proxy',
    'ghcr.io/k8snetworkplumbingwg/multus-cni',
  ],
  tags: words('latest v0.26.1 v1.36.2 v3.29.1 2.8.1 v1.16.5 v1.30.8 v1.31.5 snapshot-thick'),
  files: ubi(9, [...NETWORK_COMMANDS, 'pause']),
  entrypoint: ['/usr/bin/pause'],
  cmd: [],
  sizeBytes: 200 * MIB,
});
