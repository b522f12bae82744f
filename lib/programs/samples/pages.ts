// Samples in Node and PHP that answer every request alike.
import type { Program } from '../../machine/process';
import { fromPem } from '../../machine/tls';
import { goServer, plain } from '../http/go-server';
import type { Response } from '../http/message';
import { beside, serveHttps, stopOn } from '../http/serve';

const html = (body: string): Response => ({
  status: 200,
  headers: [['Content-Type', 'text/html; charset=UTF-8']],
  body,
});

/** google-samples/node-hello. */
export const nodeHello: Program = async (proc) => {
  await proc.print('Server running at http://0.0.0.0:8080/\n');
  return goServer(proc, [8080], async (request) => {
    await proc.print(`Received request for URL: ${request.target}\n`);
    return plain('Hello Kubernetes!');
  });
};

/** bmuschko/nodejs-hello-world: the app of a CKAD course. */
export const nodejsHelloWorld: Program = async (proc) => {
  await proc.print('Magic happens on port 3000\n');
  return goServer(proc, [3000], () => plain('Hello World\n'));
};

/** google-samples/kubernetes-bootcamp: the app of Kubernetes' first tutorial. */
const bootcamp =
  (version: number): Program =>
  async (proc) => {
    const host = proc.machine.hostname;
    const started = proc.machine.clock.now();
    await proc.print(
      `Kubernetes Bootcamp App Started At: ${new Date(started).toISOString()} | Running On:  ${host} \n\n`,
    );
    let count = 0;
    return goServer(proc, [8080], async () => {
      const now = proc.machine.clock.now();
      await proc.print(
        `Running On: ${host} | Total Requests: ${++count} | App Uptime: ${(now - started) / 1000} seconds | Log Time: ${new Date(now).toISOString()}\n`,
      );
      return plain(`Hello Kubernetes bootcamp! | Running on: ${host} | v=${version}\n`);
    });
  };
export const bootcamp1 = bootcamp(1);
export const bootcamp2 = bootcamp(2);

/** dgkanatsios/simpleapp: the app of the CKAD exercises on services. */
export const simpleapp: Program = async (proc) => {
  await proc.print('Server running at http://0.0.0.0:8080/\n');
  return goServer(proc, [8080], () => plain(`Hello world from ${proc.machine.hostname} and version 2.0\n`));
};

const APACHE = (address: string | undefined): string =>
  `AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using ${address}. Set the 'ServerName' directive globally to suppress this message\n`;

/** registry.k8s.io/hpa-example: a PHP page that keeps a processor busy, then says OK. */
export const hpaExample: Program = async (proc) => {
  await proc.complain(APACHE(proc.machine.net.addresses()[0]));
  return goServer(proc, [80], () => html('OK!'));
};

/** redhattraining/php-hello-dockerfile and hello-php. */
export const phpHello: Program = (proc) => goServer(proc, [8080], () => html('Hello, World! php version is 7.4.33\n'));

/** redhattraining/scaling: a PHP page with the pod's own address. */
export const scaling: Program = (proc) =>
  goServer(proc, [8080], () =>
    html(
      `<html>\n <head>\n  <title>PHP Test</title>\n </head>\n <body>\n <br/> Server IP: ${proc.machine.net.addresses()[0]} \n </body>\n</html>\n`,
    ),
  );

const CERTIFICATES = '/usr/local/etc/ssl/certs';

/** redhattraining/php-ssl v1.1 and todo-angular v1.2: plain HTTP on 8080, TLS on 8443 with the certificate of a mounted secret. */
const withTls =
  (page: (protocol: 'http' | 'https') => string, plainToo: boolean): Program =>
  async (proc) => {
    const [crt, key] = [`${CERTIFICATES}/tls.crt`, `${CERTIFICATES}/tls.key`];
    for (const path of [crt, key]) {
      if (proc.files.exists(path)) continue;
      await proc.complain(
        `AH00526: Syntax error on line 11 of /etc/httpd/conf.d/ssl.conf:\nSSLCertificate${path === crt ? '' : 'Key'}File: file '${path}' does not exist or is empty\n`,
      );
      return 1;
    }
    const [certificate] = fromPem(proc.files.readText(crt));
    if (!certificate) {
      await proc.complain(
        `AH02562: Failed to configure certificate ${proc.machine.hostname}:8443:0 (with chain), check ${crt}\n`,
      );
      return 1;
    }
    const listener = proc.listen(8443);
    const secure = serveHttps(
      proc,
      listener,
      () => html(page('https')),
      () => certificate,
    );
    if (plainToo) {
      beside(proc, secure);
      const status = await goServer(proc, [8080], () => html(page('http')));
      listener.close();
      return status;
    }
    stopOn(proc, [listener]);
    await secure;
    return 0;
  };

const phpPage = (protocol: 'http' | 'https'): string =>
  `<!DOCTYPE html>\n<html>\n<head>\n    <title>PHP</title>\n</head>\n<body>\n    <p>This application is served using ${protocol === 'http' ? 'insecure HTTP' : 'HTTPS'}. (${protocol})</p>\n</body>\n</html>\n`;
const angularPage = (): string =>
  '<!DOCTYPE html>\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n  <title>To Do List</title>\n  <base href="/">\n</head>\n<body>\n  <app-root></app-root>\n</body>\n</html>\n';

export const phpSsl: Program = withTls(phpPage, true);
export const phpClear: Program = (proc) => goServer(proc, [8080], () => html(phpPage('http')));
export const todoAngular: Program = (proc) => goServer(proc, [8080], () => html(angularPage()));
export const todoAngularTls: Program = withTls(angularPage, false);

/** docker.io/library/hello-world. */
export const helloWorld: Program = async (proc) => {
  await proc.print(
    '\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n\nFor more examples and ideas, visit:\n https://docs.docker.com/get-started/\n\n',
  );
  return 0;
};
