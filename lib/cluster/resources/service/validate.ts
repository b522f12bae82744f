// The rules of services: ValidateService of pkg/apis/core/validation, in its order.
import type { KubeObject } from '../../store/types';
import type { FieldErrors } from '../validation/field-errors';
import { GoValue } from '../validation/field-errors';
import { BAD_CIDR, BAD_IP, parseCIDR, parseIP, specialIP } from '../validation/ip';
import { validateLabels } from '../validation/metadata';
import { dnsLabel, dnsSubdomain, portName, portNumber } from '../validation/names';
import { oneOf, type Part } from '../validation/values';

interface Port {
  name?: string;
  port?: number;
  protocol?: string;
  targetPort?: number | string;
  nodePort?: number;
}

const KUBELET_PORT = 10_250;
const MAX_AFFINITY_SECONDS = 86_400;

function validatePort(port: Port, at: string, several: boolean, names: Set<string>, errors: FieldErrors): void {
  if (several && !port.name) errors.required(`${at}.name`);
  else if (port.name) {
    for (const problem of dnsLabel(port.name)) errors.invalid(`${at}.name`, port.name, problem);
    if (names.has(port.name)) errors.duplicate(`${at}.name`, port.name);
    names.add(port.name);
  }
  for (const problem of portNumber(port.port ?? 0)) errors.invalid(`${at}.port`, port.port ?? 0, problem);
  oneOf(port.protocol, ['SCTP', 'TCP', 'UDP'], `${at}.protocol`, errors);
  const { targetPort = 0 } = port;
  for (const problem of typeof targetPort === 'string' ? portName(targetPort) : portNumber(targetPort))
    errors.invalid(`${at}.targetPort`, targetPort, problem);
}

function validateDuplicates(ports: Port[], errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const [i, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue;
    if (seen.has(`node ${nodePort}/${protocol}`)) errors.duplicate(`spec.ports[${i}].nodePort`, nodePort);
    seen.add(`node ${nodePort}/${protocol}`);
  }
  for (const [i, { port, protocol }] of ports.entries()) {
    if (seen.has(`${port}/${protocol}`))
      errors.duplicate(
        `spec.ports[${i}]`,
        new GoValue(
          `core.ServicePort{Name:"", Protocol:"${protocol}", AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
        ),
      );
    seen.add(`${port}/${protocol}`);
  }
}

function validateExternalName(spec: Part, errors: FieldErrors): void {
  for (const part of ['clusterIPs', 'ipFamilies'])
    if (spec[part]?.length) errors.forbidden(`spec.${part}`, 'may not be set for ExternalName services');
  if (spec['clusterIP'] && !spec['clusterIPs']?.length)
    errors.forbidden('spec.clusterIPs', 'may not be set for ExternalName services');
  if (spec['ipFamilyPolicy']) errors.forbidden('spec.ipFamilyPolicy', 'may not be set for ExternalName services');
  const name = spec['externalName']?.replace(/\.$/, '') ?? '';
  if (name) for (const problem of dnsSubdomain(name)) errors.invalid('spec.externalName', name, problem);
  else errors.required('spec.externalName');
}

function validateType(spec: Part, errors: FieldErrors): void {
  const { type } = spec;
  if (type === 'ExternalName') return validateExternalName(spec, errors);
  if (type !== 'LoadBalancer' && type !== 'NodePort') return;
  if (type === 'LoadBalancer')
    for (const [i, { port }] of ((spec['ports'] ?? []) as Port[]).entries())
      if (port === KUBELET_PORT)
        errors.invalid(
          `spec.ports[${i}]`,
          port,
          `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`,
        );
  if (spec['clusterIP'] === 'None')
    errors.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
}

function validateAffinity(spec: Part, errors: FieldErrors): void {
  oneOf(spec['sessionAffinity'], ['ClientIP', 'None'], 'spec.sessionAffinity', errors);
  const { sessionAffinityConfig: config } = spec;
  const at = 'spec.sessionAffinityConfig';
  if (spec['sessionAffinity'] !== 'ClientIP') return;
  const needed = 'when session affinity type is ClientIP';
  if (!config) return errors.required(at, needed);
  if (!config.clientIP) return errors.required(`${at}.clientIP`, needed);
  const seconds = config.clientIP.timeoutSeconds;
  if (seconds === undefined) return errors.required(`${at}.clientIP.timeoutSeconds`, needed);
  if (seconds <= 0 || seconds > MAX_AFFINITY_SECONDS)
    errors.invalid(
      `${at}.clientIP.timeoutSeconds`,
      seconds,
      `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`,
    );
}

function validateFamilies(spec: Part, errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const [i, family] of ((spec['ipFamilies'] ?? []) as string[]).entries()) {
    oneOf(family, ['IPv4', 'IPv6'], `spec.ipFamilies[${i}]`, errors);
    if (seen.has(family)) errors.duplicate(`spec.ipFamilies[${i}]`, family);
    seen.add(family);
  }
  const policy = spec['ipFamilyPolicy'];
  if (policy !== undefined)
    oneOf(policy, ['PreferDualStack', 'RequireDualStack', 'SingleStack'], 'spec.ipFamilyPolicy', errors);
}

function validateAddresses(spec: Part, errors: FieldErrors): void {
  if (spec['clusterIP'] && spec['clusterIP'] !== 'None' && !parseIP(spec['clusterIP']))
    errors.invalid('spec.clusterIPs[0]', spec['clusterIP'], BAD_IP);
  if (spec['clusterIP'] === 'None' && (spec['clusterIPs'] ?? []).length > 1)
    errors.invalid('spec.clusterIPs', spec['clusterIPs'], "'None' must be the first and only value");
  for (const [i, ip] of ((spec['externalIPs'] ?? []) as string[]).entries()) {
    const problem = parseIP(ip) ? specialIP(ip) : BAD_IP;
    if (problem) errors.invalid(`spec.externalIPs[${i}]`, ip, problem);
  }
}

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

function validateBalancer(spec: Part, errors: FieldErrors): void {
  const only = "may only be used when `type` is 'LoadBalancer'";
  const balanced = spec['type'] === 'LoadBalancer';
  const ranges: string[] = spec['loadBalancerSourceRanges'] ?? [];
  if (ranges.length > 0 && !balanced) errors.forbidden('spec.LoadBalancerSourceRanges', only);
  for (const [i, range] of ranges.entries())
    if (!parseCIDR(range)) errors.invalid(`spec.LoadBalancerSourceRanges[${i}]`, range, BAD_CIDR);
  for (const part of ['allocateLoadBalancerNodePorts', 'loadBalancerClass'])
    if (spec[part] !== undefined && !balanced) errors.forbidden(`spec.${part}`, only);
}

/** Connections come to it from outside the cluster. */
export const isExternal = ({ type, externalIPs = [] }: Part): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);

/** A balancer asks the nodes on a port of its own which of them have endpoints. */
export const needsHealthCheck = ({ type, externalTrafficPolicy }: Part): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

const POLICIES = ['Cluster', 'Local'];

function validateTraffic(spec: Part, errors: FieldErrors): void {
  const { externalTrafficPolicy, internalTrafficPolicy, trafficDistribution } = spec;
  if (isExternal(spec)) oneOf(externalTrafficPolicy, POLICIES, 'spec.externalTrafficPolicy', errors);
  else if (externalTrafficPolicy)
    errors.invalid(
      'spec.externalTrafficPolicy',
      externalTrafficPolicy,
      'may only be set for externally-accessible services',
    );
  if (spec['healthCheckNodePort'] && !needsHealthCheck(spec))
    errors.invalid(
      'spec.healthCheckNodePort',
      spec['healthCheckNodePort'],
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    );
  if (internalTrafficPolicy !== undefined) oneOf(internalTrafficPolicy, POLICIES, 'spec.internalTrafficPolicy', errors);
  if (trafficDistribution !== undefined)
    oneOf(trafficDistribution, ['PreferClose'], 'spec.trafficDistribution', errors);
}

export function validateService(object: KubeObject, errors: FieldErrors): void {
  const { spec } = object;
  const ports: Port[] = spec.ports ?? [];
  const names = new Set<string>();
  if (ports.length === 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName') errors.required('spec.ports');
  validateType(spec, errors);
  for (const [i, port] of ports.entries()) validatePort(port, `spec.ports[${i}]`, ports.length > 1, names, errors);
  validateLabels(spec.selector, 'spec.selector', errors);
  validateAffinity(spec, errors);
  if (spec.type !== 'ExternalName') validateFamilies(spec, errors);
  validateAddresses(spec, errors);
  oneOf(spec.type, TYPES, 'spec.type', errors);
  if (spec.type === 'ClusterIP')
    for (const [i, port] of ports.entries())
      if (port.nodePort) errors.forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'");
  validateDuplicates(ports, errors);
  validateBalancer(spec, errors);
  validateTraffic(spec, errors);
}

export function validateServiceUpdate(object: KubeObject, old: KubeObject, errors: FieldErrors): void {
  const before: string[] = old['spec'].clusterIPs ?? [];
  const after: string[] = object['spec'].clusterIPs ?? [];
  if (old['spec'].type === 'ExternalName' || object['spec'].type === 'ExternalName' || before.length === 0) return;
  if (before[0] !== after[0]) errors.invalid('spec.clusterIPs[0]', after, 'may not change once set');
}
