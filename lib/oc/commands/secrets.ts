// oc secrets link and unlink: which secrets a service account may mount or pull with (openshift/oc pkg/cli/secrets).
import type { Cli, Command } from '../cli';
import { resourcePath } from '../client/discovery';
import { CliError, isReason } from '../errors';
import { stringsFlag } from '../flags/spec';
import type { Dyn } from '../object';

const FLAGS = [stringsFlag('for', 'mount or pull.', { value: 'mount' })];

async function account(cli: Cli): Promise<{ path: string; object: Dyn; secrets: string[] }> {
  const [name = '', ...words] = cli.args;
  if (!name || words.length === 0) throw new CliError('must have service account name and at least one secret name');
  const accounts = await cli.resource('serviceaccounts');
  const path = resourcePath(accounts, cli.namespace, name.replace(/^.*\//, ''));
  return { path, object: await cli.client.json('GET', path), secrets: words.map((word) => word.replace(/^.*\//, '')) };
}

export const secretsLink: Command = {
  path: 'secrets link',
  only: 'oc',
  help: { usage: 'oc secrets link serviceaccount-name secret-name [another-secret-name]... [options]', flags: FLAGS },
  async run(cli) {
    const { path, object, secrets } = await account(cli);
    const kinds = cli.flags.list('for');
    const unknown = kinds.find((kind) => kind !== 'mount' && kind !== 'pull');
    if (unknown !== undefined) throw new CliError(`unknown for: ${unknown}`);
    for (const name of secrets)
      await cli.client.json('GET', resourcePath(await cli.resource('secrets'), cli.namespace, name));
    for (const [kind, field] of [
      ['mount', 'secrets'],
      ['pull', 'imagePullSecrets'],
    ] as const) {
      if (!kinds.includes(kind)) continue;
      const known: Dyn[] = object[field] ?? [];
      object[field] = [
        ...known,
        ...secrets.filter((name) => !known.some((one) => one.name === name)).map((name) => ({ name })),
      ];
    }
    await cli.client.json('PUT', path, { body: object });
  },
};

export const secretsUnlink: Command = {
  path: 'secrets unlink',
  only: 'oc',
  help: { usage: 'oc secrets unlink serviceaccount-name secret-name [another-secret-name] ... [options]' },
  async run(cli) {
    const { path, object, secrets } = await account(cli);
    for (const field of ['secrets', 'imagePullSecrets'])
      if (object[field]) object[field] = object[field].filter((one: Dyn) => !secrets.includes(one.name));
    try {
      await cli.client.json('PUT', path, { body: object });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  },
};
