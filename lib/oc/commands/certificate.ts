// oc certificate approve and deny: decides on certificate requests. `oc adm certificate` is the same.
import type { Command } from '../cli';
import { resourcePath } from '../client/discovery';
import { CliError, throwAll } from '../errors';
import { kubectlHelp } from '../help/catalog';
import type { Dyn } from '../object';
import { select } from '../resources/select';
import { printResult } from '../resources/write';

const DECISIONS = {
  approve: { type: 'Approved', reason: 'KubectlApprove', done: 'approved' },
  deny: { type: 'Denied', reason: 'KubectlDeny', done: 'denied' },
} as const;

function decision(verb: keyof typeof DECISIONS, prefix: string): Command {
  const { type, reason, done } = DECISIONS[verb];
  const help = prefix ? kubectlHelp(`certificate ${verb}`) : undefined;
  return {
    path: `${prefix}certificate ${verb}`,
    ...(help ? { only: 'oc' as const, help } : {}),
    async run(cli) {
      const { flags } = cli;
      const filenames = flags.list('filename');
      if (cli.args.length === 0 && filenames.length === 0)
        throw new CliError('one or more CSRs must be specified as <name> or -f <filename>');
      const args = cli.args.map((name) => `certificatesigningrequests/${name}`);
      const { infos, errors } = await select(cli, { args, filenames });
      throwAll(errors);
      for (const { object, resource, name } of infos) {
        const conditions: Dyn[] = object.status?.conditions ?? [];
        const other = conditions.find((c) => c.type !== type && (c.type === 'Approved' || c.type === 'Denied'));
        if (other && !flags.bool('force'))
          throw new CliError(`certificate signing request ${JSON.stringify(name)} is already ${other.type}`);
        if (!conditions.some((c) => c.type === type) || flags.bool('force')) {
          const made = { type, reason, status: 'True', lastUpdateTime: cli.proc.machine.clock.timestamp() };
          const message = `This CSR was ${done} by ${cli.program} certificate ${verb}.`;
          const status = {
            ...object.status,
            conditions: [...conditions.filter((c) => c.type !== type), { ...made, message }],
          };
          await cli.client.json('PUT', resourcePath(resource, '', name, 'approval'), { body: { ...object, status } });
        }
        await printResult(cli, object, done);
      }
    },
  };
}

export const certificateDecisions = (['approve', 'deny'] as const).flatMap((verb) => [
  decision(verb, ''),
  decision(verb, 'adm '),
]);
