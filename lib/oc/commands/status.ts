// oc status: services, what they lead to, and what is wrong, in one page.
import type { Cli, Command } from '../cli';
import { ApiError } from '../errors';
import { boolFlag, stringFlag } from '../flags/spec';
import type { Dyn } from '../object';
import { humanWords } from '../printers/words';
import { displayName } from './project';

export const status: Command = {
  path: 'status',
  only: 'oc',
  help: {
    usage: 'oc status [-o dot | --suggest ] [options]',
    flags: [
      boolFlag('suggest', 'See details for resolving issues.'),
      boolFlag('all-namespaces', 'All namespaces.', { short: 'A' }),
      stringFlag('output', 'Output format.', { short: 'o' }),
    ],
  },
  async run(cli) {
    const project = await cli.client.json('GET', `/apis/project.openshift.io/v1/projects/${cli.namespace}`);
    const world = await load(cli);
    const lines = [`In project ${displayName(project)} on server ${cli.target.server}`, ''];
    const groups = serviceGroups(cli, world);
    const alone = standalone(cli, world);
    for (const group of [...groups, ...alone]) lines.push(...group, '');
    if (groups.length + alone.length === 0)
      lines.push(
        'You have no services, deployment configs, or build configs.',
        "Run 'oc new-app' to create an application.",
      );
    else
      lines.push(
        ...markers(world, cli.flags.bool('suggest')),
        "View details with 'oc describe <resource>/<name>' or list resources with 'oc get all'.",
      );
    await cli.out(`${lines.join('\n')}\n`);
  },
};

type Loaded = Record<'services' | 'deployments' | 'replicasets' | 'pods' | 'routes' | 'jobs' | 'statefulsets', Dyn[]>;

async function load(cli: Cli): Promise<Loaded> {
  const items = async (root: string, name: string): Promise<Dyn[]> => {
    try {
      return (await cli.client.json('GET', `${root}/namespaces/${cli.namespace}/${name}`)).items;
    } catch (error) {
      if (error instanceof ApiError) return [];
      throw error;
    }
  };
  return {
    services: await items('/api/v1', 'services'),
    deployments: await items('/apis/apps/v1', 'deployments'),
    replicasets: await items('/apis/apps/v1', 'replicasets'),
    statefulsets: await items('/apis/apps/v1', 'statefulsets'),
    pods: await items('/api/v1', 'pods'),
    routes: await items('/apis/route.openshift.io/v1', 'routes'),
    jobs: await items('/apis/batch/v1', 'jobs'),
  };
}

const matches = (selector: Dyn, labels: Dyn): boolean =>
  Object.keys(selector ?? {}).length > 0 && Object.entries(selector).every(([key, value]) => labels?.[key] === value);
const owns = (owner: Dyn, object: Dyn): boolean =>
  (object.metadata.ownerReferences ?? []).some((one: Dyn) => one.uid === owner.metadata.uid);
const owned = (object: Dyn): boolean => (object.metadata.ownerReferences ?? []).length > 0;

const age = (cli: Cli, object: Dyn): string => humanWords(cli.now() - Date.parse(object.metadata.creationTimestamp));
const images = (spec: Dyn): string => spec.containers.map((one: Dyn) => one.image).join(', ');

function serviceLine({ metadata, spec }: Dyn): string {
  const ports = (spec.ports ?? []).map((p: Dyn) =>
    p.targetPort === undefined || p.targetPort === p.port ? `${p.port}` : `${p.port}->${p.targetPort}`,
  );
  const [first] = spec.ports ?? [];
  const tail =
    ports.length === 0
      ? ' no ports'
      : ports.length > 1
        ? ` ports ${ports.join(', ')}`
        : `:${first.port}${first.targetPort === undefined || first.targetPort === first.port ? '' : ` -> ${first.targetPort}`}`;
  if (spec.type === 'ExternalName') return `svc/${metadata.name} - ${spec.externalName}`;
  if (spec.clusterIP === 'None') return `svc/${metadata.name} (headless)${tail}`;
  if (spec.type === 'NodePort')
    return `svc/${metadata.name} (all nodes):${first?.nodePort}${first?.targetPort === undefined ? '' : ` -> ${first.targetPort}`}`;
  return `svc/${metadata.name} - ${spec.clusterIP}${tail}`;
}

function routeUrl({ spec }: Dyn): string {
  const { termination, insecureEdgeTerminationPolicy: insecure } = spec.tls ?? {};
  if (!termination) return `http://${spec.host}${spec.path ?? ''}`;
  const marks = [
    ...(termination === 'edge' ? [] : [termination]),
    ...(insecure === 'Redirect' ? ['redirects'] : insecure === 'Allow' ? ['and http'] : []),
  ];
  return `https://${spec.host}${spec.path ?? ''}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}

function serviceGroups(cli: Cli, world: Loaded): string[][] {
  return [...world.services].sort(byName).map((service) => {
    const routes = world.routes.filter((route) => route.spec.to?.name === service.metadata.name);
    const [first, ...others] = routes;
    const head = first
      ? `${routeUrl(first)} to pod port ${first.spec.port?.targetPort ?? '<all>'} (svc/${service.metadata.name})`
      : serviceLine(service);
    const { selector } = service.spec;
    const lines = [head, ...others.map((route) => `  exposed as ${routeUrl(route)} by route/${route.metadata.name}`)];
    for (const deployment of world.deployments)
      if (matches(selector, deployment.spec.template.metadata?.labels))
        lines.push(...deploymentLines(cli, world, deployment, '  '));
    for (const set of world.statefulsets)
      if (matches(selector, set.spec.template.metadata?.labels))
        lines.push(
          `  statefulset/${set.metadata.name} manages ${images(set.spec.template.spec)}`,
          `    created ${age(cli, set)} ago - ${podsText(set.status?.readyReplicas ?? 0, set.spec.replicas)}`,
        );
    for (const pod of world.pods)
      if (!owned(pod) && matches(selector, pod.metadata.labels))
        lines.push(`  pod/${pod.metadata.name} runs ${images(pod.spec)}`);
    return lines;
  });
}

const byName = (a: Dyn, b: Dyn): number => (a.metadata.name < b.metadata.name ? -1 : 1);
const podsText = (ready: number, all: number): string =>
  ready === all ? `${all} pod${all === 1 ? '' : 's'}` : `${ready}/${all} pods`;

function deploymentLines(cli: Cli, world: Loaded, deployment: Dyn, indent: string): string[] {
  const lines = [`${indent}deployment/${deployment.metadata.name} deploys ${images(deployment.spec.template.spec)}`];
  const number = (rs: Dyn) => Number(rs.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  const sets = world.replicasets.filter((rs) => owns(deployment, rs)).sort((a, b) => number(b) - number(a));
  sets.slice(0, 3).forEach((rs, i) => {
    const wanted = rs.spec.replicas ?? 0;
    const pods =
      wanted > 0 || (rs.status?.replicas ?? 0) > 0 ? ` - ${podsText(rs.status?.readyReplicas ?? 0, wanted)}` : '';
    const restarts = world.pods
      .filter((pod) => owns(rs, pod))
      .reduce(
        (n: number, pod) =>
          n + (pod.status?.containerStatuses ?? []).reduce((m: number, c: Dyn) => m + (c.restartCount ?? 0), 0),
        0,
      );
    const warning = restarts > 0 ? ` (warning: ${restarts} restart${restarts === 1 ? '' : 's'})` : '';
    lines.push(
      `${indent}  deployment #${number(rs)} ${i === 0 ? `running for ${age(cli, rs)}` : `deployed ${age(cli, rs)} ago`}${pods}${warning}`,
    );
  });
  return lines;
}

/** What no service leads to. */
function standalone(cli: Cli, world: Loaded): string[][] {
  const served = (labels: Dyn) => world.services.some((service) => matches(service.spec.selector, labels));
  return [
    ...world.deployments
      .filter((one) => !served(one.spec.template.metadata?.labels))
      .map((one) => deploymentLines(cli, world, one, '')),
    ...world.jobs.map((job) => [
      `job/${job.metadata.name} manages ${images(job.spec.template.spec)}`,
      `  created ${age(cli, job)} ago ${job.status?.succeeded ?? 0}/${job.spec.completions ?? 1} completed ${job.status?.active ?? 0} running`,
    ]),
    ...world.pods
      .filter((pod) => !owned(pod) && !served(pod.metadata.labels))
      .map((pod) => [`pod/${pod.metadata.name} runs ${images(pod.spec)}`]),
  ];
}

function markers(world: Loaded, suggest: boolean): string[] {
  const errors = world.pods.filter((pod) =>
    (pod.status?.containerStatuses ?? []).some((c: Dyn) => c.state?.waiting?.reason === 'CrashLoopBackOff'),
  );
  if (errors.length === 0) return [];
  const list = errors
    .sort(byName)
    .flatMap((pod) => [
      `  * pod/${pod.metadata.name} is crash-looping`,
      ...(suggest
        ? [
            '',
            '    The container is starting and exiting repeatedly. This usually means the container is unable',
            `    to start, misconfigured, or limited by security restrictions. Check the container logs with`,
            '',
            `      oc logs ${pod.metadata.name} -c ${pod.spec.containers[0].name}`,
            '',
          ]
        : []),
    ]);
  const count = `${errors.length} error${errors.length === 1 ? '' : 's'}`;
  return suggest
    ? ['Errors:', ...list, '']
    : ['Errors:', ...list, '', `${count} identified, use 'oc status --suggest' to see details.`];
}
