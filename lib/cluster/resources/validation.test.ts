// What is said of wrong objects, kind by kind. The sentences are those of Kubernetes 1.31's own validation.
// Over 600 lines: it is one table of cases, and a case is read beside the others of its kind.
import { describe, expect, it } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { State } from '../../sim/state';
import { Operations } from '../api/operations';
import { ApiError } from '../store/errors';
import { ObjectStore } from '../store/store';
import type { ObjectInput } from '../store/types';
import { Registry } from './registry';

function operations(): Operations {
  const clock = new Clock(Date.parse('2026-01-01T00:00:00Z'));
  const random = new Random(1);
  const made = new Operations(new Registry('openshift'), new ObjectStore(new State(), clock, random), clock, random, {
    profile: 'kubernetes',
    serviceNetwork: '10.0.0.0/24',
    clusterNetwork: '10.8.0.0/14',
    hostPrefix: 23,
    baseDomain: 'x.test',
    apiUrl: 'https://x.test',
  });
  made.create('namespaces', { metadata: { name: 'n' } });
  made.create('serviceaccounts', { metadata: { name: 'default', namespace: 'n' } });
  return made;
}

/** `field: message` of each wrong field; the error's message if it names none; [] when nothing is wrong. */
function problems(write: () => unknown): string[] {
  try {
    write();
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.details?.causes?.map(({ field, message }) => `${field}: ${message}`) ?? [error.message];
  }
}

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
type Json = any;

const at = (spec: object, metadata: object = {}): ObjectInput => ({
  metadata: { name: 'x', namespace: 'n', ...metadata },
  spec,
});
const pod = (container: object, spec: object = {}): ObjectInput =>
  at({ containers: [{ name: 'c', image: 'i', ...container }], ...spec });
const template = (spec: object = {}) => ({
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const workload = (spec: object, pods: object = {}): ObjectInput =>
  at({ selector: { matchLabels: { app: 'x' } }, template: template(pods), ...spec });
const job = (spec: object, pods: object = {}): ObjectInput =>
  at({ template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }], ...pods } }, ...spec });
const cron = (spec: object): ObjectInput =>
  at({ schedule: '* * * * *', jobTemplate: { spec: job({})['spec'] }, ...spec });
const service = (spec: object): ObjectInput => at({ ports: [{ port: 80 }], ...spec });
const backend = { service: { name: 'web', port: { number: 80 } } };
const ingress = (path: object, rule: object = {}): ObjectInput =>
  at({ rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...path }] }, ...rule }] });
const hpa = (spec: object): ObjectInput =>
  at({ maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' }, ...spec });
const claim = (spec: object): ObjectInput =>
  at({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec });
const policy = (rule: object): ObjectInput => at({ podSelector: {}, ingress: [rule] });

const ENV_NAME =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
const BAD_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

const PODS: [string, ObjectInput, string[]][] = [
  ['nothing wrong', pod({}), []],
  [
    'no probe handler',
    pod({ livenessProbe: {} }),
    ['spec.containers[0].livenessProbe: Required value: must specify a handler type'],
  ],
  [
    'two handlers',
    pod({ readinessProbe: { tcpSocket: { port: 80 }, exec: { command: ['true'] } } }),
    ['spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type'],
  ],
  [
    'liveness success threshold',
    pod({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
    ['spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1'],
  ],
  [
    'grace of a readiness probe',
    pod({ readinessProbe: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 5 } }),
    [
      'spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes',
    ],
  ],
  [
    'probe port',
    pod({ livenessProbe: { httpGet: { port: 70_000 } } }),
    ['spec.containers[0].livenessProbe.httpGet.port: Invalid value: 70000: must be between 1 and 65535, inclusive'],
  ],
  [
    'sleep longer than the grace',
    pod({ lifecycle: { preStop: { sleep: { seconds: 40 } } } }),
    [
      'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 40: must be greater than 0 and less than terminationGracePeriodSeconds (30)',
    ],
  ],
  [
    'variable name',
    pod({ env: [{ name: '1A', value: 'x' }] }),
    [`spec.containers[0].env[0].name: Invalid value: "1A": ${ENV_NAME}`],
  ],
  [
    'variable without source',
    pod({ env: [{ name: 'A', valueFrom: {} }] }),
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    ],
  ],
  [
    'variable with value and source',
    pod({ env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }),
    ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  ],
  [
    'unknown field of the downward API',
    pod({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.foo' } } }] }),
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo',
    ],
  ],
  [
    'a field that environments do not take',
    pod({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } }] }),
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
    ],
  ],
  [
    'envFrom of nothing',
    pod({ envFrom: [{}] }),
    ['spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'],
  ],
  [
    'unknown volume',
    pod({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
    ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
  ],
  [
    'same path twice',
    pod(
      {
        volumeMounts: [
          { name: 'v', mountPath: '/v' },
          { name: 'v', mountPath: '/v' },
        ],
      },
      { volumes: [{ name: 'v' }] },
    ),
    ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/v": must be unique'],
  ],
  [
    'absolute subPath',
    pod({ volumeMounts: [{ name: 'v', mountPath: '/v', subPath: '/a' }] }, { volumes: [{ name: 'v' }] }),
    ['spec.containers[0].volumeMounts.subPath: Invalid value: "/a": must be a relative path'],
  ],
  [
    'subPath upwards',
    pod({ volumeMounts: [{ name: 'v', mountPath: '/v', subPath: '../a' }] }, { volumes: [{ name: 'v' }] }),
    ['spec.containers[0].volumeMounts.subPath: Invalid value: "../a": must not contain \'..\''],
  ],
  [
    'a wrong volume and its mount',
    pod({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }, { volumes: [{ name: 'v', secret: {} }] }),
    ['spec.volumes[0].secret.secretName: Required value', 'spec.containers[0].volumeMounts[0].name: Not found: "v"'],
  ],
  [
    'two kinds of volume',
    pod({}, { volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'c' } }] }),
    ['spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'volume twice',
    pod({}, { volumes: [{ name: 'v' }, { name: 'v' }] }),
    ['spec.volumes[1].name: Duplicate value: "v"'],
  ],
  [
    'mode of a volume',
    pod({}, { volumes: [{ name: 'v', configMap: { name: 'c', defaultMode: 1000 } }] }),
    [
      'spec.volumes[0].configMap.defaultMode: Invalid value: 1000: must be a number between 0 and 0777 (octal), both inclusive',
    ],
  ],
  [
    'token for too short',
    pod(
      {},
      {
        volumes: [
          { name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 10 } }] } },
        ],
      },
    ),
    [
      'spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes',
    ],
  ],
  [
    'request above limit',
    pod({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
    ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    'unknown resource',
    pod({ resources: { limits: { foo: '1' } } }),
    [
      'spec.containers[0].resources.limits[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.limits[foo]: Invalid value: "foo": must be a standard resource for containers',
      'spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers',
    ],
  ],
  [
    'negative amount',
    pod({ resources: { requests: { memory: '-1Gi' } } }),
    ['spec.containers[0].resources.requests[memory]: Invalid value: "-1Gi": must be greater than or equal to 0'],
  ],
  [
    'port name',
    pod({ ports: [{ containerPort: 80, name: 'Much_too_long_a_name' }] }),
    [
      'spec.containers[0].ports[0].name: Invalid value: "Much_too_long_a_name": must be no more than 15 characters',
      'spec.containers[0].ports[0].name: Invalid value: "Much_too_long_a_name": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  [
    'port names twice',
    pod({
      ports: [
        { containerPort: 80, name: 'web' },
        { containerPort: 81, name: 'web' },
      ],
    }),
    ['spec.containers[0].ports[1].name: Duplicate value: "web"'],
  ],
  [
    'host ports twice',
    pod({
      ports: [
        { containerPort: 80, hostPort: 8080 },
        { containerPort: 81, hostPort: 8080 },
      ],
    }),
    ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//8080"'],
  ],
  [
    'host network with another port',
    pod({ ports: [{ containerPort: 80, hostPort: 8080 }] }, { hostNetwork: true }),
    ['spec.containers[0].ports[0].containerPort: Invalid value: 80: must match `hostPort` when `hostNetwork` is true'],
  ],
  [
    'restart policy of a container',
    pod({ restartPolicy: 'Always' }),
    ['spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers'],
  ],
  [
    'probe of an init container',
    pod({}, { initContainers: [{ name: 'a', image: 'i', livenessProbe: { tcpSocket: { port: 1 } } }] }),
    [
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'init container of the same name',
    pod({}, { initContainers: [{ name: 'c', image: 'i' }] }),
    ['spec.initContainers[0].name: Duplicate value: "c"'],
  ],
  [
    'ephemeral container',
    pod({}, { ephemeralContainers: [{ name: 'e', image: 'i' }] }),
    ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ],
  [
    'DNS policy None alone',
    pod({}, { dnsPolicy: 'None' }),
    ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  [
    'no name server',
    pod({}, { dnsPolicy: 'None', dnsConfig: { searches: ['a.b'] } }),
    ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
  ],
  [
    'too many name servers',
    pod({}, { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }),
    [
      'spec.dnsConfig.nameservers: Invalid value: []string{"1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"}: must not have more than 3 nameservers',
    ],
  ],
  [
    'name server',
    pod({}, { dnsConfig: { nameservers: ['x'] } }),
    [`spec.dnsConfig.nameservers[0]: Invalid value: "x": ${BAD_IP}`],
  ],
  [
    'host alias',
    pod({}, { hostAliases: [{ ip: 'x', hostnames: ['a'] }] }),
    [`spec.hostAliases[0].ip: Invalid value: "x": ${BAD_IP}`],
  ],
  [
    'toleration of everything with Equal',
    pod({}, { tolerations: [{ operator: 'Equal', value: 'a' }] }),
    [
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
  ],
  [
    'toleration with Exists and value',
    pod({}, { tolerations: [{ key: 'k', operator: 'Exists', value: 'a' }] }),
    [
      'spec.tolerations[0].operator: Invalid value: core.Toleration{Key:"k", Operator:"Exists", Value:"a", Effect:"", TolerationSeconds:(*int64)(nil)}: value must be empty when `operator` is \'Exists\'',
    ],
  ],
  [
    'seconds without NoExecute',
    pod({}, { tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] }),
    [
      'spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
    ],
  ],
  [
    'affinity',
    pod(
      {},
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In' }] }],
            },
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, preference: {} }],
          },
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'zone', labelSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } },
            ],
          },
        },
      },
    ),
    [
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100',
      'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
    ],
  ],
  [
    'topology spread',
    pod({}, { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Never' }] }),
    [
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    'deadline',
    pod({}, { activeDeadlineSeconds: 0 }),
    ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  ],
  [
    'user id',
    pod({ securityContext: { runAsUser: -1 } }),
    ['spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive'],
  ],
  [
    'spaces around the image',
    pod({ image: ' i ' }),
    ['spec.containers[0].image: Invalid value: " i ": must not have leading or trailing whitespace'],
  ],
  ['negative grace is taken', pod({}, { terminationGracePeriodSeconds: -1 }), []],
];

const OTHERS: [string, string, Json, string[]][] = [
  [
    'services',
    'kubelet port',
    service({ type: 'LoadBalancer', ports: [{ port: 10_250 }] }),
    ['spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet'],
  ],
  [
    'services',
    'headless node port',
    service({ type: 'NodePort', clusterIP: 'None' }),
    ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
  ],
  [
    'services',
    'node port of a ClusterIP',
    service({ ports: [{ port: 80, nodePort: 30_080 }] }),
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    'services',
    'external policy of a ClusterIP',
    service({ externalTrafficPolicy: 'Local' }),
    ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
  ],
  [
    'services',
    'external policy',
    service({ type: 'NodePort', externalTrafficPolicy: 'Far' }),
    ['spec.externalTrafficPolicy: Unsupported value: "Far": supported values: "Cluster", "Local"'],
  ],
  [
    'services',
    'internal policy',
    service({ internalTrafficPolicy: 'Far' }),
    ['spec.internalTrafficPolicy: Unsupported value: "Far": supported values: "Cluster", "Local"'],
  ],
  [
    'services',
    'affinity',
    service({ sessionAffinity: 'Cookie' }),
    ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
  ],
  [
    'services',
    'affinity timeout',
    service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 100_000 } } }),
    [
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 100000: must be greater than 0 and less than 86400',
    ],
  ],
  [
    'services',
    'external IPs',
    service({ externalIPs: ['x', '127.0.0.1'] }),
    [
      `spec.externalIPs[0]: Invalid value: "x": ${BAD_IP}`,
      'spec.externalIPs[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
  ],
  [
    'services',
    'two stacks',
    service({ ipFamilyPolicy: 'RequireDualStack' }),
    ['spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services'],
  ],
  [
    'services',
    'port twice',
    service({
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    }),
    [
      'spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}',
    ],
  ],
  [
    'services',
    'name twice',
    service({
      ports: [
        { name: 'a', port: 80 },
        { name: 'a', port: 81 },
      ],
    }),
    ['spec.ports[1].name: Duplicate value: "a"'],
  ],
  [
    'services',
    'target port',
    service({ ports: [{ port: 80, targetPort: 0 }] }),
    ['spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive'],
  ],
  [
    'ingresses.networking.k8s.io',
    'no rules',
    at({}),
    ['spec: Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified'],
  ],
  [
    'ingresses.networking.k8s.io',
    'no path type',
    ingress({ pathType: undefined }),
    ['spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
  ],
  [
    'ingresses.networking.k8s.io',
    'path type',
    ingress({ pathType: 'Some' }),
    [
      'spec.rules[0].http.paths[0].pathType: Unsupported value: "Some": supported values: "Exact", "ImplementationSpecific", "Prefix"',
    ],
  ],
  [
    'ingresses.networking.k8s.io',
    'relative path',
    ingress({ path: 'a' }),
    ['spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path'],
  ],
  [
    'ingresses.networking.k8s.io',
    'no backend',
    ingress({ backend: {} }),
    ['spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required'],
  ],
  [
    'ingresses.networking.k8s.io',
    'no port',
    ingress({ backend: { service: { name: 'web' } } }),
    ['spec.rules[0].http.paths[0].backend: Required value: port name or number is required'],
  ],
  [
    'ingresses.networking.k8s.io',
    'address for a host',
    ingress({}, { host: '10.0.0.1' }),
    ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
  ],
  ['ingresses.networking.k8s.io', 'wildcard', ingress({}, { host: '*.example.com' }), []],
  [
    'ingresses.networking.k8s.io',
    'wildcard inside',
    ingress({}, { host: 'a.*.com' }),
    [
      "spec.rules[0].host: Invalid value: \"a.*.com\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'networkpolicies.networking.k8s.io',
    'end port before port',
    policy({ ports: [{ port: 80, endPort: 70 }] }),
    ['spec.ingress[0].ports[0].endPort: Invalid value: 70: must be greater than or equal to `port`'],
  ],
  [
    'networkpolicies.networking.k8s.io',
    'end port of a name',
    policy({ ports: [{ port: 'web', endPort: 90 }] }),
    ['spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is non-numeric'],
  ],
  [
    'networkpolicies.networking.k8s.io',
    'end port alone',
    policy({ ports: [{ endPort: 90 }] }),
    ['spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is not specified'],
  ],
  [
    'deployments.apps',
    'surge',
    workload({ strategy: { rollingUpdate: { maxSurge: 'many' } } }),
    [
      "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"many\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
  ],
  [
    'deployments.apps',
    'both zero',
    workload({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
  ],
  [
    'deployments.apps',
    'more than all',
    workload({ strategy: { rollingUpdate: { maxUnavailable: '120%' } } }),
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "120%": must not be greater than 100%'],
  ],
  [
    'deployments.apps',
    'restart policy',
    workload({}, { restartPolicy: 'Never' }),
    ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  ],
  [
    'daemonsets.apps',
    'surge and unavailable',
    workload({ updateStrategy: { rollingUpdate: { maxSurge: 1 } } }),
    ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
  ],
  [
    'statefulsets.apps',
    'partition',
    workload({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
    ['spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'jobs.batch',
    'indexed without number',
    job({ completionMode: 'Indexed', parallelism: 2 }),
    ['spec.completions: Required value: when completion mode is Indexed'],
  ],
  [
    'jobs.batch',
    'limit per index',
    job({ backoffLimitPerIndex: 1 }),
    ['spec.backoffLimitPerIndex: Invalid value: 1: may not be specified when completion mode is NonIndexed'],
  ],
  [
    'jobs.batch',
    'failure policy',
    job({ podFailurePolicy: { rules: [{ action: 'Stop', onExitCodes: { operator: 'In', values: [0, 3, 2] } }] } }),
    [
      'spec.podFailurePolicy.rules[0].action: Unsupported value: "Stop": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
      'spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator',
      'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: []int32{0, 3, 2}: must be ordered',
    ],
  ],
  [
    'jobs.batch',
    'failure policy with OnFailure',
    job(
      {
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
        },
      },
      { restartPolicy: 'OnFailure' },
    ),
    [
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ],
  ],
  [
    'jobs.batch',
    'success policy',
    job({ successPolicy: { rules: [] } }),
    ['spec.successPolicy: Invalid value: requires indexed completion mode'],
  ],
  [
    'cronjobs.batch',
    'four fields',
    cron({ schedule: '* * * *' }),
    ['spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
  ],
  [
    'cronjobs.batch',
    'minute 61',
    cron({ schedule: '61 * * * *' }),
    ['spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61'],
  ],
  [
    'cronjobs.batch',
    'a word',
    cron({ schedule: 'often * * * *' }),
    [
      'spec.schedule: Invalid value: "often * * * *": failed to parse int from often: strconv.Atoi: parsing "often": invalid syntax',
    ],
  ],
  [
    'cronjobs.batch',
    'macro',
    cron({ schedule: '@often' }),
    ['spec.schedule: Invalid value: "@often": unrecognized descriptor: @often'],
  ],
  ['cronjobs.batch', 'names and steps', cron({ schedule: '*/15 8-18 1,15 jan-jun mon-fri' }), []],
  [
    'cronjobs.batch',
    'time zone',
    cron({ timeZone: 'Europe/Pariss' }),
    ['spec.timeZone: Invalid value: "Europe/Pariss": unknown time zone Europe/Pariss'],
  ],
  [
    'cronjobs.batch',
    'TZ inside',
    cron({ schedule: 'CRON_TZ=UTC * * * * *' }),
    [
      'spec.schedule: Invalid value: "CRON_TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ],
  ],
  [
    'cronjobs.batch',
    'concurrency',
    cron({ concurrencyPolicy: 'Queue' }),
    ['spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"'],
  ],
  [
    'horizontalpodautoscalers.autoscaling',
    'max below min',
    hpa({ minReplicas: 5 }),
    ['spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`'],
  ],
  [
    'horizontalpodautoscalers.autoscaling',
    'no target',
    hpa({ scaleTargetRef: {} }),
    ['spec.scaleTargetRef.kind: Required value', 'spec.scaleTargetRef.name: Required value'],
  ],
  [
    'horizontalpodautoscalers.autoscaling',
    'metric',
    hpa({ metrics: [{ type: 'Load' }, { type: 'Resource' }] }),
    [
      'spec.metrics[0].type: Unsupported value: "Load": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      'spec.metrics[1].resource: Required value: must populate information for the given metric source',
    ],
  ],
  [
    'persistentvolumeclaims',
    'mode',
    claim({ accessModes: ['RWO'] }),
    [
      'spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ],
  ],
  [
    'persistentvolumeclaims',
    'none',
    claim({ accessModes: [], resources: {} }),
    ['spec.accessModes: Required value: at least 1 access mode is required', 'spec.resources[storage]: Required value'],
  ],
  [
    'persistentvolumeclaims',
    'no size',
    claim({ resources: { requests: { storage: '0' } } }),
    ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
  ],
  [
    'persistentvolumes',
    'nothing',
    at({}),
    [
      'spec.accessModes: Required value',
      'spec.capacity: Required value',
      'spec: Required value: must specify a volume type',
    ],
  ],
  [
    'resourcequotas',
    'names',
    at({ hard: { foo: '1', pods: '1.5' } }),
    [
      'spec.hard[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
      'spec.hard[foo]: Invalid value: "foo": must be a standard resource for quota',
      'spec.hard[pods]: Invalid value: "1500m": must be an integer',
    ],
  ],
  [
    'limitranges',
    'min above max',
    at({ limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] }),
    [
      'spec.limits[0].min[cpu]: Invalid value: resource.Quantity{i:resource.int64Amount{value:2, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"2", Format:"DecimalSI"}: min value 2 is greater than max value 1',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: resource.Quantity{i:resource.int64Amount{value:1, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"1", Format:"DecimalSI"}: min value 2 is greater than default request value 1',
      'spec.limits[0].default[cpu]: Invalid value: resource.Quantity{i:resource.int64Amount{value:2, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"2", Format:"DecimalSI"}: min value 2 is greater than default value 1',
    ],
  ],
  [
    'nodes',
    'taints',
    { metadata: { name: 'x' }, spec: { taints: [{ key: 'k', effect: 'Never' }] } },
    [
      'spec.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  ],
  [
    'priorityclasses.scheduling.k8s.io',
    'too high',
    { metadata: { name: 'x' }, value: 2_000_000_000 },
    ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
  ],
  [
    'endpoints',
    'addresses',
    {
      metadata: { name: 'x', namespace: 'n' },
      subsets: [{ addresses: [{ ip: 'x' }, { ip: '127.0.0.1' }], ports: [{ port: 0 }] }],
    },
    [
      `subsets[0].addresses[0].ip: Invalid value: "x": ${BAD_IP}`,
      'subsets[0].addresses[1].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'endpointslices.discovery.k8s.io',
    'addresses',
    { metadata: { name: 'x', namespace: 'n' }, addressType: 'IPv4', endpoints: [{ addresses: ['fd00::1'] }] },
    ['endpoints[0].addresses[0]: Invalid value: "fd00::1": must be a valid IPv4 address'],
  ],
  [
    'secrets',
    'docker config',
    {
      metadata: { name: 'x', namespace: 'n' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': btoa('nope') },
    },
    ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input'],
  ],
  [
    'roles.rbac.authorization.k8s.io',
    'paths',
    { metadata: { name: 'x', namespace: 'n' }, rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] },
    ['rules[0].nonResourceURLs: Invalid value: []string{"/x"}: namespaced rules cannot apply to non-resource URLs'],
  ],
  [
    'configmaps',
    'annotations',
    { metadata: { name: 'x', namespace: 'n', annotations: { a: 'x'.repeat(262_145) } } },
    ['metadata.annotations: Too long: must have at most 262144 bytes'],
  ],
];

describe('a wrong pod', () => {
  const api = operations();
  it.each(PODS)('%s', (_title, object, expected) => {
    expect(problems(() => api.create('pods', object, { dryRun: true }))).toEqual(expected);
  });
});

describe('a wrong object', () => {
  const api = operations();
  it.each(OTHERS)('of %s: %s', (resource, _title, object, expected) => {
    expect(problems(() => api.create(resource, object, { dryRun: true }))).toEqual(expected);
  });
});

describe('a change that is not allowed', () => {
  const CHANGES: [string, string, Json, (copy: Json) => void, string[]][] = [
    [
      'roles of a binding',
      'rolebindings.rbac.authorization.k8s.io',
      { metadata: { name: 'b', namespace: 'n' }, roleRef: { kind: 'ClusterRole', name: 'view' } },
      (copy) => {
        copy.roleRef.name = 'edit';
      },
      [
        'roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"ClusterRole", Name:"edit"}: cannot change roleRef',
      ],
    ],
    [
      'value of a priority',
      'priorityclasses.scheduling.k8s.io',
      { metadata: { name: 'p' }, value: 1 },
      (copy) => {
        copy.value = 2;
      },
      ['value: Invalid value: 2: field is immutable'],
    ],
    [
      'scopes of a quota',
      'resourcequotas',
      at({ scopes: ['BestEffort'] }),
      (copy) => {
        copy.spec.scopes = ['Terminating'];
      },
      ['spec.scopes: Invalid value: []string{"Terminating"}: field is immutable'],
    ],
    [
      'size of an unbound claim',
      'persistentvolumeclaims',
      claim({}),
      (copy) => {
        copy.spec.resources.requests.storage = '2Gi';
      },
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      ],
    ],
    [
      'address of a service',
      'services',
      service({}),
      (copy) => {
        copy.spec.clusterIP = '10.0.0.9';
        copy.spec.clusterIPs = ['10.0.0.9'];
      },
      ['spec.clusterIPs[0]: Invalid value: []string{"10.0.0.9"}: may not change once set'],
    ],
  ];
  it.each(CHANGES)('%s', (_title, resource, object, change, expected) => {
    const api = operations();
    const { name, namespace } = api.create(resource, object).metadata;
    expect(problems(() => api.mutate(resource, namespace, name, change))).toEqual(expected);
  });
});

it('keeps the node port of a port that names none, and gives a local balancer a port to be asked on', () => {
  const api = operations();
  const made = api.create('services', service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }));
  const [{ nodePort }] = made['spec'].ports;
  const { healthCheckNodePort } = made['spec'];
  expect(healthCheckNodePort).toBeGreaterThanOrEqual(30_000);
  const changed = api.update('services', service({ type: 'NodePort', ports: [{ port: 8080 }] }));
  expect(changed['spec'].ports[0].nodePort).toBe(nodePort);
  expect(changed['spec'].healthCheckNodePort).toBeUndefined();
});
