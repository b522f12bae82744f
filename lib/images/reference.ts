// Image references as containers/image reads them: registry, repository, tag or digest.

export interface Reference {
  /** With registry: `docker.io/library/mysql`. */
  repository: string;
  tag: string;
  digest?: string;
}

const DEFAULT_REGISTRY = 'docker.io';

/**
 * Splits a reference; short names belong to Docker Hub, as CRI-O's short-name list here says.
 * @example parseReference('mysql:8') // { repository: 'docker.io/library/mysql', tag: '8' }
 */
export function parseReference(text: string): Reference | undefined {
  const [name = '', digest] = text.split('@');
  const match = /^((?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9._/-]+?)(?::([\w][\w.-]{0,127}))?$/.exec(name);
  if (!match?.[1]) return undefined;
  const [first = '', ...rest] = match[1].split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasRegistry ? rest.join('/') : match[1];
  const registry = hasRegistry ? first : DEFAULT_REGISTRY;
  const full = registry === DEFAULT_REGISTRY && !path.includes('/') ? `library/${path}` : path;
  return { repository: `${registry}/${full}`, tag: match[2] ?? 'latest', ...(digest ? { digest } : {}) };
}
