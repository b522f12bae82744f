// Parts of a platform that tutorials put beside their applications: etcd, RabbitMQ, Tomcat, exporters, log collectors, stores of
// metrics and secrets. Each starts, logs, and answers health and version; what goes further says that it is not supported.

import type { Process, Program } from '../../machine/process';
import { Flags } from '../agnhost/flags';
import { klog } from '../agnhost/klog';
import { goServer, plain } from '../http/go-server';
import type { Request, Response } from '../http/message';
import { beside, serveHttps, splitTarget } from '../http/serve';
import { releaseOf } from '../release';
import { html, json } from '../samples/answers';
import { selfSigned } from '../samples/echo-servers';
import { serveTcp } from './tcp-server';

const iso = (proc: Process): string => new Date(proc.machine.clock.now()).toISOString();
const bare = (value: unknown, status = 200): Response => json(value, status);
const unsupported = ({ method, target }: Request): Response => plain(`not supported: ${method} ${target}\n`, 501);

/** The port of `http://0.0.0.0:2379`, the first of a list. */
const portOf = (urls: string | undefined, otherwise: number): number =>
  Number(/:(\d+)(?:\/|,|$)/.exec(urls ?? '')?.[1] ?? otherwise);

/** etcd: health, version and metrics over HTTP; keys are not kept. */
export const etcd: Program = async (proc) => {
  const flags = new Flags(proc.argv.slice(1));
  const version = releaseOf(proc, '3.5.15');
  if (flags.has('version'))
    return proc
      .print(`etcd Version: ${version}\nGit SHA: 0000000\nGo Version: go1.21.12\nGo OS/Arch: linux/amd64\n`)
      .then(() => 0);
  const log = (msg: string, more: object = {}) =>
    proc.complain(`${JSON.stringify({ level: 'info', ts: iso(proc), caller: 'embed/etcd.go:308', msg, ...more })}\n`);
  const clients = portOf(flags.get('listen-client-urls') ?? proc.env['ETCD_LISTEN_CLIENT_URLS'], 2379);
  const metrics = flags.get('listen-metrics-urls');
  const isSecure = flags.get('cert-file') !== undefined;
  await log('starting an etcd server', { 'etcd-version': version, name: flags.get('name') ?? 'default' });
  if (isSecure) for (const port of [clients, portOf(flags.get('listen-peer-urls'), 2380)]) turnAway(proc, port);
  await log(
    isSecure ? 'serving client traffic securely' : 'serving client traffic insecurely; this is strongly discouraged!',
    { address: `127.0.0.1:${clients}` },
  );
  await log('ready to serve client requests');
  return ended(
    await goServer(proc, [isSecure ? portOf(metrics, 2381) : clients], (request) => {
      const { path } = splitTarget(request.target);
      if (metrics && /^\/(livez|readyz)$/.test(path)) return plain('ok\n');
      if (path === '/health') return bare({ health: 'true', reason: '' });
      if (path === '/version') return bare({ etcdserver: version, etcdcluster: version.replace(/\d+$/, '0') });
      if (path === '/metrics') return plain('# TYPE etcd_server_has_leader gauge\netcd_server_has_leader 1\n');
      return path.startsWith('/v2/') || path.startsWith('/v3/')
        ? unsupported(request)
        : plain('404 page not found\n', 404);
    }),
  );
};

/** A port for those who show a certificate of etcd's own authority, which nobody here has: others are cut off. */
function turnAway(proc: Process, port: number): void {
  const listener = proc.listen(port);
  const turning = async () => {
    for (let next = await listener.accept(proc.killed); next; next = await listener.accept(proc.killed)) next.close();
  };
  beside(proc, turning());
}

/** rabbitmq: its ports and log; a client of AMQP is sent away by the protocol's header. */
export const rabbitmq: Program = async (proc) => {
  const version = proc.env['RABBITMQ_VERSION'] || '3.13.7';
  const stamp = () => `${iso(proc).replace('T', ' ').replace('Z', '')}000+00:00 [info] <0.9.0>`;
  const host = `rabbit@${proc.machine.hostname}`;
  await proc.print(
    `${stamp()} Starting RabbitMQ ${version} on Erlang 26.2.5.6 [jit]\n\n  ##  ##      RabbitMQ ${version}\n  ##  ##\n  ##########  Copyright (c) 2007-2024 Broadcom Inc and/or its subsidiaries\n  ######  ##\n  ##########  Licensed under the MPL 2.0. Website: https://rabbitmq.com\n\n  Starting broker...${stamp()} \n${stamp()}  node           : ${host}\n${stamp()} started TCP listener on [::]:5672\n`,
  );
  const managed = releaseOf(proc, '') === 'management';
  if (managed)
    beside(
      proc,
      goServer(proc, [15672], (request) => manage(proc, request, version)),
    );
  if (managed) await proc.print(`${stamp()} Management plugin: HTTP (non-TLS) listener started on port 15672\n`);
  await proc.print(
    `${stamp()} Server startup complete; ${managed ? 4 : 3} plugins started.\n completed with ${managed ? 4 : 3} plugins.\n`,
  );
  // the stop of goServer is replaced by that of serveTcp: one handler a signal
  const status = await serveTcp(
    proc,
    5672,
    async (connection) => {
      if (!(await connection.read(8, proc.killed))) return;
      await connection.write(Uint8Array.of(65, 77, 81, 80, 0, 0, 9, 1), proc.killed); // "AMQP", 0-9-1: what a server says before it closes
    },
    async (reason) => {
      await proc.complain(`Failed to start Ranch listener {acceptor,{0,0,0,0,0,0,0,0},5672}: ${reason}\n`);
      return 1;
    },
  );
  await proc.print(`${stamp()} Successfully stopped RabbitMQ and its dependencies\n`);
  return status;
};

function manage(proc: Process, request: Request, version: string): Response {
  const { path } = splitTarget(request.target);
  if (path === '/')
    return html(
      '<!DOCTYPE html>\n<html>\n<head>\n<title>RabbitMQ Management</title>\n</head>\n<body>\n<div id="outer"></div>\n</body>\n</html>\n',
    );
  const user = proc.env['RABBITMQ_DEFAULT_USER'] || 'guest';
  const wanted = `Basic ${Buffer.from(`${user}:${proc.env['RABBITMQ_DEFAULT_PASS'] || 'guest'}`).toString('base64')}`;
  const given = request.headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (path.startsWith('/api/') && given !== wanted)
    return bare({ error: 'not_authorized', reason: given ? 'Login failed' : 'Not_Authorized' }, 401);
  if (path === '/api/overview')
    return bare({ rabbitmq_version: version, product_name: 'RabbitMQ', node: `rabbit@${proc.machine.hostname}` });
  if (path === '/api/health/checks/alarms' || path === '/api/healthchecks/node') return bare({ status: 'ok' });
  return path.startsWith('/api/')
    ? unsupported(request)
    : bare({ error: 'Object Not Found', reason: 'Not Found' }, 404);
}

/** rabbitmqctl and rabbitmq-diagnostics, as probes call them: ping, check_running, status. */
export const rabbitmqDiagnostics: Program = async (proc) => {
  const [command = 'help'] = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  const quiet = proc.argv.some((word) => /^(-q|--quiet|-s|--silent)$/.test(word));
  const node = `rabbit@${proc.machine.hostname}`;
  if (!/^(ping|status|check_running|check_local_alarms|check_port_connectivity|await_startup)$/.test(command)) {
    await proc.complain(`${proc.name}: not supported: ${command}\n`);
    return 64;
  }
  const runs = proc.machine.net.listeners().some(({ port }) => port === 5672);
  if (!runs) {
    await proc.complain(
      `Error: unable to perform an operation on node '${node}'. Please see diagnostics information and suggestions below.\n`,
    );
    return 69;
  }
  if (command === 'status') {
    const version = proc.env['RABBITMQ_VERSION'] || '3.13.7';
    await proc.print(
      `Status of node ${node} ...\nRuntime\n\nOS PID: 1\nRabbitMQ version: ${version}\nNode name: ${node}\n`,
    );
    return 0;
  }
  if (!quiet && command === 'ping')
    await proc.print(
      `Will ping ${node}. This only checks if the OS process is running and registered with epmd. Timeout: 60000 ms.\n`,
    );
  await proc.print(
    command === 'ping' ? 'Ping succeeded\n' : quiet ? '' : `RabbitMQ on node ${node} is fully booted and running\n`,
  );
  return 0;
};

/** etcdctl: version and endpoint health; keys are not kept. */
export const etcdctl: Program = async (proc) => {
  const words = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  const version = releaseOf(proc, '3.5.15');
  if (words[0] === 'version') return proc.print(`etcdctl version: ${version}\nAPI version: 3.5\n`).then(() => 0);
  if (words.slice(0, 2).join(' ') !== 'endpoint health') {
    await proc.complain(`etcdctl: not supported: ${words.join(' ')}\n`);
    return 1;
  }
  if (proc.machine.net.listeners().some(({ port }) => port === 2379))
    return proc.print('127.0.0.1:2379 is healthy: successfully committed proposal: took = 1.9ms\n').then(() => 0);
  await proc.complain(
    '127.0.0.1:2379 is unhealthy: failed to commit proposal: context deadline exceeded\nError: unhealthy cluster\n',
  );
  return 1;
};

/** tomcat: no application is deployed, so everything is 404 in its own words. */
export const tomcat: Program = async (proc) => {
  const version = proc.env['TOMCAT_VERSION'] || '10.1.34';
  if (proc.argv[1] === 'version') return proc.print(`Server version: Apache Tomcat/${version}\n`).then(() => 0);
  const stamp = () => {
    const [, day, month, year] = new Date(proc.machine.clock.now()).toUTCString().split(' ');
    return `${day}-${month}-${year} ${iso(proc).slice(11, 23)}`;
  };
  const log = (source: string, text: string) => proc.complain(`${stamp()} INFO [main] ${source} ${text}\n`);
  await log('org.apache.catalina.startup.VersionLoggerListener.log', `Server version name:   Apache Tomcat/${version}`);
  await log('org.apache.coyote.AbstractProtocol.init', 'Initializing ProtocolHandler ["http-nio-8080"]');
  await log('org.apache.catalina.core.StandardService.startInternal', 'Starting service [Catalina]');
  await log('org.apache.coyote.AbstractProtocol.start', 'Starting ProtocolHandler ["http-nio-8080"]');
  await log('org.apache.catalina.startup.Catalina.start', 'Server startup in [104] milliseconds');
  const status = await goServer(proc, [8080], (request) => {
    const found = `The requested resource [${splitTarget(request.target).path}] is not available`;
    return html(
      `<!doctype html><html lang="en"><head><title>HTTP Status 404 – Not Found</title></head><body><h1>HTTP Status 404 – Not Found</h1><hr class="line" /><p><b>Type</b> Status Report</p><p><b>Message</b> ${found}</p><p><b>Description</b> The origin server did not find a current representation for the target resource or is not willing to disclose that one exists.</p><hr class="line" /><h3>Apache Tomcat/${version}</h3></body></html>`,
      404,
      [['Content-Language', 'en']],
    );
  });
  await log('org.apache.coyote.AbstractProtocol.stop', 'Stopping ProtocolHandler ["http-nio-8080"]');
  return status; // Java ends with 143 on SIGTERM
};

const ended = (status: number): number => (status === 143 || status === 130 ? 0 : status);

const metric = (name: string, help: string, type: string, value: number | string): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;

/** prom/node-exporter: a page, and metrics that are this machine's. */
export const nodeExporter: Program = async (proc) => {
  const flags = new Flags(proc.argv.slice(1));
  const address = flags.get('web.listen-address') ?? ':9100';
  const log = (text: string) =>
    proc.complain(`time=${iso(proc)} level=INFO source=node_exporter.go:215 msg="${text}"\n`);
  await log('Starting node_exporter');
  await log(`Listening on address=[::]${address}`);
  return goServer(proc, [portOf(address, 9100)], (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/')
      return html(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<title>Node Exporter</title>\n</head>\n<body>\n<h1>Node Exporter</h1>\n<a href="/metrics">Metrics</a>\n</body>\n</html>\n',
      );
    if (path !== '/metrics') return plain('404 page not found\n', 404);
    const { machine } = proc;
    const memory = Number.isFinite(machine.memoryBytes) ? machine.memoryBytes : 16 * 1024 ** 3;
    return {
      ...plain(
        [
          metric('node_boot_time_seconds', 'Node boot time, in unixtime.', 'gauge', machine.bootedAt / 1000),
          metric(
            'node_time_seconds',
            'System time in seconds since epoch (1970).',
            'gauge',
            machine.clock.now() / 1000,
          ),
          metric('node_memory_MemTotal_bytes', 'Memory information field MemTotal_bytes.', 'gauge', memory),
          metric('node_procs_running', 'Number of processes in runnable state.', 'gauge', machine.processes.size),
          `# HELP node_uname_info Labeled system information as provided by the uname system call.\n# TYPE node_uname_info gauge\nnode_uname_info{domainname="(none)",machine="x86_64",nodename="${machine.hostname}",sysname="Linux"} 1\n`,
        ].join(''),
      ),
      headers: [['Content-Type', 'text/plain; version=0.0.4; charset=utf-8']],
    };
  });
};

/** metrics-server: its health over TLS. DIFFERS: `kubectl top` is answered by the cluster itself. */
export const metricsServer: Program = async (proc) => {
  const port = new Flags(proc.argv.slice(1)).number('secure-port', 10250);
  const listener = proc.listen(port);
  await proc.complain(
    `${klog(proc)} serving.go:374] Generated self-signed cert (/tmp/apiserver.crt, /tmp/apiserver.key)\n${klog(proc)} secure_serving.go:213] Serving securely on [::]:${port}\n`,
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => listener.close());
  const certificate = selfSigned('metrics-server', proc.machine.clock.now());
  await serveHttps(
    proc,
    listener,
    (request) => {
      const { path } = splitTarget(request.target);
      return /^\/(livez|readyz|healthz)$/.test(path)
        ? plain('ok')
        : bare(
            {
              kind: 'Status',
              apiVersion: 'v1',
              metadata: {},
              status: 'Failure',
              message: 'Unauthorized',
              reason: 'Unauthorized',
              code: 401,
            },
            401,
          );
    },
    () => certificate,
  );
  return 0;
};

/** fluentd: reads its configuration, collects nothing, listens for the forward protocol where the image's file says so. */
export const fluentd: Program = async (proc) => {
  const stamp = () => `${iso(proc).slice(0, 19).replace('T', ' ')} +0000`;
  const version = proc.env['FLUENTD_VERSION'] || '1.16.6';
  await proc.print(
    `${stamp()} [info]: parsing config file is succeeded path="/fluentd/etc/fluent.conf"\n${stamp()} [info]: starting fluentd-${version} pid=${proc.pid} ruby="3.2.6"\n`,
  );
  await proc.print(
    `${stamp()} [info]: #0 listening port port=24224 bind="0.0.0.0"\n${stamp()} [info]: #0 fluentd worker is now running worker=0\n`,
  );
  const status = await serveTcp(
    proc,
    24224,
    async (connection) => {
      while (await connection.read(65536, proc.killed));
    },
    async (reason) => {
      await proc.print(
        `${stamp()} [error]: unexpected error error_class=Errno::EADDRINUSE error="${reason} - bind(2) for 0.0.0.0:24224"\n`,
      );
      return 1;
    },
  );
  await proc.print(`${stamp()} [info]: Received graceful stop\n`);
  return status;
};

interface Product {
  port: number;
  /** Lines of its start. */
  log: (proc: Process) => string[];
  /** Answers by path; a path that is none of them is not supported, except where `otherwise` says more. */
  answers: (proc: Process) => Record<string, Response>;
  otherwise?: (request: Request) => Response;
  status?: number;
}

const product =
  ({ port, log, answers, otherwise = unsupported, status = 0 }: Product): Program =>
  async (proc) => {
    for (const line of log(proc)) await proc.complain(`${line}\n`);
    const known = answers(proc);
    const code = await goServer(
      proc,
      [port],
      (request) => known[splitTarget(request.target).path] ?? otherwise(request),
    );
    return code === 143 || code === 130 ? status : code;
  };

const seeOther = (location: string): Response => ({ ...html('', 302), headers: [['Location', location]] });
const titled = (title: string): Response =>
  html(
    `<!DOCTYPE html>\n<html>\n<head>\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n</body>\n</html>\n`,
  );

export const prometheus = product({
  port: 9090,
  log: (proc) => [
    `time=${iso(proc)} level=INFO source=main.go:650 msg="Starting Prometheus Server" mode=server`,
    `time=${iso(proc)} level=INFO source=web.go:655 msg="Start listening for connections" component=web address=0.0.0.0:9090`,
    `time=${iso(proc)} level=INFO source=main.go:1293 msg="Server is ready to receive web requests."`,
  ],
  answers: () => ({
    '/': seeOther('/query'),
    '/query': titled('Prometheus Time Series Collection and Processing Server'),
    '/graph': titled('Prometheus Time Series Collection and Processing Server'),
    '/-/healthy': plain('Prometheus Server is Healthy.\n'),
    '/-/ready': plain('Prometheus Server is Ready.\n'),
    '/metrics': plain(
      metric(
        'prometheus_ready',
        'Whether Prometheus startup was fully completed and the server is ready for normal operation.',
        'gauge',
        1,
      ),
    ),
  }),
});

export const grafana = product({
  port: 3000,
  log: (proc) => [
    `logger=http.server t=${iso(proc)} level=info msg="HTTP Server Listen" address=[::]:3000 protocol=http subUrl= socket=`,
  ],
  answers: (proc) => ({
    '/': seeOther('/login'),
    '/login': titled('Grafana'),
    '/api/health': json({ database: 'ok', version: releaseOf(proc, '11.3.1') }, 200, 2),
  }),
});

export const elasticsearch = product({
  port: 9200,
  log: (proc) => [
    JSON.stringify({
      type: 'server',
      timestamp: iso(proc),
      level: 'INFO',
      component: 'o.e.h.AbstractHttpServerTransport',
      message: `publish_address {${proc.machine.net.addresses()[0]}:9200}, bound_addresses {0.0.0.0:9200}`,
    }),
    JSON.stringify({
      type: 'server',
      timestamp: iso(proc),
      level: 'INFO',
      component: 'o.e.n.Node',
      message: 'started',
    }),
  ],
  answers: (proc) => {
    const cluster_name = proc.env['cluster.name'] || 'docker-cluster';
    return {
      '/': json(
        {
          name: proc.machine.hostname,
          cluster_name,
          version: { number: releaseOf(proc, '7.17.0') },
          tagline: 'You Know, for Search',
        },
        200,
        2,
      ),
      '/_cluster/health': bare({
        cluster_name,
        status: 'green',
        timed_out: false,
        number_of_nodes: 1,
        number_of_data_nodes: 1,
      }),
      '/_cat/indices': plain(''),
    };
  },
  status: 143,
});

export const influxdb = product({
  port: 8086,
  log: (proc) => [`ts=${iso(proc)} lvl=info msg=Listening service=tcp-listener transport=http addr=:8086 port=8086`],
  answers: () => ({
    '/health': bare({ name: 'influxdb', message: 'ready for queries and writes', status: 'pass' }),
    '/ping': { status: 204, headers: [['X-Influxdb-Build', 'OSS']], body: '' },
  }),
});

export const consul = product({
  port: 8500,
  log: (proc) => [
    '==> Starting Consul agent...',
    `           Version: '${releaseOf(proc, '1.15.4')}'`,
    `         Node name: '${proc.machine.hostname}'`,
    '==> Consul agent running!',
  ],
  answers: () => ({
    '/': { ...seeOther('/ui/'), status: 301 },
    '/ui/': titled('Consul by HashiCorp'),
    '/v1/status/leader': bare('127.0.0.1:8300'),
    '/v1/agent/self': bare({ Config: { Datacenter: 'dc1' } }),
    '/v1/catalog/services': bare({ consul: [] }),
  }),
});

export const vault = product({
  port: 8200,
  log: (proc) => [
    '==> Vault server configuration:',
    '',
    '              Listener 1: tcp (addr: "0.0.0.0:8200", tls: "disabled")',
    `                 Version: Vault v${releaseOf(proc, '1.13.3')}`,
    '',
    '==> Vault server started! Log data will stream in below:',
    '',
    'WARNING! dev mode is enabled! In this mode, Vault runs entirely in-memory',
    'and starts unsealed with a single unseal key.',
  ],
  answers: (proc) => ({
    '/': seeOther('/ui/'),
    '/ui/': titled('Vault'),
    '/v1/sys/health': bare({
      initialized: true,
      sealed: false,
      standby: false,
      version: releaseOf(proc, '1.13.3'),
    }),
    '/v1/sys/seal-status': bare({ type: 'shamir', initialized: true, sealed: false, t: 1, n: 1 }),
  }),
});

export const jenkins = product({
  port: 8080,
  log: (proc) => {
    const password = proc.machine.random.hex(32);
    const stars = '*'.repeat(61);
    return [
      'Running from: /usr/share/jenkins/jenkins.war',
      stars,
      '',
      'Jenkins initial setup is required. An admin user has been created and a password generated.',
      'Please use the following password to proceed to installation:',
      '',
      password,
      '',
      'This may also be found at: /var/jenkins_home/secrets/initialAdminPassword',
      stars,
      `${iso(proc).slice(0, 19).replace('T', ' ')}.000+0000 [id=24]\tINFO\thudson.lifecycle.Lifecycle#onReady: Jenkins is fully up and running`,
    ];
  },
  answers: () => ({
    '/login': titled('Sign in - Jenkins'),
    '/': html(
      '<html><head><meta http-equiv="refresh" content="1;url=/login?from=%2F"/></head><body>Authentication required</body></html>',
      403,
    ),
  }),
  otherwise: () => html('<html><body>Authentication required</body></html>', 403),
  status: 143,
});
