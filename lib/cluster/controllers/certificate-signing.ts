// Approved signing requests get their certificates. kubernetes pkg/controller/certificates/signer.
// DIFFERS: only for clients of the API; the kubelets here ask for none of their own.
import { toPem } from '../../machine/tls';
import type { ClientCertificates, Requested } from '../auth/client-certificates';
import type { KubeObject } from '../store/types';
import { type Controller, type ControllerContext, splitKey } from './controller';

const REQUESTS = 'certificatesigningrequests.certificates.k8s.io';
const SIGNER = 'kubernetes.io/kube-apiserver-client';
const ALLOWED = ['digital signature', 'key encipherment', 'client auth'];
const YEAR_S = 365 * 24 * 3600; // --cluster-signing-duration
const SHORTEST_S = 600; // pkg/controller/certificates/signer: no certificate lives for less

const isApproved = ({ status }: KubeObject): boolean => {
  const types: string[] = (status?.conditions ?? []).map(({ type }: { type: string }) => type);
  return types.includes('Approved') && !types.includes('Denied') && !types.includes('Failed');
};

/** What a request in PEM, in base64, asks for. */
function parse(request: string): Requested | undefined {
  const pem = Buffer.from(request, 'base64').toString();
  const [, body = ''] =
    /-----BEGIN CERTIFICATE REQUEST-----([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(pem) ?? [];
  try {
    const { subject, key } = JSON.parse(Buffer.from(body.replace(/\s+/g, ''), 'base64').toString());
    return typeof subject === 'string' && typeof key === 'string' ? { subject, key } : undefined;
  } catch {
    return undefined;
  }
}

function wrongUsage(usages: string[]): string | undefined {
  const bad = usages.filter((usage) => !ALLOWED.includes(usage));
  return bad.length > 0 || !usages.includes('client auth')
    ? `invalid usage for client certificate: ${usages.join(', ')}`
    : undefined;
}

export const certificateSigning = (
  { store, client, clock }: ControllerContext,
  certificates: ClientCertificates,
): Controller => ({
  name: 'csrsigning',
  watches: { [REQUESTS]: ({ object }) => [`/${object.metadata.name}`] },
  reconcile(key) {
    const found = store.get(REQUESTS, undefined, splitKey(key).name);
    if (found?.['spec']?.signerName !== SIGNER || found.status?.certificate || !isApproved(found)) return undefined;
    const { request, usages = [], expirationSeconds = YEAR_S } = found['spec'];
    const asked = parse(request);
    const now = clock.now();
    const problem = wrongUsage(usages);
    const at = new Date(now).toISOString().replace(/\.\d+/, '');
    const status = {
      ...found.status,
      ...(asked && !problem
        ? {
            certificate: Buffer.from(
              toPem(certificates.issue(asked, now, Math.min(YEAR_S, Math.max(SHORTEST_S, expirationSeconds)))),
            ).toString('base64'),
          }
        : {
            conditions: [
              ...found.status.conditions,
              {
                type: 'Failed',
                status: 'True',
                reason: 'SignerValidationFailure',
                message: problem ?? 'unable to parse csr',
                lastUpdateTime: at,
                lastTransitionTime: at,
              },
            ],
          }),
    };
    client.updateStatus(REQUESTS, { ...found, status });
    return undefined;
  },
});
