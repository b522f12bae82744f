// The network's words: hosts, queries and the paths that answer them.

export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'ICMP';

/** `pod/NS/NAME`, `node/NAME` or `outside/NAME`; the student's workstation is `outside/workstation`. */
export type HostId = string;

/** How a connection ends: accepted, answered with a refusal, silence, no route (an ICMP unreachable), no such name, cut off. */
export type Verdict = 'delivered' | 'refused' | 'dropped' | 'no-route' | 'name-error' | 'reset';

export type Stage =
  | 'resolve'
  | 'service'
  | 'host-port'
  | 'source-nat'
  | 'egress-policy'
  | 'route'
  | 'encapsulation'
  | 'ingress-policy'
  | 'listener';

/** One step of a path: where it happened, what happened, and whether the packet went on. */
export interface Hop {
  stage: Stage;
  at: string;
  detail: string;
  ok: boolean;
}

export interface Path {
  verdict: Verdict;
  /** One sentence naming the cause. */
  reason: string;
  hops: Hop[];
  /** As the server sees it. */
  source: { address: string; port: number };
  destination?: { host: HostId; address: string; port: number };
  /** The service that has been idled and would be woken by this traffic. */
  idled?: { namespace: string; name: string };
  /** The policy that decided, `NetworkPolicy shop/deny-all`, when one did. */
  policy?: string;
}

export interface PathQuery {
  from: HostId;
  /** An IP address. */
  to: string;
  port: number;
  protocol: Protocol;
  sourcePort?: number;
  sourceAddress?: string;
}
