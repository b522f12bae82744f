// Errors of the command line and how kubectl prints them (k8s.io/kubectl/pkg/cmd/util/helpers.go, checkErr).
import { type Dyn, quote } from './object';

/** A user's error; printed as `error: MESSAGE`. With `raw` it is printed as it stands. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly options: {
      raw?: boolean;
      code?: number;
      /** The command's help goes before it, to standard output. */
      help?: boolean;
      /** What goes to standard output before it. */
      stdout?: string;
    } = {},
  ) {
    super(message);
  }
}

/** A wrong use of a command: the message and where help is. */
export const usageError = (command: string, message: string): CliError =>
  new CliError(`${message}\nSee '${command} -h' for help and examples`);

/** The program ends with this status, having printed what there was to say. */
export class ExitStatus extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

export interface Status {
  status?: string;
  message?: string;
  reason?: string;
  code?: number;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    causes?: { reason?: string; message?: string; field?: string }[];
    [field: string]: Dyn;
  };
}

/** A Status that the server answered. */
export class ApiError extends Error {
  constructor(readonly status: Status) {
    super(status.message ?? '');
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** A request that got no answer, as Go's url.Error. */
export class UrlError extends Error {
  constructor(
    readonly op: string,
    readonly url: string,
    readonly inner: string,
  ) {
    super(`${op} ${quote(url)}: ${inner}`);
  }

  get host(): string {
    return this.url.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, '');
  }
}

/** Several errors of one command; each is printed on its own line. */
class Errors extends Error {
  constructor(readonly errors: Error[]) {
    super(errors.map((error) => error.message).join('\n'));
  }
}

export const isReason = (error: unknown, ...reasons: string[]): boolean =>
  error instanceof ApiError && reasons.includes(error.reason);

/** Throws nothing, the one, or all of them. */
export function throwAll(errors: Error[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new Errors(errors);
}

/** Says which file an error came from, as kubectl's AddSourceToErr. */
export function withSource(verb: string, source: string, error: unknown): Error {
  if (!(error instanceof ApiError)) return error instanceof Error ? error : new Error(String(error));
  return new ApiError({ ...error.status, message: `error when ${verb} ${quote(source)}: ${error.message}` });
}

/** One of several errors: kubectl puts no `error: ` before those (cmdutil.MultipleErrors). */
function withoutPrefix(error: Error): string {
  const { text } = explainError(error);
  return error instanceof CliError && !error.options.raw ? text.replace(/^error: /, '') : text;
}

/** What goes to standard error, and the exit status. */
export function explainError(error: Error): { text: string; code: number } {
  if (error instanceof ApiError && error.reason === 'Invalid') return { text: invalidText(error), code: 1 };
  if (error instanceof Errors) return { text: error.errors.map(withoutPrefix).join(''), code: 1 };
  const standard = standardMessage(error);
  if (standard !== undefined) return { text: `${standard}\n`, code: 1 };
  if (error instanceof CliError && error.options.raw)
    return { text: `${error.message}\n`, code: error.options.code ?? 1 };
  const message = error.message === 'aborted' ? 'unexpected EOF' : error.message; // Node's word for a cut body, and Go's
  const text = message.startsWith('error: ') ? message : `error: ${message}`;
  return {
    text: text.endsWith('\n') ? text : `${text}\n`,
    code: error instanceof CliError ? (error.options.code ?? 1) : 1,
  };
}

/** kubectl's StandardErrorMessage; undefined when it has none. */
function standardMessage(error: Error): string | undefined {
  if (error instanceof ApiError) {
    if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`;
    return error.reason
      ? `Error from server (${error.reason}): ${error.message}`
      : `Error from server: ${error.message}`;
  }
  if (!(error instanceof UrlError)) return undefined;
  if (error.inner.includes('connection refused'))
    return `The connection to the server ${error.host} was refused - did you specify the right host or port?`;
  return `Unable to connect to the server: ${error.inner}`;
}

function invalidText({ status }: ApiError): string {
  const { details } = status;
  if (!details) return `The request is invalid: ${status.message}\n`;
  const causes = [...new Set((details.causes ?? []).map((cause) => `${cause.field}: ${cause.message}`))];
  let head = 'The request is invalid';
  if (details.kind || details.name) head = `The ${details.kind ?? ''} ${quote(details.name ?? '')} is invalid`;
  else if (status.message && causes.length === 0) head = `${head}: ${status.message}`;
  if (causes.length === 0) return `${head}\n`;
  if (causes.length === 1) return `${head}: ${causes[0]}\n`;
  return `${head}: \n${causes.map((cause) => `* ${cause}\n`).join('')}`;
}
