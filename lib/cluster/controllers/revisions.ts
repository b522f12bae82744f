// Controller revisions: the history of DaemonSets' and StatefulSets' templates. kubernetes pkg/controller/history.
import type { KubeObject } from '../store/types';
import type { ControllerContext } from './controller';
import { controllerReference, indexByController, ownedBy } from './owners';
import { canonicalJson, canonicalText, templateHash } from './pod-template';

const REVISIONS = 'controllerrevisions.apps';
export const REVISION_HASH = 'controller-revision-hash';

export const indexRevisions = (context: ControllerContext): void => indexByController(context.store, REVISIONS);

const patchOf = (owner: KubeObject) => ({ spec: { template: { ...owner['spec'].template, $patch: 'replace' } } });

const templates = new WeakMap<object, string>();

/** The template that a revision holds, as text. */
function templateText({ data }: KubeObject): string {
  let text = templates.get(data);
  if (text === undefined) {
    const { $patch: _, ...template } = data.spec.template;
    templates.set(data, (text = canonicalJson(template)));
  }
  return text;
}

/** The revision of the owner's present template, found or made; those beyond the history limit that nobody uses are deleted. */
export function syncRevision(
  { store, client }: ControllerContext,
  owner: KubeObject,
  inUse: ReadonlySet<string>,
): KubeObject {
  const all = ownedBy(store, REVISIONS, owner).sort((a, b) => a['revision'] - b['revision']);
  const wanted = canonicalText(owner['spec'].template);
  const newest = (all.at(-1)?.['revision'] as number | undefined) ?? 0;
  const found = all.find((each) => templateText(each) === wanted);
  const current = !found
    ? create(client, owner, patchOf(owner), newest + 1)
    : found['revision'] === newest
      ? found
      : client.update(REVISIONS, { ...found, revision: newest + 1 });
  const limit: number = owner['spec'].revisionHistoryLimit ?? 10;
  const idle = all.filter(
    (each) => each.metadata.name !== current.metadata.name && !inUse.has(each.metadata.labels?.[REVISION_HASH] ?? ''),
  );
  for (const { metadata } of idle.slice(0, Math.max(0, idle.length - limit)))
    client.delete(REVISIONS, metadata.namespace, metadata.name);
  return current;
}

function create(client: ControllerContext['client'], owner: KubeObject, data: object, revision: number): KubeObject {
  const hash = templateHash(owner['spec'].template, owner['status']?.collisionCount);
  return client.create(REVISIONS, {
    metadata: {
      name: `${owner.metadata.name}-${hash}`,
      namespace: owner.metadata.namespace as string,
      labels: { ...owner['spec'].template.metadata?.labels, [REVISION_HASH]: hash },
      ...(owner.metadata.annotations && { annotations: owner.metadata.annotations }),
      ownerReferences: [controllerReference(owner)],
    },
    data,
    revision,
  });
}

export const hashOf = (revision: KubeObject): string => revision.metadata.labels?.[REVISION_HASH] ?? '';
