// Who has which of the default roles in the whole cluster.

interface DefaultBinding {
  name: string;
  role: string;
  groups?: string[];
  users?: string[];
  openshift?: true;
}

const AUTHENTICATED = 'system:authenticated';
const ANONYMOUS = 'system:unauthenticated';

export const BINDINGS: readonly DefaultBinding[] = [
  { name: 'cluster-admin', role: 'cluster-admin', groups: ['system:masters'] },
  { name: 'system:basic-user', role: 'system:basic-user', groups: [AUTHENTICATED] },
  { name: 'system:discovery', role: 'system:discovery', groups: [AUTHENTICATED] },
  { name: 'podlab:network-reviewers', role: 'podlab:network-reviewer', groups: [AUTHENTICATED] },
  { name: 'system:monitoring', role: 'system:monitoring', groups: ['system:monitoring'] },
  { name: 'system:node-proxier', role: 'system:node-proxier', users: ['system:kube-proxy'] },
  { name: 'system:public-info-viewer', role: 'system:public-info-viewer', groups: [AUTHENTICATED, ANONYMOUS] },
  {
    name: 'system:service-account-issuer-discovery',
    role: 'system:service-account-issuer-discovery',
    groups: ['system:serviceaccounts'],
  },
  {
    name: 'cluster-admins',
    role: 'cluster-admin',
    groups: ['system:cluster-admins'],
    users: ['system:admin'],
    openshift: true,
  },
  { name: 'cluster-readers', role: 'cluster-reader', groups: ['system:cluster-readers'], openshift: true },
  { name: 'basic-users', role: 'basic-user', groups: [AUTHENTICATED], openshift: true },
  { name: 'self-access-reviewers', role: 'self-access-reviewer', groups: [AUTHENTICATED, ANONYMOUS], openshift: true },
  { name: 'self-provisioners', role: 'self-provisioner', groups: ['system:authenticated:oauth'], openshift: true },
  { name: 'cluster-status-binding', role: 'cluster-status', groups: [AUTHENTICATED, ANONYMOUS], openshift: true },
  {
    name: 'system:oauth-token-deleters',
    role: 'system:oauth-token-deleter',
    groups: [AUTHENTICATED, ANONYMOUS],
    openshift: true,
  },
  {
    name: 'system:openshift:scc:restricted-v2',
    role: 'system:openshift:scc:restricted-v2',
    groups: [AUTHENTICATED],
    openshift: true,
  },
];
