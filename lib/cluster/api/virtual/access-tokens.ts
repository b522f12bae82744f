// Ending a sign-in: what `oc logout` asks for.
import { notFound } from '../../store/errors';
import type { Answer, Call } from '../call';

export function endToken(call: Call): Answer {
  const { name } = call.info;
  if (!call.api.auth.revoke(call.user, name)) throw notFound('oauthaccesstokens.oauth.openshift.io', name);
  const details = { name, group: 'oauth.openshift.io', kind: 'oauthaccesstokens' };
  return { code: 200, object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
}
