// A function as `declare -f` and `type` print it.
import { commandText } from './syntax/print';
import type { FunctionDef } from './syntax/ast';

export const functionText = (definition: FunctionDef): string => `${definition.name} () \n${commandText(definition.body)}`;
