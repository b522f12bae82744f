// Which server a command speaks to, as whom and in which namespace: flags over the kubeconfig over a pod's service account.

import type { Process } from '../../machine/process';
import { type Certificate, fromPem } from '../../machine/tls';
import { CliError } from '../errors';
import { parseDuration } from '../flags/duration';
import type { Flags } from '../flags/parse';
import { GLOBAL_FLAGS } from '../help/catalog';
import { quote } from '../object';
import { type Cluster, type Kubeconfig, loadConfig, type User } from './kubeconfig';

export interface Target {
  /** `https://api.ocp4.example.com:6443`, without a slash at its end. */
  server: string;
  /** PEM of the authorities to trust; undefined: the machine's own. */
  ca?: string;
  insecure: boolean;
  serverName?: string;
  client?: Certificate;
  token?: string;
  basic?: { username: string; password: string };
  impersonate?: { user: string; groups: string[]; uid: string };
  namespace: string;
  /** Whether somebody chose the namespace, or it is only the default. */
  namespaceSet: boolean;
  user: string;
  cluster: string;
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export function currentContext(config: Kubeconfig, flags: Flags): string {
  return flags.str('context') || config.currentContext;
}

/** The global flag's value; a command's own flag of that name (`create rolebinding --user`) means something else. */
function chosen(flags: Flags, name: string): string {
  const found = flags.find(name);
  return found && GLOBAL_FLAGS.includes(found) ? flags.str(name) : '';
}

export function resolveTarget(proc: Process, flags: Flags, isOc: boolean): Target {
  const config = loadConfig(proc, flags.str('kubeconfig'));
  const [wantedCluster, wantedUser] = [chosen(flags, 'cluster'), chosen(flags, 'user')];
  const contextName = currentContext(config, flags);
  const context = config.contexts[contextName];
  checkTimeout(flags);
  if (flags.str('context') && !context)
    throw isOc
      ? new CliError(`context ${quote(contextName)} does not exist`)
      : new CliError(`Error in configuration: context was not found for specified context: ${contextName}`, {
          raw: true,
        });
  const clusterName = wantedCluster || context?.cluster || '';
  const userName = wantedUser || context?.user || '';
  if (wantedCluster && !config.clusters[clusterName])
    throw new CliError(
      isOc ? `cluster ${quote(clusterName)} does not exist` : `no server found for cluster ${quote(clusterName)}`,
    );
  if (wantedUser && !config.users[userName]) throw new CliError(`auth info ${quote(userName)} does not exist`);
  const cluster = config.clusters[clusterName] ?? {};
  const user = config.users[userName] ?? {};
  const inPod = !cluster.server && !flags.str('server') ? podTarget(proc) : undefined;
  const server = flags.str('server') || cluster.server || inPod?.server || '';
  if (!server && isOc) throw new CliError(MISSING_CONFIG);
  const namespace = flags.str('namespace') || context?.namespace || inPod?.namespace || '';
  return {
    ...(inPod ?? { insecure: false }),
    ...trust(proc, flags, cluster, inPod?.ca),
    ...credentials(proc, flags, user, inPod?.token),
    ...clientCertificate(proc, flags, user, userName),
    ...impersonation(flags, user, userName),
    server: normalize(server || 'localhost:8080'),
    namespace: namespace || 'default',
    namespaceSet: namespace !== '',
    user: userName,
    cluster: clusterName,
  };
}

/** `5`, `5s`, `1m30s`; 0 waits for ever. */
function checkTimeout(flags: Flags): void {
  const text = flags.str('request-timeout');
  if (/^\d+$/.test(text) || parseDuration(text) !== undefined) return;
  throw new CliError(
    'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
  );
}

const MISSING_CONFIG = `Missing or incomplete configuration info.  Please point to an existing, complete config file:


  1. Via the command-line flag --kubeconfig
  2. Via the KUBECONFIG environment variable
  3. In your home directory as ~/.kube/config

To view or setup config directly use the 'config' command.`;

const AUTHORITY = /^(?:[^\s[\]:/]*|\[[^\s[\]/]*\])(?::\d*)?$/; // a host, with or without a port

/** The server's URL as client-go reads it (rest.DefaultServerURL): `host:port` is one, too. */
function normalize(server: string): string {
  const [, authority = ''] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(server) ?? [];
  if (authority && AUTHORITY.test(authority)) return server.replace(/\/$/, '');
  const [host = '', ...path] = server.split('/');
  if (path.some((part) => part !== '') || path.length > 1)
    throw new CliError(`host must be a URL or a host:port pair: ${quote(server)}`);
  const [bad] = /[\s[\]]/.exec(host) ?? [];
  if (bad && !AUTHORITY.test(host))
    throw new CliError(`parse "http://${server}": invalid character ${quote(bad)} in host name`);
  return `http://${host}`;
}

function trust(
  proc: Process,
  flags: Flags,
  cluster: Cluster,
  podCa: string | undefined,
): Pick<Target, 'insecure'> & { ca?: string; serverName?: string } {
  const insecure = flags.changed('insecure-skip-tls-verify')
    ? flags.bool('insecure-skip-tls-verify')
    : (cluster['insecure-skip-tls-verify'] ?? false);
  const file =
    flags.str('certificate-authority') ||
    (cluster['certificate-authority-data'] ? '' : cluster['certificate-authority']);
  const data = cluster['certificate-authority-data'];
  if (insecure && (file || data))
    throw new CliError('specifying a root certificates file with the insecure flag is not allowed');
  const ca = file ? readFile(proc, file) : data ? decode(data) : podCa;
  if (data && !file && ca !== undefined && fromPem(ca).length === 0)
    throw new CliError('unable to load root certificates: unable to parse bytes as PEM block');
  const serverName = flags.str('tls-server-name') || cluster['tls-server-name'];
  return { insecure, ...(ca !== undefined ? { ca } : {}), ...(serverName ? { serverName } : {}) };
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString();

function readFile(proc: Process, path: string): string {
  if (!proc.files.exists(path))
    throw new CliError(`unable to read certificate-authority ${path} due to open ${path}: no such file or directory`);
  return proc.files.readText(path);
}

/** The certificate of the user and, as proof that it is theirs, its key. client-go tools/clientcmd/validation.go. */
function clientCertificate(proc: Process, flags: Flags, user: User, name: string): Pick<Target, 'client'> {
  const read = (what: 'certificate' | 'key', short: string): string => {
    const data = user[`client-${what}-data`];
    const given = flags.str(`client-${what}`);
    const file = given || (data ? '' : user[`client-${what}`]);
    if (!file) return data ? decode(data) : '';
    if (!proc.files.exists(file))
      throw new CliError(
        `unable to read client-${short} ${file} for ${name} due to open ${file}: no such file or directory`,
      );
    return proc.files.readText(file);
  };
  const [shown, key] = [read('certificate', 'cert'), read('key', 'key')];
  if (!shown || !key) return {};
  const [client] = fromPem(shown);
  const [, body] = /-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]*?)-----END/.exec(key) ?? [];
  if (!client) throw new CliError('tls: failed to find any PEM data in certificate input');
  if (body === undefined) throw new CliError('tls: failed to find any PEM data in key input');
  if (!decode(body.replace(/\s+/g, '')).includes(client.key))
    throw new CliError('tls: private key does not match public key');
  return { client };
}

function credentials(
  proc: Process,
  flags: Flags,
  user: User,
  podToken: string | undefined,
): Pick<Target, 'token' | 'basic'> {
  const token =
    flags.str('token') ||
    user.token ||
    (user.tokenFile && proc.files.exists(user.tokenFile) ? proc.files.readText(user.tokenFile).trim() : '') ||
    podToken;
  if (token) return { token };
  const username = flags.str('username') || user.username;
  return username ? { basic: { username, password: flags.str('password') || user.password || '' } } : {};
}

function impersonation(flags: Flags, user: User, name: string): Pick<Target, 'impersonate'> {
  const as = flags.str('as') || user.as;
  if (!as && (flags.list('as-group').length > 0 || flags.str('as-uid')))
    throw new CliError(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  if (!as) return {};
  return { impersonate: { user: as, groups: flags.list('as-group'), uid: flags.str('as-uid') } };
}

/** In a pod without a kubeconfig: its service account. */
function podTarget(
  proc: Process,
): { server: string; ca: string; token: string; namespace: string; insecure: false } | undefined {
  const host = proc.env['KUBERNETES_SERVICE_HOST'];
  const port = proc.env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port || !proc.files.exists(`${ACCOUNT}/token`)) return undefined;
  const read = (name: string) =>
    proc.files.exists(`${ACCOUNT}/${name}`) ? proc.files.readText(`${ACCOUNT}/${name}`) : '';
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: read('ca.crt'),
    token: read('token').trim(),
    namespace: read('namespace').trim(),
    insecure: false,
  };
}
