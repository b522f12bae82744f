// The web server of the Kubernetes documentation, k8s.io, as far as pages tell readers to apply manifests from it.
import { createServer } from 'node:http';
import { stringify } from 'yaml';
import { toDuplex } from '../../machine/duplex';
import type { Connection, Listener } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { type Certificate, tlsAccept } from '../../machine/tls';
import { EXAMPLES } from './manifests';

export const DOCUMENTATION_NAMES = ['k8s.io', 'kubernetes.io'];

/** Serves `/examples/…` over HTTPS and HTTP. */
export const documentationHost =
  (certificate: Certificate): Program =>
  async (proc) => {
    const server = createServer((request, response) => {
      const path = (request.url ?? '').replace(/^\/examples\//, '').replace(/\?.*$/, '');
      const objects = Object.hasOwn(EXAMPLES, path) ? EXAMPLES[path] : undefined;
      if (!objects) return void response.writeHead(404, { 'Content-Type': 'text/plain' }).end('404 page not found\n');
      response
        .writeHead(200, { 'Content-Type': 'application/yaml' })
        .end(objects.map((object) => stringify(object)).join('---\n'));
    });
    const plain = async (connection: Connection) => void server.emit('connection', toDuplex(connection));
    const secure = async (connection: Connection) => {
      await tlsAccept(connection, () => certificate);
      server.emit('connection', toDuplex(connection));
    };
    await Promise.all([accept(proc, proc.listen(80), plain), accept(proc, proc.listen(443), secure)]);
    return 0;
  };

async function accept(
  proc: Process,
  listener: Listener,
  serve: (connection: Connection) => Promise<void>,
): Promise<void> {
  for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed)) {
    const connection = c;
    void serve(connection).catch(() => connection.close());
  }
}

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** A certificate of the site, signed by an authority that the workstation trusts. */
export const documentationCertificate = (authority: Certificate): Certificate => ({
  subject: 'CN=kubernetes.io',
  issuer: authority.subject,
  signedBy: authority.key,
  key: 'kubernetes.io',
  dnsNames: DOCUMENTATION_NAMES,
  ipAddresses: [],
  notBefore: authority.notBefore,
  notAfter: authority.notBefore + 10 * YEAR_MS,
});
