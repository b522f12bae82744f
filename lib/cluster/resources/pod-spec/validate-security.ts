// The rules of security contexts, of a pod and of a container.
import type { FieldErrors } from '../validation/field-errors';
import { GoValue } from '../validation/field-errors';
import { between, type Part } from '../validation/values';

const MAX_ID = 2_147_483_647;

const ids = (context: Part, names: readonly string[], at: string, errors: FieldErrors): void => {
  for (const name of names) between(context[name], 0, MAX_ID, `${at}.${name}`, errors);
};

export function validatePodSecurity(spec: Part, at: string, errors: FieldErrors): void {
  const context: Part = spec['securityContext'] ?? {};
  const field = `${at}.securityContext`;
  if (spec['shareProcessNamespace'] && spec['hostPID'])
    errors.invalid(`${at}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled');
  ids(context, ['fsGroup', 'runAsUser', 'runAsGroup'], field, errors);
  for (const [i, group] of ((context['supplementalGroups'] ?? []) as number[]).entries())
    between(group, 0, MAX_ID, `${field}.supplementalGroups[${i}]`, errors);
  const policy = context['fsGroupChangePolicy'];
  if (policy !== undefined && !['Always', 'OnRootMismatch'].includes(policy))
    errors.notSupported(`${field}.fsGroupChangePolicy`, policy, ['Always', 'OnRootMismatch']);
  validateSeccomp(context['seccompProfile'], `${field}.seccompProfile`, errors);
}

function validateSeccomp(profile: Part | undefined, at: string, errors: FieldErrors): void {
  if (!profile) return;
  const { type = '', localhostProfile } = profile;
  if (!type) errors.required(`${at}.type`, 'type is required when seccompProfile is set');
  else if (!['Localhost', 'RuntimeDefault', 'Unconfined'].includes(type))
    errors.notSupported(`${at}.type`, type, ['Localhost', 'RuntimeDefault', 'Unconfined']);
  if (type === 'Localhost' && !localhostProfile)
    errors.required(`${at}.localhostProfile`, 'must be set when seccomp type is Localhost');
  else if (type !== 'Localhost' && localhostProfile)
    errors.invalid(`${at}.localhostProfile`, localhostProfile, 'can only be set when seccomp type is Localhost');
}

export function validateContainerSecurity(context: Part | undefined, at: string, errors: FieldErrors): void {
  if (!context) return;
  ids(context, ['runAsUser', 'runAsGroup'], at, errors);
  validateSeccomp(context['seccompProfile'], `${at}.seccompProfile`, errors);
  if (context['allowPrivilegeEscalation'] !== false) return;
  // DIFFERS: the real server prints its Go structure of the whole context, with memory addresses.
  const shown = new GoValue('core.SecurityContext{…}');
  if (context['privileged'])
    errors.invalid(at, shown, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
  if (((context['capabilities']?.add ?? []) as string[]).includes('CAP_SYS_ADMIN'))
    errors.invalid(at, shown, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN');
}
