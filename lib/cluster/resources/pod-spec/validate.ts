// The rules of a pod's specification: pkg/apis/core/validation/validation.go.
import { quantityValue } from '../quantity';
import type { FieldErrors } from '../validation/field-errors';
import { validateLabels, validateSelector } from '../validation/metadata';
import { dnsLabel, dnsSubdomain, envName, portName, portNumber, qualifiedName } from '../validation/names';
import { validateProbes } from './validate-probes';
import { validateVolumes } from './validate-volumes';

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod's specification, already shaped by the schema
export type Part = Record<string, any>;

export const oneOf = (value: unknown, allowed: readonly string[], field: string, errors: FieldErrors): void => {
  if (!allowed.includes(value as string)) errors.notSupported(field, value ?? '', allowed);
};

export const nonNegative = (value: unknown, field: string, errors: FieldErrors): void => {
  if (typeof value === 'number' && value < 0) errors.invalid(field, value, 'must be greater than or equal to 0');
};

function validatePorts(ports: Part[], at: string, errors: FieldErrors): void {
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const field = `${at}[${i}]`;
    if (port['name']) {
      for (const problem of portName(port['name'])) errors.invalid(`${field}.name`, port['name'], problem);
      if (names.has(port['name'])) errors.duplicate(`${field}.name`, port['name']);
      names.add(port['name']);
    }
    if (!port['containerPort']) errors.required(`${field}.containerPort`);
    else
      for (const problem of portNumber(port['containerPort']))
        errors.invalid(`${field}.containerPort`, port['containerPort'], problem);
    if (port['hostPort'])
      for (const problem of portNumber(port['hostPort']))
        errors.invalid(`${field}.hostPort`, port['hostPort'], problem);
    oneOf(port['protocol'], ['SCTP', 'TCP', 'UDP'], `${field}.protocol`, errors);
  }
}

function validateEnvSource(env: Part, at: string, errors: FieldErrors): void {
  const source: Part = env['valueFrom'];
  const kinds = Object.keys(source);
  if (kinds.length === 0)
    errors.invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`');
  if (env['value'] && kinds.length > 0) errors.invalid(at, '', 'may not be specified when `value` is not empty');
  if (kinds.length > 1) errors.invalid(at, '', 'may not have more than one field specified at a time');
  for (const kind of ['configMapKeyRef', 'secretKeyRef']) {
    if (!source[kind]) continue;
    if (!source[kind].name) errors.required(`${at}.${kind}.name`);
    if (!source[kind].key) errors.required(`${at}.${kind}.key`);
  }
}

function validateEnv(container: Part, at: string, errors: FieldErrors): void {
  for (const [i, env] of ((container['env'] ?? []) as Part[]).entries()) {
    if (!env['name']) errors.required(`${at}.env[${i}].name`);
    else for (const problem of envName(env['name'])) errors.invalid(`${at}.env[${i}].name`, env['name'], problem);
    if (env['valueFrom']) validateEnvSource(env, `${at}.env[${i}].valueFrom`, errors);
  }
  for (const [i, from] of ((container['envFrom'] ?? []) as Part[]).entries()) {
    const field = `${at}.envFrom[${i}]`;
    const sources = ['configMapRef', 'secretRef'].filter((kind) => from[kind]);
    if (sources.length === 0) errors.invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`');
    if (sources.length > 1) errors.invalid(field, '', 'may not have more than one field specified at a time');
    for (const kind of sources) if (!from[kind].name) errors.required(`${field}.${kind}.name`);
  }
}

const BARE_RESOURCES = new Set(['cpu', 'memory', 'ephemeral-storage']);

function validateResources(resources: Part, at: string, errors: FieldErrors): void {
  for (const list of ['limits', 'requests'] as const)
    for (const [name, value] of Object.entries(resources[list] ?? {}) as [string, string][]) {
      const field = `${at}.${list}[${name}]`;
      for (const problem of qualifiedName(name)) errors.invalid(`${at}.${list}`, name, problem);
      if (!name.includes('/') && !BARE_RESOURCES.has(name) && !name.startsWith('hugepages-'))
        errors.invalid(`${at}.${list}[${name}]`, name, 'must be a standard resource for containers');
      if (quantityValue(value) < 0) errors.invalid(field, value, 'must be greater than or equal to 0');
    }
  for (const [name, limit] of Object.entries(resources['limits'] ?? {}) as [string, string][]) {
    const request = resources['requests']?.[name];
    if (request !== undefined && quantityValue(request) > quantityValue(limit))
      errors.invalid(`${at}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`);
  }
}

function validateMounts(container: Part, at: string, volumes: ReadonlySet<string>, errors: FieldErrors): void {
  const paths = new Set<string>();
  for (const [i, mount] of ((container['volumeMounts'] ?? []) as Part[]).entries()) {
    const field = `${at}.volumeMounts[${i}]`;
    if (!mount['name']) errors.required(`${field}.name`);
    else if (!volumes.has(mount['name'])) errors.notFound(`${field}.name`, mount['name']);
    if (!mount['mountPath']) errors.required(`${field}.mountPath`);
    else if (paths.has(mount['mountPath'])) errors.invalid(`${field}.mountPath`, mount['mountPath'], 'must be unique');
    paths.add(mount['mountPath']);
    if (mount['subPath']?.startsWith('/'))
      errors.invalid(`${field}.subPath`, mount['subPath'], 'must be a relative path');
  }
}

function validateContainer(container: Part, at: string, volumes: ReadonlySet<string>, errors: FieldErrors): void {
  if (!container['name']) errors.required(`${at}.name`);
  else for (const problem of dnsLabel(container['name'])) errors.invalid(`${at}.name`, container['name'], problem);
  if (!container['image']) errors.required(`${at}.image`);
  else if (container['image'] !== container['image'].trim())
    errors.invalid(`${at}.image`, container['image'], 'must not have leading or trailing whitespace');
  validateProbes(container, at, errors);
  oneOf(
    container['terminationMessagePolicy'],
    ['FallbackToLogsOnError', 'File'],
    `${at}.terminationMessagePolicy`,
    errors,
  );
  validatePorts(container['ports'] ?? [], `${at}.ports`, errors);
  validateEnv(container, at, errors);
  validateMounts(container, at, volumes, errors);
  oneOf(container['imagePullPolicy'], ['Always', 'IfNotPresent', 'Never'], `${at}.imagePullPolicy`, errors);
  validateResources(container['resources'] ?? {}, `${at}.resources`, errors);
}

const LIFECYCLE_ONLY = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'];

function validateContainers(spec: Part, at: string, volumes: ReadonlySet<string>, errors: FieldErrors): void {
  const names = new Set<string>();
  const each = (list: string) => {
    for (const [i, container] of ((spec[list] ?? []) as Part[]).entries()) {
      const field = `${at}.${list}[${i}]`;
      validateContainer(container, field, volumes, errors);
      if (container['name'] && names.has(container['name'])) errors.duplicate(`${field}.name`, container['name']);
      names.add(container['name']);
      if (list !== 'initContainers') continue;
      if (container['restartPolicy'] && container['restartPolicy'] !== 'Always')
        errors.notSupported(`${field}.restartPolicy`, container['restartPolicy'], ['Always']);
      if (!container['restartPolicy'])
        for (const part of LIFECYCLE_ONLY)
          if (container[part])
            errors.forbidden(`${field}.${part}`, 'may not be set for init containers without restartPolicy=Always');
    }
  };
  if ((spec['containers'] ?? []).length === 0) errors.required(`${at}.containers`);
  each('containers');
  each('initContainers');
  each('ephemeralContainers');
}

function validateTolerations(tolerations: Part[], at: string, errors: FieldErrors): void {
  for (const [i, t] of tolerations.entries()) {
    const field = `${at}[${i}]`;
    if (t['key']) for (const problem of qualifiedName(t['key'])) errors.invalid(`${field}.key`, t['key'], problem);
    else if (t['operator'] !== 'Exists')
      errors.invalid(
        `${field}.operator`,
        t['operator'] ?? '',
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    if (t['operator'] && t['operator'] !== 'Equal' && t['operator'] !== 'Exists')
      errors.notSupported(`${field}.operator`, t['operator'], ['Equal', 'Exists']);
    if (t['operator'] === 'Exists' && t['value'])
      errors.invalid(`${field}.operator`, t['value'], "value must be empty when `operator` is 'Exists'");
    if (t['effect']) oneOf(t['effect'], ['NoSchedule', 'PreferNoSchedule', 'NoExecute'], `${field}.effect`, errors);
    if (t['tolerationSeconds'] !== undefined && t['effect'] !== 'NoExecute')
      errors.invalid(
        `${field}.effect`,
        t['effect'] ?? '',
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
      );
  }
}

function validateAffinity(affinity: Part, at: string, errors: FieldErrors): void {
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const required: Part[] = affinity[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const [i, term] of required.entries()) {
      const field = `${at}.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`;
      if (!term['topologyKey']) errors.required(`${field}.topologyKey`, 'can not be empty');
      validateSelector(term['labelSelector'], `${field}.labelSelector`, errors);
    }
  }
  const terms: Part[] | undefined =
    affinity['nodeAffinity']?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms?.length === 0)
    errors.required(
      `${at}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
      'must have at least one node selector term',
    );
}

/** `at` is the path of the specification: `spec`, `spec.template.spec`. */
export function validatePodSpec(spec: Part, at: string, errors: FieldErrors): void {
  const volumes = validateVolumes(spec['volumes'] ?? [], `${at}.volumes`, errors);
  validateContainers(spec, at, volumes, errors);
  oneOf(spec['restartPolicy'], ['Always', 'OnFailure', 'Never'], `${at}.restartPolicy`, errors);
  oneOf(spec['dnsPolicy'], ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], `${at}.dnsPolicy`, errors);
  if (spec['dnsPolicy'] === 'None' && !spec['dnsConfig']?.nameservers?.length)
    errors.required(`${at}.dnsConfig.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None');
  validateLabels(spec['nodeSelector'], `${at}.nodeSelector`, errors);
  nonNegative(spec['terminationGracePeriodSeconds'], `${at}.terminationGracePeriodSeconds`, errors);
  if (spec['activeDeadlineSeconds'] !== undefined && spec['activeDeadlineSeconds'] < 1)
    errors.invalid(
      `${at}.activeDeadlineSeconds`,
      spec['activeDeadlineSeconds'],
      'must be between 1 and 2147483647, inclusive',
    );
  if (spec['serviceAccountName'])
    for (const problem of dnsSubdomain(spec['serviceAccountName']))
      errors.invalid(`${at}.serviceAccountName`, spec['serviceAccountName'], problem);
  if (spec['nodeName'])
    for (const problem of dnsSubdomain(spec['nodeName'])) errors.invalid(`${at}.nodeName`, spec['nodeName'], problem);
  for (const part of ['hostname', 'subdomain'])
    if (spec[part]) for (const problem of dnsLabel(spec[part])) errors.invalid(`${at}.${part}`, spec[part], problem);
  if (spec['affinity']) validateAffinity(spec['affinity'], `${at}.affinity`, errors);
  validateTolerations(spec['tolerations'] ?? [], `${at}.tolerations`, errors);
  for (const [i, constraint] of ((spec['topologySpreadConstraints'] ?? []) as Part[]).entries()) {
    const field = `${at}.topologySpreadConstraints[${i}]`;
    if (!(constraint['maxSkew'] > 0))
      errors.invalid(`${field}.maxSkew`, constraint['maxSkew'], 'must be greater than zero');
    if (!constraint['topologyKey']) errors.required(`${field}.topologyKey`, 'can not be empty');
    oneOf(constraint['whenUnsatisfiable'], ['DoNotSchedule', 'ScheduleAnyway'], `${field}.whenUnsatisfiable`, errors);
  }
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
  const policy = template['spec']?.restartPolicy;
  if (['Always', 'OnFailure', 'Never'].includes(policy) && !policies.includes(policy))
    errors.notSupported(`${at}.template.spec.restartPolicy`, policy, policies);
  if (policies.includes('Always') && template['spec']?.activeDeadlineSeconds !== undefined)
    errors.forbidden(
      `${at}.template.spec.activeDeadlineSeconds`,
      'activeDeadlineSeconds in ReplicaSet is not Supported',
    );
}
