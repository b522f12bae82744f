// How arithmetic reads and writes the shell's variables.
import { type Cells, evaluate } from '../arithmetic';
import type { Shell } from '../shell';

export function cellsOf(shell: Shell): Cells {
  const { vars } = shell;
  const keyOf = (name: string, key: string): string =>
    vars.isAssoc(name) ? key.replace(/^(["'])(.*)\1$/s, '$2') : String(evaluate(key, cells));
  const cells: Cells = {
    get(name, key) {
      const value = key === undefined ? vars.get(name) : vars.element(name, keyOf(name, key));
      if (value === undefined && shell.option('nounset')) shell.fail(`${name}: unbound variable`, 1);
      return value;
    },
    set(name, key, value) {
      if (key === undefined) vars.set(name, value);
      else vars.setElement(name, keyOf(name, key), value);
    },
  };
  return cells;
}
