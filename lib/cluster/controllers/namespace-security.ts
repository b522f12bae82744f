// Gives every OpenShift project its range of user ids and its SELinux categories, which the restricted constraint uses.
// openshift/cluster-policy-controller pkg/security/controller.
import { type MakeController, splitKey } from './controller';

const UID_RANGE = 'openshift.io/sa.scc.uid-range';
const GROUPS = 'openshift.io/sa.scc.supplemental-groups';
const MCS = 'openshift.io/sa.scc.mcs';
const FIRST_UID = 1_000_000_000;
const BLOCK = 10_000;
const CATEGORIES = 1024;

export const namespaceSecurity: MakeController = ({ store, client, profile }) => ({
  name: 'namespace-security-allocation',
  watches: profile === 'openshift' ? { namespaces: ({ object }) => [`/${object.metadata.name}`] } : {},
  reconcile(key) {
    const found = store.get('namespaces', undefined, splitKey(key).name);
    if (!found || found.metadata.annotations?.[UID_RANGE] || found.metadata.deletionTimestamp) return undefined;
    const taken = store
      .list('namespaces')
      .map(({ metadata }) => (Number(metadata.annotations?.[UID_RANGE]?.split('/')[0]) - FIRST_UID) / BLOCK);
    const block = Math.max(0, ...taken.filter(Number.isInteger)) + 1;
    const range = `${FIRST_UID + block * BLOCK}/${BLOCK}`;
    const annotations = { [UID_RANGE]: range, [GROUPS]: range, [MCS]: label(block) };
    client.patch('namespaces', undefined, found.metadata.name, { metadata: { annotations } });
    return undefined;
  },
});

/** `s0:c27,c9`: the n-th pair of categories, the larger first. */
function label(n: number): string {
  let high = 1;
  let left = n;
  while (left >= high && high < CATEGORIES) {
    left -= high;
    high++;
  }
  return `s0:c${high},c${left}`;
}
