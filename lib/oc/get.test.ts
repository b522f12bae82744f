import { expect, test } from 'vitest';
import type { Dyn } from './object';
import { notFound, type Routes, run, SERVER, world } from './testing/world';

const columns = [
  { name: 'Name', type: 'string', priority: 0 },
  { name: 'Ready', type: 'string', priority: 0 },
  { name: 'Status', type: 'string', priority: 0 },
  { name: 'IP', type: 'string', priority: 1 },
];
const pod = (name: string, app: string, at: string): Dyn => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns', labels: { app }, creationTimestamp: at },
});
const pods = [pod('db-1', 'db', '2026-01-01T00:00:02Z'), pod('a-long-name', 'web', '2026-01-01T00:00:01Z')];
const table = (items: Dyn[], version = '7') => ({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata: { resourceVersion: version },
  columnDefinitions: columns,
  rows: items.map((object) => ({ cells: [object.metadata.name, '1/1', 'Running', '10.8.0.5'], object })),
});

const routes: Routes = ({ path, headers, query }) => {
  const asTable = headers.accept?.includes('as=Table');
  if (path === '/api/v1/namespaces/ns/services') return { body: asTable ? table([]) : { items: [], metadata: {} } };
  if (path === '/apis/apps/v1/namespaces/ns/deployments')
    return { body: asTable ? { ...table([]), rows: table([pods[0]]).rows } : { items: [] } };
  if (path === '/api/v1/namespaces/ns/pods/db-1') return { body: asTable ? table([pods[0]]) : pods[0] };
  if (path.startsWith('/api/v1/namespaces/ns/pods/')) return notFound('pods', path.split('/').at(-1) as string);
  if (path !== '/api/v1/namespaces/ns/pods' && path !== '/api/v1/pods') return undefined;
  if (query.get('watch'))
    return {
      lines: [
        { type: 'ADDED', object: { ...table([pod('z', 'web', '2026-01-01T00:00:03Z')]), columnDefinitions: null } },
      ],
    };
  const chosen = query.get('labelSelector') === 'app=db' ? pods.slice(0, 1) : query.get('labelSelector') ? [] : pods;
  return { body: asTable ? table(chosen) : { kind: 'PodList', items: chosen, metadata: { resourceVersion: '7' } } };
};

const config = `apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: k, user: u, namespace: ns}}]
clusters: [{name: k, cluster: {server: '${SERVER}'}}]
users: [{name: u, user: {token: t}}]
`;

test.each([
  ['oc get pods', 'NAME          READY   STATUS\ndb-1          1/1     Running\na-long-name   1/1     Running\n', ''],
  [
    'oc get po -o wide',
    'NAME          READY   STATUS    IP\ndb-1          1/1     Running   10.8.0.5\na-long-name   1/1     Running   10.8.0.5\n',
    '',
  ],
  [
    'oc get pods -A',
    'NAMESPACE   NAME          READY   STATUS\nns          db-1          1/1     Running\nns          a-long-name   1/1     Running\n',
    '',
  ],
  ['oc get pod db-1 --show-labels', 'NAME   READY   STATUS    LABELS\ndb-1   1/1     Running   app=db\n', ''],
  ['oc get pods -L app --no-headers -l app=db', 'db-1   1/1   Running   db\n', ''],
  [
    'oc get pods --sort-by .metadata.creationTimestamp',
    'NAME          READY   STATUS\na-long-name   1/1     Running\ndb-1          1/1     Running\n',
    '',
  ],
  ['oc get pods -o name', 'pod/db-1\npod/a-long-name\n', ''],
  ['oc get pods -o jsonpath={.items[*].metadata.name}', 'db-1 a-long-name', ''],
  [
    'oc get pods -o custom-columns=N:.metadata.name,X:.spec.x',
    'N             X\ndb-1          <none>\na-long-name   <none>\n',
    '',
  ],
  [
    'oc get pods,deploy',
    'NAME              READY   STATUS\npod/db-1          1/1     Running\npod/a-long-name   1/1     Running\n\nNAME                   READY   STATUS\ndeployment.apps/db-1   1/1     Running\n',
    '',
  ],
  ['oc get svc', '', 'No resources found in ns namespace.\n'],
  ['oc get pods -l app=no', '', 'No resources found in ns namespace.\n'],
  ['oc get pod nope', '', 'Error from server (NotFound): pods "nope" not found\n'],
  [
    'oc get pod db-1 nope',
    'NAME   READY   STATUS\ndb-1   1/1     Running\n',
    'Error from server (NotFound): pods "nope" not found\n',
  ],
  ['oc get pod nope --ignore-not-found', '', ''],
  ['oc get foo', '', 'error: the server doesn\'t have a resource type "foo"\n'],
  [
    'oc get pods/db-1 svc',
    '',
    "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n",
  ],
  [
    'oc get pods -w',
    'NAME          READY   STATUS\ndb-1          1/1     Running\na-long-name   1/1     Running\nz             1/1     Running\n',
    '',
  ],
  [
    'oc get pod db-1 -o foo',
    '',
    'error: unable to match a printer suitable for the output format "foo", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml\n',
  ],
])('%s', async (line, out, err) => {
  const w = world(routes, { '/home/student/.kube/config': config });
  const result = await run(w, line);
  expect({ out: result.out, err: result.err }).toEqual({ out, err });
  expect(result.code).toBe(err.startsWith('Error') || err.startsWith('error') ? 1 : 0);
});

test('one connection and few requests', async () => {
  const w = world(routes, { '/home/student/.kube/config': config });
  await run(w, 'oc get pods');
  w.asked.length = 0;
  await run(w, 'oc get pods');
  expect(w.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /api/v1/namespaces/ns/pods']);
});
