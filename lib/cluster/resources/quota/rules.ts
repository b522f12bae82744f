// The rules of quotas and limit ranges: ValidateResourceQuota and ValidateLimitRange of pkg/apis/core/validation.
import type { KubeObject } from '../../store/types';
import { canonicalQuantity, quantityValue } from '../quantity';
import { type FieldErrors, goQuantity } from '../validation/field-errors';
import { qualifiedName } from '../validation/names';
import { type Part, partsOf } from '../validation/values';

const COUNTS = [
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const AMOUNTS = ['cpu', 'memory', 'ephemeral-storage'];
const QUOTA = new Set([
  ...COUNTS,
  ...AMOUNTS,
  'requests.storage',
  ...AMOUNTS.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
]);
const POD_SCOPES = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
];
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

type Amounts = Record<string, string>;

const sorted = (amounts: Amounts | undefined) => Object.entries(amounts ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

function validateName(name: string, at: string, errors: FieldErrors): void {
  const problems = qualifiedName(name);
  for (const problem of problems) errors.invalid(at, name, problem);
  if (problems.length > 0 || name.includes('/')) return;
  if (QUOTA.has(name) || /^(requests\.)?hugepages-/.test(name)) return;
  errors.invalid(at, name, 'must be a standard resource type or fully qualified');
  errors.invalid(at, name, 'must be a standard resource for quota');
}

function validateScopes(scopes: string[], hard: Amounts, at: string, errors: FieldErrors): void {
  if (scopes.length === 0) return;
  for (const scope of scopes) if (!POD_SCOPES.includes(scope)) errors.invalid(at, scopes, 'unsupported scope');
  const names = Object.keys(hard);
  const onlyPods = scopes.includes('BestEffort') && names.some((name) => name !== 'pods' && name !== 'count/pods');
  if (onlyPods) errors.invalid(at, scopes, 'unsupported scope applied to resource');
  if (CONFLICTS.some((pair) => pair.every((scope) => scopes.includes(scope))))
    errors.invalid(at, scopes, 'conflicting scopes');
}

export function validateQuota({ spec }: KubeObject, errors: FieldErrors): void {
  const hard: Amounts = spec?.hard ?? {};
  for (const [name, value] of sorted(hard)) {
    const at = `spec.hard[${name}]`;
    validateName(name, at, errors);
    const amount = quantityValue(value);
    if (amount < 0) errors.invalid(at, canonicalQuantity(value), 'must be greater than or equal to 0');
    if ((COUNTS.includes(name) || name.startsWith('count/')) && !Number.isInteger(amount))
      errors.invalid(at, canonicalQuantity(value), 'must be an integer');
  }
  validateScopes(spec?.scopes ?? [], hard, 'spec.scopes', errors);
}

/** Which quota a pod counts against does not change. */
export function validateQuotaUpdate({ spec }: KubeObject, old: KubeObject, errors: FieldErrors): void {
  const set = (list: string[] = []) => [...list].sort().join();
  if (set(spec?.scopes) !== set(old['spec']?.scopes))
    errors.invalid('spec.scopes', spec?.scopes ?? [], 'field is immutable');
}

type Bound = 'min' | 'max' | 'default' | 'defaultRequest';

/** Pairs of which the first may not be more than the second: their words, the field that is blamed, the value that is shown. */
const ORDER: readonly { low: Bound; high: Bound; text: string; field: Bound; shown: Bound }[] = [
  { low: 'min', high: 'max', text: 'min value LOW is greater than max value HIGH', field: 'min', shown: 'min' },
  {
    low: 'min',
    high: 'defaultRequest',
    text: 'min value LOW is greater than default request value HIGH',
    field: 'defaultRequest',
    shown: 'defaultRequest',
  },
  {
    low: 'defaultRequest',
    high: 'max',
    text: 'default request value LOW is greater than max value HIGH',
    field: 'defaultRequest',
    shown: 'defaultRequest',
  },
  {
    low: 'defaultRequest',
    high: 'default',
    text: 'default request value LOW is greater than default limit value HIGH',
    field: 'defaultRequest',
    shown: 'defaultRequest',
  },
  {
    low: 'min',
    high: 'default',
    text: 'min value LOW is greater than default value HIGH',
    field: 'default',
    shown: 'min',
  },
  {
    low: 'default',
    high: 'max',
    text: 'default value LOW is greater than max value HIGH',
    field: 'default',
    shown: 'max',
  },
];

function validateLimit(limit: Part, at: string, errors: FieldErrors): void {
  const bounds = (name: Bound): Amounts => limit[name] ?? {};
  if (limit['type'] === 'Pod')
    for (const name of ['default', 'defaultRequest'])
      if (Object.keys(limit[name] ?? {}).length > 0)
        errors.forbidden(`${at}.${name}`, "may not be specified when `type` is 'Pod'");
  const { storage: min } = bounds('min');
  if (limit['type'] === 'PersistentVolumeClaim' && min === undefined && bounds('max')['storage'] === undefined)
    errors.required(`${at}.limits`, 'either minimum or maximum storage value is required, but neither was provided');
  const names = new Set(
    (['max', 'min', 'default', 'defaultRequest'] as const).flatMap((name) => Object.keys(bounds(name))),
  );
  for (const resource of [...names].sort())
    for (const { low, high, text, field, shown } of ORDER) {
      const [a, b] = [bounds(low)[resource], bounds(high)[resource]];
      if (a === undefined || b === undefined || quantityValue(a) <= quantityValue(b)) continue;
      const detail = text.replace('LOW', canonicalQuantity(a)).replace('HIGH', canonicalQuantity(b));
      errors.invalid(`${at}.${field}[${resource}]`, goQuantity(bounds(shown)[resource] ?? ''), detail);
    }
}

export function validateLimits({ spec }: KubeObject, errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const [i, limit] of partsOf(spec?.limits).entries()) {
    const at = `spec.limits[${i}]`;
    const { type = '' } = limit;
    for (const problem of qualifiedName(type)) errors.invalid(`${at}.type`, type, problem);
    if (seen.has(type)) errors.duplicate(`${at}.type`, type);
    seen.add(type);
    validateLimit(limit, at, errors);
  }
}
