// Pages of the Kubernetes documentation on networking, typed as they stand: kubernetes.io/docs, "Connecting Applications with
// Services", "Debug Services", "Debugging DNS Resolution", "Declare Network Policy", "Exposing an External IP Address".
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const EXAMPLES = 'https://k8s.io/examples';
const POD = (label: string) => `$(kubectl get pods -l ${label} -o jsonpath='{.items[0].metadata.name}')`;

const PAGES: Record<string, Step[]> = {
  'connecting applications with services': [
    [`curl -s ${EXAMPLES}/service/networking/run-my-nginx.yaml > run-my-nginx.yaml`],
    ['kubectl apply -f ./run-my-nginx.yaml', 'deployment.apps/my-nginx created'],
    ['kubectl wait --for=condition=Available deployment/my-nginx', /condition met/],
    [
      'kubectl get pods -l run=my-nginx -o wide',
      `NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES
my-nginx-3800858182-jr4a2 1/1 Running 0 13s 10.244.3.4 node01 <none> <none>
my-nginx-3800858182-kna2y 1/1 Running 0 13s 10.244.2.5 node02 <none> <none>`,
    ],
    [
      'kubectl get pods -l run=my-nginx -o custom-columns=POD_IP:.status.podIPs',
      'POD_IP\n[map[ip:10.244.3.4]]\n[map[ip:10.244.2.5]]',
    ],
    ['kubectl expose deployment/my-nginx', 'service/my-nginx exposed'],
    [
      'kubectl get svc my-nginx',
      'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\nmy-nginx ClusterIP 10.0.162.149 <none> 80/TCP 21s',
    ],
    [
      'kubectl describe svc my-nginx',
      /Selector: +run=my-nginx\n[\s\S]*Endpoints: +10\.\S+:80,10\.\S+:80\nSession Affinity: +None/,
    ],
    [
      'kubectl get endpointslices -l kubernetes.io/service-name=my-nginx',
      /^NAME +ADDRESSTYPE +PORTS +ENDPOINTS +AGE\nmy-nginx-[a-z0-9]{5} +IPv4 +80 +10\.[\d.]+,10\.[\d.]+ +\d+s\n$/,
    ],
    [
      `kubectl exec ${POD('run=my-nginx')} -- printenv | grep SERVICE`,
      'KUBERNETES_SERVICE_HOST=10.0.0.1\nKUBERNETES_SERVICE_PORT=443\nKUBERNETES_SERVICE_PORT_HTTPS=443',
    ],
    [
      'kubectl scale deployment my-nginx --replicas=0; kubectl scale deployment my-nginx --replicas=2;',
      'deployment.apps/my-nginx scaled\ndeployment.apps/my-nginx scaled',
    ],
    ['kubectl rollout status deployment/my-nginx', /successfully rolled out/],
    [
      `kubectl exec ${POD('run=my-nginx')} -- printenv | grep SERVICE | sort`,
      `KUBERNETES_SERVICE_HOST=10.0.0.1\nKUBERNETES_SERVICE_PORT=443\nKUBERNETES_SERVICE_PORT_HTTPS=443
MY_NGINX_SERVICE_HOST=10.0.162.149\nMY_NGINX_SERVICE_PORT=80`,
    ],
    [
      'kubectl get services kube-dns --namespace=kube-system',
      'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\nkube-dns ClusterIP 10.0.0.10 <none> 53/UDP,53/TCP 8m',
    ],
    [
      'kubectl run curl --image=busybox -i --rm --restart=Never -- nslookup my-nginx',
      /Name:\tmy-nginx\.default\.svc\.cluster\.local\nAddress: 172\.30\.[\d.]+\n[\s\S]*pod "curl" deleted/,
    ],
    ['kubectl delete deployments,svc my-nginx', /deployment\.apps "my-nginx" deleted\nservice "my-nginx" deleted/],
  ],
  'debug services': [
    [
      'kubectl create deployment hostnames --image=registry.k8s.io/e2e-test-images/agnhost:2.39 -- /agnhost serve-hostname',
      'deployment.apps/hostnames created',
    ],
    ['kubectl scale deployment hostnames --replicas=3', 'deployment.apps/hostnames scaled'],
    ['kubectl rollout status deployment/hostnames', /successfully rolled out/],
    [
      'kubectl get pods -l app=hostnames',
      `NAME READY STATUS RESTARTS AGE
hostnames-6325241060-bbpiw 1/1 Running 0 2m
hostnames-6325241060-ly40y 1/1 Running 0 2m
hostnames-6325241060-tlaok 1/1 Running 0 2m`,
    ],
    [
      `kubectl get pods -l app=hostnames -o go-template='{{range .items}}{{.status.podIP}}{{"\\n"}}{{end}}'`,
      '10.244.0.5\n10.244.0.6\n10.244.0.7',
    ],
    [
      `for ep in $(kubectl get pods -l app=hostnames -o jsonpath='{.items[*].status.podIP}'); do
         kubectl run x --image=busybox -i --rm --quiet --restart=Never -- wget -qO- $ep:9376; echo
       done`,
      'hostnames-6325241060-bbpiw\nhostnames-6325241060-ly40y\nhostnames-6325241060-tlaok',
    ],
    ['kubectl get svc hostnames', 'Error from server (NotFound): services "hostnames" not found'],
    ['kubectl expose deployment hostnames --port=80 --target-port=9376', 'service/hostnames exposed'],
    [
      'kubectl get svc hostnames',
      'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\nhostnames ClusterIP 10.0.1.175 <none> 80/TCP 5s',
    ],
    [
      'kubectl run busybox -i --rm --restart=Never --quiet --image=busybox -- nslookup hostnames.default.svc.cluster.local',
      /Name:\thostnames\.default\.svc\.cluster\.local\nAddress: 172\.30\./,
    ],
    [
      'kubectl run busybox -i --rm --restart=Never --quiet --image=busybox -- cat /etc/resolv.conf',
      /search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local.*\nnameserver 172\.30\.0\.10\noptions ndots:5/,
    ],
    [
      "kubectl run busybox -i --rm --restart=Never --quiet --image=busybox -- sh -c 'for i in $(seq 1 3); do wget -qO- hostnames; echo; done'",
      'hostnames-6325241060-bbpiw\nhostnames-6325241060-ly40y\nhostnames-6325241060-tlaok',
    ],
    ['kubectl get service hostnames -o json', /"targetPort": 9376[\s\S]*"selector": \{\n +"app": "hostnames"/],
    ['kubectl get endpoints hostnames', /hostnames +(10\.[\d.]+:9376,?){3} +\d+s\n$/],
  ],
  'debugging DNS resolution': [
    [`kubectl apply -f ${EXAMPLES}/admin/dns/dnsutils.yaml`, 'pod/dnsutils created'],
    ['kubectl wait --for=condition=Ready pod/dnsutils', /condition met/],
    ['kubectl get pods dnsutils', 'NAME READY STATUS RESTARTS AGE\ndnsutils 1/1 Running 0 9s'],
    [
      'kubectl exec -i dnsutils -- nslookup kubernetes.default',
      /Server:\t+172\.30\.0\.10\nAddress:\t172\.30\.0\.10#53\n\nName:\tkubernetes\.default\.svc\.cluster\.local\nAddress: 172\.30\.0\.1\n/,
    ],
    ['kubectl exec -i dnsutils -- cat /etc/resolv.conf', /nameserver 172\.30\.0\.10\noptions ndots:5/],
    [
      'kubectl get pods --namespace=kube-system -l k8s-app=kube-dns',
      /^NAME +READY +STATUS +RESTARTS +AGE\n(coredns-\S+ +1\/1 +Running +0 +\S+\n)+$/,
    ],
    ['kubectl get svc --namespace=kube-system', /kube-dns +ClusterIP +172\.30\.0\.10 +<none> +53\/UDP,53\/TCP/],
    [
      'kubectl get endpointslices -l kubernetes.io/service-name=kube-dns --namespace=kube-system',
      /kube-dns-\S+ +IPv4 +53,53 /,
    ],
    ['kubectl logs --namespace=kube-system -l k8s-app=kube-dns', /CoreDNS-1\.\d+/],
    [
      'kubectl get ep kube-dns --namespace=kube-system',
      /^NAME +ENDPOINTS +AGE\nkube-dns +10\.[\d.]+:53,10\.[\d.]+:53,/,
    ],
    [
      'kubectl describe clusterrole system:coredns -n kube-system',
      /endpointslices\.discovery\.k8s\.io +\[\] +\[\] +\[list watch\]\n/,
    ],
    ['kubectl get configmap coredns -n kube-system -o yaml', /Corefile: \|\n {4}\.:53 \{\n {8}errors\n/],
    [
      "kubectl get configmap coredns -n kube-system -o yaml | sed 's/^        errors/        log\\n        errors/' | kubectl replace -f -",
      'configmap/coredns replaced',
    ],
    ['sleep 120'],
    ['kubectl exec -i -t dnsutils -- nslookup kubernetes.default', /Address: 172\.30\.0\.1\n/],
    [
      'kubectl logs --namespace=kube-system -l k8s-app=kube-dns',
      /\[INFO\] 10\.[\d.]+:\d+ - \d+ "A IN kubernetes\.default\.svc\.cluster\.local\. udp \d+ false 512" NOERROR qr,aa,rd/,
    ],
  ],
  'declare network policy': [
    ['kubectl create deployment nginx --image=nginx', 'deployment.apps/nginx created'],
    ['kubectl expose deployment nginx --port=80', 'service/nginx exposed'],
    ['kubectl rollout status deployment/nginx', /successfully rolled out/],
    [
      'kubectl get svc,pod',
      `NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE
service/kubernetes ClusterIP 10.100.0.1 <none> 443/TCP 46d
service/nginx ClusterIP 10.100.0.16 <none> 80/TCP 33s

NAME READY STATUS RESTARTS AGE
pod/nginx-7013397120-e0qfq 1/1 Running 0 35s`,
    ],
    [
      'kubectl run busybox --rm -i --image=busybox --restart=Never -- wget --spider --timeout=1 nginx',
      /Connecting to nginx \(172\.30\.[\d.]+:80\)\n/,
    ],
    [
      `kubectl apply -f ${EXAMPLES}/service/networking/nginx-policy.yaml`,
      'networkpolicy.networking.k8s.io/access-nginx created',
    ],
    [
      'kubectl run busybox --rm -i --image=busybox --restart=Never -- wget --spider --timeout=1 nginx',
      /Connecting to nginx \(172\.30\.[\d.]+:80\)\nwget: download timed out\n/,
    ],
    [
      'kubectl run busybox --rm -i --labels="access=true" --image=busybox --restart=Never -- wget --spider --timeout=1 nginx; echo status $?',
      /Connecting to nginx \(172\.30\.[\d.]+:80\)\n[\s\S]*status 0\n$/,
    ],
  ],
  'exposing an external IP address': [
    [`kubectl apply -f ${EXAMPLES}/service/load-balancer-example.yaml`, 'deployment.apps/hello-world created'],
    ['kubectl rollout status deployment/hello-world', /successfully rolled out/],
    ['kubectl get deployments hello-world', 'NAME READY UP-TO-DATE AVAILABLE AGE\nhello-world 5/5 5 5 5s'],
    ['kubectl get replicasets', 'NAME DESIRED CURRENT READY AGE\nhello-world-2895499144 5 5 5 5s'],
    ['kubectl expose deployment hello-world --type=LoadBalancer --name=my-service', 'service/my-service exposed'],
    ['kubectl get services my-service', /my-service +LoadBalancer +172\.30\.[\d.]+ +\S+ +8080:\d+\/TCP/],
    [
      'kubectl describe services my-service',
      /Type: +LoadBalancer[\s\S]*NodePort: +<unset> +\d+\/TCP\nEndpoints: +(\S+:8080,?){3} \+ 2 more\.\.\./,
    ],
    ['kubectl delete services my-service', 'service "my-service" deleted'],
    ['kubectl delete deployment hello-world', 'deployment.apps "hello-world" deleted'],
  ],
  'the guestbook': [
    ...['redis-leader', 'redis-follower', 'frontend'].flatMap((name): Step[] => [
      [`kubectl apply -f ${EXAMPLES}/application/guestbook/${name}-deployment.yaml`, `deployment.apps/${name} created`],
      [`kubectl apply -f ${EXAMPLES}/application/guestbook/${name}-service.yaml`, `service/${name} created`],
      [`kubectl rollout status deployment/${name}`, /successfully rolled out/],
    ]),
    [
      'kubectl get pods',
      `NAME READY STATUS RESTARTS AGE
frontend-3823415956-dsvc5 1/1 Running 0 54s
frontend-3823415956-k22zn 1/1 Running 0 54s
frontend-3823415956-w9gbt 1/1 Running 0 54s
redis-follower-3823415956-x2qwg 1/1 Running 0 38s
redis-follower-3823415956-zzzzz 1/1 Running 0 38s
redis-leader-1068406935-3lswp 1/1 Running 0 56s`,
    ],
    [
      'kubectl port-forward svc/frontend 8080:80 >/dev/null & sleep 1; curl -s http://localhost:8080 | grep title; kill %1',
      /<title>Guestbook<\/title>/,
    ],
    ['kubectl scale deployment frontend --replicas=5', 'deployment.apps/frontend scaled'],
    [
      'kubectl delete deployment -l app=redis; kubectl delete service -l app=redis; kubectl delete deployment frontend; kubectl delete service frontend',
      `deployment.apps "redis-follower" deleted
deployment.apps "redis-leader" deleted
service "redis-follower" deleted
service "redis-leader" deleted
deployment.apps "frontend" deleted
service "frontend" deleted`,
    ],
    ['kubectl get pods', 'No resources found in default namespace.'],
  ],
};

describe('pages of the Kubernetes documentation', () => {
  let tutorial: Tutorial;

  beforeEach(async () => {
    tutorial = await Tutorial.open();
  });

  afterEach(() => tutorial.stop());

  test.each(Object.entries(PAGES))('%s', async (_, steps) => tutorial.play(steps));
});
