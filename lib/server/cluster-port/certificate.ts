// The cluster port's certificate, kept in the data folder so that a downloaded kubeconfig outlives a restart.
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeServerCertificate, type ServerCertificate } from '../certificates';

const NAMES = ['localhost'];
const ADDRESSES = ['127.0.0.1', '::1'];
/** Made anew when it ends sooner. */
const LEAST_LEFT_MS = 60 * 24 * 3600 * 1000;

/** @param host further name or address under which the port is reached */
export async function openCertificate(folder: string, host: string): Promise<ServerCertificate> {
  const file = join(folder, 'cluster-port.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServerCertificate) : undefined;
  if (kept && isGood(kept.cert, host)) return kept;
  const isAddress = /^[\d.]+$|:/.test(host);
  const names = isAddress ? NAMES : [...new Set([...NAMES, host])];
  const addresses = isAddress ? [...new Set([...ADDRESSES, host])] : ADDRESSES;
  const made = await makeServerCertificate(names, addresses, Date.now());
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function isGood(pem: string, host: string): boolean {
  const certificate = new X509Certificate(pem);
  const covers = certificate.checkHost(host) ?? certificate.checkIP(host);
  return covers !== undefined && Date.parse(certificate.validTo) - Date.now() > LEAST_LEFT_MS;
}
