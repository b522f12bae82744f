// Calico's own objects: the address pool, the blocks that nodes claimed from it, and what its operator was asked for.
import { Cidr } from '../../network/address';
import type { Controller } from '../controllers/controller';
import { drop, type PluginContext, put } from './contract';

const CRD = 'crd.projectcalico.org';

/** What stands in a new cluster; `operated` when the Tigera operator installed it. */
export function calicoSettings(context: PluginContext, operated: boolean): void {
  const { settings, clock } = context;
  const pool = {
    allowedUses: ['Workload', 'Tunnel'],
    blockSize: operated ? settings.hostPrefix : 26,
    cidr: settings.clusterNetwork,
    ipipMode: 'Never',
    natOutgoing: true,
    nodeSelector: 'all()',
    vxlanMode: operated ? 'CrossSubnet' : 'Always',
  };
  if (operated)
    for (const group of [CRD, 'projectcalico.org'])
      put(context, `ippools.${group}`, { metadata: { name: 'default-ipv4-ippool' }, spec: pool });
  put(context, `felixconfigurations.${CRD}`, {
    metadata: { name: 'default' },
    spec: { bpfLogLevel: '', logSeverityScreen: 'Info' },
  });
  put(context, `clusterinformations.${CRD}`, {
    metadata: { name: 'default' },
    spec: {
      calicoVersion: 'v3.29.1',
      clusterType: operated ? 'typha,kdd,k8s,operator,bgp' : 'k8s,kdd,canal',
      datastoreReady: true,
    },
  });
  if (!operated) return;
  put(context, 'installations.operator.tigera.io', {
    metadata: { name: 'default' },
    spec: {
      calicoNetwork: {
        bgp: 'Disabled',
        ipPools: [
          {
            blockSize: settings.hostPrefix,
            cidr: settings.clusterNetwork,
            encapsulation: 'VXLANCrossSubnet',
            natOutgoing: 'Enabled',
            nodeSelector: 'all()',
          },
        ],
        linuxDataplane: 'Iptables',
      },
      variant: 'Calico',
    },
  });
  put(context, 'apiservers.operator.tigera.io', { metadata: { name: 'default' }, spec: {} });
  const lastTransitionTime = clock.timestamp();
  const condition = (type: string, status: string) => ({ type, status, lastTransitionTime });
  for (const name of ['apiserver', 'calico', 'ippools'])
    put(context, 'tigerastatuses.operator.tigera.io', {
      metadata: { name },
      spec: {},
      status: {
        conditions: [condition('Available', 'True'), condition('Degraded', 'False'), condition('Progressing', 'False')],
      },
    });
}

/** A block and its affinity for each range that a node holds. */
export function calicoBlocks(context: PluginContext): Controller {
  return {
    name: 'calico-ipam',
    watches: { pods: () => ['/blocks'] },
    reconcile() {
      const wanted = new Set<string>();
      for (const [owner, cidr] of context.addresses.owners()) {
        const name = cidr.replaceAll(/[./:]/g, '-');
        wanted.add(name);
        if (context.store.get(`ipamblocks.${CRD}`, undefined, name)) continue;
        const size = Number(Cidr.parse(cidr).size);
        put(context, `ipamblocks.${CRD}`, {
          metadata: { name },
          spec: {
            affinity: `host:${owner}`,
            cidr,
            strictAffinity: false,
            unallocated: [],
            allocations: Array(size).fill(null),
          },
        });
        put(context, `blockaffinities.${CRD}`, {
          metadata: { name: `${owner}-${name}` },
          spec: { cidr, deleted: 'false', node: owner, state: 'confirmed' },
        });
      }
      for (const block of context.store.list(`ipamblocks.${CRD}`))
        if (!wanted.has(block.metadata.name)) drop(context, `ipamblocks.${CRD}`, block);
      return undefined;
    },
  };
}
