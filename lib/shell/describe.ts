// Variables written so that bash can read them again, as `declare -p`, `set` and `${x@A}` print them.
import { ansiQuote, quoteValue } from './quote';
import type { Variable } from './variables';

const doubleQuote = (text: string): string =>
  /[\x00-\x1f\x7f]/.test(text) ? ansiQuote(text) : `"${text.replace(/[\\"$`]/g, '\\$&')}"`;

function flags(variable: Variable): string {
  return [
    variable.array ? 'a' : '',
    variable.assoc ? 'A' : '',
    variable.capital ? 'c' : '',
    variable.integer ? 'i' : '',
    variable.lower ? 'l' : '',
    variable.nameref ? 'n' : '',
    variable.readonly ? 'r' : '',
    variable.upper ? 'u' : '',
    variable.exported ? 'x' : '',
  ].join('');
}

const keyText = (key: string): string => (/^[\w.@%+:,/-]+$/.test(key) ? key : doubleQuote(key));

function value(variable: Variable): string | undefined {
  if (variable.unassigned) return undefined;
  if (variable.array) {
    const items = Object.entries(variable.array).map(([key, item]) => `[${key}]=${doubleQuote(item)}`);
    return `(${items.join(' ')})`;
  }
  if (variable.assoc) {
    const items = [...variable.assoc].map(([key, item]) => `[${keyText(key)}]=${doubleQuote(item)} `);
    return `(${items.join('')})`;
  }
  return variable.scalar === undefined ? undefined : doubleQuote(variable.scalar);
}

/** `declare -x NAME="value"`. */
function declaration(name: string, variable: Variable): string {
  const text = value(variable);
  return `declare -${flags(variable) || '-'} ${name}${text === undefined ? '' : `=${text}`}`;
}

/** As `${x@A}`. */
function assignment(name: string, variable: Variable): string {
  const letters = flags(variable);
  if (variable.array || variable.assoc) return declaration(name, variable);
  const text = `${name}=${quoteValue(variable.scalar ?? '')}`;
  return letters ? `declare -${letters} ${text}` : text;
}

/** As `set` without arguments prints it. */
function setLine(name: string, variable: Variable): string {
  if (variable.array || variable.assoc) return `${name}=${value(variable)}`;
  const text = variable.scalar ?? '';
  return `${name}=${/^[\w@%+=:,./-]*$/.test(text) ? text : quoteValue(text)}`;
}

function pairs(variable: Variable, separate: boolean): string[] {
  if (!variable.assoc && !variable.array) return [quoteValue(variable.scalar ?? '')];
  const entries: [string, string][] = variable.assoc ? [...variable.assoc] : Object.entries(variable.array ?? []);
  if (separate) return entries.flat();
  const text = entries.map(([key, item]) => `${keyText(key)} ${doubleQuote(item)}`).join(' ');
  return [variable.assoc && text ? `${text} ` : text];
}

export const describe = { flags, declaration, assignment, setLine, pairs, value };
