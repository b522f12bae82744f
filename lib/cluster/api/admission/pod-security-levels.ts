// The checks of the Pod Security Standards and the sentences for what breaks them.

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod's specification, already shaped by the schema
type Part = Record<string, any>;

const BASELINE_CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]); // prettier-ignore
const RESTRICTED_VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const quoted = (names: string[]) => names.map((name) => JSON.stringify(name)).join(', ');

/** `container "a"` or `containers "a", "b"`. */
const containersNamed = (list: Part[]) =>
  `${list.length > 1 ? 'containers' : 'container'} ${quoted(list.map((c) => c['name']))}`;

const added = (container: Part): string[] => container['securityContext']?.capabilities?.add ?? [];

function baseline(spec: Part, containers: Part[]): string[] {
  const list: string[] = [];
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => spec[key]).map((key) => `${key}=true`);
  if (shared.length > 0) list.push(`host namespaces (${shared.join(', ')})`);
  const paths = ((spec['volumes'] ?? []) as Part[]).filter((v) => v['hostPath']);
  if (paths.length > 0)
    list.push(`hostPath volumes (${paths.length > 1 ? 'volumes' : 'volume'} ${quoted(paths.map((v) => v['name']))})`);
  const privileged = containers.filter((c) => c['securityContext']?.privileged);
  if (privileged.length > 0)
    list.push(`privileged (${containersNamed(privileged)} must not set securityContext.privileged=true)`);
  const ports = containers.filter((c) => c['ports']?.some((p: Part) => p['hostPort']));
  if (ports.length > 0) {
    const numbers = ports.flatMap((c) => c['ports'].flatMap((p: Part) => (p['hostPort'] ? [p['hostPort']] : [])));
    list.push(
      `hostPort (${containersNamed(ports)} ${ports.length > 1 ? 'use' : 'uses'} ${numbers.length > 1 ? 'hostPorts' : 'hostPort'} ${numbers.join(', ')})`,
    );
  }
  const capable = containers.filter((c) => added(c).some((cap) => !BASELINE_CAPABILITIES.has(cap)));
  if (capable.length > 0) {
    const forbidden = [
      ...new Set(capable.flatMap((c) => added(c).filter((cap) => !BASELINE_CAPABILITIES.has(cap)))),
    ].sort();
    list.push(
      `non-default capabilities (${containersNamed(capable)} must not include ${quoted(forbidden)} in securityContext.capabilities.add)`,
    );
  }
  return list;
}

function restricted(spec: Part, containers: Part[]): string[] {
  const list: string[] = [];
  const escalating = containers.filter((c) => c['securityContext']?.allowPrivilegeEscalation !== false);
  if (escalating.length > 0)
    list.push(
      `allowPrivilegeEscalation != false (${containersNamed(escalating)} must set securityContext.allowPrivilegeEscalation=false)`,
    );
  const keeping = containers.filter((c) => !c['securityContext']?.capabilities?.drop?.includes('ALL'));
  const adding = containers.filter((c) => added(c).some((cap) => cap !== 'NET_BIND_SERVICE'));
  if (keeping.length + adding.length > 0) {
    const parts = [];
    if (keeping.length > 0)
      parts.push(`${containersNamed(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
    if (adding.length > 0)
      parts.push(
        `${containersNamed(adding)} must not include ${quoted([...new Set(adding.flatMap(added))].filter((cap) => cap !== 'NET_BIND_SERVICE').sort())} in securityContext.capabilities.add`,
      );
    list.push(`unrestricted capabilities (${parts.join('; ')})`);
  }
  const odd = ((spec['volumes'] ?? []) as Part[]).filter((v) =>
    Object.keys(v).some((key) => key !== 'name' && !RESTRICTED_VOLUMES.has(key)),
  );
  if (odd.length > 0) {
    const types = [...new Set(odd.flatMap((v) => Object.keys(v).filter((key) => key !== 'name')))].sort();
    list.push(
      `restricted volume types (${odd.length > 1 ? 'volumes' : 'volume'} ${quoted(odd.map((v) => v['name']))} ${odd.length > 1 ? 'use' : 'uses'} restricted volume ${types.length > 1 ? 'types' : 'type'} ${quoted(types)})`,
    );
  }
  list.push(...rootAndSeccomp(spec, containers));
  return list;
}

function rootAndSeccomp(spec: Part, containers: Part[]): string[] {
  const list: string[] = [];
  const podNonRoot = spec['securityContext']?.runAsNonRoot;
  const rooted = containers.filter((c) => !(c['securityContext']?.runAsNonRoot ?? podNonRoot));
  if (rooted.length > 0)
    list.push(`runAsNonRoot != true (pod or ${containersNamed(rooted)} must set securityContext.runAsNonRoot=true)`);
  const zero = containers.filter((c) => c['securityContext']?.runAsUser === 0);
  if (zero.length > 0) list.push(`runAsUser=0 (${containersNamed(zero)} must not set runAsUser=0)`);
  const podProfile = spec['securityContext']?.seccompProfile;
  const open = containers.filter(
    (c) => !['RuntimeDefault', 'Localhost'].includes((c['securityContext']?.seccompProfile ?? podProfile)?.type),
  );
  if (open.length > 0)
    list.push(
      `seccompProfile (pod or ${containersNamed(open)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
    );
  return list;
}

/** What a specification breaks at a level, as the real sentences. */
export function violations(spec: Part, level: 'baseline' | 'restricted'): string[] {
  const containers: Part[] = [
    ...(spec['initContainers'] ?? []),
    ...(spec['containers'] ?? []),
    ...(spec['ephemeralContainers'] ?? []),
  ];
  return [...baseline(spec, containers), ...(level === 'restricted' ? restricted(spec, containers) : [])];
}
