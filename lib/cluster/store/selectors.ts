// Label and field selectors: parsing as apimachinery pkg/labels and pkg/fields do, with their messages.
import { badRequest } from './errors';

export interface Requirement {
  key: string;
  operator: 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt';
  values: string[];
}

/** The LabelSelector of the API's objects. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

type Labels = Record<string, string> | undefined;

const TOKEN = /\s*(!=|==|=|!|,|\(|\)|<|>|[^\s!=,()<>]+|$)/y;

class Tokens {
  private readonly list: string[] = [];
  private at = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match?.[1]; match = TOKEN.exec(text)) this.list.push(match[1]);
  }

  peek = (): string => this.list[this.at] ?? '';
  next = (): string => this.list[this.at++] ?? '';
}

const shown = (token: string) => token;
const isWord = (token: string) => token !== '' && !/^[!=,()<>]/.test(token);

function parseValues(tokens: Tokens): string[] {
  if (tokens.next() !== '(') throw badRequest(`found '${shown(tokens.peek())}', expected: '('`);
  const values: string[] = [];
  while (true) {
    const token = tokens.next();
    if (token === ')') return values;
    if (token === ',') values.push('');
    else if (isWord(token)) {
      values.push(token);
      if (tokens.peek() === ',') tokens.next();
    } else throw badRequest(`found '${shown(token)}', expected: ',', ')' or identifier`);
  }
}

function parseRequirement(tokens: Tokens): Requirement {
  const first = tokens.next();
  if (first === '!') return { key: tokens.next(), operator: '!', values: [] };
  if (!isWord(first)) throw badRequest(`found '${shown(first)}', expected: !, identifier, or 'end of string'`);
  const operator = tokens.peek();
  if (operator === '' || operator === ',') return { key: first, operator: 'exists', values: [] };
  tokens.next();
  if (operator === 'in' || operator === 'notin') return { key: first, operator, values: parseValues(tokens) };
  if (operator === '<' || operator === '>')
    return { key: first, operator: operator === '<' ? 'lt' : 'gt', values: [tokens.next()] };
  if (operator !== '=' && operator !== '==' && operator !== '!=')
    throw badRequest(`found '${shown(operator)}', expected: in, notin, =, ==, !=, gt, lt`);
  const value = isWord(tokens.peek()) ? tokens.next() : '';
  return { key: first, operator, values: [value] };
}

/** Parses `app=db,tier in (a, b),!legacy`; throws BadRequest with the real words. */
export function parseLabelSelector(text: string): Requirement[] {
  const tokens = new Tokens(text);
  const requirements: Requirement[] = [];
  while (tokens.peek() !== '') {
    requirements.push(parseRequirement(tokens));
    const separator = tokens.next();
    if (separator !== '' && separator !== ',')
      throw badRequest(`found '${shown(separator)}', expected: ',' or 'end of string'`);
  }
  return requirements;
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return value !== undefined && values.includes(value);
  }
}

export const matchesAll = (requirements: readonly Requirement[], labels: Labels): boolean =>
  requirements.every((each) => holds(each, labels));

const OPERATORS: Record<string, Requirement['operator']> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/** The requirements of an object's selector. */
const requirementsOf = (selector: LabelSelector): Requirement[] => [
  ...Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): Requirement => ({ key, operator: '=', values: [value] }),
  ),
  ...(selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }): Requirement => ({ key, operator: OPERATORS[operator] ?? 'exists', values }),
  ),
];

/** Whether an object's selector picks these labels; no selector picks nothing, an empty one everything. */
export const selects = (selector: LabelSelector | undefined, labels: Labels): boolean =>
  selector !== undefined && matchesAll(requirementsOf(selector), labels);

/** Whether a plain map (a service's selector) picks these labels; an empty one picks nothing. */
export const selectsMap = (selector: Record<string, string> | undefined, labels: Labels): boolean => {
  const entries = Object.entries(selector ?? {});
  return entries.length > 0 && entries.every(([key, value]) => labels?.[key] === value);
};

/** `a=b,c in (d,e)`, as printed; `<none>` when empty. */
export function formatSelector(selector: LabelSelector | undefined): string {
  if (!selector) return '<none>';
  const parts = requirementsOf(selector).map(({ key, operator, values }) => {
    if (operator === '=') return `${key}=${values[0]}`;
    if (operator === 'exists') return key;
    if (operator === '!') return `!${key}`;
    return `${key} ${operator} (${[...values].sort().join(',')})`;
  });
  return parts.sort().join(',') || '<none>';
}

/** `a=b,c=d` in order, as labels are printed; `<none>` when empty. */
export const formatLabels = (labels: Labels): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',') || '<none>';

export interface FieldRequirement {
  field: string;
  value: string;
  equal: boolean;
}

/** Parses `status.phase!=Running,metadata.name=x`. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return text
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^([^=!]+)(!=|==|=)(.*)$/.exec(term);
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
      const [, field = '', operator, value = ''] = match;
      return { field: field.trim(), value: value.trim(), equal: operator !== '!=' };
    });
}
