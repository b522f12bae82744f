// The rules of services: ValidateService of pkg/apis/core/validation.
import type { KubeObject } from '../../store/types';
import { oneOf } from '../pod-spec/validate';
import type { FieldErrors } from '../validation/field-errors';
import { GoValue } from '../validation/field-errors';
import { parseIP } from '../validation/ip';
import { validateLabels } from '../validation/metadata';
import { dnsLabel, dnsSubdomain, portName, portNumber } from '../validation/names';

interface Port {
  name?: string;
  port?: number;
  protocol?: string;
  targetPort?: number | string;
  nodePort?: number;
}

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

function validatePorts(ports: Port[], errors: FieldErrors): void {
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [i, port] of ports.entries()) validatePort(port, `spec.ports[${i}]`, ports.length > 1, names, errors);
  for (const [i, { port, protocol }] of ports.entries()) {
    // DIFFERS: the real message prints the Go structure of the port.
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

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function validateService(object: KubeObject, errors: FieldErrors): void {
  const { spec } = object;
  const headless = spec.clusterIP === 'None';
  if ((spec.ports ?? []).length === 0 && !headless && spec.type !== 'ExternalName') errors.required('spec.ports');
  if (spec.type === 'LoadBalancer' && headless)
    errors.invalid('spec.clusterIPs[0]', spec.clusterIP, "may not be set to 'None' for LoadBalancer services");
  if (spec.type === 'NodePort' && headless)
    errors.invalid('spec.clusterIPs[0]', spec.clusterIP, "may not be set to 'None' for NodePort services");
  if (spec.type === 'ExternalName') {
    if (spec.clusterIP) errors.forbidden('spec.clusterIPs', 'may not be set for ExternalName services');
    const name = spec.externalName?.replace(/\.$/, '') ?? '';
    if (name) for (const problem of dnsSubdomain(name)) errors.invalid('spec.externalName', spec.externalName, problem);
    else errors.required('spec.externalName');
  }
  validatePorts(spec.ports ?? [], errors);
  validateLabels(spec.selector, 'spec.selector', errors);
  oneOf(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity', errors);
  if (spec.clusterIP && !headless && !parseIP(spec.clusterIP))
    errors.invalid(
      'spec.clusterIPs[0]',
      spec.clusterIP,
      'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    );
  for (const [i, ip] of ((spec.externalIPs ?? []) as string[]).entries())
    if (!parseIP(ip))
      errors.invalid(`spec.externalIPs[${i}]`, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
  if (!spec.type) errors.required('spec.type');
  else oneOf(spec.type, TYPES, 'spec.type', errors);
  if (spec.type === 'ClusterIP')
    for (const [i, port] of ((spec.ports ?? []) as Port[]).entries())
      if (port.nodePort) errors.forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'");
}

export function validateServiceUpdate(object: KubeObject, old: KubeObject, errors: FieldErrors): void {
  const before: string[] = old['spec'].clusterIPs ?? [];
  const after: string[] = object['spec'].clusterIPs ?? [];
  if (old['spec'].type === 'ExternalName' || object['spec'].type === 'ExternalName' || before.length === 0) return;
  if (before[0] !== after[0])
    errors.invalid(
      'spec.clusterIPs[0]',
      new GoValue(`[]string{${after.map((ip) => JSON.stringify(ip)).join(', ')}}`),
      'may not change once set',
    );
}
