// The rules of a pod's containers of every kind: validateContainers, validateInitContainers, validateEphemeralContainers.
import type { FieldErrors } from '../validation/field-errors';
import { dnsLabel, portName, portNumber } from '../validation/names';
import { oneOf, type Part, partsOf } from '../validation/values';
import { validateEnv, validateEnvFrom } from './validate-env';
import { validateProbes } from './validate-probes';
import { validateResources } from './validate-resources';
import { validateContainerSecurity } from './validate-security';
import { validateDescending } from './validate-volumes';

/** What the rules need to know of the pod around a container. */
interface Around {
  volumes: ReadonlySet<string>;
  /** terminationGracePeriodSeconds. */
  grace: number;
}

function validatePorts(ports: unknown, at: string, errors: FieldErrors): void {
  const names = new Set<string>();
  for (const [i, { name, containerPort, hostPort, protocol }] of partsOf(ports).entries()) {
    const field = `${at}[${i}]`;
    if (name) {
      const problems = portName(name);
      for (const problem of problems) errors.invalid(`${field}.name`, name, problem);
      if (problems.length === 0 && names.has(name)) errors.duplicate(`${field}.name`, name);
      names.add(name);
    }
    if (!containerPort) errors.required(`${field}.containerPort`);
    else
      for (const problem of portNumber(containerPort)) errors.invalid(`${field}.containerPort`, containerPort, problem);
    if (hostPort) for (const problem of portNumber(hostPort)) errors.invalid(`${field}.hostPort`, hostPort, problem);
    oneOf(protocol, ['SCTP', 'TCP', 'UDP'], `${field}.protocol`, errors);
  }
}

function validateMounts(container: Part, at: string, volumes: ReadonlySet<string>, errors: FieldErrors): void {
  const paths = new Set<string>();
  const devices = partsOf(container['volumeDevices']);
  const list = `${at}.volumeMounts`;
  for (const [i, { name = '', mountPath = '', subPath, subPathExpr }] of partsOf(container['volumeMounts']).entries()) {
    const field = `${list}[${i}]`;
    if (!name) errors.required(`${field}.name`);
    if (!volumes.has(name)) errors.notFound(`${field}.name`, name);
    if (!mountPath) errors.required(`${field}.mountPath`);
    if (paths.has(mountPath)) errors.invalid(`${field}.mountPath`, mountPath, 'must be unique');
    paths.add(mountPath);
    if (devices.some((each) => each['name'] === name))
      errors.invalid(`${field}.name`, name, 'must not already exist in volumeDevices');
    if (devices.some((each) => each['devicePath'] === mountPath))
      errors.invalid(`${field}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices');
    if (subPath) validateDescending(subPath, `${list}.subPath`, errors); // the real server names no index here
    if (!subPathExpr) continue;
    if (subPath) errors.invalid(`${field}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive');
    validateDescending(subPathExpr, `${list}.subPathExpr`, errors);
  }
}

function validateCommon(container: Part, at: string, { volumes }: Around, errors: FieldErrors): void {
  if (!container['name']) errors.required(`${at}.name`);
  else for (const problem of dnsLabel(container['name'])) errors.invalid(`${at}.name`, container['name'], problem);
  if (!container['image']) errors.required(`${at}.image`);
  oneOf(
    container['terminationMessagePolicy'],
    ['File', 'FallbackToLogsOnError'],
    `${at}.terminationMessagePolicy`,
    errors,
  );
  validatePorts(container['ports'], `${at}.ports`, errors);
  validateEnv(container['env'], `${at}.env`, errors);
  validateEnvFrom(container['envFrom'], `${at}.envFrom`, errors);
  validateMounts(container, at, volumes, errors);
  oneOf(container['imagePullPolicy'], ['Always', 'IfNotPresent', 'Never'], `${at}.imagePullPolicy`, errors);
  validateResources(container['resources'] ?? {}, `${at}.resources`, errors);
  validateContainerSecurity(container['securityContext'], `${at}.securityContext`, errors);
}

/** Host ports must differ among containers that run at the same time. */
function validateHostPorts(containers: readonly (readonly [number, Part])[], at: string, errors: FieldErrors): void {
  const taken = new Set<string>();
  for (const [i, container] of containers)
    for (const [j, { hostPort, hostIP = '', protocol }] of partsOf(container['ports']).entries()) {
      if (!hostPort) continue;
      const port = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(port)) errors.duplicate(`${at}[${i}].ports[${j}].hostPort`, port);
      taken.add(port);
    }
}

const RUNNING_ONLY = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'];

function validateMain(containers: Part[], at: string, around: Around, errors: FieldErrors): void {
  if (containers.length === 0) return errors.required(at);
  const names = new Set<string>();
  for (const [i, container] of containers.entries()) {
    const field = `${at}[${i}]`;
    validateCommon(container, field, around, errors);
    if (names.has(container['name'])) errors.duplicate(`${field}.name`, container['name']);
    names.add(container['name']);
    validateProbes(container, around.grace, field, errors);
    if (container['restartPolicy'] !== undefined)
      errors.forbidden(`${field}.restartPolicy`, 'may not be set for non-init containers');
  }
  validateHostPorts([...containers.entries()], at, errors);
}

function validateInit(containers: Part[], at: string, names: Set<string>, around: Around, errors: FieldErrors): void {
  for (const [i, container] of containers.entries()) {
    const field = `${at}[${i}]`;
    const { name, restartPolicy } = container;
    validateCommon(container, field, around, errors);
    if (restartPolicy !== undefined && restartPolicy !== 'Always')
      errors.notSupported(`${field}.restartPolicy`, restartPolicy, ['Always']);
    if (name && names.has(name)) errors.duplicate(`${field}.name`, name);
    names.add(name);
    validateHostPorts([[i, container]], at, errors);
    if (restartPolicy === 'Always') validateProbes(container, around.grace, field, errors);
    else
      for (const part of RUNNING_ONLY)
        if (container[part])
          errors.forbidden(`${field}.${part}`, 'may not be set for init containers without restartPolicy=Always');
  }
}

const NOT_EPHEMERAL = ['ports', ...RUNNING_ONLY, 'resources', 'resizePolicy', 'restartPolicy'];

function validateEphemeral(spec: Part, at: string, names: Set<string>, around: Around, errors: FieldErrors): void {
  for (const [i, container] of partsOf(spec['ephemeralContainers']).entries()) {
    const field = `${at}[${i}]`;
    const { name, targetContainerName } = container;
    validateCommon(container, field, around, errors);
    if (names.has(name)) errors.duplicate(`${field}.name`, name);
    else if (targetContainerName && !names.has(targetContainerName))
      errors.notFound(`${field}.targetContainerName`, targetContainerName);
    names.add(name);
    for (const part of NOT_EPHEMERAL)
      if (Object.keys(container[part] ?? {}).length > 0)
        errors.forbidden(`${field}.${part}`, 'cannot be set for an Ephemeral Container');
  }
}

export function validateContainers(spec: Part, at: string, volumes: ReadonlySet<string>, errors: FieldErrors): void {
  const around = { volumes, grace: spec['terminationGracePeriodSeconds'] ?? 0 };
  const main = partsOf(spec['containers']);
  const names = new Set(main.map(({ name }) => name as string));
  validateMain(main, `${at}.containers`, around, errors);
  validateInit(partsOf(spec['initContainers']), `${at}.initContainers`, names, around, errors);
  validateEphemeral(spec, `${at}.ephemeralContainers`, names, around, errors);
}
