// Grading is a function of a snapshot: every check runs in a fork of its own, which is thrown away.

import { graders } from '../../graders';
import type { Lab } from '../labs/lab';
import type { CheckDefinition } from '../labs/schema';
import { substituteDeep } from '../labs/variables';
import type { Sandbox } from '../sandbox/sandbox';
import type { CheckResult, Report, Verdict } from './contract';
import { SandboxLens } from './lens';

const CHECK_LIMIT_MS = 10 * 60 * 1000; // simulated; a connection that is dropped takes two minutes to fail
const CENT = 100; // points are given with at most two decimals

/** Grades what a sandbox holds now. The sandbox itself is not touched. */
export async function grade(sandbox: Sandbox, lab: Lab): Promise<Report> {
  const checks: CheckResult[] = [];
  for (const check of lab.definition.checks) checks.push(await runCheck(sandbox, check));
  const sum = (key: 'earned' | 'points') =>
    Math.round(checks.reduce((total, check) => total + check[key], 0) * CENT) / CENT;
  return { lab: lab.id, score: sum('earned'), max: sum('points'), checks };
}

async function runCheck(sandbox: Sandbox, check: CheckDefinition): Promise<CheckResult> {
  const result = (verdict: Verdict, status: CheckResult['status']): CheckResult => ({
    id: check.id,
    title: check.title,
    earned: Math.round(verdict.share * check.points * CENT) / CENT,
    points: check.points,
    status,
    expected: verdict.expected,
    observed: verdict.observed,
    reason: verdict.reason,
  });
  const fork = await sandbox.fork();
  const lens = new SandboxLens(fork);
  try {
    const grader = graders.get(check.grader);
    if (!grader) throw new Error(`there is no grader ${check.grader}; there are ${[...graders.keys()].join(', ')}`);
    const parameters = grader.parameters.parse(substituteDeep(check.with, sandbox.spec.variables));
    const verdict = await fork.clock.drive(grader.grade(lens, parameters), CHECK_LIMIT_MS);
    return result(verdict, verdict.share >= 1 ? 'passed' : verdict.share > 0 ? 'partial' : 'failed');
  } catch (error) {
    const observed = error instanceof Error ? error.message : String(error);
    const verdict = {
      share: 0,
      expected: check.title,
      observed,
      reason: 'the check itself could not be run; this is not your fault',
    };
    return result(verdict, 'not-graded');
  } finally {
    fork.stop();
  }
}
