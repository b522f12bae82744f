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
}

/** The report of one grading. The same snapshot always gives the same report. */
export interface Report {
  lab: string;
  score: number;
  max: number;
  checks: CheckResult[];
}

/** What a grader decides. `share` is the part of the points earned, 0 to 1. */
export interface Verdict {
  share: number;
  expected: string;
  observed: string;
  reason: string;
}

/** Where a probe starts: a pod (by name, or any that a selector finds), a probe pod made for it in a namespace (with an image of its choice), a node, or the workstation. */
export type Vantage =
  | { pod: string; namespace: string }
  | { selector: Record<string, string>; namespace: string }
  | { namespace: string; image?: string }
  | { node: string }
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
}

/** What a command run in the fork printed. */
export interface ExecResult {
  stdout: string;
  stderr: string;
  code: number;
}

/** The fork a grader looks at. Everything goes through the cluster's API or a simulated connection. */
export interface Lens {
  /** GET on the API; undefined for 404. */
  get(path: string): Promise<KubeObject | undefined>;
  list(path: string, labelSelector?: Record<string, string>): Promise<KubeObject[]>;
  /** Opens a connection and closes it. */
  connect(from: Vantage, target: { host: string; port: number; protocol?: 'TCP' | 'UDP' }): Promise<ProbeResult>;
  /** The addresses a name has from there, with the resolver of that place. */
  resolve(from: Vantage, name: string): Promise<{ addresses: string[]; error?: string }>;
  /** Runs a program there. */
  exec(from: Vantage, argv: string[]): Promise<ExecResult>;
  /** Fast-forwards the fork. */
  advance(ms: number): Promise<void>;
}

/** A grader: one file in graders/, one line in graders/index.ts. */
export interface Grader<P> {
  name: string;
  /** What it looks at, in a sentence; shown in the reference. */
  summary: string;
  parameters: z.ZodType<P>;
  grade(lens: Lens, parameters: P): Promise<Verdict>;
}

/** Types a grader by its parameters. */
export const defineGrader = <P>(grader: Grader<P>): Grader<P> => grader;
