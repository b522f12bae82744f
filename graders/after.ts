// Does it still hold after something has happened? What happens, happens in the fork alone.
import { z } from 'zod';
import { defineGrader, type Held, type KubeObject, type Lens } from '../lib/grading/contract';
import { selectedPods } from './backends';
import { findObjects, reference } from './objects';
import { count, labelsOf, name, whole } from './parameters';

const { kind, ...others } = reference;

/** Which labels a student's pods carry may be a student's choice; what serves is what the service selects. */
const behind = z.strictObject({ namespace: name, behind: name }).describe('The pods that a service selects.');

const action = z.union([
  z
    .strictObject({ delete: z.union([z.strictObject({ kind, ...others }), behind]) })
    .describe('Objects that are deleted, by name or selector: `kind: Pod`; or the pods behind a service.'),
  z.strictObject({ drain: name.describe('A node whose pods are evicted.') }),
  z.strictObject({
    drainNodeOf: z
      .union([z.strictObject({ namespace: name, selector: labelsOf }), behind])
      .describe('The node that a pod runs on.'),
  }),
  z.strictObject({
    scale: z.strictObject({
      kind: z.enum(['Deployment', 'StatefulSet', 'ReplicaSet']).default('Deployment'),
      namespace: name,
      name,
      replicas: whole(0, 100),
    }),
  }),
  z.strictObject({ project: name.describe('A project that is made.'), labels: labelsOf.optional() }),
  z.strictObject({ apply: z.record(z.string(), z.unknown()).describe('An object that is created.') }),
  z.strictObject({
    wait: z
      .string()
      .regex(/^\d+[smh]$/, 'a time like 30s, 5m or 1h')
      .describe('Time that passes: `30s`, `5m`, `1h`.'),
  }),
]);
type Action = z.infer<typeof action>;

const held = z.strictObject({
  grader: name,
  with: z.record(z.string(), z.unknown()).default({}),
  not: z.boolean().default(false),
});

const parameters = z.strictObject({
  do: z.array(action).min(1),
  settle: z
    .string()
    .regex(/^\d+[smh]$/, 'a time like 30s, 5m or 1h')
    .default('2m')
    .describe('Time that passes between what is done and the look.'),
  hold: z.array(held).min(1).describe('Checks that have to hold then, each for an equal part.'),
  all: z.boolean().default(false).describe('All of them or nothing.'),
});
type Parameters = z.infer<typeof parameters>;

const MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const millis = (text: string): number => Number(text.slice(0, -1)) * MS[text.slice(-1) as keyof typeof MS];

export const after = defineGrader<Parameters>({
  name: 'after',
  summary:
    'Something is done to a copy of the cluster (pods deleted, a node drained, scaled, time passed), and then other checks have to hold.',
  example: {
    do: [{ delete: { kind: 'Pod', namespace: 'shop', selector: { app: 'db' } } }],
    hold: [{ grader: 'endpoints', with: { namespace: 'shop', service: 'db', port: 3306 } }],
  },
  parameters,
  expects: ({ do: actions, hold }, not) =>
    `after ${actions.map(told).join(' and ')}, ${not ? 'not ' : ''}${count(hold.length, 'check')} more hold`,
  async look(lens, given) {
    for (const each of given.do) {
      const fault = await perform(lens, each);
      if (fault) return { holds: 0, observed: fault, why: fault, moot: true };
    }
    await lens.advance(millis(given.settle));
    const verdicts = [];
    for (const each of given.hold) verdicts.push(await lens.hold(each as Held));
    const share = verdicts.reduce((sum, verdict) => sum + verdict.share, 0) / verdicts.length;
    const worst = verdicts.find((verdict) => verdict.share < 1);
    return {
      holds: given.all && share < 1 ? 0 : share,
      observed: verdicts.map(({ observed }) => observed).join('; '),
      why: worst ? `${worst.expected}: ${worst.reason}` : '',
    };
  },
});

function told(action: Action): string {
  if ('delete' in action)
    return 'behind' in action.delete
      ? `the pods behind ${action.delete.behind} are deleted`
      : `the ${action.delete.kind.toLowerCase()} ${action.delete.name ?? ''} is deleted`.replace('  ', ' ');
  if ('drain' in action) return `node ${action.drain} is drained`;
  if ('drainNodeOf' in action) return 'its node is drained';
  if ('scale' in action) return `${action.scale.name} is scaled to ${action.scale.replicas}`;
  if ('project' in action) return `project ${action.project} is made`;
  return 'apply' in action ? `a ${String(action.apply['kind']).toLowerCase()} is made` : `${action.wait} have passed`;
}

/** Does it; a sentence when there is nothing to do it to. */
async function perform(lens: Lens, action: Action): Promise<string | undefined> {
  if ('delete' in action) return remove(lens, action.delete);
  if ('drain' in action) return drain(lens, action.drain);
  if ('drainNodeOf' in action) {
    const pods = await podsOf(lens, action.drainNodeOf);
    if (typeof pods === 'string') return pods;
    const node = pods.find(({ spec }) => spec?.nodeName)?.['spec'].nodeName as string | undefined;
    return node ? drain(lens, node) : `no such pod of ${action.drainNodeOf.namespace} is on a node`;
  }
  if ('scale' in action) return scale(lens, action.scale);
  if ('project' in action)
    return made(
      await lens.send('POST', '/api/v1/namespaces', { metadata: { name: action.project, labels: action.labels } }),
    );
  if ('apply' in action) return create(lens, action.apply);
  await lens.advance(millis(action.wait));
  return undefined;
}

const made = ({ status, body }: { status: number; body: { message?: string } }): string | undefined =>
  status < 300 || status === 409 ? undefined : (body.message ?? `status ${status}`);

type Behind = z.infer<typeof behind>;

async function podsOf(
  lens: Lens,
  given: Behind | { namespace: string; selector: Record<string, string> },
): Promise<KubeObject[] | string> {
  const { namespace } = given;
  if ('selector' in given) return lens.list(`/api/v1/namespaces/${namespace}/pods`, given.selector);
  const service = await lens.get(`/api/v1/namespaces/${namespace}/services/${given.behind}`);
  return service
    ? selectedPods(lens, namespace, service)
    : `there is no service ${given.behind} in project ${namespace}`;
}

async function remove(lens: Lens, given: Extract<Action, { delete: unknown }>['delete']): Promise<string | undefined> {
  if ('behind' in given) {
    const pods = await podsOf(lens, given);
    if (typeof pods === 'string') return pods;
    if (pods.length === 0) return `service ${given.behind} selects no pod`;
    for (const { metadata } of pods)
      await lens.send('DELETE', `/api/v1/namespaces/${given.namespace}/pods/${metadata.name}`);
    return undefined;
  }
  const objects = await findObjects(lens, given);
  if (typeof objects === 'string') return objects;
  if (objects.length === 0) return `there is no such ${given.kind.toLowerCase()} in ${given.namespace}`;
  for (const { metadata } of objects) await lens.send('DELETE', await pathOf(lens, given, metadata.name));
  return undefined;
}

async function pathOf(
  lens: Lens,
  { apiVersion, kind, namespace }: { apiVersion: string; kind: string; namespace?: string | undefined },
  name = '',
): Promise<string> {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const served = await lens.get(base);
  const resource = ((served?.['resources'] ?? []) as { name: string; kind: string }[]).find(
    (each) => each.kind === kind && !each.name.includes('/'),
  );
  return `${base}${namespace ? `/namespaces/${namespace}` : ''}/${resource?.name}${name && `/${name}`}`;
}

async function create(lens: Lens, object: Record<string, unknown>): Promise<string | undefined> {
  const {
    apiVersion = 'v1',
    kind = '',
    metadata,
  } = object as { apiVersion?: string; kind?: string; metadata?: { namespace?: string } };
  return made(
    await lens.send('POST', await pathOf(lens, { apiVersion, kind, namespace: metadata?.namespace }), object),
  );
}

async function drain(lens: Lens, node: string): Promise<string | undefined> {
  const cordoned = await lens.send(
    'PATCH',
    `/api/v1/nodes/${node}`,
    { spec: { unschedulable: true } },
    'application/merge-patch+json',
  );
  if (cordoned.status === 404) return `there is no node ${node}`;
  const pods = (await lens.list('/api/v1/pods')).filter((pod) => pod['spec']?.nodeName === node);
  for (const { metadata } of pods) {
    const daemon = ((metadata['ownerReferences'] ?? []) as { kind: string }[]).some(
      (owner) => owner.kind === 'DaemonSet',
    );
    if (!daemon) await lens.send('DELETE', `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`);
  }
  return undefined;
}

async function scale(
  lens: Lens,
  { kind, namespace, name, replicas }: { kind: string; namespace: string; name: string; replicas: number },
): Promise<string | undefined> {
  const path = await pathOf(lens, { apiVersion: 'apps/v1', kind, namespace }, name);
  const answer = await lens.send('PATCH', path, { spec: { replicas } }, 'application/merge-patch+json');
  return answer.status === 404 ? `there is no ${kind.toLowerCase()} ${name} in ${namespace}` : made(answer);
}
