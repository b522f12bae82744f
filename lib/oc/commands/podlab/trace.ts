// oc podlab trace: one connection hop by hop, as a PathReview answers it.
import type { Cli, Command } from '../../cli';
import { CliError } from '../../errors';
import { intFlag, stringFlag } from '../../flags/spec';
import { FLAG_WORDS } from '../../help/words';
import type { Dyn } from '../../object';
import { TABLE, tabulate } from '../../printers/tabwriter';
import { onlyPort, parseProtocol, parseSource, parseTarget } from './words';

const PATH = '/apis/podlab.dev/v1/pathreviews';

export const trace: Command = {
  path: 'podlab trace',
  help: {
    long: `Show how the network decides one connection: the name, the service, every translation, policy and route, and the listener.

FROM is pod/NAME, NAMESPACE/POD, a workload such as deployment/NAME, node/NAME, or host/workstation.
TO is NAME:PORT, ADDRESS:PORT, svc/NAME[:PORT], pod/NAME:PORT or a URL. Without a port it is a ping.

The exit status is 0 when the connection is delivered, else 1.`,
    example: `  # From a pod to a service, by the name that a program would use
  oc podlab trace pod/client db.shop:3306

  # From the workstation to a node port
  oc podlab trace host/workstation 192.168.50.13:30080

  # The answer as an object
  oc podlab trace deployment/web svc/db -o yaml`,
    usage: 'oc podlab trace FROM TO [--port=PORT] [--protocol=TCP|UDP|SCTP|ICMP] [options]',
    flags: [
      intFlag('port', 'The port, in place of one in TO.', { short: 'p' }),
      stringFlag('protocol', 'TCP, UDP, SCTP or ICMP. Default: TCP, or ICMP when there is no port.'),
      stringFlag('output', FLAG_WORDS['output'] ?? '', { short: 'o' }),
      stringFlag('template', FLAG_WORDS['template'] ?? ''),
    ],
  },
  async run(cli) {
    const printer = cli.printer();
    const [from, to] = cli.args;
    if (cli.args.length !== 2 || !from || !to) throw cli.usage('exactly two arguments are required: FROM and TO');
    const spec = await specOf(cli, from, to);
    const body = { apiVersion: 'podlab.dev/v1', kind: 'PathReview', spec };
    const review = await cli.client.json('POST', PATH, { body });
    await cli.out(printer ? printer(review) : report(review, to));
    return review.status.verdict === 'delivered' ? 0 : 1;
  },
};

async function specOf(cli: Cli, from: string, word: string): Promise<Dyn> {
  const { flags } = cli;
  const target = await parseTarget(cli, word);
  if (target.port && flags.changed('port')) throw new CliError(`the port stands in ${JSON.stringify(word)} already`);
  let { port } = target;
  if (flags.changed('port')) port = flags.int('port');
  let protocol = flags.changed('protocol') ? parseProtocol(flags.str('protocol')) : undefined;
  if (port === undefined && target.to.service && protocol !== 'ICMP') {
    const only = await onlyPort(cli, target.to.service);
    port = only.port;
    protocol ??= only.protocol;
  }
  return {
    from: await parseSource(cli, from),
    to: target.to,
    ...(port !== undefined && { port }),
    ...(protocol && { protocol }),
  };
}

function report({ spec, status }: Dyn, word: string): string {
  const { port, protocol = port === undefined ? 'ICMP' : 'TCP' } = spec;
  const head = [
    ['From:', sourceText(spec.from)],
    ['To:', `${word.includes(`:${port}`) || port === undefined ? word : `${word}:${port}`} (${protocol})`],
    ['Verdict:', status.verdict],
    ['Reason:', status.reason],
    ...(status.policy ? [['Policy:', status.policy]] : []),
    ...(status.destination ? [['Served by:', servedBy(status)]] : []),
  ];
  const rows = status.hops.map(({ stage, at, detail, ok }: Dyn, i: number) => [
    `${i + 1}`,
    stage,
    at,
    ok ? 'yes' : 'NO',
    detail,
  ]);
  const table = [['HOP', 'STAGE', 'AT', 'PASSED', 'DETAIL'], ...rows].map((row) => row.join('\t')).join('\n');
  return `${tabulate(head.map((row) => row.join('\t')).join('\n'), { minWidth: 0, padding: 2 })}\n${status.hops.length > 0 ? `\n${tabulate(table, TABLE)}\n` : ''}`;
}

const sourceText = ({ namespace, pod, node, host }: Dyn): string =>
  pod ? `pod ${namespace}/${pod}` : node ? `node ${node}` : `host ${host}`;

/** `pod shop/db-0 at 10.8.2.5:3306, which sees 10.8.0.9`. */
function servedBy({ destination: { host, address, port }, source }: Dyn): string {
  const name = host.replace(/^([a-z]+)\//, (_: string, kind: string) => `${kind === 'outside' ? 'host' : kind} `);
  return `${name} at ${address}${port ? `:${port}` : ''}, which sees ${source.address}`;
}
