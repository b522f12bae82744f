// Who may sign in: the identity provider of a cluster, as its administrator configured it.

export interface Account {
  /** What is typed at the login. */
  name: string;
  /** The user's name in the cluster, where it is another one: `kubeadmin` is `kube:admin`. */
  user?: string;
  password?: string;
  /** A bearer token that is always valid (a bare control plane's `admin-token`). */
  token?: string;
  groups?: readonly string[];
  /** Bound to cluster-admin by a ClusterRoleBinding of their own. */
  clusterAdmin?: boolean;
}

/** The accounts of the classroom. */
export const CLASSROOM: readonly Account[] = [
  { name: 'developer', password: 'developer' },
  { name: 'admin', password: 'redhatocp', clusterAdmin: true },
];

/** The administrator that every new OpenShift cluster has. */
export const kubeadmin = (password: string): Account => ({
  name: 'kubeadmin',
  user: 'kube:admin',
  password,
  groups: ['system:cluster-admins'],
});

/** The user's name in the cluster. */
export const userOf = ({ user, name }: Account): string => user ?? name;
