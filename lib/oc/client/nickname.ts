// How oc names the entries it writes into a kubeconfig: `project/host-with-dashes:port/user`.
import type { Cluster, Context, Kubeconfig, User } from './kubeconfig';

/** `https://api.ocp4.example.com:6443` → `api-ocp4-example-com:6443`. */
function clusterNickname(server: string): string {
  const { protocol, hostname, port } = new URL(server);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`.replaceAll('.', '-');
}

/** The name of a context as oc would make it from its parts. */
export const contextNickname = ({ namespace = '', cluster, user }: Context): string =>
  `${namespace}/${cluster}/${user.split('/')[0]}`;

export interface Session {
  server: string;
  cluster: Cluster;
  user: string;
  token?: string;
  credentials?: User;
  namespace: string;
}

/** Adds a session to a kubeconfig and makes it current; a context with the same parts is taken as it is. */
export function mergeLogin(config: Kubeconfig, session: Session): Kubeconfig {
  const cluster = clusterNickname(session.server);
  const user = `${session.user}/${cluster}`;
  const context: Context = { cluster, ...(session.namespace ? { namespace: session.namespace } : {}), user };
  const same = Object.entries(config.contexts).find(
    ([, one]) =>
      one.cluster === context.cluster && one.user === context.user && (one.namespace ?? '') === session.namespace,
  );
  const name = same?.[0] ?? contextNickname(context);
  return {
    ...config,
    clusters: { ...config.clusters, [cluster]: session.cluster },
    users: { ...config.users, [user]: session.credentials ?? (session.token ? { token: session.token } : {}) },
    contexts: { ...config.contexts, [name]: context },
    currentContext: name,
  };
}
