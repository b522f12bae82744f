// What an IngressController asks for: the router's deployment and the services before it (cluster-ingress-operator,
// pkg/operator/controller/ingress/deployment.go).
import type { KubeObject } from '../../store/types';
import { type Manifest, ROUTER_IMAGE } from '../manifest';

export const ROUTER_NAMESPACE = 'openshift-ingress';
const SELECTOR = 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller';
const OWNER = 'ingresscontroller.operator.openshift.io/owning-ingresscontroller';
export const OWNER_LABEL = OWNER;
const WORKER = 'node-role.kubernetes.io/worker';
const TIMEOUTS = { serverTimeout: 'ROUTER_DEFAULT_SERVER_TIMEOUT', clientTimeout: 'ROUTER_DEFAULT_CLIENT_TIMEOUT' };

export type Strategy = 'HostNetwork' | 'NodePortService' | 'LoadBalancerService' | 'Private';

interface Ports {
  httpPort: number;
  httpsPort: number;
  statsPort: number;
}

export const strategyOf = ({ spec }: KubeObject): Strategy =>
  (spec?.endpointPublishingStrategy?.type as Strategy | undefined) ?? 'HostNetwork';

export const selectorOf = (name: string): Record<string, string> => ({ [SELECTOR]: name });

/** The ports that the router's processes listen on. */
export function portsOf(controller: KubeObject): Ports {
  const own: Partial<Ports> = controller['spec']?.endpointPublishingStrategy?.hostNetwork ?? {};
  return { httpPort: own.httpPort ?? 80, httpsPort: own.httpsPort ?? 443, statsPort: own.statsPort ?? 1936 };
}

/** `replicas` is what the controller asks for, or the cluster's default. */
export function routerManifests(controller: KubeObject, replicas: number): Manifest[] {
  const { name } = controller.metadata;
  const labels = { [OWNER]: name };
  const strategy = strategyOf(controller);
  return [
    ...(logging(controller)?.destination.type === 'Container' ? [rsyslogConfig(name)] : []),
    { resource: 'deployments.apps', object: deployment(controller, replicas) },
    service(`router-internal-${name}`, name, labels, 'ClusterIP', true),
    ...(strategy === 'NodePortService' ? [service(`router-nodeport-${name}`, name, labels, 'NodePort', true)] : []),
    ...(strategy === 'LoadBalancerService' ? [service(`router-${name}`, name, labels, 'LoadBalancer', false)] : []),
  ];
}

/** The objects that another strategy would have, to be taken away. */
export const strayServices = (controller: KubeObject): string[] => {
  const { name } = controller.metadata;
  const wanted = strategyOf(controller);
  return [
    ...(wanted === 'NodePortService' ? [] : [`router-nodeport-${name}`]),
    ...(wanted === 'LoadBalancerService' ? [] : [`router-${name}`]),
  ];
};

function service(
  name: string,
  router: string,
  labels: Record<string, string>,
  type: string,
  metrics: boolean,
): Manifest {
  const port = (each: string, number: number) => ({ name: each, port: number, protocol: 'TCP', targetPort: each });
  return {
    resource: 'services',
    object: {
      metadata: { name, namespace: ROUTER_NAMESPACE, labels },
      spec: {
        type,
        selector: selectorOf(router),
        ...(type === 'ClusterIP' ? {} : { externalTrafficPolicy: 'Local' }),
        ports: [port('http', 80), port('https', 443), ...(metrics ? [port('metrics', 1936)] : [])],
      },
    },
  };
}

function deployment(controller: KubeObject, replicas: number): Manifest['object'] {
  const { metadata, spec } = controller;
  const placement = spec?.nodePlacement ?? {};
  const onHost = strategyOf(controller) === 'HostNetwork';
  const labels = selectorOf(metadata.name);
  const logsToContainer = logging(controller)?.destination.type === 'Container';
  return {
    metadata: { name: `router-${metadata.name}`, namespace: ROUTER_NAMESPACE, labels: { [OWNER]: metadata.name } },
    spec: {
      replicas,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: labels },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: onHost ? { maxSurge: 0, maxUnavailable: '50%' } : { maxSurge: '25%', maxUnavailable: '50%' },
      },
      template: {
        metadata: {
          labels,
          annotations: { 'target.workload.openshift.io/management': '{"effect": "PreferredDuringScheduling"}' },
        },
        spec: {
          ...(onHost && { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }),
          containers: [container(controller), ...(logsToContainer ? [LOGS] : [])],
          nodeSelector: placement.nodeSelector?.matchLabels ?? { 'kubernetes.io/os': 'linux', [WORKER]: '' },
          ...(placement.tolerations && { tolerations: placement.tolerations }),
          ...(!onHost && { affinity: spread(labels) }),
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'router',
          volumes: [
            { name: 'default-certificate', secret: { secretName: certificateOf(controller), defaultMode: 420 } },
            {
              name: 'service-ca-bundle',
              configMap: {
                name: 'service-ca-bundle',
                defaultMode: 420,
                optional: false,
                items: [{ key: 'service-ca.crt', path: 'service-ca.crt' }],
              },
            },
            ...(logsToContainer
              ? [
                  { name: 'rsyslog-config', configMap: { name: rsyslogName(metadata.name), defaultMode: 420 } },
                  { name: 'rsyslog-socket', emptyDir: {} },
                ]
              : []),
          ],
        },
      },
    },
  };
}

/** Two routers on one node would not survive its loss. */
const spread = (labels: Record<string, string>) => ({
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
      },
    ],
  },
});

/** The secret with the router's certificate: the administrator's, or the operator's own. */
export const certificateOf = ({ metadata, spec }: KubeObject): string =>
  spec?.defaultCertificate?.name ?? `router-certs-${metadata.name}`;

function container(controller: KubeObject): object {
  const { httpPort, httpsPort, statsPort } = portsOf(controller);
  const probe = (path: string) => ({
    httpGet: { path, port: statsPort, scheme: 'HTTP' },
    failureThreshold: 3,
    periodSeconds: 10,
    timeoutSeconds: 1,
  });
  return {
    name: 'router',
    image: ROUTER_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePolicy: 'FallbackToLogsOnError',
    env: environment(controller),
    ports: [
      { name: 'http', containerPort: httpPort, protocol: 'TCP' },
      { name: 'https', containerPort: httpsPort, protocol: 'TCP' },
      { name: 'metrics', containerPort: statsPort, protocol: 'TCP' },
    ],
    livenessProbe: probe('/healthz'),
    readinessProbe: probe('/healthz/ready'),
    startupProbe: { ...probe('/healthz/ready'), failureThreshold: 120, periodSeconds: 1 },
    resources: { requests: { cpu: '100m', memory: '256Mi' } },
    volumeMounts: [
      { name: 'default-certificate', mountPath: '/etc/pki/tls/private', readOnly: true },
      { name: 'service-ca-bundle', mountPath: '/var/run/configmaps/service-ca', readOnly: true },
      ...(logging(controller)?.destination.type === 'Container' ? [SOCKET_MOUNT] : []),
    ],
  };
}

function environment(controller: KubeObject): { name: string; value: string }[] {
  const { metadata, spec, status } = controller;
  const ports = portsOf(controller);
  const tuned = Object.entries(TIMEOUTS).flatMap(([field, name]) => {
    const value: unknown = spec?.tuningOptions?.[field];
    return typeof value === 'string' ? [{ name, value }] : [];
  });
  return [
    { name: 'DEFAULT_CERTIFICATE_DIR', value: '/etc/pki/tls/private' },
    { name: 'DEFAULT_DESTINATION_CA_PATH', value: '/var/run/configmaps/service-ca/service-ca.crt' },
    { name: 'ROUTER_CANONICAL_HOSTNAME', value: `router-${metadata.name}.${status?.domain ?? spec?.domain ?? ''}` },
    { name: 'ROUTER_DOMAIN', value: status?.domain ?? spec?.domain ?? '' },
    { name: 'ROUTER_LOAD_BALANCE_ALGORITHM', value: 'random' },
    { name: 'ROUTER_SERVICE_HTTPS_PORT', value: `${ports.httpsPort}` },
    { name: 'ROUTER_SERVICE_HTTP_PORT', value: `${ports.httpPort}` },
    { name: 'ROUTER_SERVICE_NAME', value: metadata.name },
    { name: 'ROUTER_SERVICE_NAMESPACE', value: ROUTER_NAMESPACE },
    { name: 'ROUTER_TCP_BALANCE_SCHEME', value: 'source' },
    { name: 'STATS_PORT', value: `${ports.statsPort}` },
    ...tuned,
    ...headerActions(spec?.httpHeaders?.actions, 'response', 'ROUTER_HTTP_RESPONSE_HEADERS'),
    ...headerActions(spec?.httpHeaders?.actions, 'request', 'ROUTER_HTTP_REQUEST_HEADERS'),
    ...logEnvironment(controller),
  ];
}

interface HeaderAction {
  name: string;
  action: { type: string; set?: { value?: string } };
}

/** Go's url.QueryEscape. */
const escaped = (text: string): string =>
  encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function headerActions(
  actions: Partial<Record<'request' | 'response', HeaderAction[]>> | undefined,
  direction: 'request' | 'response',
  variable: string,
): { name: string; value: string }[] {
  const wanted = actions?.[direction] ?? [];
  if (wanted.length === 0) return [];
  const words = ({ name, action: { type, set } }: HeaderAction): string[] =>
    type === 'Set' ? [name, set?.value ?? '', type] : [name, type];
  return [{ name: variable, value: wanted.map((one) => words(one).map(escaped).join(':')).join(',') }];
}

// Access logs (pkg/operator/controller/ingress/rsyslog_configmap.go)

interface Logging {
  destination: {
    type: string;
    container?: { maxLength?: number };
    syslog?: { address: string; port: number; facility?: string; maxLength?: number };
  };
  httpLogFormat?: string;
  httpCaptureHeaders?: Partial<Record<'request' | 'response', { name: string; maxLength: number }[]>>;
  logEmptyRequests?: string;
}

/** What is asked of access logs, when it names somewhere to send them. */
function logging({ spec }: KubeObject): Logging | undefined {
  const access: Logging | undefined = spec?.logging?.access;
  const { type, syslog } = access?.destination ?? {};
  return type === 'Container' || (type === 'Syslog' && syslog) ? access : undefined;
}

const rsyslogName = (controller: string): string => `rsyslog-conf-${controller}`;

const SOCKET_MOUNT = { name: 'rsyslog-socket', mountPath: '/var/lib/rsyslog' };
const SOCKET = `${SOCKET_MOUNT.mountPath}/rsyslog.sock`;
const LOGS = {
  name: 'logs',
  image: ROUTER_IMAGE,
  imagePullPolicy: 'IfNotPresent',
  command: ['/sbin/rsyslogd', '-n', '-i', '/tmp/rsyslog.pid', '-f', '/etc/rsyslog/rsyslog.conf'],
  resources: { requests: { cpu: '100m', memory: '256Mi' } },
  volumeMounts: [{ name: 'rsyslog-config', mountPath: '/etc/rsyslog' }, SOCKET_MOUNT],
};

const rsyslogConfig = (controller: string): Manifest => ({
  resource: 'configmaps',
  object: {
    metadata: { name: rsyslogName(controller), namespace: ROUTER_NAMESPACE, labels: { [OWNER]: controller } },
    data: {
      'rsyslog.conf': `$ModLoad imuxsock\n$SystemLogSocketName ${SOCKET}\n$ModLoad omstdout.so\n$MaxMessageSize 10k\n*.* :omstdout:\n`,
    },
  },
});

function logEnvironment(controller: KubeObject): { name: string; value: string }[] {
  const access = logging(controller);
  if (!access) return [];
  const { destination, httpLogFormat, httpCaptureHeaders = {}, logEmptyRequests } = access;
  const { syslog } = destination.type === 'Syslog' ? destination : {};
  const headers = (of: 'request' | 'response') =>
    httpCaptureHeaders[of]?.map(({ name, maxLength }) => `${encodeURIComponent(name)}:${maxLength}`).join(',');
  const maxLength = (syslog ?? destination.container)?.maxLength;
  const host = syslog?.address.includes(':') ? `[${syslog.address}]` : syslog?.address;
  const values = {
    ROUTER_LOG_FACILITY: syslog?.facility,
    ROUTER_LOG_MAX_LENGTH: maxLength ? `${maxLength}` : undefined,
    ROUTER_LOG_LEVEL: 'info',
    ROUTER_SYSLOG_ADDRESS: syslog ? `${host}:${syslog.port}` : SOCKET,
    ROUTER_SYSLOG_FORMAT: httpLogFormat && JSON.stringify(httpLogFormat),
    ROUTER_CAPTURE_HTTP_REQUEST_HEADERS: headers('request'),
    ROUTER_CAPTURE_HTTP_RESPONSE_HEADERS: headers('response'),
    ROUTER_DONT_LOG_NULL: logEmptyRequests === 'Ignore' ? 'true' : undefined,
  };
  return Object.entries(values).flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

/** The configuration of the log's container, which goes with the container. */
export const strayLogConfig = (controller: KubeObject): string | undefined =>
  logging(controller)?.destination.type === 'Container' ? undefined : rsyslogName(controller.metadata.name);
