// `export -f`: functions travel in the environment, as variables of names that no variable has.
import { functionText } from './function-text';
import { scanFor } from './script';
import type { Shell } from './shell';
import { parseScript } from './syntax/parse';

const NAME = /^BASH_FUNC_(.+)%%$/s;

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

/** Defines the functions of the environment; what is no definition, and nothing else, is left alone. */
export function importFunctions(shell: Shell): void {
  for (const [variable, value] of Object.entries(shell.proc.env)) {
    const [, name] = NAME.exec(variable) ?? [];
    if (!name || !value.startsWith('() {')) continue;
    const text = `${name} ${value}`;
    const found = scanFor(shell, text);
    if (found.kind !== 'complete' || found.problem || found.end !== text.length) continue;
    const { statements } = parseScript(found.text);
    const definition = statements[0]?.pipelines[0]?.commands[0];
    if (statements.length !== 1 || definition?.type !== 'FunctionDef') continue;
    shell.functions.set(definition.name, definition);
    shell.exportedFunctions.add(definition.name);
  }
}
