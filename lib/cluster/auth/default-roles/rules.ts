// What the default roles allow, by theme: plugin/pkg/auth/authorizer/rbac/bootstrappolicy, and OpenShift's own.
import type { Rule } from '../rules';

export const READ = ['get', 'list', 'watch'];
export const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

export const rule = (groups: string, resources: string, verbs: readonly string[]): Rule => ({
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

export const VIEW = [
  ...WORKLOADS.map(([group, resources]) => rule(group, resources, READ)),
  rule('metrics.k8s.io', 'nodes pods', READ),
];

export const EDIT = [
  rule('core', 'pods/attach pods/exec pods/portforward pods/proxy services/proxy', ['get', 'list', 'watch', ...WRITE]),
  rule('core', 'secrets', [...READ, ...WRITE]),
  rule('core', 'serviceaccounts', ['impersonate', ...WRITE]),
  rule('core', 'serviceaccounts/token', ['create']),
  rule('core', 'pods/eviction', ['create']),
  rule(
    'core',
    'pods pods/attach pods/exec pods/portforward pods/proxy configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale services services/proxy',
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

export const ADMIN = [
  rule(
    'authorization.k8s.io authorization.openshift.io',
    'localsubjectaccessreviews localresourceaccessreviews subjectrulesreviews',
    ['create'],
  ),
  rule(
    'security.openshift.io',
    'podsecuritypolicyreviews podsecuritypolicyselfsubjectreviews podsecuritypolicysubjectreviews',
    ['create'],
  ),
  rule('rbac.authorization.k8s.io', 'rolebindings roles', [...READ, ...WRITE]),
  rule('project.openshift.io', 'projects', ['delete', 'get', 'patch', 'update']),
  rule('core', 'namespaces', ['delete']),
];

export const VIEW_PROJECT = [rule('project.openshift.io', 'projects', ['get'])];

export const path = (urls: string, verbs = ['get']): Rule => ({ nonResourceURLs: urls.split(' '), verbs });

export const DISCOVERY = path(
  '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/ /.well-known /.well-known/*',
);
export const INFO = path('/healthz /livez /readyz /version /version/ /.well-known /.well-known/* /oauth /oauth/*');

export const SELF = [
  rule('authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', ['create']),
  rule('authentication.k8s.io', 'selfsubjectreviews', ['create']),
];
