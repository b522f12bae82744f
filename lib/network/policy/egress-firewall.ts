// EgressFirewall (k8s.ovn.org/v1), and EgressNetworkPolicy (network.openshift.io/v1) before it: where the pods of a namespace may go outside the cluster; the first rule that matches counts.
import { Cidr } from '../address';
import type { KubeLike, LabelSelector, Metadata } from '../kube';
import { compileSelector } from '../selector';
import { type Decision, describePort, type PolicyTier, type Question } from './contract';

interface FirewallRule {
  type: 'Allow' | 'Deny';
  to: { cidrSelector?: string; nodeSelector?: LabelSelector; dnsName?: string };
  ports?: { protocol: string; port?: number }[];
}

interface EgressFirewall {
  metadata: Metadata;
  spec?: { egress?: FirewallRule[] };
}

interface Rule {
  allow: boolean;
  target: string;
  matches: (question: Question) => boolean;
}

/** Speaks up only to deny: what it allows, network policies may still forbid. */
export class EgressFirewallTier implements PolicyTier {
  readonly kinds: readonly string[];
  private readonly byNamespace = new Map<string, { id: string; rules: Rule[] }>();

  constructor(
    private readonly kind: 'EgressFirewall' | 'EgressNetworkPolicy',
    group: string,
  ) {
    this.kinds = [`${kind}.${group}`, kind];
  }

  put(object: KubeLike): void {
    const { metadata, spec } = object as EgressFirewall;
    const namespace = metadata.namespace ?? 'default';
    const egress = spec?.egress ?? [];
    // OVN-Kubernetes applies all rules or, when one is none, not any.
    const broken = egress.some(({ to }) => to.cidrSelector !== undefined && !Cidr.find(to.cidrSelector));
    const rules = broken && this.kind === 'EgressFirewall' ? [] : egress.map(compile);
    this.byNamespace.set(namespace, { id: `${this.kind} ${namespace}/${metadata.name}`, rules });
  }

  remove({ metadata }: KubeLike): void {
    this.byNamespace.delete(metadata.namespace ?? 'default');
  }

  decide(question: Question): Decision | undefined {
    if (question.direction !== 'egress' || question.peer.pod) return undefined;
    const firewall = this.byNamespace.get(question.subject.namespace);
    const rule = firewall?.rules.find((candidate) => candidate.matches(question));
    if (!firewall || !rule || rule.allow) return undefined;
    const reason = `${firewall.id} denies ${describePort(question)} to ${question.peer.address} (rule for ${rule.target})`;
    return { allow: false, policy: firewall.id, reason };
  }
}

// DIFFERS: a rule by dnsName matches nothing here; the real one follows the name's addresses.
function compile({ type, to, ports }: FirewallRule): Rule {
  const block = to.cidrSelector ? Cidr.find(to.cidrSelector) : undefined;
  const nodes = to.nodeSelector ? compileSelector(to.nodeSelector) : undefined;
  const isPort = ({ protocol, port }: Question) =>
    !ports?.length || ports.some((own) => own.protocol === protocol && (own.port === undefined || own.port === port));
  return {
    allow: type === 'Allow',
    target: to.cidrSelector ?? to.dnsName ?? 'nodes',
    matches: (question) =>
      isPort(question) &&
      (block
        ? block.contains(question.peer.address)
        : nodes !== undefined && question.peer.node !== undefined && nodes(question.peer.node.labels)),
  };
}
