// Bootstrap tokens as kubeadm keeps them: secrets of kube-system (cluster-bootstrap/token/api).
import type { BootstrapToken } from '../../machine/node-agent';
import type { Client } from '../api/client';
import type { ObjectStore } from '../store/store';
import type { KubeObject } from '../store/types';

const NAMESPACE = 'kube-system';
const TYPE = 'bootstrap.kubernetes.io/token';
const GROUP = 'system:bootstrappers:kubeadm:default-node-token';
const nameOf = (id: string) => `bootstrap-token-${id}`;

export const bootstrapTokens = (store: ObjectStore, client: Client) => ({
  list: () =>
    store
      .list('secrets', NAMESPACE)
      .filter((secret) => secret['type'] === TYPE)
      .map(tokenOf),
  create({ id, secret, description, expires }: BootstrapToken): void {
    const data = {
      'auth-extra-groups': GROUP,
      ...(description && { description }),
      ...(expires !== undefined && { expiration: `${new Date(expires).toISOString().slice(0, 19)}Z` }),
      'token-id': id,
      'token-secret': secret,
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
    };
    const encoded = Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    );
    client.create('secrets', { metadata: { name: nameOf(id), namespace: NAMESPACE }, type: TYPE, data: encoded });
  },
  remove(id: string): boolean {
    if (!store.get('secrets', NAMESPACE, nameOf(id))) return false;
    client.delete('secrets', NAMESPACE, nameOf(id));
    return true;
  },
});

function tokenOf({ data }: KubeObject): BootstrapToken {
  const text = (key: string) => Buffer.from(data?.[key] ?? '', 'base64').toString();
  const expiration = text('expiration');
  return {
    id: text('token-id'),
    secret: text('token-secret'),
    description: text('description'),
    ...(expiration && { expires: Date.parse(expiration) }),
  };
}
