// The rules of what a container asks for and is limited to.
import { canonicalQuantity, quantityValue } from '../quantity';
import type { FieldErrors } from '../validation/field-errors';
import { qualifiedName } from '../validation/names';
import type { Part } from '../validation/values';

const CONTAINER = new Set(['cpu', 'memory', 'ephemeral-storage']);
const STANDARD = new Set([
  ...CONTAINER,
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'services.nodeports',
  'services.loadbalancers',
]);

const hugePages = (name: string) => name.startsWith('hugepages-');

/** What pods of a node share: anything of Kubernetes' own, and never in whole units only. */
const overcommittable = (name: string) => !name.includes('/') && !hugePages(name);

function validateName(name: string, at: string, errors: FieldErrors): void {
  const problems = qualifiedName(name);
  for (const problem of problems) errors.invalid(at, name, problem);
  if (name.includes('/')) {
    if (!name.split('/')[0]?.endsWith('kubernetes.io') && !name.startsWith('requests.')) return;
    if (name.split('/')[0]?.endsWith('kubernetes.io')) return; // native
    errors.invalid(at, name, "doesn't follow extended resource name standard");
    return;
  }
  if (problems.length === 0 && !STANDARD.has(name) && !hugePages(name))
    errors.invalid(at, name, 'must be a standard resource type or fully qualified');
  if (!CONTAINER.has(name) && !hugePages(name)) errors.invalid(at, name, 'must be a standard resource for containers');
}

function validateAmount(name: string, value: string, at: string, errors: FieldErrors): void {
  const amount = quantityValue(value);
  if (amount < 0) errors.invalid(at, canonicalQuantity(value), 'must be greater than or equal to 0');
  if (name.includes('/') && !Number.isInteger(amount)) errors.invalid(at, value, 'must be an integer');
}

const sorted = (list: unknown): [string, string][] =>
  Object.entries((list ?? {}) as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1));

/** DIFFERS: the real server walks its maps in a random order, here names are sorted. */
export function validateResources(resources: Part, at: string, errors: FieldErrors): void {
  const limits: Record<string, string> = resources['limits'] ?? {};
  for (const [name, value] of sorted(limits)) {
    validateName(name, `${at}.limits[${name}]`, errors);
    validateAmount(name, value, `${at}.limits[${name}]`, errors);
  }
  for (const [name, value] of sorted(resources['requests'])) {
    validateName(name, `${at}.requests[${name}]`, errors);
    validateAmount(name, value, `${at}.requests[${name}]`, errors);
    const limit = limits[name];
    if (limit === undefined) {
      if (!overcommittable(name)) errors.required(`${at}.limits`, 'Limit must be set for non overcommitable resources');
      continue;
    }
    const [asked, most] = [quantityValue(value), quantityValue(limit)];
    if (asked !== most && !overcommittable(name))
      errors.invalid(
        `${at}.requests`,
        canonicalQuantity(value),
        `must be equal to ${name} limit of ${canonicalQuantity(limit)}`,
      );
    else if (asked > most)
      errors.invalid(
        `${at}.requests`,
        canonicalQuantity(value),
        `must be less than or equal to ${name} limit of ${canonicalQuantity(limit)}`,
      );
  }
  const all = [...Object.keys(limits), ...Object.keys(resources['requests'] ?? {})];
  if (all.some(hugePages) && !all.includes('cpu') && !all.includes('memory'))
    errors.forbidden(at, 'HugePages require cpu or memory');
}
