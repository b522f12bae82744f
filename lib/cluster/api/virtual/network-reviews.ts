// PathReview and ReachabilityReview: who may create one sees what the network decides about the objects that they may read.
import { type PathReviewSpec, type ReachabilityReviewSpec, ReviewError } from '../../../network/review';
import type { Served } from '../../resources/registry';
import { ApiError, type FieldError, invalid, notFound } from '../../store/errors';
import { forbiddenBy } from '../authorized';
import type { Answer, Attributes, Call } from '../call';
import { readObject } from '../objects';
import { apiVersionOf } from '../versions';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP'];
const MAX_CELLS = 250_000; // a review of 250 × 250 pods × 4 ports; more would hold up everybody else's requests

/** What stands in a spec before anything was checked. */
interface RawPathSpec {
  from: Record<string, string | undefined>;
  to: { name?: string; address?: string; service?: Raw; pod?: Raw };
  port?: number;
  protocol?: string;
}
type Raw = { namespace?: string; name: string };
type RawRef = { namespace?: string; pod?: string; service?: Raw };
type RawSelection = { namespace?: string; namespaceSelector?: object; podSelector?: object };

interface RawMatrixSpec {
  from?: RawRef[] | RawSelection;
  to?: RawRef[] | RawSelection;
  ports?: { port: number; protocol?: string }[];
}

export async function reviewPath(call: Call, served: Served): Promise<Answer> {
  const input = await readObject(call, served);
  const spec = input['spec'] as RawPathSpec;
  refuse(served, checkPath(spec));
  const { from, to } = spec;
  if (from['pod']) mayGet(call, 'pods', from['namespace'], from['pod']);
  if (from['node']) mayGet(call, 'nodes', undefined, from['node']);
  if (to.pod) mayGet(call, 'pods', to.pod.namespace, to.pod.name);
  if (to.service) mayGet(call, 'services', to.service.namespace, to.service.name);
  return answer(served, input, () => call.api.reviews?.path(spec as unknown as PathReviewSpec));
}

export async function reviewReachability(call: Call, served: Served): Promise<Answer> {
  const input = await readObject(call, served);
  const spec = input['spec'] as RawMatrixSpec;
  refuse(served, checkMatrix(spec));
  for (const side of [spec.from, spec.to]) mayReadAll(call, side ?? []);
  return answer(served, input, () => call.api.reviews?.reachability(spec as unknown as ReachabilityReviewSpec));
}

function mayReadAll(call: Call, side: RawRef[] | RawSelection): void {
  if (!Array.isArray(side)) return may(call, { verb: 'list', group: '', resource: 'pods', ...namespaceOf(side) });
  for (const { namespace, pod, service } of side) {
    if (pod) mayGet(call, 'pods', namespace, pod);
    if (service) mayGet(call, 'services', service.namespace, service.name);
  }
}

const namespaceOf = ({ namespace }: { namespace?: string }) => (namespace ? { namespace } : {});

const mayGet = (call: Call, resource: string, namespace: string | undefined, name: string): void =>
  may(call, { verb: 'get', group: '', resource, name, ...(namespace && { namespace }) });

function may(call: Call, attributes: Attributes): void {
  const { allowed, reason } = call.api.auth.authorize(call.user, attributes);
  if (!allowed) throw forbiddenBy(call.user.name, attributes, reason);
}

function refuse({ definition: { kind, group } }: Served, errors: FieldError[]): void {
  if (errors.length > 0) throw invalid(`${kind}.${group}`, '', errors);
}

async function answer(served: Served, input: object, review: () => object | undefined): Promise<Answer> {
  try {
    const status = review();
    if (!status) throw new ApiError(501, 'NotImplemented', 'this cluster has no network to ask');
    const { kind } = served.definition;
    return { code: 201, object: { ...input, kind, apiVersion: apiVersionOf(served), status } };
  } catch (error) {
    if (!(error instanceof ReviewError)) throw error;
    if (error.code === 'NotFound') throw notFound(error.subject, error.detail);
    const { kind, group } = served.definition;
    throw invalid(`${kind}.${group}`, '', [fieldError(error.subject, error.detail)]);
  }
}

const fieldError = (field: string, message: string): FieldError => ({
  field,
  reason: message.startsWith('Required') ? 'FieldValueRequired' : 'FieldValueInvalid',
  message,
});
const wrong = (field: string, value: unknown, why: string) =>
  fieldError(field, `Invalid value: ${JSON.stringify(value)}: ${why}`);

function checkPath({ from, to, port, protocol }: RawPathSpec): FieldError[] {
  const errors: FieldError[] = [];
  const sources = ['pod', 'node', 'host'].filter((key) => from[key]);
  if (sources.length === 0) errors.push(fieldError('spec.from', 'Required value: one of pod, node, host'));
  if (sources.length > 1) errors.push(wrong('spec.from', from, 'may only have one of pod, node, host'));
  if (from['pod'] && !from['namespace']) errors.push(fieldError('spec.from.namespace', 'Required value'));
  const targets = (['name', 'address', 'service', 'pod'] as const).filter((key) => to[key]);
  if (targets.length === 0) errors.push(fieldError('spec.to', 'Required value: one of name, address, service, pod'));
  if (targets.length > 1) errors.push(wrong('spec.to', to, 'may only have one of name, address, service, pod'));
  for (const key of ['service', 'pod'] as const)
    if (to[key] && !to[key].namespace) errors.push(fieldError(`spec.to.${key}.namespace`, 'Required value'));
  return [...errors, ...checkPort('spec', port, protocol, port === undefined)];
}

function checkPort(path: string, port: number | undefined, protocol: string | undefined, optional = false) {
  const errors: FieldError[] = [];
  if (protocol !== undefined && !PROTOCOLS.includes(protocol))
    errors.push({
      field: `${path}.protocol`,
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(protocol)}: supported values: ${PROTOCOLS.map((each) => JSON.stringify(each)).join(', ')}`,
    });
  if (optional && (protocol === undefined || protocol === 'ICMP')) return errors;
  if (port === undefined) errors.push(fieldError(`${path}.port`, 'Required value'));
  else if (port < 1 || port > 65_535)
    errors.push(wrong(`${path}.port`, port, 'must be between 1 and 65535, inclusive'));
  return errors;
}

function checkMatrix({ from, to, ports = [] }: RawMatrixSpec): FieldError[] {
  const errors = [...checkSide('spec.from', from, false), ...checkSide('spec.to', to, true)];
  if (ports.length === 0) errors.push(fieldError('spec.ports', 'Required value'));
  const size = [from, to].reduce((all, side) => all * (Array.isArray(side) ? side.length : 1), ports.length);
  if (size > MAX_CELLS) errors.push(wrong('spec', size, `must ask for at most ${MAX_CELLS} cells`));
  return [...errors, ...ports.flatMap(({ port, protocol }, i) => checkPort(`spec.ports[${i}]`, port, protocol))];
}

function checkSide(path: string, side: RawRef[] | RawSelection | undefined, services: boolean): FieldError[] {
  if (side === undefined || typeof side !== 'object' || side === null)
    return [fieldError(path, 'Required value: a list, or namespace, namespaceSelector and podSelector')];
  if (!Array.isArray(side)) return [];
  return side.flatMap((ref, i): FieldError[] => {
    const isService = services && ref?.service?.name && ref.service.namespace;
    if (isService || (ref?.pod && ref.namespace)) return [];
    return [
      wrong(`${path}[${i}]`, ref, services ? 'must have namespace and pod, or service' : 'must have namespace and pod'),
    ];
  });
}
