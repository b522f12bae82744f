// The CNI plug-ins a cluster can be installed with.
import type { CniName, CniPlugin } from './contract';
import { ovnKubernetes } from './ovn-kubernetes';

export const cniPlugins: readonly CniPlugin[] = [ovnKubernetes];

const byName = new Map(cniPlugins.map((plugin) => [plugin.name, plugin]));

/** The plug-in of a cluster; throws for a name that is none. */
export function getPlugin(name: CniName): CniPlugin {
  const plugin = byName.get(name);
  if (!plugin) throw new RangeError(`not supported: network type ${name}`);
  return plugin;
}
