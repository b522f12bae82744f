// A request for a project makes a namespace whose administrator is who asked: OpenShift's default project template.
import type { Served } from '../../resources/registry';
import { ApiError, alreadyExists } from '../../store/errors';
import type { KubeObject, ObjectInput } from '../../store/types';
import type { Answer, Call } from '../call';
import { answerObject, readObject, writeOptions } from '../objects';

const ID = 'project.project.openshift.io';
const RBAC = 'rbac.authorization.k8s.io';
const REFUSED = 'You may not request a new project via this API.';
const RESERVED = /^(openshift|kube)-|^(default|openshift|kubernetes)$/;

const mayAsk = ({ api, user }: Call): boolean =>
  api.auth.authorize(user, { verb: 'create', group: 'project.openshift.io', resource: 'projectrequests' }).allowed;

const refusal = () =>
  new ApiError(403, 'Forbidden', REFUSED, { kind: 'projectrequests', group: 'project.openshift.io' });

/** GET: may this user ask at all? */
export function mayRequestProject(call: Call): Answer {
  if (!mayAsk(call)) throw refusal();
  return { code: 200, object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } };
}

/** What the template binds besides the requester: the accounts that build, pull and deploy images. */
const bindings = (name: string, user: string) => [
  { name: 'admin', role: 'admin', subject: { apiGroup: RBAC, kind: 'User', name: user } },
  {
    name: 'system:deployers',
    role: 'system:deployer',
    subject: { kind: 'ServiceAccount', name: 'deployer', namespace: name },
  },
  {
    name: 'system:image-builders',
    role: 'system:image-builder',
    subject: { kind: 'ServiceAccount', name: 'builder', namespace: name },
  },
  {
    name: 'system:image-pullers',
    role: 'system:image-puller',
    subject: { apiGroup: RBAC, kind: 'Group', name: `system:serviceaccounts:${name}` },
  },
];

export async function requestProject(call: Call, served: Served): Promise<Answer> {
  const input = await readObject(call, served);
  const { operations } = call.api;
  const name = input.metadata?.name ?? '';
  if (operations.store.get('namespaces', undefined, name)) throw alreadyExists(ID, name);
  if (RESERVED.test(name) && !call.user.groups.includes('system:masters') && !isAdmin(call))
    throw new ApiError(
      403,
      'Forbidden',
      `project.project.openshift.io ${JSON.stringify(name)} is forbidden: cannot request a project starting with a reserved name`,
    );
  const namespace = provision(call, served, name, input);
  const project = operations.registry.find('project.openshift.io', 'v1', 'projects');
  return answerObject(call, project ?? served, namespace, 201);
}

const isAdmin = ({ api, user }: Call) => api.auth.authorize(user, { verb: '*', group: '*', resource: '*' }).allowed;

function provision(call: Call, served: Served, name: string, input: ObjectInput): KubeObject {
  const { operations } = call.api;
  const dryRun = writeOptions(call, served).dryRun ?? false;
  const metadata = {
    ...(input.metadata?.labels && { labels: input.metadata.labels }),
    name,
    annotations: {
      ...input.metadata?.annotations,
      'openshift.io/description': input['description'] ?? '',
      'openshift.io/display-name': input['displayName'] ?? '',
      'openshift.io/requester': call.user.name,
    },
  };
  const namespace = operations.create('namespaces', { metadata }, { dryRun });
  if (dryRun) return namespace;
  for (const { name: binding, role, subject } of bindings(name, call.user.name))
    operations.create(`rolebindings.${RBAC}`, {
      metadata: { name: binding, namespace: name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      subjects: [subject],
    });
  return namespace;
}
