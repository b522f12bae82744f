// What the API server needs of whoever runs the containers: logs, and the streams of exec, attach and port-forward.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { UserInfo } from '../resources/definition';
import type { KubeObject } from '../store/types';

/** The query of `pods/NAME/log`. */
export interface LogOptions {
  container?: string;
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  tailLines?: number;
  limitBytes?: number;
  sinceSeconds?: number;
  /** RFC 3339. */
  sinceTime?: string;
}

/** The query of `pods/NAME/exec` and `attach`; attach has no command. */
export interface ExecOptions {
  container?: string;
  command: string[];
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

export interface PortForwardOptions {
  /** Ports named in the query (WebSocket clients); SPDY clients name them stream by stream. */
  ports: number[];
}

/** An HTTP upgrade that is authenticated and authorised. The handler owns the socket from here on. */
export interface StreamRequest<Options> {
  user: UserInfo;
  namespace: string;
  pod: string;
  options: Options;
  request: IncomingMessage;
  socket: Duplex;
  /** Bytes that came behind the request's head. */
  head: Buffer;
}

/**
 * The kubelet's side of the API. Every method throws (or rejects with) an ApiError as long as nothing was written; the server
 * answers with its Status.
 */
/** What a container uses at the moment. */
export interface PodUsage {
  name: string;
  cores: number;
  bytes: number;
}

export interface PodStreams {
  /** undefined when nothing is known of the pod. */
  usage(pod: KubeObject): PodUsage[] | undefined;
  /** Ends when the log ends or the signal aborts. */
  log(namespace: string, pod: string, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array>;
  exec(stream: StreamRequest<ExecOptions>): void | Promise<void>;
  attach(stream: StreamRequest<ExecOptions>): void | Promise<void>;
  portforward(stream: StreamRequest<PortForwardOptions>): void | Promise<void>;
  /** A connection to a pod's port, for `proxy`; the peer of `host` in the pods' network. */
  dial(host: string, port: number, signal: AbortSignal): Promise<Duplex>;
}
