// Zone hints of endpoints: for `trafficDistribution: PreferClose`, and for the topology mode Auto, which shares endpoints out
// among zones by their processors. kubernetes staging/src/k8s.io/endpointslice/{trafficdist,topologycache}.
// DIFFERS: zones of equal need are taken in the order of their names; there, in a random order.

import { quantityValue } from '../../resources/quantity';
import type { KubeObject } from '../../store/types';

const ZONE = 'topology.kubernetes.io/zone';
const MODES = ['service.kubernetes.io/topology-aware-hints', 'service.kubernetes.io/topology-mode'];
const EXCLUDED = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
const OVERLOAD = 0.2; // more than its share that an endpoint may be exposed to

export interface HintedEndpoint {
  conditions: { ready: boolean; serving: boolean; terminating: boolean };
  zone?: string;
  hints?: { forZones: { name: string }[] };
  [field: string]: unknown;
}

type Zones = Map<string, number>;

/** Why there are no hints, in the words of the event. */
export class NoHints extends Error {}

/** Whether the annotation of topology aware routing asks for hints. */
export function isTopologyAware({ metadata }: KubeObject): boolean {
  const mode = MODES.map((name) => metadata.annotations?.[name]).find((value) => value !== undefined);
  return mode === 'Auto' || mode === 'auto';
}

/** Every ready endpoint for its own zone. */
export function preferClose(endpoints: readonly HintedEndpoint[]): void {
  for (const endpoint of endpoints)
    if (endpoint.conditions.ready && endpoint.zone) endpoint.hints = { forZones: [{ name: endpoint.zone }] };
}

/** As many endpoints for each zone as its share of the processors. Throws NoHints when that cannot be. */
export function shareOut(endpoints: readonly HintedEndpoint[], nodes: readonly KubeObject[]): void {
  const ready = endpoints.filter(({ conditions }) => conditions.ready);
  const wanted = allocations(ready.length, zoneShares(nodes));
  if (ready.some(({ zone }) => !zone)) throw new NoHints('One or more endpoints do not have a zone specified');
  preferClose(ready);
  const has: Zones = new Map();
  for (const { zone = '' } of ready) has.set(zone, (has.get(zone) ?? 0) + 1);
  const { giving, receiving } = exchange(wanted, has);
  for (const endpoint of ready) {
    const own = endpoint.zone ?? '';
    const [to] = receiving.keys();
    if (to === undefined) return;
    if (!giving.has(own)) continue;
    endpoint.hints = { forZones: [{ name: to }] };
    take(giving, own);
    take(receiving, to);
  }
}

/** The part of the processors that lies in each zone; undefined when a node does not say its zone. */
function zoneShares(nodes: readonly KubeObject[]): Zones | undefined {
  const millis: Zones = new Map();
  for (const { metadata, status } of nodes) {
    const labels = metadata.labels ?? {};
    const conditions: { type: string; status: string }[] = status?.conditions ?? [];
    const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
    if (!isReady || EXCLUDED.some((label) => label in labels)) continue;
    const cpu = quantityValue(status?.allocatable?.cpu);
    const zone = labels[ZONE];
    if (!zone || cpu === 0) return undefined;
    millis.set(zone, (millis.get(zone) ?? 0) + cpu);
  }
  const total = [...millis.values()].reduce((sum, one) => sum + one, 0);
  if (millis.size < 2 || total === 0) return undefined;
  return new Map([...millis].sort().map(([zone, cpu]) => [zone, cpu / total]));
}

/** How many endpoints each zone should have. */
function allocations(count: number, shares: Zones | undefined): Zones {
  if (!shares)
    throw new NoHints('Insufficient Node information: allocatable CPU or zone not specified on one or more nodes');
  const numbers = `(${count} endpoints, ${shares.size} zones)`;
  if (shares.size > count) throw new NoHints(`Insufficient number of endpoints ${numbers}`);
  const least = new Map([...shares].map(([zone, share]) => [zone, Math.ceil((share * count) / (1 + OVERLOAD))]));
  if ([...least.values()].reduce((sum, one) => sum + one, 0) > count)
    throw new NoHints(
      `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${numbers}`,
    );
  return new Map([...shares].map(([zone, share]) => [zone, Math.max(share * count, least.get(zone) ?? 0)]));
}

/** How many endpoints each zone gives to others, and gets. */
function exchange(wanted: Zones, has: Zones): { giving: Zones; receiving: Zones } {
  const over = new Map([...wanted].map(([zone, n]) => [zone, (has.get(zone) ?? 0) - n]));
  const [giving, receiving]: [Zones, Zones] = [new Map(), new Map()];
  for (;;) {
    const most = [...over].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
    const least = [...over].reduce((a, b) => (b[1] < a[1] ? b : a), ['', 0]);
    const [give, get] = [most[1], -least[1]];
    if (give < 0.5 || get < 0.5 || (give < 1 && get < 1)) return { giving, receiving };
    over.set(most[0], give - 1);
    over.set(least[0], 1 - get);
    giving.set(most[0], (giving.get(most[0]) ?? 0) + 1);
    receiving.set(least[0], (receiving.get(least[0]) ?? 0) + 1);
  }
}

function take(zones: Zones, zone: string): void {
  const left = (zones.get(zone) ?? 0) - 1;
  if (left > 0) zones.set(zone, left);
  else zones.delete(zone);
}
