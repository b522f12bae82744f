// The grading contract: all that a grader in graders/ may know of the product.
import type { z } from 'zod';

/** How a check ended. `not-graded`: the grader crashed or ran out of time or memory; never counted as zero. */
type CheckStatus = 'passed' | 'partial' | 'failed' | 'not-graded';

/** One line of a report. Points are numbers with at most two decimals. */
export interface CheckResult {
  id: string;
  title: string;
  earned: number;
  points: number;
  status: CheckStatus;
  /** What should have been seen, in a sentence. */
  expected: string;
  /** What was seen, in a sentence. */
  observed: string;
  /** Why, found by following the path; empty when passed. Names the cause, never the command that mends it. */
  reason: string;
  /** Points that its hints cost; already taken off `earned`. */
  hints?: number;
  /** The lab is not passed without it. */
  required?: boolean;
  /** Its points make up for points lost elsewhere; they are not in `max`. */
  bonus?: boolean;
}

/** The report of one grading. The same snapshot always gives the same report. */
export interface Report {
  lab: string;
  score: number;
  max: number;
  checks: CheckResult[];
  /** Enough points, and every required check passed. */
  passed: boolean;
  /** False when a check is `not-graded`: the score may still rise, and the attempt is to be graded again. */
  complete: boolean;
}

/** What a check comes to. `share` is the part of the points earned, 0 to 1. */
export interface Verdict {
  share: number;
  expected: string;
  observed: string;
  reason: string;
}

/** What a grader finds. */
export interface Finding {
  /** The part that holds, 0 to 1. */
  holds: number;
  /** What was seen, in a sentence. */
  observed: string;
  /** Why it does not hold, or not wholly: the cause, followed along the path. Never the command that mends it. */
  why: string;
  /** Why it holds, for a negative check that fails; `observed` if not given. */
  because?: string;
  /** The question cannot be put (the project is not there): neither the positive nor the negative form passes. */
  moot?: boolean;
}

/** A check inside another one (`after`). */
export interface Held {
  grader: string;
  with: Record<string, unknown>;
  not: boolean;
}

/**
 * Where a look starts: a pod (by name, or one that a selector finds), a pod put into a namespace for it (with labels and an
 * image of its choice), a node, a declared outside host, or the workstation.
 */
export type Vantage =
  | { pod: string; namespace: string }
  | { selector: Record<string, string>; namespace: string }
  | { namespace: string; image?: string | undefined; labels?: Record<string, string> | undefined }
  | { node: string }
  | { host: string }
  | 'workstation';

/** A Kubernetes object as the API gives it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind; a grader narrows what it reads
  [key: string]: any;
}

/** How a connection went, with the sentence that explains it hop by hop. */
export interface ProbeResult {
  verdict: 'delivered' | 'refused' | 'dropped' | 'no-route' | 'name-error' | 'reset';
  /** e.g. `service db-pod selects app=db; the pods carry app=db-pod`. */
  reason: string;
  /** The endpoint reached, `10.8.0.86:3306`. */
  endpoint?: string;
  /** The client's address as the server sees it. */
  source?: string;
  /** The addresses that the client itself has. */
  own?: string[];
  /** The policy that decided, `NetworkPolicy shop/deny-all`. */
  policy?: string;
}

export interface Target {
  /** A name or an address. */
  host: string;
  port: number;
  protocol?: 'TCP' | 'UDP';
}

/** What a command run in the fork printed. Code 124: it did not end in time. */
export interface ExecResult {
  stdout: string;
  stderr: string;
  code: number;
}

/** An answer of the API to a write. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind
  body: any;
}

/** Whose program listens. */
export interface Serving {
  container: string;
  image: string;
}

/** A file of the workstation. */
export interface WorkstationFile {
  text: string;
  /** Permission bits. */
  mode: number;
  directory: boolean;
}

/** The fork a grader looks at. Everything goes through the cluster's API or a simulated connection. */
export interface Lens {
  /** GET on the API; undefined for 404. */
  get(path: string): Promise<KubeObject | undefined>;
  list(path: string, labelSelector?: Record<string, string>): Promise<KubeObject[]>;
  /** Writes as the administrator, in this fork. */
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** The log of a container, as `oc logs` gives it; undefined when there is none. */
  log(namespace: string, pod: string, container?: string): Promise<string | undefined>;
  /** Opens a connection and closes it. */
  connect(from: Vantage, target: Target): Promise<ProbeResult>;
  /** The addresses that the DNS gives a name from there, with that place's servers and search list; /etc/hosts is not asked. */
  resolve(from: Vantage, name: string): Promise<{ addresses: string[]; error?: string }>;
  /** Runs a program there, from a fresh copy of an image: nothing that was changed in the pod is used. */
  exec(from: Vantage, argv: string[], limitMs?: number): Promise<ExecResult>;
  /** The values that a JSONPath of kubectl finds in an object. */
  values(path: string, object: unknown): unknown[];
  /** Whether the container's program really runs, whatever the pod's status says. */
  runs(namespace: string, pod: string): Promise<boolean>;
  /** The container of a running pod whose program listens on a TCP port, and its image; undefined when none does. */
  serving(namespace: string, pod: string, port: number): Promise<Serving | undefined>;
  /** What the student answered to a question; undefined when nothing. */
  answer(question: string): string | undefined;
  file(path: string): Promise<WorkstationFile | undefined>;
  /** Fast-forwards the fork. */
  advance(ms: number): Promise<void>;
  /** Holds another check in this same fork. */
  hold(check: Held): Promise<Verdict>;
}

/** A grader: one file in graders/, one line in graders/index.ts. */
export interface Grader<P> {
  name: string;
  /** What it looks at, in a sentence; shown in the reference. */
  summary: string;
  /** An example of `with`, for the reference. */
  example: z.input<z.ZodType<P>> & object;
  parameters: z.ZodType<P>;
  /** What should be seen, in a sentence; of the negative form when `not`. */
  expects(parameters: P, not: boolean): string;
  look(lens: Lens, parameters: P): Promise<Finding>;
}

/** Types a grader by its parameters. */
export const defineGrader = <P>(grader: Grader<P>): Grader<P> => grader;
