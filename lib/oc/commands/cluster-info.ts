// oc cluster-info.
import type { Command } from '../cli';
import { ApiError } from '../errors';

export const clusterInfo: Command = {
  path: 'cluster-info',
  async run(cli) {
    const paint = (code: string, text: string) => `\x1b[0;${code}m${text}\x1b[0m`; // also into a pipe, as kubectl does
    const line = (what: string, where: string) => `${paint('32', what)} is running at ${paint('33', where)}\n`;
    try {
      const list = await cli.client.json('GET', '/api/v1/namespaces/kube-system/services', {
        query: { labelSelector: 'kubernetes.io/cluster-service=true' },
      });
      await cli.out(line('Kubernetes control plane', cli.target.server));
      for (const service of list.items) {
        const name = service.metadata.labels?.['kubernetes.io/name'] || service.metadata.name;
        const [port] = service.spec.ports ?? [];
        const link = `${service.metadata.name}${port?.name ? `:${port.name}` : ''}`;
        await cli.out(
          line(name, `${cli.target.server}/api/v1/namespaces/${service.metadata.namespace}/services/${link}/proxy`),
        );
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await cli.out(line('Kubernetes control plane', cli.target.server));
      await cli.out(`\nTo further debug and diagnose cluster problems, use '${cli.program} cluster-info dump'.\n`);
      throw error;
    }
    await cli.out(`\nTo further debug and diagnose cluster problems, use '${cli.program} cluster-info dump'.\n`);
  },
};
