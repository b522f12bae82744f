// The root file system of a node: what `oc debug node/…` shows under /host.
import type { ImageFiles } from '../machine/fs';
import { type Files, NETWORK_COMMANDS, ubi } from './base';

export interface NodeRoot {
  node: string;
  profile: 'openshift' | 'kubernetes';
  /** The network plug-in's configuration. */
  netd: { file: string; config: unknown };
  dns: { nameservers: readonly string[]; searches: readonly string[] };
}

const COREOS = `NAME="Red Hat Enterprise Linux CoreOS"
ID="rhcos"
ID_LIKE="rhel fedora"
VERSION="418.94.202502100215-0"
VERSION_ID="4.18"
VARIANT="CoreOS"
VARIANT_ID=coreos
PLATFORM_ID="platform:el9"
PRETTY_NAME="Red Hat Enterprise Linux CoreOS 418.94.202502100215-0"
OPENSHIFT_VERSION="4.18"
RHEL_VERSION=9.4
`;
const UBUNTU = `PRETTY_NAME="Ubuntu 22.04.5 LTS"
NAME="Ubuntu"
VERSION_ID="22.04"
VERSION="22.04.5 LTS (Jammy Jellyfish)"
VERSION_CODENAME=jammy
ID=ubuntu
ID_LIKE=debian
`;

export function nodeFiles({ node, profile, netd, dns }: NodeRoot): ImageFiles {
  const text = `${JSON.stringify(netd.config, null, 2)}\n`;
  const isOpenShift = profile === 'openshift';
  const files: Files = {
    '/etc/hostname': `${node}\n`,
    '/etc/hosts': '127.0.0.1   localhost localhost.localdomain\n::1         localhost localhost.localdomain\n',
    '/etc/resolv.conf': `search ${dns.searches.join(' ')}\n${dns.nameservers.map((server) => `nameserver ${server}\n`).join('')}`,
    '/etc/os-release': isOpenShift ? COREOS : UBUNTU,
    ...configurations(netd.file, text, isOpenShift),
    '/etc/kubernetes/manifests': null,
    '/opt/cni/bin': null,
    '/var/lib/cni': null,
    '/var/lib/kubelet': null,
    '/var/log/containers': null,
    '/var/log/pods': null,
    '/boot': null,
    '/dev/shm': null,
    '/home/core': null,
  };
  if (!isOpenShift) files['/etc/redhat-release'] = '';
  return ubi(9, [...NETWORK_COMMANDS, 'chroot', 'nsenter', 'ovs-ofctl', 'ovs-vsctl'], files);
}

/** OpenShift's kubelet reads Multus' file, and Multus the plug-in's in another folder. */
function configurations(file: string, text: string, isOpenShift: boolean): Files {
  if (!isOpenShift) return { [`/etc/cni/net.d/${file}`]: text };
  const multus = {
    cniVersion: '0.3.1',
    name: 'multus-cni-network',
    type: 'multus-shim',
    logLevel: 'verbose',
    logToStderr: true,
    clusterNetwork: `/run/multus/cni/net.d/${file}`,
  };
  return {
    '/etc/kubernetes/cni/net.d/00-multus.conf': `${JSON.stringify(multus)}\n`,
    '/etc/cni/net.d/200-loopback.conflist':
      '{\n    "cniVersion": "1.0.0",\n    "name": "loopback",\n    "plugins": [\n        {\n            "type": "loopback"\n        }\n    ]\n}\n',
    [`/etc/cni/net.d/${file}`]: text,
    [`/run/multus/cni/net.d/${file}`]: text,
  };
}
