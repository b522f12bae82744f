// What `oc` prints, word for word: the texts of the oc source, and what happens at a terminal that learners stumble over.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Tutorial } from './support/tutorial';
import { Typist } from './support/typist';

const API = 'https://api.ocp4.example.com:6443';
const NEW_PROJECT = `
You can add applications to this project with the 'new-app' command. For example, try:

    oc new-app rails-postgresql-example

to build a new example application in Ruby. Or use kubectl to deploy a simple Kubernetes application:

    kubectl create deployment hello-node --image=registry.k8s.io/e2e-test-images/agnhost:2.43 -- /agnhost serve-hostname

`;

let world: Tutorial;
beforeAll(async () => {
  world = await Tutorial.open('openshift');
});
afterAll(() => world.stop());

const exact = (text: string): string => text.replace(/^Warning: would violate PodSecurity.*\n/gm, '');

const LINES: [command: string, text: string | RegExp][] = [
  [
    `oc login -u developer -p wrong ${API}`,
    'Login failed (401 Unauthorized)\nVerify you have provided the correct credentials.\n',
  ],
  [
    `oc login -u developer -p developer ${API}`,
    "Login successful.\n\nYou don't have any projects. You can try to create a new project, by running\n\n    oc new-project <projectname>\n\n",
  ],
  ['oc login --token=sha256~no', 'error: The token provided is invalid or expired.\n\n'],
  ['oc login --token=x -u y', 'error: --token and --username are mutually exclusive\n'],
  [
    `oc login ${API} --server=${API}`,
    'error: --server and passing the server URL as an argument are mutually exclusive\n',
  ],
  ['oc whoami; oc whoami --show-server; oc whoami -c', `developer\n${API}\n/api-ocp4-example-com:6443/developer\n`],
  [
    'oc projects',
    "You are not a member of any projects. You can request a project to be created with the 'new-project' command.\n",
  ],
  ['oc project', 'No project has been set. Pass a project name to make that the default.\n'],
  ['oc new-project one', `Now using project "one" on server "${API}".\n${NEW_PROJECT}`],
  ['oc new-project one', 'Error from server (AlreadyExists): project.project.openshift.io "one" already exists\n'],
  ['oc project', `Using project "one" on server "${API}".\n`],
  ['oc project one', `Already on project "one" on server "${API}".\n`],
  [
    'oc project nothing',
    'error: You are not a member of project "nothing".\nYou have one project on this server: one\n',
  ],
  ['oc project a b', 'error: Only one argument is supported (project name or context name).\n'],
  ['oc project -q', 'one\n'],
  ['oc projects', `You have one project on this server: "one".\n\nUsing project "one" on server "${API}".\n`],
  [
    'oc status',
    `In project one on server ${API}\n\nYou have no services, deployment configs, or build configs.\nRun 'oc new-app' to create an application.\n`,
  ],
  [
    'oc new-project two --display-name="The Second" --skip-config-write',
    `Project "two" created on server "${API}".\n\nTo switch to this project and start adding applications, use:\n\n    oc project two\n`,
  ],
  ['oc projects -q', 'one\ntwo\n'],
  [
    'oc projects',
    `You have access to the following projects and can switch between them with 'oc project <projectname>':\n\n  * one\n    two - The Second\n\nUsing project "one" on server "${API}".\n`,
  ],
  [
    'oc new-app',
    /^error: You must specify one or more images, image streams, templates, or source code locations to create an application\.\n/,
  ],
  [
    'oc new-app --image=registry.access.redhat.com/ubi9/httpd-24 --name=web',
    /^--> Found container image [0-9a-f]{7} \(\d+ months old\) from registry\.access\.redhat\.com for "registry\.access\.redhat\.com\/ubi9\/httpd-24"\n\n {4}\* An image stream tag will be created as "web:latest" that will track this image\n\n--> Creating resources \.\.\.\n {4}imagestream\.image\.openshift\.io "web" created\n {4}deployment\.apps "web" created\n {4}service "web" created\n--> Success\n {4}Application is not exposed\. You can expose services to the outside world by executing one or more of the commands below:\n {5}'oc expose service\/web' \n {4}Run 'oc status' to view your app\.\n$/,
  ],
  ['oc rollout status deploy/web', /deployment "web" successfully rolled out\n$/],
  ['oc expose service/web', 'route.route.openshift.io/web exposed\n'],
  ['oc expose service/web', 'Error from server (AlreadyExists): routes.route.openshift.io "web" already exists\n'],
  [
    'oc status',
    /^In project one on server .*\n\nhttp:\/\/web-one\.apps\.ocp4\.example\.com to pod port 8080-tcp \(svc\/web\)\n {2}deployment\/web deploys \S+\n {4}deployment #2 running for .* - 1 pod\n {4}deployment #1 deployed .* ago\n\nView details with 'oc describe <resource>\/<name>' or list resources with 'oc get all'\.\n$/,
  ],
  ['oc expose service/nothing', 'Error from server (NotFound): services "nothing" not found\n'],
  ['oc expose service/web --type=NodePort --name=x', 'error: cannot use --type when exposing route\n'],
  [
    'oc expose service/web --wildcard-policy=odd --name=y',
    'error: only "Subdomain" or "None" are supported for wildcard-policy\n',
  ],
  ['oc create deployment bare --image=registry.access.redhat.com/ubi9/httpd-24', 'deployment.apps/bare created\n'],
  [
    'oc expose deployment/bare',
    "error: couldn't find port via --port flag or introspection\nSee 'oc expose -h' for help and examples\n",
  ],
  ['oc create route edge safe --service=web', 'route.route.openshift.io/safe created\n'],
  ['oc create route passthrough pass --service=web', 'route.route.openshift.io/pass created\n'],
  ['oc create route reencrypt again --service=web', 'route.route.openshift.io/again created\n'],
  [
    'oc create route edge safe --service=web',
    'Error from server (AlreadyExists): routes.route.openshift.io "safe" already exists\n',
  ],
  ['oc set env deploy/web A=1', 'deployment.apps/web updated\n'],
  ['oc set env deploy/web --list', '# deployments/web, container web\nA=1\n'],
  ['oc set env deploy/web', 'error: at least one environment variable must be provided\n'],
  [
    'oc set env deploy/web A=2 --overwrite=false',
    "error: deployments/web 'A' already has a value (1), and --overwrite is false\n",
  ],
  [
    'oc set image deploy/bare httpd-24=registry.access.redhat.com/ubi9/httpd-24:1',
    'deployment.apps/bare image updated\n',
  ],
  ['oc set resources deploy/bare --limits=cpu=1', 'deployment.apps/bare resource requirements updated\n'],
  [
    'oc rsh',
    "error: expected 'rsh [-c CONTAINER] [flags] (POD | TYPE/NAME) COMMAND [args...]'.\nPOD or TYPE/NAME is a required argument for the rsh command\nSee 'oc rsh -h' for help and examples\n",
  ],
  ['oc debug', 'error: you must identify a single resource with a pod template to debug\n'],
  ['oc debug svc/web', 'error: cannot debug web: services have no pod template\n'],
  ['oc rsh deploy/web sh -c "exit 3"; echo $?', 'command terminated with exit code 3\n3\n'],
  ['oc frobnicate', 'error: unknown command "frobnicate" for "oc"\n'],
  ['oc logout', `Logged "developer" out on "${API}"\n`],
  ['oc logout', 'error: You must have a token in order to logout.\n'],
  ['oc whoami -t', 'error: no token is currently in use for this session\n'],
];

test('oc says what its source says', async () => {
  for (const [command, text] of LINES) {
    const got = exact(await world.run(command));
    if (typeof text === 'string') expect(got, command).toBe(text);
    else expect(got, command).toMatch(text);
  }
}, 60_000);

const HINT = "If you don't see a command prompt, try pressing enter.\n";
const SHELL = '--image=registry.access.redhat.com/ubi9/ubi -- bash';

const TYPED: [line: string, text: string | RegExp][] = [
  [
    'oc run probe --rm -it --restart=Never --image=busybox -- sh -c "exit 5"; echo $?',
    `${HINT}pod "probe" deleted\npod default/probe terminated (Error)\n5\n`,
  ],
  ['oc run probe --rm -it --restart=Never --image=busybox -- true && echo well', `${HINT}pod "probe" deleted\nwell\n`],
  ['oc run probe --rm --image=busybox', /^error: --rm should only be used for attached containers\n/],
  ['oc run probe -t --image=busybox', /^error: -i\/--stdin is required for containers with -t\/--tty=true\n/],
  [`oc run one -it ${SHELL}`, HINT],
  ['exit', "exit\nSession ended, resume using 'oc attach one -c one -i -t' command when the pod is running\n"],
  [`oc run two --rm -it ${SHELL}`, HINT],
  [
    'exit',
    /^exit\nSession ended, resume using 'oc attach two -c two -i -t' command when the pod is running\npod "two" deleted\n$/,
  ],
  ['oc run one --image=busybox', 'Error from server (AlreadyExists): pods "one" already exists\n'],
  [
    'oc debug node/worker01',
    new RegExp(
      `^Starting pod/worker01-debug-[a-z0-9]{5} \\.\\.\\.\nTo use host binaries, run \`chroot /host\`\nPod IP: [\\d.]+\n${HINT}$`,
    ),
  ],
  ['exit', 'exit\n\nRemoving debug pod ...\n'],
  ['oc new-project apart >/dev/null', ''],
  [
    'oc debug node/worker01 -- true',
    /^Temporary namespace (openshift-debug-[a-z0-9]{5}) is created for debugging node\.\.\.\nStarting pod\/worker01-debug-[a-z0-9]{5} \.\.\.\nTo use host binaries, run `chroot \/host`\n\nRemoving debug pod \.\.\.\nTemporary namespace \1 was removed\.\n$/,
  ],
];

test('what a terminal shows of run, attach and debug', async () => {
  const admin = await Tutorial.open('openshift');
  const typist = new Typist(admin.sandbox);
  for (const [line, text] of TYPED) {
    const got = exact(await typist.type(line));
    if (typeof text === 'string') expect(got, line).toBe(text);
    else expect(got, line).toMatch(text);
  }
  admin.stop();
}, 60_000);

test('plain Kubernetes comes without oc', async () => {
  const plain = await Tutorial.open('kubernetes');
  expect(await plain.run('oc version')).toMatch(/oc: command not found/);
  expect(await plain.run('kubectl api-resources')).not.toMatch(/openshift/);
  plain.stop();
}, 60_000);
