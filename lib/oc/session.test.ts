import { expect, test } from 'vitest';
import { type Routes, run, SERVER, world } from './testing/world';

const projects = ['deploy-services', 'deploy-services-2'];
const routes: Routes = ({ path, headers, method, body }) => {
  const bearer = headers.authorization === 'Bearer sha256~abc';
  if (path === '/') return { status: 403, body: {} };
  if (path === '/.well-known/oauth-authorization-server')
    return { body: { authorization_endpoint: 'https://api.ocp4.example.com:6443/oauth/authorize' } };
  if (path === '/oauth/authorize') {
    const good = headers.authorization === `Basic ${Buffer.from('developer:developer').toString('base64')}`;
    if (!good) return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="openshift"' } };
    return {
      status: 302,
      headers: { Location: `${SERVER}/oauth/token/implicit#access_token=sha256~abc&expires_in=86400` },
    };
  }
  if (!bearer)
    return { status: 401, body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 } };
  if (path === '/apis/user.openshift.io/v1/users/~') return { body: { metadata: { name: 'developer' } } };
  if (path === '/apis/project.openshift.io/v1/projects')
    return { body: { items: projects.map((name) => ({ metadata: { name } })) } };
  const one = /projects\/([\w-]+)$/.exec(path)?.[1];
  if (one)
    return projects.includes(one)
      ? { body: { metadata: { name: one } } }
      : {
          status: 403,
          body: { kind: 'Status', reason: 'Forbidden', message: `projects "${one}" is forbidden`, code: 403 },
        };
  if (path.endsWith('/projectrequests'))
    return { body: method === 'POST' ? { metadata: body.metadata } : { kind: 'Status' } };
  if (path.endsWith('/selfsubjectreviews')) return { body: { status: { userInfo: { username: 'developer' } } } };
  return undefined;
};

test('a session: login, whoami, project, projects, new-project, logout', async () => {
  const w = world(routes);
  const login = await run(w, `oc login -u developer -p developer ${SERVER}`);
  expect(login).toEqual({
    code: 0,
    err: '',
    out: `Login successful.

You have access to the following projects and can switch between them with 'oc project <projectname>':

  * deploy-services
    deploy-services-2

Using project "deploy-services".
Welcome! See 'oc help' to get started.
`,
  });
  expect(w.machine.text('/home/student/.kube/config')).toBe(`apiVersion: v1
clusters:
- cluster:
    server: https://api.ocp4.example.com:6443
  name: api-ocp4-example-com:6443
contexts:
- context:
    cluster: api-ocp4-example-com:6443
    namespace: deploy-services
    user: developer/api-ocp4-example-com:6443
  name: deploy-services/api-ocp4-example-com:6443/developer
current-context: deploy-services/api-ocp4-example-com:6443/developer
kind: Config
preferences: {}
users:
- name: developer/api-ocp4-example-com:6443
  user:
    token: sha256~abc
`);
  expect(await run(w, 'oc whoami')).toMatchObject({ out: 'developer\n' });
  expect(await run(w, 'oc whoami -t')).toMatchObject({ out: 'sha256~abc\n' });
  expect(await run(w, 'oc whoami --show-server')).toMatchObject({ out: `${SERVER}\n` });
  expect(await run(w, 'oc project')).toMatchObject({ out: `Using project "deploy-services" on server "${SERVER}".\n` });
  expect(await run(w, 'oc project deploy-services')).toMatchObject({
    out: `Already on project "deploy-services" on server "${SERVER}".\n`,
  });
  expect(await run(w, 'oc project deploy-services-2')).toMatchObject({
    out: `Now using project "deploy-services-2" on server "${SERVER}".\n`,
  });
  expect(await run(w, 'oc project -q')).toMatchObject({ out: 'deploy-services-2\n' });
  expect(await run(w, 'oc project elsewhere')).toEqual({
    code: 1,
    out: '',
    err: 'error: You are not a member of project "elsewhere".\nYour projects are:\n* deploy-services\n* deploy-services-2\n',
  });
  expect(
    (await run(w, 'oc projects')).out,
  ).toBe(`You have access to the following projects and can switch between them with 'oc project <projectname>':

    deploy-services
  * deploy-services-2

Using project "deploy-services-2" on server "${SERVER}".
`);
  expect((await run(w, 'oc new-project another')).out).toMatch(
    new RegExp(`^Now using project "another" on server "${SERVER}"\\.\n\nYou can add applications`),
  );
  expect(await run(w, 'oc logout')).toMatchObject({ out: `Logged "developer" out on "${SERVER}"\n` });
  expect(await run(w, 'oc whoami')).toMatchObject({
    code: 1,
    err: 'error: You must be logged in to the server (Unauthorized)\n',
  });
});

test.each([
  [
    `oc login -u developer -p wrong ${SERVER}`,
    'Login failed (401 Unauthorized)\nVerify you have provided the correct credentials.\n',
    '',
  ],
  [`oc login --token bad ${SERVER}`, '', 'error: The token provided is invalid or expired.\n\n'],
  ['oc login -u a -p b', '', 'error: A server URL must be specified\n'],
  ['oc login a b', '', 'error: Only the server URL may be specified as an argument\n'],
  [
    'oc login -u a -p b https://api.ocp4.example.com:6444',
    '',
    'error: dial tcp 192.168.50.2:6444: connect: connection refused - verify you have provided the correct host and port and that the server is currently running.\n',
  ],
  ['oc get pods --bad', '', "error: unknown flag: --bad\nSee 'oc get --help' for usage.\n"],
  ['oc gett pods', '', 'error: unknown command "gett" for "oc"\n\nDid you mean this?\n\tget\n\tset\n'],
  ['kubectl login', '', 'error: unknown command "login" for "kubectl"\n\nDid you mean this?\n\tlogs\n\tplugin\n'],
])('%s fails', async (line, out, err) => {
  const result = await run(world(routes), line);
  expect(result).toEqual({ code: 1, out, err });
});

test('without a kubeconfig', async () => {
  const w = world(routes);
  const ours = await run(w, 'oc get pods');
  expect(ours.err).toMatch(/^error: Missing or incomplete configuration info\./);
  const plain = await run(w, 'kubectl get pods');
  expect(plain.err.split('\n').at(-2)).toBe(
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
  );
});

test.each([
  ['http://', 'error: host must be a URL or a host:port pair: "http://"'],
  ['https://[::1', 'error: host must be a URL or a host:port pair: "https://[::1"'],
  ['localhost:99999', 'Unable to connect to the server: dial tcp: address 99999: invalid port'],
  ['ftp://x', 'Unable to connect to the server: unsupported protocol scheme "ftp"'],
  ['http://:8080', 'The connection to the server :8080 was refused - did you specify the right host or port?'],
])('the server %j', async (server, says) => {
  const result = await run(world(routes), `kubectl get pods --server=${server}`);
  expect(result.err.trimEnd().split('\n').at(-1)).toBe(says);
});

test('-v shows requests: lines, heads, bodies, curl', async () => {
  const w = world(routes);
  await run(w, `oc login -u developer -p developer ${SERVER}`);
  const at = async (level: number) => (await run(w, `oc whoami -v=${level}`)).err;
  expect(await at(5)).toBe('');
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  expect(await at(6)).toMatch(/loader\.go:395\] Config loaded from file: {2}\/home\/student\/\.kube\/config\n/);
  expect(await at(6)).toMatch(/round_trippers\.go:553\] POST \S+ 200 OK in 0 milliseconds\n/);
  expect(await at(7)).toMatch(/Authorization: Bearer <masked>\n.*Response Status: 200 OK in 0 milliseconds\n/);
  expect(await at(8)).toContain('Response Body: {"status":{"userInfo":{"username":"developer"}}}\n');
  expect(await at(9)).toMatch(new RegExp(`curl -v -XPOST  -H "Accept: .*${path}'\\n`));
});

test('an unknown authority is refused, unless told otherwise', async () => {
  const w = world(routes, { '/etc/pki/tls/certs/ca-bundle.crt': '' });
  const refused = await run(w, `oc login -u developer -p developer ${SERVER}`);
  expect(refused.err).toMatch(/^error: The server uses a certificate signed by unknown authority\./);
  const taken = await run(w, `oc login -u developer -p developer --insecure-skip-tls-verify ${SERVER}`);
  expect(taken.out).toMatch(/^WARNING: Using insecure TLS client config/);
  expect(w.machine.text('/home/student/.kube/config')).toContain('insecure-skip-tls-verify: true');
});
