// One request on its way through the API server, and what the server hands to every handler.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Pull } from '../../images/image';
import type { UserInfo } from '../resources/definition';
import type { Served } from '../resources/registry';
import type { NetworkReviews } from '../reviews';
import type { ObjectInput } from '../store/types';
import { type Accept, parseAccept } from './accept';
import type { Operations } from './operations';
import type { RequestInfo } from './request-info';
import { requestInfo } from './request-info';
import type { PodStreams } from './streams';

/** What a request wants to do, on a resource or, with `path`, elsewhere: the input of authorisation. */
export interface Attributes {
  verb: string;
  group?: string;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  path?: string;
}

export interface Decision {
  allowed: boolean;
  reason: string;
}

/** A rule as SelfSubjectRulesReview shows it. */
export interface HeldRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface TokenSubject {
  name: string;
  uid: string;
}

/** Who may come in and what they may do. */
export interface Auth {
  /** undefined: 401. Throws an ApiError for a refusal of another kind (impersonation). */
  authenticate(request: IncomingMessage): UserInfo | undefined;
  authorize(user: UserInfo, attributes: Attributes): Decision;
  /** The rules that hold for a user in a namespace. */
  rules(user: UserInfo, namespace: string): readonly HeldRule[];
  /** Whom bindings let do something. */
  whoCan(attributes: Attributes): { users: string[]; groups: string[] };
  /** Whose token it is. */
  tokenUser(token: string): UserInfo | undefined;
  issueToken(
    namespace: string,
    account: TokenSubject,
    seconds: number,
    audiences: string[],
    pod: TokenSubject | undefined,
  ): string;
  /** Ends a token of `oc login` by the name of its object; true if it was the user's. */
  revoke(user: UserInfo, name: string): boolean;
  /** Throws Forbidden when a role or binding would give its maker's friends more than the maker has. */
  checkEscalation(user: UserInfo, resource: string, object: ObjectInput): void;
  /** Paths outside the API (sign-in); true when it answered. */
  answer(request: IncomingMessage, response: ServerResponse, url: URL): boolean;
}

export interface Api {
  operations: Operations;
  auth: Auth;
  streams: PodStreams;
  /** Answers about the network; none without one. */
  reviews?: NetworkReviews;
  /** Asks an image's registry about it. */
  pull(reference: string): Pull;
  /** Resolves when every write made so far is durable. */
  sync(): Promise<void>;
  /** Told of bugs; answers the id that the client is shown. */
  onBug(error: unknown): string;
}

/** What a handler answers with; `object` goes through the client's Accept, `text` as it is. */
export interface Answer {
  code: number;
  object?: unknown;
  text?: string;
  bytes?: Buffer;
  type?: string;
  headers?: Record<string, string>;
}

export class Call {
  readonly query: URLSearchParams;
  readonly info: RequestInfo;
  readonly accept: Accept;
  readonly warnings: string[] = [];
  user: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
  served: Served | undefined;

  constructor(
    readonly api: Api,
    readonly request: IncomingMessage,
    readonly url: URL,
  ) {
    this.query = url.searchParams;
    this.info = requestInfo(request.method ?? 'GET', decodePath(url.pathname), this.query);
    this.accept = parseAccept(request.headers.accept);
  }

  warn = (text: string): void => {
    if (!this.warnings.includes(text)) this.warnings.push(text);
  };

  get userAgent(): string {
    return this.request.headers['user-agent'] ?? '';
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
