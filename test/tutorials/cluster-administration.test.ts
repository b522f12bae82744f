// Exercises for administrators and about running pods, typed at a terminal: a user by certificate, the control plane's
// health, processes that containers share, files of config maps, back-off.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const REQUEST = `cat <<E | kubectl apply -f -
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: jane}
spec:
  request: $(base64 -w0 jane.csr)
  signerName: kubernetes.io/kube-apiserver-client
  expirationSeconds: 86400
  usages: [client auth]
E`;
const pod = (name: string, spec: string) => `kubectl create -f - <<E
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: ${spec}
E`;
const READY = (name: string): Step => [`kubectl wait --for=condition=Ready pod/${name}`, /condition met/];
const AWAY = (component: string) =>
  `ssh controlplane sudo mv /etc/kubernetes/manifests/${component}.yaml /root/; sleep 40`;
const BACK = (component: string) =>
  `ssh controlplane sudo mv /root/${component}.yaml /etc/kubernetes/manifests/; sleep 40`;

const PAGES: Record<string, Step[]> = {
  'a user by certificate': [
    ['openssl genrsa -out jane.key 2048; openssl req -new -key jane.key -out jane.csr -subj /CN=jane/O=dev', ''],
    [REQUEST, 'certificatesigningrequest.certificates.k8s.io/jane created'],
    ['kubectl get csr --no-headers', /^jane +\S+ +kubernetes.io\/kube-apiserver-client +admin +24h +Pending\n$/],
    ['kubectl certificate approve jane', 'certificatesigningrequest.certificates.k8s.io/jane approved'],
    ['kubectl get csr --no-headers', /Approved,Issued\n$/],
    ["kubectl get csr jane -o jsonpath='{.status.certificate}' | base64 -d > jane.crt", ''],
    ['openssl x509 -in jane.crt -noout -subject', 'subject=CN = jane, O = dev'],
    ['kubectl create role reader --verb=get,list --resource=pods', 'role.rbac.authorization.k8s.io/reader created'],
    ['kubectl create rolebinding jane --role=reader --user=jane', 'rolebinding.rbac.authorization.k8s.io/jane created'],
    [
      'kubectl config set-credentials jane --client-key=jane.key --client-certificate=jane.crt --embed-certs=true',
      'User "jane" set.',
    ],
    ['kubectl config set-context jane --cluster=here --user=jane', 'Context "jane" created.'],
    ['kubectl --context jane get pods', 'No resources found in default namespace.'],
    ['kubectl --context jane get nodes', /User "jane" cannot list resource "nodes" in API group "" at the cluster/],
    ['kubectl --context jane auth whoami', 'ATTRIBUTE VALUE\nUsername jane\nGroups [dev system:authenticated]'],
    ['openssl genrsa -out other.key 2048', ''],
    [
      'kubectl config set-credentials thief --client-key=other.key --client-certificate=jane.crt; kubectl --user thief get pods',
      'User "thief" set.\nerror: tls: private key does not match public key',
    ],
    [
      `openssl req -x509 -new -key other.key -out forged.crt -subj /CN=root/O=system:masters
kubectl config set-credentials root --client-key=other.key --client-certificate=forged.crt; kubectl --user root get pods`,
      'User "root" set.\nerror: You must be logged in to the server (Unauthorized)',
    ],
  ],
  'the health of the control plane': [
    [
      'kubectl get cs 2>/dev/null',
      'NAME STATUS MESSAGE ERROR\nscheduler Healthy ok\ncontroller-manager Healthy ok\netcd-0 Healthy ok',
    ],
    ['kubectl get cs etcd-0 2>&1 >/dev/null', 'Warning: v1 ComponentStatus is deprecated in v1.19+'],
    ["kubectl get nodes -o jsonpath='{.items[*].status.nodeInfo.kubeletVersion}'", 'v1.31.6 v1.31.6 v1.31.6'],
  ],
  'static pods of the control plane': [
    [
      'ssh controlplane ls /etc/kubernetes/manifests 2>/dev/null',
      'etcd.yaml\nkube-apiserver.yaml\nkube-controller-manager.yaml\nkube-scheduler.yaml',
    ],
    [
      'kubectl get pods -n kube-system -l tier=control-plane -o name',
      'pod/etcd-controlplane\npod/kube-apiserver-controlplane\npod/kube-controller-manager-controlplane\npod/kube-scheduler-controlplane',
    ],
    [
      "kubectl get cm kubeadm-config -n kube-system -o jsonpath='{.data.ClusterConfiguration}' | grep kubernetesVersion",
      'kubernetesVersion: v1.31.6',
    ],
    ['ssh controlplane sudo kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes -o name | wc -l', '3'],
    [AWAY('kube-scheduler'), ''],
    [
      'kubectl run one --image=nginx; sleep 5; kubectl get pod one --no-headers',
      /^pod\/one created\none +0\/1 +Pending/,
    ],
    ['kubectl get pods -n kube-system -l component=kube-scheduler', 'No resources found in kube-system namespace.'],
    [BACK('kube-scheduler'), ''],
    READY('one'),
    [AWAY('kube-controller-manager'), ''],
    ['kubectl create deploy two --image=nginx; sleep 5; kubectl get rs', /created\nNo resources found/],
    [BACK('kube-controller-manager'), ''],
    ['kubectl rollout status deploy two | tail -1', 'deployment "two" successfully rolled out'],
    [AWAY('kube-apiserver'), ''],
    ['kubectl get nodes', /The connection to the server .*:6443 was refused - did you specify the right host or port/],
    [BACK('kube-apiserver'), ''],
    ['kubectl get pods --no-headers | wc -l', '2'],
  ],
  'processes that containers share': [
    [
      pod(
        'pair',
        '{shareProcessNamespace: true, containers: [{name: web, image: nginx}, {name: shell, image: busybox, command: [sleep, "3600"]}]}',
      ),
      'pod/pair created',
    ],
    READY('pair'),
    [
      "kubectl exec pair -c shell -- ps -o user,args | grep -v ' ps'",
      'USER COMMAND\n65535 /pause\nroot nginx -g daemon off;\nroot sleep 3600',
    ],
    ['kubectl exec pair -c shell -- cat /proc/2/root/etc/hostname /proc/2/comm', 'pair\nnginx'],
    ['kubectl exec pair -c shell -- kill 2; sleep 2; kubectl get pod pair --no-headers', /^pair +2\/2 +Running +1 /],
    ['kubectl run alone --image=nginx', 'pod/alone created'],
    READY('alone'),
    ['kubectl debug alone --image=busybox --target=alone -- sleep 3600 2>/dev/null; sleep 1', /./],
    [
      "kubectl exec alone -c $(kubectl get pod alone -o jsonpath='{.spec.ephemeralContainers[0].name}') -- ps -o pid,args | grep nginx",
      '1 nginx -g daemon off;',
    ],
  ],
  'files of config maps and secrets': [
    ['kubectl create cm c --from-literal=a=1; kubectl create secret generic s --from-literal=k=v', /secret\/s created/],
    [
      pod(
        'files',
        '{securityContext: {fsGroup: 2000}, volumes: [{name: c, configMap: {name: c}}, {name: s, secret: {secretName: s, defaultMode: 256}}], containers: [{name: box, image: busybox, command: [sleep, "3600"], volumeMounts: [{name: c, mountPath: /c}, {name: c, mountPath: /one, subPath: a}, {name: s, mountPath: /s}]}]}',
      ),
      'pod/files created',
    ],
    READY('files'),
    ['kubectl exec files -- sh -c "readlink /c/a; readlink /c/..data | cut -c1-12"', '..data/a\n..2026_01_01'],
    [
      'kubectl exec files -- sh -c "ls -lL /s/k | cut -c1-10; ls -ld /c /s | cut -c1-10"',
      '-r--r-----\ndrwxrwsrwx\ndrwxrwsrwt',
    ],
    ['kubectl patch cm c --type merge -p \'{"data":{"a":"2"}}\'', 'configmap/c patched'],
    ['sleep 90; kubectl exec files -- cat /c/a /one', '21'],
  ],
};

describe.each(Object.entries(PAGES))('%s', (_, steps) => {
  let page: Tutorial;
  beforeEach(async () => {
    page = await Tutorial.open();
  });
  afterEach(() => page.stop());

  test('shows what the page shows', () => page.play(steps));
});

test('a container that crashes starts again after 10, 20 and 40 seconds', async () => {
  const page = await Tutorial.open();
  const restarts = async (seconds: number) =>
    Number(
      await page.run(`sleep ${seconds}; kubectl get pod bad -o jsonpath='{.status.containerStatuses[0].restartCount}'`),
    );
  await page.run('kubectl run bad --image=busybox -- false');
  expect([await restarts(5), await restarts(10), await restarts(20), await restarts(10), await restarts(30)]).toEqual([
    1, 2, 3, 3, 4,
  ]);
  page.stop();
});
