// What happens to fields that a kind does not have: the query parameter fieldValidation.
import type { ApiError } from '../store/errors';
import { badRequest } from '../store/errors';
import type { Call } from './call';

/** `problems` as the strict decoder words them. Throws with `refuse`'s words when the client asked for Strict. */
export function tell(call: Call, problems: readonly string[], refuse: (why: string) => ApiError): void {
  const mode = call.query.get('fieldValidation') || 'Warn';
  if (mode !== 'Strict' && mode !== 'Warn' && mode !== 'Ignore')
    throw badRequest(
      `fieldValidation: Unsupported value: ${JSON.stringify(mode)}: supported values: "Ignore", "Strict", "Warn"`,
    );
  if (problems.length === 0 || mode === 'Ignore') return;
  if (mode === 'Strict') throw refuse(`strict decoding error: ${problems.join(', ')}`);
  for (const problem of problems) call.warn(problem);
}
