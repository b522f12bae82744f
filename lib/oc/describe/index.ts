// Which describer belongs to which kind, and what each looks up on the server.
import type { Cli } from '../cli';
import { ApiError } from '../errors';
import type { Dyn } from '../object';
import { DESCRIBE, DESCRIBE_OPENSHIFT } from '../printers/tabwriter';
import type { Info } from '../resources/select';
import {
  describeBinding,
  describeClaim,
  describeConfigMap,
  describeNamespace,
  describeNode,
  describeProject,
  describeQuota,
  describeRole,
  describeSecret,
  describeServiceAccount,
} from './cluster';
import { describeGeneric } from './generic';
import { describeImage, describeImageStream } from './images';
import {
  describeEndpointSlice,
  describeEndpoints,
  describeIngress,
  describeNetworkPolicy,
  describeRoute,
  describeService,
} from './network';
import { describePod } from './pod';
import {
  describeAutoscaler,
  describeBudget,
  describeCertificateRequest,
  describeIngressClass,
  describeLimitRange,
  describePriorityClass,
  describeStorageClass,
  describeVolume,
} from './policies';
import { describeConstraints } from './security-context-constraints';
import {
  describeCronJob,
  describeDaemonSet,
  describeDeployment,
  describeJob,
  describeReplicaSet,
  describeStatefulSet,
} from './workloads';
import { events, Writer } from './writer';

type Describer = (w: Writer, object: Dyn, cli: Cli) => Promise<void> | void;

/** A list of the server; empty where it may not be seen. */
async function listed(cli: Cli, path: string, query: Record<string, string> = {}): Promise<Dyn[]> {
  return (await maybe(cli, path, query))?.items ?? [];
}

async function maybe(cli: Cli, path: string, query: Record<string, string> = {}): Promise<Dyn> {
  try {
    return await cli.client.json('GET', path, { query });
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** A node's lease, or why it cannot be had. */
async function leaseOf(cli: Cli, node: string): Promise<Dyn> {
  try {
    return await cli.client.json('GET', `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`);
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

const inNamespace = (object: Dyn, what: string, root = '/api/v1'): string =>
  `${root}/namespaces/${object.metadata.namespace}/${what}`;

async function related(cli: Cli, object: Dyn) {
  const [pods, replicaSets] = [
    await listed(cli, inNamespace(object, 'pods')),
    object.kind === 'Deployment' ? await listed(cli, inNamespace(object, 'replicasets', '/apis/apps/v1')) : [],
  ];
  return { pods, replicaSets };
}

const slices = (cli: Cli, object: Dyn, service: string) =>
  listed(cli, inNamespace(object, 'endpointslices', '/apis/discovery.k8s.io/v1'), {
    labelSelector: `kubernetes.io/service-name=${service}`,
  });

function addressesOf(list: Dyn[], port: Dyn): string {
  const all = list.flatMap((slice) =>
    (slice.ports ?? []).flatMap((p: Dyn) =>
      port === undefined || p.name === port || p.port === port || (port?.name ?? '') === (p.name ?? '')
        ? (slice.endpoints ?? []).flatMap((e: Dyn) =>
            e.conditions?.ready === false ? [] : e.addresses.map((a: string) => `${a}:${p.port}`),
          )
        : [],
    ),
  );
  const shown = all.slice(0, 3).join(',');
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown;
}

const DESCRIBERS: Record<string, Describer> = {
  '/Pod': describePod,
  'apps/Deployment': async (w, o, cli) => describeDeployment(w, o, await related(cli, o)),
  'apps/ReplicaSet': async (w, o, cli) => describeReplicaSet(w, o, await related(cli, o)),
  '/ReplicationController': async (w, o, cli) => describeReplicaSet(w, o, await related(cli, o)),
  'apps/StatefulSet': async (w, o, cli) => describeStatefulSet(w, o, await related(cli, o)),
  'apps/DaemonSet': async (w, o, cli) => describeDaemonSet(w, o, await related(cli, o)),
  'batch/Job': describeJob,
  'batch/CronJob': describeCronJob,
  '/Service': async (w, o, cli) => describeService(w, o, await slices(cli, o, o.metadata.name)),
  '/Endpoints': describeEndpoints,
  'discovery.k8s.io/EndpointSlice': describeEndpointSlice,
  'networking.k8s.io/NetworkPolicy': describeNetworkPolicy,
  'networking.k8s.io/Ingress': async (w, o, cli) => {
    const names = new Set<string>();
    const collect = (backend: Dyn): void => void (backend?.service && names.add(backend.service.name));
    collect(o.spec.defaultBackend);
    for (const rule of o.spec.rules ?? []) for (const path of rule.http?.paths ?? []) collect(path.backend);
    const known = new Map<string, Dyn[]>();
    for (const name of names) known.set(name, await slices(cli, o, name));
    describeIngress(w, o, (backend) => {
      const { name, port = {} } = backend.service ?? {};
      const endpoints = known.get(name) ?? [];
      const text = endpoints.length === 0 ? `<error: services "${name}" not found>` : addressesOf(endpoints, undefined);
      return `${name}:${port.name ?? port.number} (${text})`;
    });
  },
  'image.openshift.io/ImageStream': describeImageStream,
  'image.openshift.io/ImageStreamTag': (w, o) => describeImage(w, o.image, o.metadata.name),
  'route.openshift.io/Route': async (w, o, cli) =>
    describeRoute(w, o, addressesOf(await slices(cli, o, o.spec.to.name), undefined) || '<none>'),
  'security.openshift.io/SecurityContextConstraints': describeConstraints,
  '/Node': async (w, o, cli) => {
    const pods = await maybe(cli, '/api/v1/pods', {
      fieldSelector: `spec.nodeName=${o.metadata.name},status.phase!=Failed,status.phase!=Succeeded`,
    });
    describeNode(w, o, pods?.items, await leaseOf(cli, o.metadata.name));
  },
  '/Namespace': async (w, o, cli) =>
    describeNamespace(
      w,
      o,
      await listed(cli, `/api/v1/namespaces/${o.metadata.name}/resourcequotas`),
      await listed(cli, `/api/v1/namespaces/${o.metadata.name}/limitranges`),
    ),
  'project.openshift.io/Project': async (w, o, cli) =>
    describeProject(
      w,
      o,
      await listed(cli, `/api/v1/namespaces/${o.metadata.name}/resourcequotas`),
      await listed(cli, `/api/v1/namespaces/${o.metadata.name}/limitranges`),
    ),
  '/ResourceQuota': describeQuota,
  '/LimitRange': describeLimitRange,
  '/PersistentVolume': describeVolume,
  'policy/PodDisruptionBudget': describeBudget,
  'autoscaling/HorizontalPodAutoscaler': describeAutoscaler,
  'storage.k8s.io/StorageClass': describeStorageClass,
  'scheduling.k8s.io/PriorityClass': describePriorityClass,
  'networking.k8s.io/IngressClass': describeIngressClass,
  'certificates.k8s.io/CertificateSigningRequest': describeCertificateRequest,
  '/ConfigMap': describeConfigMap,
  '/Secret': describeSecret,
  '/PersistentVolumeClaim': async (w, o, cli) => describeClaim(w, o, await listed(cli, inNamespace(o, 'pods'))),
  '/ServiceAccount': describeServiceAccount,
  'rbac.authorization.k8s.io/Role': describeRole,
  'rbac.authorization.k8s.io/ClusterRole': describeRole,
  'rbac.authorization.k8s.io/RoleBinding': describeBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': describeBinding,
};

/** Kinds whose description ends without events. */
const WITHOUT_EVENTS = new Set([
  '/Namespace',
  '/Secret',
  '/ResourceQuota',
  '/LimitRange',
  'networking.k8s.io/NetworkPolicy',
  'project.openshift.io/Project',
  'route.openshift.io/Route',
  'image.openshift.io/ImageStream',
  'image.openshift.io/ImageStreamTag',
  'security.openshift.io/SecurityContextConstraints',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/RoleBinding',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
]);

/** The description of an object, with its events unless they are not wanted. */
export async function describeObject(cli: Cli, { resource, object }: Info, showEvents: boolean): Promise<string> {
  const key = `${resource.group}/${resource.kind}`;
  const isOpenShifts = key in DESCRIBERS && resource.group.endsWith('.openshift.io');
  const w = new Writer(cli.now(), isOpenShifts ? DESCRIBE_OPENSHIFT : DESCRIBE);
  await (DESCRIBERS[key] ?? describeGeneric)(w, object, cli);
  if (showEvents && !WITHOUT_EVENTS.has(key)) events(w, await eventsOf(cli, object));
  return w.toString();
}

async function eventsOf(cli: Cli, object: Dyn): Promise<Dyn[] | undefined> {
  const { name, namespace, uid } = object.metadata;
  const kind = object.kind === 'Pod' ? '' : `,involvedObject.kind=${object.kind}`;
  const path = namespace ? `/api/v1/namespaces/${namespace}/events` : '/api/v1/events';
  const owner = object.kind === 'Node' ? name : uid;
  const found = await maybe(cli, path, {
    fieldSelector: `involvedObject.name=${name}${namespace ? `,involvedObject.namespace=${namespace}` : ''}${kind},involvedObject.uid=${owner}`,
  });
  return found?.items;
}
