// What the server says of itself: version and health.
import type { ClusterSettings } from '../resources/definition';
import type { Answer, Call } from './call';

const shared = {
  gitTreeState: 'clean',
  goVersion: 'go1.22.8 (Red Hat 1.22.8-1.el9) X:strictfipsruntime',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** The older releases' Kubernetes. */
const OLDER: Record<string, ReturnType<typeof currentVersion>> = {
  '4.14': {
    major: '1',
    minor: '27',
    gitVersion: 'v1.27.16',
    gitCommit: 'cbb7de5ff7f5d2e4b8c7e4f6d3f0c8f7a2e5b914',
    buildDate: '2025-01-13T08:43:05Z',
    ...shared,
    goVersion: 'go1.20.12 X:strictfipsruntime',
  },
  '4.16': {
    major: '1',
    minor: '29',
    gitVersion: 'v1.29.11',
    gitCommit: '1f8c0f0d47ae5e2aa5e4d8f0c9b36a7d2b6e3c18',
    buildDate: '2025-01-27T13:21:44Z',
    ...shared,
    goVersion: 'go1.21.13 (Red Hat 1.21.13-4.el9_4) X:strictfipsruntime',
  },
};

const minorRelease = (release = ''): string => release.split('.').slice(0, 2).join('.');

/** OpenShift 4.18 is Kubernetes 1.31. */
export const versionInfo = ({ profile, release }: Pick<ClusterSettings, 'profile' | 'release'>) =>
  (profile === 'openshift' && OLDER[minorRelease(release)]) || currentVersion(profile);

const currentVersion = (profile: ClusterSettings['profile']) =>
  profile === 'openshift'
    ? {
        major: '1',
        minor: '31',
        gitVersion: 'v1.31.6',
        gitCommit: '6b3560758b37680cb713dfc71da03c04cadd657c',
        buildDate: '2025-03-05T19:08:47Z',
        ...shared,
      }
    : {
        major: '1',
        minor: '31',
        gitVersion: 'v1.31.6',
        gitCommit: '6b3560758b37680cb713dfc71da03c04cadd657c',
        buildDate: '2025-02-12T21:31:09Z',
        ...shared,
        goVersion: 'go1.22.12',
      };

const CHECKS = [
  'ping',
  'log',
  'etcd',
  'informer-sync',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/bootstrap-controller',
  'poststarthook/apiservice-openapi-controller',
];

/** /healthz, /livez, /readyz and one check of them: apiserver pkg/server/healthz. */
export function health(call: Call): Answer | undefined {
  const [, name = '', ...rest] = call.url.pathname.split('/');
  if (name !== 'healthz' && name !== 'livez' && name !== 'readyz') return undefined;
  const checks = CHECKS.filter((each) => name === 'readyz' || each !== 'informer-sync');
  const one = rest.join('/');
  if (one && !checks.includes(one))
    return { code: 404, text: '404 page not found\n', type: 'text/plain; charset=utf-8' };
  if (one || call.query.get('verbose') === null)
    return {
      code: 200,
      text: 'ok',
      type: 'text/plain; charset=utf-8',
      headers: { 'X-Content-Type-Options': 'nosniff' },
    };
  const excluded = new Set(call.query.getAll('exclude'));
  const lines = checks.map((each) => `[+]${each} ${excluded.has(each) ? 'excluded: ok' : 'ok'}\n`);
  return { code: 200, text: `${lines.join('')}${name} check passed\n`, type: 'text/plain; charset=utf-8' };
}
