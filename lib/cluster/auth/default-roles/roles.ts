// The cluster roles that a cluster is born with.
import type { Rule } from '../rules';
import { ADMIN, DISCOVERY, EDIT, INFO, path, READ, rule, SELF, VIEW, VIEW_PROJECT, WRITE } from './rules';

export interface DefaultRole {
  name: string;
  rules: Rule[];
  openshift?: true;
  /** Its rules become part of `admin`, `edit` or `view`. */
  into?: 'admin' | 'edit' | 'view';
  /** Its rules are those of the roles made for it, and of those that users add. */
  from?: 'admin' | 'edit' | 'view';
}

const EVERYTHING: Rule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

const NODE: Rule[] = [
  rule('authentication.k8s.io', 'tokenreviews', ['create']),
  rule('authorization.k8s.io', 'localsubjectaccessreviews subjectaccessreviews', ['create']),
  rule('core', 'services', READ),
  rule('core', 'nodes', ['create', ...READ, 'patch', 'update']),
  rule('core', 'nodes/status', ['patch', 'update']),
  rule('core events.k8s.io', 'events', ['create', 'patch', 'update']),
  rule('core', 'pods', READ),
  rule('core', 'pods', ['create', 'delete']),
  rule('core', 'pods/status', ['patch', 'update']),
  rule('core', 'pods/eviction', ['create']),
  rule('core', 'configmaps secrets', READ),
  rule('core', 'persistentvolumeclaims persistentvolumes', ['get']),
  rule('core', 'endpoints', ['get']),
  rule('core', 'serviceaccounts/token', ['create']),
  rule('coordination.k8s.io', 'leases', ['create', 'delete', 'get', 'patch', 'update']),
  rule('storage.k8s.io', 'csinodes', ['create', 'delete', 'get', 'patch', 'update']),
  rule('node.k8s.io', 'runtimeclasses', READ),
];

const KUBERNETES: DefaultRole[] = [
  { name: 'cluster-admin', rules: EVERYTHING },
  { name: 'system:aggregate-to-admin', rules: ADMIN, into: 'admin' },
  { name: 'system:aggregate-to-edit', rules: EDIT, into: 'edit' },
  { name: 'system:aggregate-to-view', rules: VIEW, into: 'view' },
  { name: 'system:openshift:aggregate-to-view', rules: VIEW_PROJECT, into: 'view', openshift: true },
  { name: 'admin', rules: [], from: 'admin' },
  { name: 'edit', rules: [], from: 'edit' },
  { name: 'view', rules: [], from: 'view' },
  { name: 'system:basic-user', rules: SELF },
  { name: 'system:discovery', rules: [DISCOVERY] },
  { name: 'podlab:network-reviewer', rules: [rule('podlab.dev', 'pathreviews reachabilityreviews', ['create'])] },
  { name: 'system:public-info-viewer', rules: [INFO] },
  { name: 'system:monitoring', rules: [path('/healthz /healthz/* /livez /livez/* /metrics /readyz /readyz/*')] },
  {
    name: 'system:auth-delegator',
    rules: [
      rule('authentication.k8s.io', 'tokenreviews', ['create']),
      rule('authorization.k8s.io', 'subjectaccessreviews', ['create']),
    ],
  },
  { name: 'system:node', rules: NODE },
  {
    name: 'system:node-proxier',
    rules: [
      rule('core', 'endpoints services', ['list', 'watch']),
      rule('core', 'nodes', READ),
      rule('core events.k8s.io', 'events', ['create', 'patch', 'update']),
      rule('discovery.k8s.io', 'endpointslices', ['list', 'watch']),
    ],
  },
  {
    name: 'system:persistent-volume-provisioner',
    rules: [
      rule('core', 'persistentvolumes', ['create', 'delete', ...READ]),
      rule('core', 'persistentvolumeclaims', [...READ, 'update']),
      rule('storage.k8s.io', 'storageclasses', READ),
      rule('core', 'events', ['create', 'patch', 'update', 'watch']),
    ],
  },
  {
    name: 'system:service-account-issuer-discovery',
    rules: [path('/.well-known/openid-configuration /openid/v1/jwks')],
  },
];

const OPENSHIFT: DefaultRole[] = [
  {
    name: 'basic-user',
    rules: [
      { ...rule('user.openshift.io', 'users', ['get']), resourceNames: ['~'] },
      rule('project.openshift.io', 'projectrequests', ['list']),
      rule('project.openshift.io', 'projects', ['list', 'watch']),
      rule('rbac.authorization.k8s.io authorization.openshift.io', 'clusterroles', READ),
      rule('storage.k8s.io', 'storageclasses', READ),
      rule('authorization.openshift.io', 'selfsubjectrulesreviews', ['create']),
      ...SELF,
    ],
  },
  { name: 'self-provisioner', rules: [rule('project.openshift.io', 'projectrequests', ['create'])] },
  { name: 'self-access-reviewer', rules: SELF },
  {
    name: 'cluster-status',
    rules: [
      rule('config.openshift.io', 'clusteroperators', ['get']),
      path('/api /api/* /apis /apis/* /healthz /healthz/ /version'),
    ],
  },
  {
    name: 'cluster-reader',
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: [...READ] },
      { nonResourceURLs: ['*'], verbs: ['get'] },
    ],
  },
  {
    name: 'sudoer',
    rules: [
      { ...rule('core user.openshift.io', 'systemusers users', ['impersonate']), resourceNames: ['system:admin'] },
    ],
  },
  {
    name: 'system:oauth-token-deleter',
    rules: [rule('oauth.openshift.io', 'oauthaccesstokens oauthauthorizetokens', ['delete'])],
  },
  {
    name: 'system:deployer',
    rules: [
      rule('core', 'replicationcontrollers', ['delete', ...READ, 'update']),
      rule('core', 'replicationcontrollers/scale', ['get', 'update']),
      rule('core', 'pods', ['create', ...READ]),
      rule('core', 'pods/log', ['get']),
      rule('core', 'events', ['create', 'list']),
      rule('image.openshift.io', 'imagestreamtags imagetags', ['create', 'update']),
    ],
  },
  {
    name: 'system:image-builder',
    rules: [
      rule('image.openshift.io', 'imagestreams/layers', ['get', 'update']),
      rule('image.openshift.io', 'imagestreams', ['create']),
      rule('build.openshift.io', 'builds/details', ['update']),
      rule('build.openshift.io', 'builds', ['get']),
    ],
  },
  { name: 'system:image-puller', rules: [rule('image.openshift.io', 'imagestreams/layers', ['get'])] },
  { name: 'system:image-pusher', rules: [rule('image.openshift.io', 'imagestreams/layers', ['get', 'update'])] },
  {
    name: 'registry-viewer',
    rules: [rule('image.openshift.io', 'imagestreamimages imagestreams imagestreamtags imagetags', READ)],
  },
  {
    name: 'registry-editor',
    rules: [
      rule('image.openshift.io', 'imagestreamimages imagestreammappings imagestreams imagestreamtags', [
        ...READ,
        ...WRITE,
      ]),
    ],
  },
  {
    name: 'system:openshift:scc:restricted-v2',
    rules: [
      { ...rule('security.openshift.io', 'securitycontextconstraints', ['use']), resourceNames: ['restricted-v2'] },
    ],
  },
  ...[
    'anyuid',
    'hostaccess',
    'hostmount',
    'hostnetwork',
    'hostnetwork-v2',
    'nonroot',
    'nonroot-v2',
    'privileged',
    'restricted',
  ].map(
    (name): DefaultRole => ({
      name: `system:openshift:scc:${name}`,
      rules: [{ ...rule('security.openshift.io', 'securitycontextconstraints', ['use']), resourceNames: [name] }],
    }),
  ),
];

export const ROLES: readonly DefaultRole[] = [
  ...KUBERNETES,
  ...OPENSHIFT.map((role): DefaultRole => ({ ...role, openshift: true })),
];
