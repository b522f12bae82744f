// `users/~`: whoever asks, with or without a stored User object.
import type { Served } from '../../resources/registry';
import type { Answer, Call } from '../call';
import { get } from '../objects';

export function user(call: Call, served: Served): Answer {
  if (call.info.name !== '~') return get(call, served);
  const { name, groups } = call.user;
  const stored = call.api.operations.store.get('users.user.openshift.io', undefined, name);
  const metadata = stored?.metadata ?? { name, creationTimestamp: null };
  return {
    code: 200,
    object: {
      kind: 'User',
      apiVersion: 'user.openshift.io/v1',
      metadata,
      identities: stored?.['identities'] ?? null,
      groups: groups.filter((group) => group !== 'system:authenticated:oauth'),
    },
  };
}
