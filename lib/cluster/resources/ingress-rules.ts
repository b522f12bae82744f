// The rules of ingresses: pkg/apis/networking/validation.
import type { KubeObject } from '../store/types';
import { type FieldErrors, GoValue } from './validation/field-errors';
import { parseIP } from './validation/ip';
import { dns1035Label, dnsSubdomain, portName, portNumber, wildcardSubdomain } from './validation/names';
import { type Part, partsOf } from './validation/values';

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const BAD_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const BAD_ENDS = ['/..', '/.'];

function validateBackend(backend: Part, at: string, errors: FieldErrors): void {
  const { service, resource } = backend;
  if (service && resource) return errors.invalid(at, '', 'cannot set both resource and service backends');
  if (!service && !resource) return errors.invalid(at, '', 'resource or service backend is required');
  if (resource) {
    for (const part of ['kind', 'name']) if (!resource[part]) errors.required(`${at}.resource.${part}`);
    return;
  }
  if (!service.name) errors.required(`${at}.service.name`);
  else for (const problem of dns1035Label(service.name)) errors.invalid(`${at}.service.name`, service.name, problem);
  const { name, number } = service.port ?? {};
  if (name && number) errors.invalid(at, '', 'cannot set both port name & port number');
  else if (name) for (const problem of portName(name)) errors.invalid(`${at}.service.port.name`, name, problem);
  else if (number)
    for (const problem of portNumber(number)) errors.invalid(`${at}.service.port.number`, number, problem);
  else errors.required(at, 'port name or number is required');
}

function validatePath({ path = '', pathType, backend }: Part, at: string, errors: FieldErrors): void {
  if (pathType === undefined) return errors.required(`${at}.pathType`, 'pathType must be specified');
  const absolute = path.startsWith('/') || (pathType === 'ImplementationSpecific' && path === '');
  if (!PATH_TYPES.includes(pathType)) errors.notSupported(`${at}.pathType`, pathType, PATH_TYPES);
  else if (!absolute) errors.invalid(`${at}.path`, path, 'must be an absolute path');
  if (pathType === 'Exact' || pathType === 'Prefix') {
    for (const bad of BAD_SEQUENCES)
      if (path.includes(bad)) errors.invalid(`${at}.path`, path, `must not contain '${bad}'`);
    for (const bad of BAD_ENDS) if (path.endsWith(bad)) errors.invalid(`${at}.path`, path, `cannot end with '${bad}'`);
  }
  validateBackend(backend ?? {}, `${at}.backend`, errors);
}

const validateHost = (host: string, at: string, errors: FieldErrors): void => {
  for (const problem of host.includes('*') ? wildcardSubdomain(host) : dnsSubdomain(host))
    errors.invalid(at, host, problem);
};

function validateRule({ host, http }: Part, at: string, errors: FieldErrors): void {
  if (host && parseIP(host)) errors.invalid(`${at}.host`, host, 'must be a DNS name, not an IP address');
  if (host) validateHost(host, `${at}.host`, errors);
  if (!http) return;
  if (partsOf(http.paths).length === 0) errors.required(`${at}.http.paths`);
  for (const [i, path] of partsOf(http.paths).entries()) validatePath(path, `${at}.http.paths[${i}]`, errors);
}

export function validateIngress({ spec }: KubeObject, errors: FieldErrors): void {
  const rules = partsOf(spec.rules);
  if (rules.length === 0 && !spec.defaultBackend)
    errors.invalid(
      'spec',
      new GoValue('[]networking.IngressRule(nil)'),
      'either `defaultBackend` or `rules` must be specified',
    );
  if (spec.defaultBackend) validateBackend(spec.defaultBackend, 'spec.defaultBackend', errors);
  for (const [i, rule] of rules.entries()) validateRule(rule, `spec.rules[${i}]`, errors);
  for (const [i, { hosts = [], secretName }] of partsOf(spec.tls).entries()) {
    for (const [j, host] of (hosts as string[]).entries()) validateHost(host, `spec.tls[${i}].hosts[${j}]`, errors);
    if (secretName)
      for (const problem of dnsSubdomain(secretName)) errors.invalid(`spec.tls[${i}].secretName`, secretName, problem);
  }
  if (spec.ingressClassName !== undefined)
    for (const problem of dnsSubdomain(spec.ingressClassName))
      errors.invalid('spec.ingressClassName', spec.ingressClassName, problem);
}

/** Only when it is made: the old annotation must not say another class. */
export function validateIngressClass({ spec, metadata }: KubeObject, errors: FieldErrors): void {
  const old = metadata.annotations?.['kubernetes.io/ingress.class'];
  if (old !== undefined && spec.ingressClassName !== undefined && old !== spec.ingressClassName)
    errors.invalid(
      'annotations.kubernetes.io/ingress.class',
      old,
      'must match `ingressClassName` when both are specified',
    );
}
