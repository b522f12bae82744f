// Many connections at once, without the hops: which of them are delivered, and which policy decided.
import type { Host } from './hosts';
import type { Network } from './network';
import { verdictsOf } from './path';
import type { Protocol, Verdict } from './types';

export interface Target {
  /** How the cell names it. */
  name: string;
  address: string;
}

export interface PortQuery {
  port: number;
  protocol: Protocol;
}

export interface Cell extends PortQuery {
  from: string;
  to: string;
  verdict: Verdict;
  /** The policy that decided; empty when none did. */
  policy: string;
}

/** Every source to every target on every port, in that order of nesting. */
export function reachability(
  network: Network,
  sources: readonly Host[],
  targets: readonly Target[],
  ports: readonly PortQuery[],
): Cell[] {
  return sources.flatMap((source) => {
    const from = source.kind === 'pod' ? `${source.namespace}/${source.name}` : source.name;
    return targets.flatMap((target) => {
      const verdicts = verdictsOf(network, source, target.address, ports);
      return ports.map(({ port, protocol }, i) => {
        const { verdict = 'no-route', policy = '' } = verdicts[i] ?? {};
        return { from, to: target.name, port, protocol, verdict, policy };
      });
    });
  });
}
