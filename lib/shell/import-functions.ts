// The functions that a shell finds in its environment, where exported-functions.ts puts them.
import { scanFor } from './script';
import type { Shell } from './shell';
import { parseScript } from './syntax/parse';

const NAME = /^BASH_FUNC_(.+)%%$/s;

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
