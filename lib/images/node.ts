// The root file system of a node: what `oc debug node/…` shows under /host.
import type { Entry, ImageFiles } from '../machine/fs';
import { binary } from '../machine/machine';
import { keyOf, privateText, publicLine, WORKSTATION_KEY } from '../programs/ssh/keys';
import { type Files, NETWORK_COMMANDS, ubi } from './base';

export interface NodeRoot {
  node: string;
  profile: 'openshift' | 'kubernetes';
  /** The network plug-in's configuration. */
  netd: { file: string; config: unknown };
  dns: { nameservers: readonly string[]; searches: readonly string[] };
  /** What the cluster's installer left: texts by path. */
  installed?: Readonly<Record<string, string>>;
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

export function nodeFiles({ node, profile, netd, dns, installed = {} }: NodeRoot): ImageFiles {
  const text = `${JSON.stringify(netd.config, null, 2)}\n`;
  const isOpenShift = profile === 'openshift';
  const files: Files = {
    '/etc/hostname': `${node}\n`,
    '/etc/hosts': '127.0.0.1   localhost localhost.localdomain\n::1         localhost localhost.localdomain\n',
    '/etc/resolv.conf': `search ${dns.searches.join(' ')}\n${dns.nameservers.map((server) => `nameserver ${server}\n`).join('')}`,
    '/etc/os-release': isOpenShift ? COREOS : UBUNTU,
    ...configurations(netd.file, text, isOpenShift),
    '/etc/kubernetes/manifests': null,
    ...Object.fromEntries(
      Object.entries(installed).map(([path, text]) => [path, path.endsWith('.crt') ? text : secret(text)]),
    ),
    '/opt/cni/bin': null,
    '/var/lib/cni': null,
    '/var/lib/kubelet': null,
    '/var/log/containers': null,
    '/var/log/pods': null,
    '/boot': null,
    '/dev/shm': null,
    ...administrator(isOpenShift ? 'core' : 'ubuntu'),
    '/etc/ssh/ssh_host_ed25519_key': secret(privateText(keyOf(`host ${node}`), '')),
    '/etc/ssh/ssh_host_ed25519_key.pub': `${publicLine(keyOf(`host ${node}`).blob)}\n`,
    '/usr/sbin/sshd': binary('sshd'),
    '/usr/bin/kubectl': binary('kubectl'),
    ...(isOpenShift ? { '/etc/motd': MOTD, '/usr/bin/oc': binary('oc') } : {}),
  };
  if (!isOpenShift) files['/etc/redhat-release'] = '';
  const name = isOpenShift ? 'core' : 'ubuntu';
  return ubi(
    9,
    [
      ...NETWORK_COMMANDS,
      'chroot',
      'crictl',
      'journalctl',
      ...(isOpenShift ? [] : ['kubeadm']),
      'systemctl',
      'nsenter',
      'ovs-ofctl',
      'ovs-vsctl',
      'sudo',
      'ssh',
      'scp',
      'ssh-keygen',
      'ssh-keyscan',
    ],
    files,
    `sshd:x:74:74:Privilege-separated SSH:/usr/share/empty.sshd:/sbin/nologin\n${name}:x:${ADMINISTRATOR_ID}:${ADMINISTRATOR_ID}:${isOpenShift ? 'CoreOS Admin' : 'Ubuntu'}:/home/${name}:/bin/bash\n`,
  );
}

const ADMINISTRATOR_ID = 1000;

/** The public key that lets the workstation in. */
export const administratorKey = (): string => publicLine(WORKSTATION_KEY.blob);

const MOTD = `Red Hat Enterprise Linux CoreOS 418.94.202502100215-0
  Part of OpenShift 4.18, RHCOS is a Kubernetes-native operating system
  managed by the Machine Config Operator (\`clusteroperator/machine-config\`).

WARNING: Direct SSH access to machines is not recommended; instead,
make configuration changes via \`machineconfig\` objects:
  https://docs.openshift.com/container-platform/4.18/architecture/architecture-rhcos.html

---
`;

const secret = (text: string): Partial<Entry> => ({ type: 'file', mode: 0o600, data: new TextEncoder().encode(text) });

/** The user whom the workstation's key lets in, and who may do everything by sudo. */
function administrator(name: string): Files {
  const own = { uid: ADMINISTRATOR_ID, gid: ADMINISTRATOR_ID };
  const folder = { type: 'dir' as const, mode: 0o700, ...own };
  const file = (text: string, mode = 0o644): Partial<Entry> => ({
    type: 'file',
    mode,
    ...own,
    data: new TextEncoder().encode(text),
  });
  const bashrc = "# .bashrc\nPS1='[\\u@\\h \\W]\\$ '\n";
  return {
    [`/home/${name}`]: folder,
    [`/home/${name}/.bashrc`]: file(bashrc),
    [`/home/${name}/.bash_profile`]: file('# .bash_profile\nif [ -f ~/.bashrc ]; then\n\t. ~/.bashrc\nfi\n'),
    [`/home/${name}/.ssh`]: folder,
    [`/home/${name}/.ssh/authorized_keys.d`]: folder,
    [`/home/${name}/.ssh/authorized_keys.d/ignition`]: file(`${administratorKey()}\n`, 0o600),
    '/etc/group': `root:x:0:\nbin:x:1:\ndaemon:x:2:\nadm:x:4:${name}\nwheel:x:10:${name}\nsudo:x:16:${name}\nsystemd-journal:x:190:${name}\nnobody:x:65534:\n${name}:x:${ADMINISTRATOR_ID}:\n`,
    '/etc/sudoers': {
      data: new TextEncoder().encode('root\tALL=(ALL)\tALL\n%wheel\tALL=(ALL)\tNOPASSWD: ALL\n'),
      mode: 0o440,
    },
  };
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
