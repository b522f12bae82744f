// oc version.
import type { Cli, Command } from '../cli';
import { ApiError, CliError } from '../errors';
import type { Dyn } from '../object';
import { toYaml } from '../printers/yaml';

const CLIENT = { kubernetes: 'v1.31.9', openshift: '4.18.1', kustomize: 'v5.4.2' };
const CLIENT_INFO = {
  buildDate: '2025-05-15T09:17:16Z',
  compiler: 'gc',
  gitCommit: '8f3800390d488f54f74111f22973059e133f9cba',
  gitTreeState: 'clean',
  gitVersion: CLIENT.kubernetes,
  goVersion: 'go1.23.8',
  major: '1',
  minor: '31',
  platform: 'linux/amd64',
};

export const version: Command = {
  path: 'version',
  async run(cli) {
    const { flags } = cli;
    if (cli.args.length > 0) throw new CliError(`extra arguments: [${cli.args.join(' ')}]`);
    const output = flags.str('output');
    if (output && output !== 'yaml' && output !== 'json') throw new CliError("--output must be 'yaml' or 'json'");
    let server: Dyn;
    let failure: unknown;
    if (!flags.bool('client')) {
      try {
        server = await cli.client.json('GET', '/version');
      } catch (error) {
        failure = error;
      }
    }
    const openshift = cli.isOc && server ? await openshiftVersion(cli) : '';
    await cli.out(output ? structured(cli, output, server, openshift) : plain(cli, server, openshift));
    if (failure) throw failure;
  },
};

function plain(cli: Cli, server: Dyn, openshift: string): string {
  const lines = [
    `Client Version: ${cli.isOc ? CLIENT.openshift : CLIENT.kubernetes}`,
    `Kustomize Version: ${CLIENT.kustomize}`,
  ];
  if (openshift) lines.push(`Server Version: ${openshift}`);
  if (server) lines.push(`${cli.isOc ? 'Kubernetes Version' : 'Server Version'}: ${server.gitVersion}`);
  return `${lines.join('\n')}\n`;
}

function structured(cli: Cli, output: string, server: Dyn, openshift: string): string {
  const value = {
    clientVersion: CLIENT_INFO,
    kustomizeVersion: CLIENT.kustomize,
    ...(openshift ? { openshiftVersion: openshift } : {}),
    ...(cli.isOc ? { releaseClientVersion: CLIENT.openshift } : {}),
    ...(server ? { serverVersion: server } : {}),
  };
  return output === 'yaml' ? `${toYaml(value)}\n` : `${JSON.stringify(value, null, 2)}\n`;
}

async function openshiftVersion(cli: Cli): Promise<string> {
  try {
    const found = await cli.client.json('GET', '/apis/config.openshift.io/v1/clusterversions/version');
    return found.status?.desired?.version ?? '';
  } catch (error) {
    if (error instanceof ApiError) return '';
    throw error;
  }
}
