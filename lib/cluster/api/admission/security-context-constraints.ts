// OpenShift gives each pod the first security context constraint that its creator or its service account may use and that
// takes it, and fills in what that constraint sets: openshift/apiserver-library-go pkg/securitycontextconstraints.
import { Authorizer } from '../../auth/authorizer';
import type { Context, UserInfo } from '../../resources/definition';
import { forbidden } from '../../store/errors';
import type { ObjectStore } from '../../store/store';
import type { KubeObject } from '../../store/types';
import type { Plugin } from './admission';

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod's specification, already shaped by the schema
type Part = Record<string, any>;

const SCC = 'openshift.io/scc';
const UID_RANGE = 'openshift.io/sa.scc.uid-range';
const GROUPS = 'openshift.io/sa.scc.supplemental-groups';
const MCS = 'openshift.io/sa.scc.mcs';

/** DIFFERS: the platform's own namespaces are left alone; the real ones are bound to the constraints they need. */
const PLATFORM = /^(default|kube-.*|openshift|openshift-.*)$/;

/** In the order in which they are tried: by priority, then from the most to the least restrictive. */
const ORDER = [
  'anyuid',
  'restricted-v2',
  'restricted',
  'nonroot-v2',
  'nonroot',
  'hostmount-anyuid',
  'hostnetwork-v2',
  'hostnetwork',
  'hostaccess',
  'privileged',
] as const;
type Name = (typeof ORDER)[number];

const HOST_NETWORK = new Set<Name>(['hostnetwork-v2', 'hostnetwork', 'hostaccess', 'privileged']);
const HOST_PATH = new Set<Name>(['hostmount-anyuid', 'hostaccess', 'privileged']);
const ANY_USER = new Set<Name>(['anyuid', 'hostmount-anyuid', 'privileged']);
const ANY_GROUP = new Set<Name>([...ANY_USER, 'nonroot-v2', 'nonroot']);

/** The user of the control plane's own writes. */
const CONTROL_PLANE = 'system:apiserver';

const authorizers = new WeakMap<ObjectStore, Authorizer>();

function authorizerOf(store: ObjectStore): Authorizer {
  let authorizer = authorizers.get(store);
  if (!authorizer) authorizers.set(store, (authorizer = new Authorizer(store)));
  return authorizer;
}

function mayUse(name: Name, users: readonly UserInfo[], namespace: string, store: ObjectStore): boolean {
  const access = {
    verb: 'use',
    group: 'security.openshift.io',
    resource: 'securitycontextconstraints',
    name,
    namespace,
  };
  return users.some((user) => authorizerOf(store).allows(user, access));
}

export const serviceAccountUser = (namespace: string, name: string): UserInfo => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});

const containersOf = (spec: Part): Part[] => [...(spec['initContainers'] ?? []), ...(spec['containers'] ?? [])];

/** Containers with the path that messages give them. */
const placed = (spec: Part): [at: string, container: Part][] =>
  ['initContainers', 'containers'].flatMap((list) =>
    ((spec[list] ?? []) as Part[]).map((container, i): [string, Part] => [`.${list}[${i}]`, container]),
  );

const rangeOf = (text: string | undefined): [number, number] | undefined => {
  const [first, size] = (text ?? '').split('/').map(Number);
  return Number.isInteger(first) && Number.isInteger(size)
    ? [first as number, (first as number) + (size as number) - 1]
    : undefined;
};

/** Why a constraint does not take a pod, in the real words. */
function problems(name: Name, spec: Part, uids: [number, number] | undefined): string[] {
  const found: string[] = [];
  const say = (text: string) => found.push(`provider ${name}: ${text}`);
  if (spec['hostNetwork'] && !HOST_NETWORK.has(name))
    say('.spec.securityContext.hostNetwork: Invalid value: true: Host network is not allowed to be used');
  for (const part of ['hostPID', 'hostIPC'])
    if (spec[part] && name !== 'privileged' && name !== 'hostaccess')
      say(`.spec.securityContext.${part}: Invalid value: true: Host ${part.slice(4)} is not allowed to be used`);
  for (const [i, volume] of ((spec['volumes'] ?? []) as Part[]).entries())
    if (volume['hostPath'] && !HOST_PATH.has(name))
      say(`spec.volumes[${i}]: Invalid value: "hostPath": hostPath volumes are not allowed to be used`);
  const { fsGroup, runAsUser: shared } = spec['securityContext'] ?? {};
  if (fsGroup !== undefined && !ANY_GROUP.has(name) && uids && (fsGroup < uids[0] || fsGroup > uids[1]))
    say(`.spec.securityContext.fsGroup: Invalid value: []int64{${fsGroup}}: ${fsGroup} is not an allowed group`);
  for (const [at, container] of placed(spec)) {
    const own = container['securityContext'] ?? {};
    if (own.privileged && name !== 'privileged')
      say(`${at}.privileged: Invalid value: true: Privileged containers are not allowed`);
    if (own.allowPrivilegeEscalation === true && name.endsWith('-v2'))
      say(
        `${at}.allowPrivilegeEscalation: Invalid value: true: Allowing privilege escalation for containers is not allowed`,
      );
    for (const capability of own.capabilities?.add ?? [])
      if (name !== 'privileged' && !(name.endsWith('-v2') && capability === 'NET_BIND_SERVICE'))
        say(`${at}.capabilities.add: Invalid value: "${capability}": capability may not be added`);
    const problem = userProblem(name, own.runAsUser ?? shared, uids);
    if (problem) say(`${at}.runAsUser: ${problem}`);
    for (const { hostPort } of (container['ports'] ?? []) as Part[])
      if (hostPort && !HOST_NETWORK.has(name))
        say(`${at}${at}.hostPort: Invalid value: ${hostPort}: Host ports are not allowed to be used`);
  }
  return found;
}

function userProblem(name: Name, user: number | undefined, uids: [number, number] | undefined): string | undefined {
  if (user === undefined || ANY_USER.has(name)) return undefined;
  if (name.startsWith('nonroot'))
    return user === 0 ? `Invalid value: ${user}: running with the root UID is forbidden` : undefined;
  if (!uids || (user >= uids[0] && user <= uids[1])) return undefined;
  return `Invalid value: ${user}: must be in the ranges: [${uids.join(', ')}]`;
}

/** What the constraint sets where the pod says nothing. */
function fill(name: Name, spec: Part, annotations: Record<string, string>): void {
  if (name === 'privileged') return;
  const shared = (spec['securityContext'] ??= {});
  if (annotations[MCS]) shared.seLinuxOptions ??= { level: annotations[MCS] };
  const group = rangeOf(annotations[GROUPS])?.[0];
  if (!ANY_USER.has(name) && group !== undefined) shared.fsGroup ??= group;
  if (name.endsWith('-v2')) shared.seccompProfile ??= { type: 'RuntimeDefault' };
  const uid = rangeOf(annotations[UID_RANGE])?.[0];
  for (const container of containersOf(spec)) {
    const own = (container['securityContext'] ??= {});
    if (ANY_USER.has(name)) own.capabilities ??= { drop: ['MKNOD'] };
    else {
      if (name.endsWith('-v2')) {
        own.allowPrivilegeEscalation ??= false;
        own.capabilities ??= { drop: ['ALL'] };
        own.runAsNonRoot ??= true;
      } else own.capabilities ??= { drop: ['KILL', 'MKNOD', 'SETGID', 'SETUID'] };
      if (uid !== undefined && shared.runAsUser === undefined && !name.startsWith('nonroot')) own.runAsUser ??= uid;
    }
  }
}

/** The first constraint that one of the users may use and that takes the pod, or why there is none. */
function choose(
  pod: KubeObject,
  users: readonly UserInfo[],
  annotations: Record<string, string>,
  store: ObjectStore,
): Name | string[] {
  const refusals: string[] = [];
  for (const each of ORDER) {
    if (!mayUse(each, users, pod.metadata.namespace ?? '', store)) {
      refusals.push(`provider "${each}": Forbidden: not usable by user or serviceaccount`);
      continue;
    }
    const found = problems(each, pod['spec'], rangeOf(annotations[UID_RANGE]));
    if (found.length === 0) return each;
    refusals.push(...found);
  }
  return refusals;
}

/** The constraint that a pod of one of the users would get in a namespace, and the pod's specification with it. */
export function constraintFor(
  spec: Part,
  users: readonly UserInfo[],
  namespace: string,
  store: ObjectStore,
): { name: string; spec: Part } | undefined {
  const annotations = store.get('namespaces', undefined, namespace)?.metadata.annotations ?? {};
  const pod = { metadata: { namespace }, spec: structuredClone(spec) } as unknown as KubeObject;
  const name = choose(pod, users, annotations, store);
  if (typeof name !== 'string') return undefined;
  fill(name, pod['spec'], annotations);
  return { name, spec: pod['spec'] };
}

/** Throws Forbidden. The control plane asks for itself only what the pod's service account may not use. */
function constraintOf(pod: KubeObject, annotations: Record<string, string>, { store, user }: Context): Name {
  const account = serviceAccountUser(pod.metadata.namespace ?? '', pod['spec'].serviceAccountName ?? 'default');
  const own = user.name === CONTROL_PLANE;
  const chosen = choose(pod, own ? [account] : [user, account], annotations, store);
  if (typeof chosen === 'string') return chosen;
  const second = own ? choose(pod, [user], annotations, store) : chosen;
  if (typeof second === 'string') return second;
  throw forbidden(
    'pods',
    pod.metadata.name ?? '',
    `unable to validate against any security context constraint: [${chosen.join(', ')}]`,
  );
}

/** Only where a namespace has been given its ranges: the controller does that as soon as one is made. */
export const securityContextConstraints: Plugin = ({ operation, resource, object, subresource }, context) => {
  if (operation !== 'CREATE' || resource !== 'pods' || subresource || context.settings.profile !== 'openshift') return;
  const { namespace = '' } = object.metadata;
  const annotations = context.store.get('namespaces', undefined, namespace)?.metadata.annotations ?? {};
  if (PLATFORM.test(namespace) || !annotations[UID_RANGE]) return;
  const name = constraintOf(object, annotations, context);
  fill(name, object['spec'], annotations);
  const seccomp = name.endsWith('-v2') ? { 'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default' } : {};
  object.metadata.annotations = { ...object.metadata.annotations, [SCC]: name, ...seccomp };
};
