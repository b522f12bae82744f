// The roles a cluster is born with: plugin/pkg/auth/authorizer/rbac/bootstrappolicy, and OpenShift's own.
import type { ObjectInput } from '../store/types';
import type { Rule } from './rules';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const rule = (groups: string, resources: string, verbs: readonly string[]): Rule => ({
  apiGroups: groups.split(' ').map((each) => (each === 'core' ? '' : each)),
  resources: resources.split(' '),
  verbs: [...verbs],
});

const WORKLOADS = [
  [
    'core',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
  ],
  [
    'core',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
  ],
  ['core', 'namespaces'],
  ['discovery.k8s.io', 'endpointslices'],
  [
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
  ],
  ['autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'],
  ['batch', 'cronjobs cronjobs/status jobs jobs/status'],
  ['policy', 'poddisruptionbudgets poddisruptionbudgets/status'],
  ['networking.k8s.io', 'ingresses ingresses/status networkpolicies'],
  ['route.openshift.io', 'routes routes/status'],
  ['apps.openshift.io', 'deploymentconfigs deploymentconfigs/scale deploymentconfigs/status deploymentconfigs/log'],
  ['image.openshift.io', 'imagestreams imagestreamtags imagestreamimages imagestreammappings'],
  ['template.openshift.io', 'templates processedtemplates templateinstances'],
  ['k8s.cni.cncf.io', 'network-attachment-definitions'],
  ['events.k8s.io', 'events'],
] as const;

const VIEW = WORKLOADS.map(([group, resources]) => rule(group, resources, READ));

const EDIT = [
  rule('core', 'pods/attach pods/exec pods/portforward pods/proxy services/proxy', ['get', 'list', 'watch', ...WRITE]),
  rule('core', 'secrets', [...READ, ...WRITE]),
  rule('core', 'serviceaccounts', ['impersonate', ...WRITE]),
  rule('core', 'serviceaccounts/token', ['create']),
  rule('core', 'pods/eviction', ['create']),
  rule(
    'core',
    'pods pods/attach pods/exec pods/portforward pods/proxy configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale services services/proxy endpoints',
    WRITE,
  ),
  rule(
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
    WRITE,
  ),
  rule('autoscaling', 'horizontalpodautoscalers', WRITE),
  rule('batch', 'cronjobs jobs', WRITE),
  rule('policy', 'poddisruptionbudgets', WRITE),
  rule('networking.k8s.io', 'ingresses networkpolicies', WRITE),
  rule('route.openshift.io', 'routes routes/custom-host', [...READ, ...WRITE]),
  rule(
    'apps.openshift.io',
    'deploymentconfigs deploymentconfigs/scale deploymentconfigrollbacks deploymentconfigs/instantiate deploymentconfigs/rollback',
    WRITE,
  ),
  rule(
    'image.openshift.io',
    'imagestreams imagestreamtags imagestreamimages imagestreammappings imagestreamimports',
    WRITE,
  ),
  rule('template.openshift.io', 'templates processedtemplates templateinstances', WRITE),
  rule('k8s.cni.cncf.io', 'network-attachment-definitions', WRITE),
];

const ADMIN = [
  rule(
    'authorization.k8s.io authorization.openshift.io',
    'localsubjectaccessreviews localresourceaccessreviews subjectrulesreviews',
    ['create'],
  ),
  rule('rbac.authorization.k8s.io', 'rolebindings roles', [...READ, ...WRITE]),
  rule('project.openshift.io', 'projects', ['delete', 'get', 'patch', 'update']),
  rule('core', 'namespaces', ['delete']),
];

const VIEW_PROJECT = [rule('project.openshift.io', 'projects', ['get'])];

const path = (urls: string, verbs = ['get']): Rule => ({ nonResourceURLs: urls.split(' '), verbs });

const DISCOVERY = path(
  '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/ /.well-known /.well-known/*',
);
const INFO = path('/healthz /livez /readyz /version /version/ /.well-known /.well-known/* /oauth /oauth/*');

const SELF = [
  rule('authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', ['create']),
  rule('authentication.k8s.io', 'selfsubjectreviews', ['create']),
];

interface Role {
  name: string;
  rules: Rule[];
  openshift?: true;
}

const ROLES: Role[] = [
  {
    name: 'cluster-admin',
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ],
  },
  { name: 'admin', rules: [...VIEW, ...EDIT, ...ADMIN, ...VIEW_PROJECT] },
  { name: 'edit', rules: [...VIEW, ...EDIT, ...VIEW_PROJECT] },
  { name: 'view', rules: [...VIEW, ...VIEW_PROJECT] },
  { name: 'system:basic-user', rules: SELF },
  { name: 'system:discovery', rules: [DISCOVERY] },
  { name: 'system:public-info-viewer', rules: [INFO] },
  {
    name: 'system:node',
    rules: [
      rule(
        'core',
        'nodes nodes/status pods pods/status services endpoints secrets configmaps events persistentvolumes persistentvolumeclaims',
        ['*'],
      ),
    ],
  },
  {
    name: 'basic-user',
    openshift: true,
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
  { name: 'self-provisioner', openshift: true, rules: [rule('project.openshift.io', 'projectrequests', ['create'])] },
  {
    name: 'cluster-status',
    openshift: true,
    rules: [
      { ...rule('config.openshift.io', 'clusterversions clusteroperators', READ) },
      path('/healthz /version /api /apis /apis/* /api/*'),
    ],
  },
  {
    name: 'cluster-reader',
    openshift: true,
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: READ },
      { nonResourceURLs: ['*'], verbs: ['get'] },
    ],
  },
];

interface Binding {
  name: string;
  role: string;
  groups: string[];
  openshift?: true;
}

const BINDINGS: Binding[] = [
  { name: 'cluster-admin', role: 'cluster-admin', groups: ['system:masters'] },
  { name: 'system:basic-user', role: 'system:basic-user', groups: ['system:authenticated'] },
  { name: 'system:discovery', role: 'system:discovery', groups: ['system:authenticated'] },
  {
    name: 'system:public-info-viewer',
    role: 'system:public-info-viewer',
    groups: ['system:authenticated', 'system:unauthenticated'],
  },
  {
    name: 'cluster-admins',
    role: 'cluster-admin',
    groups: ['system:cluster-admins', 'system:masters'],
    openshift: true,
  },
  { name: 'cluster-readers', role: 'cluster-reader', groups: ['system:cluster-readers'], openshift: true },
  { name: 'basic-users', role: 'basic-user', groups: ['system:authenticated'], openshift: true },
  { name: 'self-provisioners', role: 'self-provisioner', groups: ['system:authenticated:oauth'], openshift: true },
  {
    name: 'cluster-status-binding',
    role: 'cluster-status',
    groups: ['system:authenticated', 'system:unauthenticated'],
    openshift: true,
  },
];

const GROUP = 'rbac.authorization.k8s.io';
const metadata = (name: string) => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
});

export const defaultClusterRoles = (openshift: boolean): ObjectInput[] =>
  ROLES.filter((each) => openshift || !each.openshift).map(({ name, rules }) => ({
    metadata: metadata(name),
    rules: structuredClone(rules),
  }));

export const defaultClusterRoleBindings = (openshift: boolean): ObjectInput[] =>
  BINDINGS.filter((each) => openshift || !each.openshift).map(({ name, role, groups }) => ({
    metadata: metadata(name),
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
    subjects: groups.map((group) => ({ apiGroup: GROUP, kind: 'Group', name: group })),
  }));
