// Cheats that a grader of one object alone would not see: what is shown is there, and what it stands for is not.
import { graderTable, WEB } from './testing/table';

const MYSQL = 'registry.ocp4.example.com:8443/rhel8/mysql-80';
const HELLO = 'registry.ocp4.example.com:8443/openshift/hello-openshift';
const apply = (...objects: object[]) =>
  objects.map((object) => `oc apply -f - <<'END'\n${JSON.stringify(object)}\nEND\n`).join('');
const pod = (name: string, spec: object, labels: object = { app: 'web' }) =>
  apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec });
const service = (spec: object, name = 'web') => apply({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });
const ready = (...names: string[]) => `oc wait --for=condition=Ready ${names.map((name) => `pod/${name}`).join(' ')}\n`;
const server = { name: 'server', image: WEB, args: ['netexec', '--http-port', '8080'] };
const idle = { name: 'idle', image: WEB, args: ['pause'] };
const web = `${pod('web', { containers: [server] })}${ready('web')}`;
const deny = apply({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'shop' },
  spec: { podSelector: {} },
});
const ports = [{ port: 8080 }];
const selector = { app: 'web' };
const toWeb = { namespace: 'shop', selector };
const template = (containers: object[]) => ({ metadata: { labels: selector }, spec: { containers } });
const deployment = (spec: object) =>
  apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: selector }, ...spec },
  });
const job = (spec: object) => apply({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'fill' }, spec });
const echo = (name: string, says: string) =>
  `oc run ${name} --image hashicorp/http-echo --port 5678 --labels app=${name} -- -text=${says}\n${ready(name)}` +
  `oc expose pod/${name} --port 80 --target-port 5678\n`;
const HOST = 'web-shop.apps.ocp4.example.com';
const endpoints = { grader: 'endpoints', with: { namespace: 'shop', service: 'web', port: 8080 } };

graderTable([
  {
    name: 'cheat: the right image idles beside an impostor',
    given: `${pod('web', { containers: [server, { name: 'proof', image: MYSQL, command: ['sleep', '1000000'] }] })}${ready('web')}oc expose pod/web --port 8080`,
    ...endpoints,
    with: { ...endpoints.with, image: 'mysql' },
    reason: /answers on port 8080 by container server, which runs registry.k8s.io/,
  },
  {
    name: 'passes when the right image serves beside another',
    given: `${pod('web', { containers: [{ name: 'proof', image: MYSQL, command: ['sleep', '1000000'] }, server] })}${ready('web')}oc expose pod/web --port 8080`,
    ...endpoints,
    with: { ...endpoints.with, image: 'agnhost' },
  },
  {
    name: 'cheat: pods that are not ready are published all the same',
    given:
      pod('web', { containers: [{ ...server, readinessProbe: { httpGet: { path: '/nothing', port: 8081 } } }] }) +
      service({ selector, ports, publishNotReadyAddresses: true }),
    ...endpoints,
    reason: /is not ready/,
  },
  {
    name: 'cheat: on the node another pod holds the port',
    given:
      `oc adm policy add-scc-to-user privileged -z default -n shop\noc adm policy add-scc-to-user privileged -z default -n other\n` +
      `${pod('web', { hostNetwork: true, nodeName: 'worker01', containers: [idle] })}` +
      `oc create -n other -f - <<'END'\n${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'fake' }, spec: { hostNetwork: true, nodeName: 'worker01', containers: [server] } })}\nEND\n` +
      `oc wait -n other --for=condition=Ready pod/fake\n${ready('web')}${service({ selector, ports })}`,
    ...endpoints,
    reason: /no program of pod web listens/,
  },

  {
    name: 'cheat: kept out by not listening',
    given: `${pod('web', { containers: [idle] })}${ready('web')}`,
    grader: 'reachability',
    with: { from: 'other', to: toWeb, port: 8080 },
    not: true,
    reason: /nothing listens on TCP port 8080 of pod web/,
  },
  {
    name: 'cheat: a policy closes what does not listen',
    given: `${pod('web', { containers: [idle] })}${ready('web')}${deny}`,
    grader: 'reachability',
    with: { from: 'other', to: toWeb, port: 8080 },
    not: true,
  },
  {
    name: 'cheat: a service that nobody reaches, since nobody is behind it',
    given: service({ selector, ports }),
    grader: 'reachability',
    with: { from: 'other', to: { namespace: 'shop', service: 'web' }, port: 8080 },
    not: true,
  },
  {
    name: 'passes the negative form for a service behind a policy',
    given: `${web}${service({ selector, ports })}${deny}`,
    grader: 'reachability',
    with: { from: 'other', to: { namespace: 'shop', service: 'web' }, port: 8080 },
    not: true,
  },
  {
    name: 'cheat: an address on a second network that stands in an annotation alone',
    given: `${web}oc annotate pod web k8s.v1.cni.cncf.io/network-status='[{"name":"shop/extra","ips":["'$(oc get pod web -o jsonpath='{.status.podIP}')'"]}]' --overwrite`,
    grader: 'reachability',
    with: { from: 'shop', to: { ...toWeb, network: 'shop/extra' }, port: 8080 },
    reason: /no pod app=web is attached to shop\/extra/,
  },

  {
    name: 'cheat: a policy before a pod that does not listen',
    given: `${pod('web', { containers: [idle] })}${ready('web')}${deny}`,
    grader: 'policy',
    with: { to: toWeb, port: 8080, refuses: ['other'] },
    reason: /does not listen on port 8080/,
  },
  {
    name: 'cheat: a firewall of the project that asks, and no policy',
    given: `${web}${apply({ apiVersion: 'k8s.ovn.org/v1', kind: 'EgressFirewall', metadata: { name: 'default', namespace: 'other' }, spec: { egress: [{ type: 'Deny', to: { cidrSelector: '0.0.0.0/0' } }] } })}`,
    grader: 'policy',
    with: { to: toWeb, port: 8080, refuses: ['other'] },
  },
  {
    name: 'cheat: closed by not listening',
    given: `${pod('web', { containers: [idle] })}${ready('web')}`,
    grader: 'matrix',
    with: { from: { own: 'shop', other: 'other' }, to: { web: { ...toWeb, port: 8080 } }, open: {} },
    reason: /does not listen on port 8080/,
  },

  {
    name: 'cheat: a name from the pod’s own table of hosts',
    given: `oc create service clusterip web --tcp 8080\n${pod('client', {
      containers: [idle],
      hostAliases: [{ ip: '$IP', hostnames: ['stock'] }],
    })
      .replace("'END'", 'END')
      .replace('$IP', "$(oc get service web -o jsonpath='{.spec.clusterIP}')")}${ready('client')}`,
    grader: 'dns',
    with: { from: { namespace: 'shop', pod: 'client' }, name: 'stock', service: { namespace: 'shop', name: 'web' } },
    reason: /not known/,
  },
  {
    name: 'cheat: addresses of a headless service written by hand',
    given:
      web +
      service({ clusterIP: 'None', ports }, 'peers') +
      `oc apply -f - <<END\n${JSON.stringify({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'peers' }, subsets: [{ addresses: [{ ip: '$IP' }], ports }] }).replace('$IP', "$(oc get pod web -o jsonpath='{.status.podIP}')")}\nEND\n`,
    grader: 'dns',
    with: { from: 'shop', name: 'peers', service: { namespace: 'shop', name: 'peers' } },
    reason: /is not a pod that service peers selects/,
  },

  {
    name: 'passes: a node’s own server sees a pod’s node',
    grader: 'source',
    with: { from: 'shop', to: { node: 'master01' }, port: 6443, sees: 'node' },
  },
  {
    name: 'cheat: a client stays, since there is but one to stay on',
    given: `${web}oc expose pod/web --port 8080 --session-affinity ClientIP`,
    grader: 'spread',
    with: { from: 'other', host: 'web.shop', port: 8080, sticky: true },
    reason: /there is no other endpoint/,
  },

  {
    name: 'cheat: a new template that is held back',
    given:
      `${deployment({ replicas: 2, template: template([server]) })}oc rollout status deployment/web\noc rollout pause deployment/web\n` +
      'oc set env deployment/web TRACK=two',
    grader: 'rollout',
    with: { namespace: 'shop', name: 'web', replicas: 2 },
    reason: /is of an earlier template/,
  },
  {
    name: 'cheat: one of three has completed',
    given: `${job({ completions: 3, parallelism: 1, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'fill', image: WEB, command: ['sleep', '60'] }] } } })}sleep 70`,
    grader: 'job',
    with: { namespace: 'shop', name: 'fill' },
    reason: /of 3 pods have completed/,
  },
  {
    name: 'cheat: a pod written into the job’s name',
    given:
      `${job({ suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'fill', image: WEB, command: ['false'] }] } } })}` +
      `oc apply -f - <<END\n${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'fill-x', ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'fill', uid: '$ID' }] }, spec: { restartPolicy: 'Never', containers: [{ name: 'fill', image: WEB, command: ['true'] }] } }).replace('$ID', "$(oc get job fill -o jsonpath='{.metadata.uid}')")}\nEND\n`,
    grader: 'job',
    with: { namespace: 'shop', name: 'fill' },
    reason: /has no pod/,
  },
  {
    name: 'cheat: the text echoed beside the right image',
    given: pod('db', {
      containers: [
        { name: 'echo', image: WEB, command: ['sh', '-c', 'echo ready for connections; sleep 1000000'] },
        { name: 'db', image: MYSQL, command: ['sleep', '1000000'] },
      ],
    }),
    grader: 'logs',
    with: { namespace: 'shop', image: 'mysql', contains: 'ready for connections' },
  },
  {
    name: 'cheat: an answer that is empty, against a field that is',
    given: 'oc annotate namespace shop note=\nlab answer colour ""',
    grader: 'answer',
    with: { question: 'colour', field: { kind: 'Namespace', name: 'shop', path: '.metadata.annotations.note' } },
  },
  {
    name: 'cheat: one row where two alike are expected',
    given:
      `oc run db --image ${MYSQL} --port 3306 --env MYSQL_USER=ann --env MYSQL_PASSWORD=pw1 --env MYSQL_DATABASE=items\n${ready('db')}sleep 15\noc expose pod/db\n` +
      "oc exec db -- mysql -uann -ppw1 -h127.0.0.1 items -e 'create table t (n int); insert into t values (1)'",
    grader: 'sql',
    with: {
      from: 'shop',
      host: 'db',
      user: 'ann',
      password: 'pw1',
      database: 'items',
      query: 'select n from t',
      rows: [['1'], ['1']],
    },
    share: 0.5,
  },
  {
    name: 'cheat: decoys carry the labels, and what serves is a bare pod',
    given:
      `${deployment({ replicas: 2, template: template([idle]) })}${pod('bare', { containers: [server] }, { serves: 'yes' })}${ready('bare')}` +
      service({ selector: { serves: 'yes' }, ports }),
    grader: 'after',
    with: { do: [{ delete: { namespace: 'shop', behind: 'web' } }], hold: [endpoints] },
  },
  {
    name: 'passes when the pods behind a service come back',
    given: `${deployment({ replicas: 2, template: template([server]) })}oc rollout status deployment/web\n${service({ selector, ports })}`,
    grader: 'after',
    with: {
      do: [{ delete: { namespace: 'shop', behind: 'web' } }, { drainNodeOf: { namespace: 'shop', behind: 'web' } }],
      hold: [endpoints],
    },
  },
  {
    name: 'cheat: readiness written into the status',
    given: `oc create deployment web --image registry.example.com/none\nsleep 5\noc patch deployment web --subresource status --type merge -p '{"status":{"readyReplicas":1,"availableReplicas":1,"replicas":1}}'`,
    grader: 'resource',
    with: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      fields: [{ path: '.status.readyReplicas', equals: 1 }],
    },
  },

  {
    name: 'cheat: an older route of the project has the host name',
    given: `${echo('web', 'nothing')}${echo('fake', 'web')}oc expose service/fake --hostname ${HOST}\nsleep 5\noc expose service/web --hostname ${HOST}`,
    grader: 'route',
    with: { namespace: 'shop', service: 'web', contains: 'web' },
    reason: /belongs to route fake of shop|answers with|web-shop/,
  },
  {
    name: 'cheat: a route with a longer path has what is asked for',
    given: `${echo('web', 'nothing')}${echo('fake', 'web')}oc expose service/web --hostname ${HOST}\noc expose service/fake --hostname ${HOST} --path /stock`,
    grader: 'route',
    with: { namespace: 'shop', service: 'web', path: '/stock', contains: 'web' },
    reason: /belongs to route fake of shop/,
  },
  {
    name: 'cheat: an impostor behind the service prints the expected text',
    given: `${echo('web', 'Hello')}oc expose service/web`,
    grader: 'route',
    with: { namespace: 'shop', service: 'web', contains: 'Hello', image: 'hello-openshift' },
    reason: /which runs .*http-echo/,
  },
  {
    name: 'passes with the right image behind the service',
    given: `oc run web --image ${HELLO} --port 8080 --labels app=web\n${ready('web')}oc expose pod/web\noc expose service/web`,
    grader: 'route',
    with: { namespace: 'shop', service: 'web', contains: 'Hello', image: 'hello-openshift' },
  },
  {
    name: 'cheat: no route in a project that is not there',
    grader: 'route',
    with: { namespace: 'nowhere', service: 'web' },
    not: true,
    reason: /there is no project nowhere/,
  },
  {
    name: 'cheat: another container of the pod answers',
    given: `${pod('web', { containers: [server, { name: 'proof', image: HELLO, env: [{ name: 'PORT', value: '8081' }] }] })}${ready('web')}oc expose pod/web --port 8080`,
    grader: 'http',
    with: { from: 'shop', url: 'http://web:8080/echo?msg=Hello', contains: 'Hello', image: 'hello-openshift' },
    reason: /by container server/,
  },
]);
