// TLS as far as a person can observe it: a handshake that names the server and shows its certificate chain, then the bytes.
// DIFFERS: records carry JSON and plain text. Nothing outside the world can listen, so encryption would only cost time; names,
// chains, expiry and trust are checked as a real client checks them.
import { X509Certificate } from 'node:crypto';
import type { Connection } from './net';

/** What a certificate says; a PEM block of it is base64 of this as JSON. */
export interface Certificate {
  subject: string;
  issuer: string;
  /** Identifies the key that signed it; a trust store holds certificates whose `key` this names. */
  signedBy: string;
  key: string;
  dnsNames: string[];
  ipAddresses: string[];
  /** Milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
  /** Proof of an issuer that keeps its secret to itself: only such a certificate makes a client somebody. */
  proof?: string;
}

export class TlsError extends Error {
  constructor(
    readonly code: 'unknown-authority' | 'wrong-name' | 'expired' | 'not-tls',
    message: string,
  ) {
    super(message);
  }
}

const HANDSHAKE = 0x16;
const encoder = new TextEncoder();

const pems = new WeakMap<Certificate, string>();

export function toPem(certificate: Certificate): string {
  const known = pems.get(certificate);
  if (known !== undefined) return known;
  const base64 = Buffer.from(JSON.stringify(certificate)).toString('base64');
  const pem = `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
  pems.set(certificate, pem);
  return pem;
}

/** The certificates of a PEM bundle, of this world or real ones; blocks that are none are passed over. */
export function fromPem(bundle: string): Certificate[] {
  const blocks = bundle.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g);
  return [...blocks].flatMap(([, body]) => {
    const der = Buffer.from((body ?? '').replace(/\s+/g, ''), 'base64');
    try {
      return [der[0] === DER_SEQUENCE ? fromDer(der) : (JSON.parse(der.toString()) as Certificate)];
    } catch {
      return [];
    }
  });
}

const DER_SEQUENCE = 0x30;

/** What a certificate made outside of the world says. Its keys are named after their owners: signatures are not verified. */
function fromDer(der: Uint8Array): Certificate {
  const { subject, issuer, subjectAltName = '', validFrom, validTo } = new X509Certificate(der);
  const named = (text: string) => text.split('\n').join(', ');
  const names = (kind: string) =>
    subjectAltName.split(', ').flatMap((one) => (one.startsWith(`${kind}:`) ? [one.slice(kind.length + 1)] : []));
  return {
    subject: named(subject),
    issuer: named(issuer),
    key: `x509 ${named(subject)}`,
    signedBy: `x509 ${named(issuer)}`,
    dnsNames: subjectAltName ? names('DNS') : [/CN=([^\n]+)/.exec(subject)?.[1] ?? ''],
    ipAddresses: names('IP Address'),
    notBefore: Date.parse(validFrom),
    notAfter: Date.parse(validTo),
  };
}

/** Why a client would refuse a certificate, in Go's words; undefined when it is good. */
export function verify(
  certificate: Certificate,
  trusted: Certificate[],
  servername: string,
  now: number,
): TlsError | undefined {
  if (!trusted.some((ca) => ca.key === certificate.signedBy))
    return new TlsError('unknown-authority', 'x509: certificate signed by unknown authority');
  if (now > certificate.notAfter || now < certificate.notBefore)
    return new TlsError('expired', 'x509: certificate has expired or is not yet valid');
  const names = [...certificate.dnsNames, ...certificate.ipAddresses];
  if (!names.some((name) => matches(name, servername)))
    return new TlsError('wrong-name', `x509: certificate is valid for ${names.join(', ')}, not ${servername}`);
  return undefined;
}

const matches = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*.') && name.slice(name.indexOf('.')) === pattern.slice(1));

/** The client's side: gives the server's certificate; the caller verifies it. `client` is what it shows of itself. */
export async function tlsConnect(
  connection: Connection,
  servername: string,
  alpn: string[] = [],
  signal?: AbortSignal,
  client?: Certificate,
): Promise<{ certificate: Certificate; alpn: string }> {
  await connection.write(record({ servername, alpn, ...(client && { client }) }), signal);
  const hello = (await readRecord(connection, signal)).body as { certificate: Certificate; alpn?: string };
  return { certificate: hello.certificate, alpn: hello.alpn ?? '' };
}

/** A client's greeting: the name it asks for, and the bytes, for who passes the connection on as it is. */
export interface ClientHello {
  servername: string;
  /** What the client shows of itself; not yet verified. */
  client?: Certificate;
  bytes: Uint8Array;
}

/** Reads a client's greeting. Throws `not-tls` when it speaks plain text. */
export async function readClientHello(connection: Connection): Promise<ClientHello> {
  const { body, bytes } = await readRecord(connection);
  const { servername, client } = body as Omit<ClientHello, 'bytes'>;
  return { servername, bytes, ...(client && { client }) };
}

/** Answers a greeting; what follows is the client's own. */
export const answerHello = (connection: Connection, certificate: Certificate): Promise<void> =>
  connection.write(record({ certificate }));

/** The server's side: chooses a certificate by the name asked for. Throws `not-tls` when the client speaks plain text. */
export async function tlsAccept(
  connection: Connection,
  choose: (servername: string) => Certificate,
): Promise<{ servername: string; client?: Certificate }> {
  const { servername, client } = await readClientHello(connection);
  await answerHello(connection, choose(servername));
  return { servername, ...(client && { client }) };
}

/** A greeting always holds a line feed (the type of supported_groups), so that who expects lines of text sees a bad one. */
function record(body: object): Uint8Array {
  const json = encoder.encode(`${JSON.stringify(body)}\n`);
  return Uint8Array.of(HANDSHAKE, 3, 1, json.length >> 8, json.length & 255, ...json);
}

async function readRecord(connection: Connection, signal?: AbortSignal): Promise<{ body: unknown; bytes: Uint8Array }> {
  const head = await exactly(connection, 5, signal);
  if (head[0] !== HANDSHAKE) throw new TlsError('not-tls', `first record does not look like a TLS handshake`);
  const body = await exactly(connection, ((head[3] ?? 0) << 8) | (head[4] ?? 0), signal);
  return { body: JSON.parse(new TextDecoder().decode(body)), bytes: new Uint8Array(Buffer.concat([head, body])) };
}

async function exactly(connection: Connection, size: number, signal?: AbortSignal): Promise<Uint8Array> {
  const out = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const chunk = await connection.read(size - at, signal);
    if (!chunk) throw new TlsError('not-tls', 'EOF');
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
