// What a request asks for, read from its method and path: apiserver pkg/endpoints/request/requestinfo.go.

export interface RequestInfo {
  path: string;
  /** get, list, watch, create, update, patch, delete, deletecollection; the method in lower case for other paths. */
  verb: string;
  isResource: boolean;
  group: string;
  version: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
  /** Path steps behind the subresource (proxy). */
  rest: string[];
}

const VERBS: Record<string, string> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

const OF_NAMESPACES = new Set(['status', 'finalize']);
export const isTrue = (value: string | null): boolean => value !== null && /^(1|t|T|true|True|TRUE)$/.test(value);

/** `metadata.name=x` in a field selector makes a list a request for one name. */
const NAME_TERM = /(?:^|,)metadata\.name==?([^,]+)(?:,|$)/;

export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const info: RequestInfo = {
    path,
    verb: method.toLowerCase(),
    isResource: false,
    group: '',
    version: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
    rest: [],
  };
  const steps = path.split('/').filter((step) => step !== '');
  const grouped = steps[0] === 'apis';
  if ((!grouped && steps[0] !== 'api') || steps.length < (grouped ? 4 : 3)) return info;
  if (grouped) info.group = steps[1] as string;
  info.version = steps[grouped ? 2 : 1] as string;
  let rest = steps.slice(grouped ? 3 : 2);
  info.isResource = true;
  info.verb = VERBS[method] ?? '';
  if (rest[0] === 'watch' && rest.length > 1) {
    info.verb = 'watch';
    rest = rest.slice(1);
  }
  if (rest[0] === 'namespaces' && rest.length > 1) {
    info.namespace = rest[1] as string;
    if (rest.length > 2 && !OF_NAMESPACES.has(rest[2] as string)) rest = rest.slice(2);
  }
  const [resource = '', name = '', subresource = '', ...more] = rest;
  Object.assign(info, { resource, name, subresource, rest: more });
  if (!name && info.verb === 'get') collection(info, query);
  else if (!name && info.verb === 'delete') info.verb = 'deletecollection';
  return info;
}

function collection(info: RequestInfo, query: URLSearchParams): void {
  info.verb = isTrue(query.get('watch')) ? 'watch' : 'list';
  const named = NAME_TERM.exec(query.get('fieldSelector') ?? '');
  if (named) info.name = named[1] as string;
}
