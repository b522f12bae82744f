// oc create service clusterip, nodeport, loadbalancer and externalname.
import type { Cli, Command } from '../../cli';
import { CliError } from '../../errors';
import type { Dyn } from '../../object';
import { generate, metadata, oneName } from '../../resources/generate';

const TYPES = {
  clusterip: 'ClusterIP',
  nodeport: 'NodePort',
  loadbalancer: 'LoadBalancer',
  externalname: 'ExternalName',
} as const;

function command(word: keyof typeof TYPES): Command {
  const type = TYPES[word];
  return {
    path: `create service ${word}`,
    ...(word === 'externalname' ? { required: ['external-name'] } : {}),
    async run(cli) {
      const name = oneName(cli);
      const headless = word === 'clusterip' && cli.flags.str('clusterip') === 'None';
      const ports = cli.flags.list('tcp').map((text) => port(cli, word, text));
      if (ports.length === 0 && !headless && word !== 'externalname')
        throw new CliError('at least one tcp port specifier must be provided');
      const clusterIP = word === 'clusterip' ? cli.flags.str('clusterip') : '';
      const labels = { app: name };
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata(cli, name, { labels }),
        spec: {
          ...(clusterIP ? { clusterIP } : {}),
          ...(word === 'externalname' ? { externalName: cli.flags.str('external-name') } : {}),
          ...(ports.length > 0 ? { ports } : {}),
          selector: labels,
          type,
        },
        status: { loadBalancer: {} },
      };
      await generate(cli, service, `failed to create ${type} service:`);
    },
  };
}

/** `PORT` or `PORT:TARGET`. */
function port(cli: Cli, word: string, text: string): Dyn {
  const [first = '', second] = text.split(':');
  const number = Number(first);
  if (!/^\d+$/.test(first)) throw new CliError(`strconv.ParseUint: parsing ${JSON.stringify(first)}: invalid syntax`);
  if (number < 1 || number > 65535) throw new CliError('invalid port, must be between 1 and 65535, inclusive');
  const target = second === undefined ? number : /^\d+$/.test(second) ? Number(second) : second;
  const nodePort = word === 'nodeport' ? cli.flags.int('node-port') : 0;
  const name = text.replace(':', '-');
  return { name, ...(nodePort ? { nodePort } : {}), port: number, protocol: 'TCP', targetPort: target };
}

export const createServices: Command[] = [
  command('clusterip'),
  command('nodeport'),
  command('loadbalancer'),
  command('externalname'),
];
