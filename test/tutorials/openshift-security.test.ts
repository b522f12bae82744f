// Exercises on OpenShift's storage and security commands, typed at a terminal: volumes and claims of deployments, and which
// security context constraint takes a pod.
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const IMAGE = 'registry.access.redhat.com/ubi8/httpd-24';
const DEPLOYED: Step[] = [
  ['oc new-project shop >/dev/null', ''],
  [`oc create deployment web --image=${IMAGE} 2>/dev/null`, 'deployment.apps/web created'],
];
const UPDATED = 'deployment.apps/web volume updated';
const root = (more: string) => `apiVersion: v1
kind: Pod
metadata: {name: root}
spec:
  securityContext: {runAsUser: 0}
  containers: [{name: a, image: nginx${more}}]`;

const PAGES: Record<string, Step[]> = {
  'volumes and claims of a deployment': [
    ...DEPLOYED,
    [
      'oc set volumes deploy/web --add --name data --type pvc --claim-mode rwo --claim-size 1G --mount-path /data --claim-name web-data --claim-class nfs-storage 2>/dev/null',
      UPDATED,
    ],
    [
      "oc get pvc web-data -o jsonpath='{.spec.accessModes[0]} {.spec.resources.requests.storage} {.spec.storageClassName}'",
      'ReadWriteOnce 1G nfs-storage',
    ],
    [
      'oc set volume deploy/web --add -m /tmp/a/ 2>&1 | grep -v PodSecurity',
      /^info: Generated volume name: volume-\w{5}\ndeployment.apps\/web volume updated\n$/,
    ],
    ['oc create cm settings --from-literal=a=b', 'configmap/settings created'],
    ['oc set volume deploy/web --add --name cm --configmap-name settings -m /cm 2>/dev/null', UPDATED],
    [
      'oc set volume deploy/web --name cm; oc set volume deploy/web --name data | head -2',
      ' web\n  configMap/settings as cm\n    mounted at /cm\n web\n  pvc/web-data (allocated 1GB) as data',
    ],
    [
      'oc set volume deploy/web --add --name cm -m /other',
      "error: volume 'cm' already exists. Use --overwrite to replace",
    ],
    ['oc set volume deploy/web --add --name cm -m /other --overwrite 2>/dev/null', UPDATED],
    ['oc set volume deploy/web --name cm | tail -1', 'mounted at /other'],
    ['oc set volume deploy/web --add -t secret -m /s', 'error: must provide --secret-name for --type=secret'],
    ['oc set volume deploy/web --remove', 'error: must provide --confirm for removing more than one volume'],
    ['oc set volume deploy/web --remove --name nothing', "error: volume 'nothing' not found"],
    ['oc set volume deploy/web --remove --name cm 2>/dev/null', UPDATED],
    [
      'oc set volume deploy/web --claim-name x',
      'error: --type|--path|--configmap-name|--secret-name|--claim-name|--source|--default-mode|--overwrite are only valid for --add operation',
    ],
  ],
  'security context constraints': [
    ...DEPLOYED,
    ['oc get deploy web -o yaml | oc adm policy scc-subject-review -f -', 'RESOURCE ALLOWED BY\nDeployment/web anyuid'],
    ['oc policy scc-subject-review deploy/web -u developer', 'RESOURCE ALLOWED BY\nDeployment/web <none>'],
    [
      'oc policy scc-subject-review deploy/web -u developer -g system:authenticated --no-headers',
      'Deployment/web restricted-v2',
    ],
    [
      `oc policy scc-subject-review -f - --as developer --no-headers <<< '${root('')}'`,
      /cannot create resource "podsecuritypolicyselfsubjectreviews"/,
    ],
    ['oc policy add-role-to-user admin developer >/dev/null', "Warning: User 'developer' not found"],
    [`oc policy scc-subject-review -f - --as developer --no-headers <<< '${root('')}'`, 'Pod/root <none>'],
    ['oc policy scc-subject-review', /^error: one or more resources must be specified\n/],
    [
      `oc create --as developer -f - <<< '${root(', ports: [{containerPort: 80, hostPort: 80}], securityContext: {capabilities: {add: [NET_ADMIN]}}')}' 2>&1 | grep -o 'provider restricted-v2: [^:]*: [^,]*'`,
      `provider restricted-v2: .containers[0].capabilities.add: Invalid value: "NET_ADMIN": capability may not be added
provider restricted-v2: .containers[0].runAsUser: Invalid value: 0: must be in the ranges: [1000330000
provider restricted-v2: .containers[0].containers[0].hostPort: Invalid value: 80: Host ports are not allowed to be used`,
    ],
    ['oc describe scc anyuid | sed -n 2,4p', 'Priority:\t\t\t\t\t10\nAccess:\t\t\t\t\t\t\n  Users:\t\t\t\t\t<none>'],
    [
      'oc describe scc restricted-v2 | grep -A1 "Run As"',
      '  Run As User Strategy: MustRunAsRange\t\t\n    UID:\t\t\t\t\t<none>',
    ],
  ],
  'groups and roles': [
    ['oc adm groups new team developer developer', 'group.user.openshift.io/team created'],
    ['oc adm groups add-users team leader qa', 'group.user.openshift.io/team added: ["leader" "qa"]'],
    ['oc get groups', 'NAME USERS\nteam developer, leader, qa'],
    ['oc adm groups remove-users team qa', 'group.user.openshift.io/team removed: "qa"'],
    ['oc adm groups add-users none a', 'Error from server (NotFound): groups.user.openshift.io "none" not found'],
    ['oc adm policy add-cluster-role-to-group view team', 'clusterrole.rbac.authorization.k8s.io/view added: "team"'],
    ['oc auth can-i list pods -A --as leader --as-group team', 'yes'],
    [
      'oc adm policy add-cluster-role-to-user view nobody; oc adm policy add-cluster-role-to-user none admin 2>&1 | head -1',
      `Warning: User 'nobody' not found
clusterrole.rbac.authorization.k8s.io/view added: "nobody"
Warning: role 'none' not found`,
    ],
    ["oc get clusterrolebinding -o name | grep -o '/view.*'", '/view\n/view-0'],
    [
      'oc adm policy remove-cluster-role-from-group self-provisioner system:authenticated:oauth',
      `Warning: Your changes may get lost whenever a master is restarted, unless you prevent reconciliation of this rolebinding using the following command: oc annotate clusterrolebinding.rbac self-provisioners 'rbac.authorization.kubernetes.io/autoupdate=false' --overwrite
clusterrole.rbac.authorization.k8s.io/self-provisioner removed: "system:authenticated:oauth"`,
    ],
    [
      'oc adm policy add-cluster-role-to-group --rolebinding-name self-provisioners self-provisioner system:authenticated:oauth',
      `Warning: Group 'system:authenticated:oauth' not found
clusterrole.rbac.authorization.k8s.io/self-provisioner added: "system:authenticated:oauth"`,
    ],
    [
      'oc adm policy add-scc-to-user anyuid -z default >/dev/null; oc get clusterrolebinding system:openshift:scc:anyuid -o jsonpath="{.subjects[*].namespace}"',
      'default',
    ],
    [
      'oc new-project shop >/dev/null; oc adm policy add-scc-to-user anyuid -z default -n shop >/dev/null; oc get rolebinding system:openshift:scc:anyuid -o name',
      'rolebinding.rbac.authorization.k8s.io/system:openshift:scc:anyuid',
    ],
  ],
};

describe.each(Object.entries(PAGES))('%s', (_, steps) => {
  let page: Tutorial;
  beforeEach(async () => {
    page = await Tutorial.open('openshift');
  });
  afterEach(() => page.stop());

  test('shows what the page shows', () => page.play(steps));
});
