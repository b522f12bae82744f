// Exercises on OpenShift's routes and ingress controllers, typed at a terminal: headers that they set and delete.
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Step, Tutorial } from '../support/tutorial';

const actions = (direction: string, ...list: [name: string, value?: string][]) =>
  JSON.stringify({
    spec: {
      httpHeaders: {
        actions: {
          [direction]: list.map(([name, value]) => ({
            name,
            action: value === undefined ? { type: 'Delete' } : { type: 'Set', set: { value } },
          })),
        },
      },
    },
  });
const patch = (patched: string) => `oc patch route web --type merge -p '${patched}'`;
const HEADERS = 'curl -sI web-default.apps.ocp4.example.com | tr -d "\\r" | grep -i';

const PAGES: Record<string, Step[]> = {
  'headers of routes and ingress controllers': [
    ['oc create deployment web --image=registry.k8s.io/e2e-test-images/agnhost:2.43 -- /agnhost netexec', /created/],
    ['oc expose deploy/web --port 8080; oc expose svc/web; oc rollout status deploy/web', /successfully rolled out\n$/],
    [
      patch(actions('response', ['X-Frame-Options', 'SAMEORIGIN'], ['X-Host', '%[req.hdr(host),upper]'], ['Date'])),
      'route.route.openshift.io/web patched',
    ],
    [`${HEADERS} ^x-`, 'x-frame-options: SAMEORIGIN\nx-host: WEB-DEFAULT.APPS.OCP4.EXAMPLE.COM'],
    [`${HEADERS} -c ^date`, '0'],
    [patch(actions('request', ['X-Team', 'blue green'], ['User-Agent'])), 'route.route.openshift.io/web patched'],
    [
      'curl -s "web-default.apps.ocp4.example.com/header?key=X-Team"; echo; curl -s "web-default.apps.ocp4.example.com/header?key=User-Agent"',
      'blue green',
    ],
    [
      patch(actions('response', ['Set-Cookie', 'a=b'])),
      'The Route "web" is invalid: spec.httpHeaders.actions.response[0].name: Forbidden: the following headers may not be modified using this API: strict-transport-security, proxy, cookie, set-cookie',
    ],
    [
      patch('{"spec":{"tls":{"termination":"passthrough"}}}'),
      /only edge and re-encrypt routes are supported for providing customized headers/,
    ],
    [
      `oc -n openshift-ingress-operator patch ingresscontroller/default --type=merge -p '${actions('response', ['X-Frame-Options', 'DENY'])}'`,
      'ingresscontroller.operator.openshift.io/default patched',
    ],
    [
      'sleep 90; oc -n openshift-ingress set env deploy/router-default --list | grep HEADERS',
      'ROUTER_HTTP_RESPONSE_HEADERS=X-Frame-Options:DENY:Set',
    ],
    [`${HEADERS} ^x-frame`, 'x-frame-options: DENY'],
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
