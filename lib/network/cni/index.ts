// The CNI plug-ins a cluster can be installed with.
import { calico } from './calico';
import { canal } from './canal';
import { cilium } from './cilium';
import type { CniName, CniPlugin } from './contract';
import { flannel } from './flannel';
import { kuryr } from './kuryr';
import { openShiftSdn } from './openshift-sdn';
import { ovnKubernetes } from './ovn-kubernetes';
import { weaveNet } from './weave-net';

export const cniPlugins: readonly CniPlugin[] = [
  ovnKubernetes,
  openShiftSdn,
  kuryr,
  flannel,
  calico,
  weaveNet,
  cilium,
  canal,
];

const byName = new Map(cniPlugins.map((plugin) => [plugin.name, plugin]));

/** The plug-in of a cluster; throws for a name that is none. */
export function getPlugin(name: CniName): CniPlugin {
  const plugin = byName.get(name);
  if (!plugin) throw new RangeError(`not supported: network type ${name}`);
  return plugin;
}
