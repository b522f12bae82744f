// oc create secret generic, tls and docker-registry.
import type { Cli, Command } from '../../cli';
import { CliError } from '../../errors';
import { generate, metadata, oneName } from '../../resources/generate';
import { readSources } from '../../resources/key-values';

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes as string).toString('base64');

const secret = (cli: Cli, name: string, data: Record<string, string>, type: string) => ({
  apiVersion: 'v1',
  ...(Object.keys(data).length > 0 ? { data } : {}),
  kind: 'Secret',
  metadata: metadata(cli, name),
  ...(type ? { type } : {}),
});

export const createSecretGeneric: Command = {
  path: 'create secret generic',
  async run(cli) {
    const name = oneName(cli);
    const data = Object.fromEntries([...readSources(cli, 'Secret', name)].map(([key, bytes]) => [key, base64(bytes)]));
    await generate(cli, secret(cli, name, data, cli.flags.str('type')), 'failed to create secret');
  },
};

export const createSecretTls: Command = {
  path: 'create secret tls',
  async run(cli) {
    const name = oneName(cli);
    const [cert, key] = [cli.flags.str('cert'), cli.flags.str('key')];
    if (!key || !cert) throw new CliError('key and cert must be specified');
    const read = (path: string) => {
      if (cli.proc.files.exists(path)) return base64(cli.readText(path));
      throw new CliError(`Cannot read file ${path}, open ${path}: no such file or directory`);
    };
    const data = { 'tls.crt': read(cert), 'tls.key': read(key) };
    await generate(cli, secret(cli, name, data, 'kubernetes.io/tls'), 'failed to create secret');
  },
};

export const createSecretDockerRegistry: Command = {
  path: 'create secret docker-registry',
  async run(cli) {
    const name = oneName(cli);
    const { flags } = cli;
    const [username, password, email] = [
      flags.str('docker-username'),
      flags.str('docker-password'),
      flags.str('docker-email'),
    ];
    const files = flags.list('from-file');
    let json: string;
    if (files.length > 0) json = cli.readText((files[0] as string).replace(/^[^=]*=/, ''));
    else {
      if (!username || !password || !flags.str('docker-server'))
        throw new CliError(
          'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
        );
      const entry = { username, password, ...(email ? { email } : {}), auth: base64(`${username}:${password}`) };
      json = JSON.stringify({ auths: { [flags.str('docker-server')]: entry } });
    }
    await generate(
      cli,
      secret(cli, name, { '.dockerconfigjson': base64(json) }, 'kubernetes.io/dockerconfigjson'),
      'failed to create secret',
    );
  },
};
