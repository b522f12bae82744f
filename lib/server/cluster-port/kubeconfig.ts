// The kubeconfig with which a student's own kubectl reaches the cluster of one attempt.
import { stringify } from 'yaml';
import { clusterPrefix } from './address';

/** The account of the cluster that a laptop speaks for: the one the exercises log in with. */
export const CLUSTER_USER = 'developer';

export interface KubeconfigOptions {
  attemptId: string;
  lab: string;
  /** `https://127.0.0.1:6443`. */
  apiUrl: string;
  /** PEM. */
  authority: string;
  token: string;
}

export function kubeconfig({ attemptId, lab, apiUrl, authority, token }: KubeconfigOptions): string {
  const name = `podlab-${lab}`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: `${apiUrl}${clusterPrefix(attemptId)}`,
          'certificate-authority-data': Buffer.from(authority).toString('base64'),
        },
      },
    ],
    users: [{ name: CLUSTER_USER, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: CLUSTER_USER, namespace: lab } }],
    'current-context': name,
    preferences: {},
  });
}
