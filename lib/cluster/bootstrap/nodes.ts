// The node objects of a new cluster.

import { macOfName } from '../../network/cni/interfaces';
import type { Random } from '../../sim/random';
import type { Client } from '../api/client';
import { poolOf, renderedConfig } from './machine-config';

export interface NodePlan {
  name: string;
  address: string;
  /** Of a dual-stack cluster. */
  address6?: string;
  roles: string[];
  /** The node's part of the pod network; absent where the plug-in hands out blocks. */
  subnets: string[];
}

export interface NodeFlavour {
  profile: 'openshift' | 'kubernetes';
  /** The control plane takes no other pods. */
  tainted: boolean;
  /** The network plug-in: some write a node's subnet into an annotation, others into spec.podCIDR. */
  plugin: string;
  release: string;
}

const CONTROL_PLANE = '192.168.50.10';
const FIRST_WORKER = 13;
const MACHINE_NETWORK_6 = 'fd2e:6f44:5dd8::';
const PODS = { openshift: '250', kubernetes: '110' };

/** CoreOS and Kubernetes of the older releases. */
const OLDER: Record<string, { kubelet: string; coreos: string; kernel: string; runtime: string }> = {
  '4.14': {
    kubelet: 'v1.27.16',
    coreos: '414.92.202501131023-0',
    kernel: '5.14.0-284.99.1.el9_2.x86_64',
    runtime: 'cri-o://1.27.8-14.rhaos4.14.gitb2b9d7c.el9',
  },
  '4.16': {
    kubelet: 'v1.29.11',
    coreos: '416.94.202501270445-0',
    kernel: '5.14.0-427.50.1.el9_4.x86_64',
    runtime: 'cri-o://1.29.11-3.rhaos4.16.git5a7d4d2.el9',
  },
};

const SYSTEMS = {
  openshift: {
    kubeletVersion: 'v1.31.6',
    kubeProxyVersion: 'v1.31.6',
    osImage: 'Red Hat Enterprise Linux CoreOS 418.94.202502100215-0',
    kernelVersion: '5.14.0-427.50.1.el9_4.x86_64',
    containerRuntimeVersion: 'cri-o://1.31.5-2.rhaos4.18.gitf9a5ee9.el9',
  },
  kubernetes: {
    kubeletVersion: 'v1.31.6',
    kubeProxyVersion: 'v1.31.6',
    osImage: 'Ubuntu 22.04.5 LTS',
    kernelVersion: '5.15.0-131-generic',
    containerRuntimeVersion: 'containerd://1.7.25',
  },
};

/** Names, addresses and roles: one control plane, then the workers. */
export function planNodes(
  profile: 'openshift' | 'kubernetes',
  workers: number,
  subnets: (node: string) => string[],
): NodePlan[] {
  const [control, worker] = profile === 'openshift' ? ['master01', 'worker'] : ['controlplane', 'node'];
  const master = profile === 'openshift' ? ['control-plane', 'master'] : ['control-plane'];
  const roles = workers === 0 && profile === 'openshift' ? [...master, 'worker'] : master;
  const plans = [{ name: control as string, address: CONTROL_PLANE, roles }];
  for (let i = 1; i <= workers; i++) {
    const host = FIRST_WORKER + i - 1;
    const address = `192.168.${50 + Math.floor(host / 256)}.${host % 256}`;
    const name = `${worker}${String(i).padStart(2, '0')}`;
    plans.push({ name, address, roles: profile === 'openshift' ? ['worker'] : [] });
  }
  return plans.map((plan) => {
    const own = subnets(plan.name);
    const host = plan.address.split('.').slice(2).map(Number);
    const address6 = `${MACHINE_NETWORK_6}${host.map((part) => part.toString(16)).join(':')}`;
    return { ...plan, ...(own.some((subnet) => subnet.includes(':')) ? { address6 } : {}), subnets: own };
  });
}

export function createNode(client: Client, plan: NodePlan, flavour: NodeFlavour, random: Random, now: string): void {
  const { name, subnets } = plan;
  client.create('nodes', {
    metadata: { name, labels: labels(plan, flavour), annotations: annotations(plan, flavour) },
    spec: {
      ...(flavour.plugin !== 'OVNKubernetes' && subnets[0] && { podCIDR: subnets[0], podCIDRs: subnets }),
      ...(flavour.tainted && plan.roles.includes('control-plane') && { taints: [taint(flavour)] }),
    },
  });
  client.patch('nodes', undefined, name, { status: status(plan, flavour, random, now) }, { subresource: 'status' });
}

const taint = ({ profile }: NodeFlavour) => ({
  key: `node-role.kubernetes.io/${profile === 'openshift' ? 'master' : 'control-plane'}`,
  effect: 'NoSchedule',
});

function labels({ name, roles }: NodePlan, { profile }: NodeFlavour): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
    ...(profile === 'openshift' && { 'node.openshift.io/os_id': 'rhcos' }),
  };
}

function annotations(plan: NodePlan, { plugin, profile, release }: NodeFlavour): Record<string, string> {
  return {
    ...pluginAnnotations(plan, plugin),
    ...(profile === 'openshift' && configured(plan, release)),
    'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
  };
}

function systemOf(profile: 'openshift' | 'kubernetes', release: string) {
  const older = OLDER[release.replace(/\.\d+$/, '')];
  if (profile === 'kubernetes' || !older) return SYSTEMS[profile];
  return {
    ...SYSTEMS.openshift,
    kubeletVersion: older.kubelet,
    kubeProxyVersion: older.kubelet,
    osImage: `Red Hat Enterprise Linux CoreOS ${older.coreos}`,
    kernelVersion: older.kernel,
    containerRuntimeVersion: older.runtime,
  };
}

/** The version that kubeadm installs: `1.31.6`. */
export const KUBERNETES = SYSTEMS.kubernetes.kubeletVersion.slice(1);

/** Of the nodes of an OpenShift release: `v1.31.6`. */
export const kubeletVersion = (release: string): string => systemOf('openshift', release).kubeletVersion;

/** What the machine configuration daemon writes on its node. */
function configured({ roles }: NodePlan, release: string): Record<string, string> {
  const config = renderedConfig(poolOf(roles), release);
  const group = 'machineconfiguration.openshift.io';
  return {
    [`${group}/currentConfig`]: config,
    [`${group}/desiredConfig`]: config,
    [`${group}/reason`]: '',
    [`${group}/state`]: 'Done',
  };
}

/** What the plug-in's agent writes on its node. */
function pluginAnnotations({ name, address, subnets }: NodePlan, plugin: string): Record<string, string> {
  const mac = macOfName(`${name} flannel.1`);
  switch (plugin) {
    case 'OVNKubernetes':
      return {
        ...(subnets.length > 0 && { 'k8s.ovn.org/node-subnets': JSON.stringify({ default: subnets }) }),
        'k8s.ovn.org/host-cidrs': JSON.stringify([`${address}/24`]),
        'k8s.ovn.org/node-primary-ifaddr': JSON.stringify({ ipv4: `${address}/24` }),
        'k8s.ovn.org/node-encap-ips': JSON.stringify([address]),
        'k8s.ovn.org/zone-name': name,
      };
    case 'Flannel':
    case 'Canal':
      return {
        'flannel.alpha.coreos.com/backend-data': JSON.stringify({ VNI: 1, VtepMAC: mac }),
        'flannel.alpha.coreos.com/backend-type': 'vxlan',
        'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
        'flannel.alpha.coreos.com/public-ip': address,
        ...(plugin === 'Canal' && { 'projectcalico.org/IPv4Address': `${address}/24` }),
      };
    case 'Calico':
      return { 'projectcalico.org/IPv4Address': `${address}/24` };
    default:
      return {};
  }
}

function status({ address, address6, name }: NodePlan, { profile, release }: NodeFlavour, random: Random, now: string) {
  const amounts = {
    cpu: '8',
    'ephemeral-storage': '125293548Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: '16395248Ki',
    pods: PODS[profile],
  };
  const condition = (type: string, ok: boolean, reason: string, message: string) => ({
    type,
    status: ok ? 'True' : 'False',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  return {
    addresses: [
      { type: 'InternalIP', address },
      ...(address6 ? [{ type: 'InternalIP', address: address6 }] : []),
      { type: 'Hostname', address: name },
    ],
    capacity: amounts,
    allocatable: { ...amounts, cpu: '7500m', memory: '15244272Ki', 'ephemeral-storage': '114396791822' },
    conditions: [
      condition('MemoryPressure', false, 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', false, 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', false, 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', true, 'KubeletReady', 'kubelet is posting ready status'),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: random.hex(32),
      systemUUID: random.uuid(),
      bootID: random.uuid(),
      ...systemOf(profile, release),
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  };
}
