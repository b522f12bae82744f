// The closed set of the API's refusals, as Kubernetes Status objects. Messages: apimachinery pkg/api/errors and
// util/validation/field.

/** One reason of a Status' details. */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string; remainingItemCount?: number };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: StatusCause[];
    retryAfterSeconds?: number;
  };
  code?: number;
}

/** A refusal that the API answers with; anything else thrown is a bug. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly details?: Status['details'],
    readonly metadata: Status['metadata'] = {},
  ) {
    super(message);
  }

  get status(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.metadata,
      status: 'Failure',
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

/** A wrong field: what `invalid` collects. */
export interface FieldError {
  field: string;
  reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueNotFound'
    | 'FieldValueTypeInvalid'
    | 'InternalError';
  /** Without the field's path, e.g. `Required value`. */
  message: string;
}

const split = (resource: string) => {
  const dot = resource.indexOf('.');
  return dot < 0 ? { kind: resource, group: '' } : { kind: resource.slice(0, dot), group: resource.slice(dot + 1) };
};

const details = (resource: string, name: string): Status['details'] => {
  const { kind, group } = split(resource);
  return { ...(name && { name }), ...(group && { group }), kind };
};

/** `pods "x" not found`; resource is the id, e.g. `deployments.apps`. */
export const notFound = (resource: string, name: string) =>
  new ApiError(404, 'NotFound', `${resource} ${JSON.stringify(name)} not found`, details(resource, name));

export const alreadyExists = (resource: string, name: string) =>
  new ApiError(409, 'AlreadyExists', `${resource} ${JSON.stringify(name)} already exists`, details(resource, name));

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export const conflict = (resource: string, name: string, why: string = MODIFIED) =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource} ${JSON.stringify(name)}: ${why}`,
    details(resource, name),
  );

/** Wrong fields; `kind` is the kind with its group, `Deployment.apps`. */
export function invalid(kind: string, name: string, errors: readonly FieldError[]): ApiError {
  const lines = errors.map((e) => `${e.field}: ${e.message}`);
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const { kind: bare, group } = split(kind);
  return new ApiError(422, 'Invalid', `${kind} ${JSON.stringify(name)} is invalid: ${text}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind: bare,
    causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

export const forbidden = (resource: string, name: string, why: string) =>
  new ApiError(
    403,
    'Forbidden',
    name ? `${resource} ${JSON.stringify(name)} is forbidden: ${why}` : `${resource} is forbidden: ${why}`,
    details(resource, name),
  );

export const unauthorized = () => new ApiError(401, 'Unauthorized', 'Unauthorized');
export const badRequest = (message: string) => new ApiError(400, 'BadRequest', message);

/** A watch or a list from a version that is no longer kept. */
export const expired = (message: string) => new ApiError(410, 'Expired', message);

export const methodNotAllowed = (message = 'the server does not allow this method on the requested resource') =>
  new ApiError(405, 'MethodNotAllowed', message, {});

export const notAcceptable = (accepted: string) =>
  new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted}`);

export const unsupportedMediaType = (accepted: string) =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );

export const tooLarge = (message: string) => new ApiError(413, 'RequestEntityTooLarge', message);

/** An eviction that a disruption budget refuses for now. */
export const tooManyRequests = (message: string, causes: StatusCause[] = [], retryAfterSeconds = 0) =>
  new ApiError(429, 'TooManyRequests', message, {
    ...(causes.length > 0 && { causes }),
    ...(retryAfterSeconds && { retryAfterSeconds }),
  });

export const internalError = (message: string) =>
  new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

/** No such resource: answered for an unknown plural of a known group. */
export const unknownResource = () =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
