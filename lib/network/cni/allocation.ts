// Ways of handing out pod addresses that several plug-ins share.
import type { Allocation } from './contract';

/** The `host-local` plug-in of the CNI project on the node's podCIDR; the bridge has the first address. */
export const hostLocal: Allocation = {
  kind: 'node',
  reserved: [0, 1],
  broadcast: true,
  subnetIn: 'podCIDR',
  exhausted: (range) =>
    `failed to allocate for range 0: no IP addresses available in range set: ${range.at(1)}-${range.at(range.size - 2n)}`,
};
