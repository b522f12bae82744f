// CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy (cilium.io/v2) at layers 3 and 4, in union with Kubernetes'
// NetworkPolicy; deny rules come before everything.
import { Cidr } from '../address';
import type { Host } from '../hosts';
import type { KubeLike, LabelSelector, Labels, Metadata } from '../kube';
import { compileSelector } from '../selector';
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

interface CiliumRule {
  fromEndpoints?: LabelSelector[];
  toEndpoints?: LabelSelector[];
  fromEntities?: string[];
  toEntities?: string[];
  fromCIDR?: string[];
  toCIDR?: string[];
  fromCIDRSet?: { cidr: string; except?: string[] }[];
  toCIDRSet?: { cidr: string; except?: string[] }[];
  toPorts?: { ports?: { port?: string; endPort?: number; protocol?: string }[] }[];
}

interface CiliumSpec {
  endpointSelector?: LabelSelector;
  ingress?: CiliumRule[];
  ingressDeny?: CiliumRule[];
  egress?: CiliumRule[];
  egressDeny?: CiliumRule[];
}

interface CiliumPolicy extends KubeLike {
  metadata: Metadata;
  spec?: CiliumSpec;
  specs?: CiliumSpec[];
}

type Test = (question: Question) => boolean;

interface Compiled {
  id: string;
  selects: (pod: Host) => boolean;
  allow: Partial<Record<Direction, Test[]>>;
  deny: Partial<Record<Direction, Test[]>>;
}

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

export class CiliumPolicyTier implements PolicyTier {
  readonly kinds: readonly string[];
  private readonly policies = new Map<string, Compiled[]>();

  constructor(
    private readonly kubernetes: NetworkPolicyTier,
    private readonly namespaceLabels: NamespaceLabels,
  ) {
    const own = ['CiliumNetworkPolicy.cilium.io', 'CiliumClusterwideNetworkPolicy.cilium.io'];
    this.kinds = [...own, ...kubernetes.kinds];
  }

  put(object: KubeLike): void {
    if (!isOwn(object)) return this.kubernetes.put(object);
    const { kind, metadata, spec, specs = [] } = object as CiliumPolicy;
    const namespace = kind === 'CiliumNetworkPolicy' ? (metadata.namespace ?? 'default') : undefined;
    const id = `${kind} ${namespace ? `${namespace}/` : ''}${metadata.name}`;
    this.policies.set(
      id,
      [...(spec ? [spec] : []), ...specs].map((one) => this.compile(id, one, namespace)),
    );
  }

  remove(object: KubeLike): void {
    if (!isOwn(object)) return this.kubernetes.remove(object);
    const { kind, metadata } = object;
    const namespace = kind === 'CiliumNetworkPolicy' ? `${metadata.namespace ?? 'default'}/` : '';
    this.policies.delete(`${kind} ${namespace}${metadata.name}`);
  }

  decide(question: Question): Decision | undefined {
    const { direction, subject } = question;
    const own = [...this.policies.values()].flat().filter((policy) => policy.selects(subject));
    const denying = own.find(({ deny }) => deny[direction]?.some((test) => test(question)));
    if (denying) return decision(denying.id, false, question);
    const isolating = own.filter(({ allow }) => allow[direction]);
    const allowing = isolating.find(({ allow }) => allow[direction]?.some((test) => test(question)));
    if (allowing) return decision(allowing.id, true, question);
    const kubernetes = this.kubernetes.decide(question);
    if (kubernetes) return kubernetes;
    return isolating[0] && decision(isolating[0].id, false, question);
  }

  private compile(id: string, spec: CiliumSpec, namespace: string | undefined): Compiled {
    const pods = compileSelector(unprefixed(spec.endpointSelector ?? {}));
    const tests = (rules?: CiliumRule[]) =>
      rules && rules.length > 0 && rules.map((rule) => this.rule(rule, namespace));
    const pair = (ingress?: CiliumRule[], egress?: CiliumRule[]): Compiled['allow'] => {
      const [a, b] = [tests(ingress), tests(egress)];
      return { ...(a ? { ingress: a } : {}), ...(b ? { egress: b } : {}) };
    };
    return {
      id,
      selects: (pod) => (namespace === undefined || pod.namespace === namespace) && pods(this.labels(pod)),
      allow: pair(spec.ingress, spec.egress),
      deny: pair(spec.ingressDeny, spec.egressDeny),
    };
  }

  private labels(pod: Host): Labels {
    const labels: Record<string, string> = { ...pod.labels, [NAMESPACE]: pod.namespace };
    for (const [key, value] of Object.entries(this.namespaceLabels(pod.namespace)))
      labels[NAMESPACE_LABELS + key] = value;
    return labels;
  }

  private rule(rule: CiliumRule, namespace: string | undefined): Test {
    const peers = this.peers(rule, namespace);
    const ports = rule.toPorts?.flatMap((entry) => entry.ports ?? []);
    return (question) => {
      if (ports && !ports.some((port) => isPort(port, question))) return false;
      return !peers || peers.some((peer) => peer(question.peer));
    };
  }

  /** Undefined: nothing said about peers, so everyone; an empty list of endpoints is no one. */
  private peers(rule: CiliumRule, namespace: string | undefined): ((peer: Peer) => boolean)[] | undefined {
    const endpoints = rule.fromEndpoints ?? rule.toEndpoints;
    const entities = rule.fromEntities ?? rule.toEntities;
    const cidrs = rule.fromCIDR ?? rule.toCIDR;
    const sets = rule.fromCIDRSet ?? rule.toCIDRSet;
    if (!endpoints && !entities && !cidrs && !sets) return undefined;
    return [
      ...(endpoints ?? []).map((selector) => this.endpoint(selector, namespace)),
      ...(entities ?? []).map(entity),
      ...(cidrs ?? []).map((cidr) => block(cidr)),
      ...(sets ?? []).map(({ cidr, except }) => block(cidr, except)),
    ];
  }

  private endpoint(selector: LabelSelector, namespace: string | undefined): (peer: Peer) => boolean {
    const plain = unprefixed(selector);
    const matches = compileSelector(plain);
    const keys = [...Object.keys(plain.matchLabels ?? {}), ...(plain.matchExpressions ?? []).map(({ key }) => key)];
    const anywhere =
      namespace === undefined || keys.some((key) => key === NAMESPACE || key.startsWith(NAMESPACE_LABELS));
    return ({ pod }) => pod !== undefined && (anywhere || pod.namespace === namespace) && matches(this.labels(pod));
  }
}

const isOwn = (object: KubeLike): boolean =>
  ((object as { apiVersion?: string }).apiVersion ?? '').startsWith('cilium.io');

/** Without the source that Cilium lets one write before a key: `k8s:app`, `any:app`. */
function unprefixed({ matchLabels = {}, matchExpressions }: LabelSelector): LabelSelector {
  const strip = (key: string) => key.replace(/^(k8s|any)[:.]/, '');
  return {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [strip(key), value])),
    matchExpressions: matchExpressions?.map((test) => ({ ...test, key: strip(test.key) })) ?? [],
  };
}

function entity(name: string): (peer: Peer) => boolean {
  switch (name) {
    case 'all':
      return () => true;
    case 'world':
      return ({ pod, node }) => !pod && !node;
    case 'cluster':
      return ({ pod, node }) => pod !== undefined || node !== undefined;
    case 'host':
    case 'remote-node':
    case 'kube-apiserver':
      return ({ node }) => node !== undefined;
    default:
      return () => false;
  }
}

/** A CIDR rule never means pods of the cluster: they have identities. */
function block(cidr: string, except: string[] = []): (peer: Peer) => boolean {
  const whole = Cidr.find(cidr.includes('/') ? cidr : `${cidr}/32`);
  const holes = except.flatMap((hole) => Cidr.find(hole) ?? []);
  return ({ address, pod }) =>
    !pod && whole?.contains(address) === true && !holes.some((hole) => hole.contains(address));
}

function isPort(
  { port = '0', endPort, protocol = 'ANY' }: { port?: string; endPort?: number; protocol?: string },
  q: Question,
) {
  if (protocol !== 'ANY' && protocol !== q.protocol) return false;
  const first = Number(port);
  return first === 0 || (q.port >= first && q.port <= (endPort ?? first));
}

function decision(id: string, allow: boolean, question: Question): Decision {
  const way = question.direction === 'ingress' ? 'from' : 'to';
  const does = allow ? 'allows' : 'does not allow';
  return { allow, policy: id, reason: `${id} ${does} ${describePort(question)} ${way} ${describePeer(question)}` };
}
