// A function as `declare -f` and `type` print it.

import type { FunctionDef } from './syntax/ast';
import { commandText, redirectionsText } from './syntax/print';

/** A body that is no group is shown in one. */
export const functionText = ({ name, body, redirections }: FunctionDef): string =>
  `${name} () \n${body.type === 'Group' ? commandText(body) : `{ \n    ${commandText(body, '    ')}\n}`}${redirectionsText(redirections)}`;
