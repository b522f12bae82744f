// openssl: what exercises with routes and TLS type: keys, requests, certificates, a look at a server's certificate, random
// bytes, digests.
// DIFFERS: certificates of this world say what a certificate says and are not signed with numbers (lib/machine/tls.ts).
import { createHash } from 'node:crypto';
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { type Certificate, fromPem, TlsError, tlsConnect, toPem, verify } from '../machine/tls';

const VERSION = 'OpenSSL 3.0.7 1 Nov 2022 (Library: OpenSSL 3.0.7 1 Nov 2022)';
const DAY_MS = 86_400_000;
const TRUST = '/etc/pki/tls/certs/ca-bundle.crt';

type Command = (proc: Process, args: Arguments) => Promise<number>;

/** `-name value` and `-flag`, in openssl's way. */
class Arguments {
  readonly rest: string[] = [];
  private readonly found = new Map<string, string[]>();
  /** The first option that the command does not know. */
  unknown: string | undefined;

  constructor(words: string[], flags: string, valued: string) {
    const [plain, takes] = [flags.split(' '), valued.split(' ')];
    for (let i = 0; i < words.length; i++) {
      const name = (words[i] as string).replace(/^--?/, '');
      if (!(words[i] as string).startsWith('-') || name === '') this.rest.push(words[i] as string);
      else if (takes.includes(name)) this.found.set(name, [...(this.found.get(name) ?? []), words[++i] ?? '']);
      else if (plain.includes(name)) this.found.set(name, ['']);
      else this.unknown ??= name;
    }
  }

  has(name: string): boolean {
    return this.found.has(name);
  }

  get(name: string): string | undefined {
    return this.found.get(name)?.at(-1);
  }

  all(name: string): string[] {
    return this.found.get(name) ?? [];
  }
}

const pem = (label: string, body: object): string => {
  const base64 = Buffer.from(JSON.stringify(body)).toString('base64');
  return `-----BEGIN ${label}-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
};

function readPem<T>(text: string, label: string): T | undefined {
  const body = new RegExp(`-----BEGIN ${label}-----([\\s\\S]*?)-----END ${label}-----`).exec(text)?.[1];
  if (body === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(body.replace(/\s/g, ''), 'base64').toString()) as T;
  } catch {
    return undefined;
  }
}

async function readInput(proc: Process, path: string | undefined): Promise<string> {
  return path === undefined ? new TextDecoder().decode(await proc.readAll()) : proc.files.readText(path);
}

async function write(proc: Process, path: string | undefined, text: string, mode = 0o644): Promise<void> {
  if (path === undefined) await proc.print(text);
  else
    try {
      proc.files.write(path, text, mode);
    } catch (error) {
      if (error instanceof Errno) throw new Unwritable(path, error.message);
      throw error;
    }
}

/** An output file that cannot be opened. */
class Unwritable extends Error {
  constructor(path: string, why: string) {
    super(`Can't open "${path}" for writing, ${why}`);
  }
}

const newKey = (proc: Process): { key: string } => ({ key: proc.machine.random.suffix(20) });

// Commands

const version: Command = async (proc) => {
  await proc.print(`${VERSION}\n`);
  return 0;
};

const rand: Command = async (proc, args) => {
  const count = Number(args.rest[0] ?? Number.NaN);
  if (!Number.isInteger(count) || count < 0) return complain(proc, 'rand: Use -help for summary.');
  const bytes = Buffer.from(proc.machine.random.bytes(count));
  const text = args.has('hex') ? `${bytes.toString('hex')}\n` : args.has('base64') ? `${wrapped(bytes)}\n` : bytes;
  if (typeof text === 'string') await write(proc, args.get('out'), text);
  else await proc.print(new Uint8Array(text));
  return 0;
};

const wrapped = (bytes: Buffer): string => (bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n');

const encode: Command = async (proc, args) => {
  const path = args.get('in');
  const bytes = path === undefined ? await proc.readAll() : proc.files.readBytes(path);
  if (args.has('d')) await proc.print(new Uint8Array(Buffer.from(new TextDecoder().decode(bytes), 'base64')));
  else await proc.print(args.has('A') ? Buffer.from(bytes).toString('base64') : `${wrapped(Buffer.from(bytes))}\n`);
  return 0;
};

const digest =
  (algorithm?: string): Command =>
  async (proc, args) => {
    const name = algorithm ?? ['md5', 'sha1', 'sha256', 'sha384', 'sha512'].find((one) => args.has(one)) ?? 'sha256';
    const [path] = args.rest;
    const bytes = path === undefined ? await proc.readAll() : proc.files.readBytes(path);
    const hex = createHash(name).update(bytes).digest('hex');
    await proc.print(
      args.has('r') ? `${hex} *${path ?? 'stdin'}\n` : `${name.toUpperCase()}(${path ?? 'stdin'})= ${hex}\n`,
    );
    return 0;
  };

const makeKey: Command = async (proc, args) => {
  await write(proc, args.get('out'), pem('PRIVATE KEY', newKey(proc)), 0o600);
  return 0;
};

const CURVES: Record<string, string> = {
  prime256v1: 'BggqhkjOPQMBBw==',
  secp256r1: 'BggqhkjOPQMBBw==',
  secp384r1: 'BgUrgQQAIg==',
  secp521r1: 'BgUrgQQAIw==',
};

const makeCurveKey: Command = async (proc, args) => {
  const name = args.get('name') ?? '';
  const parameters = CURVES[name];
  if (parameters === undefined) return complain(proc, `ecparam: unknown curve name (${name})`);
  const head = args.has('noout') ? '' : `-----BEGIN EC PARAMETERS-----\n${parameters}\n-----END EC PARAMETERS-----\n`;
  const key = args.has('genkey') ? pem('EC PRIVATE KEY', newKey(proc)) : '';
  await write(proc, args.get('out'), head + key, 0o600);
  return 0;
};

/** Each file's certificate up to a trusted one, over the untrusted ones. */
const verifyFiles: Command = async (proc, args) => {
  const bundle = args.get('CAfile') ?? TRUST;
  const trusted = proc.files.exists(bundle) ? fromPem(proc.files.readText(bundle)) : [];
  const between = args.all('untrusted').flatMap((path) => fromPem(proc.files.readText(path)));
  let status = 0;
  for (const path of args.rest) {
    const [certificate] = fromPem(proc.files.readText(path));
    if (!certificate) return complain(proc, `Could not read any certificate of certificate file from ${path}`);
    const problem = chainProblem(certificate, trusted, between, proc.machine.clock.now());
    if (!problem) {
      await proc.print(`${path}: OK\n`);
      continue;
    }
    const { depth, code, words, at } = problem;
    await proc.complain(
      `${shownName(at.subject)}\nerror ${code} at ${depth} depth lookup: ${words}\nerror ${path}: verification failed\n`,
    );
    status = 2;
  }
  return status;
};

interface ChainProblem {
  depth: number;
  code: number;
  words: string;
  at: Certificate;
}

function chainProblem(
  first: Certificate,
  trusted: readonly Certificate[],
  between: readonly Certificate[],
  now: number,
): ChainProblem | undefined {
  let at = first;
  for (let depth = 0; ; depth++) {
    if (now > at.notAfter) return { depth, code: 10, words: 'certificate has expired', at };
    if (now < at.notBefore) return { depth, code: 9, words: 'certificate is not yet valid', at };
    if (trusted.some(({ key }) => key === at.signedBy)) return undefined;
    if (at.key === at.signedBy)
      return depth === 0
        ? { depth, code: 18, words: 'self-signed certificate', at }
        : { depth, code: 19, words: 'self-signed certificate in certificate chain', at };
    const next = between.find(({ key }) => key === at.signedBy);
    if (!next) return { depth, code: 20, words: 'unable to get local issuer certificate', at };
    at = next;
  }
}

/** `/CN=a/O=b` as openssl prints it: `CN = a, O = b`. */
const shownName = (subject: string): string =>
  subject.includes('/')
    ? subject
        .split('/')
        .filter(Boolean)
        .map((part) => part.replace('=', ' = '))
        .join(', ')
    : subject.includes('=')
      ? subject
          .split(/,\s*/)
          .map((part) => part.replace(/\s*=\s*/, ' = '))
          .join(', ')
      : `CN = ${subject}`;

const commonName = (subject: string): string | undefined => /(?:^|\/|,\s*)CN\s*=\s*([^/,]+)/.exec(subject)?.[1]?.trim();

/** Names of `subjectAltName=DNS:a,IP:b`, and the common name when there are none. */
function alternatives(texts: string[], subject: string): Pick<Certificate, 'dnsNames' | 'ipAddresses'> {
  const all = texts.flatMap((text) => [...text.matchAll(/(DNS|IP)(?:\.\d+)?\s*[:=]\s*([^,\s]+)/g)]);
  const dnsNames = all.filter(([, kind]) => kind === 'DNS').map(([, , name = '']) => name);
  const ipAddresses = all.filter(([, kind]) => kind === 'IP').map(([, , address = '']) => address);
  const name = commonName(subject);
  return { dnsNames: all.length === 0 && name ? [name] : dnsNames, ipAddresses };
}

interface SigningRequest {
  subject: string;
  key: string;
  texts: string[];
}

const request: Command = async (proc, args) => {
  const config = args.get('config');
  const subject =
    args.get('subj') ??
    (config ? `/CN=${/^\s*CN\s*=\s*(\S+)/m.exec(proc.files.readText(config))?.[1] ?? ''}` : undefined);
  const given = args.get('in');
  if (given !== undefined) return showRequest(proc, args, given);
  if (subject === undefined) return complain(proc, 'not supported: questions for the subject; give it with -subj');
  const path = args.get('key');
  const key =
    path === undefined ? newKey(proc) : readPem<{ key: string }>(proc.files.readText(path), '(?:RSA |EC )?PRIVATE KEY');
  if (!key) return complain(proc, `Could not read private key from ${path}`);
  if (path === undefined) await write(proc, args.get('keyout') ?? 'privkey.pem', pem('PRIVATE KEY', key), 0o600);
  const texts = [...args.all('addext'), ...(config ? [proc.files.readText(config)] : [])];
  if (!args.has('x509')) {
    await write(proc, args.get('out'), pem('CERTIFICATE REQUEST', { subject, key: key.key, texts }));
    return 0;
  }
  const now = proc.machine.clock.now();
  const certificate = {
    subject,
    issuer: subject,
    signedBy: key.key,
    key: key.key,
    ...alternatives(texts, subject),
    notBefore: now,
    notAfter: now + Number(args.get('days') ?? 30) * DAY_MS,
  };
  await write(proc, args.get('out'), toPem(certificate));
  return 0;
};

async function showRequest(proc: Process, args: Arguments, path: string): Promise<number> {
  const found = readPem<SigningRequest>(proc.files.readText(path), 'CERTIFICATE REQUEST');
  if (!found) return complain(proc, `Unable to load X509 request from ${path}`);
  if (args.has('subject') || args.has('text'))
    await proc.print(
      args.has('text')
        ? `Certificate Request:\n    Data:\n        Version: 1 (0x0)\n        Subject: ${shownName(found.subject)}\n`
        : `subject=${shownName(found.subject)}\n`,
    );
  if (args.has('verify')) await proc.print('Certificate request self-signature verify OK\n');
  return 0;
}

/** rsa, ec, pkey: looks at a private key, or writes its public half. */
const keyTool =
  (name: string): Command =>
  async (proc, args) => {
    const text = await readInput(proc, args.get('in'));
    const label = args.has('pubin') ? 'PUBLIC KEY' : '(?:RSA |EC )?PRIVATE KEY';
    const key = readPem<{ key: string }>(text, label);
    if (!key)
      return complain(
        proc,
        `Could not read ${args.has('pubin') ? 'public' : 'private'} key from ${args.get('in') ?? '<stdin>'}`,
      );
    if (args.has('check')) await proc.print(name === 'rsa' ? 'RSA key ok\n' : 'Key is valid\n');
    if (args.has('noout')) return 0;
    if (name !== 'pkey') await proc.complain(`${name === 'rsa' ? 'writing RSA key' : 'read EC key\nwriting EC key'}\n`);
    const isPublic = args.has('pubout') || args.has('pubin');
    await write(proc, args.get('out'), pem(isPublic ? 'PUBLIC KEY' : 'PRIVATE KEY', key));
    return 0;
  };

const x509: Command = async (proc, args) => {
  const text = await readInput(proc, args.get('in'));
  if (args.has('req')) return sign(proc, args, text);
  const [certificate] = fromPem(text);
  if (!certificate) return complain(proc, `Could not read certificate from ${args.get('in') ?? '<stdin>'}`);
  for (const line of shown(certificate, args)) await proc.print(`${line}\n`);
  if (args.has('checkend')) {
    const gone = certificate.notAfter < proc.machine.clock.now() + Number(args.get('checkend')) * 1000;
    await proc.print(gone ? 'Certificate will expire\n' : 'Certificate will not expire\n');
    if (gone) return 1;
  }
  if (!args.has('noout')) await write(proc, args.get('out'), toPem(certificate));
  return 0;
};

async function sign(proc: Process, args: Arguments, text: string): Promise<number> {
  const found = readPem<SigningRequest>(text, 'CERTIFICATE REQUEST');
  if (!found) return complain(proc, `Could not read certificate request from ${args.get('in') ?? '<stdin>'}`);
  const [ca] = args.has('CA') ? fromPem(proc.files.readText(args.get('CA') ?? '')) : [];
  if (args.has('CA') && !ca) return complain(proc, `Could not read CA certificate from ${args.get('CA')}`);
  const extensions = args.get('extfile');
  const now = proc.machine.clock.now();
  const texts = [...found.texts, ...(extensions ? [proc.files.readText(extensions)] : [])];
  const certificate = {
    subject: found.subject,
    issuer: ca?.subject ?? found.subject,
    signedBy: ca?.key ?? found.key,
    key: found.key,
    ...alternatives(texts, found.subject),
    notBefore: now,
    notAfter: now + Number(args.get('days') ?? 30) * DAY_MS,
  };
  await proc.complain(`Certificate request self-signature ok\nsubject=${shownName(found.subject)}\n`);
  await write(proc, args.get('out'), toPem(certificate));
  return 0;
}

function asnTime(ms: number): string {
  const [, day = '', month = '', year = '', time = ''] = new Date(ms).toUTCString().split(' ');
  return `${month} ${String(Number(day)).padStart(2)} ${time} ${year} GMT`;
}

const serial = (certificate: Certificate): string =>
  createHash('sha1').update(`${certificate.key}${certificate.notBefore}`).digest('hex').toUpperCase();

function shown(certificate: Certificate, args: Arguments): string[] {
  const names = [
    ...certificate.dnsNames.map((name) => `DNS:${name}`),
    ...certificate.ipAddresses.map((address) => `IP Address:${address}`),
  ].join(', ');
  const lines: string[] = [];
  if (args.has('text')) lines.push(...fullText(certificate, names));
  if (args.has('subject')) lines.push(`subject=${shownName(certificate.subject)}`);
  if (args.has('issuer')) lines.push(`issuer=${shownName(certificate.issuer)}`);
  if (args.has('serial')) lines.push(`serial=${serial(certificate)}`);
  if (args.has('dates') || args.has('startdate')) lines.push(`notBefore=${asnTime(certificate.notBefore)}`);
  if (args.has('dates') || args.has('enddate')) lines.push(`notAfter=${asnTime(certificate.notAfter)}`);
  if (args.has('fingerprint')) {
    const name = args.has('sha256') ? 'sha256' : 'sha1';
    const hex = createHash(name).update(toPem(certificate)).digest('hex').toUpperCase();
    lines.push(`${name} Fingerprint=${(hex.match(/../g) ?? []).join(':')}`);
  }
  if (/subjectAltName/.test(args.get('ext') ?? '')) lines.push(`X509v3 Subject Alternative Name: \n    ${names}`);
  return lines;
}

const fullText = (certificate: Certificate, names: string): string[] => [
  'Certificate:',
  '    Data:',
  '        Version: 3 (0x2)',
  '        Serial Number:',
  `            ${(serial(certificate).toLowerCase().match(/../g) ?? []).join(':')}`,
  '        Signature Algorithm: sha256WithRSAEncryption',
  `        Issuer: ${shownName(certificate.issuer)}`,
  '        Validity',
  `            Not Before: ${asnTime(certificate.notBefore)}`,
  `            Not After : ${asnTime(certificate.notAfter)}`,
  `        Subject: ${shownName(certificate.subject)}`,
  '        X509v3 extensions:',
  '            X509v3 Subject Alternative Name: ',
  `                ${names}`,
];

const sClient: Command = async (proc, args) => {
  const target = args.get('connect') ?? args.rest[0] ?? 'localhost:4433';
  const [, host = '', port = '443'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(target) ?? [];
  const servername = args.get('servername') ?? host;
  try {
    const [address = host] = await proc.resolve(host);
    const connection = await proc.connect(address, Number(port));
    await proc.print('CONNECTED(00000003)\n');
    const { certificate } = await tlsConnect(connection, servername);
    const bundle = args.get('CAfile') ?? TRUST;
    const failure = verify(
      certificate,
      proc.files.exists(bundle) ? fromPem(proc.files.readText(bundle)) : [],
      servername,
      proc.machine.clock.now(),
    );
    await report(proc, certificate, failure);
    connection.close();
    return failure && args.has('verify_return_error') ? 1 : 0;
  } catch (error) {
    if (error instanceof NameError)
      return complain(proc, `BIO_lookup_ex:system lib:${error.message}\nconnect:errno=22`);
    if (error instanceof TlsError) return complain(proc, 'write:errno=104\nno peer certificate available');
    if (error instanceof Errno)
      return complain(
        proc,
        `BIO_connect:${strerror(error)}\nconnect:errno=${error.code === 'ECONNREFUSED' ? 111 : 110}`,
      );
    throw error;
  }
};

async function report(proc: Process, certificate: Certificate, failure: TlsError | undefined): Promise<void> {
  const [subject, issuer] = [shownName(certificate.subject), shownName(certificate.issuer)];
  const self = certificate.key === certificate.signedBy;
  const [code, words] =
    failure?.code === 'unknown-authority'
      ? self
        ? [18, 'self-signed certificate']
        : [20, 'unable to get local issuer certificate']
      : failure?.code === 'expired'
        ? [10, 'certificate has expired']
        : [0, 'ok'];
  await proc.complain(`depth=0 ${subject}\n${code ? `verify error:num=${code}:${words}\n` : ''}verify return:1\n`);
  await proc.print(`---
Certificate chain
 0 s:${subject}
   i:${issuer}
   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
   v:NotBefore: ${asnTime(certificate.notBefore)}; NotAfter: ${asnTime(certificate.notAfter)}
---
Server certificate
${toPem(certificate)}subject=${subject}
issuer=${issuer}
---
New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
Verify return code: ${code} (${words})
---
DONE
`);
}

const complain = (proc: Process, text: string): Promise<number> => proc.complain(`${text}\n`).then(() => 1);

const COMMANDS: Record<string, [run: Command, flags: string, valued: string]> = {
  version: [version, 'a v', ''],
  rand: [rand, 'hex base64', 'out'],
  base64: [encode, 'd e A', 'in out'],
  enc: [encode, 'base64 d e A a', 'in out'],
  dgst: [digest(), 'md5 sha1 sha256 sha384 sha512 r hex', ''],
  md5: [digest('md5'), 'r', ''],
  sha256: [digest('sha256'), 'r', ''],
  sha512: [digest('sha512'), 'r', ''],
  genrsa: [makeKey, 'traditional', 'out'],
  genpkey: [makeKey, '', 'out algorithm pkeyopt'],
  ecparam: [makeCurveKey, 'genkey noout', 'name out'],
  rsa: [keyTool('rsa'), 'pubout pubin check noout traditional', 'in out inform outform passin'],
  ec: [keyTool('ec'), 'pubout pubin check noout', 'in out inform outform passin'],
  pkey: [keyTool('pkey'), 'pubout pubin check noout traditional', 'in out inform outform passin'],
  verify: [verifyFiles, 'x509_strict verbose', 'CAfile untrusted purpose verify_hostname'],
  req: [
    request,
    'x509 new nodes noenc sha256 sha512 noout text subject verify batch utf8',
    'newkey keyout out subj days addext key config extensions in reqexts pkeyopt',
  ],
  x509: [
    x509,
    'req noout text subject issuer dates enddate startdate fingerprint sha256 sha1 serial CAcreateserial pubkey',
    'in out CA CAkey CAserial days extfile extensions ext checkend nameopt inform outform set_serial',
  ],
  s_client: [
    sClient,
    'showcerts quiet brief verify_return_error tls1_2 tls1_3 ign_eof',
    'connect servername CAfile cert key alpn verify starttls',
  ],
};

export const openssl: Program = async (proc) => {
  const [name = '', ...words] = proc.argv.slice(1);
  const found = COMMANDS[name];
  if (!found) {
    const known = /^(ca|ciphers|cms|crl|dhparam|passwd|pkcs12|s_server|smime|speed|ts)$/.test(name);
    await proc.complain(
      known ? `openssl ${name}: not supported\n` : `Invalid command '${name || 'help'}'; type "help" for a list.\n`,
    );
    return 1;
  }
  const [run, flags, valued] = found;
  const args = new Arguments(words, flags, valued);
  if (args.unknown !== undefined)
    return complain(proc, `${name}: Unrecognized flag ${args.unknown}\n${name}: Use -help for summary.`);
  try {
    return await run(proc, args);
  } catch (error) {
    if (error instanceof Unwritable) return complain(proc, error.message);
    if (!(error instanceof Errno)) throw error;
    return complain(proc, `Can't open "${error.subject ?? ''}" for reading, ${strerror(error)}`);
  }
};
