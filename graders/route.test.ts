// The grader of routes and ingresses: passes, fails, cheats.
import { graderTable, WEB } from './testing/table';

const serve = (name: string, project = 'shop', says = name) =>
  `oc run ${name} -n ${project} --image hashicorp/http-echo --port 5678 --labels app=${name} -- -text=${says}
oc wait -n ${project} --for=condition=Ready pod/${name}
oc expose pod/${name} -n ${project} --port 80 --target-port 5678
`;
const route = { grader: 'route', with: { namespace: 'shop', service: 'web', contains: 'web' } };
const apply = (yaml: string) => `oc apply -f - <<'END'\n${yaml}\nEND\n`;
const HOST = 'web-shop.apps.ocp4.example.com';

graderTable([
  { name: 'passes with a route', given: `${serve('web')}oc expose service/web`, ...route },
  {
    name: 'passes with TLS that ends at the router',
    given: `${serve('web')}oc create route edge safe --service web`,
    ...route,
    with: { ...route.with, tls: 'edge' },
  },
  {
    name: 'passes with an ingress',
    given:
      serve('web') +
      apply(`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
  - host: shop.apps.ocp4.example.com
    http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }`),
    ...route,
    with: { ...route.with, kind: 'Ingress' },
  },
  {
    name: 'passes with a part of the requests',
    given: `${serve('web')}${serve('old', 'shop', 'web-1')}oc expose service/web\noc set route-backends web web=1 old=1`,
    ...route,
  },
  { name: 'fails without a route', given: serve('web'), ...route, reason: /no route in shop leads to service web/ },
  {
    name: 'fails with a route to another service',
    given: `${serve('web')}${serve('old')}oc expose service/old`,
    ...route,
    reason: /there is one to old/,
  },
  {
    name: 'fails when the connection is not encrypted as asked',
    given: `${serve('web')}oc expose service/web`,
    ...route,
    with: { ...route.with, tls: 'edge' },
    reason: /not encrypted/,
  },
  {
    name: 'fails when the service has no endpoints',
    given: `${serve('web')}oc expose service/web\noc patch service web -p '{"spec":{"selector":{"app":"wbe"}}}'`,
    ...route,
    reason: /wbe/,
  },
  {
    name: 'passes the negative form without a route',
    given: serve('web'),
    ...route,
    not: true,
  },
  {
    name: 'cheat: a name without substance',
    given: 'oc create service clusterip web --tcp 80\noc expose service/web',
    ...route,
    reason: /no pod|endpoint/,
  },
  {
    name: 'cheat: an edited status',
    given: `oc create service clusterip web --tcp 80\noc expose service/web\noc patch route web --subresource status --type merge -p '{"status":{"ingress":[{"host":"${HOST}","conditions":[{"type":"Admitted","status":"True"}]}]}}'`,
    ...route,
  },
  {
    name: 'cheat: another project has the host name, with a server that prints the expected text',
    given: `${serve('web', 'other')}oc expose service/web -n other --hostname ${HOST}
sleep 5
${serve('web', 'shop', 'nothing')}oc expose service/web --hostname ${HOST}`,
    ...route,
    reason: /belongs to route web of other/,
  },
  {
    name: 'cheat: all the weight is on another server that prints the expected text',
    given: `${serve('web', 'shop', 'nothing')}${serve('fake', 'shop', 'web')}oc expose service/web\noc set route-backends web web=0 fake=1`,
    ...route,
    reason: /its weight is 0/,
  },
  {
    name: 'cheat: nearly all the weight is on another server that prints the expected text',
    given: `${serve('web', 'shop', 'nothing')}${serve('fake', 'shop', 'web')}oc expose service/web\noc set route-backends web web=1 fake=250`,
    ...route,
    reason: /the answer came from fake|answers with/,
  },
  {
    name: 'cheat: a pod with the label that only holds a name',
    given: `oc run idle --image ${WEB} --labels app=web -- pause\noc create service clusterip web --tcp 80\noc expose service/web`,
    ...route,
  },
  {
    name: 'cheat: scaled to zero after',
    given: `oc create deployment web --image hashicorp/http-echo --port 5678 -- /http-echo -text=web\noc rollout status deployment/web\noc expose deployment/web --port 80 --target-port 5678\noc expose service/web\noc scale deployment/web --replicas 0`,
    ...route,
  },
]);
