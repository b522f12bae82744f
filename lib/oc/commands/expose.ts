// oc expose: a service for a workload's pods; in oc also a route for a service.
import type { Cli, Command } from '../cli';
import { CliError } from '../errors';
import { stringFlag } from '../flags/spec';
import { clone, type Dyn } from '../object';
import { mergePatch } from '../resources/merge-patch';
import { type Info, select, selectionOf } from '../resources/select';
import { createObject, printResult } from '../resources/write';
import { routeFor } from './create/route';

export const expose: Command = {
  path: 'expose',
  ocFlags: [
    stringFlag('hostname', 'The host name of the route.'),
    stringFlag('path', 'The path that is routed.'),
    stringFlag('wildcard-policy', 'None or Subdomain.'),
  ],
  async run(cli) {
    const { selector: _pods, ...wanted } = selectionOf(cli); // --selector is the new service's
    const { infos, errors } = await select(cli, { ...wanted, local: true }); // of a file, what the file says
    if (errors[0]) throw errors[0];
    for (const info of infos) {
      if (cli.isOc && info.resource.kind === 'Service' && exposesRoute(cli)) await exposeRoute(cli, info);
      else await exposeService(cli, info);
    }
  },
};

function exposesRoute(cli: Cli): boolean {
  return cli.flags.str('generator') === '' || cli.flags.str('generator').startsWith('route');
}

async function exposeRoute(cli: Cli, info: Info): Promise<void> {
  const { flags } = cli;
  if (flags.str('type')) throw new CliError('cannot use --type when exposing route');
  const policy = flags.str('wildcard-policy');
  if (policy && policy !== 'Subdomain' && policy !== 'None')
    throw new CliError('only "Subdomain" or "None" are supported for wildcard-policy');
  const route = routeFor(flags.str('name') || info.name, info.name, info.object, flags.str('port'));
  route.metadata.labels = flags.str('labels') ? parsePairs(flags.str('labels')) : info.object.metadata.labels;
  if (flags.str('hostname')) route.spec.host = flags.str('hostname');
  if (flags.str('path')) route.spec.path = flags.str('path');
  if (policy) route.spec.wildcardPolicy = policy;
  const resource = await cli.resource('routes.route.openshift.io');
  const object = override(cli, route);
  await printResult(cli, await createObject(cli, { resource, namespace: cli.namespace, object }), 'exposed');
}

const EXPOSABLE: Record<string, string> = {
  ReplicationController: '',
  Service: '',
  Pod: '',
  Deployment: 'apps',
  ReplicaSet: 'apps',
  DeploymentConfig: 'apps.openshift.io',
};

async function exposeService(cli: Cli, info: Info): Promise<void> {
  const { flags } = cli;
  const { kind, group } = info.resource;
  if (EXPOSABLE[kind] !== group) throw new CliError(`cannot expose a ${kind}.${group}`.replace(/\.$/, ''));
  const selector = flags.str('selector') ? parsePairs(flags.str('selector')) : selectorOf(info);
  const ports = servicePorts(cli, info.object);
  const serviceName = flags.str('name') || info.name;
  const labels = flags.str('labels') ? parsePairs(flags.str('labels')) : info.object.metadata.labels;
  const session = flags.str('session-affinity');
  if (session && session !== 'None' && session !== 'ClientIP')
    throw new CliError(`unknown session affinity: ${session}`);
  const type = flags.str('type');
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      creationTimestamp: null,
      ...(labels ? { labels } : {}),
      name: serviceName,
      ...(flags.changed('namespace') ? { namespace: cli.namespace } : {}),
    },
    spec: {
      ...(flags.str('cluster-ip') ? { clusterIP: flags.str('cluster-ip') } : {}),
      ...(flags.str('external-ip') ? { externalIPs: [flags.str('external-ip')] } : {}),
      ...(flags.str('load-balancer-ip') && type === 'LoadBalancer'
        ? { loadBalancerIP: flags.str('load-balancer-ip') }
        : {}),
      ports,
      selector,
      ...(session ? { sessionAffinity: session } : {}),
      ...(type ? { type } : {}),
    },
    status: { loadBalancer: {} },
  };
  const resource = await cli.resource('services');
  const object = override(cli, service);
  await printResult(cli, await createObject(cli, { resource, namespace: cli.namespace, object }), 'exposed');
}

function override(cli: Cli, object: Dyn): Dyn {
  const text = cli.flags.str('overrides');
  return text ? mergePatch(clone(object), JSON.parse(text)) : object;
}

function parsePairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [key = '', value, ...more] = pair.split('=');
      if (value === undefined || more.length > 0) throw new CliError(`unexpected label spec: ${pair}`);
      return [key, value];
    }),
  );
}

/** The labels that select an object's pods. */
function selectorOf({ object, resource }: Info): Record<string, string> {
  const { spec, metadata } = object;
  if (resource.kind === 'Pod') {
    if (!metadata.labels) throw new CliError('the pod has no labels and cannot be exposed');
    return metadata.labels;
  }
  if (resource.kind === 'Service') {
    if (!spec.selector) throw new CliError('the service has no pod selector set');
    return spec.selector;
  }
  if (resource.kind === 'ReplicationController' || resource.kind === 'DeploymentConfig') return spec.selector;
  if (spec.selector?.matchExpressions?.length)
    throw new CliError(
      `couldn't convert expressions - "${JSON.stringify(spec.selector.matchExpressions)}" to map-based selector format`,
    );
  return spec.selector?.matchLabels ?? {};
}

interface Port {
  port: number;
  protocol: string;
}

function portsOf({ kind, spec }: Dyn): Port[] {
  if (kind === 'Service') return (spec.ports ?? []).map((p: Dyn) => ({ port: p.port, protocol: p.protocol ?? 'TCP' }));
  const pod = kind === 'Pod' ? spec : spec.template?.spec;
  return (pod?.containers ?? []).flatMap((c: Dyn) =>
    (c.ports ?? []).map((p: Dyn) => ({ port: p.containerPort, protocol: p.protocol ?? 'TCP' })),
  );
}

function servicePorts(cli: Cli, object: Dyn): Dyn[] {
  const { flags } = cli;
  const found = portsOf(object);
  const texts = flags.str('port') ? flags.str('port').split(',') : found.map(({ port }) => String(port));
  if (texts.length === 0) {
    const text = "couldn't find port via --port flag or introspection";
    throw cli.isOc ? cli.usage(text) : new CliError(text);
  }
  const target = flags.str('target-port');
  return texts.map((text, i) => {
    const port = Number(text);
    if (!/^\d+$/.test(text)) throw new CliError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
    const protocol = flags.str('protocol') || found.find((one) => one.port === port)?.protocol || 'TCP';
    const named = texts.length > 1 ? { name: `port-${i + 1}` } : {};
    return {
      ...named,
      port,
      protocol,
      targetPort: target === '' ? port : /^\d+$/.test(target) ? Number(target) : target,
    };
  });
}
