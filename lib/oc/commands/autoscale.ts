// oc autoscale: a horizontal pod autoscaler for a workload.
import type { Command } from '../cli';
import { apiVersion } from '../client/discovery';
import { CliError, throwAll } from '../errors';
import { generate, metadata } from '../resources/generate';
import { select, selectionOf } from '../resources/select';

export const autoscale: Command = {
  path: 'autoscale',
  required: ['max'],
  async run(cli) {
    const { flags } = cli;
    const [min, max] = [flags.int('min'), flags.int('max')];
    if (max < 1) throw new CliError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min)
      throw new CliError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
    const { infos, errors } = await select(cli, selectionOf(cli));
    throwAll(errors);
    for (const { resource, name } of infos) {
      if (!resource.subresources.includes('scale'))
        throw new CliError(
          `cannot autoscale a ${resource.kind}: could not find scale subresource for ${resource.group}/${resource.version}, Resource=${resource.name} in discovery information`,
        );
      const cpu = flags.int('cpu-percent');
      const hpa = {
        apiVersion: 'autoscaling/v1',
        kind: 'HorizontalPodAutoscaler',
        metadata: metadata(cli, flags.str('name') || name),
        spec: {
          maxReplicas: max,
          ...(min > 0 ? { minReplicas: min } : {}),
          scaleTargetRef: { apiVersion: apiVersion(resource), kind: resource.kind, name },
          ...(cpu >= 0 ? { targetCPUUtilizationPercentage: cpu } : {}),
        },
        status: { currentReplicas: 0, desiredReplicas: 0 },
      };
      await autoscaled(cli, hpa);
    }
  },
};

/** As `create`, but it says `autoscaled`. */
async function autoscaled(cli: Parameters<typeof generate>[0], hpa: object): Promise<void> {
  await generate(cli, hpa, '', 'autoscaled');
}
