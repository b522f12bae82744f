import { expect, it } from 'vitest';
import { createRoles } from '../../auth/roles';
import { Client } from '../client';
import { openWorld } from '../testing/world';

const RANGES = {
  'openshift.io/sa.scc.uid-range': '1000680000/10000',
  'openshift.io/sa.scc.supplemental-groups': '1000680000/10000',
  'openshift.io/sa.scc.mcs': 's0:c26,c15',
};
const developer = { name: 'developer', groups: ['system:authenticated', 'system:authenticated:oauth'] };
const admin = { name: 'admin', groups: ['system:masters'] };
const pod = (extra: object = {}, container: object = {}) => ({
  metadata: { name: 'p', namespace: 't1' },
  spec: { containers: [{ name: 'c', image: 'i', ...container }], ...extra },
});

function open() {
  const { operations } = openWorld({ settings: { profile: 'openshift' } });
  createRoles(new Client(operations), 'openshift');
  operations.mutate('namespaces', undefined, 't1', (copy) => {
    copy.metadata.annotations = RANGES;
  });
  return operations;
}

it('restricts what a developer or a controller makes', () => {
  const made = open().create('pods', pod(), { user: developer });
  expect(made.metadata.annotations).toMatchObject({
    'openshift.io/scc': 'restricted-v2',
    'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
  });
  expect(made['spec'].securityContext).toEqual({
    seLinuxOptions: { level: 's0:c26,c15' },
    fsGroup: 1000680000,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(made['spec'].containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    runAsUser: 1000680000,
  });
});

it('lets administrators run as any user', () => {
  const made = open().create('pods', pod(), { user: admin });
  expect(made.metadata.annotations?.['openshift.io/scc']).toBe('anyuid');
  expect(made['spec'].containers[0].securityContext).toEqual({ capabilities: { drop: ['MKNOD'] } });
});

it('lets a service account use what it is bound to', () => {
  const operations = open();
  new Client(operations).create('rolebindings.rbac.authorization.k8s.io', {
    metadata: { name: 'any', namespace: 't1' },
    roleRef: { kind: 'ClusterRole', name: 'system:openshift:scc:anyuid' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 't1' }],
  });
  expect(
    operations.create('pods', pod({}, { securityContext: { runAsUser: 0 } }), { user: developer }).metadata
      .annotations?.['openshift.io/scc'],
  ).toBe('anyuid');
});

it.each([
  [
    { hostNetwork: true },
    {},
    'provider restricted-v2: .spec.securityContext.hostNetwork: Invalid value: true: Host network is not allowed to be used',
  ],
  [
    {},
    { securityContext: { privileged: true } },
    'provider restricted-v2: .containers[0].privileged: Invalid value: true: Privileged containers are not allowed',
  ],
  [
    {},
    { securityContext: { runAsUser: 0 } },
    'provider restricted-v2: .containers[0].runAsUser: Invalid value: 0: must be in the ranges: [1000680000, 1000689999]',
  ],
])('refuses %j %j', (extra, container, why) => {
  const act = () => open().create('pods', pod(extra, container), { user: developer });
  expect(act).toThrow(
    'pods "p" is forbidden: unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount, ',
  );
  expect(act).toThrow(why);
});
