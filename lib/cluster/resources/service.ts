// services, with their virtual addresses and node ports.

import { formatLabels } from '../store/selectors';
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { allocateAddress, allocateHealthCheck, allocatePorts, allocateSecond } from './service/allocate';
import { settleFamilies } from './service/families';
import { isExternal, validateService, validateServiceUpdate } from './service/validate';
import { dns1035Label } from './validation/names';
import type { Part } from './validation/values';

const LB_WIDTH = 16; // loadBalancerWidth of the real printer

interface Port {
  port: number;
  protocol?: string;
  nodePort?: number;
}

const ports = (list: Port[] | undefined): string =>
  (list ?? [])
    .map(({ port, protocol, nodePort }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? ''}`)
    .join(',') || '<none>';

/** `1.2.3.4,host`, cut short unless wide. */
export function balancers(
  status: { ingress?: { ip?: string; hostname?: string }[] } | undefined,
  wide: boolean,
): string {
  const all = [...new Set((status?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter(Boolean))]
    .sort()
    .join(',');
  return !wide && all.length > LB_WIDTH ? `${all.slice(0, LB_WIDTH - 3)}...` : all;
}

function external({ spec, status }: KubeObject, wide: boolean): string {
  const ips: string[] = spec?.externalIPs ?? [];
  if (spec?.type === 'ExternalName') return spec.externalName ?? '';
  if (spec?.type !== 'LoadBalancer') return ips.join(',') || '<none>';
  const balanced = balancers(status?.loadBalancer, wide);
  if (ips.length === 0) return balanced || '<pending>';
  return [...(balanced ? [balanced] : []), ...ips].join(',');
}

export const service: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['proxy', 'status'],
  columns: columns('Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector*'),
  row: (object, now, wide = true) => {
    const { spec } = object;
    return [
      object.metadata.name,
      spec?.type ?? '',
      spec?.clusterIPs?.[0] || spec?.clusterIP || '<none>',
      external(object, wide),
      ports(spec?.ports),
      age(object, now),
      formatLabels(spec?.selector),
    ];
  },
  nameRule: dns1035Label,
  selectable: ({ spec }) => ({ 'spec.clusterIP': spec?.clusterIP ?? '', 'spec.type': spec?.type ?? '' }),
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.sessionAffinity ??= 'None';
    if (spec.sessionAffinity === 'ClientIP') spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } };
    if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
    spec.type ??= 'ClusterIP';
    for (const port of spec.ports ?? []) {
      port.protocol ??= 'TCP';
      port.targetPort ??= port.port;
    }
    if (isExternal(spec)) spec.externalTrafficPolicy ??= 'Cluster';
    if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
    if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
  },
  prepareCreate(object, context) {
    object['status'] = { loadBalancer: {} };
    const { spec } = object;
    if (spec.type === 'ExternalName') return;
    if (spec.clusterIP === undefined && spec.clusterIPs?.[0]) spec.clusterIP = spec.clusterIPs[0];
    if (spec.clusterIP) spec.clusterIPs ??= [spec.clusterIP];
    settleFamilies(object, undefined, context);
    allocateAddress(object, context);
    allocatePorts(object, undefined, context);
    allocateHealthCheck(object, undefined, context);
  },
  prepareUpdate(object, old, context) {
    object['status'] = old['status'];
    const { spec } = object;
    const before = old['spec'];
    if (spec.type === 'ExternalName') {
      if (before.type !== 'ExternalName')
        for (const part of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'])
          delete spec[part];
      return;
    }
    if (before.type !== 'ExternalName') {
      spec.clusterIP ||= before.clusterIP;
      if (spec.clusterIP !== before.clusterIP && JSON.stringify(spec.clusterIPs) === JSON.stringify(before.clusterIPs))
        spec.clusterIPs = [spec.clusterIP];
      spec.clusterIPs ??= before.clusterIPs;
    }
    if (before.type !== 'ExternalName') spec.ipFamilies ??= before.ipFamilies;
    settleFamilies(object, old, context);
    if (isExternal(before) && !isExternal(spec) && spec.externalTrafficPolicy === before.externalTrafficPolicy)
      delete spec.externalTrafficPolicy;
    if (spec.type === 'ClusterIP' && before.type !== 'ClusterIP') dropNodePorts(spec, before);
    if (spec.type !== 'LoadBalancer' && before.type === 'LoadBalancer') dropBalancing(spec, before);
    if (before.type === 'ExternalName') allocateAddress(object, context);
    else if ((spec.ipFamilies?.length ?? 0) > (spec.clusterIPs?.length ?? 0)) allocateSecond(object, context);
    allocatePorts(object, old, context);
    allocateHealthCheck(object, old, context);
  },
  validate: validateService,
  validateUpdate: validateServiceUpdate,
};

/** A service that turns into ClusterIP loses the node ports it did not ask for anew. */
function dropNodePorts(spec: { ports?: Port[] }, before: { ports?: Port[] }): void {
  for (const [i, port] of (spec.ports ?? []).entries())
    if (port.nodePort === before.ports?.[i]?.nodePort) delete port.nodePort;
  if (!isExternal(spec)) delete (spec as Part)['externalTrafficPolicy'];
}

/** One that is no balancer any more loses what only balancers have, unless it was changed at the same time. */
function dropBalancing(spec: Part, before: Part): void {
  for (const part of ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'healthCheckNodePort'])
    if (spec[part] === before[part]) delete spec[part];
}
