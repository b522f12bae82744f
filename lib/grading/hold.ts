// From what a grader finds to what a check comes to, in its positive or negative form.
import { graders } from '../../graders';
import type { Finding, Held, Lens, Verdict } from './contract';

/** Looks through a lens with a check's grader. @throws for an unknown grader or wrong parameters: an author's error */
export async function hold(lens: Lens, check: Held): Promise<Verdict> {
  const grader = graders.get(check.grader);
  if (!grader) throw new Error(`there is no grader ${check.grader}; there are ${[...graders.keys()].join(', ')}`);
  const parameters = grader.parameters.parse(check.with);
  return toVerdict(grader.expects(parameters, check.not), await grader.look(lens, parameters), check.not);
}

function toVerdict(expected: string, { holds, observed, why, because, moot }: Finding, not: boolean): Verdict {
  const part = Math.min(1, Math.max(0, holds));
  if (moot) return { share: 0, expected, observed, reason: why };
  if (!not) return { share: part, expected, observed, reason: part >= 1 ? '' : why || observed };
  return { share: 1 - part, expected, observed, reason: part <= 0 ? '' : because || observed };
}
