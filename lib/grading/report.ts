// A report from its checks: the sum, what counts as passed, and what two reports of one snapshot differ in.
import type { Lab } from '../labs/lab';
import type { CheckResult, Report } from './contract';

const CENT = 100;
const PERCENT = 100;

export function toReport(lab: Lab, checks: CheckResult[]): Report {
  const max = sum(checks.filter(({ bonus }) => !bonus).map(({ points }) => points));
  const score = Math.min(max, sum(checks.map(({ earned }) => earned)));
  const required = checks.filter((check) => check.required).every(({ status }) => status === 'passed');
  const enough = score >= (max * lab.definition.pass) / PERCENT;
  const complete = checks.every(({ status }) => status !== 'not-graded');
  return { lab: lab.id, score, max, checks, passed: enough && required, complete };
}

const sum = (points: number[]): number => Math.round(points.reduce((total, each) => total + each, 0) * CENT) / CENT;

/** One check that two gradings of the same snapshot judge differently. */
interface Difference {
  check: string;
  before: { earned: number; status: string; reason: string } | undefined;
  after: { earned: number; status: string; reason: string } | undefined;
}

/**
 * What a regrading changed, check by check; empty when nothing.
 * @public
 */
export function differences(before: Report, after: Report): Difference[] {
  const ids = new Set([...before.checks, ...after.checks].map(({ id }) => id));
  return [...ids].flatMap((check) => {
    const [old, own] = [before, after].map(({ checks }) => checks.find(({ id }) => id === check)).map(outcome);
    return JSON.stringify(old) === JSON.stringify(own) ? [] : [{ check, before: old, after: own }];
  });
}

const outcome = (check: CheckResult | undefined) =>
  check && { earned: check.earned, status: check.status, reason: check.reason };

/**
 * The report that counts of several of one attempt, oldest first.
 * @public
 */
export function counting<T extends Pick<Report, 'score'>>(
  reports: readonly T[],
  which: 'best' | 'last',
): T | undefined {
  if (which === 'last') return reports.at(-1);
  return reports.reduce<T | undefined>((best, each) => (best && best.score >= each.score ? best : each), undefined);
}
