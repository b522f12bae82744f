// What dns.operator/default says about its pods, and what clusteroperator/dns says of it (cluster-dns-operator,
// pkg/operator/controller/dns_status.go and status/controller.go).
import type { DnsOperatorSpec } from '../../network/dns/corefile';
import type { ControllerContext } from '../controllers/controller';
import { setCondition } from '../controllers/deployment/status';
import { type Condition, findCondition } from '../kinds';

/** The `spec` of dns.operator/default. */
export interface DnsSpec extends DnsOperatorSpec {
  managementState?: string;
  nodePlacement?: { nodeSelector?: Record<string, string>; tolerations?: object[] };
}

const NAMESPACE = 'openshift-dns';
const TOLERATION_MS = 30_000; // a condition that has just become False stays so, lest it flap

const condition = (type: string, status: boolean, reason: string, message: string): Condition => ({
  type,
  status: status ? 'True' : 'False',
  reason,
  message,
});

interface Counts {
  desiredNumberScheduled?: number;
  updatedNumberScheduled?: number;
  numberAvailable?: number;
}

export function dnsConditions(
  { store, clock }: ControllerContext,
  spec: DnsSpec,
  before: readonly Condition[],
): { conditions: Condition[]; again?: number } {
  const counts = (name: string): Counts | undefined => store.get('daemonsets.apps', NAMESPACE, name)?.['status'];
  const dns = counts('dns-default');
  const progressing = recent(progress(dns, counts('node-resolver')), before, clock.now());
  const degraded = recent(degradation(dns, progressing.status === 'True'), before, clock.now());
  const fresh = [progressing, availability(dns), upgradeable(spec), degraded];
  let list = [...before];
  for (const each of fresh) list = setCondition(list, each, clock.timestamp());
  const conditions = list.map(({ lastUpdateTime: _, ...each }) => each);
  const held = fresh.some((each) => before.includes(each));
  return { conditions, ...(held && { again: TOLERATION_MS }) };
}

/** The old condition, as long as it became False only a moment ago. */
function recent(next: Condition, before: readonly Condition[], now: number): Condition {
  const old = findCondition(before, next.type);
  const isFresh = now - Date.parse(old?.lastTransitionTime ?? '') <= TOLERATION_MS;
  return next.status === 'True' && old?.status === 'False' && isFresh ? old : next;
}

function progress(dns: Counts | undefined, resolver: Counts | undefined): Condition {
  const want = dns?.desiredNumberScheduled ?? 0;
  const have = dns?.updatedNumberScheduled ?? 0;
  const nodes = resolver?.desiredNumberScheduled ?? 0;
  const resolvers = resolver?.updatedNumberScheduled ?? 0;
  const messages = [
    ...(!dns ? ['The DNS daemonset does not exist.'] : []),
    ...(have < want ? [`Have ${have} up-to-date DNS pods, want ${want}.`] : []),
    ...(!resolver ? ['The node-resolver daemonset does not exist.'] : []),
    ...(resolvers < nodes ? [`Have ${resolvers} available node-resolver pods, want ${nodes}.`] : []),
  ];
  return messages.length > 0
    ? condition('Progressing', true, 'Reconciling', messages.join('\n'))
    : condition(
        'Progressing',
        false,
        'AsExpected',
        'All DNS and node-resolver pods are available, and the DNS service has a cluster IP address.',
      );
}

function degradation(dns: Counts | undefined, progressing: boolean): Condition {
  const want = dns?.desiredNumberScheduled ?? 0;
  const have = dns?.numberAvailable ?? 0;
  const most = Math.ceil(want / 10);
  const [reason, message] = !dns
    ? ['NoDNSDaemonSet', 'The DNS daemonset does not exist.']
    : want === 0
      ? ['NoDNSPodsDesired', 'No DNS pods are desired; this could mean all nodes are tainted or unschedulable.']
      : have === 0
        ? ['NoDNSPodsAvailable', 'No DNS pods are available.']
        : want - have > most
          ? [
              'MaxUnavailableDNSPodsExceeded',
              `Too many DNS pods are unavailable (${want - have} > ${most} max unavailable).`,
            ]
          : [];
  if (!reason || progressing)
    return condition(
      'Degraded',
      false,
      'AsExpected',
      'Enough DNS pods are available, and the DNS service has a cluster IP address.',
    );
  return condition(
    'Degraded',
    true,
    'DegradedConditions',
    `One or more other status conditions indicate a degraded state: ${reason}=True (${reason}: ${message})`,
  );
}

function availability(dns: Counts | undefined): Condition {
  if (!dns) return condition('Available', false, 'NoDaemonSet', 'The DNS daemonset does not exist.');
  return dns.numberAvailable
    ? condition(
        'Available',
        true,
        'AsExpected',
        'The DNS daemonset has available pods, and the DNS service has a cluster IP address.',
      )
    : condition('Available', false, 'NoDaemonSetPods', 'The DNS daemonset has no pods available.');
}

const upgradeable = ({ managementState }: DnsSpec): Condition =>
  managementState === 'Unmanaged'
    ? condition('Upgradeable', false, 'OperatorUnmanaged', 'Cannot upgrade while managementState is Unmanaged')
    : condition('Upgradeable', true, 'AsExpected', 'DNS Operator can be upgraded');

/** The conditions of clusteroperator/dns. */
export function operatorConditions(own: readonly Condition[]): Condition[] {
  const find = (type: string) => findCondition(own, type);
  const [progressing, degraded, ready] = [find('Progressing'), find('Degraded'), find('Upgradeable')];
  return [
    find('Available')?.status === 'True'
      ? condition('Available', true, 'AsExpected', 'DNS "default" is available.')
      : condition('Available', false, 'DNSUnavailable', 'DNS "default" is unavailable.'),
    progressing?.status === 'True'
      ? condition(
          'Progressing',
          true,
          'DNSReportsProgressingIsTrue',
          `DNS "default" reports Progressing=True: ${JSON.stringify(progressing.message ?? '')}`,
        )
      : condition('Progressing', false, 'AsExpected', 'Desired and current number of DNSes are equal'),
    degraded?.status === 'True'
      ? condition('Degraded', true, 'DNSDegraded', `DNS default is degraded: ${degraded.message ?? ''}`)
      : condition('Degraded', false, 'DNSNotDegraded', ''),
    ready?.status === 'False'
      ? condition('Upgradeable', false, 'DNSNotUpgradeable', `DNS default is not upgradeable: ${ready.message ?? ''}`)
      : condition('Upgradeable', true, 'DNSUpgradeable', `DNS default is upgradeable: ${ready?.message ?? ''}`),
  ];
}
