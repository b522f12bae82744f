// The rules of where a pod may go: affinity, tolerations, topology spread, scheduling gates.
import type { FieldErrors } from '../validation/field-errors';
import { GoValue } from '../validation/field-errors';
import { validateSelector } from '../validation/metadata';
import { dnsLabel, labelValue, qualifiedName } from '../validation/names';
import { oneOf, type Part, partsOf } from '../validation/values';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

const labelName = (name: string, field: string, errors: FieldErrors): void => {
  for (const problem of qualifiedName(name)) errors.invalid(field, name, problem);
};

function validateRequirement({ key = '', operator = '', values = [] }: Part, at: string, errors: FieldErrors): void {
  if (['In', 'NotIn'].includes(operator)) {
    if (values.length === 0) errors.required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (['Exists', 'DoesNotExist'].includes(operator)) {
    if (values.length > 0)
      errors.forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (['Gt', 'Lt'].includes(operator)) {
    if (values.length !== 1)
      errors.required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else errors.invalid(`${at}.operator`, operator, 'not a valid selector operator');
  labelName(key, `${at}.key`, errors);
}

function validateNodeTerm(term: Part, at: string, errors: FieldErrors): void {
  for (const [i, each] of partsOf(term['matchExpressions']).entries())
    validateRequirement(each, `${at}.matchExpressions[${i}]`, errors);
  for (const [i, { key, operator, values = [] }] of partsOf(term['matchFields']).entries()) {
    const field = `${at}.matchFields[${i}]`;
    if (!['In', 'NotIn'].includes(operator))
      errors.invalid(`${field}.operator`, operator ?? '', 'not a valid selector operator');
    else if (values.length !== 1)
      errors.required(
        `${field}.values`,
        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      );
    if (key !== 'metadata.name') errors.invalid(`${field}.key`, key ?? '', 'not a valid field selector key');
  }
}

/** Terms of which one must fit; a volume has such too. */
export function validateNodeSelector(selector: Part, at: string, errors: FieldErrors): void {
  const terms = partsOf(selector['nodeSelectorTerms']);
  if (terms.length === 0) errors.required(`${at}.nodeSelectorTerms`, 'must have at least one node selector term');
  for (const [i, term] of terms.entries()) validateNodeTerm(term, `${at}.nodeSelectorTerms[${i}]`, errors);
}

const weight = (value: number | undefined, field: string, errors: FieldErrors): void => {
  if (!value || value < 1 || value > 100) errors.invalid(field, value ?? 0, 'must be in the range 1-100');
};

function validatePodTerm(term: Part, at: string, errors: FieldErrors): void {
  validateSelector(term['labelSelector'], `${at}.labelSelector`, errors);
  validateSelector(term['namespaceSelector'], `${at}.namespaceSelector`, errors);
  for (const name of (term['namespaces'] ?? []) as string[])
    for (const problem of dnsLabel(name)) errors.invalid(`${at}.namespace`, name, problem);
  if (!term['topologyKey']) errors.required(`${at}.topologyKey`, 'can not be empty');
  labelName(term['topologyKey'] ?? '', `${at}.topologyKey`, errors);
}

export function validateAffinity(affinity: Part, at: string, errors: FieldErrors): void {
  const { nodeAffinity } = affinity;
  if (nodeAffinity?.[REQUIRED]) validateNodeSelector(nodeAffinity[REQUIRED], `${at}.nodeAffinity.${REQUIRED}`, errors);
  for (const [i, each] of partsOf(nodeAffinity?.[PREFERRED]).entries()) {
    const field = `${at}.nodeAffinity.${PREFERRED}[${i}]`;
    weight(each['weight'], `${field}.weight`, errors);
    validateNodeTerm(each['preference'] ?? {}, `${field}.preference`, errors);
  }
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    for (const [i, term] of partsOf(affinity[kind]?.[REQUIRED]).entries())
      validatePodTerm(term, `${at}.${kind}.${REQUIRED}[${i}]`, errors);
    for (const [i, each] of partsOf(affinity[kind]?.[PREFERRED]).entries()) {
      const field = `${at}.${kind}.${PREFERRED}[${i}]`;
      weight(each['weight'], `${field}.weight`, errors);
      validatePodTerm(each['podAffinityTerm'] ?? {}, `${field}.podAffinityTerm`, errors);
    }
  }
}

export const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function validateOperator(t: Part, at: string, errors: FieldErrors): void {
  const { operator = '', value = '' } = t;
  if (operator === 'Equal' || operator === '') {
    const problems = labelValue(value);
    if (problems.length > 0) errors.invalid(`${at}.operator`, value, problems.join(';'));
  } else if (operator === 'Exists') {
    if (!value) return;
    const seconds = t['tolerationSeconds'] === undefined ? '(*int64)(nil)' : '(*int64)(0xc000000000)';
    const text = (name: string) => JSON.stringify(t[name] ?? '');
    const shown = `core.Toleration{Key:${text('key')}, Operator:${text('operator')}, Value:${text('value')}, Effect:${text('effect')}, TolerationSeconds:${seconds}}`;
    errors.invalid(`${at}.operator`, new GoValue(shown), "value must be empty when `operator` is 'Exists'");
  } else errors.notSupported(`${at}.operator`, operator, ['Equal', 'Exists']);
}

export function validateTolerations(tolerations: unknown, at: string, errors: FieldErrors): void {
  for (const [i, t] of partsOf(tolerations).entries()) {
    const field = `${at}[${i}]`;
    if (t['key']) labelName(t['key'], `${field}.key`, errors);
    else if (t['operator'] !== 'Exists')
      errors.invalid(
        `${field}.operator`,
        t['operator'] ?? '',
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    if (t['tolerationSeconds'] !== undefined && t['effect'] !== 'NoExecute')
      errors.invalid(
        `${field}.effect`,
        t['effect'] ?? '',
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
      );
    validateOperator(t, field, errors);
    if (t['effect']) oneOf(t['effect'], TAINT_EFFECTS, `${field}.effect`, errors);
  }
}

const UNSATISFIABLE = ['DoNotSchedule', 'ScheduleAnyway'];

export function validateSpread(constraints: unknown, at: string, errors: FieldErrors): void {
  const list = partsOf(constraints);
  for (const [i, constraint] of list.entries()) {
    const field = `${at}[${i}]`;
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains, labelSelector } = constraint;
    if (maxSkew <= 0) errors.invalid(`${field}.maxSkew`, maxSkew, 'must be greater than zero');
    if (!topologyKey) errors.required(`${field}.topologyKey`, 'can not be empty');
    else labelName(topologyKey, `${field}.topologyKey`, errors);
    if (!UNSATISFIABLE.includes(whenUnsatisfiable))
      errors.notSupported(`${field}.whenUnsatisfiable`, whenUnsatisfiable, UNSATISFIABLE);
    const again = list
      .slice(i + 1)
      .some((each) => each['topologyKey'] === topologyKey && each['whenUnsatisfiable'] === whenUnsatisfiable);
    if (again) errors.duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`);
    if (minDomains !== undefined && minDomains <= 0)
      errors.invalid(`${field}.minDomains`, minDomains, 'must be greater than zero');
    if (minDomains !== undefined && whenUnsatisfiable === 'ScheduleAnyway')
      errors.invalid(
        `${field}.minDomains`,
        minDomains,
        'can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
      );
    validateSelector(labelSelector, `${field}.labelSelector`, errors);
  }
}

export function validateGates(gates: unknown, at: string, errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const [i, { name = '' }] of partsOf(gates).entries()) {
    for (const problem of qualifiedName(name)) errors.invalid(`${at}[${i}]`, name, problem);
    if (seen.has(name)) errors.duplicate(`${at}[${i}]`, name);
    seen.add(name);
  }
}
