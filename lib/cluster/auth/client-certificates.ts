// Certificates that name users: issued on request, believed when their holders come back with them.
// kubernetes apiserver pkg/authentication/request/x509: the common name is the user, organizations are its groups.
import { createHmac } from 'node:crypto';
import type { Certificate } from '../../machine/tls';
import type { Random } from '../../sim/random';
import type { Table } from '../../sim/state';
import type { UserInfo } from '../resources/definition';
import { sameText } from './passwords';

const BACKDATE_MS = 5 * 60_000; // pkg/controller/certificates/authority: clocks may differ
const SECRET = 'client-certificates-secret';

/** What a signing request asks for. */
export interface Requested {
  subject: string;
  key: string;
}

/** `/CN=jane/O=dev`, `CN=jane, O=dev`: the parts by their names. */
const partsOf = (subject: string, name: string): string[] =>
  subject
    .split(/[/,+]/)
    .map((part) => part.split('=').map((word) => word.trim()))
    .flatMap(([key, value]) => (key === name && value ? [value] : []));

export class ClientCertificates {
  constructor(
    private readonly table: Table,
    private readonly random: Random,
    private readonly authority: Certificate,
  ) {}

  issue({ subject, key }: Requested, now: number, seconds: number): Certificate {
    const certificate: Certificate = {
      subject,
      issuer: this.authority.subject,
      signedBy: this.authority.key,
      key,
      dnsNames: [],
      ipAddresses: [],
      notBefore: now - BACKDATE_MS,
      notAfter: now + seconds * 1000,
    };
    return { ...certificate, proof: this.proof(certificate) };
  }

  /** Whom a certificate names; undefined when it is no good. */
  user(certificate: Certificate, now: number): UserInfo | undefined {
    const [name] = partsOf(certificate.subject, 'CN');
    if (!name || !sameText(certificate.proof ?? '', this.proof(certificate))) return undefined;
    if (now < certificate.notBefore || now > certificate.notAfter) return undefined;
    return { name, groups: [...partsOf(certificate.subject, 'O'), 'system:authenticated'] };
  }

  private proof({ subject, key, notBefore, notAfter }: Certificate): string {
    return createHmac('sha256', this.secret())
      .update(JSON.stringify([subject, key, notBefore, notAfter]))
      .digest('hex');
  }

  private secret(): string {
    const known = this.table.get<string>(SECRET);
    if (known) return known;
    const made = this.random.fork(SECRET).hex(64);
    this.table.set(SECRET, made);
    return made;
  }
}
