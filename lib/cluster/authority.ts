// The certificate authority of a cluster, and the certificate of its API server. Kept in the world's state.
import { type Certificate, toPem } from '../machine/tls';
import type { Random } from '../sim/random';
import type { Table } from '../sim/state';

const DAY_MS = 86_400_000;
const KEY_DIGITS = 40;

export interface Certificates {
  authority: Certificate;
  server: Certificate;
}

/** The cluster's certificates, made when it is started for the first time. */
export function certificates(
  table: Table,
  random: Random,
  now: number,
  names: { dnsNames: string[]; ipAddresses: string[] },
): Certificates {
  const saved = table.get<Certificates>('certificates');
  if (saved) return saved;
  const key = random.hex(KEY_DIGITS);
  const authority: Certificate = {
    subject: 'CN=kube-apiserver-lb-signer,OU=openshift',
    issuer: 'CN=kube-apiserver-lb-signer,OU=openshift',
    signedBy: key,
    key,
    dnsNames: [],
    ipAddresses: [],
    notBefore: now - 60 * DAY_MS,
    notAfter: now + 3590 * DAY_MS,
  };
  const server: Certificate = {
    subject: `CN=${names.dnsNames[0] ?? 'kube-apiserver'}`,
    issuer: authority.subject,
    signedBy: key,
    key: random.hex(KEY_DIGITS),
    ...names,
    notBefore: now - 60 * DAY_MS,
    notAfter: now + 365 * DAY_MS,
  };
  table.set('certificates', { authority, server });
  return { authority, server };
}

export const authorityPem = ({ authority }: Certificates): string => toPem(authority);
