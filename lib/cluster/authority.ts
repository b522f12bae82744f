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

/** A certificate authority of an operator's own. */
export function signer(random: Random, now: number, subject: string): Certificate {
  const key = random.hex(KEY_DIGITS);
  const validity = { notBefore: now - DAY_MS, notAfter: now + 790 * DAY_MS };
  return { subject, issuer: subject, signedBy: key, key, dnsNames: [], ipAddresses: [], ...validity };
}

/** A server's certificate, signed by an authority. */
export const issue = (random: Random, now: number, authority: Certificate, dnsNames: string[]): Certificate => ({
  subject: `CN=${dnsNames[0] ?? ''}`,
  issuer: authority.subject,
  signedBy: authority.key,
  key: random.hex(KEY_DIGITS),
  dnsNames,
  ipAddresses: [],
  notBefore: now - DAY_MS,
  notAfter: now + 730 * DAY_MS,
});

/** A private key as a file shows it; what it is good for is in the certificate. */
export const keyPem = ({ key }: Certificate): string =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.from(key).toString('base64')}\n-----END PRIVATE KEY-----\n`;

export const authorityPem = ({ authority }: Certificates): string => toPem(authority);
export const serverPem = ({ server }: Certificates): string => toPem(server);
