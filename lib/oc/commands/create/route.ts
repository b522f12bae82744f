// oc create route edge, passthrough and reencrypt.
import type { Command } from '../../cli';
import { CliError, isReason } from '../../errors';
import { stringFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { generate, metadata } from '../../resources/generate';

const shared = [
  stringFlag('service', 'The service that the route leads to.'),
  stringFlag('hostname', 'The host name of the route.'),
  stringFlag('port', 'The port of the service.'),
  stringFlag('wildcard-policy', 'None or Subdomain.'),
  stringFlag('insecure-policy', 'What happens to plain HTTP: None, Allow or Redirect.'),
  stringFlag('output', 'Output format.', { short: 'o' }),
  stringFlag('template', 'The template of -o go-template.'),
  stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
];
const withPath = [
  stringFlag('path', 'The path that is routed.'),
  stringFlag('cert', 'A file with the certificate.'),
  stringFlag('key', 'A file with its key.'),
  stringFlag('ca-cert', "A file with the authority's certificate."),
];

function command(termination: 'edge' | 'passthrough' | 'reencrypt'): Command {
  return {
    path: `create route ${termination}`,
    only: 'oc',
    help: {
      usage: `oc create route ${termination} [NAME] --service=SERVICE [options]`,
      flags: [
        ...shared,
        ...(termination === 'passthrough' ? [] : withPath),
        ...(termination === 'reencrypt'
          ? [stringFlag('dest-ca-cert', "A file with the authority of the pods' certificates.")]
          : []),
      ],
    },
    async run(cli) {
      const { flags, args } = cli;
      const service = flags.str('service');
      if (args.length > 1) throw cli.usage(`exactly one NAME is required, got ${args.length}`);
      if (!service) throw new CliError('you need to provide a service name via --service');
      const name = args[0] ?? service;
      const read = (flag: string): string => (flags.has(flag) && flags.str(flag) ? cli.readText(flags.str(flag)) : '');
      const fields = {
        caCertificate: read('ca-cert'),
        certificate: read('cert'),
        destinationCACertificate: read('dest-ca-cert'),
        insecureEdgeTerminationPolicy: flags.str('insecure-policy'),
        key: read('key'),
      };
      const tls = { ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')), termination };
      const found = await cli.client
        .json('GET', `/api/v1/namespaces/${cli.namespace}/services/${service}`)
        .catch((error: unknown) => {
          if (!isReason(error, 'NotFound')) throw error;
          if (!flags.str('port'))
            throw new CliError('you need to provide a route port via --port when exposing a non-existent service');
          return undefined;
        });
      const route = routeFor(name, service, found, flags.str('port'));
      route.spec.tls = tls;
      if (flags.str('hostname')) route.spec.host = flags.str('hostname');
      if (flags.has('path') && flags.str('path')) route.spec.path = flags.str('path');
      if (flags.str('wildcard-policy')) route.spec.wildcardPolicy = flags.str('wildcard-policy');
      route.metadata = metadata(cli, name, found?.metadata.labels ? { labels: found.metadata.labels } : {});
      await generate(cli, route);
    },
  };
}

/** A route to a service: to the port asked for, else its first port's name or target. */
export function routeFor(name: string, service: string, found: Dyn | undefined, port: string): Dyn {
  const [first] = found?.spec.ports ?? [];
  if (found && !(found.spec.ports ?? []).some((p: Dyn) => (p.protocol ?? 'TCP') === 'TCP'))
    throw new CliError(`service ${JSON.stringify(service)} doesn't support TCP`);
  const target = port ? (/^\d+$/.test(port) ? Number(port) : port) : first?.name || first?.targetPort || first?.port;
  return {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { creationTimestamp: null, name },
    spec: { ...(target === undefined ? {} : { port: { targetPort: target } }), to: { kind: 'Service', name: service } },
    status: {},
  };
}

export const createRoutes: Command[] = [command('edge'), command('passthrough'), command('reencrypt')];
