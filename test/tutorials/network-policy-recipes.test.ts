// The recipes of github.com/ahmetb/kubernetes-network-policy-recipes, typed at a terminal: what is closed times out, what is
// open answers.
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const OPEN = /<title>Welcome to nginx!<\/title>/;
const CLOSED = 'wget: download timed out';
const from = (flags = ''): Step => [
  `kubectl run test-$RANDOM ${flags} --rm -i -t --image=alpine -- sh`,
  /^If you don't see a command prompt, try pressing enter\.\n$/,
];
const get = (url: string, shows: string | RegExp): Step => [`wget -qO- --timeout=2 ${url}`, shows];
const leave: Step = ['exit', /Session ended[\s\S]*pod "test-\d+" deleted\n$/];
const policy = (name: string, spec: object, namespace = 'default'): Step => [
  `kubectl apply -f - <<< '${JSON.stringify({
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name, namespace },
    spec,
  })}'`,
  `networkpolicy.networking.k8s.io/${name} created`,
];
const web: Step[] = [
  ['kubectl run web --image=nginx --labels="app=web" --expose --port=80', 'service/web created\npod/web created'],
  ['kubectl wait --for=condition=Ready pod/web', /condition met/],
];
const labels = (matchLabels: Record<string, string>) => ({ matchLabels });
const app = labels({ app: 'web' });

const RECIPES: Record<string, Step[]> = {
  'deny all traffic to an application': [
    ...web,
    from(),
    get('http://web', OPEN),
    ['exit', /pod "test-\d+" deleted\n$/],
    policy('web-deny-all', { podSelector: app, ingress: [] }),
    from(),
    get('http://web', CLOSED),
    ['exit', /command terminated|pod "test-\d+" deleted/],
    ['kubectl delete networkpolicy web-deny-all', 'networkpolicy.networking.k8s.io "web-deny-all" deleted'],
  ],
  'limit traffic to an application': [
    ...web,
    policy('api-allow', {
      podSelector: app,
      ingress: [{ from: [{ podSelector: labels({ app: 'bookstore' }) }] }],
    }),
    from(),
    get('http://web', CLOSED),
    ['exit'],
    from('--labels="app=bookstore,role=frontend"'),
    get('http://web', OPEN),
    leave,
  ],
  'deny traffic from other namespaces': [
    ...web,
    policy('deny-from-other-namespaces', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }),
    ['kubectl create namespace foo', 'namespace/foo created'],
    from('--namespace=foo'),
    get('http://web.default', CLOSED),
    ['exit'],
    from('--namespace=default'),
    get('http://web.default', OPEN),
    leave,
  ],
  'allow traffic from some pods in another namespace': [
    ...web,
    ['kubectl create namespace other', 'namespace/other created'],
    ['kubectl label namespace/other team=operations', 'namespace/other labeled'],
    policy('web-allow-all-ns-monitoring', {
      podSelector: app,
      ingress: [
        {
          from: [{ namespaceSelector: labels({ team: 'operations' }), podSelector: labels({ type: 'monitoring' }) }],
        },
      ],
    }),
    from('--labels="type=monitoring"'),
    get('http://web.default', CLOSED),
    ['exit'],
    from('--namespace=other'),
    get('http://web.default', CLOSED),
    ['exit'],
    from('--namespace=other --labels="type=monitoring"'),
    get('http://web.default', OPEN),
    leave,
  ],
  'allow traffic from apps with several selectors': [
    [
      'kubectl run db --image=redis:4 --labels="app=bookstore,role=db" --expose --port=6379',
      'service/db created\npod/db created',
    ],
    ['kubectl wait --for=condition=Ready pod/db', /condition met/],
    policy('redis-allow-services', {
      podSelector: labels({ app: 'bookstore', role: 'db' }),
      ingress: [
        {
          from: [
            { podSelector: labels({ app: 'bookstore', role: 'search' }) },
            { podSelector: labels({ app: 'inventory', role: 'web' }) },
          ],
        },
      ],
    }),
    from('--labels="app=inventory,role=web"'),
    ['nc -v -w 2 db 6379 </dev/null', /^db \(172\.30\.[\d.]+:6379\) open\n$/],
    leave,
    from('--labels="app=other"'),
    ['nc -v -w 2 db 6379 </dev/null', /^nc: db \(172\.30\.[\d.]+:6379\): Operation timed out\n$/],
    ['exit'],
  ],
  'deny egress traffic from an application': [
    ...web,
    policy('foo-deny-egress', {
      podSelector: labels({ app: 'foo' }),
      policyTypes: ['Egress'],
      egress: [
        {
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
      ],
    }),
    [
      'kubectl run --rm --restart=Never --image=alpine -i -t --labels="app=foo" test -- ash',
      /^If you don't see a command prompt, try pressing enter\.\n$/,
    ],
    ['wget --timeout 1 -O- http://web', /^Connecting to web \(172\.30\.[\d.]+:80\)\nwget: download timed out\n$/],
    ['exit', /pod "test" deleted\npod default\/test terminated \(Error\)\n$/],
  ],
};

describe('network policy recipes', () => {
  let tutorial: Tutorial;

  beforeEach(async () => {
    tutorial = await Tutorial.open();
  });

  afterEach(() => tutorial.stop());

  test.each(Object.entries(RECIPES))('%s', async (_, steps) => tutorial.play(steps, 'terminal'));
});
