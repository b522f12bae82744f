// Task pages of the Kubernetes documentation about limits, quotas, jobs, logging and a pod's surroundings, typed at a terminal.
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const EXAMPLES = 'https://k8s.io/examples';
const apply = (path: string, namespace: string, shows: string | RegExp): Step => [
  `kubectl apply -f ${EXAMPLES}/admin/resource/${path}.yaml --namespace=${namespace}`,
  shows,
];
const refused = (path: string, namespace: string, pod: string, why: string): Step =>
  apply(
    path,
    namespace,
    `Error from server (Forbidden): error when creating "${EXAMPLES}/admin/resource/${path}.yaml": pods "${pod}" is forbidden: ${why}`,
  );
const resources = (pod: string, namespace: string, shows: string): Step => [
  `kubectl get pod ${pod} --namespace=${namespace} -o jsonpath='{.spec.containers[0].resources}'; echo`,
  shows,
];

const PAGES: Record<string, Step[]> = {
  'default memory requests and limits': [
    ['kubectl create namespace default-mem-example', 'namespace/default-mem-example created'],
    apply('memory-defaults', 'default-mem-example', 'limitrange/mem-limit-range created'),
    apply('memory-defaults-pod', 'default-mem-example', 'pod/default-mem-demo created'),
    resources('default-mem-demo', 'default-mem-example', '{"limits":{"memory":"512Mi"},"requests":{"memory":"256Mi"}}'),
    apply('memory-defaults-pod-2', 'default-mem-example', 'pod/default-mem-demo-2 created'),
    resources('default-mem-demo-2', 'default-mem-example', '{"limits":{"memory":"1Gi"},"requests":{"memory":"1Gi"}}'),
    apply('memory-defaults-pod-3', 'default-mem-example', 'pod/default-mem-demo-3 created'),
    resources(
      'default-mem-demo-3',
      'default-mem-example',
      '{"limits":{"memory":"512Mi"},"requests":{"memory":"128Mi"}}',
    ),
  ],
  'minimum and maximum memory': [
    ['kubectl create namespace constraints-mem-example', 'namespace/constraints-mem-example created'],
    apply('memory-constraints', 'constraints-mem-example', 'limitrange/mem-min-max-demo-lr created'),
    [
      "kubectl get limitrange mem-min-max-demo-lr --namespace=constraints-mem-example -o jsonpath='{.spec.limits[0]}'; echo",
      '{"default":{"memory":"1Gi"},"defaultRequest":{"memory":"1Gi"},"max":{"memory":"1Gi"},"min":{"memory":"500Mi"},"type":"Container"}',
    ],
    apply('memory-constraints-pod', 'constraints-mem-example', 'pod/constraints-mem-demo created'),
    refused(
      'memory-constraints-pod-2',
      'constraints-mem-example',
      'constraints-mem-demo-2',
      'maximum memory usage per Container is 1Gi, but limit is 1536Mi',
    ),
    refused(
      'memory-constraints-pod-3',
      'constraints-mem-example',
      'constraints-mem-demo-3',
      'minimum memory usage per Container is 500Mi, but request is 100Mi',
    ),
  ],
  'minimum and maximum processor time': [
    ['kubectl create namespace constraints-cpu-example', 'namespace/constraints-cpu-example created'],
    apply('cpu-constraints', 'constraints-cpu-example', 'limitrange/cpu-min-max-demo-lr created'),
    apply('cpu-constraints-pod', 'constraints-cpu-example', 'pod/constraints-cpu-demo created'),
    refused(
      'cpu-constraints-pod-2',
      'constraints-cpu-example',
      'constraints-cpu-demo-2',
      'maximum cpu usage per Container is 800m, but limit is 1500m',
    ),
    refused(
      'cpu-constraints-pod-3',
      'constraints-cpu-example',
      'constraints-cpu-demo-3',
      'minimum cpu usage per Container is 200m, but request is 100m',
    ),
  ],
  'quotas for objects': [
    ['kubectl create namespace quota-object-example', 'namespace/quota-object-example created'],
    apply('quota-objects', 'quota-object-example', 'resourcequota/object-quota-demo created'),
    apply('quota-objects-pvc', 'quota-object-example', 'persistentvolumeclaim/pvc-quota-demo created'),
    apply(
      'quota-objects-pvc-2',
      'quota-object-example',
      `Error from server (Forbidden): error when creating "${EXAMPLES}/admin/resource/quota-objects-pvc-2.yaml": persistentvolumeclaims "pvc-quota-demo-2" is forbidden: exceeded quota: object-quota-demo, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=1, limited: persistentvolumeclaims=1`,
    ),
  ],
  'an indexed job': [
    [`kubectl apply -f ${EXAMPLES}/application/job/indexed-job.yaml`, 'job.batch/indexed-job created'],
    ['kubectl wait --for=condition=complete --timeout=300s job/indexed-job', 'job.batch/indexed-job condition met'],
    ['kubectl logs -l job-name=indexed-job 2>/dev/null | sort', 'oof\nrab\nxuq\nzab\nzyx'],
  ],
  'logs of several files': [
    [`kubectl apply -f ${EXAMPLES}/admin/logging/two-files-counter-pod-streaming-sidecar.yaml`, 'pod/counter created'],
    ['kubectl wait --for=condition=Ready pod/counter --timeout=60s', 'pod/counter condition met'],
    ['sleep 3; kubectl logs counter count-log-1 | grep UTC | head -1', /^0: \w{3} \w{3} +\d+ [\d:]+ UTC \d{4}\n$/],
    ['kubectl logs counter count-log-2 | grep UTC | head -1', /^\w{3} \w{3} +\d+ [\d:]+ UTC \d{4} INFO 0\n$/],
  ],
  'capabilities of a container': [
    [`kubectl apply -f ${EXAMPLES}/pods/security/security-context-4.yaml`, 'pod/security-context-demo-4 created'],
    ['kubectl wait --for=condition=Ready pod/security-context-demo-4 --timeout=60s', /condition met/],
    [
      "kubectl exec security-context-demo-4 -- sh -c 'grep Cap[PE] /proc/1/status'",
      'CapPrm: 00000000aa0435fb\nCapEff: 00000000aa0435fb',
    ],
  ],
  'jq and awk over what kubectl gives': [
    ['kubectl create deployment web --image=nginx --replicas=2', 'deployment.apps/web created'],
    ['kubectl rollout status deployment/web', /successfully rolled out/],
    [`kubectl get pods -o json | jq -r '[.items[] | .status.podIP] | unique | length'`, '2'],
    [
      `kubectl get pods -o json | jq -r '.items[] | [.metadata.labels.app, .status.phase] | @csv' | uniq`,
      '"web","Running"',
    ],
    [`kubectl get pods -o wide --no-headers | awk '{print $6}' | awk -F. '{print NF}' | uniq`, '4'],
    [`kubectl get pods --no-headers | awk -v OFS=, '$3 == "Running" {n++; print $2, n | "sort -r"}'`, '1/1,2\n1/1,1'],
  ],
};

describe.each(Object.entries(PAGES))('%s', (_, steps) => {
  let tutorial: Tutorial;
  beforeEach(async () => {
    tutorial = await Tutorial.open();
  });
  afterEach(() => tutorial.stop());

  test('shows what the page shows', () => tutorial.play(steps));
});
