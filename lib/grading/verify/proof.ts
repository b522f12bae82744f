// What a proof of a lab is: tasks that can run anywhere, each of which finds problems or none.
import type { Lab } from '../../labs/lab';
import type { Bench } from './bench';

/** Something that a lab does not keep. */
export interface Flaw {
  /** Of the lab folder. */
  file: string;
  line?: number;
  column?: number;
  message: string;
}

/** One piece of work of a proof; `key` tells it apart from the others (a seed, a file, a line). */
export interface Task {
  proof: string;
  key: string;
}

export interface Proof {
  name: string;
  /** What it proves, in a sentence. */
  title: string;
  /** The pieces of work for a lab. @param seeds how many seeds are tried */
  plan(lab: Lab, seeds: number): string[];
  run(bench: Bench, key: string): Promise<Flaw[]>;
}

/** What is missing in a report, in a sentence. */
export function missing(report: {
  score: number;
  max: number;
  checks: { id: string; earned: number; points: number; reason: string; observed: string }[];
}): string {
  const lost = report.checks.filter(({ earned, points }) => earned < points);
  const why = lost.map(
    ({ id, earned, points, reason, observed }) => `${id} ${earned}/${points}: ${reason || observed}`,
  );
  return `${report.score} of ${report.max} points (${why.join('; ')})`;
}

const SHOWN_LINES = 12;

/** The end of what a script printed, for a problem's text. */
export function printed(output: string): string {
  const lines = output
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('Warning: would violate PodSecurity'));
  return lines.length > 0 && lines[0] !== '' ? `; it printed at last:\n${lines.slice(-SHOWN_LINES).join('\n')}` : '';
}
