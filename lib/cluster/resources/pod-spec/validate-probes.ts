// The rules of probes and lifecycle hooks.
import type { FieldErrors } from '../validation/field-errors';
import { httpHeaderName, portName, portNumber } from '../validation/names';
import { nonNegative, oneOf, type Part, partsOf } from '../validation/values';

const KINDS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

function validatePort(port: unknown, at: string, errors: FieldErrors): void {
  const problems = typeof port === 'string' ? portName(port) : portNumber(port ?? 0);
  for (const problem of problems) errors.invalid(at, port ?? 0, problem);
}

function validateHttp(get: Part, at: string, errors: FieldErrors): void {
  if (!get['path']) errors.required(`${at}.path`);
  validatePort(get['port'], `${at}.port`, errors);
  oneOf(get['scheme'], ['HTTP', 'HTTPS'], `${at}.scheme`, errors);
  for (const { name = '' } of partsOf(get['httpHeaders']))
    for (const problem of httpHeaderName(name)) errors.invalid(`${at}.httpHeaders`, name, problem);
}

function validateHandler(handler: Part, grace: number, at: string, errors: FieldErrors): void {
  const [first, ...rest] = KINDS.filter((kind) => handler[kind]);
  const part: Part = first ? handler[first] : {};
  if (first === 'exec' && !part['command']?.length) errors.required(`${at}.exec.command`);
  if (first === 'httpGet') validateHttp(part, `${at}.httpGet`, errors);
  if (first === 'tcpSocket' || first === 'grpc') validatePort(part['port'], `${at}.${first}.port`, errors);
  if (first === 'sleep' && (!(part['seconds'] > 0) || part['seconds'] > grace))
    errors.invalid(
      `${at}.sleep`,
      part['seconds'] ?? 0,
      `must be greater than 0 and less than terminationGracePeriodSeconds (${grace})`,
    );
  for (const kind of rest) errors.forbidden(`${at}.${kind}`, 'may not specify more than 1 handler type');
  if (!first) errors.required(at, 'must specify a handler type');
}

const TIMES = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

function validateProbe(probe: Part, grace: number, at: string, errors: FieldErrors): void {
  validateHandler(probe, grace, at, errors);
  for (const part of TIMES) nonNegative(probe[part], `${at}.${part}`, errors);
  const { terminationGracePeriodSeconds: own } = probe;
  if (own !== undefined && own <= 0)
    errors.invalid(`${at}.terminationGracePeriodSeconds`, own, 'must be greater than 0');
}

/** `grace` is the pod's terminationGracePeriodSeconds. */
export function validateProbes(container: Part, grace: number, at: string, errors: FieldErrors): void {
  for (const hook of ['postStart', 'preStop'])
    if (container['lifecycle']?.[hook])
      validateHandler(container['lifecycle'][hook], grace, `${at}.lifecycle.${hook}`, errors);
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe: Part | undefined = container[name];
    if (!probe) continue;
    validateProbe(probe, grace, `${at}.${name}`, errors);
    if (name !== 'readinessProbe' && probe['successThreshold'] !== 1)
      errors.invalid(`${at}.${name}.successThreshold`, probe['successThreshold'], 'must be 1');
    if (name === 'readinessProbe' && probe['terminationGracePeriodSeconds'] !== undefined)
      errors.invalid(
        `${at}.${name}.terminationGracePeriodSeconds`,
        probe['terminationGracePeriodSeconds'],
        'must not be set for readinessProbes',
      );
  }
}
