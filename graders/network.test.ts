// Graders of the network: passes, fails, cheats.
import { graderTable, WEB } from './testing/table';

const web = (name = 'web', labels = `app=${name}`) =>
  `oc run ${name} --image ${WEB} --port 8080 --labels ${labels} -- netexec --http-port 8080\noc wait --for=condition=Ready pod/${name}\n`;
const deploy = (replicas: number) =>
  `oc create deployment web --image ${WEB} --replicas ${replicas} --port 8080 -- /agnhost netexec --http-port 8080\noc rollout status deployment/web\n`;
const apply = (yaml: string) => `oc apply -f - <<'END'\n${yaml}\nEND\n`;
const policy = (spec: string, name = 'p') =>
  apply(
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}`,
  );
const endpoints = { grader: 'endpoints', with: { namespace: 'shop', service: 'web', port: 8080 } };
const toWeb = { namespace: 'shop', selector: { app: 'web' } };

graderTable([
  { name: 'passes with a ready pod', given: `${web()}oc expose pod/web`, ...endpoints },
  {
    name: 'passes on two nodes',
    given: `${deploy(2)}oc expose deployment/web`,
    ...endpoints,
    with: { ...endpoints.with, atLeast: 2, nodes: 2 },
  },
  {
    name: 'fails in part with one of two',
    given: `${web()}oc expose pod/web`,
    ...endpoints,
    with: { ...endpoints.with, atLeast: 2 },
    share: 0.5,
  },
  { name: 'fails without the service', ...endpoints, reason: /there is no service web/ },
  {
    name: 'fails with a typo in the selector',
    given: `${web()}oc expose pod/web --selector app=wbe`,
    ...endpoints,
    reason: /selects app=wbe; the pods carry app=web/,
  },
  {
    name: 'fails with the wrong target port',
    given: `${web()}oc expose pod/web --target-port 81`,
    ...endpoints,
    reason: /sends to port 81/,
  },
  {
    name: 'cheat: endpoints written by hand',
    given:
      web() +
      apply(
        'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 8080 }] }\n---\napiVersion: v1\nkind: Endpoints\nmetadata: { name: web }\nsubsets: [{ addresses: [{ ip: 10.8.2.200 }], ports: [{ port: 8080 }] }]',
      ),
    ...endpoints,
    reason: /is not a pod that service web selects/,
  },
  {
    name: 'cheat: labels on a pod that does not listen',
    given: `oc run idle --image ${WEB} --labels app=web -- pause\noc create service clusterip web --tcp 8080`,
    ...endpoints,
    reason: /listens/,
  },
  {
    name: 'cheat: a name without substance',
    given: 'oc create service clusterip web --tcp 8080',
    ...endpoints,
    reason: /there is no pod/,
  },
  {
    name: 'cheat: an edited status',
    given: `oc run web --image registry.example.com/none --labels app=web\noc create service clusterip web --tcp 8080\nsleep 5\noc patch pod web --subresource status --type merge -p '{"status":{"phase":"Running","podIP":"10.8.2.77","conditions":[{"type":"Ready","status":"True"}]}}'`,
    ...endpoints,
  },
  {
    name: 'cheat: scaled to zero after',
    given: `${deploy(1)}oc expose deployment/web\noc scale deployment/web --replicas 0`,
    ...endpoints,
  },
  {
    name: 'cheat: another image behind the label',
    given: `${web()}oc expose pod/web`,
    ...endpoints,
    with: { ...endpoints.with, image: 'mysql' },
    reason: /runs registry.k8s.io/,
  },
  {
    name: 'passes the negative form when a service has none',
    given: 'oc create service clusterip web --tcp 8080',
    ...endpoints,
    not: true,
  },
  { name: 'fails the negative form without a service', ...endpoints, not: true },

  { name: 'passes pod to pod', given: web(), grader: 'reachability', with: { from: 'other', to: toWeb, port: 8080 } },
  {
    name: 'passes through a service',
    given: `${web()}oc expose pod/web`,
    grader: 'reachability',
    with: { from: 'other', to: { host: 'web.shop' }, port: 8080 },
  },
  {
    name: 'passes from a node',
    given: web(),
    grader: 'reachability',
    with: { from: { node: 'worker01' }, to: toWeb, port: 8080 },
  },
  {
    name: 'fails from the workstation',
    given: web(),
    grader: 'reachability',
    with: { from: 'workstation', to: toWeb, port: 8080 },
    reason: /no route into the cluster network/,
  },
  {
    name: 'passes the negative form from the workstation',
    given: web(),
    grader: 'reachability',
    with: { from: 'workstation', to: toWeb, port: 8080 },
    not: true,
  },
  {
    name: 'cheat: kept out by not being there',
    grader: 'reachability',
    with: { from: 'other', to: toWeb, port: 8080 },
    not: true,
  },
  {
    name: 'fails with an unknown project',
    given: web(),
    grader: 'reachability',
    with: { from: 'nowhere', to: toWeb, port: 8080 },
    not: true,
    reason: /no project nowhere/,
  },

  {
    name: 'passes for a service',
    given: `${web()}oc expose pod/web`,
    grader: 'dns',
    with: { from: 'other', name: 'web.shop.svc.cluster.local', service: { namespace: 'shop', name: 'web' } },
  },
  {
    name: 'passes for a headless service',
    given:
      web() +
      apply(
        'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { clusterIP: None, selector: { app: web } }',
      ),
    grader: 'dns',
    with: { from: 'shop', name: 'web', service: { namespace: 'shop', name: 'web' } },
  },
  {
    name: 'fails for a short name from elsewhere',
    given: `${web()}oc expose pod/web`,
    grader: 'dns',
    with: { from: 'other', name: 'web' },
  },
  {
    name: 'passes the negative form of it',
    given: `${web()}oc expose pod/web`,
    grader: 'dns',
    with: { from: 'other', name: 'web' },
    not: true,
  },
  {
    name: 'passes with given addresses',
    given: `${web()}oc expose pod/web --name web`,
    grader: 'dns',
    with: { from: 'shop', name: 'kubernetes.default.svc.cluster.local', type: 'A', answers: ['172.30.0.1'] },
  },
  {
    name: 'cheat: a service of that name in another project',
    given: `${web()}oc expose pod/web\noc create service clusterip web --tcp 1 -n other`,
    grader: 'dns',
    with: { from: 'other', name: 'web', service: { namespace: 'shop', name: 'web' } },
  },

  {
    name: 'passes with a policy by label',
    given:
      web() +
      policy(
        '{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ podSelector: { matchLabels: { role: front } } }] }] }',
      ),
    grader: 'policy',
    with: {
      to: toWeb,
      port: 8080,
      admits: [{ namespace: 'shop', labels: { role: 'front' } }],
      refuses: ['shop', 'other'],
    },
  },
  {
    name: 'fails without one',
    given: web(),
    grader: 'policy',
    with: { to: toWeb, port: 8080, refuses: ['other'] },
    reason: /no policy keeps it out/,
  },
  {
    name: 'cheat: a policy that allows all',
    given: web() + policy('{ podSelector: {}, ingress: [{}] }'),
    grader: 'policy',
    with: { to: toWeb, port: 8080, admits: ['shop'], refuses: ['other'] },
  },
  {
    name: 'cheat: a policy that refuses all',
    given: web() + policy('{ podSelector: {} }'),
    grader: 'policy',
    with: { to: toWeb, port: 8080, admits: ['shop'], refuses: ['other'] },
  },
  {
    name: 'cheat: nobody gets in since nobody listens',
    given: `oc run idle --image ${WEB} --labels app=web -- pause`,
    grader: 'policy',
    with: { to: toWeb, port: 8080, refuses: ['other'] },
    reason: /kept out by something else/,
  },
  {
    name: 'cheat: a policy that admits only pods without labels, as a grader might send',
    given:
      web() +
      policy(
        '{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: role, operator: DoesNotExist }] } }] }] }',
      ),
    grader: 'policy',
    with: { to: toWeb, port: 8080, admits: [{ namespace: 'shop', labels: { role: 'front' } }], refuses: ['other'] },
  },

  {
    name: 'passes when every cell is right',
    given: web() + policy('{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }'),
    grader: 'matrix',
    with: { from: { own: 'shop', other: 'other' }, to: { web: { ...toWeb, port: 8080 } }, open: { own: ['web'] } },
  },
  {
    name: 'fails when all is open',
    given: web(),
    grader: 'matrix',
    with: { from: { own: 'shop', other: 'other' }, to: { web: { ...toWeb, port: 8080 } }, open: { own: ['web'] } },
    reason: /other to web: no policy/,
  },
  {
    name: 'cheat: all is closed',
    given: web() + policy('{ podSelector: {} }'),
    grader: 'matrix',
    with: { from: { own: 'shop', other: 'other' }, to: { web: { ...toWeb, port: 8080 } }, open: { own: ['web'] } },
  },
  {
    name: 'fails in part by cells',
    given:
      web() + policy('{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { role: front } } }] }] }'),
    grader: 'matrix',
    with: {
      from: {
        front: { namespace: 'shop', labels: { role: 'front' } },
        back: { namespace: 'shop', labels: { role: 'back' } },
        other: 'other',
      },
      to: { web: { ...toWeb, port: 8080 } },
      open: { front: ['web'], back: ['web'] },
    },
    share: 0.5,
  },

  {
    name: 'passes: no translation between pods',
    given: `${web()}oc expose pod/web`,
    grader: 'source',
    with: { from: 'other', to: { namespace: 'shop', service: 'web' }, port: 8080, sees: 'client' },
  },
  {
    name: 'passes: a node port shows a node',
    given: `${web()}oc expose pod/web --type NodePort`,
    grader: 'source',
    with: {
      from: 'workstation',
      to: { node: 'master01' },
      port: { nodePortOf: 'web', namespace: 'shop' },
      sees: 'node',
    },
  },
  {
    name: 'fails: a node port shows a node',
    given: `${web()}oc expose pod/web --type NodePort`,
    grader: 'source',
    with: { from: 'workstation', to: { node: 'any' }, port: { nodePortOf: 'web', namespace: 'shop' }, sees: 'client' },
    reason: /translated on the way/,
  },
  {
    name: 'cheat: nothing answers',
    given: 'oc create service nodeport web --tcp 8080',
    grader: 'source',
    with: { from: 'workstation', to: { node: 'any' }, port: { nodePortOf: 'web', namespace: 'shop' }, sees: 'client' },
  },

  {
    name: 'passes over three pods',
    given: `${deploy(3)}oc expose deployment/web`,
    grader: 'spread',
    with: { from: 'other', host: 'web.shop', port: 8080, over: 3 },
  },
  {
    name: 'fails with one pod',
    given: `${deploy(1)}oc expose deployment/web`,
    grader: 'spread',
    with: { from: 'other', host: 'web.shop', port: 8080, over: 2 },
    share: 0.5,
  },
  {
    name: 'passes when sticky',
    given: `${deploy(3)}oc expose deployment/web --session-affinity ClientIP`,
    grader: 'spread',
    with: { from: 'other', host: 'web.shop', port: 8080, sticky: true },
  },
  {
    name: 'fails when not sticky',
    given: `${deploy(3)}oc expose deployment/web`,
    grader: 'spread',
    with: { from: 'other', host: 'web.shop', port: 8080, sticky: true },
  },
  {
    name: 'cheat: one server, not several',
    given: `${web()}oc expose pod/web`,
    grader: 'spread',
    with: { from: 'other', host: 'web.shop', port: 8080, over: 4 },
    share: 0.25,
  },
  {
    name: 'cheat: a name that nobody asks for, in a project that is not there',
    grader: 'dns',
    with: { from: 'nowhere', name: '_http._tcp.web.shop.svc.cluster.local', type: 'SRV' },
    not: true,
    reason: /no project nowhere/,
  },
  {
    name: 'cheat: a name that nobody asks for, from a pod that is not there',
    grader: 'dns',
    with: { from: { namespace: 'shop', pod: 'client' }, name: 'web' },
    not: true,
    reason: /client/,
  },
  {
    name: 'cheat: no answer, since nobody asks',
    given: `${web()}oc expose pod/web`,
    grader: 'http',
    with: { from: 'nowhere', url: 'http://web.shop:8080/' },
    not: true,
    reason: /no project nowhere/,
  },
  {
    name: 'cheat: one of two pods is protected',
    given:
      `${web()}${web('web2', 'app=web,guarded=no')}oc label pod web guarded=yes` +
      `\n${policy('{ podSelector: { matchLabels: { guarded: "yes" } }, policyTypes: [Ingress] }')}`,
    grader: 'policy',
    with: { to: toWeb, port: 8080, refuses: ['other'] },
    reason: /no policy keeps it out/,
  },
  {
    name: 'cheat: one of two pods is closed',
    given:
      `${web()}${web('web2', 'app=web,guarded=no')}oc label pod web guarded=yes` +
      `\n${policy('{ podSelector: { matchLabels: { guarded: "yes" } }, ingress: [{ from: [{ podSelector: {} }] }] }')}`,
    grader: 'matrix',
    with: {
      from: { front: 'shop', stranger: 'other' },
      to: { web: { ...toWeb, port: 8080 } },
      open: { front: ['web'] },
    },
    reason: /stranger to web/,
  },
  {
    name: 'cheat: an impostor among the endpoints',
    given:
      `${web('web', 'app=web')}oc run fake --labels app=web --image registry.ocp4.example.com:8443/openshift/hello-openshift\n` +
      'oc wait --for=condition=Ready pod/fake\noc expose pod/web --selector app=web --port 8080',
    grader: 'http',
    with: { from: 'shop', url: 'http://web:8080/', image: 'agnhost', status: 200 },
    reason: /pod fake answers/,
  },
]);
