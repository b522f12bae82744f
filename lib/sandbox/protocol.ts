// What the supervisor (lib/server) and a sandbox process (lib/cli/sandbox-process.ts) say to each other over Node's IPC
// channel (`serialization: 'advanced'`, so bytes travel as bytes). Besides it, a sandbox serves HTTP on a local socket:
//   /                      the Kubernetes API of its cluster (bearer tokens of the world, or X-Remote-User from the server)
//   /podlab/v1/console     a WebSocket of the subprotocol v5.channel.k8s.io: a login shell on the workstation with a terminal
//                          (channels 0 in, 1 out, 2 err, 3 status, 4 resize as {"Width":80,"Height":24}), as `kubectl exec -it`
//   /podlab/v1/picture     GET: what the page draws of the network, a `Picture` (lib/network/picture.ts) as JSON
import type { Change } from '../sim/state';

/** A lab as the loader hands it on: plain JSON, no paths of the host. */
export interface LabSource {
  id: string;
  /** File name inside the lab's folder to its text. */
  files: Record<string, string>;
}

/** Where a world comes from. */
export type WorldSource =
  | { kind: 'new'; lab: LabSource; seed: number; now: number }
  | {
      kind: 'restore';
      lab: LabSource;
      seed: number;
      /** The serialized snapshot and the log since, in order. */
      snapshot: Uint8Array;
      log: Change[][];
      /** After a crash containers count a restart, after hibernation they do not. */
      reason: 'crash' | 'hibernation';
      now: number;
    };

export type ToSandbox =
  | { type: 'start'; socket: string; source: WorldSource }
  /** The changes of append `id` are durable. */
  | { type: 'appended'; id: number }
  /** Asks for the whole state; answered by `result` with `{ snapshot: Uint8Array }`. */
  | { type: 'snapshot'; id: number }
  /** A worker's task: grade a snapshot; answered by `result` with `{ report: Report }`. */
  | { type: 'grade'; id: number; lab: LabSource; seed: number; snapshot: Uint8Array }
  /** A worker's task: one piece of a lab's proof; answered by `result` with `{ flaws: Flaw[] }`. */
  | { type: 'prove'; id: number; lab: LabSource; task: { proof: string; key: string } }
  /** The answer to a `call`. */
  | { type: 'answer'; id: number; value?: unknown; error?: string }
  | { type: 'stop' };

export type FromSandbox =
  /** The process is loaded and waits for `start` or `grade`. */
  | { type: 'loaded' }
  /** The socket answers; `variables` are those drawn for this attempt. */
  | { type: 'ready'; variables: Record<string, string> }
  | { type: 'append'; id: number; changes: Change[] }
  | { type: 'result'; id: number; value?: unknown; error?: string }
  /** What the `lab` command asks of the product; `grade` is answered with a Report, `finish` and `start` with null. */
  | { type: 'call'; id: number; method: 'grade' | 'finish' | 'start'; lab: string }
  | { type: 'heartbeat' };
