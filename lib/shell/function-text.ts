// A function as `declare -f` and `type` print it.

import type { FunctionDef } from './syntax/ast';
import { commandText } from './syntax/print';

export const functionText = (definition: FunctionDef): string =>
  `${definition.name} () \n${commandText(definition.body)}`;
