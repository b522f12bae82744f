// oc create namespace, cronjob, quota, priorityclass, poddisruptionbudget and ingress.
import type { Command } from '../../cli';
import { CliError } from '../../errors';
import type { Dyn } from '../../object';
import { canonicalQuantity, QUANTITY_ERROR } from '../../printers/quantity';
import { generate, metadata, oneName } from '../../resources/generate';

export const createNamespace: Command = {
  path: 'create namespace',
  async run(cli) {
    const name = oneName(cli);
    await generate(cli, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { creationTimestamp: null, name },
      spec: {},
      status: {},
    });
  },
};

export const createCronJob: Command = {
  path: 'create cronjob',
  required: ['image', 'schedule'],
  async run(cli) {
    const name = oneName(cli);
    const command = cli.args.slice(1);
    const restartPolicy = cli.flags.str('restart') || 'OnFailure';
    const container = {
      ...(command.length > 0 ? { command } : {}),
      image: cli.flags.str('image'),
      name,
      resources: {},
    };
    const job = {
      metadata: { creationTimestamp: null, name },
      spec: { template: { metadata: { creationTimestamp: null }, spec: { containers: [container], restartPolicy } } },
    };
    const cron = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: metadata(cli, name),
      spec: { jobTemplate: job, schedule: cli.flags.str('schedule') },
      status: {},
    };
    await generate(cli, cron, 'failed to create cronjob:');
  },
};

export const createQuota: Command = {
  path: 'create quota',
  async run(cli) {
    const name = oneName(cli);
    const hard = Object.fromEntries(
      cli.flags
        .str('hard')
        .split(',')
        .filter(Boolean)
        .map((pair) => {
          const [key, value, ...more] = pair.split('=');
          if (!key || value === undefined || more.length > 0)
            throw new CliError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
          const quantity = canonicalQuantity(value);
          if (quantity === undefined) throw new CliError(QUANTITY_ERROR);
          return [key, quantity];
        }),
    );
    const scopes = cli.flags.str('scopes').split(',').filter(Boolean);
    const spec = { ...(Object.keys(hard).length > 0 ? { hard } : {}), ...(scopes.length > 0 ? { scopes } : {}) };
    await generate(
      cli,
      { apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadata(cli, name), spec, status: {} },
      'failed to create quota:',
    );
  },
};

export const createPriorityClass: Command = {
  path: 'create priorityclass',
  async run(cli) {
    const name = oneName(cli);
    const { flags } = cli;
    const object = {
      apiVersion: 'scheduling.k8s.io/v1',
      ...(flags.str('description') ? { description: flags.str('description') } : {}),
      ...(flags.bool('global-default') ? { globalDefault: true } : {}),
      kind: 'PriorityClass',
      metadata: { creationTimestamp: null, name },
      preemptionPolicy: flags.str('preemption-policy'),
      value: flags.int('value'),
    };
    await generate(cli, object, 'failed to create priorityclass:');
  },
};

const intOrPercent = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

export const createPdb: Command = {
  path: 'create poddisruptionbudget',
  async run(cli) {
    const name = oneName(cli);
    const { flags } = cli;
    const [min, max, selector] = [flags.str('min-available'), flags.str('max-unavailable'), flags.str('selector')];
    if (!selector) throw new CliError('a selector must be specified');
    if (!min && !max) throw new CliError('one of min-available or max-unavailable must be specified');
    if (min && max) throw new CliError('min-available and max-unavailable cannot be both specified');
    const matchLabels = Object.fromEntries(selector.split(',').map((pair) => pair.split(/==?/) as [string, string]));
    const spec = {
      ...(max ? { maxUnavailable: intOrPercent(max) } : {}),
      ...(min ? { minAvailable: intOrPercent(min) } : {}),
      selector: { matchLabels },
    };
    const pdb = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata(cli, name),
      spec,
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
    };
    await generate(cli, pdb, 'failed to create poddisruptionbudgets:');
  },
};

export const createIngress: Command = {
  path: 'create ingress',
  async run(cli) {
    const name = oneName(cli);
    const { flags } = cli;
    const rules = flags.list('rule');
    const fallback = flags.str('default-backend');
    if (rules.length === 0 && !fallback)
      throw new CliError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      );
    const annotations = Object.fromEntries(
      flags.list('annotation').map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]),
    );
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metadata(cli, name, Object.keys(annotations).length > 0 ? { annotations } : {}),
      spec: {
        ...(fallback ? { defaultBackend: backend(fallback) } : {}),
        ...(flags.str('class') ? { ingressClassName: flags.str('class') } : {}),
        ...ingressRules(rules),
      },
      status: { loadBalancer: {} },
    };
    await generate(cli, ingress, 'failed to create ingress:');
  },
};

function backend(text: string): Dyn {
  const [name, port = ''] = text.split(':');
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

/** `host/path*=service:port[,tls[=secret]]`. */
function ingressRules(texts: string[]): { rules?: Dyn[]; tls?: Dyn[] } {
  const hosts = new Map<string, Dyn[]>();
  const tls: Dyn[] = [];
  for (const text of texts) {
    const match = /^([^/]*)(\/[^=]*)=([^,]+)(?:,(tls)(?:=(.+))?)?$/.exec(text);
    if (!match)
      throw new CliError(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
    const [, host = '', path = '', service = '', secure, secret] = match;
    const prefix = path.endsWith('*');
    const entry = {
      backend: backend(service),
      path: prefix ? path.slice(0, -1) : path,
      pathType: prefix ? 'Prefix' : 'Exact',
    };
    hosts.set(host, [...(hosts.get(host) ?? []), entry]);
    if (secure) tls.push({ ...(host ? { hosts: [host] } : {}), ...(secret ? { secretName: secret } : {}) });
  }
  const rules = [...hosts].map(([host, paths]) => ({ ...(host ? { host } : {}), http: { paths } }));
  return { ...(rules.length > 0 ? { rules } : {}), ...(tls.length > 0 ? { tls } : {}) };
}
