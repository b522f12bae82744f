// NetworkPolicy (networking.k8s.io/v1): isolation and the union of what the selecting policies allow.
import { Cidr } from '../address';
import { containerPorts, type Host } from '../hosts';
import type { KubeLike, NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '../kube';
import { compileSelector, type Matches } from '../selector';
import {
  type Decision,
  type Direction,
  describePeer,
  describePort,
  type NamespaceLabels,
  type Peer,
  type PolicyFeatures,
  type PolicyTier,
  type Question,
} from './contract';
import type { ShownPolicy, ShownPorts, ShownRule } from './shown';

interface Rule {
  /** Undefined: every peer. */
  peers: ((peer: Peer) => boolean)[] | undefined;
  /** Undefined: every port of every protocol. */
  ports: ((question: Question) => boolean)[] | undefined;
}

interface Compiled {
  id: string;
  /** The decision when one of its rules allows: always the same. */
  allowed: Decision;
  selects: Matches;
  /** The rules of a direction in which the policy isolates. */
  rules: Partial<Record<Direction, Rule[]>>;
  source: NetworkPolicy;
}

type Selecting = Record<Direction, Compiled[]>;

export class NetworkPolicyTier implements PolicyTier {
  readonly kinds = ['NetworkPolicy', 'NetworkPolicy.networking.k8s.io'];
  private readonly byNamespace = new Map<string, Map<string, Compiled>>();
  /** The policies that select a pod; hosts are replaced when their labels change, so only policies' changes clear it. */
  private selecting = new WeakMap<Host, Selecting>();

  constructor(
    private readonly features: PolicyFeatures,
    private readonly namespaceLabels: NamespaceLabels,
    /** The namespace that nodes count as being in, for plug-ins that let policies select them so. */
    private readonly hostNamespace?: string,
  ) {}

  put(object: KubeLike): void {
    const policy = object as NetworkPolicy;
    const { name, namespace = 'default' } = policy.metadata;
    let policies = this.byNamespace.get(namespace);
    if (!policies) this.byNamespace.set(namespace, (policies = new Map()));
    policies.set(name, this.compile(policy, namespace));
    this.selecting = new WeakMap();
  }

  remove({ metadata }: KubeLike): void {
    this.byNamespace.get(metadata.namespace ?? 'default')?.delete(metadata.name ?? '');
    this.selecting = new WeakMap();
  }

  decide(question: Question): Decision | undefined {
    const policies = this.of(question.subject)[question.direction];
    if (policies.length === 0) return undefined;
    for (const policy of policies)
      if (policy.rules[question.direction]?.some((rule) => allows(rule, question))) return policy.allowed;
    return new Denial(policies, question);
  }

  shown(): ShownPolicy[] {
    return [...this.byNamespace].flatMap(([namespace, policies]) =>
      [...policies.values()].map((policy) => this.show(policy, namespace)),
    );
  }

  private show({ source: { metadata, spec = {} }, selects, rules }: Compiled, namespace: string): ShownPolicy {
    const list = (given: readonly PolicyRule[] | null | undefined, side: 'from' | 'to') =>
      (given ?? []).map((rule) => this.showRule(rule, rule[side], namespace));
    return {
      kind: 'NetworkPolicy',
      isKubernetes: true,
      namespace,
      name: metadata.name,
      selects: (pod) => pod.namespace === namespace && selects(pod.labels),
      rules: {
        ...(rules.ingress && { ingress: list(spec.ingress, 'from') }),
        ...(rules.egress && { egress: list(spec.egress, 'to') }),
      },
    };
  }

  private showRule({ ports }: PolicyRule, peers: PolicyPeer[] | null | undefined, namespace: string): ShownRule {
    return {
      action: 'Allow',
      peers: peers?.length
        ? peers.map(({ ipBlock, podSelector, namespaceSelector }) => {
            if (ipBlock) return { cidr: ipBlock.cidr, ...(ipBlock.except && { except: ipBlock.except }) };
            const matches = this.peer(
              { ...(podSelector && { podSelector }), ...(namespaceSelector && { namespaceSelector }) },
              namespace,
            );
            const selector = JSON.stringify({
              ...(namespaceSelector ? { namespaceSelector } : { namespace }),
              podSelector,
            });
            return { set: { selector, holds: (pod) => matches({ address: pod.addresses[0] ?? '', pod }) } };
          })
        : undefined,
      ports: ports?.length ? byProtocol(ports) : undefined,
    };
  }

  /** The policies that isolate a pod, by direction. */
  private of(pod: Host): Selecting {
    let selecting = this.selecting.get(pod);
    if (!selecting) {
      const policies = [...(this.byNamespace.get(pod.namespace)?.values() ?? [])].filter(({ selects }) =>
        selects(pod.labels),
      );
      selecting = {
        ingress: policies.filter(({ rules }) => rules.ingress),
        egress: policies.filter(({ rules }) => rules.egress),
      };
      this.selecting.set(pod, selecting);
    }
    return selecting;
  }

  private compile({ metadata, spec = {} }: NetworkPolicy, namespace: string): Compiled {
    const types = spec.policyTypes?.length
      ? spec.policyTypes
      : spec.egress?.length
        ? ['Ingress', 'Egress']
        : ['Ingress'];
    const rules: Compiled['rules'] = {};
    if (types.includes('Ingress'))
      rules.ingress = (spec.ingress ?? []).map((rule) => this.rule(rule, rule.from, namespace));
    if (types.includes('Egress') && this.features.egress)
      rules.egress = (spec.egress ?? []).map((rule) => this.rule(rule, rule.to, namespace));
    const id = `NetworkPolicy ${namespace}/${metadata.name}`;
    return {
      id,
      allowed: { allow: true, policy: id, reason: `${id} allows it` },
      selects: compileSelector(spec.podSelector ?? {}),
      rules,
      source: { metadata, spec },
    };
  }

  private rule({ ports }: PolicyRule, peers: PolicyPeer[] | null | undefined, namespace: string): Rule {
    return {
      peers: peers?.length ? peers.map((peer) => this.peer(peer, namespace)) : undefined,
      ports: ports?.length ? ports.map((port) => this.port(port)) : undefined,
    };
  }

  private peer({ ipBlock, podSelector, namespaceSelector }: PolicyPeer, namespace: string): (peer: Peer) => boolean {
    if (ipBlock) return this.ipBlock(ipBlock);
    const pods = compileSelector(podSelector ?? {});
    if (!namespaceSelector) return ({ pod }) => pod !== undefined && pod.namespace === namespace && pods(pod.labels);
    const namespaces = compileSelector(namespaceSelector);
    return ({ pod, node }) => {
      if (pod) return namespaces(this.namespaceLabels(pod.namespace)) && pods(pod.labels);
      const { hostNamespace } = this;
      return (
        node !== undefined && hostNamespace !== undefined && namespaces(this.namespaceLabels(hostNamespace)) && pods({})
      );
    };
  }

  private ipBlock({ cidr, except }: { cidr: string; except?: string[] | null }): (peer: Peer) => boolean {
    if (!this.features.ipBlock || (except?.length && !this.features.ipBlockExcept)) return () => false;
    const block = Cidr.find(cidr);
    const holes = (except ?? []).flatMap((hole) => Cidr.find(hole) ?? []);
    return ({ address }) => block?.contains(address) === true && !holes.some((hole) => hole.contains(address));
  }

  private port({ protocol = 'TCP', port, endPort }: PolicyPort): (question: Question) => boolean {
    if (protocol === 'SCTP' && !this.features.sctp) return () => false;
    if (port === undefined) return (question) => question.protocol === protocol;
    if (typeof port === 'string') return (question) => this.features.namedPorts && isNamed(question, protocol, port);
    const last = this.features.endPort ? (endPort ?? port) : port;
    return (question) => question.protocol === protocol && question.port >= port && question.port <= last;
  }
}

/** Ports of one protocol stand together; a named one is shown by its name. */
function byProtocol(ports: readonly PolicyPort[]): ShownPorts[] {
  const found = new Map<string, string[]>();
  for (const { protocol = 'TCP', port, endPort } of ports) {
    const list = found.get(protocol.toLowerCase()) ?? [];
    found.set(protocol.toLowerCase(), list);
    if (port !== undefined) list.push(endPort ? `${port}:${endPort}` : String(port));
  }
  return [...found].map(([protocol, list]) => ({ protocol, ports: list }));
}

function allows(rule: Rule, question: Question): boolean {
  if (rule.ports && !rule.ports.some((port) => port(question))) return false;
  return !rule.peers || rule.peers.some((peer) => peer(question.peer));
}

function isNamed({ destination, protocol, port }: Question, wanted: string, name: string): boolean {
  if (protocol !== wanted || !destination?.pod) return false;
  return containerPorts(destination.pod).some(
    (declared) =>
      declared.name === name && declared.containerPort === port && (declared.protocol ?? 'TCP') === protocol,
  );
}

/** No rule of the policies that isolate a pod allows it. Its sentence is made only when somebody reads it. */
class Denial implements Decision {
  readonly allow = false;
  private readonly question: Question;

  constructor(
    private readonly policies: readonly Compiled[],
    { direction, subject, peer, protocol, port }: Question,
  ) {
    this.question = { direction, subject, peer, protocol, port };
  }

  get policy(): string {
    return this.policies[0]?.id ?? '';
  }

  get reason(): string {
    const { direction, subject } = this.question;
    const ids = this.policies.map(({ id }) => id);
    const isolate = ids.length === 1 ? 'isolates' : 'isolate';
    const way = direction === 'ingress' ? 'from' : 'to';
    return (
      `${ids.join(', ')} ${isolate} pod ${subject.namespace}/${subject.name} for ${direction}, ` +
      `and no rule allows ${describePort(this.question)} ${way} ${describePeer(this.question)}`
    );
  }
}
