// Why a service or a port does not answer, in one sentence that names the cause.
import { containerPorts, type Host } from './hosts';
import type { Pod, Service, ServicePort } from './kube';
import type { Network } from './network';
import { compileSelector, formatLabels } from './selector';
import type { Protocol } from './types';

/** Why a service has no endpoint to offer on this port. */
export function whyNoEndpoints(network: Network, service: Service, port: ServicePort): string {
  const { name, namespace = 'default' } = service.metadata;
  const selector = service.spec?.selector;
  if (!selector || Object.keys(selector).length === 0)
    return `service ${name} has no selector and no endpoints were made for it`;
  const wanted = formatLabels(selector);
  const pods = [...network.hosts.podsOf(namespace)].filter(isAlive);
  const matching = pods.filter((pod) => compileSelector({ matchLabels: selector })(pod.labels));
  if (matching.length === 0) return mismatch(service, wanted, likely(network, pods, port));
  if (typeof port.targetPort === 'string' && !matching.some((pod) => declares(pod, port)))
    return `service ${name} sends to the port named ${port.targetPort}; ${listNames(matching)} declares no port of that name`;
  const unready = matching.map((pod) => `${pod.name} is ${podCondition(pod.pod)}`).join(', ');
  return `service ${name} selects ${wanted}, but no pod of it is ready: ${unready}`;
}

/** Of all pods those that serve the port in question, if any do: the ones the author had in mind. */
function likely(network: Network, pods: Host[], { port, targetPort = port, protocol = 'TCP' }: ServicePort): Host[] {
  const serving = pods.filter(
    (host) =>
      network.hosts
        .listening(host)
        .some((listener) => listener.port === targetPort && listener.protocol === protocol) ||
      (host.pod ? containerPorts(host.pod) : []).some(
        ({ name, containerPort }) => containerPort === targetPort || name === targetPort,
      ),
  );
  return serving.length > 0 ? serving : pods;
}

function mismatch({ metadata: { name, namespace }, spec }: Service, wanted: string, pods: Host[]): string {
  const selector = spec?.selector ?? {};
  const near = pods.filter(({ labels }) => Object.keys(selector).some((key) => labels[key] !== undefined));
  if (near.length === 0)
    return pods.length === 0
      ? `service ${name} selects ${wanted}, and there is no pod in ${namespace}`
      : `service ${name} selects ${wanted}; no pod in ${namespace} carries ${listKeys(selector)}`;
  const carried = new Set(near.map(({ labels }) => formatLabels(pick(labels, Object.keys(selector)))));
  return `service ${name} selects ${wanted}; the pods carry ${[...carried].join(' or ')}`;
}

const listKeys = (selector: Record<string, string>) => `the label ${Object.keys(selector).join(' or ')}`;

const pick = (labels: Readonly<Record<string, string>>, keys: string[]) =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => keys.includes(key)));

const isAlive = ({ pod }: Host) => pod?.status?.phase !== 'Succeeded' && pod?.status?.phase !== 'Failed';

const declares = ({ pod }: Host, { targetPort, protocol = 'TCP' }: ServicePort) =>
  pod !== undefined &&
  containerPorts(pod).some((port) => port.name === targetPort && (port.protocol ?? 'TCP') === protocol);

const listNames = (pods: Host[]) =>
  pods.length === 1 ? `pod ${pods[0]?.name}` : `none of the pods ${pods.map(({ name }) => name).join(', ')}`;

/** `not ready (CrashLoopBackOff)`. */
function podCondition(pod: Pod | undefined): string {
  const waiting = pod?.status?.containerStatuses?.find(({ state }) => state?.waiting?.reason)?.state?.waiting?.reason;
  const terminated = pod?.status?.containerStatuses?.find(({ state }) => state?.terminated)?.state?.terminated?.reason;
  const phase = pod?.status?.phase === 'Running' ? undefined : pod?.status?.phase;
  const detail = waiting ?? terminated ?? phase;
  return detail ? `not ready (${detail})` : 'not ready';
}

/** Why nothing answers on a port of a host; `via` when a service led there. */
export function whyRefused(
  network: Network,
  host: Host,
  protocol: Protocol,
  port: number,
  via?: { service: Service; address: string },
): string {
  const name = host.kind === 'pod' ? `pod ${host.name}` : `${host.kind === 'node' ? 'node' : 'host'} ${host.name}`;
  const listening = network.hosts.listening(host).filter((listener) => listener.protocol === protocol);
  const sends = via ? `service ${via.service.metadata.name} sends to port ${port}; ` : '';
  const here = listening.find((listener) => listener.port === port);
  if (here) return `${sends}${name} listens on ${port} at ${here.addresses.join(' and ')} only`;
  if (listening.length > 0 && host.kind === 'pod')
    return `${sends || `nothing listens on port ${port}; `}${name} listens on ${ports(listening)}`;
  const condition = host.kind === 'pod' ? podCondition(host.pod) : 'not ready';
  const detail = condition === 'not ready' ? '' : `, which is ${condition}`;
  return `${sends}nothing listens on ${protocol} port ${port} of ${name}${detail}`;
}

const ports = (listening: { port: number }[]) =>
  [...new Set(listening.map(({ port }) => port))].sort((a, b) => a - b).join(', ');
