// The rules of horizontal pod autoscalers: pkg/apis/autoscaling/validation.
import type { KubeObject } from '../../store/types';
import { quantityValue } from '../quantity';
import type { FieldErrors } from '../validation/field-errors';
import { pathSegment } from '../validation/names';
import { nonNegative, type Part, partsOf } from '../validation/values';

/** The field that tells of a metric, by its type. */
const SOURCES = new Map(
  Object.entries({
    ContainerResource: 'containerResource',
    External: 'external',
    Object: 'object',
    Pods: 'pods',
    Resource: 'resource',
  }),
);
const TARGETS = ['AverageValue', 'Utilization', 'Value'];

const segment = (value: string | undefined, field: string, detail: string, errors: FieldErrors): void => {
  if (!value) errors.required(field, detail);
  else for (const problem of pathSegment(value)) errors.invalid(field, value, problem);
};

function validateTarget(target: Part, at: string, errors: FieldErrors): void {
  const { type, averageUtilization, averageValue, value } = target;
  if (!type) errors.required(`${at}.type`, 'must specify a metric target type');
  else if (!TARGETS.includes(type))
    errors.invalid(`${at}.type`, type, 'must be either Utilization, Value, or AverageValue');
  for (const [name, amount] of Object.entries({ value, averageValue }))
    if (amount !== undefined && quantityValue(amount) <= 0) errors.invalid(`${at}.${name}`, amount, 'must be positive');
  if (averageUtilization < 1) errors.invalid(`${at}.averageUtilization`, averageUtilization, 'must be greater than 0');
}

function validateResource(
  { name, target = {}, container }: Part,
  byContainer: boolean,
  at: string,
  errors: FieldErrors,
) {
  if (!name) errors.required(`${at}.name`, 'must specify a resource name');
  if (byContainer && !container) errors.required(`${at}.container`, 'must specify a container');
  validateTarget(target, `${at}.target`, errors);
  if (target.averageUtilization === undefined && target.averageValue === undefined)
    errors.required(`${at}.target.averageUtilization`, 'must set either a target raw value or a target utilization');
  if (target.averageUtilization !== undefined && target.averageValue !== undefined)
    errors.forbidden(`${at}.target.averageValue`, 'may not set both a target raw value and a target utilization');
}

function validateNamed({ metric, target = {} }: Part, at: string, errors: FieldErrors): void {
  segment(metric?.name, `${at}.metric.name`, 'must specify a metric name', errors);
  validateTarget(target, `${at}.target`, errors);
  if (target.averageValue === undefined && target.value === undefined)
    errors.required(`${at}.target.averageValue`, 'must specify a positive target averageValue');
}

function validateMetric(metric: Part, at: string, errors: FieldErrors): void {
  const { type } = metric;
  if (!type) return errors.required(`${at}.type`, 'must specify a metric source type');
  const name = SOURCES.get(type);
  if (!name) return errors.notSupported(`${at}.type`, type, [...SOURCES.keys()]);
  const source: Part | undefined = metric[name];
  if (!source) return errors.required(`${at}.${name}`, 'must populate information for the given metric source');
  for (const other of SOURCES.values())
    if (other !== name && metric[other])
      errors.forbidden(`${at}.${other}`, 'must populate the given metric source only');
  if (name === 'resource' || name === 'containerResource')
    validateResource(source, name === 'containerResource', `${at}.${name}`, errors);
  else validateNamed(source, `${at}.${name}`, errors);
}

function validateBehavior(rules: Part | undefined, at: string, errors: FieldErrors): void {
  if (!rules) return;
  const { policies, selectPolicy, stabilizationWindowSeconds: window } = rules;
  nonNegative(window, `${at}.stabilizationWindowSeconds`, errors);
  if (window > 3600) errors.invalid(`${at}.stabilizationWindowSeconds`, window, 'must be less than or equal to 3600');
  if (selectPolicy !== undefined && !['Disabled', 'Max', 'Min'].includes(selectPolicy))
    errors.notSupported(`${at}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']);
  if (policies?.length === 0) errors.required(`${at}.policies`, 'must specify at least one Policy');
  for (const [i, { type, value = 0, periodSeconds = 0 }] of partsOf(policies).entries()) {
    if (!['Percent', 'Pods'].includes(type))
      errors.notSupported(`${at}.policies[${i}].type`, type ?? '', ['Percent', 'Pods']);
    if (value <= 0) errors.invalid(`${at}.policies[${i}].value`, value, 'must be greater than zero');
    if (periodSeconds <= 0)
      errors.invalid(`${at}.policies[${i}].periodSeconds`, periodSeconds, 'must be greater than zero');
    if (periodSeconds > 1800)
      errors.invalid(`${at}.policies[${i}].periodSeconds`, periodSeconds, 'must be less than or equal to 1800');
  }
}

export function validateAutoscaler({ spec }: KubeObject, errors: FieldErrors): void {
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics, behavior } = spec;
  if (minReplicas < 1) errors.invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1');
  if (maxReplicas < 1) errors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0');
  if (maxReplicas < minReplicas)
    errors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`');
  segment(scaleTargetRef?.kind, 'spec.scaleTargetRef.kind', '', errors);
  segment(scaleTargetRef?.name, 'spec.scaleTargetRef.name', '', errors);
  for (const [i, metric] of partsOf(metrics).entries()) validateMetric(metric, `spec.metrics[${i}]`, errors);
  validateBehavior(behavior?.scaleUp, 'spec.behavior.scaleUp', errors);
  validateBehavior(behavior?.scaleDown, 'spec.behavior.scaleDown', errors);
}
