// What names, labels and ports may look like, and the sentence for those that do not: apimachinery pkg/util/validation.

/** Returns a sentence for each rule broken. */
export type NameRule = (name: string) => string[];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';

const max = (length: number) => `must be no more than ${length} characters`; // 1.31 says characters for names, bytes since 1.33
const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);

/** `regexError` of the real library: message, examples, pattern. */
function explain(message: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  const shown = examples.map((each) => `'${each}', `).join(' or ');
  return `${message} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

const rule =
  (limit: number, pattern: string, message: string): NameRule =>
  (name) => [...(name.length > limit ? [max(limit)] : []), ...(whole(pattern).test(name) ? [] : [message])];

const subdomain = explain(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
);
const label = explain(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
);
const label1035 = explain(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  'my-name',
  'abc-123',
);

const WILDCARD = `\\*\\.${SUBDOMAIN}`;

/** `*.example.com`. */
export const wildcardSubdomain: NameRule = rule(
  253,
  WILDCARD,
  explain(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    WILDCARD,
    '*.example.com',
  ),
);

export const dnsSubdomain: NameRule = rule(253, SUBDOMAIN, subdomain);
export const dnsLabel: NameRule = rule(63, LABEL, label);
export const dns1035Label: NameRule = rule(63, LABEL_1035, label1035);

/** Names that are one step of a URL's path: roles, custom resources. */
export const pathSegment: NameRule = (name) => {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`);
};

export const portName: NameRule = (name) => {
  const errors: string[] = [];
  if (name.length > 15) errors.push('must be no more than 15 characters');
  if (!/^[a-z0-9-]*$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)');
  if (name.includes('--')) errors.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
};

const qualified = (part: string): string =>
  explain(
    `${part} must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
    QUALIFIED,
    'MyName',
    'my.name',
    '123-abc',
  );

/** `prefix/name`, the prefix a DNS subdomain: label keys, finalizers, resource names. */
export const qualifiedName: NameRule = (text) => {
  const parts = text.split('/');
  if (parts.length > 2)
    return [
      `${qualified('a qualified name')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const errors: string[] = [];
  const name = parts.at(-1) as string;
  if (parts.length === 2) {
    if (parts[0] === '') errors.push('prefix part must be non-empty');
    else errors.push(...dnsSubdomain(parts[0] as string).map((each) => `prefix part ${each}`));
  }
  if (name === '') errors.push('name part must be non-empty');
  else if (name.length > 63) errors.push('name part must be no more than 63 characters');
  if (!whole(QUALIFIED).test(name)) errors.push(qualified('name part'));
  return errors;
};

export const labelValue: NameRule = rule(
  63,
  LABEL_VALUE,
  explain(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    LABEL_VALUE,
    'MyValue',
    'my_value',
    '12345',
  ),
);

export const configKey: NameRule = (key) => {
  const errors = rule(
    253,
    CONFIG_KEY,
    explain(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
      CONFIG_KEY,
      'key.name',
      'KEY_NAME',
      'key-name',
    ),
  )(key);
  if (key === '.' || key === '..') return [...errors, `must not be '${key}'`];
  return key.startsWith('..') ? [...errors, "must not start with '..'"] : errors;
};

const ENV_NAME = '[-._a-zA-Z][-._a-zA-Z0-9]*';

/** Names of environment variables; 1.32 and later take any printable ASCII but '='. */
export const envName: NameRule = (name) => {
  if (whole(ENV_NAME).test(name)) {
    if (name === '.' || name === '..') return [`must not be '${name}'`];
    return name.startsWith('..') ? ["must not start with '..'"] : [];
  }
  return [
    explain(
      "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
      ENV_NAME,
      'my.env-name',
      'MY_ENV.NAME',
      'MyEnvName1',
    ),
  ];
};

const HEADER_NAME = '[-A-Za-z0-9]+';

export const httpHeaderName: NameRule = (name) =>
  whole(HEADER_NAME).test(name)
    ? []
    : [explain("a valid HTTP header must consist of alphanumeric characters or '-'", HEADER_NAME, 'X-Header-Name')];

export const portNumber = (port: unknown): string[] =>
  typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65535
    ? []
    : ['must be between 1 and 65535, inclusive'];
