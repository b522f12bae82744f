// The rules of jobs: pkg/apis/batch/validation.
import { validatePodSpec } from './pod-spec/validate';
import { type FieldErrors, GoValue, OMITTED } from './validation/field-errors';
import { validateLabels } from './validation/metadata';
import { qualifiedName } from './validation/names';
import { nonNegative, oneOf, type Part, partsOf } from './validation/values';

const MAX_PARALLEL_INDEXED = 100_000;
const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const STATUSES = ['False', 'True', 'Unknown'];

/** Required, with the values it may have: `valid values: ["In" "NotIn"]`. */
const choice = (value: string | undefined, allowed: readonly string[], at: string, errors: FieldErrors): void => {
  if (!value) errors.required(at, `valid values: [${allowed.map((each) => JSON.stringify(each)).join(' ')}]`);
  else if (!allowed.includes(value)) errors.notSupported(at, value, allowed);
};

const goInts = (values: number[]) => new GoValue(`[]int32{${values.join(', ')}}`);

function validateExitCodes(codes: Part, at: string, names: ReadonlySet<string>, errors: FieldErrors): void {
  const { operator, containerName } = codes;
  const values: number[] = codes['values'] ?? [];
  choice(operator, ['In', 'NotIn'], `${at}.operator`, errors);
  if (containerName !== undefined && !names.has(containerName))
    errors.invalid(
      `${at}.containerName`,
      containerName,
      'must be one of the container or initContainer names in the pod template',
    );
  if (values.length === 0) errors.invalid(`${at}.values`, goInts(values), 'at least one value is required');
  for (const [i, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      errors.invalid(`${at}.values[${i}]`, value, 'must not be 0 for the In operator');
    if (values.indexOf(value) < i) errors.duplicate(`${at}.values[${i}]`, value);
  }
  if (values.some((value, i) => i > 0 && (values[i - 1] as number) > value))
    errors.invalid(`${at}.values`, goInts(values), 'must be ordered');
}

function validateFailureRule(
  rule: Part,
  spec: Part,
  at: string,
  names: ReadonlySet<string>,
  errors: FieldErrors,
): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  choice(action, ACTIONS, `${at}.action`, errors);
  if (action === 'FailIndex' && spec['backoffLimitPerIndex'] === undefined)
    errors.invalid(`${at}.action`, action, 'requires the backoffLimitPerIndex to be set');
  if (onExitCodes) validateExitCodes(onExitCodes, `${at}.onExitCodes`, names, errors);
  for (const [i, { type = '', status }] of partsOf(onPodConditions).entries()) {
    for (const problem of qualifiedName(type)) errors.invalid(`${at}.onPodConditions[${i}].type`, type, problem);
    choice(status, STATUSES, `${at}.onPodConditions[${i}].status`, errors);
  }
  const conditions = onPodConditions.length > 0;
  if (onExitCodes && conditions)
    errors.invalid(at, OMITTED, 'specifying both OnExitCodes and OnPodConditions is not supported');
  if (!onExitCodes && !conditions)
    errors.invalid(at, OMITTED, 'specifying one of OnExitCodes and OnPodConditions is required');
}

function validateFailurePolicy(spec: Part, at: string, errors: FieldErrors): void {
  const pod: Part = spec['template']?.spec ?? {};
  const field = `${at}.podFailurePolicy`;
  const names = new Set(
    [...partsOf(pod['containers']), ...partsOf(pod['initContainers'])].map(({ name }) => name as string),
  );
  for (const [i, rule] of partsOf(spec['podFailurePolicy'].rules).entries())
    validateFailureRule(rule, spec, `${field}.rules[${i}]`, names, errors);
}

function validateSuccessPolicy(spec: Part, at: string, errors: FieldErrors): void {
  const rules = partsOf(spec['successPolicy'].rules);
  if (spec['completionMode'] !== 'Indexed') return errors.invalid(at, OMITTED, 'requires indexed completion mode');
  if (rules.length === 0)
    errors.required(`${at}.rules`, 'at least one rules must be specified when the successPolicy is specified');
  for (const [i, { succeededCount: count, succeededIndexes: indexes }] of rules.entries()) {
    const field = `${at}.rules[${i}]`;
    if (count === undefined && indexes === undefined)
      errors.required(field, 'at least one of succeededCount or succeededIndexes must be specified');
    nonNegative(count, `${field}.succeededCount`, errors);
    if (count > spec['completions'])
      errors.invalid(
        `${field}.succeededCount`,
        count,
        `must be less than or equal to ${spec['completions']} (the number of specified completions)`,
      );
  }
}

function validateIndexed(spec: Part, at: string, errors: FieldErrors): void {
  const { completions, parallelism, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (completions === undefined) errors.required(`${at}.completions`, 'when completion mode is Indexed');
  if (parallelism > MAX_PARALLEL_INDEXED)
    errors.invalid(
      `${at}.parallelism`,
      parallelism,
      `must be less than or equal to ${MAX_PARALLEL_INDEXED} when completion mode is Indexed`,
    );
  nonNegative(backoffLimitPerIndex, `${at}.backoffLimitPerIndex`, errors);
  nonNegative(maxFailedIndexes, `${at}.maxFailedIndexes`, errors);
  if (maxFailedIndexes > completions)
    errors.invalid(`${at}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions');
}

const COUNTS = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'];

/** Shared with the template of cron jobs. */
export function validateJobSpec(spec: Part, at: string, errors: FieldErrors): void {
  for (const part of COUNTS) nonNegative(spec[part], `${at}.${part}`, errors);
  oneOf(spec['completionMode'], ['Indexed', 'NonIndexed'], `${at}.completionMode`, errors);
  if (spec['completionMode'] === 'Indexed') validateIndexed(spec, at, errors);
  else
    for (const part of ['backoffLimitPerIndex', 'maxFailedIndexes'])
      if (spec[part] !== undefined)
        errors.invalid(`${at}.${part}`, spec[part], 'may not be specified when completion mode is NonIndexed');
  if (spec['maxFailedIndexes'] !== undefined && spec['backoffLimitPerIndex'] === undefined)
    errors.required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified');
  if (spec['podFailurePolicy']) validateFailurePolicy(spec, at, errors);
  if (spec['successPolicy']) validateSuccessPolicy(spec, `${at}.successPolicy`, errors);
  const replacement = spec['podFailurePolicy'] ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  oneOf(spec['podReplacementPolicy'], replacement, `${at}.podReplacementPolicy`, errors);
  const { template } = spec;
  if (!template) return errors.required(`${at}.template`);
  validateLabels(template.metadata?.labels, `${at}.template.labels`, errors);
  validatePodSpec(template.spec ?? {}, `${at}.template.spec`, errors);
  const { restartPolicy } = template.spec ?? {};
  if (restartPolicy === 'Always')
    errors.required(`${at}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"');
  else if (spec['podFailurePolicy'] && restartPolicy === 'OnFailure')
    errors.invalid(
      `${at}.template.spec.restartPolicy`,
      restartPolicy,
      'only "Never" is supported when podFailurePolicy is specified',
    );
}
