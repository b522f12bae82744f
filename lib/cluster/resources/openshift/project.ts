// projects and projectrequests of project.openshift.io: a namespace as the users who may see it know it.
import type { KubeObject } from '../../store/types';
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';

const DISPLAY_NAME = 'openshift.io/display-name';

/** A namespace in the shape of a project. */
const projectOf = ({ metadata, spec, status }: KubeObject): KubeObject => ({
  kind: 'Project',
  apiVersion: 'project.openshift.io/v1',
  metadata,
  spec: { finalizers: spec?.finalizers ?? [] },
  status: { phase: status?.phase ?? 'Active' },
});

/** And back: what a client may write of a project. */
const namespaceOf = ({ metadata, spec }: KubeObject): KubeObject => ({
  kind: 'Namespace',
  apiVersion: 'v1',
  metadata,
  ...(spec && { spec }),
});

export const project: ResourceDefinition = {
  group: 'project.openshift.io',
  versions: [{ name: 'v1', encode: projectOf, decode: namespaceOf }],
  kind: 'Project',
  plural: 'projects',
  singular: 'project',
  namespaced: false,
  profile: 'openshift',
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  storage: 'namespaces',
  types: {
    Project: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'ObjectMeta',
      spec: 'ProjectSpec',
      status: 'ProjectStatus',
    },
    ProjectSpec: { finalizers: '[]string' },
    ProjectStatus: { phase: 'string', conditions: '[]NamespaceCondition' },
    ProjectRequest: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'ObjectMeta',
      displayName: 'string',
      description: 'string',
    },
  },
  columns: columns('Name', 'Display Name', 'Status'),
  row: (object) => [
    object.metadata.name,
    object.metadata.annotations?.[DISPLAY_NAME] ?? '',
    object['status']?.phase ?? '',
  ],
};

export const projectRequest: ResourceDefinition = {
  group: 'project.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'ProjectRequest',
  plural: 'projectrequests',
  singular: 'projectrequest',
  namespaced: false,
  profile: 'openshift',
  verbs: ['create', 'list'],
  columns: [],
  row: () => [],
};
