// oc describe scc: oc pkg/helpers/describe/describer.go, describeSecurityContextConstraints.
import type { Dyn } from '../object';
import type { Writer } from './writer';

const orNone = (value: unknown): string =>
  value === undefined || value === null || value === '' ? '<none>' : `${value}`;
const list = (values: string[] | null | undefined): string => orNone(values?.join(','));
const ranges = (values: { min: number; max: number }[] | null | undefined): string =>
  list(values?.map(({ min, max }) => `${min}-${max}`));

export function describeConstraints(w: Writer, scc: Dyn): void {
  w.line(0, `Name:\t${scc.metadata.name}`).line(0, `Priority:\t${orNone(scc.priority)}`);
  w.line(0, 'Access:\t')
    .line(1, `Users:\t${list(scc.users)}`)
    .line(1, `Groups:\t${list(scc.groups)}`);
  w.line(0, 'Settings:\t');
  for (const [title, value] of settings(scc)) w.line(1, `${title}:\t${value}`);
  strategies(w, scc);
}

const settings = (scc: Dyn): [string, string][] => [
  ['Allow Privileged', `${scc.allowPrivilegedContainer ?? false}`],
  ['Allow Privilege Escalation', orNone(scc.allowPrivilegeEscalation)],
  ['Default Add Capabilities', list(scc.defaultAddCapabilities)],
  ['Required Drop Capabilities', list(scc.requiredDropCapabilities)],
  ['Allowed Capabilities', list(scc.allowedCapabilities)],
  ['Allowed Seccomp Profiles', list(scc.seccompProfiles)],
  ['Allowed Volume Types', list(scc.volumes)],
  [
    'Allowed Flexvolumes',
    scc.allowedFlexVolumes?.length ? list(scc.allowedFlexVolumes.map((one: Dyn) => `driver=${one.driver}`)) : '<all>',
  ],
  ['Allowed Unsafe Sysctls', list(scc.allowedUnsafeSysctls)],
  ['Forbidden Sysctls', list(scc.forbiddenSysctls)],
  ['Allow Host Network', `${scc.allowHostNetwork ?? false}`],
  ['Allow Host Ports', `${scc.allowHostPorts ?? false}`],
  ['Allow Host PID', `${scc.allowHostPID ?? false}`],
  ['Allow Host IPC', `${scc.allowHostIPC ?? false}`],
  ['Read Only Root Filesystem', `${scc.readOnlyRootFilesystem ?? false}`],
];

function strategies(
  w: Writer,
  { runAsUser = {}, seLinuxContext = {}, fsGroup = {}, supplementalGroups = {} }: Dyn,
): void {
  const { user, role, type, level } = seLinuxContext.seLinuxOptions ?? {};
  w.line(1, `Run As User Strategy: ${runAsUser.type}\t`);
  w.line(2, `UID:\t${orNone(runAsUser.uid)}`);
  w.line(2, `UID Range Min:\t${orNone(runAsUser.uidRangeMin)}`).line(
    2,
    `UID Range Max:\t${orNone(runAsUser.uidRangeMax)}`,
  );
  w.line(1, `SELinux Context Strategy: ${seLinuxContext.type}\t`);
  w.line(2, `User:\t${orNone(user)}`).line(2, `Role:\t${orNone(role)}`);
  w.line(2, `Type:\t${orNone(type)}`).line(2, `Level:\t${orNone(level)}`);
  w.line(1, `FSGroup Strategy: ${fsGroup.type}\t`).line(2, `Ranges:\t${ranges(fsGroup.ranges)}`);
  w.line(1, `Supplemental Groups Strategy: ${supplementalGroups.type}\t`);
  w.line(2, `Ranges:\t${ranges(supplementalGroups.ranges)}`);
}
