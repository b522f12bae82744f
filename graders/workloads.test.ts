// Graders of workloads, objects and the student's own files: passes, fails, cheats.
import { graderTable, WEB } from './testing/table';

const MYSQL = 'registry.ocp4.example.com:8443/rhel8/mysql-80';
const deploy = `oc create deployment web --image ${WEB} --replicas 2 --port 8080 -- /agnhost netexec --http-port 8080\noc rollout status deployment/web\n`;
const apply = (yaml: string) => `oc apply -f - <<'END'\n${yaml}\nEND\n`;
const rollout = { grader: 'rollout', with: { namespace: 'shop', name: 'web', replicas: 2 } };
const job = (command: string) => `oc create job fill --image ${WEB} -- ${command}\nsleep 20\n`;
const http = {
  grader: 'http',
  with: { from: 'shop', url: 'http://web:8080/echo?msg=hello', contains: 'hello', image: 'agnhost' },
};
const answer = { grader: 'answer', with: { question: 'colour', equals: 'Blue' } };
const mysql = `oc run db --image ${MYSQL} --port 3306 --env MYSQL_USER=ann --env MYSQL_PASSWORD=pw1 --env MYSQL_DATABASE=items\noc wait --for=condition=Ready pod/db\nsleep 15\noc expose pod/db\n`;
const sql = {
  grader: 'sql',
  with: {
    from: 'shop',
    host: 'db',
    user: 'ann',
    password: 'pw1',
    database: 'items',
    query: 'select n from t order by n',
    rows: [['1'], ['2']],
  },
};
const fill =
  "oc exec db -- mysql -uann -ppw1 -h127.0.0.1 items -e 'create table t (n int); insert into t values (1),(2)'\n";
const after = {
  grader: 'after',
  with: {
    do: [{ delete: { kind: 'Pod', namespace: 'shop', selector: { app: 'web' } } }],
    hold: [{ grader: 'endpoints', with: { namespace: 'shop', service: 'web', port: 8080 } }],
  },
};

graderTable([
  { name: 'passes with running pods', given: deploy, ...rollout },
  { name: 'fails with another number', given: `${deploy}oc scale deployment/web --replicas 3`, ...rollout },
  {
    name: 'fails with an image that is not there',
    given: 'oc create deployment web --image registry.example.com/none --replicas 2',
    ...rollout,
    reason: /ImagePullBackOff|ErrImagePull/,
  },
  { name: 'fails in part', given: deploy, ...rollout, with: { ...rollout.with, replicas: 4 }, share: 0.5 },
  {
    name: 'cheat: an edited status',
    given: `oc create deployment web --image registry.example.com/none --replicas 2\nsleep 5\nfor p in $(oc get pods -o name); do oc patch $p --subresource status --type merge -p '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}'; done\noc patch deployment web --subresource status --type merge -p '{"status":{"readyReplicas":2,"availableReplicas":2,"updatedReplicas":2,"replicas":2}}'`,
    ...rollout,
  },
  { name: 'cheat: scaled to zero', given: `${deploy}oc scale deployment/web --replicas 0`, ...rollout },
  {
    name: 'passes the negative form',
    given: 'oc create deployment web --image registry.example.com/none --replicas 2',
    ...rollout,
    not: true,
  },
  { name: 'fails the negative form without it', ...rollout, not: true },

  {
    name: 'passes by JSONPath',
    given: deploy,
    grader: 'resource',
    with: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      fields: [
        { path: '.spec.replicas', equals: 2 },
        { path: '.spec.template.spec.containers[0].image', contains: 'agnhost' },
      ],
    },
  },
  {
    name: 'passes by CEL',
    given: deploy,
    grader: 'resource',
    with: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      cel: 'object.spec.replicas >= 2 && has(object.spec.selector)',
    },
  },
  {
    name: 'fails in part by fields',
    given: deploy,
    grader: 'resource',
    with: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      fields: [
        { path: '.spec.replicas', equals: 2 },
        { path: '.spec.paused', equals: true },
      ],
    },
    share: 0.5,
    reason: /\.spec\.paused is nothing/,
  },
  {
    name: 'fails by CEL over a field that is not there',
    given: deploy,
    grader: 'resource',
    with: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      cel: 'object.spec.missing == 1',
    },
    reason: /not to be calculated/,
  },
  {
    name: 'passes the negative form: it is not there',
    grader: 'resource',
    with: { kind: 'Secret', namespace: 'shop', name: 'none' },
    not: true,
  },
  {
    name: 'cheat: an object of that name in another project',
    given: 'oc create configmap settings -n other --from-literal a=b',
    grader: 'resource',
    with: { kind: 'ConfigMap', namespace: 'shop', name: 'settings', fields: [{ path: '.data.a', equals: 'b' }] },
    reason: /there is no configmap settings/,
  },

  {
    name: 'passes for a headless service',
    given: apply(
      'apiVersion: v1\nkind: Service\nmetadata: { name: db }\nspec: { clusterIP: None, selector: { app: db }, ports: [{ port: 3306 }] }',
    ),
    grader: 'service',
    with: { namespace: 'shop', name: 'db', headless: true, port: 3306 },
  },
  {
    name: 'fails for one with an address',
    given: 'oc create service clusterip db --tcp 3306',
    grader: 'service',
    with: { namespace: 'shop', name: 'db', headless: true },
    reason: /it has the address 172\.30\./,
  },
  {
    name: 'cheat: an annotation that says so',
    given: 'oc create service clusterip db --tcp 3306\noc annotate service db headless=true',
    grader: 'service',
    with: { namespace: 'shop', name: 'db', headless: true },
  },

  {
    name: 'passes when it has completed',
    given: job('/bin/true'),
    grader: 'job',
    with: { namespace: 'shop', name: 'fill' },
  },
  { name: 'fails when it fails', given: job('/bin/false'), grader: 'job', with: { namespace: 'shop', name: 'fill' } },
  {
    name: 'passes when it is meant to fail',
    given: job('/bin/false'),
    grader: 'job',
    with: { namespace: 'shop', name: 'fill', outcome: 'failed' },
  },
  {
    name: 'cheat: another image',
    given: job('/bin/true'),
    grader: 'job',
    with: { namespace: 'shop', image: 'dbinit' },
    reason: /runs registry.k8s.io/,
  },
  {
    name: 'cheat: a condition written by hand',
    given: `oc create job fill --image ${WEB} -- sleep 100000\nsleep 5\noc patch job fill --subresource status --type merge -p '{"status":{"succeeded":1,"conditions":[{"type":"Complete","status":"True"}]}}'`,
    grader: 'job',
    with: { namespace: 'shop', name: 'fill' },
  },

  {
    name: 'passes with the line',
    given: `oc run say --image ${WEB} --restart Never --command -- echo hello there`,
    grader: 'logs',
    with: { namespace: 'shop', pod: 'say', matches: 'hello \\w+' },
  },
  {
    name: 'fails without',
    given: `oc run say --image ${WEB} --restart Never --command -- echo no`,
    grader: 'logs',
    with: { namespace: 'shop', pod: 'say', contains: 'hello' },
  },
  {
    name: 'passes the negative form',
    given: `oc run say --image ${WEB} --restart Never --command -- echo no`,
    grader: 'logs',
    with: { namespace: 'shop', pod: 'say', contains: 'hello' },
    not: true,
  },
  {
    name: 'cheat: the text echoed by another image',
    given: `oc run say --image ${WEB} --restart Never --command -- echo ready for connections`,
    grader: 'logs',
    with: { namespace: 'shop', image: 'mysql', contains: 'ready for connections' },
  },

  { name: 'passes', grader: 'operator', with: { name: 'dns', available: true, degraded: false } },
  { name: 'fails for a degraded one', grader: 'operator', with: { name: 'dns', degraded: true } },
  {
    name: 'cheat: a status written by hand',
    given: `oc patch clusteroperator dns --subresource status --type merge -p '{"status":{"conditions":[{"type":"Degraded","status":"True"}]}}'`,
    grader: 'operator',
    with: { name: 'dns', degraded: true },
  },

  { name: 'passes', given: `${deploy}oc expose deployment/web`, ...http },
  {
    name: 'passes beside pods that compute without end',
    given: `${deploy}oc expose deployment/web\nfor i in 1 2; do oc run spin$i --image busybox -- sh -c 'while :; do :; done'; done`,
    ...http,
  },
  { name: 'fails without a service', given: deploy, ...http, reason: /does not resolve/ },
  {
    name: 'fails with the wrong status',
    given: `${deploy}oc expose deployment/web`,
    grader: 'http',
    with: { from: 'shop', url: 'http://web:8080/nothing-here', status: 204 },
  },
  {
    name: 'passes the negative form from outside',
    given: `${deploy}oc expose deployment/web`,
    grader: 'http',
    with: { from: 'workstation', url: 'http://web.shop.svc:8080/' },
    not: true,
  },
  {
    name: 'cheat: a server that prints the expected text',
    given: `oc run fake --image docker.io/hashicorp/http-echo --labels app=web -- -text=hello -listen=:8080\noc create service clusterip web --tcp 8080`,
    ...http,
    reason: /which runs docker.io\/hashicorp/,
  },

  { name: 'passes', given: mysql + fill, ...sql },
  { name: 'fails without the table', given: mysql, ...sql, reason: /doesn't exist/ },
  {
    name: 'fails in part with one row',
    given: mysql + fill.replace(',(2)', ''),
    ...sql,
    share: 0.5,
    reason: /the row 2 is not there/,
  },
  {
    name: 'fails with another password',
    given: mysql + fill,
    ...sql,
    with: { ...sql.with, password: 'x' },
    reason: /Access denied/,
  },
  {
    name: 'cheat: a listener that is no database',
    given: `oc run db --image ${WEB} --labels app=db -- netexec --http-port 3306\noc create service clusterip db --tcp 3306`,
    ...sql,
  },

  { name: 'passes', given: 'lab answer colour blue', ...answer },
  { name: 'fails without', ...answer, reason: /no answer yet/ },
  { name: 'fails with another', given: 'lab answer colour red', ...answer },
  { name: 'passes with the last of two', given: 'lab answer colour red; lab answer colour " BLUE "', ...answer },
  {
    name: 'cheat: more guesses than allowed',
    given: 'for c in red green blue; do lab answer colour $c; done',
    ...answer,
  },
  {
    name: 'passes against a field',
    given: `lab answer colour $(oc get svc -n default kubernetes -o jsonpath='{.spec.clusterIP}')`,
    grader: 'answer',
    with: {
      question: 'colour',
      field: { kind: 'Service', namespace: 'default', name: 'kubernetes', path: '.spec.clusterIP' },
    },
  },
  { name: 'cheat: all candidates in one answer', given: 'lab answer colour "red green blue"', ...answer },
  { name: 'fails the negative form without an answer', ...answer, not: true },

  {
    name: 'passes',
    given: 'echo port: 3306 > notes.txt',
    grader: 'file',
    with: { path: 'notes.txt', contains: '3306' },
  },
  { name: 'fails without', grader: 'file', with: { path: 'notes.txt', contains: '3306' } },
  {
    name: 'fails when not executable',
    given: 'echo true > probe.sh',
    grader: 'file',
    with: { path: 'probe.sh', executable: true },
  },
  { name: 'cheat: a directory of that name', given: 'mkdir notes.txt', grader: 'file', with: { path: 'notes.txt' } },

  { name: 'passes when pods come back', given: `${deploy}oc expose deployment/web`, ...after },
  {
    name: 'cheat: a bare pod does not come back',
    given: `oc run web --image ${WEB} --port 8080 --labels app=web -- netexec --http-port 8080\noc expose pod/web`,
    ...after,
  },
  { name: 'fails without anything to delete', ...after, reason: /there is no such pod/ },
  {
    name: 'passes after a drain',
    given: `${deploy}oc expose deployment/web`,
    ...after,
    with: { do: [{ drainNodeOf: { namespace: 'shop', selector: { app: 'web' } } }], hold: after.with.hold },
  },
  {
    name: 'passes after zero and back',
    given: `${deploy}oc expose deployment/web`,
    ...after,
    with: {
      do: [
        { scale: { namespace: 'shop', name: 'web', replicas: 0 } },
        { wait: '1m' },
        { scale: { namespace: 'shop', name: 'web', replicas: 2 } },
      ],
      hold: after.with.hold,
    },
  },
  {
    name: 'passes from a project made later',
    given: `${deploy}oc expose deployment/web`,
    ...after,
    with: {
      do: [{ project: 'late' }, { wait: '1h' }],
      hold: [{ grader: 'reachability', with: { from: 'late', to: { host: 'web.shop' }, port: 8080 } }],
    },
  },
  {
    name: 'cheat: pods beside a deployment that has none',
    given: `oc create deployment web --image ${WEB} --replicas 0 -- /agnhost pause\noc run one --image ${WEB} --labels app=web -- pause\noc run two --image ${WEB} --labels app=web -- pause\noc wait --for=condition=Ready pod/one pod/two`,
    grader: 'rollout',
    with: { namespace: 'shop', name: 'web', replicas: 2 },
    reason: /asks for 0 pods/,
  },
  {
    name: 'passes for a stateful set, a daemon set and their own pods',
    given: `oc apply -f - <<'END'\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: web }\nspec: { serviceName: web, replicas: 2, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: c, image: "${WEB}", args: [pause] }] } } }\nEND\noc rollout status statefulset/web`,
    grader: 'rollout',
    with: { kind: 'StatefulSet', namespace: 'shop', name: 'web', replicas: 2 },
  },
  {
    name: 'cheat: no job that could have failed',
    grader: 'job',
    with: { namespace: 'shop', name: 'fill' },
    not: true,
    reason: /there is no job/,
  },
  {
    name: 'cheat: the operator is sent away, and cannot complain',
    given:
      'oc scale deployment/dns-operator -n openshift-dns-operator --replicas 0\nsleep 5\noc delete pods --all -n openshift-dns-operator --force --grace-period 0\noc patch clusteroperator dns --subresource status --type json -p \'[{"op":"replace","path":"/status/conditions","value":[{"type":"Available","status":"True"},{"type":"Degraded","status":"False"}]}]\'',
    grader: 'operator',
    with: { name: 'dns', available: true, degraded: false },
  },
  {
    name: 'cheat: nobody asks the database',
    grader: 'sql',
    with: { from: 'nowhere', host: 'db.shop', user: 'ann', password: 'x', database: 'items', query: 'select 1' },
    not: true,
    reason: /no project nowhere/,
  },
]);
