// The ingress operator: a router for each IngressController, its certificate, and what both say about themselves.
import { fromPem, toPem } from '../../../machine/tls';
import { issue, keyPem, signer } from '../../authority';
import type { Controller, ControllerContext } from '../../controllers/controller';
import { equal } from '../../controllers/equal';
import type { KubeObject } from '../../store/types';
import { apply, container, deploymentOf, type Manifest } from '../manifest';
import { operator, VERSION } from '../operator';
import {
  certificateOf,
  OWNER_LABEL,
  ROUTER_NAMESPACE,
  routerManifests,
  selectorOf,
  strategyOf,
  strayLogConfig,
  strayServices,
} from './router';
import { controllerStatus, INGRESS_RELATED, operatorConditions } from './status';

const NAMESPACE = 'openshift-ingress-operator';
const CONTROLLERS = 'ingresscontrollers.operator.openshift.io';
const WORKER = 'node-role.kubernetes.io/worker';

const defaultController = {
  resource: CONTROLLERS,
  object: {
    metadata: { name: 'default', namespace: NAMESPACE },
    spec: {
      clientTLS: { clientCA: { name: '' }, clientCertificatePolicy: '' },
      httpCompression: {},
      httpEmptyRequestsPolicy: 'Respond',
      httpErrorCodePages: { name: '' },
      tuningOptions: { reloadInterval: '0s' },
      unsupportedConfigOverrides: null,
    },
  },
};

const manifests = (): Manifest[] => [
  ...deploymentOf({
    namespace: NAMESPACE,
    name: 'ingress-operator',
    labels: { name: 'ingress-operator' },
    containers: [
      container('ingress-operator', { env: [{ name: 'RELEASE_VERSION', value: VERSION }] }),
      container('kube-rbac-proxy'),
    ],
    where: 'masters',
    spec: { dnsPolicy: 'Default' },
  }),
  { resource: 'serviceaccounts', object: { metadata: { name: 'router', namespace: ROUTER_NAMESPACE } } },
  {
    resource: 'ingressclasses.networking.k8s.io',
    object: {
      metadata: { name: 'openshift-default' },
      spec: {
        controller: 'openshift.io/ingress-to-route',
        parameters: {
          apiGroup: 'operator.openshift.io',
          kind: 'IngressController',
          name: 'default',
          namespace: NAMESPACE,
          scope: 'Namespace',
        },
      },
    },
  },
  defaultController,
];

export function ingressOperator(context: ControllerContext, domain: string): Controller {
  const made = operator(context, {
    name: 'ingress',
    manifests,
    watches: [CONTROLLERS],
    related: INGRESS_RELATED,
    configure: () => ({ conditions: configure(context, domain) }),
    message: '',
  });
  const ofRouters = ({ object }: { object: KubeObject }) =>
    object.metadata.namespace === ROUTER_NAMESPACE ? ['/cluster'] : [];
  const watched = ['deployments.apps', 'pods', 'services', 'secrets'].map((resource) => [
    resource,
    (event: { type: 'ADDED' | 'MODIFIED' | 'DELETED'; resource: string; object: KubeObject }) => [
      ...(made.watches[resource]?.(event) ?? []),
      ...ofRouters(event),
    ],
  ]);
  return { ...made, watches: { ...made.watches, ...Object.fromEntries(watched) } };
}

function configure(context: ControllerContext, domain: string) {
  const { store } = context;
  const controllers = () => store.list(CONTROLLERS, NAMESPACE).filter(({ metadata }) => !metadata.deletionTimestamp);
  ensureCertificates(context, controllers(), domain);
  for (const controller of controllers()) reconcileRouter(context, controller, domain);
  removeOrphans(context, new Set(controllers().map(({ metadata }) => metadata.name)));
  labelHostNetwork(context, controllers());
  return operatorConditions(controllers());
}

/** A cluster with one node for routers has one router (`ingress.config` status.defaultPlacement). */
function replicasOf({ store }: ControllerContext, { spec }: KubeObject): number {
  if (typeof spec?.replicas === 'number') return spec.replicas;
  const workers = store.list('nodes').filter(({ metadata }) => metadata.labels?.[WORKER] !== undefined);
  return workers.length > 1 ? 2 : 1;
}

function reconcileRouter(context: ControllerContext, controller: KubeObject, domain: string): void {
  const { store, client, clock } = context;
  const { name, namespace } = controller.metadata;
  const settings = { domain, now: clock.timestamp() };
  const named = { ...controller, status: { ...controller['status'], domain: controller['spec']?.domain ?? domain } };
  for (const manifest of routerManifests(named, replicasOf(context, controller))) apply(context, manifest);
  for (const stray of strayServices(controller))
    if (store.get('services', ROUTER_NAMESPACE, stray)?.metadata.labels?.[OWNER_LABEL] === name)
      client.delete('services', ROUTER_NAMESPACE, stray);
  const strayConfig = strayLogConfig(controller);
  if (strayConfig && store.get('configmaps', ROUTER_NAMESPACE, strayConfig))
    client.delete('configmaps', ROUTER_NAMESPACE, strayConfig);
  const selected = Object.entries(selectorOf(name));
  const pods = store
    .list('pods', ROUTER_NAMESPACE)
    .filter(({ metadata }) => selected.every(([key, value]) => metadata.labels?.[key] === value));
  const deployment = store.get('deployments.apps', ROUTER_NAMESPACE, `router-${name}`);
  const status = controllerStatus(controller, deployment, pods, settings);
  const stored = store.get(CONTROLLERS, namespace, name);
  if (stored && !equal(status, stored['status'])) client.updateStatus(CONTROLLERS, { ...stored, status });
}

function removeOrphans({ store, client }: ControllerContext, names: ReadonlySet<string>): void {
  for (const resource of ['deployments.apps', 'services', 'secrets', 'configmaps'])
    for (const { metadata } of store.list(resource, ROUTER_NAMESPACE)) {
      const owner = metadata.labels?.[OWNER_LABEL];
      if (owner !== undefined && !names.has(owner)) client.delete(resource, ROUTER_NAMESPACE, metadata.name);
    }
}

/** Policies that admit the ingress group must admit routers on the nodes' network (network operator, ingressconfig controller). */
function labelHostNetwork({ store, client }: ControllerContext, controllers: readonly KubeObject[]): void {
  const host = store.get('namespaces', undefined, 'openshift-host-network');
  const [standard] = controllers.filter(({ metadata }) => metadata.name === 'default');
  if (!host || !standard) return;
  const onHost = strategyOf(standard) === 'HostNetwork';
  const group = 'policy-group.network.openshift.io/ingress';
  if ((host.metadata.labels?.[group] !== undefined) === onHost) return;
  const labels = { [group]: onHost ? '' : null, 'network.openshift.io/policy-group': onHost ? 'ingress' : null };
  client.patch('namespaces', undefined, host.metadata.name, { metadata: { labels } });
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The operator's own authority, and for each router a wildcard certificate of its domain. */
function ensureCertificates(context: ControllerContext, controllers: readonly KubeObject[], domain: string): void {
  const { store, client, random, clock } = context;
  const secret = (namespace: string, name: string, data: [string, string], labels: Record<string, string> = {}) =>
    client.create('secrets', {
      metadata: { name, namespace, labels },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(data[0]), 'tls.key': base64(data[1]) },
    });
  const found = store.get('secrets', NAMESPACE, 'router-ca');
  const [stored] = found ? fromPem(Buffer.from(found['data']['tls.crt'], 'base64').toString()) : [];
  const authority = stored ?? signer(random, clock.now(), `CN=ingress-operator@${Math.floor(clock.now() / 1000)}`);
  if (!found) secret(NAMESPACE, 'router-ca', [toPem(authority), keyPem(authority)]);
  for (const controller of controllers) {
    const name = certificateOf(controller);
    if (controller['spec']?.defaultCertificate || store.get('secrets', ROUTER_NAMESPACE, name)) continue;
    const own = issue(random, clock.now(), authority, [`*.${controller['spec']?.domain ?? domain}`]);
    const chain = toPem(own) + toPem(authority);
    secret(ROUTER_NAMESPACE, name, [chain, keyPem(own)], { [OWNER_LABEL]: controller.metadata.name });
  }
  const bundle = { 'ca-bundle.crt': toPem(authority) };
  apply(context, {
    resource: 'configmaps',
    object: { metadata: { name: 'default-ingress-cert', namespace: 'openshift-config-managed' }, data: bundle },
  });
}
