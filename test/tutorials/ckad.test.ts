// The CKAD exercises of github.com/dgkanatsios/CKAD-exercises on core concepts and on services, typed at a terminal.
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const READY = (what: string): Step => [`kubectl wait --for=condition=Ready ${what} --timeout=60s`, /condition met/];
const WELCOME = /<title>Welcome to nginx!<\/title>/;

const EXERCISES: Record<string, Step[]> = {
  'core concepts': [
    ['kubectl create namespace mynamespace', 'namespace/mynamespace created'],
    ['kubectl run nginx --image=nginx --restart=Never -n mynamespace', 'pod/nginx created'],
    ['kubectl run nginx --image=nginx --restart=Never --dry-run=client -n mynamespace -o yaml > pod.yaml'],
    [
      'cat pod.yaml',
      `apiVersion: v1
kind: Pod
metadata:
  creationTimestamp: null
  labels:
    run: nginx
  name: nginx
  namespace: mynamespace
spec:
  containers:
  - image: nginx
    name: nginx
    resources: {}
  dnsPolicy: ClusterFirst
  restartPolicy: Never
status: {}`,
    ],
    [
      'kubectl create -f pod.yaml',
      'Error from server (AlreadyExists): error when creating "pod.yaml": pods "nginx" already exists',
    ],
    ['kubectl delete pod nginx -n mynamespace', 'pod "nginx" deleted'],
    [
      'kubectl run nginx --image=nginx --restart=Never --dry-run=client -o yaml | kubectl create -n mynamespace -f -',
      'pod/nginx created',
    ],
    [
      'kubectl run busybox --image=busybox --command --restart=Never -it --rm -- env',
      /KUBERNETES_SERVICE_HOST=172\.30\.0\.1[\s\S]*pod "busybox" deleted\n$/,
    ],
    ['kubectl run busybox --image=busybox --command --restart=Never -- env', 'pod/busybox created'],
    ["kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/busybox", 'pod/busybox condition met'],
    ['kubectl logs busybox', /HOSTNAME=busybox/],
    ['kubectl delete pod busybox', 'pod "busybox" deleted'],
    [
      'kubectl create namespace myns -o yaml --dry-run=client',
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  creationTimestamp: null\n  name: myns\nspec: {}\nstatus: {}',
    ],
    [
      'kubectl create quota myrq --hard=cpu=1,memory=1G,pods=2 --dry-run=client -o yaml',
      /spec:\n {2}hard:\n {4}cpu: "1"\n {4}memory: 1G\n {4}pods: "2"\nstatus: {}/,
    ],
    [
      'kubectl get po --all-namespaces',
      /^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE\n[\s\S]*mynamespace +nginx +1\/1 +Running/,
    ],
    ['kubectl run nginx --image=nginx --restart=Never --port=80', 'pod/nginx created'],
    READY('pod/nginx'),
    ['kubectl set image pod/nginx nginx=nginx:1.25', 'pod/nginx image updated'],
    ['kubectl get po nginx -o jsonpath=\'{.spec.containers[].image}{"\\n"}\'', 'nginx:1.25'],
    READY('pod/nginx'),
    ["NGINX_IP=$(kubectl get pod nginx -o jsonpath='{.status.podIP}')"],
    [
      'kubectl run busybox --image=busybox --env="NGINX_IP=$NGINX_IP" --rm -it --restart=Never -- sh -c \'wget -O- $NGINX_IP:80\'',
      WELCOME,
    ],
    [
      "kubectl run busybox --image=busybox --rm -it --restart=Never -- wget -O- $(kubectl get pod nginx -o jsonpath='{.status.podIP}:{.spec.containers[0].ports[0].containerPort}')",
      WELCOME,
    ],
    ['kubectl get po nginx --output=yaml', /^apiVersion: v1\nkind: Pod\n[\s\S]*phase: Running/],
    ['kubectl logs nginx', /GET \/ HTTP\/1\.1/],
    ['kubectl exec -it nginx -- /bin/sh -c "hostname"', 'nginx'],
    ["kubectl run busybox --image=busybox -it --restart=Never -- echo 'hello world'", /hello world/],
    ['kubectl delete pod busybox', 'pod "busybox" deleted'],
    [
      "kubectl run busybox --image=busybox -it --rm --restart=Never -- /bin/sh -c 'echo hello world'",
      /hello world\npod "busybox" deleted\n$/,
    ],
    ['kubectl delete pod nginx', 'pod "nginx" deleted'],
    ['kubectl run nginx --image=nginx --restart=Never --env=var1=val1', 'pod/nginx created'],
    READY('pod/nginx'),
    ["kubectl exec -it nginx -- sh -c 'echo $var1'", 'val1'],
    ['kubectl describe po nginx | grep val1', /var1: +val1/],
  ],
  services: [
    ['kubectl run nginx --image=nginx --restart=Never --port=80 --expose', 'service/nginx created\npod/nginx created'],
    READY('pod/nginx'),
    [
      'kubectl get svc nginx',
      'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\nnginx ClusterIP 10.0.0.1 <none> 80/TCP 9s',
    ],
    ['kubectl get ep', /nginx +10\.[\d.]+:80 +\d+s/],
    ['IP=$(kubectl get svc nginx --template={{.spec.clusterIP}})'],
    [
      'kubectl run busybox --rm --image=busybox -it --restart=Never --env="IP=$IP" -- wget -O- $IP:80 --timeout 2',
      WELCOME,
    ],
    ['kubectl patch svc nginx -p \'{"spec":{"type":"NodePort"}}\'', 'service/nginx patched'],
    [
      'kubectl get svc',
      `NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE
kubernetes ClusterIP 10.96.0.1 <none> 443/TCP 41d
nginx NodePort 10.107.253.138 <none> 80:31931/TCP 3m`,
    ],
    [
      "wget -qO- $(kubectl get node -o jsonpath='{.items[1].status.addresses[0].address}'):$(kubectl get svc nginx -o jsonpath='{.spec.ports[0].nodePort}')",
      WELCOME,
    ],
    ['kubectl delete svc nginx', 'service "nginx" deleted'],
    ['kubectl delete pod nginx', 'pod "nginx" deleted'],
    [
      'kubectl create deploy foo --image=registry.k8s.io/e2e-test-images/agnhost:2.39 --port=8080 --replicas=3 -- /agnhost netexec',
      'deployment.apps/foo created',
    ],
    ['kubectl label deployment foo --overwrite app=foo', 'deployment.apps/foo not labeled'],
    ['kubectl rollout status deploy/foo', /successfully rolled out/],
    [
      "kubectl get po -l app=foo -o jsonpath='{range .items[*]}{.status.podIP}{\"\\n\"}{end}' | xargs -L1 -I '{}' kubectl run --rm -i tmp --restart=Never --quiet --image=busybox -- wget -qO- http://\\{\\}:8080/hostname | grep -c foo-",
      /^[1-3]\n$/,
    ],
    ['kubectl expose deploy foo --port=6262 --target-port=8080', 'service/foo exposed'],
    ['kubectl get service foo', /foo +ClusterIP +172\.30\.[\d.]+ +<none> +6262\/TCP/],
    ['kubectl get endpoints foo', /foo +(10\.[\d.]+:8080,?){3}/],
    [
      'kubectl run busybox --image=busybox -it --rm --restart=Never -- wget -qO- foo:6262/hostname',
      /foo-[0-9a-f]+-[a-z0-9]{5}/,
    ],
    ['kubectl delete svc foo', 'service "foo" deleted'],
    ['kubectl delete deploy foo', 'deployment.apps "foo" deleted'],
    ['kubectl create deployment nginx --image=nginx --replicas=2', 'deployment.apps/nginx created'],
    ['kubectl expose deployment nginx --port=80', 'service/nginx exposed'],
    ['kubectl rollout status deploy/nginx', /successfully rolled out/],
    ['kubectl describe svc nginx', /Selector: +app=nginx\n/],
    [
      'kubectl create -f - <<< \'{"kind":"NetworkPolicy","apiVersion":"networking.k8s.io/v1","metadata":{"name":"access-nginx"},"spec":{"podSelector":{"matchLabels":{"app":"nginx"}},"ingress":[{"from":[{"podSelector":{"matchLabels":{"access":"granted"}}}]}]}}\'',
      'networkpolicy.networking.k8s.io/access-nginx created',
    ],
    [
      'kubectl run busybox --image=busybox --rm -it --restart=Never -- wget -O- http://nginx:80 --timeout 2',
      /wget: download timed out\npod "busybox" deleted\npod default\/busybox terminated \(Error\)\n$/,
    ],
    [
      'kubectl run busybox --image=busybox --rm -it --restart=Never --labels=access=granted -- wget -O- http://nginx:80 --timeout 2',
      WELCOME,
    ],
    ['kubectl create ingress web --rule="example.com/*=nginx:80"', 'ingress.networking.k8s.io/web created'],
    ['kubectl get ingress', /web +<none> +example\.com +\S* +80 +\d+s/],
  ],
};

describe('the CKAD exercises', () => {
  let tutorial: Tutorial;

  beforeEach(async () => {
    tutorial = await Tutorial.open();
  });

  afterEach(() => tutorial.stop());

  test.each(Object.entries(EXERCISES))('%s', async (_, steps) => tutorial.play(steps, 'terminal'));
});
