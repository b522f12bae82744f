import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Client } from '../api/client';
import { equal } from '../api/json';
import type { Operations } from '../api/operations';
import { openWorld } from '../api/testing/world';
import { ClusterAuth } from './auth';
import { createRoles } from './roles';

const accounts = [
  { name: 'kubeadmin', password: 'secret', token: 'admin-token', groups: ['system:cluster-admins'] },
  { name: 'developer', password: 'developer' },
];

function open(profile: 'openshift' | 'kubernetes' = 'openshift') {
  const auth = (operations: Operations) => {
    createRoles(new Client(operations), operations.settings.profile);
    return new ClusterAuth({ operations, accounts });
  };
  const world = openWorld({ settings: { profile }, auth });
  const login = async (name: string, password: string) => {
    const reply = await world.call(
      'GET',
      '/oauth/authorize?response_type=token&client_id=openshift-challenging-client',
      {
        token: '',
        headers: { authorization: `Basic ${btoa(`${name}:${password}`)}`, 'x-csrf-token': '1' },
      },
    );
    return {
      status: reply.status,
      token: new URLSearchParams(String(reply.headers.location).split('#')[1]).get('access_token') ?? '',
    };
  };
  return { ...world, login };
}

describe('signing in', () => {
  it('gives a token for the right password, and it works', async () => {
    const world = open();
    const { status, token } = await world.login('developer', 'developer');
    expect([status, token.slice(0, 7)]).toEqual([302, 'sha256~']);
    expect((await world.call('GET', '/api/v1/namespaces/t1/pods', { token })).json.message).toBe(
      'pods is forbidden: User "developer" cannot list resource "pods" in API group "" in the namespace "t1"',
    );
  });

  it('challenges without credentials and refuses wrong ones', async () => {
    const world = open();
    const bare = await world.call('GET', '/oauth/authorize?client_id=openshift-challenging-client', {
      token: '',
      headers: { 'x-csrf-token': '1' },
    });
    expect([bare.status, bare.headers['www-authenticate']]).toEqual([401, 'Basic realm="openshift"']);
    expect((await world.login('developer', 'wrong')).status).toBe(401);
  });

  it('says where to sign in', async () => {
    const { json } = await open().call('GET', '/.well-known/oauth-authorization-server', { token: '' });
    expect(json.authorization_endpoint).toBe('https://127.0.0.1:6443/oauth/authorize');
  });
});

describe('tokens', () => {
  it.each([
    [
      'openshift',
      '',
      403,
      'namespaces is forbidden: User "system:anonymous" cannot list resource "namespaces" in API group "" at the cluster scope',
    ],
    ['kubernetes', '', 401, 'Unauthorized'],
    ['openshift', 'nonsense', 401, 'Unauthorized'],
    ['openshift', 'a.b.c', 401, 'Unauthorized'],
  ] as const)('%s with %j is answered %d', async (profile, token, status, message) => {
    const reply = await open(profile).call('GET', '/api/v1/namespaces', { token });
    expect([reply.status, reply.json.message]).toEqual([status, message]);
  });

  it('of service accounts are theirs until they expire or the account goes', async () => {
    const world = open();
    const auth = new ClusterAuth({ operations: world.operations, accounts: [] });
    const account = world.operations.store.getExisting('serviceaccounts', 't1', 'default');
    const token = auth.issueToken(
      't1',
      { name: 'default', uid: account.metadata.uid },
      600,
      ['https://kubernetes.default.svc'],
      undefined,
    );
    expect(auth.authenticator.byToken(token)).toMatchObject({
      name: 'system:serviceaccount:t1:default',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:t1', 'system:authenticated'],
    });
    expect(auth.authenticator.byToken(`${token}x`)).toBeUndefined();
    await world.clock.advance(601_000);
    expect(auth.authenticator.byToken(token)).toBeUndefined();
  });
});

describe('projects', () => {
  it('are seen by those who may see their namespace', async () => {
    const world = open();
    const { token } = await world.login('developer', 'developer');
    const names = async () =>
      (await world.call('GET', '/apis/project.openshift.io/v1/projects', { token })).json.items.map(
        (p: { metadata: { name: string } }) => p.metadata.name,
      );
    expect(await names()).toEqual([]);
    new Client(world.operations).create('rolebindings.rbac.authorization.k8s.io', {
      metadata: { name: 'admin', namespace: 't1' },
      roleRef: { kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'User', name: 'developer' }],
    });
    expect(await names()).toEqual(['t1']);
    const project = await world.call('GET', '/apis/project.openshift.io/v1/projects/t1', { token });
    expect(project.json).toMatchObject({
      kind: 'Project',
      apiVersion: 'project.openshift.io/v1',
      status: { phase: 'Active' },
    });
    expect((await world.call('GET', '/apis/project.openshift.io/v1/projects/default', { token })).json.message).toBe(
      'projects.project.openshift.io "default" is forbidden: User "developer" cannot get resource "projects" in API group "project.openshift.io" in the namespace "default"',
    );
    expect((await world.call('DELETE', '/apis/project.openshift.io/v1/projects/t1', { token })).status).toBe(200);
    expect(world.operations.store.get('namespaces', undefined, 't1')?.['status'].phase).toBe('Terminating');
  });
});

describe('acting as someone else', () => {
  it.each([
    ['admin-token', 200, undefined],
    [
      '',
      403,
      'users "jane" is forbidden: User "system:anonymous" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
  ] as const)('by %j is answered %d', async (token, status, message) => {
    const reply = await open().call('GET', '/api', { token, headers: { 'impersonate-user': 'jane' } });
    expect([reply.status, reply.json.message]).toEqual([status, message]);
  });
});

const rolesOf = 'clusterroles.rbac.authorization.k8s.io';

describe('roles', () => {
  it('made for view become part of view, edit and admin, and leave them again', async () => {
    const { operations } = open();
    const rules = [{ apiGroups: ['stable.example.com'], resources: ['crontabs'], verbs: ['get'] }];
    operations.create(rolesOf, {
      metadata: { name: 'crontabs', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      rules,
    });
    const holds = (name: string) =>
      operations.store.get(rolesOf, undefined, name)?.['rules'].some((rule: object) => equal(rule, rules[0]));
    expect(['view', 'edit', 'admin', 'cluster-reader'].map(holds)).toEqual([true, true, true, false]);
    operations.delete(rolesOf, undefined, 'crontabs');
    expect(['view', 'edit', 'admin'].map(holds)).toEqual([false, false, false]);
  });

  it('are given only by who holds them', async () => {
    const world = open();
    const { token } = await world.login('developer', 'developer');
    await world.call('POST', '/apis/project.openshift.io/v1/projectrequests', {
      token,
      body: { metadata: { name: 'mine' } },
    });
    const give = (role: string) =>
      world.call('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/mine/rolebindings', {
        token,
        body: {
          metadata: { name: role },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
          subjects: [{ kind: 'User', name: 'friend' }],
        },
      });
    expect((await give('view')).status).toBe(201);
    const refused = await give('cluster-admin');
    expect(refused.status).toBe(403);
    expect(refused.json.message).toMatch(/is attempting to grant RBAC permissions not currently held:\n/);
  });
});

describe('project requests', () => {
  it('make a namespace that the requester administers', async () => {
    const world = open();
    const { token } = await world.login('developer', 'developer');
    const body = { metadata: { name: 'mine' }, displayName: 'Mine', description: 'to try' };
    const ask = () => world.call('POST', '/apis/project.openshift.io/v1/projectrequests', { token, body });
    const made = await ask();
    expect([made.status, made.json.kind]).toEqual([201, 'Project']);
    expect(made.json.metadata.annotations).toMatchObject({
      'openshift.io/display-name': 'Mine',
      'openshift.io/requester': 'developer',
    });
    expect((await ask()).json.message).toBe('project.project.openshift.io "mine" already exists');
    expect((await world.call('GET', '/api/v1/namespaces/mine/secrets', { token })).status).toBe(200);
    expect((await world.call('GET', '/api/v1/namespaces/t1/secrets', { token })).status).toBe(403);
  });

  it('are refused to those who may not ask', async () => {
    const world = open();
    world.operations.delete('clusterrolebindings.rbac.authorization.k8s.io', undefined, 'self-provisioners');
    const { token } = await world.login('developer', 'developer');
    const reply = await world.call('GET', '/apis/project.openshift.io/v1/projectrequests', { token });
    expect([reply.status, reply.json.message]).toEqual([403, 'You may not request a new project via this API.']);
  });
});

describe('signing out', () => {
  it("ends the token, and only one of one's own", async () => {
    const world = open();
    const { token } = await world.login('developer', 'developer');
    const name = `sha256~${createHash('sha256').update(token.slice(7)).digest('base64url')}`;
    const path = `/apis/oauth.openshift.io/v1/oauthaccesstokens/${name}`;
    expect((await world.call('DELETE', path)).status).toBe(404);
    expect((await world.call('DELETE', path, { token })).status).toBe(200);
    expect((await world.call('GET', '/apis/user.openshift.io/v1/users/~', { token })).status).toBe(401);
  });
});

describe('reviews', () => {
  const attributes = { namespace: 't1', verb: 'get', resource: 'pods' };
  it.each([
    ['authorization.k8s.io/v1/selfsubjectaccessreviews', { resourceAttributes: attributes }, { allowed: true }],
    [
      'authorization.k8s.io/v1/subjectaccessreviews',
      { user: 'developer', resourceAttributes: attributes },
      { allowed: false },
    ],
    [
      'authorization.k8s.io/v1/subjectaccessreviews',
      { user: 'x', groups: ['system:cluster-admins'], nonResourceAttributes: { path: '/metrics', verb: 'get' } },
      { allowed: true },
    ],
    ['authentication.k8s.io/v1/selfsubjectreviews', {}, { userInfo: { username: 'kubeadmin' } }],
    [
      'authentication.k8s.io/v1/tokenreviews',
      { token: 'admin-token' },
      { authenticated: true, user: { username: 'kubeadmin' } },
    ],
  ])('%s of %j', async (path, spec, status) => {
    const reply = await open().call('POST', `/apis/${path}`, { body: { spec } });
    expect(reply.status).toBe(201);
    expect(reply.json.status).toMatchObject(status);
  });
});
