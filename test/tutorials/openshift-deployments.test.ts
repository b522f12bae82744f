// Pages of the OpenShift documentation on the developer CLI, typed at a terminal: deployment configs, their rollouts and
// rollbacks, idling, data of config maps and secrets, and what cannot be done here.
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const WARNING = 'Warning: apps.openshift.io/v1 DeploymentConfig is deprecated in v4.14+, unavailable in v4.10000+\n';
const HELLO = 'quay.io/openshift/origin-hello-openshift';
const CONFIG = 'deploymentconfig.apps.openshift.io/web';
const dc = JSON.stringify({
  apiVersion: 'apps.openshift.io/v1',
  kind: 'DeploymentConfig',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: HELLO }] } },
  },
});

const PAGES: Record<string, Step[]> = {
  'deployment configs': [
    [`oc create -f - <<< '${dc}'`, `${WARNING}${CONFIG} created`],
    ['oc rollout status dc/web', `${WARNING}replication controller "web-1" successfully rolled out`],
    ['oc rollout latest dc/web', `${WARNING}${CONFIG} rolled out`],
    ['oc rollout status dc/web 2>/dev/null', 'replication controller "web-2" successfully rolled out'],
    ['oc rollout latest', 'error: one deployment config name is needed as argument.'],
    [
      'oc rollout latest dc/none',
      `${WARNING}Error from server (NotFound): deploymentconfigs.apps.openshift.io "none" not found`,
    ],
    ['oc set env dc/web GREETING=hello 2>/dev/null', `${CONFIG} updated`],
    ['oc rollout status dc/web 2>/dev/null', 'replication controller "web-3" successfully rolled out'],
    [
      'oc rollout history dc/web 2>/dev/null',
      `${CONFIG} \nREVISION STATUS CAUSE\n1 Complete config change\n2 Complete config change\n3 Complete config change`,
    ],
    ['oc rollback web 2>/dev/null', `${CONFIG} deployment #4 rolled back to web-2`],
    ['oc rollout status dc/web 2>/dev/null', 'replication controller "web-4" successfully rolled out'],
    ['oc set env dc/web --list 2>/dev/null', /^# deploymentconfigs? ?\/?web, container web\n$/],
    ['oc rollback dc/web --to-version=3 2>/dev/null', `${CONFIG} deployment #5 rolled back to web-3`],
    ['oc rollback rc/web-1 --dry-run 2>/dev/null', `${CONFIG} rolled back to web-1`],
    [
      'oc rollback none 2>/dev/null; oc rollback none 2>&1 | tail -1',
      'error: none is not a valid deployment or deployment config',
    ],
    ['oc rollout undo dc/web 2>/dev/null', `${CONFIG} rolled back`],
    ['oc set image dc/web web=nowhere/none 2>/dev/null', `${CONFIG} image updated`],
    ['oc rollout cancel dc/web 2>/dev/null', `${CONFIG} cancelling`],
    ['oc rollout status dc/web 2>&1 | tail -1', 'error: rollout of replication controller "web-7" was cancelled'],
    ['oc rollout cancel dc/web 2>/dev/null', /^No rollout is in progress \(latest rollout #7 failed \d+s ago\)\n$/],
    ['oc get pods -o name | cut -c1-9', 'pod/web-6\npod/web-6'],
    ['oc rollout retry dc/web 2>/dev/null', `${CONFIG} retried rollout #7`],
    ['oc rollout pause dc/web 2>/dev/null', `${CONFIG} paused`],
    ['oc rollout latest dc/web 2>&1 | tail -1', 'error: cannot deploy a paused deployment config'],
    [`oc create deploymentconfig other --image=${HELLO}`, `${WARNING}deploymentconfig.apps.openshift.io/other created`],
    ['oc get all 2>&1 >/dev/null', WARNING],
  ],
  idling: [
    [`oc create deployment hello --image=${HELLO} --replicas=2 2>/dev/null`, 'deployment.apps/hello created'],
    ['oc rollout status deploy/hello', /successfully rolled out/],
    ['oc expose deploy/hello --port=8080', 'service/hello exposed'],
    [
      'oc idle hello --dry-run',
      `The service "default/hello" has been marked as idled (dry run)
The service will unidle Deployment "default/hello" to 2 replicas once it receives traffic (dry run)
Deployment "default/hello" has been idled (dry run)`,
    ],
    ['oc get deploy hello -o jsonpath={.spec.replicas}', '2'],
    ['oc idle hello 2>/dev/null | tail -1', 'Deployment "default/hello" has been idled'],
    ['oc get deploy hello', 'NAME READY UP-TO-DATE AVAILABLE AGE\nhello 0/0 0 0 5s'],
    [
      "oc get svc hello -o jsonpath='{.metadata.annotations.idling\\.alpha\\.openshift\\.io/unidle-targets}'",
      '[{"kind":"Deployment","name":"hello","group":"apps","replicas":2}]',
    ],
    ['oc expose svc/hello', 'route.route.openshift.io/hello exposed'],
    ['curl -s hello-default.apps.ocp4.example.com', 'Hello OpenShift!'],
    ['oc get deploy hello -o jsonpath={.spec.replicas}', '2'],
    ["oc get svc hello -o jsonpath='{.metadata.annotations}'", /^{"k8s.ovn.org\/unidled-at":"[^"]*"}$/],
    ['oc get events --no-headers | grep -c NeedPods', '1'],
    ['oc idle none', 'error: no valid scalable resources found to idle: endpoints "none" not found'],
  ],
  'data of config maps and secrets': [
    ['oc create configmap settings --from-literal=a=b', 'configmap/settings created'],
    ['oc set data configmap/settings c=d', 'configmap/settings data updated'],
    ['oc set data cm/settings c=d', 'info: settings was not changed'],
    ['oc set data cm/settings a-', 'configmap/settings data updated'],
    ['oc extract cm/settings --to=-', '# c\nd'],
    ['oc create secret generic key --from-literal=p=q', 'secret/key created'],
    ['oc set data secret/key p=new', 'secret/key data updated'],
    ['oc extract secret/key --to=-', '# p\nnew'],
    ['oc set data cm/settings', 'error: must add, update, or remove at least one key from this object'],
  ],
  'who can': [
    [
      'oc create rolebinding look --clusterrole=view --user=alice',
      'rolebinding.rbac.authorization.k8s.io/look created',
    ],
    [
      'oc adm policy who-can get pods',
      /^resourceaccessreviewresponse\.authorization\.openshift\.io\/<unknown> \n\nNamespace: default\nVerb: {6}get\nResource: {2}pods\n\nUsers: {2}(.*\n {8})*alice\n[\s\S]*\nGroups: (.*\n {8})*system:masters\n/,
    ],
    ['oc policy who-can delete pods | grep -c alice', '0'],
    ['oc adm policy who-can get pods -A', /Namespace: <all>\n/],
    [
      'oc adm policy who-can get',
      /^error: you must specify two or three arguments: verb, resource, and optional resourceName\n/,
    ],
  ],
  'what cannot be done here': [
    ['oc new-build .', /^error: not supported: oc new-build: there are no builds here/],
    ['oc start-build web --follow', /^error: not supported: oc start-build: there are no builds here/],
    ['oc image extract nginx --path /:/tmp', /^error: not supported: oc image extract: /],
    ['oc adm must-gather --dest-dir=/tmp', /^error: not supported: oc adm must-gather: /],
    ['oc adm release info', /^error: not supported: oc adm release: /],
    ['oc registry login', /^error: not supported: oc registry login: /],
    ['oc registry info', 'image-registry.openshift-image-registry.svc:5000'],
    ['oc whoami --show-console', 'https://console-openshift-console.apps.ocp4.example.com'],
  ],
};

describe('the OpenShift documentation', () => {
  let tutorial: Tutorial;

  beforeEach(async () => {
    tutorial = await Tutorial.open('openshift');
  });

  afterEach(() => tutorial.stop());

  test.each(Object.entries(PAGES))('%s', async (_, steps) => tutorial.play(steps, 'terminal'));
});
