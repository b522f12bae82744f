// networkpolicies.networking.k8s.io
import { formatSelector } from '../store/selectors';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import type { FieldErrors } from './validation/field-errors';
import { BAD_CIDR, inRange, parseCIDR } from './validation/ip';
import { validateSelector } from './validation/metadata';
import { portName, portNumber } from './validation/names';

// biome-ignore lint/suspicious/noExplicitAny: parts of a policy, already shaped by the schema
type Part = Record<string, any>;

function validatePort(port: Part, at: string, errors: FieldErrors): void {
  const number = typeof port['port'] === 'number';
  if (!['TCP', 'UDP', 'SCTP'].includes(port['protocol']))
    errors.notSupported(`${at}.protocol`, port['protocol'], ['TCP', 'UDP', 'SCTP']);
  if (port['port'] !== undefined)
    for (const problem of number ? portNumber(port['port']) : portName(port['port']))
      errors.invalid(`${at}.port`, port['port'], problem);
  const { endPort } = port;
  if (endPort === undefined) return;
  if (port['port'] === undefined)
    errors.invalid(`${at}.endPort`, endPort, 'may not be specified when `port` is not specified');
  else if (!number) errors.invalid(`${at}.endPort`, endPort, 'may not be specified when `port` is non-numeric');
  else {
    if (endPort < port['port']) errors.invalid(`${at}.endPort`, endPort, 'must be greater than or equal to `port`');
    for (const problem of portNumber(endPort)) errors.invalid(`${at}.endPort`, endPort, problem);
  }
}

function validateBlock(block: Part, at: string, errors: FieldErrors): void {
  if (!block['cidr']) {
    errors.required(`${at}.cidr`);
    return;
  }
  const range = parseCIDR(block['cidr']);
  if (!range) {
    errors.invalid(`${at}.cidr`, block['cidr'], BAD_CIDR);
    return;
  }
  for (const [i, except] of ((block['except'] ?? []) as string[]).entries()) {
    const inner = parseCIDR(except);
    if (!inner) errors.invalid(`${at}.except[${i}]`, except, BAD_CIDR);
    else if (!inRange(except.split('/')[0] as string, range) || inner.last - inner.first >= range.last - range.first)
      errors.invalid(`${at}.except[${i}]`, except, 'must be a strict subset of `cidr`');
  }
}

function validatePeer(peer: Part, at: string, errors: FieldErrors): void {
  const kinds = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((kind) => peer[kind]);
  if (kinds.length === 0) errors.required(at, 'must specify a peer');
  for (const kind of kinds) if (kind !== 'ipBlock') validateSelector(peer[kind], `${at}.${kind}`, errors);
  if (!peer['ipBlock']) return;
  validateBlock(peer['ipBlock'], `${at}.ipBlock`, errors);
  if (kinds.length > 1) errors.forbidden(at, 'may not specify both ipBlock and another peer');
}

export const networkPolicy: ResourceDefinition = {
  group: 'networking.k8s.io',
  errorGroup: 'extensions',
  versions: [{ name: 'v1' }],
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  namespaced: true,
  generation: true,
  columns: columns('Name', 'Pod-Selector', 'Age'),
  row: (object, now) => [object.metadata.name, formatSelector(object['spec']?.podSelector), age(object, now)],
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.podSelector ??= {};
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of rule.ports ?? []) port.protocol ??= 'TCP';
    if ((spec.policyTypes ?? []).length === 0)
      spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  validate(object, errors) {
    const { spec } = object;
    validateSelector(spec.podSelector, 'spec.podSelector', errors);
    for (const [direction, peers] of [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const)
      for (const [i, rule] of ((spec[direction] ?? []) as Part[]).entries()) {
        const at = `spec.${direction}[${i}]`;
        for (const [j, port] of ((rule['ports'] ?? []) as Part[]).entries())
          validatePort(port, `${at}.ports[${j}]`, errors);
        for (const [j, peer] of ((rule[peers] ?? []) as Part[]).entries())
          validatePeer(peer, `${at}.${peers}[${j}]`, errors);
      }
    if (spec.policyTypes.length > 2)
      errors.invalid('spec.policyTypes', JSON.stringify(spec.policyTypes), 'may not specify more than two policyTypes');
    for (const [i, type] of (spec.policyTypes as string[]).entries())
      if (type !== 'Ingress' && type !== 'Egress')
        errors.notSupported(`spec.policyTypes[${i}]`, type, ['Ingress', 'Egress']);
  },
};
