// Calico's NetworkPolicy and GlobalNetworkPolicy (projectcalico.org/v3), in one ordered list with Kubernetes' NetworkPolicy,
// which stands there at order 1000.
import { Cidr } from '../address';
import type { Host } from '../hosts';
import type { KubeLike, Labels, Metadata } from '../kube';
import type { Matches } from '../selector';
import { compileCalicoSelector } from './calico-selector';
import {
  type Decision,
  type Direction,
  describePeer,
  describePort,
  type NamespaceLabels,
  type Peer,
  type PolicyTier,
  type Question,
} from './contract';
import type { NetworkPolicyTier } from './network-policy';
import type { ShownPolicy, ShownRule } from './shown';

interface EntityRule {
  selector?: string;
  notSelector?: string;
  namespaceSelector?: string;
  nets?: string[];
  notNets?: string[];
  ports?: (number | string)[];
  notPorts?: (number | string)[];
}

interface CalicoRule {
  action: 'Allow' | 'Deny' | 'Log' | 'Pass';
  protocol?: string | number;
  notProtocol?: string | number;
  source?: EntityRule;
  destination?: EntityRule;
}

interface CalicoPolicy extends KubeLike {
  metadata: Metadata;
  spec?: {
    order?: number;
    selector?: string;
    namespaceSelector?: string;
    types?: string[];
    ingress?: CalicoRule[];
    egress?: CalicoRule[];
  };
}

interface Rule {
  action: CalicoRule['action'];
  matches: (question: Question) => boolean;
}

interface Compiled {
  id: string;
  order: number;
  selects: (pod: Host) => boolean;
  rules: Partial<Record<Direction, Rule[]>>;
  source: CalicoPolicy;
}

const KUBERNETES_ORDER = 1000;
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 132: 'SCTP' };

export class CalicoPolicyTier implements PolicyTier {
  readonly kinds: readonly string[];
  private readonly policies = new Map<string, Compiled>();
  private ordered: Compiled[] = [];

  constructor(
    private readonly kubernetes: NetworkPolicyTier,
    private readonly namespaceLabels: NamespaceLabels,
  ) {
    const groups = ['projectcalico.org', 'crd.projectcalico.org'];
    const own = ['NetworkPolicy', 'GlobalNetworkPolicy'].flatMap((kind) => groups.map((group) => `${kind}.${group}`));
    this.kinds = [...own, ...kubernetes.kinds];
  }

  put(object: KubeLike): void {
    if (!isOwn(object)) return this.kubernetes.put(object);
    const policy = object as CalicoPolicy;
    // Felix leaves out a policy that it cannot read, as if it were not there.
    this.policies.delete(keyOf(policy));
    try {
      this.policies.set(keyOf(policy), this.compile(policy));
    } catch {}
    this.order();
  }

  remove(object: KubeLike): void {
    if (!isOwn(object)) return this.kubernetes.remove(object);
    this.policies.delete(keyOf(object));
    this.order();
  }

  /** The first rule that matches decides; a pod that any policy selects is denied what none matches. */
  decide(question: Question): Decision | undefined {
    const kubernetes = this.kubernetes.decide(question);
    let isolating: Compiled | undefined;
    let asked = false;
    for (const policy of this.ordered) {
      const rules = policy.rules[question.direction];
      if (!rules || !policy.selects(question.subject)) continue;
      if (policy.order > KUBERNETES_ORDER && !asked) {
        asked = true;
        if (kubernetes?.allow) return kubernetes;
      }
      isolating ??= policy;
      const rule = rules.find((candidate) => candidate.action !== 'Log' && candidate.matches(question));
      if (rule?.action === 'Pass') return undefined;
      if (rule) return decision(policy, rule.action === 'Allow', question);
    }
    if (kubernetes) return kubernetes;
    return isolating && decision(isolating, false, question);
  }

  /** Kubernetes' come after those of an order below theirs. */
  shown(): ShownPolicy[] {
    const early = this.ordered.filter(({ order }) => order <= KUBERNETES_ORDER);
    const late = this.ordered.filter(({ order }) => order > KUBERNETES_ORDER);
    return [
      ...early.map((each) => this.show(each)),
      ...this.kubernetes.shown(),
      ...late.map((each) => this.show(each)),
    ];
  }

  private show({ source: { kind, metadata, spec = {} }, selects, rules }: Compiled): ShownPolicy {
    const namespace = kind === 'GlobalNetworkPolicy' ? undefined : (metadata.namespace ?? 'default');
    const list = (given: readonly CalicoRule[] = [], side: 'source' | 'destination') =>
      given.map((rule) => this.showRule(rule, rule[side] ?? {}, namespace));
    return {
      kind: namespace === undefined ? 'GlobalNetworkPolicy' : 'NetworkPolicy',
      isKubernetes: false,
      namespace,
      name: metadata.name,
      selects,
      rules: {
        ...(rules.ingress && { ingress: list(spec.ingress, 'source') }),
        ...(rules.egress && { egress: list(spec.egress, 'destination') }),
      },
    };
  }

  private showRule(rule: CalicoRule, peer: EntityRule, namespace: string | undefined): ShownRule {
    const { action, protocol, destination } = rule;
    const { selector, notSelector, namespaceSelector, nets, notNets } = peer;
    const chosen = selector ?? notSelector ?? namespaceSelector;
    const { nets: _nets, notNets: _notNets, ...chosenBy } = peer;
    const holds = this.entity(chosenBy, namespace);
    const set = chosen && {
      selector: JSON.stringify({ namespace, selector, notSelector, namespaceSelector }),
      holds: (pod: Host) => holds({ address: pod.addresses[0] ?? '', pod }),
    };
    const except = notNets ? { except: notNets } : {};
    const peers = nets
      ? nets.map((cidr) => ({ ...(set && { set }), cidr, ...except }))
      : set || notNets
        ? [{ ...(set && { set }), ...except }]
        : undefined;
    const name = protocol === undefined ? {} : { protocol: protocolName(protocol).toLowerCase() };
    const ports = (destination?.ports ?? []).map(String);
    return { action, peers, ports: protocol === undefined && ports.length === 0 ? undefined : [{ ...name, ports }] };
  }

  private order(): void {
    this.ordered = [...this.policies.values()].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  }

  private compile(policy: CalicoPolicy): Compiled {
    const { metadata, spec = {} } = policy;
    const namespace = policy.kind === 'GlobalNetworkPolicy' ? undefined : (metadata.namespace ?? 'default');
    const pods = compileCalicoSelector(spec.selector ?? '');
    const namespaces = spec.namespaceSelector ? compileCalicoSelector(spec.namespaceSelector) : undefined;
    const types = spec.types ?? (spec.egress ? (spec.ingress ? ['Ingress', 'Egress'] : ['Egress']) : ['Ingress']);
    const rules = (list: CalicoRule[] = []) => list.map((rule) => this.rule(rule, namespace));
    return {
      id: `${policy.kind} ${namespace ? `${namespace}/` : ''}${metadata.name}`,
      order: spec.order ?? Number.POSITIVE_INFINITY,
      selects: (pod) =>
        (namespace === undefined || pod.namespace === namespace) &&
        (!namespaces || namespaces(this.namespaceLabels(pod.namespace))) &&
        pods(this.labels(pod)),
      source: policy,
      rules: {
        ...(types.includes('Ingress') ? { ingress: rules(spec.ingress) } : {}),
        ...(types.includes('Egress') ? { egress: rules(spec.egress) } : {}),
      },
    };
  }

  /** A pod's labels and the two that Calico adds. */
  private labels(pod: Host): Labels {
    return { ...pod.labels, 'projectcalico.org/namespace': pod.namespace, 'projectcalico.org/orchestrator': 'k8s' };
  }

  private rule({ action, protocol, notProtocol, source = {}, destination = {} }: CalicoRule, namespace?: string): Rule {
    const [from, to] = [this.entity(source, namespace), this.entity(destination, namespace)];
    const ports = portTest(destination);
    return {
      action,
      matches: (question) => {
        if (protocol !== undefined && protocolName(protocol) !== question.protocol) return false;
        if (notProtocol !== undefined && protocolName(notProtocol) === question.protocol) return false;
        const own: Peer = { address: question.subject.addresses[0] ?? '', pod: question.subject };
        const [client, server] = question.direction === 'ingress' ? [question.peer, own] : [own, question.peer];
        return from(client) && to(server) && ports(question);
      },
    };
  }

  private entity(rule: EntityRule, namespace: string | undefined): (peer: Peer) => boolean {
    const tests: ((peer: Peer) => boolean)[] = [];
    const pods = (matches: Matches) => (peer: Peer) => peer.pod !== undefined && matches(this.labels(peer.pod));
    if (rule.selector) tests.push(pods(compileCalicoSelector(rule.selector)));
    if (rule.notSelector) {
      const not = pods(compileCalicoSelector(rule.notSelector));
      tests.push((peer) => !not(peer));
    }
    if (rule.namespaceSelector) {
      const selects = compileCalicoSelector(rule.namespaceSelector);
      tests.push(({ pod }) => pod !== undefined && selects(this.namespaceLabels(pod.namespace)));
    } else if (rule.selector && namespace !== undefined) tests.push(({ pod }) => pod?.namespace === namespace);
    if (rule.nets) tests.push(within(rule.nets));
    if (rule.notNets) {
      const inside = within(rule.notNets);
      tests.push((peer) => !inside(peer));
    }
    return (peer) => tests.every((test) => test(peer));
  }
}

const isOwn = (object: KubeLike): boolean =>
  ((object as { apiVersion?: string }).apiVersion ?? '').includes('projectcalico.org');
const keyOf = ({ kind, metadata }: KubeLike): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
const protocolName = (protocol: string | number): string =>
  typeof protocol === 'number' ? (PROTOCOLS[protocol] ?? '') : protocol.toUpperCase();

function within(nets: string[]): (peer: Peer) => boolean {
  const blocks = nets.flatMap((net) => Cidr.find(net) ?? []);
  return ({ address }) => blocks.some((block) => block.contains(address));
}

/** Numbers and ranges, `80` or `"6000:6010"`. */
function portTest({ ports, notPorts }: EntityRule): (question: Question) => boolean {
  const holds = (list: (number | string)[], port: number) =>
    list.some((entry) => {
      const [first = 0, last = first] = String(entry).split(':').map(Number);
      return port >= first && port <= last;
    });
  return ({ port }) => (!ports || holds(ports, port)) && !(notPorts && holds(notPorts, port));
}

function decision({ id }: Compiled, allow: boolean, question: Question): Decision {
  const way = question.direction === 'ingress' ? 'from' : 'to';
  const does = allow ? 'allows' : 'does not allow';
  return { allow, policy: id, reason: `${id} ${does} ${describePort(question)} ${way} ${describePeer(question)}` };
}
