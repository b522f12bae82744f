// Task pages of the Kubernetes documentation, typed at a terminal: config maps, secrets, the downward API, resources, quotas,
// volumes, security contexts, lifecycle, shells in containers, change causes.
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const EXAMPLES = 'https://k8s.io/examples';
const READY = (pod: string, more = ''): Step => [
  `kubectl wait --for=condition=Ready pod/${pod} --timeout=60s${more}`,
  /condition met/,
];
const DONE = (pod: string): Step => [
  `kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/${pod} --timeout=60s`,
  /condition met/,
];
const create = (path: string, shows: string): Step => [`kubectl create -f ${EXAMPLES}/${path}`, shows];
const apply = (path: string, shows: string, more = ''): Step => [`kubectl apply -f ${EXAMPLES}/${path}${more}`, shows];
const gone = (pod: string): Step => [`kubectl delete pod ${pod} --now`, `pod "${pod}" deleted`];

const PAGES: Record<string, Step[]> = {
  'configure a pod to use a config map': [
    create('configmap/configmaps.yaml', 'configmap/special-config created\nconfigmap/env-config created'),
    create('pods/pod-single-configmap-env-variable.yaml', 'pod/dapi-test-pod created'),
    DONE('dapi-test-pod'),
    ['kubectl logs dapi-test-pod | grep SPECIAL', 'SPECIAL_LEVEL_KEY=very'],
    gone('dapi-test-pod'),
    ['kubectl delete cm special-config', 'configmap "special-config" deleted'],
    create('configmap/configmap-multikeys.yaml', 'configmap/special-config created'),
    create('pods/pod-configmap-env-var-valueFrom.yaml', 'pod/dapi-test-pod created'),
    DONE('dapi-test-pod'),
    ['kubectl logs dapi-test-pod', 'very charm'],
    gone('dapi-test-pod'),
    create('pods/pod-configmap-volume.yaml', 'pod/dapi-test-pod created'),
    DONE('dapi-test-pod'),
    ['kubectl logs dapi-test-pod', 'SPECIAL_LEVEL\nSPECIAL_TYPE'],
    gone('dapi-test-pod'),
    create('pods/pod-configmap-volume-specific-key.yaml', 'pod/dapi-test-pod created'),
    DONE('dapi-test-pod'),
    ['kubectl logs dapi-test-pod', 'very'],
  ],
  'distribute credentials using secrets': [
    apply('pods/inject/secret.yaml', 'secret/test-secret created'),
    ['kubectl get secret test-secret', 'NAME TYPE DATA AGE\ntest-secret Opaque 2 1m'],
    [
      'kubectl describe secret test-secret',
      'Name: test-secret\nNamespace: default\nLabels: <none>\nAnnotations: <none>\n\nType: Opaque\n\nData\n====\npassword: 12 bytes\nusername: 6 bytes',
    ],
    apply('pods/inject/secret-pod.yaml', 'pod/secret-test-pod created'),
    READY('secret-test-pod'),
    ['kubectl exec -it secret-test-pod -- /bin/bash', ''],
    ['ls /etc/secret-volume', 'password  username'],
    ['echo "$( cat /etc/secret-volume/username )"', 'my-app'],
    ['exit', 'exit'],
    ["kubectl create secret generic db-user --from-literal=db-username='db-admin'", 'secret/db-user created'],
    [
      "kubectl create secret generic backend-user --from-literal=backend-username='backend-admin'",
      'secret/backend-user created',
    ],
    create('pods/inject/pod-multiple-secret-env-variable.yaml', 'pod/envvars-multiple-secrets created'),
    READY('envvars-multiple-secrets'),
    [
      "kubectl exec -i -t envvars-multiple-secrets -- /bin/sh -c 'env | grep _USERNAME | sort'",
      'BACKEND_USERNAME=backend-admin\nDB_USERNAME=db-admin',
    ],
  ],
  'the downward API and dependent variables': [
    apply('pods/inject/dapi-envars-pod.yaml', 'pod/dapi-envars-fieldref created'),
    READY('dapi-envars-fieldref'),
    ['kubectl logs dapi-envars-fieldref', /^\nnode\d\d\ndapi-envars-fieldref\ndefault\n10\.[\d.]+\ndefault\n$/],
    apply('pods/inject/dapi-volume.yaml', 'pod/kubernetes-downwardapi-volume-example created'),
    READY('kubernetes-downwardapi-volume-example'),
    [
      'kubectl logs kubernetes-downwardapi-volume-example',
      /^\n\ncluster="test-cluster1"\nrack="rack-22"\nzone="us-est-coast"\n\nbuild="two"\nbuilder="john-doe"\n/,
    ],
    ['kubectl exec -it kubernetes-downwardapi-volume-example -- sh', ''],
    ['cat /etc/podinfo/labels', 'cluster="test-cluster1"\nrack="rack-22"\nzone="us-est-coast"'],
    ['cat /etc/podinfo/none', "cat: can't open '/etc/podinfo/none': No such file or directory"],
    ['exit', 'exit\ncommand terminated with exit code 1'],
    apply('pods/inject/dependent-envars.yaml', 'pod/dependent-envars-demo created'),
    READY('dependent-envars-demo'),
    [
      'kubectl logs pod/dependent-envars-demo',
      /UNCHANGED_REFERENCE=\$\(PROTOCOL\):\/\/172\.17\.0\.1:80\nSERVICE_ADDRESS=https:\/\/172\.17\.0\.1:80\nESCAPED_REFERENCE=\$\(PROTOCOL\):\/\/172/,
    ],
  ],
  'resources and quotas': [
    ['kubectl create namespace mem-example', 'namespace/mem-example created'],
    apply('pods/resource/memory-request-limit-2.yaml', 'pod/memory-demo-2 created', ' --namespace=mem-example'),
    ['sleep 5'],
    [
      "kubectl get pod memory-demo-2 -n mem-example -o jsonpath='{.status.containerStatuses[0].lastState.terminated.reason}'",
      'OOMKilled',
    ],
    apply('pods/resource/memory-request-limit-3.yaml', 'pod/memory-demo-3 created', ' --namespace=mem-example'),
    ['kubectl describe pod memory-demo-3 -n mem-example', /FailedScheduling[^\n]*2 Insufficient memory/],
    ['kubectl create namespace cpu-example', 'namespace/cpu-example created'],
    apply('pods/resource/cpu-request-limit.yaml', 'pod/cpu-demo created', ' -n cpu-example'),
    [
      "kubectl get pod cpu-demo -n cpu-example -o jsonpath='{.spec.containers[0].resources}'",
      '{"limits":{"cpu":"1"},"requests":{"cpu":"500m"}}',
    ],
    ['kubectl create namespace qos-example', 'namespace/qos-example created'],
    apply('pods/qos/qos-pod.yaml', 'pod/qos-demo created', ' -n qos-example'),
    apply('pods/qos/qos-pod-2.yaml', 'pod/qos-demo-2 created', ' -n qos-example'),
    apply('pods/qos/qos-pod-3.yaml', 'pod/qos-demo-3 created', ' -n qos-example'),
    ["kubectl get pods -n qos-example -o jsonpath='{.items[*].status.qosClass}'", 'Guaranteed Burstable BestEffort'],
    ['kubectl create namespace quota-example', 'namespace/quota-example created'],
    apply('admin/resource/quota-mem-cpu.yaml', 'resourcequota/mem-cpu-demo created', ' -n quota-example'),
    apply('admin/resource/quota-mem-cpu-pod.yaml', 'pod/quota-mem-cpu-demo created', ' -n quota-example'),
    [
      `kubectl apply -f ${EXAMPLES}/admin/resource/quota-mem-cpu-pod-2.yaml -n quota-example`,
      /pods "quota-mem-cpu-demo-2" is forbidden: exceeded quota: mem-cpu-demo, requested: requests.memory=700Mi, used: requests.memory=600Mi, limited: requests.memory=1Gi\n$/,
    ],
  ],
  'volumes, security contexts and shells': [
    apply('pods/storage/pv-volume.yaml', 'persistentvolume/task-pv-volume created'),
    apply('pods/storage/pv-claim.yaml', 'persistentvolumeclaim/task-pv-claim created'),
    [
      'kubectl get pvc task-pv-claim',
      'NAME STATUS VOLUME CAPACITY ACCESS MODES STORAGECLASS VOLUMEATTRIBUTESCLASS AGE\ntask-pv-claim Bound task-pv-volume 10Gi RWO manual <unset> 30s',
    ],
    apply('pods/storage/pv-pod.yaml', 'pod/task-pv-pod created'),
    READY('task-pv-pod'),
    ['kubectl exec -it task-pv-pod -- /bin/bash', ''],
    ["echo 'Hello from Kubernetes storage' > /usr/share/nginx/html/index.html"],
    ['curl http://localhost/', 'Hello from Kubernetes storage'],
    ['exit', 'exit'],
    apply('pods/security/security-context.yaml', 'pod/security-context-demo created'),
    READY('security-context-demo'),
    ['kubectl exec -it security-context-demo -- sh', ''],
    ['id', 'uid=1000 gid=3000 groups=2000,3000,4000'],
    ['cd /data'],
    ['ls -l', /drwxrwsrwx +2 root +2000 +\d+ .* demo\n$/],
    ['cd demo'],
    ['echo hello > testfile'],
    ['ls -l', /-rw-r--r-- +1 1000 +2000 +6 .* testfile\n$/],
    ['exit', 'exit'],
    apply('pods/lifecycle-events.yaml', 'pod/lifecycle-demo created'),
    READY('lifecycle-demo'),
    ['kubectl exec lifecycle-demo -- cat /usr/share/message', 'Hello from the postStart handler'],
    apply('debug/termination.yaml', 'pod/termination-demo created'),
    ['sleep 12'],
    [
      'kubectl get pod termination-demo -o go-template="{{range .status.containerStatuses}}{{.lastState.terminated.message}}{{end}}"',
      'Sleep expired',
    ],
  ],
  'images and commands that fail': [
    ['kubectl run typo --image=nginx:2.3.5', 'pod/typo created'],
    ['kubectl run none --image=nowhere/none', 'pod/none created'],
    ['kubectl run wrong --image=busybox --restart=Never -- notexist', 'pod/wrong created'],
    ['sleep 1'],
    [
      'kubectl get events --field-selector involvedObject.name=typo,reason=Failed',
      /Failed to pull image "nginx:2\.3\.5": rpc error: code = NotFound desc = failed to pull and unpack image "docker\.io\/library\/nginx:2\.3\.5": failed to resolve reference "docker\.io\/library\/nginx:2\.3\.5": docker\.io\/library\/nginx:2\.3\.5: not found\n/,
    ],
    ['kubectl describe pod none', /pull access denied, repository does not exist or may require authorization/],
    [
      'kubectl describe pod wrong',
      /Container ID: +containerd:\/\/[0-9a-f]{64}\n[\s\S]*Reason: +StartError\n[\s\S]*exec: "notexist": executable file not found in \$PATH: unknown\n +Exit Code: +128\n +Started: +Thu, 01 Jan 1970 00:00:00 \+0000\n/,
    ],
  ],
  'change causes': [
    ['kubectl create deployment web --image=nginx:1.25', 'deployment.apps/web created'],
    [
      'kubectl set image deployment/web nginx=nginx:1.26 --record',
      'Flag --record has been deprecated, --record will be removed in the future\ndeployment.apps/web image updated',
    ],
    ['kubectl rollout status deployment/web', /successfully rolled out/],
    [
      'kubectl rollout history deployment/web',
      'deployment.apps/web \nREVISION CHANGE-CAUSE\n1 <none>\n2 kubectl set image deployment/web nginx=nginx:1.26 --record=true',
    ],
    ['kubectl rollout undo deployment/web', 'deployment.apps/web rolled back'],
  ],
};

describe('tasks of the Kubernetes documentation', () => {
  let tutorial: Tutorial;

  beforeEach(async () => {
    tutorial = await Tutorial.open();
  });

  afterEach(() => tutorial.stop());

  test.each(Object.entries(PAGES))('%s', async (_, steps) => tutorial.play(steps, 'terminal'));
});
