// The subject of a PEM certificate request: enough of DER to find names.
import { CliError } from '../errors';

export interface RequestSubject {
  commonName: string;
  serialNumber: string;
  organization: string[];
  organizationalUnit: string[];
}

interface Value {
  tag: number;
  body: Uint8Array;
}

const NAMES: Record<string, 'commonName' | 'serialNumber' | 'organization' | 'organizationalUnit'> = {
  '550403': 'commonName',
  '550405': 'serialNumber',
  '55040a': 'organization',
  '55040b': 'organizationalUnit',
};

/** @param request base64 of the PEM text, as the object holds it */
export function parseCertificateRequest(request: string): RequestSubject {
  const pem = Buffer.from(request, 'base64').toString();
  const [, inner] = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]*?)-----END/.exec(pem) ?? [];
  if (inner === undefined) throw new CliError('Error parsing CSR: PEM block type must be CERTIFICATE REQUEST');
  const [whole] = values(Buffer.from(inner, 'base64'));
  const [info] = values(whole?.body ?? truncated());
  const [, subject] = values(info?.body ?? truncated());
  return subjectOf(subject?.body ?? truncated());
}

function truncated(): never {
  throw new CliError('Error parsing CSR: asn1: syntax error: data truncated');
}

/** The values that stand one after another. */
function values(bytes: Uint8Array): Value[] {
  const out: Value[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] as number;
    let size = bytes[at + 1] ?? truncated();
    let start = at + 2;
    if (size > 0x80) {
      const count = size - 0x80;
      size = bytes.slice(start, start + count).reduce((n, byte) => n * 256 + byte, 0);
      start += count;
    }
    if (start + size > bytes.length) truncated();
    out.push({ tag, body: bytes.slice(start, start + size) });
    at = start + size;
  }
  return out;
}

function subjectOf(body: Uint8Array): RequestSubject {
  const found: RequestSubject = { commonName: '', serialNumber: '', organization: [], organizationalUnit: [] };
  for (const set of values(body))
    for (const pair of values(set.body)) {
      const [type, value] = values(pair.body);
      const field = NAMES[Buffer.from(type?.body ?? []).toString('hex')];
      if (!field) continue;
      const text = Buffer.from(value?.body ?? []).toString();
      if (field === 'organization' || field === 'organizationalUnit') found[field].push(text);
      else found[field] = text;
    }
  return found;
}
