// AdminNetworkPolicy and BaselineAdminNetworkPolicy (policy.networking.k8s.io/v1alpha1): ordered rules that allow, deny or pass,
// before and after NetworkPolicy.
import { Cidr } from '../address';
import { containerPorts, type Host } from '../hosts';
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

interface AdminPeer {
  namespaces?: LabelSelector;
  pods?: { namespaceSelector?: LabelSelector; podSelector?: LabelSelector };
  nodes?: LabelSelector;
  networks?: string[];
}

interface AdminPort {
  portNumber?: { protocol?: string; port: number };
  portRange?: { protocol?: string; start: number; end: number };
  namedPort?: string;
}

interface AdminRule {
  name?: string;
  action: 'Allow' | 'Deny' | 'Pass';
  from?: AdminPeer[];
  to?: AdminPeer[];
  ports?: AdminPort[];
}

interface AdminPolicy {
  kind?: string;
  metadata: Metadata;
  spec?: { priority?: number; subject?: AdminPeer; ingress?: AdminRule[]; egress?: AdminRule[] };
}

interface Rule {
  name: string;
  action: AdminRule['action'];
  peers: ((peer: Peer) => boolean)[];
  ports: ((question: Question) => boolean)[] | undefined;
}

interface Compiled {
  id: string;
  priority: number;
  subject: (peer: Peer) => boolean;
  rules: Record<Direction, Rule[]>;
}

class RuleTier implements PolicyTier {
  readonly kinds: readonly string[];
  private readonly policies = new Map<string, Compiled>();
  private ordered: Compiled[] = [];

  constructor(
    private readonly kind: string,
    private readonly namespaceLabels: NamespaceLabels,
  ) {
    this.kinds = [kind, `${kind}.policy.networking.k8s.io`];
  }

  put(object: KubeLike): void {
    const policy = object as AdminPolicy;
    this.policies.set(policy.metadata.name, this.compile(policy));
    this.order();
  }

  remove({ metadata }: KubeLike): void {
    this.policies.delete(metadata.name ?? '');
    this.order();
  }

  decide(question: Question): Decision | undefined {
    if (this.ordered.length === 0) return undefined;
    const subject: Peer = { address: '', pod: question.subject };
    for (const policy of this.ordered) {
      if (!policy.subject(subject)) continue;
      const rule = policy.rules[question.direction].find((candidate) => matches(candidate, question));
      if (!rule) continue;
      return rule.action === 'Pass' ? undefined : verdict(policy, rule, question);
    }
    return undefined;
  }

  private order(): void {
    this.ordered = [...this.policies.values()].sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1));
  }

  private compile({ metadata, spec = {} }: AdminPolicy): Compiled {
    const rule = (own: AdminRule, peers: AdminPeer[] = []): Rule => ({
      name: own.name ?? '',
      action: own.action,
      peers: peers.map((peer) => this.peer(peer)),
      ports: own.ports?.map(compilePort),
    });
    return {
      id: `${this.kind} ${metadata.name}`,
      priority: spec.priority ?? 0,
      subject: this.peer(spec.subject ?? {}),
      rules: {
        ingress: (spec.ingress ?? []).map((own) => rule(own, own.from)),
        egress: (spec.egress ?? []).map((own) => rule(own, own.to)),
      },
    };
  }

  private peer({ namespaces, pods, nodes, networks }: AdminPeer): (peer: Peer) => boolean {
    if (networks) {
      const blocks = networks.flatMap((network) => Cidr.find(network) ?? []);
      return ({ address }) => blocks.some((block) => block.contains(address));
    }
    if (nodes) {
      const selects = compileSelector(nodes);
      return ({ node }) => node !== undefined && selects(node.labels);
    }
    const inNamespace = compileSelector(namespaces ?? pods?.namespaceSelector ?? {});
    const isPod = compileSelector(pods?.podSelector ?? {});
    if (!namespaces && !pods) return () => false;
    return ({ pod }) => pod !== undefined && inNamespace(this.labelsOf(pod)) && isPod(pod.labels);
  }

  private labelsOf(pod: Host): Labels {
    return this.namespaceLabels(pod.namespace);
  }
}

export class AdminPolicyTier extends RuleTier {
  constructor(namespaceLabels: NamespaceLabels) {
    super('AdminNetworkPolicy', namespaceLabels);
  }
}

export class BaselinePolicyTier extends RuleTier {
  constructor(namespaceLabels: NamespaceLabels) {
    super('BaselineAdminNetworkPolicy', namespaceLabels);
  }
}

function matches({ peers, ports }: Rule, question: Question): boolean {
  if (ports && !ports.some((port) => port(question))) return false;
  return peers.some((peer) => peer(question.peer));
}

function compilePort({ portNumber, portRange, namedPort }: AdminPort): (question: Question) => boolean {
  if (portNumber)
    return ({ protocol, port }) => protocol === (portNumber.protocol ?? 'TCP') && port === portNumber.port;
  if (portRange)
    return ({ protocol, port }) =>
      protocol === (portRange.protocol ?? 'TCP') && port >= portRange.start && port <= portRange.end;
  return ({ destination, protocol, port }) =>
    destination?.pod !== undefined &&
    containerPorts(destination.pod).some(
      (own) => own.name === namedPort && own.containerPort === port && (own.protocol ?? 'TCP') === protocol,
    );
}

function verdict({ id }: Compiled, { name, action }: Rule, question: Question): Decision {
  const which = name ? `${id}, rule ${name},` : id;
  const way = question.direction === 'ingress' ? 'from' : 'to';
  const does = action === 'Allow' ? 'allows' : 'denies';
  return {
    allow: action === 'Allow',
    policy: id,
    reason: `${which} ${does} ${describePort(question)} ${way} ${describePeer(question)}`,
  };
}
