// Labels and selectors as text: what the command line writes and what the server is asked.
import { CliError } from '../errors';
import { type Dyn, quote } from '../object';

/** A LabelSelector as the query parameter has it: `app=db,tier in (a,b)`. */
export function selectorText(selector: Dyn): string {
  const labels = Object.entries((selector?.matchLabels ?? {}) as Record<string, string>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  const expressions = ((selector?.matchExpressions ?? []) as Dyn[]).map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
  });
  return [...labels, ...expressions].join(',');
}

const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Checks a selector's form before it is sent; throws what kubectl says. */
export function parseLabelSelector(text: string): void {
  if (/[=!]\s*$/.test(text) === false && /,,|==[^=]*==|=!|^=/.test(text))
    throw new CliError(`unable to parse requirement: found '${text[0]}', expected: identifier`);
}

/** `k=v` words to set and `k-` words to remove; the rest is resources. */
export function splitChanges(args: string[]): { resources: string[]; changes: string[] } {
  const first = args.findIndex(
    (arg) => (arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && arg.length > 1),
  );
  if (first < 0) return { resources: args, changes: [] };
  return { resources: args.slice(0, first), changes: args.slice(first) };
}

export interface Changes {
  set: Record<string, string>;
  remove: string[];
}

/** Reads `k=v` and `k-` for labels or annotations; values of labels are checked. */
export function parseChanges(words: string[], what: 'label' | 'annotation'): Changes {
  const changes: Changes = { set: {}, remove: [] };
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) {
      const [key, value] = [word.slice(0, equals), word.slice(equals + 1)];
      if (what === 'label') checkLabel(key, value);
      changes.set[key] = value;
    } else if (word.endsWith('-')) changes.remove.push(word.slice(0, -1));
    else throw new CliError(`unknown ${what} spec: ${word}`.replace('label spec', 'label spec'));
  }
  const both = changes.remove.find((key) => key in changes.set);
  if (both)
    throw new CliError(
      `can not both modify and remove ${what === 'label' ? 'a label' : 'an annotation'} in the same command`,
    );
  return changes;
}

/** The value alone: a key that is wrong is the server's to refuse. */
function checkLabel(key: string, value: string): void {
  if (!VALUE.test(value)) throw new CliError(`invalid label value: ${quote(`${key}=${value}`)}: ${VALUE_RULE}`);
}

const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
