// `export -f`: functions travel in the environment, as variables of names that no variable has (and import-functions.ts
// reads them there).
import { functionText } from './function-text';
import type { Shell } from './shell';

/** The variables of a child's environment. */
export function functionEnvironment(shell: Shell): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of shell.exportedFunctions) {
    const definition = shell.functions.get(name);
    if (definition) env[`BASH_FUNC_${name}%%`] = compact(functionText(definition).slice(name.length + 1));
  }
  return env;
}

/** Bash indents no commands here; a here-document's lines must stay what they are. */
const compact = (text: string): string =>
  text.includes('<<')
    ? text.replace(/^\(\) \n\{ \n/, '() {  ')
    : text.replace(/^\(\) \n\{ \n {4}/, '() {  ').replace(/\n {4,}/g, '\n ');
