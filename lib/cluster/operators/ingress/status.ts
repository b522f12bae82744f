// What an IngressController says about itself, and what clusteroperator/ingress says of it (cluster-ingress-operator,
// pkg/operator/controller/ingress/status.go and status/controller.go).
import { setCondition } from '../../controllers/deployment/status';
import { type Condition, findCondition } from '../../kinds';
import type { KubeObject } from '../../store/types';
import { portsOf, ROUTER_NAMESPACE, selectorOf, strategyOf } from './router';

type Status = Condition['status'];
const condition = (type: string, status: boolean, reason: string, message = ''): Condition => ({
  type,
  status: (status ? 'True' : 'False') as Status,
  reason,
  message,
});

/** `pods` are those of the router. */
export function controllerStatus(
  controller: KubeObject,
  deployment: KubeObject | undefined,
  pods: readonly KubeObject[],
  settings: { domain: string; now: string },
): object {
  const { name } = controller.metadata;
  const conditions = conditionsOf(deployment, pods);
  let list: Condition[] = controller['status']?.conditions ?? [];
  for (const each of conditions) list = setCondition(list, each, settings.now);
  return {
    ...controller['status'],
    availableReplicas: deployment?.['status']?.availableReplicas ?? 0,
    conditions: list.map(({ lastUpdateTime: _, ...each }) => each),
    domain: controller['spec']?.domain ?? settings.domain,
    endpointPublishingStrategy: published(controller),
    observedGeneration: controller.metadata.generation ?? 1,
    selector: Object.entries(selectorOf(name))
      .map(([key, value]) => `${key}=${value}`)
      .join(),
    ...(controller['spec']?.namespaceSelector && { namespaceSelector: controller['spec'].namespaceSelector }),
    ...(controller['spec']?.routeSelector && { routeSelector: controller['spec'].routeSelector }),
  };
}

function published(controller: KubeObject): object {
  const type = strategyOf(controller);
  if (type === 'HostNetwork') return { type, hostNetwork: { ...portsOf(controller), protocol: 'TCP' } };
  if (type === 'NodePortService') return { type, nodePort: { protocol: 'TCP' } };
  if (type === 'Private') return { type, private: { protocol: 'TCP' } };
  return { type, loadBalancer: { scope: 'External', dnsManagementPolicy: 'Managed' } };
}

function conditionsOf(deployment: KubeObject | undefined, pods: readonly KubeObject[]): Condition[] {
  const base = [condition('Admitted', true, 'Valid'), scheduled(pods), ...replicaConditions(deployment)];
  const failing = (types: string[]) => {
    const bad = types.map((type) => findCondition(base, type)).filter((each) => each?.status === 'False');
    return bad.map((each) => `${each?.type}=False (${each?.reason}: ${each?.message})`).join(', ');
  };
  const down = failing(['DeploymentAvailable']);
  const degraded = failing(['PodsScheduled', 'DeploymentAvailable', 'DeploymentReplicasMinAvailable']);
  const rolling = findCondition(base, 'DeploymentRollingOut');
  return [
    ...base,
    condition(
      'LoadBalancerManaged',
      false,
      'EndpointPublishingStrategyExcludesManagedLoadBalancer',
      'The configured endpoint publishing strategy does not include a managed load balancer',
    ),
    condition('DNSManaged', false, 'NoDNSZones', 'No DNS zones are defined in the cluster dns config.'),
    down
      ? condition(
          'Available',
          false,
          'IngressControllerUnavailable',
          `One or more status conditions indicate unavailable: ${down}`,
        )
      : condition('Available', true, ''),
    rolling?.status === 'True'
      ? condition(
          'Progressing',
          true,
          'IngressControllerProgressing',
          `One or more status conditions indicate progressing: DeploymentRollingOut=True (${rolling.reason}: ${rolling.message})`,
        )
      : condition('Progressing', false, ''),
    degraded
      ? condition(
          'Degraded',
          true,
          'DegradedConditions',
          `One or more other status conditions indicate a degraded state: ${degraded}`,
        )
      : condition('Degraded', false, ''),
    condition('Upgradeable', true, 'Upgradeable', 'IngressController is upgradeable.'),
    condition('EvaluationConditionsDetected', false, 'NoEvaluationCondition', 'No evaluation condition is detected.'),
  ];
}

function scheduled(pods: readonly KubeObject[]): Condition {
  const waiting = pods.flatMap((pod) => {
    const why = findCondition(pod['status']?.conditions, 'PodScheduled');
    return why?.status === 'False' ? [` Pod "${pod.metadata.name}" cannot be scheduled: ${why.message}`] : [];
  });
  return waiting.length > 0
    ? condition('PodsScheduled', false, 'PodsNotScheduled', `Some pods are not scheduled:${waiting.join()}`)
    : condition('PodsScheduled', true, '');
}

function replicaConditions(deployment: KubeObject | undefined): Condition[] {
  const wanted: number = deployment?.['spec'].replicas ?? 1;
  const { availableReplicas: have = 0, updatedReplicas: updated = 0 } = deployment?.['status'] ?? {};
  const available = findCondition(deployment?.['status']?.conditions, 'Available');
  const unavailable = Math.floor(wanted / 2);
  return [
    available?.status === 'True'
      ? condition(
          'DeploymentAvailable',
          true,
          'DeploymentAvailable',
          'The deployment has Available status condition set to True',
        )
      : condition(
          'DeploymentAvailable',
          false,
          'DeploymentUnavailable',
          `The deployment has Available status condition set to False (reason: ${available?.reason ?? ''}) with message: ${available?.message ?? ''}`,
        ),
    have >= wanted - unavailable
      ? condition(
          'DeploymentReplicasMinAvailable',
          true,
          'DeploymentMinimumReplicasMet',
          'Minimum replicas requirement is met',
        )
      : condition(
          'DeploymentReplicasMinAvailable',
          false,
          'DeploymentMinimumReplicasNotMet',
          `${have}/${wanted} of replicas are available, max unavailable is ${unavailable}`,
        ),
    have >= wanted
      ? condition('DeploymentReplicasAllAvailable', true, 'DeploymentReplicasAvailable', 'All replicas are available')
      : condition(
          'DeploymentReplicasAllAvailable',
          false,
          'DeploymentReplicasNotAvailable',
          `${have}/${wanted} of replicas are available`,
        ),
    updated >= wanted && have >= wanted
      ? condition('DeploymentRollingOut', false, 'DeploymentNotRollingOut', 'Deployment is not actively rolling out')
      : condition(
          'DeploymentRollingOut',
          true,
          'DeploymentRollingOut',
          `Waiting for router deployment rollout to finish: ${have} of ${wanted} updated replica(s) are available...\n`,
        ),
  ];
}

/** The conditions of clusteroperator/ingress. */
export function operatorConditions(controllers: readonly KubeObject[]): Condition[] {
  const standard = controllers.find(({ metadata }) => metadata.name === 'default');
  const find = (type: string) => findCondition(standard?.['status']?.conditions, type);
  const [available, degraded] = [find('Available'), find('Degraded')];
  const said = (type: string, status: Status, suffix = '') =>
    `The "default" ingress controller reports ${type}=${status}${suffix}`;
  const why = (each: Condition | undefined) => `${each?.reason ?? ''}: ${each?.message ?? ''}`;
  const rolling = controllers.flatMap(({ metadata, status }) => {
    const each = findCondition(status?.conditions, 'Progressing');
    return each?.status === 'True' ? [`ingresscontroller "${metadata.name}" is progressing: ${why(each)}.`] : [];
  });
  const all = controllers.every(({ status }) => findCondition(status?.conditions, 'Available')?.status === 'True');
  const messages = [...rolling, ...(all ? [] : ['Not all ingress controllers are available.'])];
  return [
    available?.status === 'True'
      ? condition('Available', true, 'IngressAvailable', said('Available', 'True', '.'))
      : condition('Available', false, 'IngressUnavailable', said('Available', 'False', `: ${why(available)}`)),
    messages.length > 0
      ? condition('Progressing', true, 'Reconciling', messages.join('\n'))
      : condition('Progressing', false, 'AsExpected', 'desired and current number of IngressControllers are equal'),
    degraded?.status === 'True'
      ? condition('Degraded', true, 'IngressDegraded', said('Degraded', 'True', `: ${why(degraded)}.`))
      : condition('Degraded', false, 'IngressNotDegraded', said('Degraded', 'False', '.')),
    condition('Upgradeable', true, 'IngressControllersUpgradeable'),
  ];
}

export const INGRESS_RELATED = [
  { group: '', resource: 'namespaces', name: 'openshift-ingress-operator' },
  { group: 'operator.openshift.io', resource: 'ingresscontrollers', namespace: 'openshift-ingress-operator', name: '' },
  { group: 'ingress.operator.openshift.io', resource: 'dnsrecords', namespace: 'openshift-ingress-operator', name: '' },
  { group: '', resource: 'namespaces', name: ROUTER_NAMESPACE },
  { group: '', resource: 'namespaces', name: 'openshift-ingress-canary' },
];
