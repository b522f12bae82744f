// The subresources a kind may have: which verbs each takes and which kind it speaks.

interface Subresource {
  verbs: readonly string[];
  /** When it is not the kind of the object itself. */
  kind?: { group: string; version: string; kind: string };
}

const STREAM = ['create', 'get'];
const ANY = ['create', 'delete', 'get', 'patch', 'update'];

export const SUBRESOURCES: Readonly<Record<string, Subresource>> = {
  status: { verbs: ['get', 'patch', 'update'] },
  scale: { verbs: ['get', 'patch', 'update'], kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  finalize: { verbs: ['update'] },
  approval: { verbs: ['get', 'patch', 'update'] },
  ephemeralcontainers: { verbs: ['get', 'patch', 'update'] },
  resize: { verbs: ['get', 'patch', 'update'] },
  log: { verbs: ['get'] },
  binding: { verbs: ['create'], kind: { group: '', version: 'v1', kind: 'Binding' } },
  eviction: { verbs: ['create'], kind: { group: 'policy', version: 'v1', kind: 'Eviction' } },
  token: {
    verbs: ['create'],
    kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  },
  instantiate: {
    verbs: ['create'],
    kind: { group: 'apps.openshift.io', version: 'v1', kind: 'DeploymentRequest' },
  },
  exec: { verbs: STREAM, kind: { group: '', version: 'v1', kind: 'PodExecOptions' } },
  attach: { verbs: STREAM, kind: { group: '', version: 'v1', kind: 'PodAttachOptions' } },
  portforward: { verbs: STREAM, kind: { group: '', version: 'v1', kind: 'PodPortForwardOptions' } },
  proxy: { verbs: ANY, kind: { group: '', version: 'v1', kind: 'PodProxyOptions' } },
};
