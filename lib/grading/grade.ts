// Grading is a function of a snapshot: every check runs in a fork of its own, which is thrown away.
import type { Lab } from '../labs/lab';
import type { CheckDefinition } from '../labs/schema';
import { substitute, substituteDeep, type Variables } from '../labs/variables';
import { hintsGiven } from '../sandbox/lab-notes';
import { Sandbox } from '../sandbox/sandbox';
import type { SandboxSpec } from '../sandbox/spec';
import type { Snapshot } from '../sim/state';
import type { CheckResult, Report, Verdict } from './contract';
import { hold } from './hold';
import { SandboxLens } from './lens';
import { CHECK_LIMITS, type CheckLimits, withinLimits } from './limits';
import { toReport } from './report';

const CENT = 100; // points are given with at most two decimals

/** Grades what a sandbox holds now. The sandbox itself is not touched. */
export async function grade(sandbox: Sandbox, lab: Lab, limits: CheckLimits = CHECK_LIMITS): Promise<Report> {
  const snapshot = sandbox.snapshot();
  const results = new Map<string, CheckResult>();
  for (const check of inOrder(titled(lab.definition.checks, sandbox.spec.variables))) {
    const blocker = check.needs.find((id) => results.get(id)?.status !== 'passed');
    const result = blocker
      ? blocked(check, results.get(blocker))
      : await runCheck(sandbox.spec, snapshot, check, limits);
    results.set(check.id, withHints(result, check, hintsGiven(sandbox.state.table('lab'), check.id)));
  }
  return toReport(
    lab,
    lab.definition.checks.map(({ id }) => results.get(id) as CheckResult),
  );
}

/** With the attempt's own values in their titles. */
const titled = (checks: readonly CheckDefinition[], variables: Variables): CheckDefinition[] =>
  checks.map((check) => ({ ...check, title: substitute(check.title, variables) }));

/** Checks after those that they need. */
function inOrder(checks: readonly CheckDefinition[]): CheckDefinition[] {
  const ordered = new Set<CheckDefinition>();
  const add = (check: CheckDefinition) => {
    for (const id of check.needs) {
      const needed = checks.find((other) => other.id === id);
      if (needed && !ordered.has(needed)) add(needed);
    }
    ordered.add(check);
  };
  for (const check of checks) add(check);
  return [...ordered];
}

async function runCheck(
  spec: SandboxSpec,
  snapshot: Snapshot,
  check: CheckDefinition,
  limits: CheckLimits,
): Promise<CheckResult> {
  let fork: Sandbox | undefined;
  try {
    fork = await Sandbox.make(spec, { kind: 'fork', snapshot }, {});
    const held = { grader: check.grader, with: substituteDeep(check.with, spec.variables), not: check.not };
    const work = fork.clock.drive(hold(new SandboxLens(fork, hold), held), limits.simulatedMs);
    const verdict = await withinLimits(work, limits);
    return toResult(check, verdict, verdict.share >= 1 ? 'passed' : verdict.share > 0 ? 'partial' : 'failed');
  } catch (error) {
    const observed = error instanceof Error ? error.message : String(error);
    const reason = 'the check itself could not be run; this is not your fault';
    return toResult(check, { share: 0, expected: check.title, observed, reason }, 'not-graded');
  } finally {
    fork?.stop();
  }
}

/** A check that waits for another. A look that could not be had must not become a fault. */
function blocked(check: CheckDefinition, needed: CheckResult | undefined): CheckResult {
  const status = needed?.status === 'not-graded' ? 'not-graded' : 'failed';
  const reason = `it counts once “${needed?.title}” is passed`;
  return toResult(check, { share: 0, expected: check.title, observed: 'not looked at yet', reason }, status);
}

function toResult(
  check: CheckDefinition,
  { share, expected, observed, reason }: Verdict,
  status: CheckResult['status'],
): CheckResult {
  return {
    id: check.id,
    title: check.title,
    earned: Math.round(share * check.points * CENT) / CENT,
    points: check.points,
    status,
    expected,
    observed,
    reason,
    ...(check.required ? { required: true } : {}),
    ...(check.bonus ? { bonus: true } : {}),
  };
}

/** Takes off what the hints cost, at most what was earned. */
function withHints(result: CheckResult, check: CheckDefinition, given: number): CheckResult {
  const price = check.hints.slice(0, given).reduce((total, hint) => total + hint.price, 0);
  if (price === 0) return result;
  const earned = Math.max(0, Math.round((result.earned - price) * CENT) / CENT);
  return { ...result, earned, hints: price };
}
