// Image references and image streams as the commands of oc speak of them.
import type { Cli } from '../../cli';
import { isReason } from '../../errors';
import type { Dyn } from '../../object';

export const IMAGE_API = '/apis/image.openshift.io/v1';

/** `registry/namespace/name:tag@id`, each part empty where it is not there. */
export interface Reference {
  registry: string;
  namespace: string;
  name: string;
  tag: string;
  id: string;
}

/** As openshift/library-go reads a pull spec. */
export function parseReference(text: string): Reference {
  const [before = '', id = ''] = text.split('@');
  const slash = before.lastIndexOf('/');
  const [, last = '', tag = ''] = /^([^:]*)(?::(.+))?$/.exec(before.slice(slash + 1)) ?? [];
  const path = slash < 0 ? [] : before.slice(0, slash).split('/');
  const [first = ''] = path;
  const registry = /[.:]/.test(first) || first === 'localhost' ? (path.shift() ?? '') : '';
  return { registry, namespace: path.join('/'), name: last, tag, id };
}

/** The whole reference again, with `latest` where nothing is said. */
export function exactReference({ registry, namespace, name, tag, id }: Reference, defaultTag = ''): string {
  const where = [registry, namespace, name].filter(Boolean).join('/');
  if (id) return `${where}@${id}`;
  return tag || defaultTag ? `${where}:${tag || defaultTag}` : where;
}

/** An image as its registry tells it, by way of the server; undefined where there is none. */
export async function lookUpImage(cli: Cli, reference: string): Promise<{ image?: Dyn; message: string }> {
  const answer = await importImages(cli, 'newapp', [reference], false);
  const [found] = answer.status?.images ?? [];
  return { image: found?.image, message: found?.status?.message ?? '' };
}

/** An ImageStreamImport's answer. */
export function importImages(
  cli: Cli,
  name: string,
  references: string[],
  keep: boolean,
  tag = '',
  extra: Dyn = {},
): Promise<Dyn> {
  return cli.client.json('POST', `${IMAGE_API}/namespaces/${cli.namespace}/imagestreamimports`, {
    body: {
      apiVersion: 'image.openshift.io/v1',
      kind: 'ImageStreamImport',
      metadata: { name, namespace: cli.namespace },
      spec: {
        images: references.map((reference) => ({
          from: { kind: 'DockerImage', name: reference },
          ...(tag ? { to: { name: tag } } : {}),
          ...extra,
        })),
        import: keep,
      },
    },
  });
}

/** A stream of the project or of `openshift`; undefined where there is none. */
export async function findStream(cli: Cli, name: string, namespaces = [cli.namespace, 'openshift']): Promise<Dyn> {
  for (const namespace of namespaces) {
    try {
      return await cli.client.json('GET', `${IMAGE_API}/namespaces/${namespace}/imagestreams/${name}`);
    } catch (error) {
      if (!isReason(error, 'NotFound', 'Forbidden')) throw error;
    }
  }
  return undefined;
}
