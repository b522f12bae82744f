// oc login: reaches the server, gets a token from its OAuth server, shows the projects and writes the kubeconfig.
import type { Cli, Command } from '../cli';
import type { Target } from '../client/address';
import { Client } from '../client/client';
import { type Cluster, configFile, emptyConfig, type Kubeconfig, loadConfig, saveConfig } from '../client/kubeconfig';
import { mergeLogin } from '../client/nickname';
import { bodyText } from '../client/transport';
import { ApiError, CliError, ExitStatus, isReason, UrlError } from '../errors';
import { boolFlag, intFlag, stringFlag } from '../flags/spec';
import type { Dyn } from '../object';
import { isTerminal, promptLine } from '../terminal/prompt';

const LONG_LIST = 50; // projects; a longer list is not shown

export const login: Command = {
  path: 'login',
  only: 'oc',
  help: {
    usage: 'oc login [URL] [options]',
    flags: [
      stringFlag('username', 'Username for server', { short: 'u' }),
      stringFlag('password', 'Password for server', { short: 'p' }),
      boolFlag('web', 'Log in with a web browser.', { short: 'w' }),
      intFlag('callback-port', 'The port that the browser comes back to.', {
        short: 'c',
      }),
    ],
  },
  async run(cli) {
    try {
      await logIn(cli);
    } catch (error) {
      if (!isReason(error, 'Unauthorized')) throw error;
      await cli.out('Login failed (401 Unauthorized)\nVerify you have provided the correct credentials.\n');
      throw new ExitStatus(1);
    }
  },
};

async function logIn(cli: Cli): Promise<void> {
  const start = startingConfig(cli);
  const server = await chooseServer(cli, start);
  const target = await reach(cli, server, start);
  if (target.insecure)
    await cli.out('WARNING: Using insecure TLS client config. Setting this option is not supported!\n\n');
  const { user, token } = await authenticate(cli, target, start);
  const session = new Client(cli.proc, { ...target, token });
  try {
    const project = await chooseProject(cli, session, start);
    const isNew = !cli.proc.files.exists(configFile(cli.proc, cli.flags.str('kubeconfig')));
    const cluster: Cluster = { server };
    if (target.insecure) cluster['insecure-skip-tls-verify'] = true;
    else if (target.ca !== undefined) Object.assign(cluster, authority(cli, target.ca));
    saveConfig(
      cli.proc,
      cli.flags.str('kubeconfig'),
      mergeLogin(start, { server, cluster, user, token, namespace: project }),
    );
    if (isNew) await cli.out("Welcome! See 'oc help' to get started.\n");
  } finally {
    session.close();
  }
}

function authority(cli: Cli, ca: string): Cluster {
  const file = cli.flags.str('certificate-authority');
  if (file) return { 'certificate-authority': file.startsWith('/') ? file : `${cli.proc.cwd}/${file}` };
  return { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
}

function startingConfig(cli: Cli): Kubeconfig {
  const explicit = cli.flags.str('kubeconfig');
  return explicit && !cli.proc.files.exists(explicit) ? emptyConfig() : loadConfig(cli.proc, explicit);
}

async function chooseServer(cli: Cli, start: Kubeconfig): Promise<string> {
  const { flags, args } = cli;
  const given = flags.str('server') || args[0] || '';
  const context = start.contexts[start.currentContext];
  let server = given ? withDefaults(given) : (start.clusters[context?.cluster ?? '']?.server ?? '');
  if (args.length > 1) throw new CliError('Only the server URL may be specified as an argument');
  if (flags.str('server') && args.length === 1)
    throw new CliError('--server and passing the server URL as an argument are mutually exclusive');
  if (!server && !isTerminal(cli.proc)) throw new CliError('A server URL must be specified');
  if (flags.str('username') && flags.str('token')) throw new CliError('--token and --username are mutually exclusive');
  if (flags.bool('web'))
    throw new CliError(
      flags.str('username') || flags.str('password') || flags.str('token')
        ? '--web cannot be used along with --username, --password or --token'
        : 'not supported: logging in with a web browser; use --username and --password',
    );
  if (flags.int('callback-port') !== 0)
    throw new CliError('--callback-port can only be specified along with --web or --exec-plugin');
  const fallback = 'https://localhost:8443';
  if (!server) server = withDefaults((await promptLine(cli.proc, `Server [${fallback}]: `)) || fallback);
  return server;
}

/** Adds the scheme and leaves slashes off, as a kubeconfig holds a server. */
function withDefaults(text: string): string {
  const url = /^[a-z]+:\/\//.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url)) throw new CliError(`parse ${JSON.stringify(text)}: invalid URI for request`);
  const { protocol, hostname, port } = new URL(url);
  const shown = port || (/:443(\/|$)/.test(url) ? '443' : /:80(\/|$)/.test(url) ? '80' : '');
  const fallback = text.includes('://') ? '' : '8443';
  const end = shown || fallback;
  return `${protocol}//${hostname}${end ? `:${end}` : protocol === 'https:' ? ':443' : ''}`;
}

/** Tries the connection and decides how its certificate is trusted. */
async function reach(cli: Cli, server: string, start: Kubeconfig): Promise<Target> {
  const { flags } = cli;
  const base = { server, namespace: '', namespaceSet: false, user: '', cluster: '' };
  const known = Object.values(start.clusters).find((cluster) => cluster.server === server);
  let target: Target = { ...base, insecure: flags.bool('insecure-skip-tls-verify') };
  if (!target.insecure) {
    const file = flags.str('certificate-authority') || known?.['certificate-authority'];
    if (file) target.ca = cli.readText(file);
    else if (known?.['certificate-authority-data'])
      target.ca = Buffer.from(known['certificate-authority-data'], 'base64').toString();
    if (!flags.str('certificate-authority') && known?.['insecure-skip-tls-verify'])
      target = { ...base, insecure: true };
  }
  try {
    await knock(cli, target);
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    if (!/x509|certificate/.test(error.inner)) throw unreachable(error, server);
    if (!(await acceptInsecure(cli, error.inner))) throw new CliError(prettyTls(error.inner));
    target = { ...base, insecure: true };
    await knock(cli, target);
  }
  return target;
}

async function knock(cli: Cli, target: Target): Promise<void> {
  const client = new Client(cli.proc, target);
  try {
    const answer = await client.raw('HEAD', '/');
    await bodyText(answer);
    if ((answer.headers['content-type'] ?? '').includes('text/html'))
      throw new CliError(
        'Seems you passed an HTML page (console?) instead of server URL.\nVerify provided address and try again.',
      );
  } finally {
    client.close();
  }
}

function unreachable(error: UrlError, server: string): Error {
  if (error.inner.startsWith('http: server gave HTTP'))
    return new CliError(
      `Unable to connect to ${server} using TLS: ${error.inner}.\nEnsure the specified server supports HTTPS.`,
    );
  if (error.inner.startsWith('dial tcp'))
    return new CliError(
      `${error.inner} - verify you have provided the correct host and port and that the server is currently running.`,
    );
  return error;
}

const reasonOf = (inner: string): string => inner.replace(/^tls: failed to verify certificate: /, '');

function prettyTls(inner: string): string {
  const reason = reasonOf(inner);
  if (reason.includes('unknown authority'))
    return 'The server uses a certificate signed by unknown authority. You may need to use the --certificate-authority flag to provide the path to a certificate file for the certificate authority, or --insecure-skip-tls-verify to bypass the certificate check and use insecure connections.';
  if (reason.includes('is valid for'))
    return `The server is using a certificate that does not match its hostname: ${reason}`;
  return `The server is using an invalid certificate: ${reason}`;
}

async function acceptInsecure(cli: Cli, inner: string): Promise<boolean> {
  if (!isTerminal(cli.proc)) return false;
  const reason = reasonOf(inner);
  const head = reason.includes('unknown authority')
    ? 'The server uses a certificate signed by an unknown authority.'
    : prettyTls(inner);
  await cli.out(
    `${head}\nYou can bypass the certificate check, but any data you send to the server could be intercepted by others.\n`,
  );
  const answer = await promptLine(cli.proc, 'Use insecure connections? (y/n): ');
  await cli.out('\n');
  return /^(y|yes|true|t|1)$/i.test(answer);
}

async function whoAmI(cli: Cli, target: Target, token: string): Promise<string> {
  const client = new Client(cli.proc, { ...target, token });
  try {
    const user = await client.json('GET', '/apis/user.openshift.io/v1/users/~');
    return user.metadata.name;
  } finally {
    client.close();
  }
}

async function authenticate(cli: Cli, target: Target, start: Kubeconfig): Promise<{ user: string; token: string }> {
  const { flags } = cli;
  const given = flags.str('token');
  if (given) {
    const user = await whoAmI(cli, target, given).catch((error: unknown) => {
      throw isReason(error, 'Unauthorized') ? new CliError('The token provided is invalid or expired.\n\n') : error;
    });
    await cli.out(`Logged into "${target.server}" as "${user}" using the token provided.\n\n`);
    return { user, token: given };
  }
  if (flags.str('username') && !flags.str('password')) {
    const existing = await reuse(cli, target, start, flags.str('username'));
    if (existing) return existing;
  }
  const token = await requestToken(cli, target);
  const user = await whoAmI(cli, target, token);
  await cli.out('Login successful.\n\n');
  return { user, token };
}

/** A token of the kubeconfig that still works for the same user on the same server. */
async function reuse(
  cli: Cli,
  target: Target,
  start: Kubeconfig,
  name: string,
): Promise<{ user: string; token: string } | undefined> {
  for (const context of Object.values(start.contexts)) {
    const token = start.users[context.user]?.token;
    if (start.clusters[context.cluster]?.server !== target.server || !token) continue;
    const user = await whoAmI(cli, target, token).catch((error: unknown) => {
      if (error instanceof ApiError) return undefined;
      throw error;
    });
    if (user !== name) continue;
    await cli.out(`Logged into "${target.server}" as "${user}" using existing credentials.\n\n`);
    return { user, token };
  }
  return undefined;
}

/** The OAuth server's challenge flow: Basic credentials for a token in the redirect's fragment. */
async function requestToken(cli: Cli, target: Target): Promise<string> {
  const client = new Client(cli.proc, target);
  try {
    const metadata: Dyn = await client.json('GET', '/.well-known/oauth-authorization-server');
    const url = `${metadata.authorization_endpoint}?client_id=openshift-challenging-client&response_type=token`;
    let authorization = '';
    for (;;) {
      const answer = await client.transport.send({
        method: 'GET',
        url,
        headers: {
          'X-CSRF-Token': '1',
          Accept: 'application/json',
          ...(authorization ? { Authorization: authorization } : {}),
        },
      });
      const text = await bodyText(answer);
      if (answer.statusCode === 302) return tokenOf(answer.headers.location ?? '');
      if (answer.statusCode !== 401 || authorization)
        throw new ApiError({
          status: 'Failure',
          code: answer.statusCode ?? 500,
          reason: answer.statusCode === 401 ? 'Unauthorized' : 'InternalError',
          message:
            answer.statusCode === 401
              ? 'Unauthorized'
              : `Internal error occurred: unexpected response: ${answer.statusCode} ${text}`.trim(),
        });
      authorization = await credentials(cli, target);
    }
  } finally {
    client.close();
  }
}

function tokenOf(location: string): string {
  const values = new URLSearchParams(location.split('#')[1] ?? location.split('?')[1] ?? '');
  const token = values.get('access_token');
  if (token) return token;
  if (values.get('error') === 'access_denied')
    throw new ApiError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
  throw new CliError(`${values.get('error') ?? 'no token'} ${values.get('error_description') ?? ''}`.trim());
}

async function credentials(cli: Cli, target: Target): Promise<string> {
  let name = cli.flags.str('username');
  let password = cli.flags.str('password');
  if (!name || !password) {
    if (!isTerminal(cli.proc)) throw new ApiError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
    await cli.out(`Console URL: ${target.server}/console\nAuthentication required for ${target.server} (openshift)\n`);
    if (name) await cli.out(`Username: ${name}\n`);
    else name = await promptLine(cli.proc, 'Username: ');
    if (!password) password = await promptLine(cli.proc, 'Password: ', { hidden: true });
    if (!password) throw new ApiError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
  }
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

async function chooseProject(cli: Cli, session: Client, start: Kubeconfig): Promise<string> {
  const wanted = cli.flags.str('namespace') || start.contexts[start.currentContext]?.namespace || 'default';
  let projects: Dyn[];
  try {
    projects = (await session.json('GET', '/apis/project.openshift.io/v1/projects')).items ?? [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!isReason(error, 'NotFound', 'Forbidden'))
      await cli.out(`WARNING: Failed to list projects: ${error.message}\n`);
    await cli.out('Using "default" namespace.  You can switch namespaces with:\n\n oc project <projectname>\n');
    return 'default';
  }
  const names: string[] = projects.map((project) => project.metadata.name).sort();
  if (names.length === 0) return noProjects(cli, session);
  if (names.length === 1) {
    await cli.out(`You have one project on this server: "${names[0]}"\n\nUsing project "${names[0]}".\n`);
    return names[0] as string;
  }
  const chosen = names.includes(wanted) ? wanted : names.includes('default') ? 'default' : (names[0] as string);
  if (names.length > LONG_LIST)
    await cli.out(
      `You have access to ${names.length} projects, the list has been suppressed. You can list all projects with 'oc projects'\n\n`,
    );
  else {
    const lines = names.map((name) => `${name === chosen ? '  * ' : '    '}${name}\n`).join('');
    await cli.out(
      `You have access to the following projects and can switch between them with 'oc project <projectname>':\n\n${lines}\n`,
    );
  }
  await cli.out(`Using project "${chosen}".\n`);
  return chosen;
}

async function noProjects(cli: Cli, session: Client): Promise<string> {
  const may = await session.json('GET', '/apis/project.openshift.io/v1/projectrequests').then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiError) return false;
      throw error;
    },
  );
  await cli.out(
    may
      ? "You don't have any projects. You can try to create a new project, by running\n\n    oc new-project <projectname>\n\n"
      : "You don't have any projects. Contact your system administrator to request a project.\n",
  );
  return '';
}
