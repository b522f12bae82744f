// The rules of a pod's specification: pkg/apis/core/validation/validation.go, in its order.
import type { FieldErrors } from '../validation/field-errors';
import { BAD_IP, parseIP } from '../validation/ip';
import { validateLabels } from '../validation/metadata';
import { dnsLabel, dnsSubdomain, type NameRule } from '../validation/names';
import { between, oneOf, type Part, partsOf } from '../validation/values';
import { validateContainers } from './validate-container';
import { validateAffinity, validateGates, validateSpread, validateTolerations } from './validate-placement';
import { validatePodSecurity } from './validate-security';
import { validateVolumes } from './validate-volumes';

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_INT32 = 2_147_483_647;

const named = (value: string | undefined, rule: NameRule, field: string, errors: FieldErrors): void => {
  if (value) for (const problem of rule(value)) errors.invalid(field, value, problem);
};

function validateHostNetwork(spec: Part, at: string, errors: FieldErrors): void {
  if (!spec['hostNetwork']) return;
  for (const [i, container] of partsOf(spec['containers']).entries())
    for (const [j, { containerPort, hostPort }] of partsOf(container['ports']).entries())
      if (containerPort !== hostPort)
        errors.invalid(
          `${at}.containers[${i}].ports[${j}].containerPort`,
          containerPort,
          'must match `hostPort` when `hostNetwork` is true',
        );
}

function validateDns(spec: Part, at: string, errors: FieldErrors): void {
  const { dnsPolicy, dnsConfig } = spec;
  if (dnsPolicy === 'None' && !dnsConfig)
    return errors.required(at, 'must provide `dnsConfig` when `dnsPolicy` is None');
  if (!dnsConfig) return;
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  if (dnsPolicy === 'None' && nameservers.length === 0)
    return errors.required(`${at}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None');
  if (nameservers.length > MAX_NAMESERVERS)
    errors.invalid(`${at}.nameservers`, nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`);
  for (const [i, server] of (nameservers as string[]).entries())
    if (!parseIP(server)) errors.invalid(`${at}.nameservers[${i}]`, server, BAD_IP);
  if (searches.length > MAX_SEARCHES)
    errors.invalid(`${at}.searches`, searches, `must not have more than ${MAX_SEARCHES} search paths`);
  for (const [i, search] of (searches as string[]).entries())
    for (const problem of dnsSubdomain(search.replace(/\.$/, '')))
      errors.invalid(`${at}.searches[${i}]`, search, problem);
  for (const [i, { name }] of (options as Part[]).entries())
    if (!name) errors.required(`${at}.options[${i}]`, 'must not be empty');
}

function validateAliases(aliases: unknown, at: string, errors: FieldErrors): void {
  for (const [i, { ip = '', hostnames = [] }] of partsOf(aliases).entries()) {
    if (!parseIP(ip)) errors.invalid(`${at}[${i}].ip`, ip, BAD_IP);
    for (const [j, name] of (hostnames as string[]).entries())
      for (const problem of dnsSubdomain(name)) errors.invalid(`${at}[${i}].hostnames[${j}]`, name, problem);
  }
}

/** `at` is the path of the specification: `spec`, `spec.template.spec`. */
export function validatePodSpec(spec: Part, at: string, errors: FieldErrors): void {
  const volumes = validateVolumes(spec['volumes'], `${at}.volumes`, errors);
  validateContainers(spec, at, volumes, errors);
  validateHostNetwork(spec, at, errors);
  oneOf(spec['restartPolicy'], ['Always', 'OnFailure', 'Never'], `${at}.restartPolicy`, errors);
  oneOf(spec['dnsPolicy'], ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], `${at}.dnsPolicy`, errors);
  validateLabels(spec['nodeSelector'], `${at}.nodeSelector`, errors);
  validatePodSecurity(spec, at, errors);
  for (const [i, { name }] of partsOf(spec['imagePullSecrets']).entries())
    if (!name) errors.required(`${at}.imagePullSecrets[${i}].name`);
  if (spec['affinity']) validateAffinity(spec['affinity'], `${at}.affinity`, errors);
  validateDns(spec, `${at}.dnsConfig`, errors);
  validateGates(spec['schedulingGates'], `${at}.schedulingGates`, errors);
  validateSpread(spec['topologySpreadConstraints'], `${at}.topologySpreadConstraints`, errors);
  named(spec['serviceAccountName'], dnsSubdomain, `${at}.serviceAccountName`, errors);
  named(spec['nodeName'], dnsSubdomain, `${at}.nodeName`, errors);
  between(spec['activeDeadlineSeconds'], 1, MAX_INT32, `${at}.activeDeadlineSeconds`, errors);
  named(spec['hostname'], dnsLabel, `${at}.hostname`, errors);
  named(spec['subdomain'], dnsLabel, `${at}.subdomain`, errors);
  validateTolerations(spec['tolerations'], `${at}.tolerations`, errors);
  validateAliases(spec['hostAliases'], `${at}.hostAliases`, errors);
  named(spec['priorityClassName'], dnsSubdomain, `${at}.priorityClassName`, errors);
  named(spec['runtimeClassName'], dnsSubdomain, `${at}.runtimeClassName`, errors);
  const policy = spec['preemptionPolicy'];
  if (policy !== undefined) oneOf(policy, ['PreemptLowerPriority', 'Never'], `${at}.preemptionPolicy`, errors);
}

/** What pods are told and templates are not, when they are made. */
export function validatePodAlone(spec: Part, at: string, errors: FieldErrors): void {
  for (const list of ['containers', 'initContainers'])
    for (const [i, { image }] of partsOf(spec[list]).entries())
      if (image && image !== image.trim())
        errors.invalid(`${at}.${list}[${i}].image`, image, 'must not have leading or trailing whitespace');
}

/** A workload's template against its selector, and what templates may not say. */
export function validateTemplate(
  spec: Part,
  matches: boolean,
  at: string,
  errors: FieldErrors,
  policies: readonly string[] = ['Always'],
): void {
  const template: Part | undefined = spec['template'];
  if (!template) {
    errors.required(`${at}.template`);
    return;
  }
  if (!matches)
    errors.invalid(
      `${at}.template.metadata.labels`,
      template['metadata']?.labels ?? {},
      '`selector` does not match template `labels`',
    );
  validateLabels(template['metadata']?.labels, `${at}.template.labels`, errors);
  validatePodSpec(template['spec'] ?? {}, `${at}.template.spec`, errors);
  if (partsOf(template['spec']?.ephemeralContainers).length > 0)
    errors.forbidden(`${at}.template.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template');
  const policy = template['spec']?.restartPolicy;
  if (['Always', 'OnFailure', 'Never'].includes(policy) && !policies.includes(policy))
    errors.notSupported(`${at}.template.spec.restartPolicy`, policy, policies);
  if (policies.includes('Always') && template['spec']?.activeDeadlineSeconds !== undefined)
    errors.forbidden(
      `${at}.template.spec.activeDeadlineSeconds`,
      'activeDeadlineSeconds in ReplicaSet is not Supported',
    );
}
