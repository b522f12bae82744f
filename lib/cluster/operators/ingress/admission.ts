// Which routers admit a route, and what they write into its status (openshift/router, pkg/router/controller: host_admitter,
// unique_host, status).

import type { Network } from '../../../network/network';
import type { Route, RouteIngress } from '../../../network/routes';
import { type Controller, type ControllerContext, splitKey } from '../../controllers/controller';
import { equal } from '../../controllers/equal';
import type { LabelSelector } from '../../kinds';
import { matchesSelector } from '../../selectors';
import type { KubeObject } from '../../store/types';

const ROUTES = 'routes.route.openshift.io';
const CONTROLLERS = 'ingresscontrollers.operator.openshift.io';
const NAMESPACE = 'openshift-ingress-operator';

type Verdict = { admitted: true } | { admitted: false; reason: string; message: string };

export function routeAdmission(context: ControllerContext, network: Network): Controller {
  const { store } = context;
  const all = () => store.list(ROUTES).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return {
    name: 'route-admission',
    watches: {
      // a route that goes or moves may free its host for another
      [ROUTES]: ({ object }) => rivals(context, object),
      [CONTROLLERS]: all,
      namespaces: ({ object }) =>
        store.list(ROUTES, object.metadata.name).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const route = store.get(ROUTES, namespace, name);
      if (route && !route.metadata.deletionTimestamp) admit(context, network, route);
      return undefined;
    },
  };
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

function rivals({ store }: ControllerContext, route: KubeObject): string[] {
  const host = route['spec']?.host;
  const others = store.list(ROUTES).filter((each) => each['spec']?.host === host || rejected(each));
  return [keyOf(route), ...others.map(keyOf)];
}

const rejected = ({ status }: KubeObject): boolean =>
  ((status?.ingress ?? []) as RouteIngress[]).some(({ conditions }) =>
    conditions?.some(({ status: is }) => is === 'False'),
  );

function admit(context: ControllerContext, network: Network, route: KubeObject): void {
  const { store, client, clock } = context;
  const controllers = store
    .list(CONTROLLERS, NAMESPACE)
    .filter((each) => !each.metadata.deletionTimestamp && selects(context, each, route));
  const before: RouteIngress[] = route['status']?.ingress ?? [];
  const ingress = controllers.map((controller): RouteIngress => {
    const old = before.find(({ routerName }) => routerName === controller.metadata.name);
    return entry(controller, route, judge(network, controller, route), old, clock.timestamp());
  });
  if (!equal(ingress, before)) client.updateStatus(ROUTES, { ...route, status: { ...route['status'], ingress } });
}

function selects({ store }: ControllerContext, { spec }: KubeObject, route: KubeObject): boolean {
  const namespace = store.get('namespaces', undefined, route.metadata.namespace ?? '');
  const fits = (selector: LabelSelector | undefined, labels: Record<string, string> | undefined) =>
    !selector || matchesSelector(selector, labels);
  return fits(spec?.routeSelector, route.metadata.labels) && fits(spec?.namespaceSelector, namespace?.metadata.labels);
}

function judge(network: Network, controller: KubeObject, object: KubeObject): Verdict {
  const route = object as unknown as Route;
  const host = route.spec?.host ?? '';
  const admission = controller['spec']?.routeAdmission ?? {};
  if (host === '') return refused('NoHostValue', 'no host value was defined for the route');
  if (route.spec?.wildcardPolicy === 'Subdomain' && admission.wildcardPolicy !== 'WildcardsAllowed')
    return refused('RouteNotAdmitted', 'wildcard routes are not allowed');
  const owner = network.routes.claimedBy(route, admission.namespaceOwnership === 'InterNamespaceAllowed');
  if (!owner) return { admitted: true };
  return refused(
    'HostAlreadyClaimed',
    owner.metadata.namespace === route.metadata.namespace
      ? `route ${owner.metadata.name} already exposes ${host} and is older`
      : `a route in another namespace holds ${host} and is older than ${route.metadata.name}`,
  );
}

const refused = (reason: string, message: string): Verdict => ({ admitted: false, reason, message });

function entry(
  controller: KubeObject,
  { spec }: KubeObject,
  verdict: Verdict,
  old: RouteIngress | undefined,
  now: string,
): RouteIngress {
  const { name } = controller.metadata;
  const condition = {
    type: 'Admitted',
    status: verdict.admitted ? 'True' : 'False',
    ...(!verdict.admitted && { reason: verdict.reason, message: verdict.message }),
  };
  const [before] = old?.conditions ?? [];
  const same = before?.status === condition.status && before.reason === (condition as { reason?: string }).reason;
  return {
    conditions: [{ lastTransitionTime: (same && before?.lastTransitionTime) || now, ...condition }],
    host: spec?.host,
    routerCanonicalHostname: `router-${name}.${controller['status']?.domain ?? controller['spec']?.domain ?? ''}`,
    routerName: name,
    wildcardPolicy: spec?.wildcardPolicy ?? 'None',
  };
}
