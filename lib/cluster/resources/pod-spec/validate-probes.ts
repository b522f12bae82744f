// The rules of probes and lifecycle hooks.
import type { FieldErrors } from '../validation/field-errors';
import { portName, portNumber } from '../validation/names';
import type { Part } from './validate';

const KINDS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

function validatePort(port: unknown, at: string, errors: FieldErrors): void {
  const problems = typeof port === 'string' ? portName(port) : portNumber(port ?? 0);
  for (const problem of problems) errors.invalid(at, port ?? 0, problem);
}

function validateHandler(handler: Part, at: string, errors: FieldErrors): void {
  const kinds = KINDS.filter((kind) => handler[kind]);
  if (kinds.length === 0) errors.required(at, 'must specify a handler type');
  for (const kind of kinds.slice(1)) errors.forbidden(`${at}.${kind}`, 'may not specify more than 1 handler type');
  if (handler['exec'] && !handler['exec'].command?.length) errors.required(`${at}.exec.command`);
  for (const kind of ['httpGet', 'tcpSocket', 'grpc'])
    if (handler[kind]) validatePort(handler[kind].port, `${at}.${kind}.port`, errors);
  if (handler['httpGet'] && !['HTTP', 'HTTPS'].includes(handler['httpGet'].scheme))
    errors.notSupported(`${at}.httpGet.scheme`, handler['httpGet'].scheme, ['HTTP', 'HTTPS']);
}

function validateProbe(probe: Part, at: string, errors: FieldErrors): void {
  validateHandler(probe, at, errors);
  for (const part of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'])
    if ((probe[part] ?? 0) < 0) errors.invalid(`${at}.${part}`, probe[part], 'must be greater than or equal to 0');
}

export function validateProbes(container: Part, at: string, errors: FieldErrors): void {
  for (const hook of ['postStart', 'preStop'])
    if (container['lifecycle']?.[hook])
      validateHandler(container['lifecycle'][hook], `${at}.lifecycle.${hook}`, errors);
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe: Part | undefined = container[name];
    if (!probe) continue;
    validateProbe(probe, `${at}.${name}`, errors);
    if (name !== 'readinessProbe' && probe['successThreshold'] !== 1)
      errors.invalid(`${at}.${name}.successThreshold`, probe['successThreshold'], 'must be 1');
  }
}
