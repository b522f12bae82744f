// The certificates of the cluster API's port: an authority kept in the data folder, and a server certificate for each start.
import './reflect';
import { webcrypto } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
const SERVER_DAYS = 365;

export interface Certificates {
  /** PEM of the authority, for kubeconfigs. */
  authority: string;
  /** PEM of key and certificate, for the listener. */
  key: string;
  cert: string;
}

/** @param hosts further names and addresses under which the port is reached */
export async function openCertificates(folder: string, hosts: string[] = []): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const authority = await readOrMakeAuthority(join(folder, 'authority.pem'), join(folder, 'authority.key'));
  const keys = await generate();
  const names: x509.JsonGeneralNames = [
    { type: 'ip', value: '127.0.0.1' },
    { type: 'ip', value: '::1' },
    { type: 'dns', value: 'localhost' },
    ...hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    ...validFor(SERVER_DAYS),
    subject: 'CN=Podlab cluster API',
    issuer: authority.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.SubjectAlternativeNameExtension(names),
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  });
  return {
    authority: authority.certificate.toString('pem'),
    key: await keyToPem(keys.privateKey),
    cert: certificate.toString('pem'),
  };
}

interface Authority {
  certificate: x509.X509Certificate;
  key: CryptoKey;
}

async function readOrMakeAuthority(certificateFile: string, keyFile: string): Promise<Authority> {
  if (!existsSync(certificateFile)) await makeAuthority(certificateFile, keyFile);
  const der = x509.PemConverter.decodeFirst(readFileSync(keyFile, 'utf8'));
  const key = (await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign'])) as CryptoKey;
  return { certificate: new x509.X509Certificate(readFileSync(certificateFile, 'utf8')), key };
}

async function makeAuthority(certificateFile: string, keyFile: string): Promise<void> {
  const keys = await generate();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validFor(AUTHORITY_DAYS),
    name: 'CN=Podlab authority',
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  writeFileSync(keyFile, await keyToPem(keys.privateKey), { mode: 0o600 });
  writeFileSync(certificateFile, certificate.toString('pem'), { mode: 0o600 });
}

const generate = async (): Promise<CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;

const keyToPem = async (key: CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key as webcrypto.CryptoKey), 'PRIVATE KEY');

/** A day back, for laptops whose clocks are behind. */
const validFor = (days: number) => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + days * DAY_MS),
});
